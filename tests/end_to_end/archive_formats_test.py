# SPDX-License-Identifier: MIT
"""What `archive` makes of an article and of what is none: one file, Markdown with its pictures, a book."""
import base64
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree
import zipfile

import harness

PICTURES = harness.SOURCE / "demo/site/pictures"
EPUBCHECK = pathlib.Path("/usr/share/java/epubcheck.jar")
TEXTS = {
    "en": ("The ferry & the <quay>", "Ada Quill", "The ferry left at noon, and nobody on the quay knew why it had waited so long. "),
    "zh": ("渡船", "陈秋禾", "渡船中午离岸，码头上没有人知道它为什么等了那么久。船工说，风停了，水也静了，可以走了。"),
    "ar": ("العبّارة", "سلمى الحداد", "غادرت العبّارة عند الظهر، ولم يعرف أحد على الرصيف لماذا انتظرت كل هذا الوقت. "),
}


def story(language):
    title, byline, sentence = TEXTS[language]
    paragraph = f"<p>{sentence * 6}<br>{sentence}</p>"
    title = title.replace("&", "&amp;").replace("<", "&lt;")
    return f"""<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="author" content="{byline}"><meta property="article:published_time" content="2026-03-05T08:00:00Z">
<link rel="stylesheet" href="/style.css"></head>
<body><nav><a href="/">Front</a></nav><main><article><h1>{title}</h1>{paragraph * 2}
<figure><img data-actualsrc="late.png?a&amp;b" alt="A &quot;lighthouse&quot;"><figcaption>At dusk.</figcaption></figure>
{paragraph}<h2>Later</h2><pre>\n\n a &lt; b\x01\x0b</pre><p>{sentence * 3} <a href="https://other.example/x?a=1&amp;b=2">{sentence[:12]}</a>.</p>
<p><img src="gone.png" alt="A bridge that is gone"></p><ul><li>{sentence}</li></ul>{paragraph}</article></main></body></html>"""


class ArchiveFormats(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.origin = self.folder / "origin"
        self.origin.mkdir()
        for language in TEXTS:
            (self.origin / f"{language}.html").write_text(story(language))
        shutil.copy(PICTURES / "lighthouse.png", self.origin / "late.png")
        (self.origin / "style.css").write_text("p { color: navy }")
        self.port = self.nginx(f"root {self.origin}; default_type application/octet-stream; "
                               "types { text/html html; image/png png; text/css css; text/plain txt; application/pdf pdf; "
                               "application/rss+xml rss; }")
        self.write("sites.yaml", "version: 1\nnetwork: {private_addresses: allow}\n"
                                 "sites:\n  - name: other\n    discover: [{feed: 'https://other.example/f', category: a}]\n"
                                 "    mirrors: [one]\nmirrors: [{name: one, url: one.git}]\n")

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def keep(self, name, formats=None, force=False):
        """Keeps one page; returns its folder and what was said."""
        before = set(self.kept())
        options = (["--format", formats] if formats else []) + (["--force"] if force else [])
        run = self.dandelion("archive", *options, self.url(name), expect=0)
        folder, = set(self.kept()) - before
        return folder, run.stdout

    def kept(self):
        return list((self.folder / "archive").glob("*"))

    def files(self, folder):
        """The files beside the receipt, each with the hash that it has there."""
        listed = {file["name"]: file["sha256"] for file in json.loads((folder / "receipt.json").read_text())["files"]}
        there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"receipt.json"}
        self.assertEqual(set(listed), there)
        for name, digest in listed.items():
            self.assertEqual(hashlib.sha256((folder / name).read_bytes()).hexdigest(), digest, name)
        return there

    def test_an_article_is_one_file_that_asks_for_nothing(self):
        folder, _ = self.keep("en.html", "html")
        self.assertEqual(self.files(folder), {"article.html"})
        page = (folder / "article.html").read_text()
        self.assertIn("<h1>The ferry &amp; the &lt;quay&gt;</h1>", page)
        for fact in ("Ada Quill", "5 March 2026", "independent copy", " UTC</bdi>", "<em>[A bridge that is gone]</em>"):
            self.assertIn(fact, page)
        self.assertEqual(set(re.findall(r'href="([^"]*)"', page)),
                         {self.url("en.html"), "https://other.example/x?a=1&amp;b=2"})
        self.assertRegex(page, r"""http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style""")
        source, = re.findall(r'<img src="data:image/png;base64,([^"]*)"', page)
        self.assertTrue(base64.b64decode(source).startswith(b"\x89PNG"))

        before = len(self.requests_to(self.port))
        probe = self.write("probe.html", re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace(
            "</body>", "<script>document.title = document.images[0].naturalWidth</script></body>"))
        for file in (folder / "article.html", probe):
            dom = subprocess.run([harness.program("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                                  "--no-first-run", f"--user-data-dir={self.folder / 'profile'}", "--virtual-time-budget=5000",
                                  "--dump-dom", file.as_uri()], capture_output=True, text=True, timeout=300).stdout
            self.assertIn("The ferry left at noon", dom)
        self.assertRegex(dom, "<title>[1-9][0-9]+</title>")
        self.assertEqual(len(self.requests_to(self.port)), before)

    def test_markdown_has_its_pictures_beside_it(self):
        folder, _ = self.keep("en.html", "md")
        text = (folder / "article.md").read_text()
        name, = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", text)
        self.assertEqual(self.files(folder), {"article.md", name})
        # As a mirror would keep it: named by what is in it.
        self.assertEqual(name, f"pictures/{hashlib.sha256((folder / name).read_bytes()).hexdigest()}.png")
        self.assertIn("\\[A bridge that is gone\\]", text)
        self.assertIn(f"<{self.url('en.html')}>", text)
        self.assertIn("0 with something wrong", self.dandelion("archive", "--check", expect=0).stdout)
        (folder / name).write_bytes(b"forged")
        self.assertIn(f"{name} is not the file that was kept", self.dandelion("archive", "--check", expect=1).stdout)

    def test_a_book_is_what_reading_programs_expect(self):
        for language, (title, byline, sentence) in TEXTS.items():
            with self.subTest(language):
                folder, _ = self.keep(f"{language}.html", "epub")
                with zipfile.ZipFile(folder / "article.epub") as book:
                    self.assertIsNone(book.testzip())
                    first = book.infolist()[0]
                    self.assertEqual((first.filename, first.compress_type, first.extra), ("mimetype", zipfile.ZIP_STORED, b""))
                    files = {name: book.read(name) for name in book.namelist()}
                trees = {name: xml.etree.ElementTree.fromstring(content) for name, content in files.items()
                         if name.endswith((".xml", ".opf", ".xhtml"))}
                package = trees["EPUB/package.opf"]
                facts = {at.tag.split("}")[1]: at.text for at in package.iter() if at.tag.startswith("{http://purl.org/dc/")}
                self.assertEqual((facts["title"], facts["creator"], facts["language"], facts["source"]),
                                 (title, byline, language, self.url(f"{language}.html")))
                spine = package.find("{*}spine")
                self.assertEqual(spine.get("page-progression-direction"), "rtl" if language == "ar" else None)
                chapter = trees["EPUB/article.xhtml"]
                self.assertEqual(chapter.get("dir"), "rtl" if language == "ar" else "ltr")
                self.assertIn(sentence.strip(), "".join(chapter.itertext()))
                shown = {f"EPUB/{at.get('src')}" for at in chapter.iter("{http://www.w3.org/1999/xhtml}img")}
                self.assertEqual(shown, {name for name in files if name.startswith("EPUB/pictures/")})
                self.assertEqual(len(shown), 1)

    def test_epubcheck_finds_nothing_wrong(self):
        java = harness.program("java")
        if not EPUBCHECK.exists():
            self.skipTest("epubcheck is not installed")
        (self.origin / "odd.html").write_text(story("en").replace(
            "<h2>Later</h2>", "<pre>\n\n a &lt; b &amp;&amp; c\x01\x0b</pre><h4 id='1 x'>x</h4><table><caption>c</caption><tr><th "
            "scope=col>1<th>2<tr><td colspan=2>3</table><details><p>closed</details><dl><dt>a<dd>b</dl><hr><p lang=fr dir=ltr>a "
            "<time datetime='2026-01-02T03:04:05Z'>b</time> <abbr title='x'>c</abbr> H<sub>2</sub>O <ruby>漢<rt>かん</rt></ruby>"
            "<a href='mailto:a@e.example'>m</a> <a href='//e.example/%zz?[x]|y'>odd</a> <wbr><kbd>k</kbd></p>"))
        books = []
        for name in ("en", "zh", "ar", "odd"):
            folder, _ = self.keep(f"{name}.html", "epub")
            books.append(folder / "article.epub")
        for book in books:
            said = subprocess.run([java, "-jar", EPUBCHECK, book], capture_output=True, text=True, timeout=500)
            self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
            self.assertIn("No errors or warnings detected", said.stdout)

    def test_what_is_no_article_is_kept_as_it_is(self):
        for name, content in {"paper.pdf": b"%PDF-1.4\n%%EOF\n", "note.txt": "Dear Ada,\r\n  caf\xe9".encode("latin-1"),
                              "data.bin": b"\0\1\2"}.items():
            (self.origin / name).write_bytes(content)
        (self.origin / "form.html").write_text("<!DOCTYPE html><title>Log in</title><form><input name=q></form>")
        for name, files, said in (("paper.pdf", {"page.pdf"}, "application/pdf, kept as it came"),
                                  ("note.txt", {"article.txt"}, "text/plain, kept as it came"),
                                  ("late.png", {"page.png"}, "image/png, kept as it came"),
                                  ("data.bin", {"page.bin"}, "application/octet-stream, kept as it came"),
                                  ("form.html", {"page.html"}, "no article found in it, kept as a whole page")):
            with self.subTest(name):
                folder, output = self.keep(name, "md,html,epub,text")
                self.assertEqual(self.files(folder), files)
                self.assertIn(said, output)
                if not name.endswith("html"):
                    self.assertEqual((folder / files.pop()).read_bytes(), (self.origin / name).read_bytes())

    def test_two_copies_differ_in_nothing_but_their_time(self):
        time = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d\d:\d\d:\d\d UTC")

        def timeless(path):
            if path.suffix != ".epub":
                return time.sub(b"", path.read_bytes())
            with zipfile.ZipFile(path) as book:
                return [(at.filename, at.date_time, time.sub(b"", book.read(at))) for at in book.infolist()]

        first, second = (self.keep("ar.html", "md,html,epub,text,page", force=True)[0] for _ in range(2))
        self.assertEqual(self.files(first), self.files(second))
        for name in self.files(first):
            self.assertEqual(timeless(first / name), timeless(second / name), name)


if __name__ == "__main__":
    unittest.main()
