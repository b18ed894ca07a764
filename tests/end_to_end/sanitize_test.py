#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a hostile page's article becomes, as Chromium reads it: nothing outside the table, and nothing that runs.

The vectors are those of tests/html/sanitize_test.cpp, each the body of a page of its own; what comes out of all of them,
as HTML and as Markdown rendered by cmark-gfm, is put into one page that would notice a script or handler that runs.
"""
import json
import re
import subprocess
import unittest
from html.parser import HTMLParser

import harness
import paper

NOTICES = "<script>window.alert = window.x = () => { document.documentElement.dataset.ran = 'yes'; };</script>"


def vectors():
    source = (harness.SOURCE / "tests" / "html" / "sanitize_test.cpp").read_text()
    listed = source[source.index("constexpr const char* vectors[]"):]
    listed = re.sub(r"^\s*//.*$", "", listed[:listed.index("};")], flags=re.M)
    # Literals side by side without a comma are one.
    listed = re.sub(r'"\s*\n\s*"', "", listed)
    return [json.loads('"' + re.sub(r"\\x([0-9a-f]{2})", r"\\u00\1", literal) + '"')
            for literal in re.findall(r'"((?:[^"\\]|\\.)*)"', listed)]


def allowed():
    table = (harness.SOURCE / "src" / "html" / "allowed.cpp").read_text()
    return set(re.findall(r"Tag::(\w+)_, keep", table))


class Names(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.elements, self.attributes, self.ran = set(), set(), False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "html":
            self.ran = any(name == "data-ran" for name, _ in attributes)
        self.elements.add(tag)
        for name, value in attributes:
            self.attributes.add(name)
            if name in ("href", "src") and re.match(r"[\s\x00-\x20]*(javascript|vbscript|data:text)", value or "", re.I):
                self.elements.add(f"{tag} {name}={value}")


class Sanitize(harness.EndToEnd):
    def seen_by_chromium(self, pieces):
        page = self.write("page.html", f"<!DOCTYPE html><meta charset=utf-8>{NOTICES}<div>" + "</div><div>".join(pieces) + "</div>")
        run = subprocess.run([harness.program("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                              "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                              "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={self.folder}/profile",
                              "--virtual-time-budget=2000", "--dump-dom", page.as_uri()],
                             capture_output=True, text=True, timeout=120)
        self.assertIn("<div>", run.stdout, run.stderr[-500:])
        return Names(run.stdout)

    def articles(self):
        self.write("sites.yaml", paper.config("127.0.0.1:1", {}).replace("mirrors: []\n", "").replace("mirrors:\n  []\n", ""))
        questions = []
        for number, vector in enumerate(vectors()):
            path = self.write(f"{number}.html", paper.article("T", f"<p>text</p>{vector}"))
            questions.append(json.dumps({"file": str(path), "url": "https://x.example/p.html"}))
        run = self.dandelion("extract", "--batch", "--site", "paper", stdin="\n".join(questions))
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        answers = [answer for answer in answers if answer["html"]]
        self.assertGreater(len(answers), 0.9 * len(questions), run.stderr)
        return answers

    def test_chromium_finds_nothing_outside_the_table(self):
        answers = self.articles()
        markdown = [subprocess.run([harness.program("cmark-gfm"), "--unsafe", "-e", "footnotes", "-e", "table", "-e",
                                    "strikethrough"], input=answer["markdown"].encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
                    for answer in answers]
        for pieces in ([answer["html"] for answer in answers], markdown):
            seen = self.seen_by_chromium(pieces)
            self.assertFalse(seen.ran)
            # The page's own elements are not in question; <input> is a task list's.
            self.assertLessEqual(seen.elements - {"html", "head", "meta", "script", "body", "input"}, allowed())
            self.assertEqual({name for name in seen.attributes if name.startswith("on")}, set())


if __name__ == "__main__":
    unittest.main()
