# SPDX-License-Identifier: MIT
"""Single pages kept for good: whole, with the bytes that came, and with a receipt."""
import base64
import gzip
import hashlib
import json
import pathlib
import re
import subprocess
import textwrap
import unittest
import zipfile

import harness

PIXEL = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")
STORY = "<p>" + "The ferry left at noon, and nobody on the quay knew why it had waited so long. " * 6 + "</p>"
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>The ferry</title>
<link rel="stylesheet" href="/style.css"><script src="/tell.js"></script></head>
<body onload="fetch('/tell')"><main><article><h1>The ferry</h1>
<img src="red.gif" srcset="/red.gif 1x, /gone.gif 2x" alt="A ferry">
{STORY * 3}</article></main>
<iframe src="/frame.html"></iframe><form action="/login"><input name="q"></form>
<a href="/other.html">Other</a></body></html>"""


class Archive(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.origin = self.folder / "origin"
        for name, content in {"ferry.html": PAGE, "red.gif": PIXEL, "frame.html": "<p id=inner>framed</p><img src=/red.gif>",
                              "style.css": "@import '/more.css'; h1 { background: url(red.gif) }",
                              "more.css": "main { color: green }", "paper.pdf": b"%PDF-1.4\n%%EOF\n"}.items():
            path = self.origin / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.port = self.nginx(f"root {self.origin}; default_type application/octet-stream; "
                               "types { text/html html; image/gif gif; text/css css; application/pdf pdf; }")
        self.dandelion("keygen", "keys/signing.key", expect=0)
        self.write("sites.yaml", "version: 1\nnetwork: {private_addresses: allow}\n"
                                 "operator: {key: keys/signing.key}\n"
                                 "sites:\n  - name: other\n    discover: [{feed: 'https://other.example/f', category: a}]\n"
                                 "    mirrors: [one]\nmirrors: [{name: one, url: one.git}]\n")

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def kept(self):
        return sorted(path for path in (self.folder / "archive").iterdir())

    def test_a_page_is_kept_whole_with_its_proof(self):
        run = self.dandelion("archive", self.url("ferry.html"), expect=0)
        self.assertIn("kept in archive/", run.stdout)
        folder, = self.kept()
        self.assertRegex(folder.name, r"^\d{4}-\d\d-\d\d-127\.0\.0\.1-ferry$")
        self.assertEqual({path.name for path in folder.iterdir()},
                         {"article.html", "article.md", "pictures", "page.html", "page.warc.gz", "page.wacz", "receipt.json",
                          "receipt.json.minisig"})
        self.assertIn("The ferry left at noon", (folder / "article.md").read_text())
        receipt = json.loads((folder / "receipt.json").read_text())
        self.assertEqual(receipt["url"], self.url("ferry.html"))
        for file in receipt["files"]:
            self.assertEqual(hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest(), file["sha256"])
        missing = [each["url"] for each in receipt["resources"] if "error" in each]
        self.assertEqual(missing, [self.url("gone.gif")])
        self.assertIn("1 of", run.stdout)

        self.assertIn("1 kept pages, 0 with something wrong", self.dandelion("archive", "--check", expect=0).stdout)
        public = self.folder / "keys" / "signing.key.pub"
        self.dandelion("archive", "--check", "--key", str(public), expect=0)
        self.assertIn("The ferry", self.dandelion("archive", "--list", expect=0).stdout)
        # By the program that the signature is for.
        verify = [harness.program("minisign"), "-V", "-m", folder / "receipt.json", "-P", public.read_text().strip()]
        said = subprocess.run(verify, capture_output=True, text=True)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        self.assertIn(self.url("ferry.html"), said.stdout)
        with open(folder / "article.md", "a") as article:
            article.write("forged")
        self.assertIn("article.md is not the file that was kept", self.dandelion("archive", "--check", expect=1).stdout)
        (folder / "receipt.json").write_text((folder / "receipt.json").read_text().replace("The ferry", "The fairy"))
        self.assertIn("not one of this text by this key", self.dandelion("archive", "--check", expect=1).stdout)

    def test_a_browser_shows_it_and_asks_for_nothing(self):
        self.dandelion("archive", self.url("ferry.html"), expect=0)
        page = self.kept()[0] / "page.html"
        text = page.read_text()
        self.assertTrue(text.startswith("<!DOCTYPE html>"))
        for gone in ("<script", "onload", "action=", "/style.css", 'src="red.gif"'):
            self.assertNotIn(gone, text)
        self.assertIn(f'href="{self.url("other.html")}"', text)
        before = len(self.requests_to(self.port))
        probe = text.replace("</body>", "<script>document.title = [document.images[0].naturalWidth, "
                             "getComputedStyle(document.querySelector('main')).color].join()</script></body>")
        probe = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", probe)
        (self.folder / "probe.html").write_text(probe)
        for file in (page, self.folder / "probe.html"):
            dom = subprocess.run([harness.program("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                                  "--no-first-run", f"--user-data-dir={self.folder / 'profile'}", "--virtual-time-budget=5000",
                                  "--dump-dom", file.as_uri()], capture_output=True, text=True, timeout=120).stdout
            self.assertIn("The ferry left at noon", dom)
        self.assertIn("<title>1,rgb(0, 128, 0)</title>", dom)
        self.assertEqual(len(self.requests_to(self.port)), before)

    def test_the_bytes_that_came_stand_in_the_warc(self):
        self.dandelion("archive", self.url("ferry.html"), "--format", "warc", expect=0)
        records = self.records(gzip.decompress((self.kept()[0] / "page.warc.gz").read_bytes()))
        self.assertEqual(records[0][0]["WARC-Type"], "warcinfo")
        responses = {head["WARC-Target-URI"]: (head, block) for head, block in records if head["WARC-Type"] == "response"}
        self.assertEqual(set(responses), {self.url(name) for name in
                                          ("ferry.html", "red.gif", "gone.gif", "style.css", "more.css", "frame.html")})
        head, block = responses[self.url("red.gif")]
        self.assertTrue(block.startswith(b"HTTP/1.1 200 OK\r\n"))
        self.assertTrue(block.endswith(PIXEL))
        self.assertEqual(head["WARC-Payload-Digest"], "sha256:" + hashlib.sha256(PIXEL).hexdigest())
        self.assertEqual(head["WARC-Block-Digest"], "sha256:" + hashlib.sha256(block).hexdigest())
        requests = [block for head, block in records if head["WARC-Type"] == "request"]
        self.assertEqual(len(requests), len(responses))
        self.assertTrue(requests[0].startswith(b"GET /ferry.html HTTP/1.1\r\n"))

    def test_a_wacz_file_says_where_each_answer_lies(self):
        self.dandelion("archive", self.url("ferry.html"), "--format", "warc,wacz", expect=0)
        folder, = self.kept()
        with zipfile.ZipFile(folder / "page.wacz") as wacz:
            self.assertIsNone(wacz.testzip())
            self.assertEqual(wacz.getinfo("archive/data.warc.gz").compress_type, zipfile.ZIP_STORED)
            files = {name: wacz.read(name) for name in wacz.namelist()}
        warc = files["archive/data.warc.gz"]
        self.assertEqual(warc, (folder / "page.warc.gz").read_bytes())

        lines = files["indexes/index.cdx"].decode().splitlines()
        self.assertEqual(lines, sorted(lines))
        self.assertEqual(lines[0].split(" ")[0], f"1,0,0,127:{self.port})/ferry.html")
        self.assertRegex(lines[0].split(" ")[1], r"^\d{14}$")
        for line in lines:
            entry = json.loads(line.split(" ", 2)[2])
            member = warc[entry["offset"]:entry["offset"] + entry["length"]]
            (head, block), = self.records(gzip.decompress(member))
            self.assertEqual((head["WARC-Target-URI"], head["WARC-Payload-Digest"]), (entry["url"], entry["digest"]))
            self.assertEqual(int(block.split()[1]), entry["status"])
            self.assertEqual(entry["recordDigest"], "sha256:" + hashlib.sha256(member).hexdigest())
        self.assertEqual(len(lines), 6)

        head, page = map(json.loads, files["pages/pages.jsonl"].decode().splitlines())
        self.assertEqual((head["format"], page["url"], page["title"]), ("json-pages-1.0", self.url("ferry.html"), "The ferry"))
        self.assertIn("The ferry left at noon", page["text"])
        package = json.loads(files["datapackage.json"])
        self.assertEqual((package["profile"], package["wacz_version"]), ("data-package", "1.1.1"))
        self.assertEqual({each["path"] for each in package["resources"]},
                         set(files) - {"datapackage.json", "datapackage-digest.json"})
        for each in package["resources"]:
            self.assertEqual((each["hash"], each["bytes"]),
                             ("sha256:" + hashlib.sha256(files[each["path"]]).hexdigest(), len(files[each["path"]])))

    def test_a_wacz_file_is_signed_as_others_check_it(self):
        digests = []
        for _ in range(2):
            self.dandelion("archive", self.url("ferry.html"), "--format", "wacz", "--force", expect=0)
            with zipfile.ZipFile(self.kept()[-1] / "page.wacz") as wacz:
                digests.append(json.loads(wacz.read("datapackage-digest.json")))
                package = wacz.read("datapackage.json")
        digest = digests[-1]
        signed = digest["signedData"]
        self.assertEqual(digest["hash"], "sha256:" + hashlib.sha256(package).hexdigest())
        self.assertEqual(signed["hash"], digest["hash"])
        self.assertEqual(signed["publicKey"], digests[0]["signedData"]["publicKey"])
        self.write("key.pem", f"-----BEGIN PUBLIC KEY-----\n{textwrap.fill(signed['publicKey'], 64)}\n-----END PUBLIC KEY-----\n")
        self.write("signature.der", self.as_der(base64.b64decode(signed["signature"])))
        self.write("hash", signed["hash"])
        said = subprocess.run([harness.program("openssl"), "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature.der",
                               "hash"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(said.stdout, "Verified OK\n", said.stderr)

        self.write("sites.yaml", (self.folder / "sites.yaml").read_text().replace("operator: {key: keys/signing.key}\n", ""))
        self.dandelion("archive", self.url("ferry.html"), "--format", "wacz", "--force", expect=0)
        with zipfile.ZipFile(self.kept()[-1] / "page.wacz") as wacz:
            self.assertEqual(set(json.loads(wacz.read("datapackage-digest.json"))), {"path", "hash"})

    @staticmethod
    def as_der(signature):
        """ECDSA's two numbers as openssl takes them: SEQUENCE { INTEGER, INTEGER }."""
        numbers = b""
        for half in (signature[:48], signature[48:]):
            number = int.from_bytes(half, "big")
            content = number.to_bytes(number.bit_length() // 8 + 1, "big")
            numbers += bytes([2, len(content)]) + content
        return bytes([0x30, len(numbers)]) + numbers

    @staticmethod
    def records(text):
        found = []
        while text:
            head, _, rest = text.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            assert first == "WARC/1.1", first
            fields = dict(line.split(": ", 1) for line in lines)
            size = int(fields["Content-Length"])
            found.append((fields, rest[:size]))
            assert rest[size:size + 4] == b"\r\n\r\n"
            text = rest[size + 4:]
        return found

    def test_a_certificate_goes_by_the_fingerprint_that_all_show(self):
        authority = harness.Authority(self)
        plain, secure = harness.free_port(), harness.free_port()
        self.nginx(f"listen 127.0.0.1:{secure} ssl; {authority.sign('site', 'IP:127.0.0.1')} root {self.origin};", plain)
        self.write("sites.yaml", (self.folder / "sites.yaml").read_text().replace(
            "private_addresses: allow", f"private_addresses: allow, ca_file: {authority.file}"))
        self.dandelion("archive", f"https://127.0.0.1:{secure}/ferry.html", expect=0)
        folder, = self.kept()
        certificate = self.folder / "authority-site.pem"
        shown = subprocess.run([harness.program("openssl"), "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"],
                               capture_output=True, text=True, check=True).stdout
        fingerprint = shown.split("=", 1)[1].strip().replace(":", "").lower()
        receipt = json.loads((folder / "receipt.json").read_text())
        self.assertEqual([each["sha256"] for each in receipt["certificates"]], [fingerprint])
        self.assertIn(f"tls-certificate-sha256: {fingerprint}".encode(),
                      gzip.decompress((folder / "page.warc.gz").read_bytes()))

    def test_a_page_of_too_many_pictures_is_kept_and_the_rest_counted(self):
        pictures = "".join(f"<img src=/red.gif?{number}>" for number in range(1_200))
        (self.origin / "many.html").write_text(f"<!DOCTYPE html><title>Many</title>{pictures}")
        self.dandelion("archive", self.url("many.html"), "--format", "page", expect=0)
        receipt = json.loads((self.kept()[0] / "receipt.json").read_text())
        self.assertEqual((len(receipt["resources"]), receipt["resources_left_out"]), (1_000, 200))

    def test_what_says_the_same_is_kept_once(self):
        self.dandelion("archive", self.url("ferry.html"), expect=0)
        self.assertIn("says the same as on", self.dandelion("archive", self.url("ferry.html"), expect=0).stdout)
        self.assertEqual(len(self.kept()), 1)
        self.dandelion("archive", "--force", self.url("ferry.html"), expect=0)
        page = self.origin / "ferry.html"
        page.write_text(page.read_text().replace("left at noon", "left at one"))
        self.dandelion("archive", self.url("ferry.html"), expect=0)
        self.assertEqual(len(self.kept()), 3)
        # No time or chance of ours in it: as long as the answers are the same.
        first, second = (json.loads((folder / "receipt.json").read_text()) for folder in self.kept()[:2])
        pages = {file["sha256"] for receipt in (first, second) for file in receipt["files"] if file["name"] == "page.html"}
        self.assertEqual(len(pages), 1)

    def test_one_failure_is_its_own_and_a_list_goes_on(self):
        self.write("list.txt", f"# to keep\n{self.url('ferry.html')}\n\n{self.url('nothing.html')}\n{self.url('paper.pdf')}\n")
        run = self.dandelion("archive", "--from", "list.txt", expect=1)
        self.assertIn("nothing.html", run.stderr)
        self.assertEqual({path.name for path in self.kept()[1].iterdir()},
                         {"page.pdf", "page.warc.gz", "page.wacz", "receipt.json", "receipt.json.minisig"})
        before = len(self.requests_to(self.port))
        self.assertIn("2 kept before", self.dandelion("archive", "--from", "list.txt", expect=1).stderr)
        # robots.txt, and the one that is not there.
        self.assertLessEqual(len(self.requests_to(self.port)) - before, 2)
        self.assertIn("name an address", self.dandelion("archive", expect=2).stderr)


if __name__ == "__main__":
    unittest.main()
