# SPDX-License-Identifier: MIT
"""The HTML pages as a browser, a validator and axe-core see them.

vnu (the W3C's checker) and axe-core are npm packages (npm.py).
"""
import html
import json
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

import harness
import npm

SITE = """\
version: 1
network: {{private_addresses: allow, timeout: 10s}}
sites:
  - name: harbour
    title: The Harbour Ledger
    language: {language}
    discover:
      - {{index: "http://127.0.0.1:{port}/", category: stories, items: ".headlines h2 a", next: "a.next", pages: 5}}
    article:
      title: h1.headline
      body: "#story"
      hero: {{image: "figure.lead img", caption: "figure.lead figcaption"}}
      remove: [script, aside, .share]
    theme: {theme}
    share_code: yes
    mirrors: [one]
mirrors:
  - {{name: one, url: one.git, public: "https://git.example/harbour", pages: "https://harbour.example/"}}
"""

RUN_AXE = """<script src="{axe}"></script><script>
axe.run(document, {{runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}}).then(found => {{
  const violations = found.violations.map(v => v.id + ": " + v.nodes.map(n => n.html).join(" "));
  parent.postMessage(["{name}", violations], "*");
}});
</script>"""

# Shows all pages at once, and says in its title what axe found in each.
COLLECT = """<!DOCTYPE html><meta charset="utf-8"><title>axe</title><script>
const found = {{}};
addEventListener("message", event => {{
  found[event.data[0]] = event.data[1];
  if (Object.keys(found).length === {count}) document.title = "axe " + JSON.stringify(found);
}});
</script>{frames}"""

ARTICLES = ("seeds-in-the-wind", "stone-bridge-zh", "printer-ar")
PAGE_TYPES = ("index.html", "indexes/stories.html", "archive/index.html", "archive/2026/06.html", "search.html", "404.html",
              *(f"pages/stories/{name}.html" for name in ARTICLES))


class Browser(harness.EndToEnd):
    def mirror(self, theme, language="en"):
        port = self.nginx(f"root {harness.SOURCE}/demo/site;")
        self.bare("one.git")
        self.write("sites.yaml", SITE.format(port=port, theme=theme, language=language))
        self.dandelion("run", "--no-push", expect=0)
        self.git("clone", "-q", self.folder / "var/repos/harbour", self.folder / "copy")
        return self.folder / "copy"

    def chromium(self, *arguments):
        with tempfile.TemporaryDirectory() as profile:
            return subprocess.run(
                [harness.program("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                 f"--user-data-dir={profile}", *arguments],
                capture_output=True, text=True, timeout=120)


class EveryPage(Browser):
    def test_html_is_valid(self):
        harness.program("java")
        jar = npm.installed("vnu-jar") / "build" / "dist" / "vnu.jar"
        for theme in ("reader", "plain"):
            copy = self.mirror(theme)
            run = subprocess.run(["java", "-jar", jar, "--errors-only", *copy.rglob("*.html")], capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.doCleanups()
            self.setUp()

    def axe(self, pages):
        """What axe finds in each page of a folder, all of them in one browser."""
        axe = npm.installed("axe-core") / "axe.min.js"
        frames = []
        for number, page in enumerate(pages):
            # The page's own policy would not let axe in.
            text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text())
            looked_at = page.with_name(f"looked-at-{number}.html")
            looked_at.write_text(text.replace("</body>", RUN_AXE.format(axe=axe.as_uri(), name=page.as_posix()) + "</body>"))
            frames.append(f'<iframe src="{looked_at.as_uri()}" width="700" height="600"></iframe>')
        sheet = self.write("axe.html", COLLECT.format(count=len(frames), frames="".join(frames)))
        dom = self.chromium("--virtual-time-budget=60000", "--dump-dom", sheet.as_uri()).stdout
        found = re.search(r"<title>axe (.*?)</title>", dom, re.S)
        self.assertTrue(found, "axe did not run to its end")
        return json.loads(html.unescape(found.group(1)))

    def test_axe_finds_nothing_in_any_type_of_page(self):
        for theme, language in (("reader", "ar"), ("reader", "en"), ("plain", "en")):
            with self.subTest(theme=theme, language=language):
                copy = self.mirror(theme, language)
                bad = self.write("bad.html", '<html><body><h1>x</h1><img src="x.png"></body></html>')
                found = self.axe([*(copy / path for path in PAGE_TYPES), bad])
                self.assertIn("image-alt", " ".join(found.pop(bad.as_posix())), "axe finds what is wrong")
                self.assertEqual({path: faults for path, faults in found.items() if faults}, {})
                self.doCleanups()
                self.setUp()

    def test_the_policy_lets_the_page_have_its_own(self):
        copy = self.mirror("reader")
        page = (copy / "pages/stories/seeds-in-the-wind.html").as_uri()
        run = self.chromium("--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom", page)
        self.assertNotIn("Content Security Policy", run.stderr)
        self.assertNotIn("Content-Security-Policy directive", run.stderr)


class SearchPage(Browser):
    """search.html, from a folder as from a server."""

    STORIES = [("en", "A story of seed number {}", "Nobody knows where the wind carries lantern{}."),
               ("zh", "第{}座石桥的故事", "孩子们在桥上吹蒲公英，没有人数得清，编号乙{}。"),
               ("ru", "Ёлка номер {}", "Никто не знает, куда ветер уносит семена маяк{}."),
               ("ar", "الطَّابِعَة رقم {}", "لا أحد يعرف إلى أين تحمل الريح البذور فنار{}.")]

    def paper(self):
        """A site of forty stories in four languages and four years; its mirror's folder."""
        links = []
        for number in range(40):
            language, title, text = self.STORIES[number % 4]
            day = f"{2023 + number // 10}-0{number % 9 + 1}-1{number % 10}"
            self.write(f"site/story-{number}.html", f"""<!DOCTYPE html><html lang="{language}"><head><title>x</title>
                <meta property="article:published_time" content="{day}T08:00:00Z"></head><body>
                <h1 class="headline">{title.format(number)}</h1><div id="story"><p>{text.format(number)}</p>
                <p>{"The common words of every page stand here, again and again. " * 5}</p></div></body></html>""")
            links.append(f'<h2><a href="/story-{number}.html">story</a></h2>')
        self.write("site/index.html", f'<div class="headlines">{"".join(links)}</div>')
        port = self.nginx(f"root {self.folder}/site; charset utf-8;")
        self.bare("one.git")
        self.write("sites.yaml", SITE.format(port=port, theme="reader", language="en"))
        self.dandelion("run", "--no-push", expect=0)
        self.git("clone", "-q", self.folder / "var/repos/harbour", self.folder / "copy")
        return self.folder / "copy"

    def found(self, base, query):
        """The titles that the page shows, and what it says."""
        run = self.chromium("--enable-logging=stderr", "--virtual-time-budget=10000", "--dump-dom",
                            f"{base}search.html#q={urllib.parse.quote(query)}")
        self.assertNotIn("Content Security Policy", run.stderr)
        self.assertNotIn("CONSOLE", run.stderr)
        said = re.search(r'<p id="said"[^>]*>(.*?)</p>', run.stdout, re.S).group(1)
        items = re.search(r'<ol id="found">(.*?)</ol>', run.stdout, re.S).group(1)
        return re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', items), said

    def test_every_script_is_found_from_a_folder(self):
        base = self.paper().as_uri() + "/"
        for query, title in (("lantern36", "A story of seed number 36"), ("LANTERN3 seed", "A story of seed number 32"),
                             ("编号乙37", "第37座石桥的故事"), ("елка маяк38", "Ёлка номер 38"), ("طابعة فنار39", "الطَّابِعَة رقم 39")):
            hits, said = self.found(base, query)
            self.assertIn(title, [text for _, text in hits], f"{query}: {said}")
        for href, _ in hits:
            self.assertTrue((self.folder / "copy" / urllib.parse.unquote(href)).exists(), href)
        hits, _ = self.found(base, "蒲公英")
        self.assertEqual(hits[0][1], "第33座石桥的故事")  # the newest first
        self.assertEqual(len(hits), 10)
        self.assertEqual(self.found(base, "nowhere-at-all")[0], [])
        self.assertIn("Nothing found", self.found(base, "zeppelin")[1])

    def test_a_query_loads_little_from_a_server(self):
        copy = self.paper()
        port = self.nginx(f"location /mirror/ {{ alias {copy}/; }} types {{ text/html html; text/javascript js; }}")
        hits, _ = self.found(f"http://127.0.0.1:{port}/mirror/", "common words story")
        self.assertEqual(len(hits), 10)
        log = (self.folder / f"nginx-{port}" / "access.log").read_text().splitlines()
        loaded = [line for line in log if "/mirror/search" in line]
        self.assertTrue(loaded)
        self.assertFalse([line for line in log if "common" in line], "the server learns what is looked for")
        self.assertLess(sum(int(line.split('"')[2].split()[1]) for line in loaded), 200_000)

    def test_says_what_it_needs_where_scripts_are_off(self):
        text = (self.paper() / "search.html").read_text()
        self.assertRegex(text, r'<form id="search" role="search" hidden')
        self.assertRegex(text, r'<noscript><p>[^<]+<a href="archive/index.html">')
        self.assertIn("script-src 'self'", text)


if __name__ == "__main__":
    unittest.main()
