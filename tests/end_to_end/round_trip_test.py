#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Markdown of an article, rendered by cmark-gfm, shows what its HTML shows: text, links, pictures, blocks.

On pages of the corpora beside the source folder; every tenth by default, all with ROUND_TRIP_EVERY=1.
"""
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import harness
import round_trip

CORPUS = pathlib.Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
EVERY = int(os.environ.get("ROUND_TRIP_EVERY", "10"))


class RoundTrip(unittest.TestCase):
    def setUp(self):
        if not CORPUS.exists():
            self.skipTest(f"the pages to test with are not here: {CORPUS}")
        if not shutil.which("cmark-gfm"):
            self.skipTest("cmark-gfm is not installed")

    def test_markdown_means_what_the_page_meant(self):
        pages = sorted(CORPUS.glob("**/*.html.gz"))
        pages = [page for page in pages if not page.name.startswith("expected")][::EVERY]
        with tempfile.TemporaryDirectory() as folder:
            questions = []
            for number, page in enumerate(pages):
                path = pathlib.Path(folder) / f"{number}.html"
                path.write_bytes(gzip.decompress(page.read_bytes()))
                questions.append(json.dumps({"file": str(path), "url": "https://page.example/a/"}))
            run = subprocess.run([harness.BINARY, "extract", "--batch"], input="\n".join(questions).encode(),
                                 stdout=subprocess.PIPE, timeout=500)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual(len(answers), len(pages))
        wrong = {"text": [], "links": [], "pictures": [], "headings": [], "blocks": []}
        articles = 0
        for page, answer in zip(pages, answers):
            if answer["html"] is None:
                continue
            articles += 1
            for name in round_trip.differences(answer["html"], answer["markdown"])[0]:
                wrong[name].append(page.name)
        self.assertGreater(articles, 0.97 * len(pages))
        self.assertLessEqual(len(wrong["text"]), 0.005 * articles, wrong["text"])
        self.assertEqual(wrong["links"], [])
        self.assertEqual(wrong["pictures"], [])
        # A heading that is a box for more than a line gives its content alone.
        self.assertLessEqual(len(wrong["headings"]), 0.005 * articles, wrong["headings"])
        self.assertLessEqual(len(wrong["blocks"]), 0.02 * articles, wrong["blocks"])


if __name__ == "__main__":
    unittest.main()
