# SPDX-License-Identifier: MIT
"""How `archive` works through many addresses: killed, stopped, beside another, and told of on the way."""
import resource
import signal
import subprocess
import unittest

import harness


class ArchiveRun(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.origin = self.folder / "origin"
        self.origin.mkdir()
        self.port = self.nginx(f"root {self.origin}; types {{ text/html html; application/pdf pdf; }}")
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


if __name__ == "__main__":
    unittest.main()
