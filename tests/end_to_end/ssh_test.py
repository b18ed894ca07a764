# SPDX-License-Identifier: MIT
"""Pushes over the system's ssh to a real sshd, alone and through proxies; and git's own daemon."""
import getpass
import os
import pathlib
import re
import shutil
import subprocess
import unittest
import unittest.mock

import harness
import paper


class Ssh(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.origin = f"127.0.0.1:{self.nginx(f'root {self.paper.folder};')}"
        self.remote = self.bare("remote.git")
        self.keys = self.folder / "keys"
        self.keys.mkdir()
        for name in ("host", "mine", "stranger"):
            subprocess.run([harness.program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", self.keys / name],
                           check=True)

    def sshd(self):
        port = harness.free_port()
        if os.geteuid() == 0:
            pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        shutil.copy(self.keys / "mine.pub", self.keys / "authorized")
        conf = self.write("sshd.conf", f"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {self.keys}/host
            AuthorizedKeysFile {self.keys}/authorized
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            StrictModes no
            UsePAM no
            PidFile none
            LogLevel DEBUG1
        """)
        self.start([harness.program("sshd"), "-D", "-e", "-f", conf], port)
        public = (self.keys / "host.pub").read_text().split()
        self.write("keys/known", f"[127.0.0.1]:{port} {public[0]} {public[1]}\n")
        return port

    def configure(self, port, key="mine", known="known", network=""):
        mirror = [f"url: ssh://{getpass.getuser()}@127.0.0.1:{port}{self.remote}", f"ssh_key: file:keys/{key}",
                  f"known_hosts: keys/{known}"]
        self.write("sites.yaml", paper.config(self.origin, {"far": mirror}, network=network))

    def connections(self, *arguments, expect):
        """The (address, port) of every connection of the program and what it starts, and whether it asked the DNS."""
        trace = self.folder / "trace"
        tool = harness.program("strace")
        run = subprocess.run([tool, "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", trace,
                              harness.BINARY, *arguments],
                             cwd=self.folder, capture_output=True, text=True, timeout=120,
                             # The leak checker is a tracer too, and a process has one at a time.
                             env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))
        if "ptrace" in run.stderr and not trace.read_text():
            self.skipTest("strace may not trace here")
        self.assertEqual(run.returncode, expect, run.stderr)
        found = re.findall(r'sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"', trace.read_text())
        return {(address, int(port)) for port, address in found}, run

    def test_what_others_pushed_is_fetched_and_merged(self):
        self.configure(self.sshd())
        self.dandelion("run", expect=0)
        other = self.folder / "other"
        self.git("clone", "--quiet", self.remote, other)
        self.git("-C", other, "-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit", "-q", "--allow-empty",
                 "-m", "theirs")
        self.git("-C", other, "push", "--quiet", self.remote, "HEAD:main")
        theirs = self.head(self.remote)
        settings = self.folder / "sites.yaml"
        settings.write_text(settings.read_text().replace("    known_hosts:", "    on_conflict: adopt\n    known_hosts:"))
        self.paper.add_article()
        self.paper.write_index()
        self.assertIn(f"{theirs} is merged, the files are ours", self.dandelion("run", expect=0).stderr)
        self.git("-C", self.remote, "merge-base", "--is-ancestor", theirs, "main")
        self.assertIn("pages/news/n4.md", self.files_in(self.remote))
        self.assert_sound(self.remote)

    def test_a_push_with_the_mirrors_own_key_and_known_hosts(self):
        self.configure(self.sshd())
        self.assertIn("pushed to far", self.dandelion("run", expect=0).stdout)
        self.assert_sound(self.remote)
        self.paper.add_article()
        self.paper.write_index()
        self.dandelion("run", expect=0)
        self.assertIn("pages/news/n4.md", self.files_in(self.remote))

    def test_a_key_that_the_server_does_not_know(self):
        self.configure(self.sshd(), key="stranger")
        self.assertRegex(self.dandelion("run", expect=1).stderr, "takes none of our ssh keys")
        self.assertEqual(self.head(self.remote), "")

    def test_a_key_that_ssh_cannot_use(self):
        port = self.sshd()
        self.configure(port, key="nowhere")
        self.assertIn("the ssh key is not there (", self.dandelion("run", expect=1).stderr)
        (self.folder / "keys/mine").chmod(0o644)
        self.configure(port)
        self.assertIn("the ssh key can be read by others; `chmod 600` it (", self.dandelion("run", expect=1).stderr)

    def test_a_server_that_is_not_known_gets_nothing(self):
        port = self.sshd()
        self.write("keys/nobody", "")
        self.configure(port, known="nobody")
        self.assertRegex(self.dandelion("run", expect=1).stderr, "not among the known hosts")
        self.assertEqual(self.head(self.remote), "")

    def test_a_repository_that_is_not_there(self):
        port = self.sshd()
        self.remote = self.folder / "nowhere.git"
        self.configure(port)
        self.assertRegex(self.dandelion("run", expect=1).stderr, "there is no repository at this address")

    def test_a_hook_that_refuses_is_heard(self):
        self.configure(self.sshd())
        hook = self.write("remote.git/hooks/pre-receive", "#!/bin/sh\necho 'not today' >&2\nexit 1\n")
        hook.chmod(0o755)
        self.assertIn("not today", self.dandelion("run", expect=1).stderr)

    def test_through_a_socks_proxy_and_nowhere_else(self):
        port = self.sshd()
        proxy = self.microsocks()
        self.configure(port)
        self.dandelion("run", "--no-push", expect=0)
        self.configure(port, network=f"  proxies: [socks5h://127.0.0.1:{proxy}]")
        reached, _ = self.connections("publish", expect=0)
        self.assertEqual(reached, {("127.0.0.1", proxy)})
        self.assert_sound(self.remote)
        self.assertNotEqual(self.head(self.remote), "")

    def test_through_an_http_proxy(self):
        port = self.sshd()
        self.configure(port, network=f"  proxies: [http://127.0.0.1:{self.squid()}]")
        self.assertIn("pushed to far", self.dandelion("run", expect=0).stdout)
        self.assertIn(f"CONNECT 127.0.0.1:{port}", self.squid_log.read_text())

    def own_configuration_with_another_way(self):
        """Has the system's ssh read a configuration that leads past every proxy; returns the file that tells of its use.
        ssh looks for its configuration by the password file, not by HOME: only the command line can name another."""
        used = self.folder / "used"
        configuration = self.write("ssh_config", f"Host *\n  ProxyCommand touch {used}; false\n")
        wrapper = self.write("bin/ssh", f'#!/bin/sh\nexec {harness.program("ssh")} -F {configuration} "$@"\n')
        wrapper.chmod(0o755)
        path = f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}"
        self.enterContext(unittest.mock.patch.dict(os.environ, PATH=path))
        return used

    def test_with_a_dead_proxy_ssh_opens_no_other_connection(self):
        port = self.sshd()
        self.configure(port)
        self.dandelion("run", "--no-push", expect=0)
        used = self.own_configuration_with_another_way()
        self.dandelion("publish", expect=1)
        self.assertTrue(used.exists(), "without proxies ssh goes the way of its own configuration")
        used.unlink()
        dead = harness.free_port()
        self.configure(port, network=f"  proxies: [socks5h://127.0.0.1:{dead}]")
        reached, run = self.connections("publish", expect=1)
        self.assertEqual(reached, {("127.0.0.1", dead)}, run.stderr)
        self.assertFalse(used.exists(), "with proxies ssh went another way")
        self.assertEqual(self.head(self.remote), "")

    def test_with_a_dead_proxy_https_opens_no_other_connection(self):
        self.configure(1)
        self.dandelion("run", "--no-push", expect=0)
        dead = harness.free_port()
        self.write("sites.yaml", paper.config(self.origin, {"web": ["url: https://git.invalid/paper.git"]},
                                              network=f"  proxies: [socks5h://127.0.0.1:{dead}]"))
        reached, run = self.connections("publish", expect=1)
        self.assertEqual(reached, {("127.0.0.1", dead)}, run.stderr)

    def test_gits_own_daemon_nearby(self):
        port = harness.free_port()
        self.start([harness.program("git"), "-c", "safe.directory=*", "daemon", "--reuseaddr", "--export-all",
                    "--enable=receive-pack", "--listen=127.0.0.1", f"--port={port}", f"--base-path={self.folder}"], port,
                   env=dict(os.environ, GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory", GIT_CONFIG_VALUE_0="*"))
        self.write("sites.yaml", paper.config(self.origin, {"near": [f"url: git://127.0.0.1:{port}/remote.git"]}))
        self.assertIn("pushed to near", self.dandelion("run", expect=0).stdout)
        self.assert_sound(self.remote)


if __name__ == "__main__":
    unittest.main()
