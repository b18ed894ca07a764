# SPDX-License-Identifier: MIT
"""A censor between the source and us: what it says never becomes an article."""
import json
import unittest

import harness
import paper

NOTICE = "<html><head><title>Web Filter Violation</title></head><body><h1>Access denied</h1>" \
         "<div id=story><p>This page is not for you.</p></div></body></html>"


class BlockPage(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.origin = self.nginx(f"root {self.paper.folder};")
        self.mirror = self.bare("mirror.git")

    def censor(self, notice=NOTICE):
        """An HTTP proxy that lets the index pass and answers for the articles itself."""
        return self.nginx(f"""
            location ~ ^/n {{ default_type text/html; return 200 '{notice}'; }}
            location / {{ proxy_pass http://127.0.0.1:{self.origin}; }}""")

    def configure(self, proxies, network=""):
        self.write("sites.yaml", paper.config(f"127.0.0.1:{self.origin}", {"one": [f"url: {self.mirror}"]},
                                              network=f"  proxies: [{', '.join(proxies)}]\n{network}"))

    def quarantine(self):
        return json.loads(self.dandelion("status", "--json", expect=0).stdout)["sites"][0]["quarantine"]

    def pages(self):
        return [path for path in self.files_in(self.mirror) if path.startswith("pages/")] if self.head(self.mirror) else []

    def test_another_way_tells_the_lie_and_is_taken_next_time(self):
        self.configure([f"http://127.0.0.1:{self.censor()}", f"http://127.0.0.1:{self.squid()}"])
        run = self.dandelion("run", expect=1)
        self.assertIn("known block page (Fortinet FortiGuard)", run.stderr)
        self.assertIn("by another way the source gives another page", run.stderr)
        self.assertEqual(self.pages(), [])
        self.assertEqual(len(self.quarantine()), 3)
        self.assertIn("not believed", self.dandelion("status", expect=0).stdout)
        self.dandelion("run", "--site", "paper", expect=0)
        self.assertEqual(len([path for path in self.pages() if path.endswith(".md")]), 3)
        self.assertEqual(self.quarantine(), [])

    def test_with_one_way_alone_a_known_block_page_stays_out(self):
        self.configure([f"http://127.0.0.1:{self.censor()}"])
        self.dandelion("run", expect=1)
        self.assertEqual(self.pages(), [])
        self.assertEqual(len(self.quarantine()), 3)

    def test_a_notice_that_nobody_knew_is_told_by_the_other_way(self):
        """No fingerprint: the site's pages are known, and this one is like none of them."""
        for _ in range(6):
            self.paper.add_article(text=paper.article(f"Story {self.paper.count + 1}",
                                                      f"<p>{'Long story, well told. ' * 80}</p>"))
        self.paper.write_index()
        squid = f"http://127.0.0.1:{self.squid()}"
        self.configure([squid])
        self.dandelion("run", expect=0)
        before = len(self.pages())
        self.paper.add_article(text=paper.article("Story 10", f"<p>{'Another story, well told. ' * 80}</p>"))
        self.paper.write_index()
        silent = NOTICE.replace("Web Filter Violation", "Sorry").replace("id=story", "id=notice")
        self.configure([f"http://127.0.0.1:{self.censor(silent)}", squid])
        self.dandelion("run", "--site", "paper", expect=1)
        self.assertEqual(len(self.pages()), before)
        self.assertIn("n10.html", self.quarantine()[0]["url"])
        self.dandelion("run", "--site", "paper", expect=0)
        self.assertGreater(len(self.pages()), before)

    def test_an_index_that_is_a_notice_is_asked_for_by_another_way(self):
        liar = self.nginx(f"""
            location = /robots.txt {{ return 404; }}
            location / {{ default_type text/html; return 200 '{NOTICE}'; }}""")
        self.configure([f"http://127.0.0.1:{liar}"])
        self.assertIn("known block page (Fortinet FortiGuard)", self.dandelion("run", expect=1).stderr)
        self.configure([f"http://127.0.0.1:{liar}", f"http://127.0.0.1:{self.squid()}"])
        self.dandelion("run", "--site", "paper")
        self.dandelion("run", "--site", "paper", expect=0)
        self.assertEqual(len([path for path in self.pages() if path.endswith(".md")]), 3)

    def test_the_operators_own_list_counts(self):
        mine = NOTICE.replace("Web Filter Violation", "The ministry regrets")
        self.configure([f"http://127.0.0.1:{self.censor(mine)}"], "  block_pages: mine.yaml")
        self.write("mine.yaml", '- {name: "ministry", titel: "ministry regrets"}\n')
        self.assertIn("mine.yaml:1:22: unknown key 'titel' (did you mean 'title'?)", self.dandelion("check", expect=2).stdout)
        self.assertIn("mine.yaml:1:22", self.dandelion("run", expect=2).stderr)
        self.write("mine.yaml", '- {name: "ministry", title: "ministry regrets"}\n')
        self.assertIn("known block page (ministry)", self.dandelion("run", expect=1).stderr)
        self.assertEqual(self.pages(), [])

    def test_proxies_are_remembered_from_run_to_run(self):
        dead = harness.free_port()
        squid = f"http://127.0.0.1:{self.squid()}"
        self.configure([f"http://127.0.0.1:{dead}", squid])
        self.dandelion("run", expect=0)
        proxies = json.loads(self.dandelion("status", "--json", expect=0).stdout)["proxies"]
        self.assertEqual({proxy["proxy"] for proxy in proxies}, {f"http://127.0.0.1:{dead}", squid})
        self.assertIsNotNone(next(proxy for proxy in proxies if proxy["proxy"] == squid)["last_success"])
        # robots.txt is good for a day.
        asked = self.requests_to(self.origin).count("GET /robots.txt HTTP/1.1")
        self.dandelion("run", "--site", "paper", expect=0)
        self.assertEqual(self.requests_to(self.origin).count("GET /robots.txt HTTP/1.1"), asked)


if __name__ == "__main__":
    unittest.main()
