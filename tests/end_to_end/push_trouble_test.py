# SPDX-License-Identifier: MIT
"""Pushes that go wrong in the middle, on real servers: what is told, what stays whole, and how the next run mends it."""
import os
import shutil
import socket
import subprocess
import threading
import unittest

import harness
import paper

TOKEN = "s3cret-t0ken"


class Relay:
    """Carries connections to a port on; while `cut_after` is set, a connection is cut after that many bytes of the client's."""

    def __init__(self, port):
        self.port_behind = port
        self.cut_after = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.port_behind))
            threading.Thread(target=self.carry, args=(client, server, self.cut_after), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, None), daemon=True).start()

    @staticmethod
    def carry(source, target, left):
        try:
            while data := source.recv(65536):
                target.sendall(data if left is None else data[:left])
                if left is not None:
                    left -= len(data)
                    if left <= 0:
                        break
        except OSError:
            pass
        for side in (source, target):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        source.close()


class PushTrouble(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.origin = f"127.0.0.1:{self.nginx(f'root {self.paper.folder};')}"
        (self.folder / "remotes").mkdir()
        self.remote = self.bare("remotes/paper.git")
        self.git("-C", self.remote, "config", "http.receivepack", "true")
        self.own = self.folder / "var/repos/paper"

    def configure(self, mirrors, name="sites.yaml", change=lambda text: text):
        entries = {mirror: [f"url: {url}", "username: mirror", "token: env:MIRROR_TOKEN"] for mirror, url in mirrors.items()}
        self.write(name, change(paper.config(self.origin, entries)))

    def run_it(self, *arguments, expect):
        return self.dandelion(*(arguments or ("run",)), expect=expect, env={"MIRROR_TOKEN": TOKEN})

    def grow(self, size):
        """A commit that no compression makes smaller."""
        stream = (b"commit refs/heads/main\ncommitter o <o@example.invalid> 1700000000 +0000\ndata 4\nmore"
                  b"\nfrom refs/heads/main^0\nM 100644 inline big\ndata %d\n" % size) + os.urandom(size)
        subprocess.run(["git", "-c", "safe.directory=*", "-C", self.own, "fast-import", "--quiet"], input=stream, check=True)

    def assert_mirrored(self, remote):
        """Stock git clones it, and finds nothing wrong with it."""
        self.assertEqual(self.head(remote), self.head(self.own))
        clone = self.folder / "clone"
        self.git("clone", "--quiet", f"file://{remote}", clone)
        self.assert_sound(clone)
        self.assert_sound(remote)
        shutil.rmtree(clone)

    def test_a_line_that_breaks_in_mid_pack(self):
        relay = Relay(self.git_server(self.folder / "remotes", token=TOKEN))
        self.addCleanup(relay.listener.close)
        self.configure({"web": f"http://127.0.0.1:{relay.port}/paper.git"})
        self.run_it(expect=0)
        old = self.head(self.remote)
        self.grow(4_000_000)
        relay.cut_after = 1_000_000
        run = self.run_it("publish", expect=1)
        self.assertEqual(run.stdout, "paper: FAILED: web\n")
        self.assertRegex(run.stderr, "mirror web: .+")
        self.assertEqual(self.head(self.remote), old)
        self.assert_sound(self.remote)
        relay.cut_after = None
        self.assertEqual(self.run_it("publish", expect=0).stdout, "paper: pushed to web\n")
        self.assert_mirrored(self.remote)

    def test_servers_that_say_no_to_the_pack(self):
        """Each reads the push and answers in its own way; what one says stops no other."""
        port = self.git_server(self.folder / "remotes", token=TOKEN)
        behind = f"location / {{ proxy_pass http://127.0.0.1:{port}; proxy_request_buffering off; }}"
        fronts = {f"m{answer}": self.nginx(f"location ~ /git-receive-pack$ {{ return {answer}; }} {behind}")
                  for answer in (413, 429, 500)}
        fronts["moved"] = self.nginx(f"location ~ /git-receive-pack$ {{ return 307 http://127.0.0.1:{port}$request_uri; }} {behind}")
        for name in (*fronts, "strict"):
            remote = self.bare(f"remotes/{name}.git")
            self.git("-C", remote, "config", "http.receivepack", "true")
        hook = self.write("remotes/strict.git/hooks/update", "#!/bin/sh\necho 'no pushes after six' >&2\nexit 1\n")
        hook.chmod(0o755)
        self.configure({"fine": f"http://127.0.0.1:{port}/paper.git", "strict": f"http://127.0.0.1:{port}/strict.git",
                        **{name: f"http://127.0.0.1:{front}/{name}.git" for name, front in fronts.items()}})
        run = self.run_it(expect=1)
        self.assertIn("pushed to fine; FAILED: strict, m413, m429, m500, moved", run.stdout)
        for name, words in {"m413": "HTTP 413", "m429": "429", "m500": "500", "moved": "give the new address in `mirrors:`",
                            "strict": "no pushes after six"}.items():
            self.assertRegex(run.stderr, f"mirror {name}: .*{words}")
            self.assertEqual(self.head(self.folder / f"remotes/{name}.git"), "")
        self.assertNotIn(TOKEN, run.stdout + run.stderr)
        self.assert_mirrored(self.remote)
        hook.unlink()
        self.assertIn("pushed to strict; up to date: fine; FAILED: m413", self.run_it("publish", expect=1).stdout)
        self.assert_mirrored(self.folder / "remotes/strict.git")

    def test_the_disk_of_the_host_fills_up(self):
        # No file of the server's may become larger: its git dies while it writes the pack.
        full = self.git_server(self.folder / "remotes", token=TOKEN, prefix=[harness.program("prlimit"), "--fsize=500000"])
        self.configure({"web": f"http://127.0.0.1:{full}/paper.git"})
        self.run_it(expect=0)
        old = self.head(self.remote)
        self.grow(2_000_000)
        run = self.run_it("publish", expect=1)
        self.assertRegex(run.stderr, "mirror web: .+")
        self.assertEqual(self.head(self.remote), old)
        self.assert_sound(self.remote)
        roomy = self.git_server(self.folder / "remotes", token=TOKEN)
        self.configure({"web": f"http://127.0.0.1:{roomy}/paper.git"})
        self.assertEqual(self.run_it("publish", expect=0).stdout, "paper: pushed to web\n")
        self.assert_mirrored(self.remote)

    def test_the_own_disk_fills_up(self):
        """A run on a file system of its own that has no room for the pages; then there is room."""
        probe = ["unshare", "-rm", "sh", "-c", f"mount -t tmpfs -o size=2m none {self.folder / 'origin'}"]
        if subprocess.run(probe, capture_output=True).returncode != 0:
            self.skipTest("no file system can be mounted here")
        noise = os.urandom(300_000).hex()
        words = " ".join(noise[i:i + 8] for i in range(0, len(noise), 8))
        self.paper.add_article(text=paper.article("A long one", f"<p>{words}</p>"))
        self.paper.write_index()
        self.configure({"local": str(self.bare("local.git"))})
        (self.folder / "var").mkdir()
        script = (f"mount -t tmpfs -o size=300k none var && {harness.BINARY} run; echo first $?; "
                  f"mount -o remount,size=64m var && {harness.BINARY} run; echo second $?; "
                  "git -c safe.directory='*' -C var/repos/paper fsck --strict")
        run = subprocess.run(["unshare", "-rm", "sh", "-c", script], cwd=self.folder, capture_output=True, text=True,
                             env=dict(os.environ, MIRROR_TOKEN=TOKEN), timeout=120)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertRegex(run.stdout, "first [12]\n")
        self.assertRegex(run.stderr, "(?i)no space left|full")
        self.assertIn("second 0\n", run.stdout)
        self.assertIn("pages/news/n1.md", self.files_in(self.folder / "local.git"))
        self.assert_sound(self.folder / "local.git")

    def race(self, configurations):
        runs = [subprocess.Popen([harness.BINARY, "-c", name, "run"], cwd=self.folder, text=True, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, env=dict(os.environ, MIRROR_TOKEN=TOKEN)) for name in configurations]
        return [(*run.communicate(timeout=120), run.returncode) for run in runs]

    def test_two_publishers_race_for_one_mirror(self):
        """One gets there first; the other hears that it was not the only one, and takes nothing away."""
        port = self.git_server(self.folder / "remotes", token=TOKEN)
        # Whoever comes first waits until the other has seen the mirror as it was.
        gate = self.folder / "gate"
        hook = self.write("remotes/paper.git/hooks/pre-receive", f"#!/bin/sh\nmkdir {gate} 2>/dev/null && sleep 1\nexit 0\n")
        hook.chmod(0o755)
        self.folder.chmod(0o777)
        for who in ("ann", "bob"):
            self.configure({"web": f"http://127.0.0.1:{port}/paper.git"}, f"{who}.yaml",
                           lambda text, who=who: text.replace("Tester", who).replace("var/", f"{who}/"))
        outcomes = dict(zip(("ann", "bob"), self.race(["ann.yaml", "bob.yaml"])))
        winners = [who for who, (_, _, code) in outcomes.items() if code == 0]
        self.assertEqual(len(winners), 1, outcomes)
        loser = ({"ann", "bob"} - set(winners)).pop()
        self.assertEqual(outcomes[loser][2], 1)
        self.assertRegex(outcomes[loser][1], "mirror web: .*(moved by another push|commits that we do not have)")
        self.own = self.folder / winners[0] / "repos/paper"
        self.assert_mirrored(self.remote)
        again = self.dandelion("-c", f"{loser}.yaml", "publish", expect=1, env={"MIRROR_TOKEN": TOKEN})
        self.assertIn("on_conflict: overwrite", again.stderr)
        self.assert_mirrored(self.remote)

    def test_two_publishers_with_the_same_settings_make_the_same_commits(self):
        port = self.git_server(self.folder / "remotes", token=TOKEN)
        for who in ("ann", "bob"):
            self.configure({"web": f"http://127.0.0.1:{port}/paper.git"}, f"{who}.yaml",
                           lambda text, who=who: text.replace("var/", f"{who}/").replace(
                               "example.invalid}", "example.invalid, time: day}", 1))
        self.assertEqual([code for _, _, code in self.race(["ann.yaml", "bob.yaml"])], [0, 0])
        self.assertEqual(self.head(self.folder / "ann/repos/paper"), self.head(self.folder / "bob/repos/paper"))
        self.own = self.folder / "ann/repos/paper"
        self.assert_mirrored(self.remote)

    def test_two_publishers_race_for_one_folder(self):
        """None trips over what the other leaves there: each is told of the branch alone, if of anything."""
        mirror = self.bare("disk.git")
        for who in ("ann", "bob"):
            self.configure({"disk": mirror}, f"{who}.yaml", lambda text, who=who: text.replace("var/", f"{who}/").replace(
                "example.invalid}", "example.invalid, time: day}", 1).replace("    username: mirror\n    token: env:MIRROR_TOKEN\n", ""))
        for _ in range(4):
            self.assertEqual([code for _, _, code in self.race(["ann.yaml", "bob.yaml"])], [0, 0])
            self.own = self.folder / "ann/repos/paper"
            self.assert_mirrored(mirror)
            self.paper.add_article()
            self.paper.write_index()
        self.assertEqual(self.git("-C", mirror, "for-each-ref", "--format=%(refname)"), "refs/heads/main\n")

    def test_a_killed_push_stops_no_later_one(self):
        """The locks that it leaves on our own refs go; a line that cannot be made stops its own mirror alone."""
        port = self.git_server(self.folder / "remotes", token=TOKEN)
        disk = self.bare("disk.git")
        entries = {"web": [f"url: http://127.0.0.1:{port}/paper.git", "username: mirror", "token: env:MIRROR_TOKEN", "folder: docs"],
                   "disk": [f"url: {disk}"]}
        self.write("sites.yaml", paper.config(self.origin, entries))
        self.run_it(expect=0)
        self.grow(1000)
        publish = [harness.BINARY, "publish"]
        locks = []
        # Killed at each of its renames: of those that move refs, some leave a lock.
        for count in range(1, 40):
            killed = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=rename", "-e",
                                     f"inject=rename:signal=SIGKILL:when={count}", *publish], cwd=self.folder, capture_output=True,
                                    env=dict(os.environ, MIRROR_TOKEN=TOKEN, ASAN_OPTIONS="detect_leaks=0"))
            left = list((self.own / "refs").rglob("*.lock"))
            locks += left
            for lock in left + list(disk.rglob("*.lock")):
                os.utime(lock, (1e9, 1e9))
            on_disk = list(disk.rglob("*.lock"))
            run = self.run_it("publish", expect=1 if on_disk else 0)
            for lock in on_disk:
                self.assertIn(f"{lock} is in the way", run.stderr)
                lock.unlink()
            self.assertEqual(list((self.own / "refs").rglob("*.lock")), [])
            self.assertEqual(self.git("-C", self.remote, "rev-parse", "main:docs"), self.git("-C", self.own, "rev-parse", "main:"))
            self.run_it("publish", expect=0)
            if killed.returncode == 0:
                break
            self.grow(1000)
        self.assertNotEqual(locks, [], "the kills hit no ref")

        line = self.git("-C", self.own, "for-each-ref", "--format=%(refname)", "refs/dandelion/line-*").strip()
        self.write(self.own / f"{line}.lock/in-use", "")
        self.grow(1000)
        run = self.run_it("publish", expect=1)
        self.assertEqual(run.stdout, "paper: pushed to disk; FAILED: web\n")
        self.assertRegex(run.stderr, r"mirror web: set refs/dandelion/line-")
        self.assert_mirrored(disk)
        self.assertIn("set refs/dandelion/line-", self.dandelion("status").stdout)

    def test_a_server_that_leaves_no_commits_behind_is_no_race(self):
        """A folded history is refused, and told so: nothing is merged, whatever `on_conflict` says."""
        port = self.git_server(self.folder / "remotes", token=TOKEN)
        self.git("-C", self.remote, "config", "receive.denyNonFastForwards", "true")
        self.configure({"web": f"http://127.0.0.1:{port}/paper.git"}, change=lambda text: text.replace(
            "    username: mirror\n", "    username: mirror\n    history: {keep: 1d}\n    on_conflict: adopt\n"))
        self.run_it("run", "--no-push", expect=0)
        parent = []
        for day, code in ((1, 0), (2, 0), (4, 1), (6, 1)):
            date = f"2020-01-{day:02}T00:00:00Z"
            commit = self.git("-C", self.own, "-c", "user.name=o", "-c", "user.email=o@e", "commit-tree", "-m", f"day {day}", *parent,
                              "main^{tree}", env={"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}).strip()
            parent = ["-p", commit]
            self.git("-C", self.own, "update-ref", "refs/heads/main", commit)
            run = self.run_it("publish", expect=code)
        self.assertIn("mirror web: the mirror's refs/heads/main may only grow", run.stderr)
        self.assertNotIn("others pushed", run.stderr)
        self.assertNotIn("by another push", run.stderr)
        self.assertEqual(self.git("-C", self.remote, "log", "--format=%s", "main"), "day 2\nday 1\n")

    def test_a_daemon_that_never_answers(self):
        disk = self.bare("disk.git")
        for timeout, command in (("5s", "run"), ("600s", "publish")):
            silent = socket.create_server(("127.0.0.1", 0))
            self.addCleanup(silent.close)
            silent.settimeout(60)
            url = f"git://127.0.0.1:{silent.getsockname()[1]}/x.git"
            self.write("sites.yaml", paper.config(self.origin, {"near": [f"url: {url}"], "disk": [f"url: {disk}"]}).replace(
                "timeout: 5s", f"timeout: {timeout}"))
            if command == "run":
                run = self.run_it(expect=1)
                self.assertIn("pushed to disk; FAILED: near", run.stdout)
                self.assertIn(f"mirror near: {url}: nothing moved for too long", run.stderr)
                continue
            publish = subprocess.Popen([harness.BINARY, command], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            connection, _ = silent.accept()
            publish.terminate()
            publish.communicate(timeout=60)
            self.assertEqual(publish.returncode, 4)
            connection.close()


if __name__ == "__main__":
    unittest.main()
