# SPDX-License-Identifier: MIT
"""Pages that are gone, had from an archive that answers as the Wayback Machine does: by its names, its certificate, its paths."""
import gzip
import json
import unittest

import harness

PAGE = """<!DOCTYPE html><html lang="en"><head><title>The ferry</title><link rel="stylesheet" href="/style.css"></head>
<body><p>The ferry left at noon.</p><a href="next.html">Next</a></body></html>"""
STORY = "http://gone.example/2019/story.html"
TIME, OTHER_TIME = "20190102030405", "20190203000000"


def answer(**changes):
    closest = {"status": "200", "available": True, "url": "http://evil.example/", "timestamp": TIME, **changes}
    return json.dumps({"url": STORY, "archived_snapshots": {"closest": closest}})


class Wayback(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.origin = self.nginx("location /busy { return 503; } location /filtered { return 451; } "
                                 "location /evil { return 200 evil; } location / { return 404; }")
        self.authority = harness.Authority(self)
        files = self.folder / "wayback"
        # nginx makes one slash of two.
        for name, content in {f"web/{TIME}id_/http:/gone.example/2019/story.html": PAGE,
                              f"web/{OTHER_TIME}id_/http:/gone.example/style.css": "p { color: green }"}.items():
            self.write(f"wayback/{name}", content)
        plain, self.archive = harness.free_port(), harness.free_port()
        self.log = plain
        self.nginx(f"""listen 127.0.0.1:{self.archive} ssl;
            {self.authority.sign('archive', 'DNS:archive.org,DNS:web.archive.org')}
            types {{ text/html html; text/css css; }}
            location = /wayback/available {{ default_type application/json; alias {self.folder}/answer.json; }}
            location = /web/{TIME}id_/http:/gone.example/style.css {{
              return 302 /web/{OTHER_TIME}id_/http://gone.example/style.css; }}
            location /web/{TIME}id_/http:/gone.example/lured.html {{ return 302 http://127.0.0.1:{self.origin}/evil; }}
            absolute_redirect off; root {files};""", plain)
        self.configure()
        self.answer(answer())

    def configure(self, network=""):
        sites = {"archive-org": ("https://archive.org/f", {"archive.org:443": self.archive, "web.archive.org:443": self.archive}),
                 "gone": ("http://gone.example/f", {"gone.example:80": self.origin})}
        text = f"version: 1\nnetwork: {{private_addresses: allow, retries: 0, ca_file: {self.authority.file}{network}}}\nsites:\n"
        for name, (feed, places) in sites.items():
            moved = ", ".join(f'"{host}": "127.0.0.1:{port}"' for host, port in places.items())
            text += f"  - name: {name}\n    discover: [{{feed: '{feed}', category: a}}]\n    mirrors: [{name}]\n" \
                    f"    connect_to: {{{moved}}}\n"
        self.write("sites.yaml", text + "mirrors: [" + ", ".join(f"{{name: {name}, url: {name}.git}}" for name in sites) + "]\n")

    def answer(self, text):
        self.write("answer.json", text)

    def archived(self, *arguments, expect=0, fallback=True):
        return self.dandelion("archive", *(arguments or (STORY,)), *(["--fallback", "wayback"] if fallback else []),
                              expect=expect)

    def test_the_copy_is_kept_under_the_address_that_the_page_had(self):
        self.assertIn("as the Wayback Machine had it on 2019-01-02", self.archived().stdout)
        folder, = (self.folder / "archive").iterdir()
        self.assertTrue(folder.name.endswith("-gone.example-story"), folder.name)
        page = (folder / "page.html").read_text()
        self.assertIn("The ferry left at noon.", page)
        self.assertIn("color: green", page)
        self.assertIn('href="http://gone.example/2019/next.html"', page)
        self.assertNotIn("archive.org", page)
        receipt = json.loads((folder / "receipt.json").read_text())
        self.assertEqual((receipt["url"], receipt["final_url"]), (STORY, STORY))
        copy = receipt["archive_copy"]
        self.assertEqual((copy["archive"], copy["time"]), ("Wayback Machine", "2019-01-02T03:04:05Z"))
        self.assertEqual(copy["url"], f"https://web.archive.org/web/{TIME}id_/{STORY}")
        self.assertEqual(len(receipt["certificates"]), 1)
        self.assertEqual([(each["url"], "error" in each) for each in receipt["resources"]],
                         [("http://gone.example/style.css", False)])
        self.assertIn(f"WARC-Target-URI: {copy['url']}".encode(), gzip.decompress((folder / "page.warc.gz").read_bytes()))
        self.assertIn("1 kept pages, 0 with something wrong", self.dandelion("archive", "--check", expect=0).stdout)
        asked = [line for line in self.requests_to(self.log) if "/wayback/available" in line]
        self.assertEqual(asked, ["GET /wayback/available?url=http%3A%2F%2Fgone.example%2F2019%2Fstory.html HTTP/1.1"])
        self.assertIn("says the same", self.archived().stdout)

    def test_it_is_asked_only_where_the_page_is_gone_and_one_wants_it(self):
        self.assertIn("--fallback wayback would look", self.archived(fallback=False, expect=1).stderr)
        self.assertNotIn("wayback", self.archived("http://gone.example/busy", expect=1).stderr)
        self.assertNotIn("wayback", self.archived("http://me:secret@gone.example/", expect=1).stderr)
        self.assertNotIn("wayback", self.archived(f"http://127.0.0.1:{self.origin}/", expect=1).stderr)
        self.assertEqual([line for line in self.requests_to(self.log) if "/wayback/" in line], [])
        for gone in ("http://gone.example/filtered", "http://nowhere.invalid/", "http://gone.example:1/"):
            self.archived(gone, expect=1)
        self.assertEqual(len([line for line in self.requests_to(self.log) if "/wayback/" in line]), 3)

    def test_where_there_is_no_copy_the_failure_is_the_pages(self):
        for text in ('{"archived_snapshots": {}}', answer(status="404"), answer(available=False)):
            self.answer(text)
            run = self.archived(expect=1)
            self.assertIn("not found (HTTP 404); the Wayback Machine has no copy", run.stderr)

    def test_hostile_answers_lead_nowhere(self):
        for text in ("<html>", "[" * 60_000, '{"archived_snapshots":' * 2_000, answer(timestamp="../../../x/evil"),
                     answer(timestamp=int(TIME)), "x" * 1_000_000, ""):
            self.answer(text)
            run = self.archived(expect=1)
            self.assertIn("not found (HTTP 404); the Wayback Machine", run.stderr)
        self.answer(answer())
        run = self.archived("http://gone.example/lured.html", expect=1)
        self.assertIn(f"the Wayback Machine leads to http://127.0.0.1:{self.origin}/evil", run.stderr)
        self.assertFalse((self.folder / "archive").exists())

    def test_nothing_goes_past_the_proxies(self):
        self.configure(f", proxies: ['http://127.0.0.1:{harness.free_port()}']")
        self.archived(expect=1)
        self.assertEqual(self.requests_to(self.log), [])
        self.assertEqual(self.requests_to(self.origin), [])
        self.configure(f", proxies: ['http://127.0.0.1:{self.squid()}']")
        self.archived()
        self.assertIn("CONNECT", self.squid_log.read_text())


if __name__ == "__main__":
    unittest.main()
