# SPDX-License-Identifier: MIT
"""The HTML pages as a browser, a validator and axe-core see them.

vnu (the W3C's checker) and axe-core are npm packages: they are installed once, into build/npm.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import harness

NPM = harness.SOURCE / "build" / "npm"

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
    mirrors: [one]
mirrors:
  - {{name: one, url: one.git, public: "https://git.example/harbour", pages: "https://harbour.example/"}}
"""

RUN_AXE = """<script src="axe.min.js"></script><script>
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}).then(found => {
  document.title = "axe " + JSON.stringify(found.violations.map(v => v.id + ": " + v.nodes.map(n => n.html).join(" ")));
});
</script>"""


def npm_package(name):
    harness.program("npm")
    NPM.mkdir(parents=True, exist_ok=True)
    home = NPM / "node_modules" / name
    if not home.exists():
        run = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", NPM, name], capture_output=True)
        if run.returncode != 0:
            raise unittest.SkipTest(f"npm cannot install {name}")
    return home


class InTheBrowser(harness.EndToEnd):
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

    def test_html_is_valid(self):
        harness.program("java")
        jar = npm_package("vnu-jar") / "build" / "dist" / "vnu.jar"
        for theme in ("reader", "plain"):
            copy = self.mirror(theme)
            run = subprocess.run(["java", "-jar", jar, "--errors-only", *copy.rglob("*.html")], capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.doCleanups()
            self.setUp()

    def test_axe_finds_nothing(self):
        axe = npm_package("axe-core") / "axe.min.js"
        copy = self.mirror("reader", "ar")
        for path in ("index.html", "pages/stories/printer-ar.html", "pages/stories/stone-bridge-zh.html",
                     "indexes/stories.html", "archive/index.html"):
            page = copy / path
            shutil.copy(axe, page.parent / "axe.min.js")
            # The page's own policy would not let axe in.
            text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text())
            (page.parent / "looked-at.html").write_text(text.replace("</body>", RUN_AXE + "</body>"))
            dom = self.chromium("--virtual-time-budget=20000", "--dump-dom", (page.parent / "looked-at.html").as_uri()).stdout
            found = re.search(r"<title>axe (.*?)</title>", dom, re.S)
            self.assertTrue(found, f"{path}: axe did not run")
            self.assertEqual(found.group(1), "[]", path)

    def test_the_policy_lets_the_page_have_its_own(self):
        copy = self.mirror("reader")
        page = (copy / "pages/stories/seeds-in-the-wind.html").as_uri()
        run = self.chromium("--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom", page)
        self.assertNotIn("Content Security Policy", run.stderr)
        self.assertNotIn("Content-Security-Policy directive", run.stderr)


if __name__ == "__main__":
    unittest.main()
