# SPDX-License-Identifier: MIT
"""`dandelion mirrors` with hosts' interfaces that answer in the shapes that their documentation shows."""
import json
import os
import re
import shutil
import subprocess
import unittest

import fake_host
import harness
import paper

TOKEN = "s3cret-t0ken"


class Mirrors(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.origin = f"127.0.0.1:{self.nginx(f'root {self.paper.folder};')}"
        (self.folder / "remotes" / "a").mkdir(parents=True)
        self.remote = self.bare("remotes/a/paper.git")
        self.git("-C", self.remote, "config", "http.receivepack", "true")
        self.git_port = self.git_server(self.folder / "remotes", token=TOKEN)
        self.host = fake_host.FakeHost(self)

    def configure(self, kind="github", extra=()):
        lines = [f"url: http://127.0.0.1:{self.git_port}/a/paper.git", "username: mirror", "token: env:MIRROR_TOKEN",
                 f"limits: {kind}", f"api: {self.host.url}", *extra]
        self.write("sites.yaml", paper.config(self.origin, {"m": lines}))

    def ask(self, *arguments, expect=0):
        told = self.dandelion(*arguments, expect=expect, env={"MIRROR_TOKEN": TOKEN})
        self.assertNotIn(TOKEN, told.stdout + told.stderr)
        return told

    def check(self, expect, *arguments):
        return self.ask("mirrors", "check", *arguments, expect=expect).stdout

    def repository(self, status, body, headers=None):
        self.host.answers["GET", "/repos/a/paper"] = (status, headers or {}, body)

    def test_a_mirror_that_lives_falls_behind_and_is_taken_down(self):
        self.configure()
        self.repository(200, {"private": False, "html_url": "https://github.example/a/paper"})
        self.assertIn("paper: m: live", self.check(0), "nothing is committed yet, and the host has it")
        self.ask("run", "--no-push")
        self.assertRegex(self.check(1), r"paper: m: behind since \S+: it has no branch main yet")
        self.ask("publish")
        self.assertIn("paper: m: live", self.check(0))
        self.paper.add_article()
        self.paper.write_index()
        self.ask("run", "--no-push")
        self.assertRegex(self.check(1), r"paper: m: behind since \S+: it has not got ")
        self.repository(451, {"message": "Repository access blocked", "block": {
            "reason": "dmca", "html_url": "https://github.com/github/dmca/x.md"}})
        self.assertIn("paper: m: taken-down: dmca, notice https://github.com/github/dmca/x.md", self.check(1))
        self.assertTrue(all(headers["Authorization"] == f"Bearer {TOKEN}" for _, _, headers, _ in self.host.asked))

    def test_what_the_host_says_otherwise(self):
        self.configure()
        self.assertIn("paper: m: gone", self.check(1))
        self.repository(301, {"url": "https://api.github.example/repositories/7"})
        self.assertIn("paper: m: moved: https://api.github.example/repositories/7", self.check(1))
        self.repository(403, {"message": "API rate limit exceeded"},
                        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800000000"})
        self.assertIn("paper: m: rate-limited: 2027-01-15T08:00:00Z", self.check(1))
        self.repository(403, {"message": "Resource not accessible by personal access token"})
        self.assertIn("paper: m: refused: Resource not accessible", self.check(1))

    def test_the_new_place_is_told_as_people_know_it(self):
        self.configure()
        other = fake_host.FakeHost(self)
        page = {"private": False, "html_url": "https://github.example/b/paper2"}
        for moved_to, answering in ((f"{self.host.url}/repositories/7", self.host), (f"{other.url}/repositories/7", other)):
            self.repository(301, {"message": "Moved Permanently", "url": moved_to}, {"Location": moved_to})
            answering.answers["GET", "/repositories/7"] = (200, {}, page)
            self.assertIn("paper: m: moved: https://github.example/b/paper2; change its `url`\n", self.check(1))
        self.host.answers["DELETE", "/repos/a/paper"] = self.host.answers["GET", "/repos/a/paper"]
        self.assertIn("it has moved to https://github.example/b/paper2 (HTTP 301); change the mirror's `url:`",
                      self.ask("mirrors", "remove", "m", "--yes", expect=1).stderr)
        told = {headers.get("Authorization") for _, path, headers, _ in self.host.asked}
        self.assertEqual(told, {f"Bearer {TOKEN}"}, "at the same host")
        self.assertEqual({headers.get("Authorization") for _, _, headers, _ in other.asked}, {None}, "at another host")
        # A redirect that leads round in a circle, or to no page, is told as it is.
        self.repository(301, {}, {"Location": f"{self.host.url}/repos/a/paper"})
        self.assertIn(f"paper: m: moved: {self.host.url}/repos/a/paper; change its `url`\n", self.check(1))
        self.host.answers["GET", "/repositories/7"] = (200, {}, {"html_url": "javascript:alert(1)"})
        self.repository(301, {}, {"Location": "/repositories/7"})
        self.assertIn("paper: m: moved: /repositories/7; change its `url`\n", self.check(1))

    def configure_git(self, url, network=""):
        self.write("sites.yaml", paper.config(self.origin, {"m": [f"url: {url}", "username: mirror", "token: env:MIRROR_TOKEN"]},
                                              network=network))

    def test_a_push_that_is_sent_on_for_good_says_where_to(self):
        front = self.nginx(f"""
            location ~ ^/old.git/(.*) {{ return 301 /a/paper.git/$1$is_args$args; }}
            location ~ ^/now.git/(.*) {{ return 302 /a/paper.git/$1$is_args$args; }}
            location ~ ^/a/paper/(.*) {{ return 301 /a/paper.git/$1$is_args$args; }}
            location / {{ proxy_pass http://127.0.0.1:{self.git_port}; }}""")
        for name, moved in ("old.git", True), ("now.git", False), ("a/paper", False):
            self.configure_git(f"http://127.0.0.1:{front}/{name}")
            self.paper.add_article()
            self.paper.write_index()
            run = self.ask("run")
            self.assertIn("pushed to m", run.stdout)
            told = f"mirror m: it has moved to http://127.0.0.1:{front}/a/paper.git; write that behind its `url:`"
            self.assertEqual(told in run.stderr, moved, run.stderr)
            self.assertEqual("moved" in run.stderr, moved, run.stderr)
            status = self.ask("status").stdout
            self.assertEqual(f"moved to http://127.0.0.1:{front}/a/paper.git: change its `url`" in status, moved, status)
            self.assertEqual(f"paper: m: moved: http://127.0.0.1:{front}/a/paper.git; change its `url`" in
                             self.check(1 if moved else 0), moved)

    def test_no_address_that_a_host_names_shows_the_token(self):
        """Not where it moved the mirror to, not where it sends readers, and not who it says blocks them."""
        front = self.nginx(f"""
            location ~ ^/old.git/(.*) {{ return 301 /{TOKEN}/a/paper.git/$1$is_args$args; }}
            location ~ ^/{TOKEN}(/.*) {{ proxy_pass http://127.0.0.1:{self.git_port}$1$is_args$args; }}
            location /lost {{ return 302 http://127.0.0.1:{harness.free_port()}/{TOKEN}/; }}
            location /law {{ add_header Link '<https://law.example/{TOKEN}>; rel="blocked-by"' always; return 451; }}""")
        self.configure_git(f"http://127.0.0.1:{front}/old.git")
        self.assertIn(f"it has moved to http://127.0.0.1:{front}/[token]/a/paper.git", self.ask("run").stderr)
        self.assertIn(f"moved to http://127.0.0.1:{front}/[token]/a/paper.git", self.ask("status").stdout)
        self.assertIn(f"moved: http://127.0.0.1:{front}/%5Btoken%5D/a/paper.git", self.check(1))
        for page, told in ("lost", r"unreachable: readers get no answer: \S+/\[token\]/"), \
                          ("law", r"taken-down: .*blocked by https://law.example/\[token\]"):
            url = f"http://127.0.0.1:{self.git_port}/a/paper.git\n    public: http://127.0.0.1:{front}/{page}"
            self.configure_git(url)
            self.assertRegex(self.check(1), told)
        self.assertNotIn(TOKEN.encode(), (self.folder / "var/state.db").read_bytes())

    def test_a_move_to_https_on_the_same_host_is_told_as_what_it_is(self):
        authority = harness.Authority(self)
        tls = harness.free_port()
        self.nginx(f"listen 127.0.0.1:{tls} ssl; {authority.sign('o', 'IP:127.0.0.1')} "
                   f"location / {{ proxy_pass http://127.0.0.1:{self.git_port}; }}")
        plain = self.nginx(f"return 301 https://127.0.0.1:{tls}$request_uri;")
        self.configure_git(f"http://127.0.0.1:{plain}/a/paper.git", network=f"  ca_file: {authority.file}")
        told = self.ask("run", expect=1).stderr
        self.assertIn(f"http://127.0.0.1:{plain}/a/paper.git leads to https://127.0.0.1:{tls}/a/paper.git/info/refs, and the token "
                      f"is for http://127.0.0.1:{plain} alone (HTTP 401); if that is right, write the new address", told)
        self.assertNotIn("another host", told)

    def test_a_project_of_which_gitlab_tells_a_stranger_less_is_live(self):
        self.write("sites.yaml", paper.config(self.origin, {"m": [
            f"url: http://127.0.0.1:{self.git_port}/a/paper.git", "limits: gitlab", f"api: {self.host.url}"]}))
        self.host.answers["GET", "/projects/a%2Fpaper"] = (200, {}, {
            "id": 1, "path_with_namespace": "a/paper", "default_branch": "main", "web_url": "https://gitlab.example/a/paper"})
        self.assertIn("paper: m: live", self.check(0))

    def test_a_mirror_that_readers_do_not_get(self):
        readers = self.nginx("location / { return 451; }")
        self.configure(extra=[f"public: http://127.0.0.1:{readers}/a/paper"])
        self.repository(200, {"private": False})
        self.ask("run")
        self.assertIn(f"paper: m: geo-blocked: readers get HTTP 451 at http://127.0.0.1:{readers}/a/paper",
                      self.check(1))
        told, = json.loads(self.check(1, "--json"))["mirrors"]
        self.assertEqual((told["site"], told["mirror"], told["seen"], told["state"]), ("paper", "m", "geo-blocked", "live"))
        self.assertIn("HTTP 451", told["detail"])
        self.assertEqual([(each["state"], each["sightings"]) for each in told["suspected"]], [("geo-blocked", 2)])
        self.configure(extra=[f"public: {self.host.url}/a/paper"])
        self.host.answers["GET", "/a/paper"] = (200, {}, "<html>")
        self.assertIn("readers get HTTP 404 at", self.check(1))
        self.host.answers["GET", "/a/paper/raw/main/README.md"] = (302, {"Location": "/raw"}, "")
        self.host.answers["GET", "/raw"] = (200, {}, "# Paper")
        self.host.asked.clear()
        self.assertIn("paper: m: live", self.check(0))
        told = [headers.get("Authorization") for _, path, headers, _ in self.host.asked if not path.startswith("/repos")]
        self.assertEqual(told, [None, None, None], "a reader has no account")

    def test_a_reader_behind_another_proxy(self):
        self.configure(extra=[f"public: {self.host.url}/a/paper"])
        self.repository(200, {"private": False})
        self.host.answers["GET", "/a/paper"] = (200, {}, "")
        self.host.answers["GET", "/a/paper/raw/main/README.md"] = (200, {}, "")
        self.ask("run")
        self.assertIn("live", self.check(0, "--proxy", f"socks5h://127.0.0.1:{self.microsocks()}"))
        dead = f"socks5h://127.0.0.1:{harness.free_port()}"
        self.assertIn(f"m: unseen: nothing came through {dead}, from no mirror", self.check(1, "--proxy", dead))
        self.ask("mirrors", "check", "--proxy", "socks5://127.0.0.1:1", expect=2)

    def test_a_repository_is_made_on_github(self):
        self.configure(extra=["pages: https://a.github.example/paper/"])
        self.host.answers["GET", "/user"] = (200, {}, {"login": "a"})
        self.host.answers["POST", "/user/repos"] = (201, {}, {"full_name": "a/paper"})
        self.assertIn("m: a/paper: made", self.ask("mirrors", "create", "m").stdout)
        made = next(body for method, path, _, body in self.host.asked if path == "/user/repos")
        self.assertEqual((made["name"], made["description"], made["homepage"], made["private"]),
                         ("paper", "The Paper", "https://a.github.example/paper/", False))
        self.host.answers["POST", "/user/repos"] = (422, {}, {"message": "name already exists on this account"})
        self.host.answers["POST", "/repos/a/paper/pages"] = (201, {}, {})
        self.assertIn("it is there already; Pages are on", self.ask("mirrors", "create", "m").stdout)
        source = next(body for _, path, _, body in self.host.asked if path.endswith("/pages"))
        self.assertEqual(source, {"source": {"branch": "main", "path": "/"}})
        self.host.answers["POST", "/repos/a/paper/pages"] = (409, {}, {"message": "GitHub Pages is already enabled."})
        self.host.answers["GET", "/repos/a/paper/pages"] = (200, {}, {"html_url": "https://a.github.example/paper/",
                                                                     "source": {"branch": "main", "path": "/"}})
        self.assertIn("it is there already; Pages are on", self.ask("mirrors", "create", "m").stdout)
        self.configure(extra=["pages: https://a.github.example/paper/", "branch: gh-pages", "folder: docs"])
        self.assertIn("its Pages: they are on already, and made of / of the branch main, not of /docs of gh-pages",
                      self.ask("mirrors", "create", "m", expect=1).stderr)

    def test_a_repository_that_is_made_again_is_filled_by_the_next_run(self):
        self.configure()
        self.ask("run")
        full = self.head(self.remote)
        self.host.answers["GET", "/user"] = (200, {}, {"login": "a"})
        self.host.answers["POST", "/user/repos"] = (422, {}, {"message": "name already exists on this account"})
        self.assertIn("m: a/paper: it is there already", self.ask("mirrors", "create", "m").stdout)
        self.assertIn("up to date: m", self.ask("run").stdout)
        shutil.rmtree(self.remote)
        self.assertIn("up to date: m", self.ask("run").stdout, "nobody has seen that it is gone")
        self.host.answers["POST", "/user/repos"] = (201, {}, {"full_name": "a/paper"})
        self.assertIn("m: a/paper: made", self.ask("mirrors", "create", "m").stdout)
        self.assertIn("never pushed", self.ask("status").stdout)
        self.bare("remotes/a/paper.git")
        self.git("-C", self.remote, "config", "http.receivepack", "true")
        self.assertIn("pushed to m", self.ask("run").stdout)
        self.assertEqual(self.head(self.remote), full)

    def test_a_repository_is_made_on_gitlab_and_forgejo(self):
        self.configure("gitlab")
        self.host.answers["GET", "/namespaces/a"] = (200, {}, {"id": 7, "path": "a"})
        self.host.answers["POST", "/projects"] = (201, {}, {"id": 8})
        self.ask("mirrors", "create", "m")
        _, _, headers, body = self.host.asked[-1]
        self.assertEqual((headers["PRIVATE-TOKEN"], body["namespace_id"], body["visibility"]), (TOKEN, 7, "public"))
        self.configure("forgejo")
        self.host.answers["GET", "/user"] = (200, {}, {"login": "someone"})
        self.host.answers["POST", "/orgs/a/repos"] = (201, {}, {})
        self.host.answers["PATCH", "/repos/a/paper"] = (200, {}, {})
        self.ask("mirrors", "create", "m")
        self.assertEqual(self.host.asked[-1][2]["Authorization"], f"token {TOKEN}")

    def run_pipeline(self, branch, path=".gitlab-ci.yml"):
        """Does what GitLab's runner does with the file, in a clone; returns the files that it would serve."""
        clone = self.folder / f"clone-{branch}"
        self.git("clone", "--quiet", "--branch", branch, self.remote, clone)
        pipeline = (clone / path).read_text()
        steps = re.findall(r"^    - (?!if)(.*)$", pipeline, re.M)
        self.assertEqual(len(steps), 4, pipeline)
        subprocess.run(["sh", "-e", "-c", "\n".join(steps)], cwd=clone, check=True,
                       env=dict(os.environ, CI_CONFIG_PATH=path, CI_PROJECT_DIR=str(clone)))
        return sorted(str(file.relative_to(clone / "public")) for file in (clone / "public").rglob("*") if file.is_file())

    def test_pages_of_gitlab_are_opened_and_made_by_a_pipeline(self):
        self.configure("gitlab", extra=["pages: https://a.gitlab.example/paper/"])
        project = "/projects/a%2Fpaper"
        self.host.answers["GET", "/namespaces/a"] = (200, {}, {"id": 7, "path": "a"})
        self.host.answers["POST", "/projects"] = (201, {}, {"id": 8})
        self.host.answers["PUT", project] = (200, {}, {"id": 8})
        self.host.answers["PATCH", project + "/pages"] = (200, {}, {"url": "https://a.gitlab.example/paper",
                                                                   "is_unique_domain_enabled": False})
        self.assertIn("m: a/paper: made; Pages are on\n", self.ask("mirrors", "create", "m").stdout)
        bodies = {(method, path): body for method, path, _, body in self.host.asked}
        self.assertEqual(bodies["PUT", project], {"pages_access_level": "public", "ci_config_path": ".gitlab-ci.yml"})
        self.assertEqual(bodies["PATCH", project + "/pages"], {"pages_unique_domain_enabled": False})
        self.host.answers["PATCH", project + "/pages"] = (200, {}, {"url": "https://paper-1a2b3c.gitlab.example"})
        self.assertIn("Pages are on, at https://paper-1a2b3c.gitlab.example: write that behind `pages:`",
                      self.ask("mirrors", "create", "m").stdout)
        self.ask("run")
        self.assertIn('  rules:\n    - if: $CI_COMMIT_BRANCH == "main"\n', self.show(self.remote, ".gitlab-ci.yml").decode())
        self.assertEqual(self.run_pipeline("main"), sorted(set(self.files_in(self.remote)) - {".gitlab-ci.yml"}))
        self.configure("gitlab")
        self.ask("run")
        self.assertNotIn(".gitlab-ci.yml", self.files_in(self.remote))

    def test_pages_of_gitlab_are_made_of_the_mirrors_own_branch_and_folder(self):
        at = [f"url: http://127.0.0.1:{self.git_port}/a/paper.git", "username: mirror", "token: env:MIRROR_TOKEN",
              "limits: gitlab", f"api: {self.host.url}"]
        self.write("sites.yaml", paper.config(self.origin, {
            "plain": at, "served": at + ["branch: gl-pages", "folder: /my docs", "pages: https://a.gitlab.example/paper/"]}))
        project = "/projects/a%2Fpaper"
        self.host.answers["GET", "/namespaces/a"] = (200, {}, {"id": 7, "path": "a"})
        self.host.answers["POST", "/projects"] = (201, {}, {"id": 8})
        self.host.answers["PUT", project] = (200, {}, {"id": 8})
        self.host.answers["PATCH", project + "/pages"] = (200, {}, {"url": "https://a.gitlab.example/paper"})
        self.assertIn("served: a/paper: made; Pages are on\n", self.ask("mirrors", "create", "served").stdout)
        body, = (body for method, _, _, body in self.host.asked if method == "PUT")
        self.assertEqual(body["ci_config_path"], "my docs/.gitlab-ci.yml")
        self.ask("run")
        pipeline = self.show(self.remote, ".gitlab-ci.yml").decode()
        self.assertEqual(re.findall(r"^    - if: (.*)$", pipeline, re.M), ['$CI_COMMIT_BRANCH == "gl-pages"'], "and no other")
        self.assertEqual(self.run_pipeline("gl-pages", "my docs/.gitlab-ci.yml"),
                         sorted(set(self.files_in(self.remote)) - {".gitlab-ci.yml"}))

    def test_nothing_is_made_where_the_host_would_make_no_pages_of_it(self):
        self.configure(extra=["folder: /site", "pages: https://a.github.example/paper/"])
        told = self.ask("mirrors", "create", "m", expect=2).stderr
        self.assertIn("mirror m: nothing was made: GitHub makes Pages of the top of a branch or of its folder /docs, and none "
                      "of /site", told)
        self.assertRegex(self.ask("check").stdout, r"sites.yaml:\d+:12: warning: GitHub makes Pages")
        self.assertEqual(self.host.asked, [])

    def test_pages_of_forgejo_need_nothing(self):
        self.configure("forgejo", extra=["pages: https://a.codeberg.example/paper/@main/", "branch: main"])
        self.host.answers["GET", "/user"] = (200, {}, {"login": "a"})
        self.host.answers["POST", "/user/repos"] = (201, {}, {})
        self.host.answers["PATCH", "/repos/a/paper"] = (200, {}, {})
        self.assertIn("m: a/paper: made; its Pages are what the host makes of the branch main",
                      self.ask("mirrors", "create", "m").stdout)
        self.assertEqual(self.host.asked[-1][3]["website"], "https://a.codeberg.example/paper/@main/")

    def test_pages_that_readers_do_not_get(self):
        self.configure(extra=[f"pages: {self.host.url}/pages/paper/"])
        self.repository(200, {"private": False})
        self.ask("run")
        self.assertRegex(self.check(1), r"m: behind since \S+: readers get HTTP 404 at \S+/pages/paper/")
        self.host.answers["GET", "/pages/paper/"] = (200, {}, "<html>")
        self.assertRegex(self.check(0), r"m: live since")

    def test_what_a_host_says_to_a_change(self):
        self.configure()
        for answer, told in [
            ((301, {"Location": "https://api.github.example/repositories/7"}, {"message": "Moved Permanently"}),
             "it has moved to https://api.github.example/repositories/7 (HTTP 301); change the mirror's `url:`"),
            ((451, {}, {"message": "blocked", "block": {"reason": "dmca", "html_url": "https://h.example/n"}}),
             "taken down, dmca, notice https://h.example/n"),
            ((403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4000000000"}, {"message": "API rate limit"}),
             "the host wants to be asked again at 2096-10-02T07:06:40Z"),
            ((403, {}, {"message": f"{TOKEN} may not do that"}), ": [token] may not do that"),
            ((404, {}, {"message": "Not Found"}), "not found (HTTP 404): Not Found"),
        ]:
            self.host.answers["DELETE", "/repos/a/paper"] = answer
            self.assertIn(told, self.ask("mirrors", "remove", "m", "--yes", expect=1).stderr)
        self.host.answers["DELETE", "/repos/a/paper"] = [(429, {"Retry-After": "1"}, "Slow down"), (204, {}, "")]
        self.assertIn("removed", self.ask("mirrors", "remove", "m", "--yes").stdout)

    def test_a_repository_is_removed_only_when_it_is_meant(self):
        self.configure()
        self.host.answers["DELETE", "/repos/a/paper"] = (204, {}, "")
        self.assertIn("--yes", self.ask("mirrors", "remove", "m", expect=2).stderr)
        self.assertIn("--json is for", self.ask("mirrors", "remove", "m", "--yes", "--json", expect=2).stderr)
        self.assertEqual(self.host.asked, [])
        self.assertIn("removed", self.ask("mirrors", "remove", "m", "--yes").stdout)
        self.host.answers["DELETE", "/repos/a/paper"] = (403, {}, {"message": "Must have admin rights"})
        self.assertIn("Must have admin rights", self.ask("mirrors", "remove", "m", "--yes", expect=1).stderr)

    def test_a_repository_is_not_removed_with_mirrors_that_nobody_named(self):
        at = [f"url: {self.host.url}/a/paper.git", "limits: github", "token: env:MIRROR_TOKEN", f"api: {self.host.url}"]
        self.write("sites.yaml", paper.config(self.origin, {
            "m": at, "ghp": at + ["branch: gh-pages"], "else": [f"url: {self.host.url}/a/else.git"] + at[1:]}))
        self.host.answers["DELETE", "/repos/a/paper"] = [(204, {}, ""), (404, {}, {"message": "Not Found"})]
        self.host.answers["DELETE", "/repos/a/else"] = (204, {}, "")
        told = self.ask("mirrors", "remove", "else", "ghp", "--yes", expect=2)
        self.assertIn("mirror ghp: its repository holds other mirrors too, which would be deleted with it: 'm' (branch main); "
                      "name all of them", told.stderr)
        self.assertEqual((told.stdout, self.host.asked), ("", []), "nothing was removed")
        told = self.ask("mirrors", "remove", "m", "else", "ghp", "--yes").stdout
        self.assertEqual(told, "m: a/paper: removed\nelse: a/else: removed\nghp: a/paper: removed\n")
        self.assertEqual(len(self.host.asked), 2, "each repository is removed once")

    def test_the_list_needs_no_network(self):
        self.configure()
        self.assertRegex(self.ask("mirrors", "list").stdout, r"paper +m +never pushed +http://127.0.0.1")
        self.assertEqual(json.loads(self.ask("mirrors", "list", "--json").stdout)["mirrors"][0]["pushed"], None)
        self.assertIn("there is no mirror 'x'", self.ask("mirrors", "check", "x", expect=2).stderr)
        self.assertEqual(self.host.asked, [])


if __name__ == "__main__":
    unittest.main()
