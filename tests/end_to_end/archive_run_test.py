# SPDX-License-Identifier: MIT
"""How `archive` works through many addresses: killed, stopped, beside another, and told of on the way."""
import gzip
import http.server
import os
import resource
import signal
import subprocess
import threading
import unittest

import harness


class ArchiveRun(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.origin = self.folder / "origin"
        self.origin.mkdir()
        self.port = self.nginx(f"root {self.origin}; types {{ text/html html; text/css css; application/pdf pdf; }}")
        self.write("sites.yaml", "version: 1\nnetwork: {private_addresses: allow, retries: 0}\n"
                                 "sites:\n  - name: other\n    discover: [{feed: 'https://other.example/f', category: a}]\n"
                                 "    mirrors: [one]\nmirrors: [{name: one, url: one.git}]\n")

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def page(self, name, text="text"):
        (self.origin / name).write_text(f"<!DOCTYPE html><html><head><title>{name}</title></head><body><p>{text}</p></body></html>")
        return self.url(name)

    def kept(self):
        return sorted(path.name for path in (self.folder / "archive").iterdir())

    def begin(self, *arguments, **options):
        return subprocess.Popen([harness.BINARY, "archive", *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


class Safety(ArchiveRun):
    def test_what_a_killed_run_left_is_swept_and_kept_anew(self):
        (self.origin / "paper.pdf").write_bytes(b"%PDF-1.4\n" + b"x" * 500_000)

        def die_in_the_middle_of_the_file():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        run = self.begin(self.url("paper.pdf"), "--format", "page", preexec_fn=die_in_the_middle_of_the_file)
        run.communicate(timeout=120)
        self.assertEqual(run.returncode, -signal.SIGXFSZ)
        left, = self.kept()
        self.assertTrue(left.startswith(".partial-"), left)
        self.dandelion("archive", self.url("paper.pdf"), expect=0)
        self.assertEqual([name.partition("-127")[2] for name in self.kept()], [".0.0.1-paper"])
        self.assertIn("1 kept pages, 0 with something wrong", self.dandelion("archive", "--check", expect=0).stdout)

    def test_two_at_once_keep_all_in_one_folder(self):
        lists = [[self.page(f"{which}-{number}.html") for number in range(15)] for which in ("a", "b")]
        runs = [self.begin(*urls, "--format", "page") for urls in lists]
        for run in runs:
            out, err = run.communicate(timeout=120)
            self.assertEqual(run.returncode, 0, out + err)
        self.assertEqual(len(self.kept()), 30)
        self.assertIn("30 kept pages, 0 with something wrong", self.dandelion("archive", "--check", expect=0).stdout)


class Notices(ArchiveRun):
    NOTICE = "<html><head><title>Web Filter Violation</title></head><body><h1>Access denied</h1></body></html>"

    def configure(self, *proxies):
        text = (self.folder / "sites.yaml").read_text()
        self.write("sites.yaml", text.replace("retries: 0", f"retries: 0, proxies: [{', '.join(proxies)}]"))

    def censor(self):
        return f"http://127.0.0.1:{self.nginx(f'default_type text/html; return 200 {chr(39)}{self.NOTICE}{chr(39)};')}"

    def test_a_notice_is_not_kept_in_the_pages_place(self):
        self.configure(self.censor())
        run = self.dandelion("archive", self.page("story.html"), expect=1)
        self.assertIn("a notice came in the page's place: it is a known block page (Fortinet FortiGuard)", run.stderr)
        self.assertFalse((self.folder / "archive").exists())

    def test_another_proxy_is_asked_where_one_gives_a_notice(self):
        self.configure(self.censor(), f"http://127.0.0.1:{self.squid()}")
        self.dandelion("archive", self.page("story.html", "The true story."), expect=0)
        folder, = (self.folder / "archive").iterdir()
        self.assertIn("The true story.", (folder / "page.html").read_text())
        self.assertNotIn(b"Web Filter", gzip.decompress((folder / "page.warc.gz").read_bytes()))


class AsABrowser(ArchiveRun):
    def test_what_a_page_shows_is_fetched_whatever_robots_txt_says(self):
        (self.origin / "robots.txt").write_text("User-agent: *\nDisallow: /\n")
        (self.origin / "style.css").write_text("p { color: green }")
        (self.origin / "p.html").write_text("<!DOCTYPE html><link rel=stylesheet href=style.css><p>text")
        self.dandelion("archive", self.url("p.html"), expect=0)
        folder, = (self.folder / "archive").iterdir()
        self.assertIn("color: green", (folder / "page.html").read_text())
        self.assertNotIn("GET /robots.txt HTTP/1.1", self.requests_to(self.port))


class Followed(ArchiveRun):
    def test_links_are_followed_as_deep_and_as_far_as_asked(self):
        (self.origin / "robots.txt").write_text("User-agent: *\nDisallow: /forbidden\nDisallow: /start\n")
        links = {"start": ["a", "b", "forbidden", "start"], "a": ["b", "c", "start"], "b": ["a"], "c": ["d"], "d": [], "forbidden": []}
        for name, targets in links.items():
            self.page(f"{name}.html", "".join(f"<a href={target}.html#x>{target}</a>" for target in targets)
                      + f"<a href=http://localhost:{self.port}/elsewhere.html>elsewhere</a>")
        run = self.dandelion("archive", self.url("start.html"), "--depth", "2", "--same-site", "--format", "page", expect=1)
        self.assertEqual([name.rpartition("-")[2] for name in self.kept()], ["a", "b", "c", "start"])
        self.assertIn("forbidden.html: its site's robots.txt does not allow it", run.stderr)
        asked = [line for line in self.requests_to(self.port) if "robots" not in line]
        self.assertEqual(sorted(asked), [f"GET /{name}.html HTTP/1.1" for name in ("a", "b", "c", "start")])
        again = self.dandelion("archive", self.url("start.html"), "--depth", "3", "--same-site", "--format", "page", expect=1)
        self.assertIn("1 kept, 4 as they were, 1 failed", again.stderr)

    def test_a_calendar_without_end_ends_at_the_limit(self):
        calendar = self.nginx("location / { default_type text/html; return 200 "
                              "'<p>day $arg_d</p><a href=\"/?d=${arg_d}1\">on</a><a href=\"/?d=${arg_d}2\">on</a>'; }")
        run = self.dandelion("archive", f"http://127.0.0.1:{calendar}/", "--depth", "100", "--limit", "20", "--format", "page",
                             expect=0)
        self.assertEqual(len(self.kept()), 21)
        self.assertIn("links were not followed: --limit is 20", run.stderr)


class Stopped(ArchiveRun):
    def test_a_page_that_is_half_is_asked_for_again(self):
        came, go_on = threading.Event(), threading.Event()
        self.addCleanup(go_on.set)

        class Slow(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                came.set()
                go_on.wait(60)
                self.send_response(200)
                self.send_header("Content-Type", "image/gif")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        (self.origin / "slow.html").write_text(
            f"<!DOCTYPE html><p>text<img src=http://127.0.0.1:{server.server_address[1]}/p.gif>")
        self.write("list.txt", "\n".join([self.page("first.html"), self.url("slow.html")]) + "\n")
        run = self.begin("--from", "list.txt")
        self.assertTrue(came.wait(60))
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=120)
        self.assertEqual(run.returncode, 4, out + err)
        self.assertEqual(len(self.kept()), 1)
        self.assertIn("1 kept, 1 not done", err)
        go_on.set()
        again = self.dandelion("archive", "--from", "list.txt", expect=0)
        self.assertEqual(len(self.kept()), 2)
        self.assertEqual(len(again.stdout.splitlines()), 1)


class Progress(ArchiveRun):
    def on_a_terminal(self, *arguments):
        """What is written to a terminal, standard output being none."""
        import pty
        ours, theirs = pty.openpty()
        run = subprocess.Popen([harness.BINARY, "archive", *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=theirs)
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # Linux says so when the other end is closed
                break
            if not piece:
                break
            shown += piece
        os.close(ours)
        out = run.stdout.read().decode()
        run.stdout.close()
        run.wait(60)
        return out, shown.decode()

    def test_lines_for_scripts_progress_for_people_failures_once(self):
        urls = [self.page(f"p{number}.html") for number in range(6)] + [self.url("gone.html")]
        run = self.dandelion("archive", *urls, expect=1)
        self.assertEqual(len(run.stdout.splitlines()), 6)
        self.assertTrue(all(": kept in archive/" in line for line in run.stdout.splitlines()), run.stdout)
        self.assertEqual(run.stderr.count("gone.html"), 1)
        self.assertIn("6 kept, 1 failed", run.stderr)
        self.assertNotIn("\x1b", run.stderr)
        out, shown = self.on_a_terminal(*urls)
        self.assertEqual(len(out.splitlines()), 6)
        self.assertIn("waiting; ", shown)
        self.assertIn("0 kept, 6 as they were, 1 failed", shown)
        out, shown = self.on_a_terminal("--quiet", *urls)
        self.assertEqual(out, "")
        self.assertNotIn("\r\x1b[K", shown)
        self.assertIn("gone.html", shown)


if __name__ == "__main__":
    unittest.main()
