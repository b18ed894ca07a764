# SPDX-License-Identifier: MIT
"""`dandelion archive --browser`: pages that scripts build, through the same proxies and no other way."""
import gzip
import json
import os
import re
import select
import signal
import socket
import subprocess
import threading
import time
import unittest

import harness
import archive_test

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="iso-8859-1"><title>Empty</title></head><body><div id="app"></div>
<script>
document.title = 'The ferry';
fetch('/story.json').then(answer => answer.json()).then(story => {
  document.getElementById('app').innerHTML = '<main><article><h1>The ferry \\u2014 \\u6e21\\u8239</h1>' + story.text +
    '<img src="red.gif" alt="A ferry"></article></main>';
});
</script></body></html>"""


class ArchiveBrowser(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        harness.program("chromium")
        self.origin = self.folder / "origin"
        self.origin.mkdir()
        (self.origin / "red.gif").write_bytes(archive_test.PIXEL)
        self.page("ferry.html", PAGE)
        (self.origin / "story.json").write_text(json.dumps({"text": archive_test.STORY * 3}))
        (self.origin / "file.bin").write_bytes(b"x" * 100_000)
        self.port = self.nginx(f"root {self.origin}; types {{ text/html html; image/gif gif; application/json json; "
                               "application/octet-stream bin; } location /hang/ { proxy_pass http://127.0.0.1:9; "
                               "error_page 502 504 = @slow; } location @slow { return 204; }")
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.configure()

    def page(self, name, text):
        (self.origin / name).write_text(text)

    def configure(self, network="private_addresses: allow", site="discover: [{feed: 'https://other.example/f', category: a}]"):
        self.write("sites.yaml", f"version: 1\nnetwork: {{{network}}}\nsites:\n  - name: other\n    {site}\n"
                                 "    mirrors: [one]\nmirrors: [{name: one, url: one.git}]\n")

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def archive(self, *arguments, expect=0, **options):
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        return self.dandelion("archive", "--browser", *sandbox, *arguments, expect=expect, timeout=300,
                              env={"TMPDIR": str(self.temporary)}, **options)

    def kept(self):
        folder, = (self.folder / "archive").iterdir()
        return folder

    def assert_cleared_up(self):
        self.assertEqual(list(self.temporary.iterdir()), [])
        running = subprocess.run(["pgrep", "-f", str(self.temporary)], capture_output=True, text=True)
        self.assertEqual(running.stdout, "")

    def test_what_scripts_made_is_kept_and_said_plainly(self):
        self.archive(self.url("ferry.html"))
        folder = self.kept()
        self.assertIn("The ferry left at noon", (folder / "article.md").read_text())
        page = (folder / "page.html").read_text()
        self.assertTrue(page.startswith("<!DOCTYPE html>"))
        self.assertIn("渡船", page)
        self.assertIn("data:image/gif", page)
        self.assertNotIn("<script", page)
        receipt = json.loads((folder / "receipt.json").read_text())
        self.assertRegex(receipt["rendered"]["by"], r"^Chromium \d+\.\d+")
        self.assertTrue(receipt["rendered"]["settled"])
        records = archive_test.Archive.records(gzip.decompress((folder / "page.warc.gz").read_bytes()))
        (made, tree), = [record for record in records if record[0]["WARC-Type"] == "conversion"]
        (came, answer), = [record for record in records if record[0]["WARC-Type"] == "response"
                           and record[0]["WARC-Target-URI"] == self.url("ferry.html")]
        self.assertEqual(made["WARC-Refers-To"], came["WARC-Record-ID"])
        self.assertIn("渡船", tree.decode())
        self.assertTrue(answer.endswith(PAGE.encode()))
        about, = [block for head, block in records if head["WARC-Type"] == "metadata"]
        self.assertIn(b"rendered-by: Chromium ", about)
        self.assertIn("1 kept pages, 0 with something wrong", self.dandelion("archive", "--check", expect=0).stdout)
        self.assert_cleared_up()

    def test_through_a_proxy_it_asks_for_everything_there(self):
        for kind in ("squid", "socks"):
            with self.subTest(kind):
                port = self.squid() if kind == "squid" else self.microsocks()
                scheme = "http" if kind == "squid" else "socks5h"
                self.configure(f"private_addresses: allow, proxies: ['{scheme}://127.0.0.1:{port}']")
                self.archive("--force", "-o", kind, self.url("ferry.html"))
                folder, = (self.folder / kind).iterdir()
                self.assertIn("The ferry left at noon", (folder / "article.md").read_text())
                if kind == "squid":
                    # The browser's connections are tunnels; the fetcher's requests are not.
                    self.assertIn(f"CONNECT 127.0.0.1:{self.port}", self.squid_log.read_text())
        self.assert_cleared_up()

    def traced(self, *arguments):
        """Runs the program under strace; every address that it connected or sent to."""
        log = self.folder / "trace"
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        run = subprocess.run([harness.program("strace"), "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-e", "signal=none",
                              "-o", log, harness.BINARY, "archive", "--browser", *sandbox, *arguments], cwd=self.folder,
                             env=dict(os.environ, TMPDIR=str(self.temporary), ASAN_OPTIONS="detect_leaks=0"),
                             capture_output=True, text=True, timeout=400)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        found = set()
        for line in log.read_text(errors="replace").splitlines():
            match = re.search(r"sa_family=AF_INET6?, sin6?_port=htons\((\d+)\).*?(?:inet_addr\(\"([^\"]*)\"|inet_pton\(AF_INET6, \"([^\"]*)\")", line)
            if match and ("connect(" in line or "send" in line):
                found.add((match.group(2) or match.group(3), int(match.group(1))))
        return found

    def proxy_of_one_connection(self):
        """A SOCKS5 proxy that nobody reaches any more once it took its first connection."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            client = listener.accept()[0]
            listener.close()
            with client, socket.create_connection(("127.0.0.1", self.port)) as origin:
                for size, answer in ((3, b"\5\0"), (10, b"\5\0\0\1\0\0\0\0\0\0")):
                    client.recv(size, socket.MSG_WAITALL)
                    client.sendall(answer)
                while ready := select.select([client, origin], [], [])[0]:
                    bytes_read = ready[0].recv(65536)
                    if not bytes_read:
                        return
                    (origin if ready[0] is client else client).sendall(bytes_read)

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    def test_where_the_proxy_is_gone_the_browser_reaches_nobody(self):
        self.configure(f"private_addresses: allow, retries: 0, isolate: none, "
                       f"proxies: ['socks5h://127.0.0.1:{self.proxy_of_one_connection()}']")
        run = self.archive(self.url("ferry.html"), expect=1)
        self.assertIn("the browser cannot open it", run.stderr)
        # The fetcher had the page, and nobody had anything after that.
        self.assertEqual([line.split()[1] for line in self.requests_to(self.port)], ["/ferry.html"])
        self.assertFalse(any((self.folder / "archive").glob("2*")))
        self.assert_cleared_up()

    def test_nobody_is_asked_past_the_proxy(self):
        self.configure(f"private_addresses: allow, proxies: ['socks5h://127.0.0.1:{self.microsocks()}']")
        found = self.traced(self.url("ferry.html"))
        # A datagram socket is bound to a route there, to see whether there is IPv6; nothing is sent by it.
        elsewhere = {(address, port) for address, port in found
                     if address != "127.0.0.1" and not address.startswith("2001:4860:4860::")}
        self.assertEqual(elsewhere, set())
        self.assertTrue(found)
        self.assertNotIn(self.port, {port for _, port in found})

    def test_private_addresses_stay_closed_to_its_scripts(self):
        secret = self.nginx(f"root {self.origin};")
        self.page("spy.html", "<!DOCTYPE html><title>Spy</title><p>Words.</p><script>document.body.append('Made.');"
                              f"fetch('http://127.0.0.1:{secret}/red.gif', {{mode: 'no-cors'}})</script>")
        # The site itself is led to its server by its own settings.
        self.configure(f"retries: 0, proxies: ['socks5h://127.0.0.1:{self.microsocks()}']",
                       f"discover: [{{feed: 'http://other.example/f', category: a}}]\n"
                       f"    connect_to: {{'other.example:80': '127.0.0.1:{self.port}'}}")
        self.archive("http://other.example/spy.html")
        self.assertIn("Made.", (self.kept() / "page.html").read_text())
        self.assertEqual(self.requests_to(secret), [])

    def test_downloads_windows_and_dialogues_come_to_nothing(self):
        self.page("odd.html", """<!DOCTYPE html><title>Odd</title><p>Words that stay.</p><script>
            alert('a'); confirm('b'); prompt('c');
            for (let i = 0; i < 30; ++i) window.open('/ferry.html?' + i);
            location.href = '/file.bin';
            const a = document.createElement('a'); a.href = '/file.bin'; a.download = 'x'; document.body.append(a); a.click();
            document.body.append('Made.');
            </script>""")
        self.archive(self.url("odd.html"))
        page = (self.kept() / "page.html").read_text()
        self.assertIn("Words that stay.", page)
        self.assertIn("Made.", page)
        self.assertEqual([path for path in self.folder.rglob("*.crdownload")], [])
        self.assert_cleared_up()

    def test_scripts_that_never_end_are_ended(self):
        self.page("loop.html", "<!DOCTYPE html><title>Loop</title><p>Before.</p><script>document.body.append('Made.');while(1);</script>")
        self.archive(self.url("loop.html"))
        self.assertIn("Made.", (self.kept() / "page.html").read_text())
        self.assertFalse(json.loads((self.kept() / "receipt.json").read_text())["rendered"]["settled"])
        self.assert_cleared_up()

    def test_a_page_that_never_finishes_loading_is_taken_as_it_is(self):
        silent = socket.socket()
        self.addCleanup(silent.close)
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        self.page("never.html", f"<!DOCTYPE html><title>Never</title><p>Words.</p><script>document.body.append('Made.');"
                                f"setInterval(() => fetch('/story.json'), 50)</script>"
                                f"<script src='http://127.0.0.1:{silent.getsockname()[1]}/'></script>")
        self.archive(self.url("never.html"), "--format", "warc")
        records = archive_test.Archive.records(gzip.decompress((self.kept() / "page.warc.gz").read_bytes()))
        self.assertIn(b"Made.", [block for head, block in records if head["WARC-Type"] == "conversion"][0])
        self.assertFalse(json.loads((self.kept() / "receipt.json").read_text())["rendered"]["settled"])
        self.assert_cleared_up()

    def test_a_user_who_stops_it_leaves_nothing_running(self):
        self.page("loop.html", "<!DOCTYPE html><title>Loop</title><script>while(1);</script>")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        for number in (signal.SIGINT, signal.SIGKILL):
            run = subprocess.Popen([harness.BINARY, "archive", "--browser", *sandbox, self.url("loop.html")], cwd=self.folder,
                                   env=dict(os.environ, TMPDIR=str(self.temporary)), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            self.addCleanup(self.stop, run)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and not any(self.temporary.iterdir()):
                time.sleep(0.05)
            run.send_signal(number)
            run.wait(60)
            if number == signal.SIGINT:
                self.assertEqual(run.returncode, 4)
                self.assert_cleared_up()
                continue
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and subprocess.run(["pgrep", "-f", str(self.temporary)],
                                                                 capture_output=True).returncode == 0:
                time.sleep(0.05)
            self.assertNotEqual(subprocess.run(["pgrep", "-f", str(self.temporary)], capture_output=True).returncode, 0)

    def test_wrong_usage_is_told_before_anything_is_fetched(self):
        self.dandelion("archive", "--no-sandbox", self.url("ferry.html"), expect=2)
        run = self.dandelion("archive", "--browser", "--no-sandbox", self.url("ferry.html"), expect=2,
                             env={"PATH": str(self.folder)})
        self.assertIn("there is no Chromium in PATH; install it", run.stderr)
        if os.geteuid() == 0:
            self.assertIn("has no sandbox as root", self.dandelion("archive", "--browser", self.url("ferry.html"), expect=2).stderr)
        self.assertEqual(self.requests_to(self.port), [])

    def test_what_is_no_page_needs_no_browser(self):
        self.archive(self.url("red.gif"))
        self.assertIsNone(json.loads((self.kept() / "receipt.json").read_text())["rendered"])


if __name__ == "__main__":
    unittest.main()
