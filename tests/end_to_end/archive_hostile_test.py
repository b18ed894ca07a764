# SPDX-License-Identifier: MIT
"""Pages made to harm whoever keeps them: what they cost is bounded, what could not be had is named, the rest is kept."""
import gzip
import http.server
import json
import os
import subprocess
import threading
import unittest

import harness

# Of the program with its sanitizers, which take as much again; what is here would fill any memory without bounds.
MOST_MEMORY_KIB = 3 << 20
BOMB = gzip.compress(b"\0" * (300 << 20))
PIXEL = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")


class Hostile(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.routes = {"/red.gif": ("image/gif", PIXEL)}
        test = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = self.path.partition("?")[0]
                found = test.routes.get(path)
                if found is None and path.startswith("/any/"):
                    found = test.routes.get("/any")
                if callable(found):
                    self.close_connection = True
                    found(self)
                    return
                kind, body = found or ("text/plain", b"")
                body = body if isinstance(body, bytes) else body.encode()
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_):
                pass  # a connection that the program has ended

        server = Server(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.origin = f"http://127.0.0.1:{server.server_address[1]}"
        self.configure("60s")

    def configure(self, timeout):
        self.write("sites.yaml", f"version: 1\nnetwork: {{private_addresses: allow, retries: 0, timeout: {timeout}}}\n"
                                 "sites:\n  - name: other\n    discover: [{feed: 'https://other.example/f', category: a}]\n"
                                 "    mirrors: [one]\nmirrors: [{name: one, url: one.git}]\n")

    def page(self, body, path="/page.html"):
        self.routes[path] = ("text/html", f"<!DOCTYPE html><html><head><title>Hostile</title></head><body>"
                                          f"<p>What it says.</p><img src=/red.gif>{body}</body></html>")

    def keep(self, expect=0):
        """Keeps /page.html; its receipt."""
        # Beside the servers' threads no process of ours waits for another child.
        with open(self.folder / "said", "w+") as said:
            run = subprocess.Popen([harness.BINARY, "archive", f"{self.origin}/page.html"], cwd=self.folder,
                                   stdin=subprocess.DEVNULL, stdout=said, stderr=said)
            _, status, usage = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            self.said = said.read()
        self.assertEqual(run.returncode, expect, self.said)
        self.assertLess(usage.ru_maxrss, MOST_MEMORY_KIB)
        if expect != 0:
            self.assertFalse((self.folder / "archive").exists(), self.said)
            return None
        self.assertIn("1 kept pages, 0 with something wrong", self.dandelion("archive", "--check", expect=0).stdout)
        self.kept, = (self.folder / "archive").iterdir()
        page = (self.kept / "page.html").read_text()
        self.assertIn("What it says.", page)
        self.assertIn("data:image/gif;base64,", page)
        return json.loads((self.kept / "receipt.json").read_text())

    @staticmethod
    def missing(receipt):
        return {each["url"].rpartition("/")[2]: each["error"] for each in receipt["resources"] if "error" in each}

    def test_a_page_of_nothing_but_tags(self):
        self.page("<br>" * 5_000_000)
        self.keep(expect=1)
        self.assertIn(f"{self.origin}/page.html: the page has more than 1000000 elements, texts and comments", self.said)

    def test_a_frame_of_nothing_but_tags(self):
        self.page("<br>" * 1_000_000, "/frame.html")
        self.page("<iframe src=/frame.html></iframe><iframe srcdoc='" + "<br>" * 999_990 + "'></iframe>")
        self.assertEqual(self.missing(self.keep()), {"frame.html": "too large"})

    def test_style_sheets_that_import_one_another(self):
        names = [f"/{number}.css" for number in range(30)]
        for name in names:
            imports = "".join(f"@import '{other}';" for other in names)
            self.routes[name] = ("text/css", imports + "p { color: green }")
        self.page("<link rel=stylesheet href=/0.css>")
        self.assertEqual(self.missing(self.keep()), {})

    def test_frames_that_show_one_another(self):
        names = [f"/{number}.html" for number in range(30)]
        for name in names:
            self.page("".join(f"<iframe src={other}></iframe>" for other in names) + "<!--" + "x" * 200_000 + "-->", name)
        self.page("<iframe src=/0.html></iframe><iframe src=/page.html></iframe>")
        self.assertEqual(self.missing(self.keep()), {})

    def test_a_data_address_of_100_megabytes(self):
        self.page(f"<img src='data:image/png;base64,{'A' * 100_000_000}'>")
        receipt = self.keep()
        self.assertEqual(receipt["resources_left_out"], 1)
        self.assertLess((self.kept / "page.html").stat().st_size, 10_000)

    def test_fifty_thousand_pictures(self):
        self.routes["/any"] = ("image/gif", PIXEL)
        self.page("".join(f"<img src=/any/{number}>" for number in range(50_000)))
        receipt = self.keep()
        self.assertEqual((len(receipt["resources"]), receipt["resources_left_out"]), (1_000, 49_001))

    def test_redirects_without_end(self):
        def onward(request):
            request.send_response(302)
            request.send_header("Location", f"/any/{int(request.path.rpartition('/')[2] or 0) + 1}")
            request.send_header("Content-Length", "0")
            request.end_headers()

        self.routes["/any"] = onward
        self.page("<img src=/any/0>")
        self.assertEqual(self.missing(self.keep()), {"0": "damaged"})
        self.routes["/page.html"] = lambda request: (request.send_response(302),
                                                     request.send_header("Location", "/any/1"), request.end_headers())
        self.assertIn("redirects", self.dandelion("archive", f"{self.origin}/page.html", expect=1).stderr)

    def test_a_server_that_lets_its_bytes_drip(self):
        done = threading.Event()
        self.addCleanup(done.set)

        def drip(request):
            request.send_response(200)
            request.send_header("Content-Type", "image/gif")
            request.end_headers()
            while not done.wait(0.05):
                request.wfile.write(b"x")

        self.routes["/drip.gif"] = drip
        self.configure("2s")
        self.page("<img src=/drip.gif>")
        self.assertEqual(self.missing(self.keep()), {"drip.gif": "no answer"})

    def bomb(self, request):
        request.send_response(200)
        request.send_header("Content-Type", "text/html" if request.path == "/page.html" else "image/gif")
        request.send_header("Content-Encoding", "gzip")
        request.send_header("Content-Length", str(len(BOMB)))
        request.end_headers()
        request.wfile.write(BOMB)


    def test_a_picture_that_unpacks_without_end(self):
        self.routes["/bomb.gif"] = self.bomb
        self.page("<img src=/bomb.gif>")
        self.assertEqual(self.missing(self.keep()), {"bomb.gif": "too large"})

    def test_a_page_that_unpacks_without_end(self):
        self.routes["/page.html"] = self.bomb
        self.keep(expect=1)
        self.assertIn("larger than", self.said)

    def test_many_pictures_of_much(self):
        self.routes["/any"] = ("image/gif", b"\0" * (15 << 20))
        self.page("".join(f"<img src=/any/{number}>" for number in range(30)))
        missing = self.missing(self.keep())
        self.assertGreaterEqual(len(missing), 24)
        self.assertEqual(set(missing.values()), {"not fetched"})

    def test_a_length_that_is_never_reached(self):
        def claim(request):
            request.send_response(200)
            request.send_header("Content-Type", "image/gif")
            request.send_header("Content-Length", str(10 ** 15))
            request.end_headers()
            request.wfile.write(PIXEL)

        self.routes["/claim.gif"] = claim
        self.page("<img src=/claim.gif>")
        self.assertEqual(self.missing(self.keep()), {"claim.gif": "no answer"})


if __name__ == "__main__":
    unittest.main()
