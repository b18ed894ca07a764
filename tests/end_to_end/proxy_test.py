# SPDX-License-Identifier: MIT
"""Runs through real proxies, with an origin that can be reached in no other way."""
import unittest

import harness
import paper


class Proxy(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.port = self.nginx(f"root {self.paper.folder};")
        self.mirror = self.bare("mirror.git")

    def configure(self, network, host=None):
        # paper.invalid resolves nowhere (RFC 6761): only a proxy that is told where it lies can reach the origin.
        self.write("sites.yaml", paper.config(f"{host or '127.0.0.1'}:{self.port}", {"one": [f"url: {self.mirror}"]},
                                              network=network))

    def test_a_run_through_squid(self):
        proxy = self.squid()
        self.configure(f"  proxies: [http://127.0.0.1:{proxy}]")
        self.assertIn("3 new pages", self.dandelion("run", expect=0).stdout)
        self.assertIn("/n1.html", self.squid_log.read_text())

    def test_a_run_through_microsocks(self):
        proxy = self.microsocks()
        self.configure(f"  proxies: [socks5h://127.0.0.1:{proxy}]")
        self.assertIn("3 new pages", self.dandelion("run", expect=0).stdout)

    def test_names_are_resolved_by_the_proxy_alone(self):
        """`localtest.invalid` exists only in the proxy's own hosts file."""
        hosts = self.write("hosts", "127.0.0.1 origin.invalid\n")
        proxy = harness.free_port()
        home = self.folder / "squid-hosts"
        home.mkdir()
        home.chmod(0o777)
        conf = self.write("squid-hosts/squid.conf", f"""
            http_port 127.0.0.1:{proxy}
            hosts_file {hosts}
            http_access allow all
            cache deny all
            access_log none
            cache_log {home}/cache.log
            pid_filename {home}/pid
            coredump_dir {home}
            shutdown_lifetime 0 seconds
            visible_hostname proxy.test
        """)
        self.start([harness.program("squid"), "-N", "-f", conf, "-n", f"dandelion{proxy}"], proxy)
        self.configure(f"  proxies: [http://127.0.0.1:{proxy}]", host="origin.invalid")
        self.assertIn("3 new pages", self.dandelion("run", expect=0).stdout)
        self.configure("", host="origin.invalid")
        self.assertIn("origin.invalid", self.dandelion("run", expect=1).stderr)

    def test_a_proxy_with_a_password_from_the_environment(self):
        proxy = self.microsocks("user", "pr0xy-pass")
        self.configure(f"  proxies: [socks5h://user@127.0.0.1:{proxy}]\n  proxy_password: env:PROXY_PASSWORD")
        run = self.dandelion("run", expect=0, env={"PROXY_PASSWORD": "pr0xy-pass"})
        self.assertIn("3 new pages", run.stdout)
        self.paper.add_article()
        self.paper.write_index()
        run = self.dandelion("run", expect=1, env={"PROXY_PASSWORD": "wrong-pass"})
        self.assertNotIn("wrong-pass", run.stdout + run.stderr)
        self.assertIn("PROXY_PASSWORD", self.dandelion("run", expect=2).stderr)

    def test_with_a_dead_proxy_nothing_goes_direct(self):
        dead = harness.free_port()
        self.configure(f"  proxies: [socks5h://127.0.0.1:{dead}]")
        run = self.dandelion("run", expect=1)
        self.assertIn(f"socks5h://127.0.0.1:{dead}", run.stderr)
        self.assertEqual(self.requests_to(self.port), [])

    def test_the_environments_proxy_variables_decide_nothing(self):
        self.configure("")
        dead = f"http://127.0.0.1:{harness.free_port()}"
        everything = {"http_proxy": dead, "HTTPS_PROXY": dead, "ALL_PROXY": dead, "all_proxy": dead}
        self.assertIn("3 new pages", self.dandelion("run", expect=0, env=everything).stdout)
        proxy = self.microsocks()
        self.paper.add_article()
        self.paper.write_index()
        self.configure(f"  proxies: [socks5h://127.0.0.1:{harness.free_port()}, socks5h://127.0.0.1:{proxy}]")
        run = self.dandelion("run", expect=0, env={"no_proxy": "*", "NO_PROXY": "127.0.0.1"})
        self.assertIn("1 new page", run.stdout)

    def test_private_addresses_are_refused_unless_allowed(self):
        self.configure("")
        text = (self.folder / "sites.yaml").read_text().replace("private_addresses: allow", "private_addresses: deny")
        self.write("sites.yaml", text)
        run = self.dandelion("run", expect=1)
        self.assertIn("private_addresses", run.stderr)
        self.assertEqual(self.requests_to(self.port), [])


if __name__ == "__main__":
    unittest.main()
