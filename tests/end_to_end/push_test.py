# SPDX-License-Identifier: MIT
"""Pushing to real remotes: git's own http-backend behind nginx, a folder, and what they refuse."""
import base64
import os
import re
import shutil
import socket
import subprocess
import unittest

import harness
import paper

TOKEN = "s3cret-t0ken"


class Push(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.origin = f"127.0.0.1:{self.nginx(f'root {self.paper.folder};')}"
        (self.folder / "remotes").mkdir()
        self.remote = self.bare("remotes/paper.git")
        self.git("-C", self.remote, "config", "http.receivepack", "true")
        self.local = self.bare("local.git")

    def serve_git(self):
        port = self.git_server(self.folder / "remotes", token=TOKEN)
        self.mirror = [f"url: http://127.0.0.1:{port}/paper.git", "username: mirror", "token: env:MIRROR_TOKEN"]
        self.configure()
        return port

    def configure(self, network=""):
        self.write("sites.yaml", paper.config(self.origin, {"web": self.mirror, "local": [f"url: {self.local}"]},
                                              network=network))

    def run_with(self, token, expect):
        return self.dandelion("run", expect=expect, env={"MIRROR_TOKEN": token})

    def test_http_with_a_token_from_the_environment(self):
        self.serve_git()
        run = self.run_with(TOKEN, 0)
        self.assertIn("pushed to web, local", run.stdout)
        self.assertEqual(self.head(self.remote), self.head(self.local))
        self.assert_sound(self.remote)
        clone = self.folder / "clone"
        self.git("clone", "--quiet", self.remote, clone)
        self.assertIn("Text of Story 1.", (clone / "pages/news/n1.md").read_text())

    def test_a_token_from_a_credential_helper(self):
        port = self.serve_git()
        store = self.write("store", f"http://mirror:{TOKEN}@127.0.0.1:{port}\n")
        self.mirror = [self.mirror[0], f"credential_helper: 'store --file={store}'"]
        self.configure()
        self.assertIn("pushed to web, local", self.dandelion("run", expect=0).stdout)
        self.write("store", "")
        self.paper.add_article()
        self.paper.write_index()
        run = self.dandelion("run", expect=1)
        self.assertIn("mirror web: the credential helper has nothing for 127.0.0.1", run.stderr)
        self.assertNotIn(TOKEN, run.stdout + run.stderr)

    def test_a_credential_helper_hears_whether_its_token_was_taken(self):
        self.serve_git()
        heard, token = self.folder / "heard", self.write("token", TOKEN)
        helper = self.write("helper", "#!/bin/sh\n"
                            f"{{ echo \"$1\"; cat; }} >>{heard}\n"
                            f"[ \"$1\" = get ] && printf 'username=mirror\\npassword=%s\\n' \"$(cat {token})\"\n"
                            "exit 0\n")
        helper.chmod(0o700)
        self.mirror = [self.mirror[0], f"credential_helper: '{helper}'"]
        self.configure()
        self.dandelion("run", expect=0)
        said = heard.read_text()
        self.assertEqual([line for line in said.split() if line in ("get", "store", "erase")], ["get", "store"])
        self.assertIn(f"password={TOKEN}", said.split("store", 1)[1])
        heard.unlink()
        token.write_text("0ld-token")
        self.paper.add_article()
        self.paper.write_index()
        run = self.dandelion("run", expect=1)
        self.assertIn("401", run.stderr)
        said = heard.read_text()
        self.assertEqual([line for line in said.split() if line in ("get", "store", "erase")], ["get", "erase"])
        self.assertIn("password=0ld-token", said.split("erase", 1)[1])

    def test_a_wrong_token_is_told_apart_and_the_other_mirror_gets_its_push(self):
        self.serve_git()
        run = self.run_with("wr0ng-secret", 1)
        self.assertRegex(run.stderr, r"mirror web: .*401")
        self.assertEqual(self.head(self.remote), "")
        self.assertNotEqual(self.head(self.local), "")
        state = (self.folder / "var" / "state.db").read_bytes()
        for secret in ("wr0ng-secret", TOKEN):
            self.assertNotIn(secret, run.stdout + run.stderr)
            self.assertNotIn(secret.encode(), state)
        self.assertIn("failing", self.dandelion("status", expect=0).stdout)
        self.assertIn("pushed to web; up to date: local", self.run_with(TOKEN, 0).stdout)

    def assert_untold(self, run, *secrets):
        status = self.dandelion("status", expect=None)
        kept = b"".join(path.read_bytes() for path in (self.folder / "var").rglob("*") if path.is_file())
        for secret in secrets:
            self.assertNotIn(secret, run.stdout + run.stderr + status.stdout + status.stderr)
            self.assertNotIn(secret.encode(), kept)

    def test_a_server_that_shows_the_request_gets_no_token_into_log_or_state(self):
        port = self.nginx(
            'default_type text/plain; location / { if ($http_authorization = "") { '
            'add_header WWW-Authenticate "Basic realm=x" always; return 401; } '
            f'return 403 "you said $http_authorization, which is {TOKEN}\\n"; }}')
        self.mirror = [f"url: http://127.0.0.1:{port}/paper.git", "username: mirror", "token: env:MIRROR_TOKEN"]
        self.configure()
        run = self.run_with(TOKEN, 1)
        self.assertIn("HTTP 403): you said Basic [token]==, which is [token]", run.stderr)
        self.assert_untold(run, TOKEN, base64.b64encode(f"mirror:{TOKEN}".encode()).decode())

    def test_what_a_server_says_with_its_no_is_told(self):
        """Of whatever status; and how long it wants to be left alone, though nothing is tried again."""
        for status, told in {402: "does not take the push (HTTP 402): pay first", 404: "(HTTP 404): pay first",
                             422: "does not take the push (HTTP 422): pay first"}.items():
            port = self.nginx(f"default_type text/plain; location / {{ return {status} 'pay first'; }}")
            self.mirror = [f"url: http://127.0.0.1:{port}/paper.git"]
            self.configure()
            run = self.run_with(TOKEN, 1)
            self.assertIn(told, run.stderr)
            self.assertNotIn("not a page", run.stderr)
        port = self.nginx("location / { add_header Retry-After 90 always; return 429; }")
        self.mirror = [f"url: http://127.0.0.1:{port}/paper.git"]
        self.configure()
        self.assertIn("the host asks to be left alone for 90 s", self.run_with(TOKEN, 1).stderr)

    def test_a_hook_that_shows_the_token_gets_it_into_no_log_or_state(self):
        self.serve_git()
        encoded = base64.b64encode(f"mirror:{TOKEN}".encode()).decode()
        hook = self.write("remotes/paper.git/hooks/pre-receive", f"#!/bin/sh\necho 'no {TOKEN} {encoded}' >&2\nexit 1\n")
        hook.chmod(0o755)
        run = self.run_with(TOKEN, 1)
        self.assertIn("no [token] [token]", run.stderr)
        self.assert_untold(run, TOKEN, encoded)

    def test_what_a_credential_helper_complains_of_is_not_repeated(self):
        self.serve_git()
        self.mirror = [self.mirror[0], "credential_helper: '!f() { echo password was hunter22hunter >&2; exit 1; }; f'"]
        self.configure()
        run = self.dandelion("run", expect=1)
        self.assertIn("the credential helper has nothing for 127.0.0.1: ", run.stderr)
        self.assert_untold(run, "hunter22hunter")
        self.mirror[1] = "credential_helper: nosuchhelper"
        self.configure()
        self.assertIn("git knows no helper of that name", self.dandelion("publish", expect=1).stderr)

    def test_a_missing_token_names_the_variable(self):
        self.serve_git()
        run = self.dandelion("run", expect=1)
        self.assertIn("MIRROR_TOKEN", run.stderr)

    def test_a_token_from_a_file_as_editors_leave_it(self):
        self.serve_git()
        self.mirror[2] = "token: file:token"
        self.configure()
        self.write("token", f"{TOKEN}  \r\n\n")
        self.assertIn("pushed to web", self.dandelion("run", expect=0).stdout)
        self.write("token", f"{TOKEN}\0more")
        self.paper.add_article()
        self.paper.write_index()
        self.assertIn("holds a zero byte", self.dandelion("run", expect=1).stderr)

    def test_a_read_only_remote_says_so(self):
        self.serve_git()
        self.git("-C", self.remote, "config", "http.receivepack", "false")
        run = self.run_with(TOKEN, 1)
        self.assertRegex(run.stderr, r"mirror web: .*403")

    def test_a_hook_that_refuses_is_heard(self):
        self.serve_git()
        hook = self.write("remotes/paper.git/hooks/pre-receive", "#!/bin/sh\necho 'this account is suspended' >&2\nexit 1\n")
        hook.chmod(0o755)
        run = self.run_with(TOKEN, 1)
        self.assertIn("this account is suspended", run.stderr)

    def test_a_remote_that_moved_on_is_not_overwritten(self):
        self.serve_git()
        self.run_with(TOKEN, 0)
        other = self.folder / "other"
        self.git("clone", "--quiet", self.remote, other)
        (other / "note").write_text("theirs")
        self.git("-C", other, "add", "note")
        self.git("-C", other, "-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit", "-qm", "theirs")
        self.git("-C", other, "push", "--quiet", self.remote, "HEAD:main")
        theirs = self.head(self.remote)
        self.paper.add_article()
        self.paper.write_index()
        run = self.run_with(TOKEN, 1)
        self.assertRegex(run.stderr, r"mirror web: .*commits that we do not have")
        self.assertEqual(self.head(self.remote), theirs)
        self.assertIn("pages/news/n4.md", self.files_in(self.local))

    def test_a_remote_that_is_not_there_names_the_way_to_make_it(self):
        self.mirror = [f"url: {self.folder}/nowhere.git"]
        self.configure()
        run = self.dandelion("run", expect=1)
        self.assertRegex(run.stderr, r"mirror web: .*nowhere\.git")
        self.assertNotEqual(self.head(self.local), "")

    def test_publish_pushes_what_a_run_left(self):
        self.serve_git()
        self.dandelion("run", "--no-push", expect=0)
        said = self.dandelion("publish", "--dry-run", expect=0, env={"MIRROR_TOKEN": TOKEN}).stdout
        self.assertRegex(said, r"paper: web: would push [0-9a-f]{10}\npaper: local: would push [0-9a-f]{10}\n")
        self.assertEqual(self.head(self.local), "")
        run = self.dandelion("publish", "--mirror", "local", expect=0)
        self.assertEqual(run.stdout, "paper: pushed to local\n")
        self.assertEqual(self.head(self.remote), "")
        run = self.dandelion("publish", expect=0, env={"MIRROR_TOKEN": TOKEN})
        self.assertEqual(run.stdout, "paper: pushed to web; up to date: local\n")
        self.assertEqual(self.head(self.remote), self.head(self.local))
        self.assertIn("there is no mirror 'nowhere'", self.dandelion("publish", "--mirror", "nowhere", expect=2).stderr)

    def test_a_dry_run_foretells_what_would_fail_here(self):
        port = self.serve_git()
        self.dandelion("run", "--no-push", expect=0)
        run = self.dandelion("publish", "--dry-run", expect=1)
        self.assertIn("mirror web: would fail: environment variable MIRROR_TOKEN is not set", run.stderr)
        self.assertRegex(run.stdout, r"^paper: local: would push [0-9a-f]{10}\n$")
        self.mirror = [f"url: {self.folder}/nowhere.git"]
        self.configure()
        self.assertRegex(self.dandelion("publish", "--dry-run", expect=1).stderr,
                         r"mirror web: would fail: there is no repository at .*nowhere\.git")
        self.assertEqual(self.requests_to(port), [])

    def test_a_dry_run_says_what_the_last_push_met(self):
        self.serve_git()
        self.run_with(TOKEN, 0)
        other = self.folder / "other"
        self.git("clone", "--quiet", self.remote, other)
        self.git("-C", other, "-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit", "-qm", "theirs", "--allow-empty")
        self.git("-C", other, "push", "--quiet", self.remote, "HEAD:main")
        self.paper.add_article()
        self.paper.write_index()
        self.run_with("wr0ng-secret", 1)
        foretell = ("publish", "--dry-run", "--mirror", "web")
        said = self.dandelion(*foretell, expect=0, env={"MIRROR_TOKEN": TOKEN}).stdout
        self.assertRegex(said, r"web: the last push failed: .*401.*; would push [0-9a-f]{10}\.\.[0-9a-f]{10}\n")
        self.run_with(TOKEN, 1)
        found = "the last push found commits of others: this one would "
        self.assertIn(found + "be refused", self.dandelion(*foretell, expect=1, env={"MIRROR_TOKEN": TOKEN}).stderr)
        for choice, what in (("overwrite", "overwrite them"), ("adopt", "merge them")):
            self.mirror = [*self.mirror[:3], f"on_conflict: {choice}"]
            self.configure()
            said = self.dandelion(*foretell, expect=0, env={"MIRROR_TOKEN": TOKEN}).stdout
            self.assertRegex(said, rf"web: would push \S+; {found}{what}\n")
        self.run_with(TOKEN, 0)
        self.assertIn("web: would look", self.dandelion(*foretell, expect=0, env={"MIRROR_TOKEN": TOKEN}).stdout)

    def test_a_host_that_asks_to_wait_is_left_alone_by_later_runs(self):
        port = self.nginx("location / { add_header Retry-After 3600 always; return 429 'slow'; }")
        self.mirror = [f"url: http://127.0.0.1:{port}/paper.git"]
        self.configure()
        self.assertIn("FAILED: web", self.dandelion("run", expect=1).stdout)
        asked = len(self.requests_to(port))
        self.assertGreater(asked, 0)
        self.assertIn("web: would not be tried: its host asked us to wait until",
                      self.dandelion("publish", "--dry-run", expect=0).stdout)
        for command in ("run", "publish"):
            run = self.dandelion(command, expect=0)
            self.assertIn("not pushed to web", run.stdout)
            self.assertRegex(run.stderr, r"mirror web: its host asked us to wait until \S+Z; not tried")
        check = self.dandelion("mirrors", "check").stdout
        self.assertRegex(check, r"web: rate-limited.*its host asked us to wait until")
        self.assertEqual(len(self.requests_to(port)), asked)
        run = self.dandelion("publish", "--mirror", "web", expect=1)
        self.assertIn("tried all the same, since it was named", run.stderr)
        self.assertGreater(len(self.requests_to(port)), asked)
        self.assertIn("tried all the same, since it was named", self.dandelion("mirrors", "check", "web").stderr)
        self.assertNotIn("down", self.dandelion("status").stdout)

    def test_publish_names_the_mirror_that_failed(self):
        self.serve_git()
        self.dandelion("run", "--no-push", expect=0)
        run = self.dandelion("publish", expect=1, env={"MIRROR_TOKEN": "wr0ng-secret"})
        self.assertEqual(run.stdout, "paper: pushed to local; FAILED: web\n")
        self.assertRegex(run.stderr, r"paper: mirror web: .*401")

    def test_publish_before_the_first_run_says_what_comes_first(self):
        self.serve_git()
        self.assertIn("`dandelion run` comes first", self.dandelion("publish", expect=1).stderr)

    def test_a_mirror_is_overwritten_where_the_configuration_says_so(self):
        self.serve_git()
        self.run_with(TOKEN, 0)
        stray = self.git("-C", self.remote, "-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit-tree",
                         "-m", "stray", "main^{tree}").strip()
        self.git("-C", self.remote, "update-ref", "refs/heads/main", stray)
        self.paper.add_article()
        self.paper.write_index()
        self.assertIn("on_conflict: overwrite", self.run_with(TOKEN, 1).stderr)
        self.mirror.append("on_conflict: overwrite")
        self.configure()
        self.assertIn(stray, self.run_with(TOKEN, 0).stderr)
        self.assertEqual(self.head(self.remote), self.head(self.local))

    def test_what_others_pushed_is_adopted_where_the_configuration_says_so(self):
        self.serve_git()
        self.mirror += ["on_conflict: adopt"]
        self.configure()
        self.run_with(TOKEN, 0)
        for step in range(2):
            other = self.folder / f"other{step}"
            self.git("clone", "--quiet", self.remote, other)
            (other / "README.md").write_text("theirs")
            self.git("-C", other, "-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit", "-qam", f"theirs {step}")
            self.git("-C", other, "push", "--quiet", self.remote, "HEAD:main")
            theirs = self.head(self.remote)
            self.paper.add_article()
            self.paper.write_index()
            run = self.run_with(TOKEN, 0)
            self.assertIn(f"{theirs} is merged, the files are ours", run.stderr)
            self.assertEqual(self.git("-C", self.remote, "log", "-1", "--format=%P %an %s", "main").split(" ", 1)[1],
                             f"{theirs} Tester Merge what others pushed\n")
            tree = ["rev-parse", "main^{tree}"]
            self.assertEqual(self.git("-C", self.remote, *tree), self.git("-C", self.local, *tree))
            self.assertIn("up to date: web, local", self.run_with(TOKEN, 0).stdout)
            self.assertIn("up to date", self.dandelion("publish", "--dry-run", expect=0).stdout)
            before = self.head(self.remote)
            self.paper.add_article()
            self.paper.write_index()
            run = self.run_with(TOKEN, 0)
            self.assertNotIn("merged", run.stderr)
            self.assertEqual(self.git("-C", self.remote, "rev-parse", "main~1").strip(), before, "it goes on from the merge")
            self.assertEqual(self.git("-C", self.remote, *tree), self.git("-C", self.local, *tree))
            self.assert_sound(self.remote)
            self.assert_sound(self.folder / "var/repos/paper")
        self.assertEqual(self.git("-C", self.local, "log", "--format=%s", "main").count("theirs"), 0)
        self.assertEqual(self.git("-C", self.remote, "log", "--format=%s", "main").count("theirs"), 2)

    def test_many_mirrors_are_pushed_at_once_and_a_slow_one_holds_up_no_other(self):
        mirrors = {f"m{i}": [f"url: {self.bare(f'm{i}.git')}"] for i in range(12)}
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            mirrors["slow"] = [f"url: http://127.0.0.1:{silent.getsockname()[1]}/paper.git"]
            self.write("sites.yaml", paper.config(self.origin, mirrors))
            run = self.dandelion("run", expect=1)
        self.assertRegex(run.stdout, "pushed to m0, m1, .*; FAILED: slow")
        heads = {self.head(self.folder / f"m{i}.git") for i in range(12)}
        self.assertEqual(len(heads), 1)
        self.assertNotIn("", heads)

    def test_commit_times_are_coarse_and_messages_follow_the_template(self):
        self.serve_git()
        self.run_with(TOKEN, 0)
        at, zone = self.git("-C", self.local, "log", "-1", "--format=%cd", "--date=raw", "main").split()
        self.assertEqual((int(at) % 3600, zone), (0, "+0000"))
        text = (self.folder / "sites.yaml").read_text()
        self.write("sites.yaml", text.replace("example.invalid}", 'example.invalid, time: day, message: "+{added} ~{changed} -{removed}"}', 1))
        self.paper.add_article()
        self.paper.write_index()
        self.run_with(TOKEN, 0)
        at, subject = self.git("-C", self.local, "log", "-1", "--format=%ct %s", "main").strip().split(" ", 1)
        self.assertEqual(int(at) % 86400, 0)
        self.assertRegex(subject, r"^\+1 ~0 -0$")

    def test_commits_are_signed_with_the_key_that_keygen_made(self):
        self.serve_git()
        self.dandelion("keygen", expect=0)
        public = self.dandelion("keygen", "other.key", expect=0).stdout
        self.assertIn("is there already", self.dandelion("keygen", expect=2).stderr)
        text = (self.folder / "sites.yaml").read_text()
        self.write("sites.yaml", text.replace("example.invalid}", "example.invalid, key: other.key}", 1))
        self.run_with(TOKEN, 0)
        signers = self.write("signers", "tester@example.invalid " + public.split("signers: ")[1])
        self.git("-C", self.remote, "-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-commit",
                 "main")
        self.write("sites.yaml", text.replace("example.invalid}", "example.invalid, key: no.key}", 1))
        self.paper.add_article()
        self.paper.write_index()
        self.assertIn("dandelion keygen", self.run_with(TOKEN, 1).stderr)

    def test_a_folder_for_pages_and_a_short_history(self):
        self.serve_git()
        self.mirror += ["folder: /docs", "history: {keep: 30d}"]
        self.configure()
        self.run_with(TOKEN, 0)
        self.assertIn("docs/pages/news/n1.md", self.files_in(self.remote))
        self.assertIn("pages/news/n1.md", self.files_in(self.local))
        first = self.head(self.remote)
        self.paper.add_article()
        self.paper.write_index()
        self.run_with(TOKEN, 0)
        self.assertEqual(self.git("-C", self.remote, "rev-parse", "main~1").strip(), first)
        self.assertIn("up to date: web, local", self.run_with(TOKEN, 0).stdout)
        self.assert_sound(self.remote)
        self.assertIn("up to date", self.dandelion("status", expect=0).stdout)

    def test_mirrors_on_several_branches_of_one_repository(self):
        port = self.git_server(self.folder / "remotes", token=TOKEN)
        at = [f"url: http://127.0.0.1:{port}/paper.git", "username: mirror", "token: env:MIRROR_TOKEN"]
        folders = {"main": "", "gh-pages": "docs/", "old": ""}
        self.write("sites.yaml", paper.config(self.origin, {
            "plain": at, "pages": at + ["branch: gh-pages", "folder: /docs"],
            "short": at + ["branch: old", "history: {keep: 1d}"]}))

        def commits():
            listed = self.git("-C", self.remote, "for-each-ref", "--format=%(refname:short) %(objectname)")
            return dict(line.split() for line in listed.splitlines())

        def assert_each_holds(page):
            self.assertEqual(set(commits()), set(folders))
            for branch, folder in folders.items():
                self.git("-C", self.remote, "cat-file", "-e", f"{branch}:{folder}pages/news/{page}.md")
            self.assert_sound(self.remote)

        self.assertIn("pushed to plain, pages, short", self.run_with(TOKEN, 0).stdout)
        assert_each_holds("n1")
        before = commits()
        self.assertIn("up to date: plain, pages, short", self.run_with(TOKEN, 0).stdout)
        self.assertEqual(commits(), before)
        # A stranger's commit on one branch is that mirror's conflict alone.
        other = self.folder / "other"
        self.git("clone", "--quiet", "--branch", "gh-pages", self.remote, other)
        self.git("-C", other, "-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit", "-q", "--allow-empty",
                 "-m", "theirs")
        self.git("-C", other, "push", "--quiet", self.remote, "HEAD:gh-pages")
        theirs = commits()["gh-pages"]
        self.paper.add_article()
        self.paper.write_index()
        run = self.run_with(TOKEN, 1)
        self.assertIn("pushed to plain, short; FAILED: pages", run.stdout)
        self.assertEqual(commits()["gh-pages"], theirs)
        self.git("-C", self.remote, "update-ref", "refs/heads/gh-pages", before["gh-pages"])
        self.assertIn("pushed to pages; up to date: plain, short", self.dandelion("publish", expect=0, env={"MIRROR_TOKEN": TOKEN}).stdout)
        assert_each_holds("n4")

    def test_a_mirror_moves_into_a_folder_and_back(self):
        plain = [f"url: {self.bare('moving.git')}"]
        remote = self.folder / "moving.git"
        for step, extra in enumerate([[], ["folder: /docs"], ["folder: site"], [], ["history: {keep: 1d}"], []]):
            self.mirror = plain + extra
            self.configure()
            if step:
                promise = self.dandelion("publish", "--dry-run", "--mirror", "web", expect=0).stdout
            run = self.dandelion("publish" if step else "run", expect=0)
            folder = {"folder: /docs": "docs/", "folder: site": "site/"}.get("".join(extra), "")
            self.assertEqual({name.removesuffix("pages/news/n1.md") for name in self.files_in(remote, ours=True)
                              if name.endswith("pages/news/n1.md")}, {folder})
            if step and extra != ["history: {keep: 1d}"] and step != 5:
                self.assertRegex(promise, r"paper: web: would push [0-9a-f]{10}\.\.[0-9a-f]{10}\n")
                self.assertEqual(promise.split("..")[1].strip(), self.head(remote)[:10])
                self.assertIn("pushed to web", run.stdout)
            self.assertIn("up to date: web, local", self.dandelion("publish", expect=0).stdout)
            self.assertIn("web: up to date", self.dandelion("publish", "--dry-run", expect=0).stdout)
            self.assertEqual(self.head(remote) == self.head(self.local), not folder)
            self.paper.add_article()
            self.paper.write_index()
            self.assertIn("pushed to web, local", self.dandelion("run", expect=0).stdout)
            self.assertIn(f"{folder}pages/news/n{self.paper.count}.md", self.files_in(remote))
            self.assert_sound(remote)

    def test_going_on_from_a_copy_of_a_mirror_in_a_folder(self):
        plain, docs = self.bare("plain.git"), self.bare("docs.git")
        own = self.folder / "var/repos/paper"
        self.write("sites.yaml", paper.config(self.origin, {"plain": [f"url: {plain}"], "docs": [f"url: {docs}", "folder: site/docs"]}))
        self.dandelion("run", expect=0)
        before = self.head(own)
        shutil.rmtree(self.folder / "var")
        self.git("clone", "--quiet", "--bare", docs, own)
        for command in (["run"], ["run", "--dry-run"], ["publish"], ["publish", "--dry-run"]):
            run = self.dandelion(*command, expect=1)
            self.assertIn(f"{own} is a copy of a mirror with `folder: site/docs`", run.stderr)
        self.assertEqual(self.head(own), self.head(docs), "nothing is built beside it")
        advice = re.search(r"to the top: git (-C \S+ filter-branch --subdirectory-filter \S+ HEAD)", run.stderr)
        self.git(*advice.group(1).split(), env={"FILTER_BRANCH_SQUELCH_WARNING": "1"})
        self.assertEqual(self.head(own), before, "the commits that it was made of")
        self.paper.add_article()
        self.paper.write_index()
        run = self.dandelion("run", expect=0)
        self.assertIn("paper: 1 new page (4 listed, 3 known); ", run.stdout)
        self.assertIn("; pushed to plain, docs\n", run.stdout)
        self.assertEqual(self.git("-C", docs, "rev-parse", "main:site/docs"), self.git("-C", plain, "rev-parse", "main:"))
        self.assert_sound(docs)

    def test_each_mirror_is_told_of_a_fold_and_a_dry_run_foretells_it(self):
        own = self.folder / "var/repos/paper"
        mirrors = {name: [f"url: {self.bare(name + '.git')}", "history: {keep: 30d}"] for name in ("m1", "m2")}
        self.write("sites.yaml", paper.config(self.origin, mirrors))
        self.dandelion("run", "--no-push", expect=0)
        parent = []
        for day in ("2020-01-01", "2020-02-01", "2020-04-01"):
            made = self.git("-C", own, "-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit-tree", "-m", day,
                            *parent, "main^{tree}", env={"GIT_COMMITTER_DATE": f"{day}T00:00:00Z"}).strip()
            parent = ["-p", made]
        self.git("-C", own, "update-ref", "refs/heads/main", made)
        before = self.git("-C", own, "for-each-ref")
        promise = self.dandelion("publish", "--dry-run", expect=0).stdout
        self.assertRegex(promise, r"paper: m1: would push [0-9a-f]{10}, older history folded into its root\n"
                                  r"paper: m2: would push [0-9a-f]{10}, older history folded into its root\n")
        self.assertEqual(self.git("-C", own, "for-each-ref"), before)
        run = self.dandelion("-v", "publish", expect=0)
        for name in mirrors:
            self.assertIn(f"mirror {name}: its history was folded", run.stderr)
            self.assertEqual(self.git("-C", self.folder / f"{name}.git", "log", "--format=%s", "main"),
                             "2020-04-01\nFold the history up to 2020-02-01\n")
        self.assertNotIn("folded", self.dandelion("-v", "publish", expect=0).stderr)

    def test_a_dry_run_foretells_what_the_host_would_refuse(self):
        own = self.folder / "var/repos/paper"
        room = self.folder / "tmp"
        room.mkdir()
        mirrors = {"plain": [], "docs": ["folder: /docs"], "short": ["folder: /docs", "history: {keep: 1d}"], "large": []}
        self.write("sites.yaml", paper.config(self.origin, {
            name: [f"url: {self.bare(name + '.git')}", "limits: " + ("none" if name == "large" else "github"), *extra]
            for name, extra in mirrors.items()}))
        self.dandelion("run", "--no-push", expect=0)
        for size, day in ((60_000_001, 5), (60_000_002, 9), (105_000_000, 13)):
            stream = (b"commit refs/heads/main\ncommitter o <o@example.invalid> %d +0000\ndata 4\nmore\nfrom refs/heads/main^0"
                      b"\nM 100644 inline big\ndata %d\n" % (1_800_000_000 + 86_400 * day, size)) + bytes(size)
            subprocess.run(["git", "-c", "safe.directory=*", "-C", own, "fast-import", "--quiet"], input=stream, check=True)
            before = self.git("-C", own, "for-each-ref") + self.git("-C", own, "count-objects", "-v")
            promise = self.dandelion("publish", "--dry-run", expect=0 if size < 100_000_000 else 1, env={"TMPDIR": str(room)})
            self.assertEqual(self.git("-C", own, "for-each-ref") + self.git("-C", own, "count-objects", "-v"), before)
            self.assertEqual(list(room.iterdir()), [], "nothing is left of what was looked at")
            told = "mirror {}: {} is 57.2 MiB; github warns of files above 50.0 MiB"
            if size > 100_000_000:
                told = "mirror {}: {} is 100.1 MiB; github takes no file above 100.0 MiB"
                self.assertRegex(promise.stdout, r"^paper: large: would push \S+\n$")
            for name, path in {"plain": "big", "docs": "docs/big", "short": "docs/big"}.items():
                self.assertIn(told.format(name, path), promise.stderr)
            self.assertEqual("folded" in promise.stdout, day == 9, promise.stdout)
        run = self.dandelion("publish", expect=1)
        for line in promise.stderr.splitlines():
            self.assertIn(line, run.stderr, "as it was foretold")

    def test_history_is_folded_before_the_mirror_grows_too_large(self):
        own = self.folder / "var/repos/paper"
        mirrors = {name: [f"url: {self.bare(name + '.git')}", "history: {max_size: 1MiB}"] for name in ("m1", "m2")}
        self.write("sites.yaml", paper.config(self.origin, mirrors))
        self.assertIn("pushed to m1, m2", self.dandelion("run", expect=0).stdout)
        folds, last, pruned = 0, "", 0
        for step in range(5):
            for part in range(3):
                stream = (b"commit refs/heads/main\ncommitter o <o@example.invalid> %d +0000\ndata 4\nmore"
                          b"\nfrom refs/heads/main^0\nM 100644 inline big\ndata 150000\n"
                          % (1_700_000_000 + 3600 * (3 * step + part))) + os.urandom(150_000)
                subprocess.run(["git", "-c", "safe.directory=*", "-C", own, "fast-import", "--quiet"], input=stream, check=True)
            for pack in (own / "objects/pack").iterdir():
                os.utime(pack, (1_780_000_000,) * 2)  # nobody is at work on them any more
            run = self.dandelion("-v", "publish", expect=0)
            self.assertEqual(run.stdout, "paper: pushed to m1, m2\n")
            pruned += "objects of folded history away" in run.stderr
            told = [name for name in mirrors if f"mirror {name}: its history was folded" in run.stderr]
            self.assertIn(told, ([], ["m1", "m2"]))
            folds += bool(told)
            heads = {self.head(self.folder / f"{name}.git") for name in mirrors}
            self.assertEqual(len(heads), 1)
            clone = self.folder / f"clone{step}.git"
            self.git("clone", "-q", "--bare", f"file://{self.folder}/m1.git", clone)
            self.assertLess(int(self.git("-C", clone, "rev-list", "--disk-usage", "--objects", "main")), 1 << 20)
            self.assertEqual(self.git("-C", clone, "rev-parse", "main^{tree}"), self.git("-C", own, "rev-parse", "main^{tree}"))
            self.assert_sound(clone)
            if last and not told:
                self.git("-C", clone, "merge-base", "--is-ancestor", last, "main")
            last = self.head(clone)
        self.assertIn(folds, (2, 3, 4))
        self.assertGreater(pruned, 0)
        self.assert_sound(own)
        self.assertNotIn("unreachable commit", self.git("-C", own, "fsck", "--unreachable"))
        self.assertEqual(self.git("-C", own, "rev-list", "--count", "main").strip(), "16", "here nothing is folded")
        self.assertIn("up to date: m1, m2", self.dandelion("publish", expect=0).stdout)

    def test_secrets_are_not_published(self):
        self.serve_git()
        self.paper.add_article(text=paper.article("Leak", "<p>" + "-----BEGIN PRIVATE KEY-----" + " " + "MC4C" * 12 + "</p>"))
        self.paper.write_index()
        run = self.run_with(TOKEN, 1)
        self.assertIn("what looks like a private key", run.stderr)
        self.assertIn("3 new pages", run.stdout)
        self.assertNotIn("pages/news/n4.md", self.files_in(self.local))
        self.paper.add_article(text=paper.article("Own", f"<p>the word {TOKEN} is mine</p>"))
        self.paper.write_index()
        run = self.run_with(TOKEN, 1)
        self.assertIn("n5.html: it holds the token of mirror web, and is not published", run.stderr)
        self.assertNotIn(TOKEN, run.stderr)
        self.assertNotIn("pages/news/n5.md", self.files_in(self.local))

    def test_the_machines_name_and_a_home_folder_without_home_are_not_published(self):
        users = self.write("users", "root:x:0:0:root:/home/bob:/bin/sh\n")
        probe = ["unshare", "-rm", "--uts", "sh", "-c", f"hostname vps-4f21 && mount --bind {users} /etc/passwd"]
        if subprocess.run(probe, capture_output=True).returncode != 0:
            self.skipTest("no namespaces here")
        self.serve_git()
        for text in "it lies in /home/bob/mirror", "it is called VPS-4F21":
            self.paper.add_article(text=paper.article("Own", f"<p>{text}</p>"))
        self.paper.write_index()
        run = subprocess.run(["unshare", "-rm", "--uts", "sh", "-c", f"{probe[-1]} && exec env -u HOME {harness.BINARY} run"],
                             cwd=self.folder, capture_output=True, text=True, env=dict(os.environ, MIRROR_TOKEN=TOKEN))
        self.assertIn("n4.html: it holds your home folder, and is not published", run.stderr)
        self.assertIn("n5.html: it holds the name of this machine, and is not published", run.stderr)

    def test_a_page_made_to_look_like_a_secret_stops_no_other(self):
        shape = "ghp_" + "A1b2" * 10
        self.serve_git()
        self.run_with(TOKEN, 0)
        hostile = {"n4.html": paper.article("Divided", f"<p>Words, and ghp_<b></b>{shape[4:]} among them.</p>"),
                   "n5.html": paper.article(shape, "<p>Fine words.</p>"),
                   "n6.html": paper.article("Byline").replace("</head>", f'<meta name="author" content="{shape}"></head>'),
                   f"{shape}.html": paper.article("Address")}
        for name, text in hostile.items():
            self.paper.write(name, text)
        self.paper.write("n7.html", paper.article("Fine"))
        names = [*hostile, "n7.html", "n3.html", "n2.html", "n1.html"]
        self.paper.write_index(names)
        run = self.run_with(TOKEN, 1)
        self.assertIn("1 new page", run.stdout)
        self.assertIn("pushed to web, local", run.stdout)
        self.assertEqual(run.stderr.count("it holds what looks like a token of GitHub, and is not published"), 4)
        files = self.files_in(self.remote)
        self.assertEqual(sorted(name for name in files if name.startswith("pages/news/")),
                         [f"pages/news/n{i}.md" for i in (1, 2, 3, 7)])
        self.assertNotIn(shape, "".join(self.show(self.remote, name).decode(errors="replace") for name in files))
        self.paper.write("n5.html", paper.article("Mended", "<p>Fine words.</p>"))
        self.assertIn("1 new page", self.run_with(TOKEN, 1).stdout)
        self.assertIn("pages/news/n5.md", self.files_in(self.remote))

    def test_pushes_go_through_the_proxy(self):
        port = self.serve_git()
        proxies = f"  proxies: [socks5h://127.0.0.1:{self.microsocks()}]"
        self.configure(network=proxies)
        self.assertIn("the token would go in clear text to the proxy", self.run_with(TOKEN, 2).stderr)
        self.assertFalse(any("git-receive-pack" in line for line in self.requests_to(port)))
        authority = harness.Authority(self)
        self.mirror[0] = f"url: https://127.0.0.1:{authority.front(port)}/paper.git"
        self.configure(network=f"{proxies}\n  ca_file: {authority.file}")
        self.run_with(TOKEN, 0)
        self.assertEqual(self.head(self.remote), self.head(self.local))
        self.assertTrue(any("git-receive-pack" in line for line in self.requests_to(port)))

    def test_with_a_dead_proxy_no_push_leaves(self):
        port = self.serve_git()
        authority = harness.Authority(self)
        self.mirror[0] = f"url: https://127.0.0.1:{authority.front(port)}/paper.git"
        self.configure(network=f"  ca_file: {authority.file}")
        self.run_with(TOKEN, 0)
        before = len(self.requests_to(port))
        self.paper.add_article()
        self.paper.write_index()
        self.dandelion("run", "--no-push", expect=0)
        self.configure(network=f"  ca_file: {authority.file}\n  proxies: [socks5h://127.0.0.1:{harness.free_port()}]")
        self.run_with(TOKEN, 1)
        self.assertEqual(len(self.requests_to(port)), before)


if __name__ == "__main__":
    unittest.main()
