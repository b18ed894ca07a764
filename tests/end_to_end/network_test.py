# SPDX-License-Identifier: MIT
"""What leaves the machine, seen from outside: system calls under strace, real proxies, resolvers and certificates."""
import re
import shutil
import socket
import subprocess
import threading
import time
import unittest

import harness
import paper


class Network(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.mirror = self.bare("mirror.git")

    def configure(self, origin, network="", site=""):
        self.write("sites.yaml", paper.config(origin, {"one": [f"url: {self.mirror}"]}, network=network, site=site))

    def traced(self, *arguments, during=None):
        """Runs the program under strace; returns its exit code and all that it connected or sent datagrams to."""
        log = self.folder / "strace.log"
        process = subprocess.Popen([harness.program("strace"), "-f", "-qq", "-o", log, "-e",
                                    "trace=connect,sendto,sendmsg,sendmmsg", harness.BINARY, *arguments], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={"PATH": "/usr/bin:/bin", "ASAN_OPTIONS": "detect_leaks=0"})
        if during:
            during()
        self.out, self.err = process.communicate(timeout=120)
        if "ptrace" in self.err and "Operation not permitted" in self.err:
            self.skipTest("strace may not trace here")
        peers = set()
        for line in log.read_text().splitlines():
            if "AF_UNIX" in line or "sa_family" in line and "AF_INET" not in line and "AF_UNSPEC" not in line:
                peers.add(line)
            for family_port, address in re.findall(r"sin6?_port=htons\((\d+)\).*?\"([^\"]+)\"", line):
                peers.add(f"{address}:{family_port}")
        return process.returncode, peers

    # -- proxies

    def test_a_proxy_that_dies_in_mid_run_leaves_nothing_to_go_round_it(self):
        """Not one connect, packet or name look-up to anything but the proxy; the next run catches up."""
        origin = self.nginx(f"root {self.paper.folder};")
        hosts = self.write("hosts", "127.0.0.1 origin.invalid\n")
        proxy, server = self.squid_with(hosts)
        self.configure(f"origin.invalid:{origin}",
                       f"  proxies: [http://127.0.0.1:{proxy}]\n  per_host: {{connections: 1, delay: 700ms}}")

        def kill_after_the_first_article():
            deadline = time.monotonic() + 60
            while not any("/n" in line for line in self.requests_to(origin)):
                self.assertLess(time.monotonic(), deadline, "no article was asked for")
                time.sleep(0.02)
            server.kill()
            server.wait()

        code, peers = self.traced("run", during=kill_after_the_first_article)
        self.assertEqual(code, 1, self.err)
        self.assertEqual(peers, {f"127.0.0.1:{proxy}"})
        self.assertIn(f"http://127.0.0.1:{proxy}", self.err)
        self.squid_with(hosts, proxy)
        self.dandelion("run", expect=0)
        self.assertEqual(len([path for path in self.files_in(self.mirror) if path.startswith("pages/")]), 3)

    def test_a_dead_proxy_is_all_that_is_asked_for(self):
        origin = self.nginx(f"root {self.paper.folder};")
        for scheme in ("socks5h", "socks4a", "http", "https"):
            dead = harness.free_port()
            self.configure(f"localhost:{origin}", f"  proxies: [{scheme}://127.0.0.1:{dead}]")
            code, peers = self.traced("run")
            self.assertEqual(code, 1, self.err)
            self.assertEqual(peers, {f"127.0.0.1:{dead}"}, scheme)
        self.assertEqual(self.requests_to(origin), [])

    def test_a_push_asks_for_nothing_but_the_dead_proxy(self):
        origin = self.nginx(f"root {self.paper.folder};")
        self.configure(f"127.0.0.1:{origin}")
        self.dandelion("run", "--no-push", expect=0)
        for scheme in ("socks5h", "http", "https"):
            for address in ("https://mirror.example/a.git", f"http://127.0.0.1:{origin}/a.git"):
                dead = harness.free_port()
                self.write("sites.yaml", paper.config(f"127.0.0.1:{origin}", {"one": [f"url: {address}"]},
                                                      network=f"  proxies: [{scheme}://127.0.0.1:{dead}]"))
                code, peers = self.traced("publish")
                self.assertEqual(code, 1, self.err)
                self.assertEqual(peers, {f"127.0.0.1:{dead}"}, f"{scheme} {address}")
                self.assertIn("paper: FAILED: one", self.out)

    def test_another_proxy_takes_over(self):
        origin = self.nginx(f"root {self.paper.folder};")
        dead, alive = harness.free_port(), self.microsocks()
        self.configure(f"127.0.0.1:{origin}", f"  proxies: [socks5h://127.0.0.1:{dead}, socks5h://127.0.0.1:{alive}]")
        code, peers = self.traced("run")
        self.assertEqual(code, 0, self.err)
        self.assertEqual(peers, {f"127.0.0.1:{dead}", f"127.0.0.1:{alive}"})

    def test_an_https_proxy(self):
        """The proxy itself speaks TLS: socat in front of squid."""
        authority = harness.Authority(self)
        certificate = authority.sign("origin", "IP:127.0.0.1")
        tls = harness.free_port()
        origin = self.nginx(f"listen 127.0.0.1:{tls} ssl http2; {certificate} root {self.paper.folder};")
        squid = self.squid()
        front = harness.free_port()
        self.stream_proxy(front, squid, certificate)
        self.configure(f"127.0.0.1:{tls}", f"  proxies: [https://127.0.0.1:{front}]\n  ca_file: {authority.file}")
        self.use_https()
        self.dandelion("run", expect=0)
        self.assertTrue(self.requests_to(origin))
        self.assertIn(f"CONNECT 127.0.0.1:{tls}", self.squid_log.read_text())

    def test_http2_where_the_origin_speaks_it(self):
        """Directly, and through a proxy that only passes bytes on."""
        authority = harness.Authority(self)
        certificate = authority.sign("origin", "IP:127.0.0.1")
        tls = harness.free_port()
        origin = self.nginx(f"listen 127.0.0.1:{tls} ssl http2; {certificate} root {self.paper.folder};")
        for proxies in ("[]", f"[socks5h://127.0.0.1:{self.microsocks()}]"):
            self.paper.add_article()
            self.paper.write_index()
            self.configure(f"127.0.0.1:{tls}", f"  proxies: {proxies}\n  ca_file: {authority.file}")
            self.use_https()
            self.dandelion("run", expect=0)
        lines = self.requests_to(origin)
        self.assertGreater(len(lines), 8)
        self.assertTrue(all(line.endswith("HTTP/2.0") for line in lines), lines)

    # -- names

    def test_names_come_from_the_resolver_over_https_and_from_nowhere_else(self):
        authority = harness.Authority(self)
        origin = self.nginx(f"root {self.paper.folder};")
        resolver = self.dnsdist(authority, {"paper.test.": "127.0.0.1"})
        doh = f"  dns_over_https: {{url: \"https://doh.test:{resolver}/dns-query\", address: 127.0.0.1}}\n"
        self.configure(f"paper.test:{origin}", f"{doh}  ca_file: {authority.file}")
        code, peers = self.traced("run")
        self.assertEqual(code, 0, self.err)
        # glibc asks itself by a connected datagram socket which address it would come from; nothing is sent.
        self.assertEqual({peer for peer in peers if not peer.endswith(":0")},
                         {f"127.0.0.1:{resolver}", f"127.0.0.1:{origin}"})

    def test_a_resolver_whose_certificate_is_wrong_is_not_believed(self):
        authority = harness.Authority(self)
        origin = self.nginx(f"root {self.paper.folder};")
        resolver = self.dnsdist(authority, {"paper.test.": "127.0.0.1"})
        self.configure(f"paper.test:{origin}",
                       f"  dns_over_https: {{url: \"https://doh.test:{resolver}/dns-query\", address: 127.0.0.1}}")
        code, peers = self.traced("run")
        self.assertEqual(code, 1, self.err)
        self.assertEqual({peer for peer in peers if not peer.endswith(":0")}, {f"127.0.0.1:{resolver}"})

    def test_a_name_that_leads_inside_is_refused_however_it_resolves(self):
        """DNS rebinding: the name looks public, its address is not."""
        authority = harness.Authority(self)
        origin = self.nginx(f"root {self.paper.folder};")
        resolver = self.dnsdist(authority, {"paper.test.": "127.0.0.1"})
        self.configure(f"paper.test:{origin}", f"  dns_over_https: {{url: \"https://doh.test:{resolver}/dns-query\", "
                                               f"address: 127.0.0.1}}\n  ca_file: {authority.file}")
        text = (self.folder / "sites.yaml").read_text().replace("private_addresses: allow", "private_addresses: deny")
        self.write("sites.yaml", text)
        self.assertIn("private", self.dandelion("run", expect=1).stderr)
        self.assertEqual(self.requests_to(origin), [])

    def test_a_site_may_say_where_its_hosts_lie(self):
        origin = self.nginx(f"root {self.paper.folder};")
        self.configure(f"paper.invalid:{origin}", site="    resolve: {paper.invalid: 127.0.0.1}")
        self.assertIn("3 new pages", self.dandelion("run", expect=0).stdout)
        self.paper.add_article()
        self.paper.write_index()
        edge = self.nginx(f"root {self.paper.folder};")
        self.configure(f"paper.invalid:{origin}",
                       site=f"    connect_to: {{\"paper.invalid:{origin}\": \"127.0.0.1:{edge}\"}}")
        self.assertIn("1 new page", self.dandelion("run", expect=0).stdout)
        self.assertIn("GET /n4.html HTTP/1.1", self.requests_to(edge))

    # -- what a site asks for

    def test_a_sites_headers_and_cookies_open_its_door(self):
        origin = self.nginx(f"""root {self.paper.folder};
            if ($http_authorization != "Bearer s3cret-value") {{ return 403; }}
            if ($cookie_member != "yes") {{ return 403; }}""")
        self.write("cookies.txt", "127.0.0.1\tFALSE\t/\tFALSE\t0\tmember\tyes\n")
        door = "    headers: {Authorization: env:PAPER_KEY}\n    cookies: cookies.txt"
        self.configure(f"127.0.0.1:{origin}", "  robots: ignore", door)
        run = self.dandelion("-v", "run", expect=0, env={"PAPER_KEY": "Bearer s3cret-value"})
        self.assertNotIn("s3cret-value", run.stdout + run.stderr)
        self.assertIn("PAPER_KEY", self.dandelion("run", expect=2).stderr)

    def test_each_site_has_a_circuit_of_its_own(self):
        """As Tor sees it: a user name a site, the same for all its connections, another one in another run."""
        origin = self.nginx(f"root {self.paper.folder};")
        seen = {}
        for run, isolate in (("first", "site"), ("second", "site"), ("apart", "none")):
            with TorLike(origin) as proxy:
                config = paper.config(f"news.invalid:{origin}", {name: [f"url: {self.bare(run + name)}"] for name in ("one", "two")},
                                      network=f"  proxies: [socks5h://127.0.0.1:{proxy.port}]\n  isolate: {isolate}")
                begin, rest = config.split("sites:\n")
                site, mirrors = rest.split("mirrors:\n  -", 1)
                first = re.sub(r"mirrors: \[.*\]", "mirrors: [one]", site)
                second = first.replace("paper", "weekly").replace("news.invalid", "weekly.invalid").replace("[one]", "[two]")
                self.write("sites.yaml", f"{begin}sites:\n{first}{second}mirrors:\n  -{mirrors}")
                self.dandelion("run", "--no-push", expect=0)
                seen[run] = proxy.users
            shutil.rmtree(self.folder / "var")
        for run in ("first", "second"):
            users = seen[run]
            self.assertEqual(set(users), {"news.invalid", "weekly.invalid"})
            self.assertEqual([len(names) for names in users.values()], [1, 1], users)
            self.assertNotEqual(users["news.invalid"], users["weekly.invalid"])
        self.assertNotEqual(seen["first"], seen["second"])
        self.assertEqual(seen["apart"], {"news.invalid": {""}, "weekly.invalid": {""}})

    def test_tor_is_looked_for_where_it_is_expected(self):
        self.configure("127.0.0.1:1", "  proxies: tor")
        run = self.dandelion("run")
        if run.returncode == 2:
            self.assertIn("127.0.0.1:9050", run.stderr)

    # -- certificates

    def test_a_certificate_that_is_not_to_be_trusted_gives_no_page(self):
        authority = harness.Authority(self)
        stranger = harness.Authority(self, "stranger")
        cases = {"another name": authority.sign("name", "DNS:other.test"),
                 "expired": authority.sign("old", "IP:127.0.0.1", days=-1),
                 "another authority": stranger.sign("own", "IP:127.0.0.1")}
        for what, certificate in cases.items():
            tls = harness.free_port()
            origin = self.nginx(f"listen 127.0.0.1:{tls} ssl; {certificate} root {self.paper.folder};")
            self.configure(f"127.0.0.1:{tls}", f"  ca_file: {authority.file}")
            self.use_https()
            self.assertIn("certificate", self.dandelion("run", expect=1).stderr, what)
            self.assertEqual(self.requests_to(origin), [], what)
            self.assertEqual(self.head(self.mirror), "", what)

    # -- servers

    def use_https(self):
        self.write("sites.yaml", (self.folder / "sites.yaml").read_text().replace("index: http:", "index: https:"))

    def squid_with(self, hosts, port=None):
        port = port or harness.free_port()
        home = self.folder / f"squid-hosts-{harness.free_port()}"
        home.mkdir()
        home.chmod(0o777)
        (home / "squid.conf").write_text(f"""
            http_port 127.0.0.1:{port}
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
        server = self.start([harness.program("squid"), "-N", "-f", home / "squid.conf", "-n",
                             f"dandelion{harness.free_port()}"], port)
        return port, server

    def stream_proxy(self, port, behind, certificate):
        """TLS on `port`, plain TCP to the port behind: what makes an HTTP proxy an HTTPS proxy."""
        certificate_file, key_file = re.findall(r"ssl_certificate(?:_key)? (\S+);", certificate)
        self.start([harness.program("socat"), f"OPENSSL-LISTEN:{port},bind=127.0.0.1,cert={certificate_file},"
                    f"key={key_file},verify=0,fork,reuseaddr", f"TCP:127.0.0.1:{behind}"], port)

    def dnsdist(self, authority, names):
        port = harness.free_port()
        certificate_file, key_file = re.findall(r"ssl_certificate(?:_key)? (\S+);", authority.sign("doh", "DNS:doh.test"))
        rules = "\n".join(f'addAction("{name}", SpoofAction({{"{address}"}}))' for name, address in names.items())
        conf = self.write("dnsdist.conf", f"""
            setLocal("127.0.0.1:{harness.free_port()}")
            addDOHLocal("127.0.0.1:{port}", "{certificate_file}", "{key_file}", "/dns-query")
            addAction(QTypeRule(DNSQType.AAAA), RCodeAction(DNSRCode.NOERROR))
            {rules}
            addAction(AllRule(), RCodeAction(DNSRCode.REFUSED))
        """)
        self.start([harness.program("dnsdist"), "--supervised", "--disable-syslog", "-C", conf], port)
        return port


class TorLike:
    """A SOCKS5 proxy (RFC 1928, 1929) that takes any user, as Tor does, notes whose connection leads where, and leads all of
    them to one port of this machine."""

    def __init__(self, target):
        self.users = {}
        self.target = target

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, client.makefile("rb") as data:
            methods = data.read(data.read(2)[1])
            user = b""
            client.sendall(b"\5\2" if 2 in methods else b"\5\0")
            if 2 in methods:
                user = data.read(data.read(2)[1])
                data.read(data.read(1)[0])
                client.sendall(b"\1\0")
            kind = data.read(4)[3]
            name = data.read(data.read(1)[0]) if kind == 3 else data.read(4 if kind == 1 else 16)
            data.read(2)
            self.users.setdefault(name.decode(errors="replace"), set()).add(user.decode())
            with socket.create_connection(("127.0.0.1", self.target)) as origin:
                client.sendall(b"\5\0\0\1\0\0\0\0\0\0")
                threading.Thread(target=self.pass_on, args=(origin, client), daemon=True).start()
                while piece := data.read1(65536):
                    origin.sendall(piece)

    @staticmethod
    def pass_on(origin, client):
        try:
            while piece := origin.recv(65536):
                client.sendall(piece)
        except OSError:
            pass


if __name__ == "__main__":
    unittest.main()
