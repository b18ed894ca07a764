# SPDX-License-Identifier: MIT
"""The counter's address, from sites.yaml through the pages of two mirrors to the totals of its host's log."""
import json
import unittest

import harness

SITE = """\
version: 1
network: {{private_addresses: allow, timeout: 10s}}
sites:
  - name: harbour
    language: en
    discover: [{{index: "http://127.0.0.1:{port}/", category: stories, items: ".headlines h2 a"}}]
    article: {{title: h1.headline, body: "#story"}}
    theme: plain
    pixel: "{pixel}"
    hot: hot.json
    mirrors: [one, two]
mirrors:
  - {{name: one, url: one.git}}
  - {{name: two, url: two.git, folder: docs}}
"""
PAGE = "pages/stories/seeds-in-the-wind"


class Counter(harness.EndToEnd):
    def configure(self, pixel):
        self.write("sites.yaml", SITE.format(port=self.port, pixel=pixel))

    def setUp(self):
        super().setUp()
        self.port = self.nginx(f"root {harness.SOURCE}/demo/site;")
        self.bare("one.git")
        self.bare("two.git")

    def page(self, mirror, ending):
        prefix = "docs/" if mirror == "two" else ""
        return self.show(self.folder / f"{mirror}.git", f"{prefix}{PAGE}.{ending}").decode()

    def assert_each_mirror_bears_its_name(self):
        for mirror in ("one", "two"):
            for ending in ("md", "html"):
                text = self.page(mirror, ending)
                self.assertIn(f"https://{mirror}.counter.example/{mirror}/{PAGE}.md", text)
                self.assertNotIn("dandelion-mirror-name", text)
            self.assertIn(f"img-src 'self' https://{mirror}.counter.example", self.page(mirror, "html"))
            self.assert_sound(self.folder / f"{mirror}.git")

    def test_a_mirror_has_its_own_name_in_its_pages(self):
        self.configure("https://{mirror}.counter.example/{mirror}/{path}")
        self.dandelion("run", expect=0)
        self.assert_each_mirror_bears_its_name()
        before = self.head(self.folder / "one.git")
        self.dandelion("run", "--site", "harbour", expect=0)
        self.assertEqual(self.head(self.folder / "one.git"), before, "nothing is new")

    def test_the_name_may_come_and_go_later(self):
        self.configure("https://counter.example/{path}")
        self.dandelion("run", expect=0)
        self.configure("https://{mirror}.counter.example/{mirror}/{path}")
        self.dandelion("run", "--site", "harbour", expect=0)
        self.assert_each_mirror_bears_its_name()
        self.configure("https://counter.example/{path}")
        self.dandelion("run", "--site", "harbour", expect=0)
        for mirror in ("one", "two"):
            self.assertIn(f"https://counter.example/{PAGE}.md", self.page(mirror, "md"))

    def test_the_log_tells_mirrors_apart_and_the_front_page_names_a_page_once(self):
        self.configure("https://counter.example/{mirror}/{id}")
        self.dandelion("run", expect=0)
        line = '192.0.2.1 - - [25/Nov/2026:10:00:00 +0000] "GET /{}/{} HTTP/1.1" 200 43 "-" "Mozilla/5.0 (X11; Linux) Firefox/140.0"\n'
        self.write("counter.log", line.format("one", "seeds-in-the-wind") * 3 + line.format("two", "seeds-in-the-wind") * 2)
        stats = self.dandelion("stats", "--format", "json", "counter.log", expect=0).stdout
        pages = json.loads(stats)["pages"]
        self.assertEqual([(page["address"], page["path"]) for page in pages],
                         [(f"/{mirror}/seeds-in-the-wind", f"{PAGE}.md") for mirror in ("one", "two")])
        self.write("hot.json", stats)
        self.configure("https://counter.example/{mirror}/{id}/")
        self.dandelion("run", "--site", "harbour", expect=0)
        front = self.show(self.folder / "one.git", "README.md").decode()
        self.assertEqual(front.count(f"({PAGE}.md)"), 2, "as one of the newest, and once as one of the most read")


if __name__ == "__main__":
    unittest.main()
