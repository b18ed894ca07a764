# SPDX-License-Identifier: MIT
"""Markdown pages as GitHub shows them: cmark-gfm, then the sanitizer of Debian's ruby-html-pipeline."""
import re
import subprocess
import unittest

import harness
from reader_test import SITE, Links

FILTER = """require "html/pipeline"
puts HTML::Pipeline::SanitizationFilter.call(STDIN.read.force_encoding("UTF-8")).to_s"""


class GitHubView(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        ruby = [harness.program("ruby"), "-e", 'require "html/pipeline"; HTML::Pipeline::SanitizationFilter']
        if subprocess.run(ruby, capture_output=True).returncode != 0:
            raise unittest.SkipTest("ruby-html-pipeline or ruby-sanitize is not installed")
        port = self.nginx(f"root {harness.SOURCE}/demo/site;")
        self.write("sites.yaml", SITE.format(port=port, theme="reader", more='    pixel: "https://counter.example/{path}"\n'))
        self.dandelion("run", "--no-push", expect=0)

    def view(self, path):
        """What is left of a page."""
        markdown = self.show(self.folder / "var/repos/harbour", path)
        parsed = subprocess.run([harness.program("cmark-gfm"), "--unsafe", "-e", "footnotes", "-e", "table", "-e", "strikethrough", "-e",
                                 "tagfilter"], input=markdown, capture_output=True, check=True).stdout
        return subprocess.run(["ruby", "-e", FILTER], input=parsed, capture_output=True, check=True).stdout.decode()

    def test_what_matters_of_an_article_is_left(self):
        page = self.view("pages/stories/seeds-in-the-wind.md")
        links = Links(page)
        for tag in ("h1", "h2", "blockquote", "img"):
            self.assertIn(tag, links.tags)
        self.assertIn("library-copies.md", links.links)
        self.assertIn("../../README.md", links.links)
        self.assertTrue([source for source in links.loads if source.startswith("../../assets/")])
        self.assertRegex(page, r"<img src=.https://counter.example/pages/stories/seeds-in-the-wind.md. width=.0px. height=.0px.")
        self.assertIn("independent copy", page)
        self.assertIn("<em>Midsummer on the hill above the harbour.</em>", page)
        self.assertNotIn("&lt;", page, "markup that is shown as text")

    def test_nothing_of_any_page_is_shown_as_markup(self):
        for path in self.files_in(self.folder / "var/repos/harbour"):
            if path.endswith(".md"):
                page = self.view(path)
                self.assertIn("<h1>", page, path)
                self.assertFalse(re.search(r"&lt;/?[a-z]+", page), path)
                self.assertNotIn("](", page, f"{path}: a link that is none")
                self.assertNotIn("**", page, path)

    def test_tables_and_foreign_scripts_are_left(self):
        page = self.view("pages/stories/stone-bridge-zh.md")
        self.assertIn("<table>", page)
        self.assertIn("石橋上的蒲公英", page)
        self.assertIn("مطبعة", self.view("pages/stories/printer-ar.md"))


if __name__ == "__main__":
    unittest.main()
