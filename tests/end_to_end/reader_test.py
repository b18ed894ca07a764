# SPDX-License-Identifier: MIT
"""The themes that write HTML: the demo newspaper mirrored whole, then every link of every file followed."""
import html.parser
import json
import pathlib
import posixpath
import re
import unittest
import urllib.parse
import urllib.request
import xml.etree.ElementTree

import harness

SITE = """\
version: 1
network: {{private_addresses: allow, timeout: 10s}}
sites:
  - name: harbour
    title: The Harbour Ledger
    language: en
    discover:
      - index: http://127.0.0.1:{port}/
        category: stories
        items: ".headlines h2 a"
        next: "a.next"
        pages: 5
    article:
      title: h1.headline
      body: "#story"
      hero: {{image: "figure.lead img", caption: "figure.lead figcaption"}}
      remove: [script, aside, .share]
    theme: {theme}
    menu:
      - {{text: All stories, href: "../../indexes/stories.md"}}
{more}"""

MARKDOWN_LINK = re.compile(r"\]\(<?([^)\s>]+)>?\)")


class Links(html.parser.HTMLParser):
    """What a page loads, and where its links lead."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.links, self.ids, self.tags = [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.ids.update([attrs["id"]] if "id" in attrs else [])
        if tag in ("img", "script", "source", "iframe", "video", "audio") and "src" in attrs:
            self.loads.append(attrs["src"])
        if tag == "link":
            self.loads.append(attrs["href"])
        if tag == "a" and "href" in attrs:
            self.links.append(attrs["href"])


class ReaderThemes(harness.EndToEnd):
    def mirror(self, theme="reader", more=""):
        port = self.nginx(f"root {harness.SOURCE}/demo/site;")
        self.config(port, theme, more)
        self.dandelion("run", "--no-push", expect=0)
        return port

    def config(self, port, theme="reader", more=""):
        self.write("sites.yaml", SITE.format(port=port, theme=theme, more=more))

    @property
    def repository(self):
        return self.folder / "var/repos/harbour"

    def file(self, path):
        return self.show(self.repository, path).decode()

    def assert_links_lead_somewhere(self):
        """Relative links, as they work in a folder, under a sub-path of Pages, and in a host's view of a file."""
        files = set(self.files_in(self.repository))
        checked = 0
        for path in files:
            if path.endswith(".html"):
                page = Links(self.file(path))
                loads, links, ids = page.loads, page.links, page.ids
            elif path.endswith(".md"):
                loads, links, ids = [], MARKDOWN_LINK.findall(self.file(path)), set()
            else:
                continue
            for link in loads:
                self.assertFalse(urllib.parse.urlsplit(link).netloc, f"{path} loads {link}")
            for link in loads + links:
                parts = urllib.parse.urlsplit(link)
                if parts.scheme or parts.netloc:
                    continue
                if not parts.path:
                    self.assertIn(parts.fragment, ids, f"{path}: #{parts.fragment}")
                    continue
                self.assertFalse(parts.path.startswith("/"), f"{path}: {link} is not relative")
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), urllib.parse.unquote(parts.path)))
                self.assertIn(target, files, f"{path}: {link}")
                checked += 1
        self.assertGreater(checked, 50)

    def test_every_link_of_every_theme_leads_somewhere(self):
        for theme in ("reader", "plain"):
            with self.subTest(theme=theme):
                self.doCleanups()
                self.setUp()
                self.mirror(theme)
                self.assert_links_lead_somewhere()

    def test_markdown_leads_to_markdown_as_a_host_shows_files(self):
        """A host shows an .html file as its source: pages that it renders must not lead there."""
        self.mirror()
        for path in self.files_in(self.repository):
            if path.endswith(".md"):
                for link in MARKDOWN_LINK.findall(self.file(path)):
                    self.assertFalse(not urllib.parse.urlsplit(link).scheme and link.endswith(".html"), f"{path}: {link}")

    def crawl(self, start, read):
        """Follows every link from `start` that stays beside it; what was reached, relative to its folder."""
        base = start[:start.rindex("/") + 1]
        to_read, seen = [start], set()
        while to_read:
            address = to_read.pop()
            if address in seen:
                continue
            seen.add(address)
            self.assertTrue(address.startswith(base), f"{address} leads out of the mirror")
            content = read(address)
            if not address.endswith((".html", ".md")):
                continue
            text = content.decode()
            page = Links(text)
            links = page.links + (MARKDOWN_LINK.findall(text) if address.endswith(".md") else [])
            for link in page.loads + links:
                target = urllib.parse.urldefrag(urllib.parse.urljoin(address, link)).url
                if target.startswith(base[:base.index("/", 8)]):
                    to_read.append(target)
                else:
                    self.assertNotIn(link, page.loads, f"{address} loads from another host")
        return {urllib.parse.unquote(address.removeprefix(base)) for address in seen}

    def assert_all_reached(self, reached, ending, but=()):
        wanted = {path for path in self.files_in(self.repository) if path.endswith(ending) and path not in but}
        self.assertEqual(wanted - reached, set())

    def test_every_page_is_reached_in_a_folder_under_a_sub_path_and_in_a_hosts_view_of_files(self):
        def from_disk(address):
            return pathlib.Path(urllib.parse.unquote(urllib.parse.urlsplit(address).path)).read_bytes()

        def from_server(address):
            with urllib.request.urlopen(address) as answer:
                return answer.read()

        def from_host(address):
            self.assertFalse(address.endswith(".html"), f"{address} would be shown as its source")
            return self.show(self.repository, urllib.parse.unquote(address.removeprefix(blob)))

        blob = "https://git.example/somebody/mirror/blob/main/"
        for theme in ("reader", "plain"):
            with self.subTest(theme=theme):
                self.doCleanups()
                self.setUp()
                self.mirror(theme, "    images: {max_width: 300}\n    share_code: yes\n")
                self.git("clone", "-q", self.repository, self.folder / "copy")
                port = self.nginx(f"location /deep/mirror/ {{ alias {self.folder}/copy/; }}")
                for start, read in (((self.folder / "copy/index.html").as_uri(), from_disk),
                                    (f"http://127.0.0.1:{port}/deep/mirror/index.html", from_server)):
                    self.assert_all_reached(self.crawl(start, read), ".html", but={"404.html"})
                self.assert_all_reached(self.crawl(blob + "README.md", from_host), ".md")

    def test_the_search_index_names_pages_that_are_there(self):
        self.mirror()
        files = self.files_in(self.repository)
        named = set()
        for path in files:
            if re.match(r"search/[^/]+/p\d+\.js", path):
                content = re.search(r"\((.*)\);", self.file(path), re.S).group(1)
                named.update(page[1] for page in json.loads(f"[{content}]")[1])
        self.assertEqual(named, {path for path in files if path.startswith("pages/") and path.endswith(".html")})

    def test_pages_ask_nobody_and_run_nothing(self):
        self.mirror()
        for path in self.files_in(self.repository):
            if not path.endswith(".html"):
                continue
            text = self.file(path)
            self.assertIn('http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;'.replace("&#39;", "'"), text)
            if path != "search.html":
                self.assertNotIn("<script", text)
                self.assertNotIn("script-src", text)
            self.assertNotIn(" style=", text)
            self.assertEqual(Links(text).tags.count("h1"), 1, path)
            self.assertLess(len(text.encode()), 30_000, path)

    def test_pictures_come_along_without_their_metadata(self):
        self.mirror(more="    images: {max_width: 300}\n")
        pictures = [path for path in self.files_in(self.repository) if re.match(r"assets/[0-9a-f]{2}/[0-9a-f]{64}\.", path)]
        self.assertTrue(pictures)
        page = self.file("pages/stories/seeds-in-the-wind.html")
        self.assertRegex(page, r'<img src="../../assets/[0-9a-f]{2}/[0-9a-f]{64}\.\w+" alt="A dandelion clock[^"]*" '
                               r'width="\d+" height="\d+">')
        self.assertIn('loading="lazy"', page)
        self.assertRegex(self.file("pages/stories/seeds-in-the-wind.md"), r"!\[An old stone bridge[^]]*\]\(../../assets/")

    def test_pictures_that_cannot_be_had_leave_their_words_and_come_later(self):
        port = harness.free_port()
        down = self.folder / "down"
        self.nginx(f"location / {{ root {harness.SOURCE}/demo/site; }} "
                   f"location /pictures/ {{ if (-f {down}) {{ return 503; }} root {harness.SOURCE}/demo/site; }}", port)
        down.write_text("")
        self.config(port)
        self.write("sites.yaml", (self.folder / "sites.yaml").read_text().replace("timeout: 10s", "timeout: 10s, retries: 0"))
        self.dandelion("run", "--no-push", expect=0)
        page = self.file("pages/stories/seeds-in-the-wind.html")
        self.assertNotIn("<img", page)
        self.assertIn("<em>[An old stone bridge with four arches over calm water]</em>", page)
        self.assertIn("Nobody planted them.", page)
        down.unlink()
        self.dandelion("run", "--no-push", "--site", "harbour", expect=0)
        self.assertIn("<img", self.file("pages/stories/seeds-in-the-wind.html"))

    def test_articles_lead_to_each_other(self):
        self.mirror()
        page = self.file("pages/stories/seeds-in-the-wind.html")
        self.assertIn('<a href="library-copies.html">the library that copies everything twice</a>', page)
        self.assertIn('class="next" href="lighthouse-logbook.html"', page)
        self.assertIn("[the library that copies everything twice](library-copies.md)",
                      self.file("pages/stories/seeds-in-the-wind.md"))

    def test_a_link_leads_to_the_copy_that_appears_later(self):
        port = self.nginx(f"root {harness.SOURCE}/demo/site;")
        self.config(port)
        listing = (self.folder / "sites.yaml").read_text()
        self.write("sites.yaml", listing.replace('".headlines h2 a"', '".headlines h2 a[href*=seeds]"')
                   .replace("pages: 5", "pages: 1"))
        self.dandelion("run", "--no-push", expect=0)
        self.assertNotIn("library-copies.html\"", self.file("pages/stories/seeds-in-the-wind.html"))
        self.config(port)
        self.dandelion("run", "--no-push", "--site", "harbour", expect=0)
        self.assertIn('<a href="library-copies.html">', self.file("pages/stories/seeds-in-the-wind.html"))

    def test_a_second_run_changes_nothing(self):
        self.mirror()
        before = self.head(self.repository)
        self.dandelion("run", "--no-push", "--site", "harbour", expect=0)
        self.assertEqual(self.head(self.repository), before)

    def test_another_theme_writes_every_page_anew(self):
        port = self.mirror("classic")
        self.assertNotIn("pages/stories/seeds-in-the-wind.html", self.files_in(self.repository))
        self.config(port, "reader")
        self.dandelion("run", "--no-push", "--site", "harbour", expect=0)
        self.assertIn("<img", self.file("pages/stories/seeds-in-the-wind.html"))
        self.assert_links_lead_somewhere()

    def test_another_theme_leaves_nothing_of_the_one_before(self):
        port = self.mirror()
        before = {path: self.show(self.repository, path) for path in self.files_in(self.repository)}
        self.assertIn("search.html", before)
        self.config(port, "classic")
        self.dandelion("run", "--no-push", "--site", "harbour", expect=0)
        left = self.files_in(self.repository)
        self.assertIn("pages/stories/seeds-in-the-wind.md", left)
        self.assertEqual([path for path in left if path.endswith((".html", ".js", ".css", ".json"))], [])
        self.config(port, "reader")
        self.dandelion("run", "--no-push", "--site", "harbour", expect=0)
        self.assertEqual({path: self.show(self.repository, path) for path in self.files_in(self.repository)}, before)
        self.assert_sound(self.repository)

    def test_feeds_hold_the_text(self):
        self.mirror()
        atom = "{http://www.w3.org/2005/Atom}"
        feed = xml.etree.ElementTree.fromstring(self.file("feed.xml"))
        entries = feed.findall(atom + "entry")
        self.assertEqual(len(entries), 6)
        self.assertIn("Blow on one head", [entry.find(atom + "title").text for entry in entries])
        self.assertIn("<p>", entries[0].find(atom + "content").text)
        items = json.loads(self.file("feed.json"))["items"]
        self.assertEqual([item["title"] for item in items], [entry.find(atom + "title").text for entry in entries])
        self.assertIn("pages/stories/", items[0]["url"])

    def test_the_policy_lets_the_counter_in_whose_host_bears_the_sites_name(self):
        self.mirror(more='    pixel: "https://{site}.counter.example/{path}"\n')
        page = self.file("pages/stories/seeds-in-the-wind.html")
        self.assertIn('<img src="https://harbour.counter.example/pages/', page)
        self.assertIn("img-src 'self' https://harbour.counter.example;", page)

    MIRRORS = """    mirrors: [one]
    share_code: {code}
mirrors:
  - {{name: one, url: one.git, public: "https://codeberg.org/somebody/harbour", pages: "https://harbour.example/"}}
"""

    def test_a_code_is_drawn_beside_markdown_pages_where_asked(self):
        self.bare("one.git")
        port = self.mirror(more=self.MIRRORS.format(code="png"))
        page = self.file("pages/stories/seeds-in-the-wind.md")
        self.assertIn("](share/seeds-in-the-wind.png)", page)
        picture = self.show(self.repository, "pages/stories/share/seeds-in-the-wind.png")
        self.assertTrue(picture.startswith(b"\x89PNG\r\n\x1a\n"))
        self.assertLess(len(picture), 2000)
        self.assertIn("<svg", self.file("pages/stories/seeds-in-the-wind.html"))
        self.assert_links_lead_somewhere()
        self.config(port, more=self.MIRRORS.format(code="yes"))
        self.dandelion("run", "--no-push", "--site", "harbour", expect=0)
        self.assertEqual([path for path in self.files_in(self.repository) if "/share/" in path], [])
        self.assertNotIn("share/", self.file("pages/stories/seeds-in-the-wind.md"))
        self.assertIn("<svg", self.file("pages/stories/seeds-in-the-wind.html"))

    def test_extract_prints_the_page_that_the_run_wrote(self):
        self.bare("one.git")
        for theme in ("reader", "classic"):
            port = self.mirror(theme, self.MIRRORS.format(code="png"))
            names = [path for path in self.files_in(self.repository) if re.match(r"pages/stories/[^/]+\.md", path)]
            self.assertEqual(len(names), 6)
            for path in names:
                address = f"http://127.0.0.1:{port}/2026/{pathlib.PurePath(path).stem}.html"
                run = self.dandelion("extract", address, "--format", "page", "--site", "harbour", expect=0)
                self.assertEqual(run.stdout, self.file(path))
            self.doCleanups()
            self.setUp()
            self.bare("one.git")

    def test_plain_pages_are_small(self):
        self.mirror("plain")
        for path in self.files_in(self.repository):
            if path.endswith(".html"):
                self.assertLess(len(self.file(path).encode()), 10_000, path)


if __name__ == "__main__":
    unittest.main()
