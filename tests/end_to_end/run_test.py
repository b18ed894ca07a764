# SPDX-License-Identifier: MIT
"""`dandelion run` from an nginx origin into bare repositories: the main job, and all that can go wrong with a source."""
import json
import os
import signal
import subprocess
import time
import unittest

import harness
import paper


class Run(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.origin = self.nginx(f"root {self.paper.folder};")
        self.one, self.two = self.bare("one.git"), self.bare("two.git")
        self.configure()

    def configure(self, site="", network="", origin=None):
        self.write("sites.yaml", paper.config(origin or f"127.0.0.1:{self.origin}",
                                              {"one": [f"url: {self.one}"], "two": [f"url: file://{self.two}"]},
                                              network=network, site=site))

    def test_a_first_run_mirrors_all_articles_to_every_mirror(self):
        run = self.dandelion("run", expect=0)
        self.assertIn("3 new pages (3 listed, 0 known)", run.stdout)
        self.assertIn("pushed to one, two", run.stdout)
        ours = self.folder / "var" / "repos" / "paper"
        for repository in (self.one, self.two):
            self.assertEqual(self.head(repository), self.head(ours))
            self.assertEqual(self.files_in(repository), ["README.md", "indexes/news.md", "pages/news/n1.md",
                                                         "pages/news/n2.md", "pages/news/n3.md"])
            self.assert_sound(repository)
        page = self.show(self.one, "pages/news/n3.md").decode()
        self.assertTrue(page.startswith("### Story 3\n"))
        self.assertIn("Text of Story 3.", page)
        index = self.show(self.one, "indexes/news.md").decode()
        self.assertLess(index.index("Story 3"), index.index("Story 1"))
        self.assertIn("(../pages/news/n3.md)", index)

    def test_commits_carry_the_configured_identity_in_utc(self):
        self.dandelion("run", expect=0, env={"TZ": "Asia/Shanghai"})
        author = self.git("-C", self.one, "log", "-1", "--format=%an <%ae> %cn <%ce> %ad", "--date=format:%z", "main")
        self.assertEqual(author.strip(), "Tester <tester@example.invalid> Tester <tester@example.invalid> +0000")

    def test_a_second_run_fetches_the_index_alone_and_commits_nothing(self):
        self.dandelion("run", expect=0)
        head, before = self.head(self.one), len(self.requests_to(self.origin))
        run = self.dandelion("run", expect=0)
        self.assertIn("nothing new (3 listed, 3 known); no commit", run.stdout)
        self.assertEqual(self.head(self.one), head)
        fetched = [line for line in self.requests_to(self.origin)[before:] if "robots.txt" not in line]
        self.assertEqual([line.split()[1] for line in fetched], ["/index.html", "/older.html"])

    def test_a_new_article_is_one_commit_that_touches_only_what_changed(self):
        self.dandelion("run", expect=0)
        self.paper.add_article()
        self.paper.write_index()
        self.dandelion("run", expect=0)
        changed = self.git("-C", self.two, "diff", "--name-only", "main~1", "main").split()
        self.assertRegex(changed.pop(0), r"^\.dandelion/pages/[0-9a-f]{2}/[0-9a-f]{30}\.json$")
        self.assertEqual(changed, ["README.md", "indexes/news.md", "pages/news/n4.md"])

    def test_a_lost_page_and_one_without_a_body_fail_alone(self):
        (self.paper.folder / "n2.html").unlink()
        self.paper.add_article("n1.html", "<h1>t</h1><p>no body here</p>")
        run = self.dandelion("run", expect=1)
        self.assertIn("1 new page (3 listed, 0 known, 2 failed)", run.stdout)
        self.assertRegex(run.stderr, r"n2\.html.*404")
        self.assertIn("n1.html: no article body: nothing on the page matches '#story'", run.stderr)
        self.assertNotIn("n2", self.show(self.one, "indexes/news.md").decode())
        self.paper.add_article("n2.html", paper.article("Story 2 is back", day=2))
        self.assertIn("1 new page", self.dandelion("run", expect=1).stdout)
        self.assertIn("pages/news/n2.md", self.files_in(self.one))

    def test_an_index_that_changed_its_layout_is_told(self):
        (self.paper.folder / "index.html").write_text("<p>New design!</p>")
        run = self.dandelion("run", expect=1)
        self.assertIn("'.list a' matches no link on the page", run.stderr)
        self.assertEqual(self.head(self.one), "")

    def test_a_source_that_is_gone_leaves_the_mirror_as_it_was(self):
        self.dandelion("run", expect=0)
        head = self.head(self.one)
        self.configure(origin=f"127.0.0.1:{harness.free_port()}")
        self.dandelion("run", expect=1)
        self.assertEqual(self.head(self.one), head)

    def test_addresses_cannot_leave_the_mirror_or_share_a_file(self):
        self.paper.add_article("..%2f..%2fREADME.html".replace("%2f", "-"))
        (self.paper.folder / "sub").mkdir()
        (self.paper.folder / "sub" / "N1.html").write_text(paper.article("Another n1"))
        (self.paper.folder / "index.html").write_text(paper.index(
            ["n1.html", "sub/N1.html", "/x/..%2f..%2fetc%2fpasswd.html", "n2.html"]))
        run = self.dandelion("run", expect=1)
        self.assertRegex(run.stderr, r"its file pages/news/[nN]1\.md already belongs to http")
        for name in self.files_in(self.one):
            self.assertNotIn("..", name)
            self.assertTrue(name == "README.md" or name.startswith(("pages/news/", "indexes/")), name)

    def test_a_dry_run_says_what_it_would_do_and_touches_nothing(self):
        run = self.dandelion("run", "--dry-run", expect=0)
        self.assertIn("3 new pages would be fetched", run.stdout)
        self.assertIn("/n3.html", run.stdout)
        self.assertFalse((self.folder / "var").exists())

    def test_limit_takes_the_newest_and_leaves_the_rest(self):
        run = self.dandelion("run", "--limit", "2", expect=0)
        self.assertIn("2 new pages (3 listed, 0 known, 1 left for the next run)", run.stdout)
        self.assertNotIn("pages/news/n1.md", self.files_in(self.one))
        self.dandelion("run", expect=0)
        self.assertIn("pages/news/n1.md", self.files_in(self.one))

    def test_no_push_commits_and_a_later_run_pushes(self):
        run = self.dandelion("run", "--no-push", expect=0)
        self.assertIn("not pushed to one, two", run.stdout)
        self.assertEqual(self.head(self.one), "")
        self.assertIn("pushed to one, two", self.dandelion("run", expect=0).stdout)

    def test_a_site_is_passed_over_until_it_is_due(self):
        self.configure(site="    every: 1h")
        self.dandelion("run", expect=0)
        self.assertIn("paper: not due before ", self.dandelion("run", expect=0).stdout)
        self.assertIn("nothing new", self.dandelion("run", "--site", "paper", expect=0).stdout)

    def test_an_unknown_site_is_wrong_usage(self):
        self.assertIn("there is no site 'papers'", self.dandelion("run", "--site", "papers", expect=2).stderr)

    def test_a_second_run_at_the_same_time_is_told_who_holds_the_lock(self):
        slow = self.hanging_origin()
        self.configure(origin=f"127.0.0.1:{slow}", network="  timeout: 20s".replace("  timeout", "  user_agent: x\n  # timeout"))
        first = subprocess.Popen([harness.BINARY, "run"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(lambda: (first.stdout.close(), first.stderr.close()))
        self.addCleanup(self.stop, first)
        lock = self.folder / "var" / "state.db.lock"
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not (lock.exists() and lock.read_text()):
            time.sleep(0.02)
        run = self.dandelion("run", expect=3)
        self.assertIn(f"process {first.pid} since 20", run.stderr)

    def hanging_origin(self):
        """A port that takes connections and says nothing."""
        import socket
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        self.addCleanup(listener.close)
        return listener.getsockname()[1]

    def test_a_stop_keeps_what_was_done_and_exits_with_4(self):
        for _ in range(40):
            self.paper.add_article()
        (self.paper.folder / "index.html").write_text(paper.index([f"n{i}.html" for i in range(43, 0, -1)]))
        self.configure(network="  per_host: {connections: 1, delay: 100ms}")
        run = subprocess.Popen([harness.BINARY, "run"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and len(self.requests_to(self.origin)) < 8:
            time.sleep(0.05)
        run.send_signal(signal.SIGTERM)
        out, err = run.communicate(timeout=20)
        self.assertEqual(run.returncode, 4, err)
        ours = self.folder / "var" / "repos" / "paper"
        kept = [name for name in self.files_in(ours) if name.startswith("pages/")]
        self.assertGreater(len(kept), 1)
        self.assertLess(len(kept), 43)
        self.configure()
        self.dandelion("run", expect=0)
        self.assertEqual(len([n for n in self.files_in(self.one) if n.startswith("pages/")]), 43)

    def test_a_killed_run_is_finished_by_the_next_one_in_the_same_tree(self):
        for _ in range(30):
            self.paper.add_article()
        (self.paper.folder / "index.html").write_text(paper.index([f"n{i}.html" for i in range(33, 0, -1)]))
        self.configure()
        self.dandelion("run", "--no-push", expect=0)
        ours = self.folder / "var" / "repos" / "paper"
        tree = self.git("-C", ours, "rev-parse", "main^{tree}").strip()
        for delay in (0.02, 0.06, 0.1, 0.15, 0.2, 0.3):
            subprocess.run(["rm", "-rf", self.folder / "var"], check=True)
            run = subprocess.Popen([harness.BINARY, "run", "--no-push"], cwd=self.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            time.sleep(delay)
            run.kill()
            run.wait()
            self.dandelion("run", "--no-push", expect=0)
            self.assertEqual(self.git("-C", ours, "rev-parse", "main^{tree}").strip(), tree, f"killed after {delay} s")
            self.assertLessEqual(int(self.git("-C", ours, "rev-list", "--count", "main")), 2)
            self.assert_sound(ours)

    def test_status_tells_what_is_known(self):
        before = json.loads(self.dandelion("status", "--json", expect=0).stdout)["sites"][0]
        self.assertIsNone(before["last_run"])
        self.assertFalse((self.folder / "var").exists())
        (self.paper.folder / "n2.html").unlink()
        self.dandelion("run", expect=1)
        site = json.loads(self.dandelion("status", "--json", expect=0).stdout)["sites"][0]
        self.assertEqual((site["name"], site["pages"], len(site["failures"])), ("paper", 2, 1))
        self.assertEqual([(m["name"], m["health"]) for m in site["mirrors"]], [("one", "up to date"), ("two", "up to date")])
        self.assertEqual(site["head"], self.head(self.one))
        table = self.dandelion("status", expect=0).stdout
        self.assertIn("paper", table)
        self.assertRegex(table, r"failed: http.*n2\.html")

    def test_a_broken_state_file_stops_the_run_before_it_does_anything(self):
        self.write("var/state.db", "this is not a database, whatever its name may be. " * 3)
        run = self.dandelion("run", expect=2)
        self.assertIn("state.db", run.stderr)
        self.assertEqual(self.head(self.one), "")

    def test_quiet_says_nothing_on_success(self):
        run = self.dandelion("run", "-q", expect=0)
        self.assertEqual((run.stdout, run.stderr), ("", ""))

    def test_a_json_log_is_json(self):
        (self.paper.folder / "n2.html").unlink()
        run = self.dandelion("run", "--log-format", "json", expect=1)
        lines = [json.loads(line) for line in run.stderr.splitlines()]
        self.assertTrue(any("n2.html" in line["message"] for line in lines))

    def test_colour_and_environment_leave_no_trace(self):
        self.dandelion("run", expect=0)
        everything = b"".join(self.show(self.one, name) for name in self.files_in(self.one))
        for trace in (str(self.folder), os.uname().nodename):
            self.assertNotIn(trace.encode(), everything)


if __name__ == "__main__":
    unittest.main()
