# SPDX-License-Identifier: MIT
"""What is ours at a mirror, whatever was lost on the way: notes, the state, or the mirror's own branch."""
import os
import shutil
import signal
import subprocess
import time
import unittest

import harness
import paper

TOKEN = "s3cret-t0ken"
FOLD = "history: {keep: 1d}"


class PushMemory(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.origin = f"127.0.0.1:{self.nginx(f'root {self.paper.folder};')}"
        self.folder.chmod(0o777)
        self.own = self.folder / "var/repos/paper"
        (self.folder / "remotes").mkdir()
        self.make_remote()
        self.port = self.git_server(self.folder / "remotes", token=TOKEN)
        self.configure()

    def make_remote(self):
        self.remote = self.bare("remotes/paper.git")
        self.git("-C", self.remote, "config", "http.receivepack", "true")

    def configure(self, *extra, network="", name="web"):
        mirror = [f"url: http://127.0.0.1:{self.port}/paper.git", "username: mirror", "token: env:MIRROR_TOKEN", *extra]
        self.write("sites.yaml", paper.config(self.origin, {name: mirror}, network=network))

    def run_it(self, *arguments, expect=0):
        return self.dandelion(*arguments, expect=expect, env={"MIRROR_TOKEN": TOKEN})

    def commit_on(self, *days):
        """A history of these days of January 2020, with the files of a run; the same days make the same commits."""
        parent = []
        for day in days:
            made = self.git("-C", self.own, "-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit-tree",
                            "-m", f"day {day}", *parent, "main^{tree}",
                            env={"GIT_COMMITTER_DATE": f"2020-01-{day:02}T00:00:00Z",
                                 "GIT_AUTHOR_DATE": f"2020-01-{day:02}T00:00:00Z"}).strip()
            parent = ["-p", made]
        self.git("-C", self.own, "update-ref", "refs/heads/main", made)

    def subjects(self):
        return self.git("-C", self.remote, "log", "--format=%s", "main").split("\n")[:-1]

    def lose_state(self):
        for suffix in ("", "-wal", "-shm"):
            (self.folder / f"var/state.db{suffix}").unlink(missing_ok=True)

    def kill_when_taken(self):
        """A push that is killed when the server has moved its branch, and has not said so yet."""
        taken, end = self.folder / "taken", self.folder / "end"
        hook = self.write("remotes/paper.git/hooks/post-receive",
                          f"#!/bin/sh\n: >{taken}\nwhile [ ! -e {end} ]; do sleep 0.02; done\n")
        hook.chmod(0o755)
        push = subprocess.Popen([harness.BINARY, "publish"], cwd=self.folder, env=dict(os.environ, MIRROR_TOKEN=TOKEN))
        self.addCleanup(self.stop, push)
        deadline = time.monotonic() + 60
        while not taken.exists():
            self.assertIsNone(push.poll(), "it ended before the server had its push")
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        push.send_signal(signal.SIGKILL)
        self.assertEqual(push.wait(), -signal.SIGKILL)
        end.touch()
        hook.unlink()
        for path in (taken, end):
            path.unlink()

    def push_of_others(self):
        other = self.folder / "other"
        self.git("clone", "--quiet", self.remote, other)
        self.git("-C", other, "-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit", "-q", "--allow-empty",
                 "-m", "theirs")
        self.git("-C", other, "push", "--quiet", self.remote, "HEAD:main")
        shutil.rmtree(other)
        return self.head(self.remote)

    def test_killed_between_push_and_note_and_then_folded(self):
        self.configure(FOLD)
        self.run_it("run", "--no-push")
        self.commit_on(1, 2, 4)
        self.run_it("publish")
        # The first is killed, and so is the one that finds what that has left.
        for days in ((1, 2, 4, 6), (1, 2, 4, 6, 8)):
            self.commit_on(*days)
            self.kill_when_taken()
            self.assertEqual(self.subjects()[0], f"day {days[-1]}", "it is there")
        self.commit_on(1, 2, 4, 6, 8, 10, 11)
        self.assertEqual(self.run_it("publish").stdout, "paper: pushed to web\n")
        self.assertEqual(self.subjects(), ["day 11", "day 10", "Fold the history up to 2020-01-08"])
        self.assert_sound(self.remote)
        self.assert_sound(self.own)
        self.assertEqual(self.run_it("publish").stdout, "paper: up to date: web\n")
        self.assertNotIn("/sent-", self.git("-C", self.own, "for-each-ref"), "what is known is not noted twice")

    def test_killed_and_then_pushed_over_by_others(self):
        self.configure(FOLD)
        self.run_it("run", "--no-push")
        self.commit_on(1, 2, 4)
        self.kill_when_taken()
        theirs = self.push_of_others()
        self.commit_on(1, 2, 4, 6, 8)
        self.assertRegex(self.run_it("publish", expect=1).stderr, "somebody else pushed|commits that we do not have")
        self.assertEqual(self.head(self.remote), theirs)

    def test_the_lease_holds_for_what_is_ours_too(self):
        """Others push while ours, which replaces our old line, is on its way."""
        self.configure(FOLD)
        self.run_it("run", "--no-push")
        self.commit_on(1, 2, 4)
        self.run_it("publish")
        before = self.head(self.remote)
        theirs = self.push_of_others()
        self.git("-C", self.remote, "update-ref", "refs/heads/main", before)
        hook = self.write("remotes/paper.git/hooks/pre-receive", f"#!/bin/sh\ngit update-ref refs/heads/main {theirs}\n"
                          "# Not in the quarantine of what is being received.\n".replace("git ", "env -u GIT_QUARANTINE_PATH git "))
        hook.chmod(0o755)
        self.commit_on(1, 2, 4, 6, 8)
        self.assertRegex(self.run_it("publish", expect=1).stderr, "mirror web: somebody else pushed")
        self.assertEqual(self.head(self.remote), theirs)

    def test_the_state_is_lost_and_the_settings_are_others(self):
        self.run_it("run")
        for extra, files in ((["folder: /docs"], "docs/pages/news/n1.md"), ([], "pages/news/n1.md"),
                             ([FOLD], "pages/news/n1.md"), (["folder: site"], "site/pages/news/n1.md")):
            self.lose_state()
            self.configure(*extra)
            self.assertIn("web", self.run_it("publish").stdout)
            self.assertIn(files, self.files_in(self.remote))
            self.assertEqual(self.run_it("publish").stdout, "paper: up to date: web\n")
        self.assert_sound(self.remote)

    def test_the_state_is_lost_and_all_mirrors_are_in_step(self):
        remotes = {"plain": [], "docs": ["folder: /docs"], "short": [FOLD], "small": ["history: {max_size: 1MiB}"],
                   "adopt": ["on_conflict: adopt"]}
        self.write("sites.yaml", paper.config(self.origin, {
            name: [f"url: {self.bare(f'remotes/{name}.git')}", *extra] for name, extra in remotes.items()}))
        self.run_it("run")
        self.remote = self.folder / "remotes/adopt.git"
        self.push_of_others()
        self.paper.add_article()
        self.paper.write_index()
        self.run_it("run")
        self.lose_state()
        promise = self.run_it("publish", "--dry-run").stdout
        for name in ("docs", "short", "small", "adopt"):
            self.assertIn(f"{name}: would look whether it is at", promise)
        self.assertEqual([line.split(" ")[2] for line in self.run_it("mirrors", "check").stdout.splitlines()], ["live"] * 5)
        self.assertEqual(self.run_it("publish").stdout, "paper: up to date: plain, docs, short, small, adopt\n")
        # A change of the settings shows, with and without a state.
        path = self.folder / "sites.yaml"
        path.write_text(path.read_text().replace("folder: /docs", "folder: /site"))
        self.assertRegex(self.run_it("mirrors", "check", expect=1).stdout, r"docs: behind since \S+: its `folder` or")
        self.lose_state()
        self.assertRegex(self.run_it("mirrors", "check", expect=1).stdout, r"docs: behind since \S+: it has not got")

    def test_the_state_is_lost_and_others_pushed(self):
        self.run_it("run")
        theirs = self.push_of_others()
        self.lose_state()
        self.configure("folder: /docs")
        self.assertIn("commits that we do not have", self.run_it("publish", expect=1).stderr)
        self.assertEqual(self.head(self.remote), theirs)

    def test_a_mirror_that_was_emptied(self):
        for extra in ([], ["folder: /docs", FOLD, "limits: github"]):
            self.configure(*extra)
            self.run_it("run")
            full = self.head(self.remote)
            shutil.rmtree(self.remote)
            self.make_remote()
            self.assertEqual(self.run_it("publish").stdout, "paper: up to date: web\n", "nobody has looked")
            self.assertIn("web: would look whether it is at", self.run_it("publish", "--mirror", "web", "--dry-run").stdout)
            self.assertEqual(self.run_it("publish", "--mirror", "web").stdout, "paper: pushed to web\n")
            self.assertEqual(self.head(self.remote), full)
            self.assertEqual(self.run_it("publish", "--mirror", "web").stdout, "paper: up to date: web\n")
            self.assert_sound(self.remote)

    def test_what_was_folded_away_here_is_known_again(self):
        """Where its host brings an old copy back, and where the mirror is called otherwise since."""
        for limits in ("none", "github"):
            shutil.rmtree(self.folder / "var", ignore_errors=True)
            shutil.rmtree(self.remote)
            self.make_remote()
            self.configure(FOLD, f"limits: {limits}")
            self.run_it("run", "--no-push")
            self.commit_on(1, 2, 4, 6)
            self.run_it("publish")
            old = self.head(self.remote)
            self.commit_on(1, 2, 4, 6, 8, 10, 11)
            self.run_it("publish")
            self.git("-C", self.own, "-c", "gc.reflogExpire=now", "reflog", "expire", "--expire=now", "--all")
            self.git("-C", self.own, "gc", "-q", "--prune=now")
            self.assertNotIn(old, self.git("-C", self.own, "rev-list", "--all"), "it is folded away")
            full = self.head(self.remote)
            self.git("-C", self.remote, "update-ref", "refs/heads/main", old)
            self.assertIn("behind", self.run_it("mirrors", "check", expect=1).stdout)
            self.assertEqual(self.run_it("publish").stdout, "paper: pushed to web\n")
            self.assertEqual(self.head(self.remote), full)
            self.configure(FOLD, f"limits: {limits}", name="renamed")
            self.commit_on(1, 2, 4, 6, 8, 10, 11, 14, 15)
            self.assertEqual(self.run_it("publish").stdout, "paper: pushed to renamed\n")
            self.assertEqual(self.subjects(), ["day 15", "day 14", "Fold the history up to 2020-01-11"])
            self.assert_sound(self.remote)
            # What others put on top of it is theirs.
            self.git("-C", self.remote, "update-ref", "refs/heads/main", old)
            theirs = self.push_of_others()
            self.commit_on(1, 2, 4, 6, 8, 10, 11, 14, 15, 18, 19)
            self.assertIn("commits that we do not have", self.run_it("publish", expect=1).stderr)
            self.assertEqual(self.head(self.remote), theirs)

    def test_a_check_that_finds_it_behind_makes_the_next_run_push(self):
        for extra in ([], [FOLD]):
            self.configure(*extra)
            self.run_it("run")
            self.paper.add_article()
            self.paper.write_index()
            self.run_it("run")
            full = self.head(self.remote)
            for damage in (lambda: self.git("-C", self.remote, "update-ref", "refs/heads/main", "main~1"),
                           lambda: self.git("-C", self.remote, "update-ref", "-d", "refs/heads/main")):
                damage()
                self.assertIn("behind", self.run_it("mirrors", "check", expect=1).stdout)
                self.assertIn("pushed to web", self.run_it("run").stdout)
                self.assertEqual(self.head(self.remote), full)
                self.assertIn("live", self.run_it("mirrors", "check").stdout)
            # And gone once, before it is believed.
            away = self.remote.rename(self.folder / "away.git")
            self.assertIn("gone", self.run_it("mirrors", "check", expect=1).stdout)
            self.assertIn("FAILED: web", self.run_it("run", expect=1).stdout)
            away.rename(self.remote)
            self.assertIn("up to date: web", self.run_it("run").stdout)
            asked = self.requests_to(self.port)
            self.assertIn("up to date: web", self.run_it("run").stdout)
            self.assertIn("up to date: web", self.run_it("publish").stdout)
            self.assertEqual(self.requests_to(self.port), asked, "nothing new costs nothing")


if __name__ == "__main__":
    unittest.main()
