# SPDX-License-Identifier: MIT
"""A mirror as cron runs it: all kinds of sources, discovery, stops and kills, schedule, notify."""
import gzip
import json
import random
import signal
import socket
import subprocess
import time
import unittest

import harness
import paper


def feed(names, changed=None):
    items = "".join(f"<item><title>{name}</title><link>/{name}?utm_source=rss</link></item>" for name in names)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def sitemap(entries):
    urls = "".join(f"<url><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for url, day in entries)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


class Cron(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.origin = self.nginx(f"root {self.paper.folder};")
        self.ours = self.folder / "var" / "repos" / "paper"

    def url(self, name):
        return f"http://127.0.0.1:{self.origin}/{name}"

    def configure(self, discover, network="", site="", more=""):
        text = paper.config(f"127.0.0.1:{self.origin}", {}, network=network, site=site)
        begin, rest = text.split("    discover:\n")
        rest = rest[rest.index("    article:"):]
        self.write("sites.yaml", begin + "    discover:\n" + discover + rest + more)

    def pages(self):
        return [name.split("/")[-1] for name in self.files_in(self.ours) if name.startswith("pages/")]

    def asked(self, before=0):
        lines = [line.split()[1] for line in self.requests_to(self.origin)[before:]]
        return [line for line in lines if line != "/robots.txt"]

    def test_feeds_sitemaps_and_links_name_articles_once(self):
        (self.paper.folder / "feed.xml").write_text(feed(["n3.html", "n2.html"]))
        (self.paper.folder / "part.xml.gz").write_bytes(gzip.compress(
            sitemap([(self.url("n1.html"), "2026-03-01"), (self.url("about.html"), None)]).encode()))
        (self.paper.folder / "sitemap.xml").write_text(
            f"<sitemapindex><sitemap><loc>{self.url('part.xml.gz')}</loc></sitemap></sitemapindex>")
        (self.paper.folder / "start.html").write_text('<a href="more.html">more</a><a href="n2.html#x">two</a>')
        (self.paper.folder / "more.html").write_text('<a href="n4.html">four</a><a href="about.html">us</a>')
        self.paper.add_article()
        self.configure(f"""\
      - feed: {self.url('feed.xml')}
      - {{sitemap: "{self.url('sitemap.xml')}", match: "/n[0-9]+[.]html$"}}
      - {{links: "{self.url('start.html')}", match: "/n[0-9]+[.]html$", depth: 2}}
""")
        run = self.dandelion("run", expect=0)
        self.assertIn("4 new pages", run.stdout)
        self.assertEqual(self.pages(), ["n1.md", "n2.md", "n3.md", "n4.md"])
        before = len(self.requests_to(self.origin))
        self.assertIn("nothing new", self.dandelion("run", expect=0).stdout)
        self.assertEqual(sorted(self.asked(before)),
                         ["/feed.xml", "/more.html", "/part.xml.gz", "/sitemap.xml", "/start.html"])

    def test_a_sitemap_that_says_so_has_a_page_checked_at_once(self):
        (self.paper.folder / "sitemap.xml").write_text(sitemap([(self.url("n1.html"), "2026-03-01")]))
        self.configure(f"      - sitemap: {self.url('sitemap.xml')}\n")
        self.dandelion("run", expect=0)
        self.paper.add_article("n1.html", paper.article("Story 1", body="<p>Other words.</p>"))
        self.assertIn("nothing new", self.dandelion("run", expect=0).stdout)
        (self.paper.folder / "sitemap.xml").write_text(sitemap([(self.url("n1.html"), "2099-01-01T00:00:00Z")]))
        self.assertIn("1 corrected", self.dandelion("run", expect=0).stdout)
        page = self.show(self.ours, "pages/news/n1.md").decode()
        self.assertIn("Other words.", page)
        self.assertRegex(page, r"Corrected at the source: \d{4}-|Corrected at the source: \w+")

    def test_discover_prints_a_stanza_that_works(self):
        titles = ["The ferry is late again and nobody knows why", "A market returns to the old square after all",
                  "Readers write about the winter of the long night", "What the lighthouse keeper saw that evening",
                  "Printing by hand: a workshop opens its doors"]
        for number, title in enumerate(titles, 1):
            (self.paper.folder / f"n{number}.html").write_text(
                paper.article(title, body="".join(f"<p>{title}. This is a paragraph of some length, number {i}.</p>"
                                                  for i in range(8)), day=number))
        links = "".join(f'<li class="row"><a class="head" href="/n{i}.html">{title}</a></li>'
                        for i, title in enumerate(titles, 1))
        (self.paper.folder / "front.html").write_text(
            '<html lang="en"><title>The Paper</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
            f'<nav><a href="/about.html">About us</a></nav><ul class="list">{links}</ul></html>')
        (self.paper.folder / "feed.xml").write_text(feed([f"n{i}.html" for i in range(5, 0, -1)]))
        (self.paper.folder / "robots.txt").write_text(f"User-agent: *\nSitemap: {self.url('map.xml')}\n")
        (self.paper.folder / "map.xml").write_text(sitemap([(self.url(f"n{i}.html"), None) for i in range(1, 6)]))
        config = f"version: 1\nnetwork: {{private_addresses: allow, retries: 0}}\nsites: [{{name: x, discover: [{{index: '{self.url('')}'}}]}}]\n"
        self.write("network.yaml", config)
        found = self.dandelion("discover", self.url("front.html"), "-c", "network.yaml", expect=0)
        for wanted in ("feed: ", 'items: ".list a"', 'match: "/n[0-9]+\\\\.html$"', "sitemap: ", "language: \"en\"",
                       titles[4], "characters, 2026-03-05"):
            self.assertIn(wanted, found.stdout)
        self.write("sites.yaml", "version: 1\nnetwork: {private_addresses: allow}\n" + found.stdout)
        self.assertIn("5 new pages", self.dandelion("run", expect=0).stdout)

    def test_discover_tells_where_nothing_was_found(self):
        self.write("network.yaml", f"version: 1\nnetwork: {{private_addresses: allow, retries: 0}}\nsites: [{{name: x, discover: [{{index: '{self.url('')}'}}]}}]\n")
        (self.paper.folder / "empty.html").write_text("<p>Nothing here.</p>")
        run = self.dandelion("discover", self.url("empty.html"), "-c", "network.yaml", expect=1)
        self.assertIn("no feed, no sitemap, no list of articles", run.stderr)

    def test_a_site_that_hangs_is_stopped_within_ten_seconds_and_exits_with_4(self):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        self.addCleanup(listener.close)
        self.configure(f"      - index: http://127.0.0.1:{listener.getsockname()[1]}/\n",
                       network="  robots: ignore\n  per_host: {connections: 8}")
        run = subprocess.Popen([harness.BINARY, "run"], cwd=self.folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.stop, run)
        time.sleep(1)
        asked = time.monotonic()
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 4)
        self.assertLess(time.monotonic() - asked, 10)

    def test_a_source_that_fails_again_and_again_is_left_alone(self):
        names = [f"m{i}.html" for i in range(40)]
        (self.paper.folder / "index.html").write_text(paper.index(names))
        self.configure(f"      - {{index: \"{self.url('index.html')}\", items: '.list a'}}\n",
                       network="  per_host: {connections: 1}")
        # nginx answers 503 for what is not there.
        broken = self.nginx(f"root {self.paper.folder}; location /m {{ return 503; }}")
        text = (self.folder / "sites.yaml").read_text().replace(f":{self.origin}/", f":{broken}/")
        self.write("sites.yaml", text)
        run = self.dandelion("run", expect=1)
        self.assertIn("pages in a row could not be had", run.stderr)
        self.assertLess(len(self.requests_to(broken)), 40)

    def test_a_killed_run_is_finished_by_the_next_one(self):
        for _ in range(20):
            self.paper.add_article()
        (self.paper.folder / "index.html").write_text(paper.index([f"n{i}.html" for i in range(23, 0, -1)]))
        self.configure(f"      - {{index: \"{self.url('index.html')}\", items: '.list a', category: news}}\n")
        self.dandelion("run", expect=0)
        tree = self.git("-C", self.ours, "rev-parse", "main^{tree}").strip()
        chance = random.Random(4)
        for trial in range(12):
            subprocess.run(["rm", "-rf", self.folder / "var"], check=True)
            run = subprocess.Popen([harness.BINARY, "run"], cwd=self.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.01, 0.6))
            run.kill()
            run.wait()
            self.dandelion("run", expect=0)
            self.assertEqual(self.git("-C", self.ours, "rev-parse", "main^{tree}").strip(), tree, f"trial {trial}")
            self.assertEqual(self.git("-C", self.ours, "rev-list", "--count", "main").strip(), "1")
            self.assert_sound(self.ours)

    def test_a_clone_of_the_mirror_can_be_gone_on_with(self):
        self.configure(f"      - {{index: \"{self.url('index.html')}\", items: '.list a', category: news}}\n")
        self.dandelion("run", expect=0)
        before = self.head(self.ours)
        copy = self.folder / "copy.git"
        self.git("clone", "-q", "--bare", self.ours, copy)
        subprocess.run(["rm", "-rf", self.folder / "var"], check=True)
        self.ours.parent.mkdir(parents=True)
        self.git("clone", "-q", "--bare", copy, self.ours)
        run = self.dandelion("run", expect=0)
        self.assertIn("nothing new", run.stdout)
        self.assertEqual(self.head(self.ours), before)

    def test_schedule_prints_a_crontab_line_and_units_that_systemd_takes(self):
        self.configure(f"      - index: {self.url('index.html')}\n", site="    every: 1h")
        both = self.dandelion("schedule", expect=0).stdout
        line = self.dandelion("schedule", "--form", "cron", expect=0).stdout
        self.assertTrue(line.startswith("0 * * * * "), line)
        self.assertIn(line, both)
        # cron hands the line to sh with \% made %; --version instead of the run, no delay.
        command = line.split(" ", 5)[5].replace("\\%", "%").split(";", 1)[1].replace("run --quiet", "--version")
        subprocess.run(["sh", "-n", "-c", line.split(" ", 5)[5].replace("\\%", "%")], check=True)
        shown = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout
        self.assertTrue(shown.startswith("dandelion "), shown)
        units = self.dandelion("schedule", "--form", "systemd", expect=0).stdout
        for name in ("service", "timer"):
            begin = units.index(f"# /etc/systemd/system/dandelion.{name}")
            text = units[begin:].split("\n# /etc/", 1)[0].replace("User=dandelion", "User=root")
            self.write(f"units/dandelion.{name}", text)
        for wanted in ("NoNewPrivileges=yes", "PrivateTmp=yes", "ProtectSystem=strict", "RandomizedDelaySec=6m",
                       f'ReadWritePaths="{self.folder}/var" "{self.folder}/var/repos"'):
            self.assertIn(wanted, units)
        verify = harness.program("systemd-analyze")
        judged = subprocess.run([verify, "verify", self.folder / "units" / "dandelion.service",
                                 self.folder / "units" / "dandelion.timer"], capture_output=True, text=True)
        ours = [line for line in judged.stderr.splitlines() if "dandelion" in line and "man dandelion" not in line]
        self.assertEqual(ours, [], judged.stderr)

    def test_a_failed_run_is_told_to_whom_notify_names(self):
        self.configure(f"      - index: {self.url('gone.html')}\n", more=f"""
notify:
  command: cat > told
  failure: env:HC_FAILED
  success: {self.url('ok')}
""")
        self.dandelion("run", expect=1, env={"HC_FAILED": self.url("hc-failed")})
        self.assertIn("paper: index", (self.folder / "told").read_text())
        self.assertIn("/hc-failed", self.asked())
        self.assertNotIn("/ok", self.asked())

    def test_status_is_a_word_on_everything(self):
        (self.paper.folder / "n2.html").unlink()
        self.configure(f"      - {{index: \"{self.url('index.html')}\", items: '.list a'}}\n", site="    every: 30m")
        self.dandelion("run", expect=1)
        site = json.loads(self.dandelion("status", "--json", expect=0).stdout)["sites"][0]
        self.assertEqual(site["last"]["failed"], 1)
        self.assertEqual(site["quarantine"], [])
        self.assertIsNotNone(site["next_due"])
        self.assertFalse(site["failures"][0]["held"])


if __name__ == "__main__":
    unittest.main()
