# SPDX-License-Identifier: MIT
"""What a user or a stranger can get wrong: each a clear sentence, the right exit code, and nothing half-written."""
import subprocess
import unittest

import harness
import paper


class BadConfiguration(harness.EndToEnd):
    def check(self, text, *sentences):
        if text is not None:
            self.write("sites.yaml", text)
        for command in (("check",), ("run",)):
            run = self.dandelion(*command, expect=2)
            for sentence in sentences:
                self.assertIn(sentence, run.stdout + run.stderr)
        self.assertFalse((self.folder / "var").exists())

    def test_no_file(self):
        self.check(None, "sites.yaml")

    def test_a_folder_in_its_place(self):
        (self.folder / "sites.yaml").mkdir()
        self.check(None, "sites.yaml")

    def test_empty(self):
        self.check("", "sites.yaml")
        self.check("# nothing but a comment\n", "sites.yaml")

    def test_everything_wrong_is_told_at_once_with_its_place(self):
        text = paper.config("127.0.0.1:1", {"one": ["url: /tmp/x.git"]})
        text = (text.replace("discover:", "discovr:").replace("timeout: 5s", "timeout: soon")
                .replace("- name: one", "- nmae: one"))
        self.check(text, "unknown key 'discovr' (did you mean 'discover'?)", "sites.yaml:6:", "unknown key 'nmae'")

    def test_a_mirror_that_no_push_would_take(self):
        for lines, sentences in ((["url: github.com/a/b.git"], ("sites.yaml:29:10: ", "write https://github.com/a/b.git ")),
                                 (["url: git@github.com/a/b.git"], ("sites.yaml:29:10: ", "write git@github.com:a/b.git ")),
                                 (["url: 'https://github.com'"], ("sites.yaml:29:10: ", "no repository on it", "https://github.com/owner")),
                                 (["url: ssh://-oProxyCommand=x/y"], ("sites.yaml:29:10: ", "write ssh://git@host/path.git")),
                                 (["url: 'ext::sh -c x'"], ("sites.yaml:29:10: ", "use https, http, ssh or file")),
                                 (["url: git://example.org/x.git"], ("sites.yaml:29:10: ", "neither encrypts nor asks who pushes")),
                                 (["url: http://github.com/a/b.git", "token: env:T"], ("sites.yaml:29:10: ", "in clear text", "use https")),
                                 (["url: https://github.com/a/b", "username: mi:rror"], ("sites.yaml:30:15: ", "colon")),
                                 (["url: /tmp/x.git", "branch: HEAD"], ("sites.yaml:30:13: ", "write one such as main")),
                                 (["url: /tmp/x.git", "branch: refs/heads/x"], ("sites.yaml:30:13: ", "write x"))):
            with self.subTest(lines=lines):
                self.check(paper.config("127.0.0.1:1", {"one": lines}), *sentences)

    def test_keys_that_no_run_could_use(self):
        text = paper.config("127.0.0.1:1", {"one": ["url: ssh://git@127.0.0.1:1/x.git", "ssh_key: file:id", "known_hosts: hosts"]})
        name = "operator: {name: Tester, email: tester@example.invalid"
        self.write("sites.yaml", text.replace(name, f"{name}, key: keys/k"))
        run = self.dandelion("check", expect=0)
        for sentence in ("sites.yaml:2:62: warning: there is no key", "keygen", "sites.yaml:30:14: warning: there is no file",
                         "sites.yaml:31:18: warning: there is no file", "1 site, 1 mirror; no error, 3 warnings"):
            self.assertIn(sentence, run.stdout)
        self.assertNotIn("good", run.stdout)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "id"], check=True)
        self.write("sites.yaml", text.replace(name, f"{name}, key: id").replace("    known_hosts: hosts\n", ""))
        run = self.dandelion("check", expect=2)
        self.assertIn("sites.yaml:2:62: ", run.stdout)
        self.assertIn("in OpenSSH's own form; an Ed25519 key in PKCS#8", run.stdout)
        self.dandelion("keygen", "keys/k", expect=0)
        self.write("sites.yaml", text.replace(name, f"{name}, key: keys/k").replace("    known_hosts: hosts\n", ""))
        self.assertIn("1 site, 1 mirror; good", self.dandelion("check", expect=0).stdout)

    def test_two_sites_of_one_name(self):
        text = paper.config("127.0.0.1:1", {"one": ["url: /tmp/x.git"]})
        site = text[text.index("  - name: paper"):text.index("mirrors:\n  - name")]
        self.check(text.replace("mirrors:\n  - name", site + "mirrors:\n  - name"), "'paper'")

    def test_a_selector_that_does_not_parse(self):
        text = paper.config("127.0.0.1:1", {"one": ["url: /tmp/x.git"]}).replace('"#story"', '"#story >"')
        self.check(text, "selector '#story >'", "sites.yaml:22:13:")

    def test_a_yaml_bomb(self):
        bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
        for here, before in zip("bcdefghij", "abcdefghi"):
            bomb += f"{here}: &{here} [{','.join(['*' + before] * 9)}]\n"
        self.check(bomb, "sites.yaml")
        self.check("[" * 100_000, "sites.yaml")

    def test_a_theme_that_is_not_there(self):
        text = paper.config("127.0.0.1:1", {"one": ["url: /tmp/x.git"]}, site="    theme: clasic")
        self.check(text, "there is no theme 'clasic'")

    def test_the_values_of_an_option_are_named(self):
        for arguments, values in ((("extract", "p.html", "--format", "pdf"), "json, markdown, html, text, page"),
                                  (("stats", "log", "--format", "pdf"), "table, csv, json"),
                                  (("archive", "https://e.example/", "--format", "pdf"), "md, html, epub, text, page, warc, wacz"),
                                  (("schedule", "--form", "pdf"), "cron, systemd"), (("--color", "pink", "check"), "auto, always, never"),
                                  (("--log-format", "pdf", "check"), "text, json"), (("run", "--limit", "0"), "1 to 1000000000")):
            run = self.dandelion(*arguments, expect=2)
            self.assertIn(values, run.stderr)
            self.assertNotIn("->", run.stderr)

    def test_wrong_usage(self):
        for arguments in ((), ("rnu",), ("run", "--lmit", "3"), ("run", "--limit", "none"), ("extract", "--format", "pdf"),
                          ("run", "--color", "pink"), ("archive", "https://e.example/", "--fallback", "google"),
                          ("archive", "https://e.example/", "--depth", "-1"), ("archive", "https://e.example/", "--limit", "0")):
            self.dandelion(*arguments, expect=2)

    def test_help_shows_what_works_and_nothing_else(self):
        listed = self.dandelion("--help", expect=0).stdout
        for name in ("init", "keygen", "check", "run", "extract", "archive", "publish", "mirrors", "status", "serve",
                     "stats"):
            self.assertIn(f"  {name} ", listed)
        for name in ("verify", "tunnel"):
            self.assertNotIn(f"  {name} ", listed)


class Init(harness.EndToEnd):
    def test_it_writes_a_configuration_that_is_good(self):
        self.dandelion("init", "mine", expect=0)
        self.assertIn("good", self.dandelion("check", "-c", "mine/sites.yaml", expect=0).stdout)
        before = (self.folder / "mine/sites.yaml").read_text()
        self.assertIn("is there already", self.dandelion("init", "mine", expect=2).stderr)
        self.assertEqual((self.folder / "mine/sites.yaml").read_text(), before)

    def test_the_configuration_is_looked_for_here_then_in_the_users_folder(self):
        self.dandelion("init", "config/dandelion", expect=0)
        env = {"XDG_CONFIG_HOME": str(self.folder / "config")}
        self.assertIn("config/dandelion/sites.yaml", self.dandelion("check", env=env, expect=0).stdout)

    def test_the_published_example_is_good(self):
        example = harness.SHARED / "sites.example.yaml"
        if not example.exists():
            self.skipTest("the example configuration is not here (../shared)")
        run = self.dandelion("check", "-c", example, expect=0)
        self.assertIn("warning", run.stdout)


class Extract(harness.EndToEnd):
    def test_json_has_every_key(self):
        import json
        self.write("p.html", paper.article("One", "<p>" + "Long enough text. " * 30 + '<a href="/x">l</a></p>'))
        made = json.loads(self.dandelion("extract", "p.html", "--url", "https://e.example/a/", expect=0).stdout)
        self.assertEqual(list(made), ["url", "canonical", "title", "byline", "published", "language", "site_name", "image",
                                      "excerpt", "text", "html", "markdown", "links", "images"])
        self.assertEqual((made["title"], made["published"], made["byline"]), ("One", "2026-03-01T08:00:00Z", None))
        self.assertEqual(made["links"], [{"href": "https://e.example/x", "text": "l"}])

    def test_batch_answers_in_order_and_goes_on_past_failures(self):
        import json
        lines = []
        for i in range(200):
            self.write(f"p{i}.html", paper.article(f"Title {i}", "<p>" + f"Text of page {i}. " * 30 + "</p>"))
            lines.append(json.dumps({"file": f"p{i}.html", "url": f"https://e.example/{i}"}))
        lines[100] = json.dumps({"file": "missing.html"})
        lines[101] = "not json"
        run = self.dandelion("extract", "--batch", stdin="\n".join(lines) + "\n", expect=1)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual(len(answers), 200)
        for i, answer in enumerate(answers):
            if i in (100, 101):
                self.assertIsNone(answer["text"])
                self.assertIn("error", answer)
            else:
                self.assertEqual(answer["title"], f"Title {i}")

    def test_batch_refuses_what_is_no_file_or_address(self):
        import json
        import os
        os.mkfifo(self.folder / "pipe")
        self.write("p.html", paper.article("One", "<p>" + "Long enough text. " * 30 + "</p>"))
        lines = [{"file": "pipe"}, {"file": "/dev/zero"}, {"file": "p.html\0.txt"}, {"file": "p.html", "url": "e.example"},
                 {"file": "p.html", "url": ""}]
        run = self.dandelion("extract", "--batch", stdin="".join(json.dumps(line) + "\n" for line in lines), expect=1)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        for answer, reason in zip(answers, ("pipe: not a regular file", "/dev/zero: not a regular file", "NUL", "e.example")):
            self.assertIn(reason, answer["error"])
        self.assertEqual(answers[4]["title"], "One")

    def test_what_would_have_no_effect_is_refused(self):
        self.write("p.html", paper.article("One", "<p>" + "Long enough text. " * 30 + "</p>"))
        for arguments, reason in ((("p.html", "--batch"), "p.html"), (("--batch", "--format", "html"), "--format"),
                                  (("--batch", "--url", "https://e.example/"), "--url"),
                                  (("p.html", "--url", "notaurl"), "--url"),
                                  (("p.html", "--url", "javascript:alert(1)"), "--url"), ((), "name a file")):
            self.assertIn(reason, self.dandelion("extract", *arguments, expect=2).stderr)

    def test_output_that_cannot_be_written_fails(self):
        import json
        self.write("p.html", paper.article("One", "<p>" + "Long enough text. " * 30 + "</p>"))
        question = json.dumps({"file": str(self.folder / "p.html")}) + "\n"
        for arguments, asked in ((("extract", str(self.folder / "p.html")), ""), (("extract", "--batch"), question * 200)):
            with open("/dev/full", "wb") as full:
                run = subprocess.run([harness.BINARY, *arguments], input=asked.encode(), stdout=full, stderr=subprocess.PIPE)
            self.assertEqual((run.returncode, b"cannot be written" in run.stderr), (1, True), arguments)
        reader = subprocess.Popen([harness.BINARY, "extract", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
        reader.stdin.write(question.encode())
        reader.stdin.flush()
        self.assertEqual(json.loads(reader.stdout.readline())["title"], "One", "an answer comes without another question")
        reader.stdin.close()
        self.assertEqual((reader.wait(), reader.stderr.read()), (0, b""))
        reader.stdout.close()
        reader.stderr.close()

    def test_a_page_without_an_article_fails(self):
        self.write("p.html", "<html></html>")
        self.assertIn("no article", self.dandelion("extract", "p.html", expect=1).stderr)
        self.dandelion("extract", "missing.html", expect=2)

    def test_a_page_of_nothing_but_tags_fails(self):
        self.write("p.html", "<article>" + "<i>" * 1_000_000)
        said = "p.html: the page has more than 1000000 elements, texts and comments"
        self.assertIn(said, self.dandelion("extract", "p.html", expect=1).stderr)

    def test_an_address_is_fetched(self):
        origin = paper.Paper(self.folder / "origin")
        origin.add_article("long.html", paper.article("Long", "<p>" + "Words and more words. " * 30 + "</p>"))
        port = self.nginx(f"root {origin.folder};")
        self.write("sites.yaml", paper.config(f"127.0.0.1:{port}", {}).replace("mirrors: []\n", "").replace("mirrors:\n  []\n", ""))
        run = self.dandelion("extract", f"http://127.0.0.1:{port}/long.html", "--format", "markdown", expect=0)
        self.assertTrue(run.stdout.startswith("Words and more words."))

    def test_the_next_article_is_no_further_page(self):
        origin = paper.Paper(self.folder / "origin")
        for name, title, after in (("12.html", "The bridge", "13.html"), ("13.html", "The ferry", "14.html"), ("14.html", "The mill", ""),
                                   ("a.html", "The road", "a_2.html"), ("a_2.html", "The road", "")):
            page = paper.article(title, "<p>" + f"Words of {name}. " * 30 + "</p>")
            origin.add_article(name, page.replace("</head>", f'<link rel="next" href="{after}"></head>' if after else "</head>"))
        port = self.nginx(f"root {origin.folder};")
        self.write("sites.yaml", paper.config(f"127.0.0.1:{port}", {}).replace("mirrors: []\n", "").replace("mirrors:\n  []\n", ""))
        for name, other, joined in (("12.html", "13.html", False), ("a.html", "a_2.html", True)):
            run = self.dandelion("extract", f"http://127.0.0.1:{port}/{name}", "--format", "text", expect=0)
            self.assertIn(f"Words of {name}", run.stdout)
            self.assertEqual(f"Words of {other}" in run.stdout, joined, run.stdout)


class Serve(harness.EndToEnd):
    def get(self, port, path, expect=200):
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        self.assertEqual(answer.status, expect, path)
        return answer, body

    def test_a_repository_is_shown_as_a_git_host_would(self):
        origin = paper.Paper(self.folder / "origin")
        origin.add_article("n3.html", paper.article("Story 3", '<p>a<a href="https://e.example/">link</a></p>', 3))
        source = self.nginx(f"root {origin.folder};")
        self.write("sites.yaml", paper.config(f"127.0.0.1:{source}", {"one": [f"url: {self.bare('m.git')}"]}))
        self.dandelion("run", expect=0)
        for where in ("var/repos/paper", "m.git"):
            port = harness.free_port()
            self.start([harness.BINARY, "serve", self.folder / where, "--port", port], port)
            answer, front = self.get(port, "/")
            self.assertIn("default-src" if False else "script-src 'none'", answer.getheader("Content-Security-Policy"))
            self.assertIn('href="pages/news/n3.md"', front)
            _, page = self.get(port, "/pages/news/n3.md")
            self.assertIn("<h3>Story 3</h3>", page)
            self.assertNotIn("https://e.example/\"", page)
            _, raw = self.get(port, "/pages/news/n3.md?raw=1")
            self.assertTrue(raw.startswith("### Story 3"))
            self.get(port, "/pages/none.md", 404)

    def test_no_path_leads_out_of_a_folder(self):
        self.write("secret", "s")
        self.write("site/index.html", "<p>hello</p>")
        (self.folder / "site" / "link").symlink_to(self.folder / "secret")
        port = harness.free_port()
        self.start([harness.BINARY, "serve", self.folder / "site", "--port", port], port)
        self.assertIn("hello", self.get(port, "/")[1])
        for path in ("/../secret", "/%2e%2e/secret", "/link", "//etc/passwd", "/..%2fsecret"):
            self.get(port, path, 404)

    def test_a_port_that_is_taken_is_told(self):
        self.write("site/index.html", "x")
        port = self.nginx("return 200;")
        self.assertIn(f"port {port}", self.dandelion("serve", "site", "--port", port, expect=2).stderr)


if __name__ == "__main__":
    unittest.main()
