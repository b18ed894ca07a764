# SPDX-License-Identifier: MIT
"""What is believed of mirrors over time, who steps in for one that is down, and who hears of it."""
import json
import sqlite3
import unittest

import fake_host
import harness
import paper

TOKEN = "s3cret-t0ken"
TAKEN_DOWN = (451, {}, {"message": "Repository access blocked",
                        "block": {"reason": "dmca", "html_url": "https://github.com/github/dmca/x.md"}})
THERE = (200, {}, {"private": False})


class Spares(harness.EndToEnd):
    """Mirror `one` on a GitHub of ours, `two` as its spare."""

    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        self.origin = f"127.0.0.1:{self.nginx(f'root {self.paper.folder};')}"
        self.remotes = {}
        for name in ("one", "two", "three"):
            (self.folder / "remotes" / name).mkdir(parents=True)
            self.remotes[name] = self.bare(f"remotes/{name}/paper.git")
            self.git("-C", self.remotes[name], "config", "http.receivepack", "true")
        git = self.git_server(self.folder / "remotes", token=TOKEN)
        # What a host does to git while it has taken a repository down.
        self.git_port = self.nginx(f"location ~ ^/(\\w+)/ {{ if (-f {self.folder}/blocked-$1) {{ return 451; }} "
                                   f"if (-f {self.folder}/busy-$1) {{ add_header Retry-After 3600 always; return 429; }} "
                                   f"proxy_pass http://127.0.0.1:{git}; }}")
        self.host = fake_host.FakeHost(self)
        self.network = ""
        self.host.answers["GET", "/repos/one/paper"] = THERE
        self.configure()

    def mirror(self, name, *more):
        for path in (f"/readers/{name}", f"/readers/{name}/raw/main/README.md", f"/pages/{name}/"):
            self.host.answers.setdefault(("GET", path), (200, {}, ""))
        return [f"url: http://127.0.0.1:{self.git_port}/{name}/paper.git", "username: mirror", "token: env:MIRROR_TOKEN",
                f"public: {self.host.url}/readers/{name}", f"pages: {self.host.url}/pages/{name}/", *more]

    def configure(self, mirrors=None, site="    theme: reader\n    share_code: yes\n    every: 20d"):
        mirrors = mirrors or {"one": self.mirror("one", "limits: github", f"api: {self.host.url}"),
                              "two": self.mirror("two", "spare: true")}
        notify = "notify:\n  command: '{ echo \"$DANDELION_EVENT\"; cat; } >> told'\n"
        text = paper.config(self.origin, mirrors, network=self.network, site=site)
        self.write("sites.yaml", text.replace("sites:\n", notify + "sites:\n", 1))

    def ask(self, *arguments, expect=0):
        told = self.dandelion(*arguments, expect=expect, env={"MIRROR_TOKEN": TOKEN})
        self.assertNotIn(TOKEN, told.stdout + told.stderr)
        return told

    def check(self, expect=0, *arguments):
        return self.ask("mirrors", "check", *arguments, expect=expect).stdout

    def pass_time(self, minutes):
        """All that the state knows of mirrors and runs becomes so much older."""
        with sqlite3.connect(self.folder / "var/state.db") as state:
            for table, columns in {"mirror_life": ("since", "seen"), "mirror_suspicion": ("first",),
                                   "mirror_change": ("at", "since"), "mirror": ("not_before",),
                                   "site": ("last_run", "last_success")}.items():
                for column in columns:
                    state.execute(f"UPDATE {table} SET {column} = {column} - ?", (minutes * 60,))
        state.close()

    def told(self):
        """What notify: was told, a line each, since the last call."""
        path = self.folder / "told"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines

    def status(self):
        mirrors = json.loads(self.ask("status", "--json").stdout)["sites"][0]["mirrors"]
        return {mirror["name"]: mirror for mirror in mirrors}

    def block(self, name, is_blocked=True):
        flag = self.folder / f"blocked-{name}"
        flag.touch() if is_blocked else flag.unlink()
        if name == "one":
            self.host.answers["GET", "/repos/one/paper"] = TAKEN_DOWN if is_blocked else THERE

    def named_in(self, remote):
        """The mirrors whose address some file that readers get has, and the files that have it."""
        found = {}
        for path in self.files_in(self.remotes[remote], ours=True):
            content = self.show(self.remotes[remote], path)
            for name in self.remotes:
                if any(f"/{kind}/{name}".encode() in content for kind in ("readers", "pages")):
                    found.setdefault(name, []).append(path)
        return found

    def test_a_spare_steps_in_and_stays(self):
        self.ask("run")
        self.assertEqual(self.head(self.remotes["one"]), self.head(self.remotes["two"]), "a spare is pushed like the others")
        self.assertEqual(set(self.named_in("two")), {"one"})
        self.assertIn("index.html", self.named_in("two")["one"])
        self.assertRegex(self.check(), r"one: live since 20.*\n.*two: live since 20")
        self.block("one")
        self.assertRegex(self.check(1), r"one: taken-down: dmca, notice https://github.com/github/dmca/x.md "
                                        r"\(seen once since 20.*\); so far live since 20")
        self.pass_time(29)
        self.check(1)
        self.assertEqual((self.status()["one"]["state"], self.told()), ("live", []))
        self.assertIn("may be taken-down (2 sightings", self.ask("status").stdout)
        self.ask("run", "--no-push")
        self.assertEqual(set(self.named_in("two")), {"one"})
        self.pass_time(2)
        checked = self.ask("mirrors", "check", expect=1)
        self.assertRegex(checked.stdout, r"one: taken-down since 20\S+: dmca, notice")
        self.assertIn("mirror two was a spare and steps in", checked.stderr)
        told = self.told()
        self.assertEqual([told[0], told[2]], ["mirror-taken-down", "mirror-named"])
        self.assertRegex(told[1], r"^paper: mirror one is taken-down since 20\S+: dmca, notice https")
        self.assertEqual(told[3], "paper: mirror two was a spare and steps in: readers are told of it")

        before = self.head(self.remotes["two"])
        ran = self.ask("run", expect=1)
        self.assertIn("FAILED: one", ran.stdout)
        self.assertEqual(set(self.named_in("two")), {"two"}, "not due for days, and renewed all the same")
        page = self.ask("extract", f"http://{self.origin}/n3.html", "--format", "page", "--site", "paper").stdout
        self.assertEqual(page, self.show(self.remotes["two"], "pages/news/n3.md").decode(), "extract names the same mirrors")
        changed = self.git("-C", self.remotes["two"], "diff", "--name-only", before, "main").split()
        self.assertIn("index.html", changed)
        self.assertFalse([path for path in changed if path.endswith(".md") and path.startswith("pages/")
                          and "/pages/one/" not in self.git("-C", self.remotes["two"], "show", f"{before}:{path}")],
                         "what does not tell of mirrors stays as it is")
        self.assertEqual([line for line in self.told() if line.startswith("mirror-")], [], "nothing is told twice")
        known = self.status()
        self.assertEqual((known["one"]["state"], known["one"]["named"]), ("taken-down", False))
        self.assertEqual(known["one"]["reason"], "dmca, notice https://github.com/github/dmca/x.md")
        self.assertEqual((known["two"]["state"], known["two"]["named"], known["two"]["spare"]), ("live", True, True))
        self.assertEqual([change["to"] for change in known["one"]["history"]], ["taken-down", "live"])
        self.assertEqual([change["to"] for change in known["two"]["history"]], ["named", "live"])

        self.pass_time(60)
        self.block("one", False)
        self.assertRegex(self.check(1), r"one: behind since 20.*\n.*two: live since 20")
        told = self.told()
        self.assertEqual((len(told), told[0]), (2, "mirror-behind"))
        self.ask("run")
        self.assertEqual(set(self.named_in("one")), {"one", "two"})
        self.assertEqual(self.head(self.remotes["one"]), self.head(self.remotes["two"]))
        for remote in ("one", "two"):
            self.assert_sound(self.remotes[remote])
        self.assertEqual([line for line in self.told() if line.startswith("mirror-")], [])
        after = self.head(self.remotes["one"])
        self.ask("run", "--site", "paper")
        self.assertEqual(self.head(self.remotes["one"]), after, "the same mirrors, the same bytes")

    def test_a_push_sees_what_a_check_sees(self):
        self.ask("run")
        self.block("one")
        for _ in range(2):
            self.paper.add_article()
            self.paper.write_index()
            self.ask("run", "--site", "paper", expect=1)
            self.pass_time(31)
        self.assertEqual(self.status()["one"]["state"], "taken-down")
        self.assertEqual(set(self.named_in("two")), {"one"}, "the run that believes it has rendered its pages before")
        self.ask("run", expect=1)
        self.assertEqual(set(self.named_in("two")), {"two"})
        self.block("one", False)
        self.ask("run", "--site", "paper")
        self.assertEqual(self.status()["one"]["state"], "live", "a push that goes through is good news")

    def test_a_host_without_an_interface_tells_of_a_takedown_too(self):
        self.configure({"one": self.mirror("one"), "two": self.mirror("two")})
        self.ask("run")
        self.host.answers["GET", "/readers/one"] = (
            451, {"Link": '<https://blocker.example>; rel="blocked-by"'}, "See https://h.example/notices/7 for why.")
        self.assertRegex(self.check(1), r"one: taken-down: readers get HTTP 451 at \S+/readers/one, for legal reasons, "
                                        r"notice https://h.example/notices/7, blocked by https://blocker.example \(seen once")
        self.host.answers["GET", "/readers/one"] = (200, {}, "")
        self.block("one")
        self.assertRegex(self.check(1), r"one: taken-down: for legal reasons \(seen once since .*\n.*two: live")

    def test_a_host_that_wants_to_be_left_alone_says_nothing(self):
        self.ask("run")
        self.check()
        self.host.answers["GET", "/repos/one/paper"] = [(429, {"Retry-After": "1"}, "Retry later"), THERE]
        self.assertIn("one: live", self.check(), "it waits as told")
        self.host.answers["GET", "/repos/one/paper"] = (429, {"Retry-After": "3600"}, "Retry later")
        self.assertRegex(self.check(1), r"one: rate-limited: 20\S+; so far live since")
        self.assertEqual(self.status()["one"]["suspected"], [])
        self.host.answers["GET", "/repos/one/paper"] = (301, {"Location": f"{self.host.url}/repositories/7"}, {})
        self.assertRegex(self.check(1), r"one: moved: http\S+/repositories/7; change its `url`; so far live since")
        self.assertEqual(self.status()["one"]["suspected"], [])
        self.assertRegex(self.ask("status").stdout, r"(?m)^  one .* up to date; moved to http\S+/repositories/7: change its `url`$")
        self.assertIn("/repositories/7", self.status()["one"]["moved_to"])
        self.assertRegex(self.ask("mirrors", "list").stdout, r"(?m)^paper +one .*, moved to http\S+/repositories/7$")
        self.host.answers["GET", "/repos/one/paper"] = THERE
        self.check()
        self.assertIsNone(self.status()["one"]["moved_to"], "it is back")

    def test_a_host_that_asks_a_push_for_a_long_wait_is_not_out_of_reach(self):
        self.ask("run")
        path = self.folder / "sites.yaml"
        path.write_text(path.read_text().replace("retries: 0", "retries: 3"))
        (self.folder / "busy-one").touch()
        for _ in range(4):
            self.paper.add_article()
            self.paper.write_index()
            run = self.ask("run", "--site", "paper", expect=1)
            self.assertRegex(run.stderr, "mirror one: .*left alone for 3600 s, a run after that comes back")
            self.pass_time(240)
        known = self.status()["one"]
        self.assertEqual((known["state"], known["suspected"], known["named"]), ("live", [], True))
        self.assertEqual(set(self.named_in("two")), {"one"}, "no spare steps in")

    def test_what_some_readers_do_not_get(self):
        self.ask("run")
        exits = self.nginx("location / { return 451; }")  # asked for http addresses as a proxy
        censor = f"http://127.0.0.1:{exits}"
        for hours in (0, 3, 3):
            self.pass_time(hours * 60)
            self.assertIn("one: geo-blocked", self.check(1, "--proxy", censor))
            self.assertIn("one: live", self.check(0), "we get it")
        known = self.status()["one"]
        self.assertEqual((known["state"], known["named"]), ("geo-blocked", True), "others get it")
        asked = self.requests_to(self.git_port)
        self.assertEqual(self.ask("publish").stdout, "paper: up to date: one, two\n")
        self.assertEqual(self.requests_to(self.git_port), asked, "what readers alone miss, no push brings")
        self.assertIn(f"readers behind {censor} get HTTP 451 at {self.host.url}/readers/one", known["reason"])
        self.assertIn("mirror-geo-blocked", self.told())
        self.check(0)
        self.assertEqual(self.status()["one"]["state"], "geo-blocked", "they still do not")
        opened = f"socks5h://127.0.0.1:{self.microsocks()}"
        self.check(0, "--proxy", opened)
        self.assertEqual(self.status()["one"]["state"], "geo-blocked", "others are behind that")

    def test_our_own_outage_is_not_the_mirrors(self):
        local = self.bare("local.git")
        authority = harness.Authority(self)
        front = f"https://127.0.0.1:{authority.front(self.git_port)}"
        for mirrors in {"one": self.mirror("one"), "two": self.mirror("two", "spare: true")}, \
                {"one": self.mirror("one"), "disk": [f"url: {local}"]}, {"one": self.mirror("one")}:
            mirrors = {name: [line.replace(f"url: http://127.0.0.1:{self.git_port}", f"url: {front}") for line in lines]
                       for name, lines in mirrors.items()}
            with self.subTest(mirrors=list(mirrors)):
                self.network = f"  ca_file: {authority.file}"
                self.configure(mirrors)
                self.live_through_an_outage(mirrors)

    def live_through_an_outage(self, mirrors):
        self.ask("run", "--site", "paper")
        self.assertIn(b"/readers/one", self.show(self.remotes["one"], "README.md"))
        dead = harness.free_port()
        text = (self.folder / "sites.yaml").read_text().replace("  retries: 0\n", f"  retries: 0\n  proxies: [socks5h://127.0.0.1:{dead}]\n")
        self.write("sites.yaml", text)
        for _ in range(4):
            self.assertIn(f"one: unseen: the proxy socks5h://127.0.0.1:{dead} takes no connections: that is our own network",
                          self.check(1))
            self.assertIn("that is our own network, and says nothing of the mirrors",
                          self.ask("publish", "--mirror", "one", expect=1).stderr)
            self.pass_time(180)
        self.assertEqual({name: each["state"] for name, each in self.status().items()}, dict.fromkeys(mirrors, "live"))
        self.assertEqual(self.told(), [])
        self.configure(mirrors)
        self.paper.add_article()
        self.paper.write_index()
        self.ask("run", "--site", "paper")
        self.assertIn(b"/readers/one", self.show(self.remotes["one"], "README.md"), "the first run after it")


if __name__ == "__main__":
    unittest.main()
