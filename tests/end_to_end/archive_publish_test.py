# SPDX-License-Identifier: MIT
"""`dandelion archive --publish`: single pages in a site's mirror, to stay there whatever becomes of their source."""
import fcntl
import json
import unittest
import zlib

import harness
import paper
from archive_test import PIXEL, STORY


def story(title, text=STORY * 3):
    return (f'<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body><nav><a href="/a">A</a></nav><main><article>'
            f'<h1>{title}</h1><img src="/red.gif" alt="A ferry">{text}</article></main></body></html>')


class ArchivePublish(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.paper = paper.Paper(self.folder / "origin")
        (self.paper.folder / "red.gif").write_bytes(PIXEL)
        self.paper.write("ferry.html", story("The ferry"))
        self.origin = self.nginx(f"root {self.paper.folder}; types {{ text/html html; image/gif gif; application/pdf pdf; }}")
        self.one, self.two = self.bare("one.git"), self.bare("two.git")
        self.configure()

    def configure(self, site="    theme: reader"):
        self.write("sites.yaml", paper.config(f"127.0.0.1:{self.origin}",
                                              {"one": [f"url: {self.one}"], "two": [f"url: file://{self.two}"]}, site=site))

    def url(self, name, host="localhost"):
        """By default of another host than the site's own."""
        return f"http://{host}:{self.origin}/{name}"

    def publish(self, *names, expect=0):
        return self.dandelion("archive", "--publish", "paper", *map(self.url, names), expect=expect)

    def archived(self):
        return [name for name in self.files_in(self.one) if name.startswith("pages/archive/") and name.endswith(".md")]

    def records(self):
        names = [name for name in self.files_in(self.one, ours=True) if name.startswith(".dandelion/pages/")]
        return {record["url"]: record for record in (json.loads(self.show(self.one, name)) for name in names)}

    def gone(self):
        """The source takes everything away but its index."""
        for path in self.paper.folder.iterdir():
            if path.name not in ("index.html", "older.html"):
                path.unlink()

    def set_clock(self, days):
        """All checks are due now, as if this many days had gone by."""
        import sqlite3
        with sqlite3.connect(self.folder / "var" / "state.db") as state:
            state.execute("UPDATE page SET next_check = 0, gone_since = gone_since - ?", (days * 86_400,))
        state.close()

    def test_an_article_of_another_site_stands_in_the_mirror_with_its_picture(self):
        self.dandelion("run", expect=0)
        before = len(self.requests_to(self.origin))
        run = self.publish("ferry.html")
        self.assertIn("paper: 1 published; commit", run.stdout)
        self.assertIn("pushed to one, two", run.stdout)
        path, = self.archived()
        self.assertRegex(path, r"^pages/archive/localhost-ferry-[0-9a-f]{8}\.md$")
        self.assertIn(path, run.stdout)
        page = self.show(self.one, path).decode()
        self.assertIn("The ferry left at noon", page)
        self.assertNotIn("/red.gif", page)
        picture, = [name for name in self.files_in(self.one) if name.endswith(".gif")]
        self.assertIn(picture, page)
        self.assertIn("The ferry", self.show(self.one, "indexes/archive.md").decode())
        self.assertIn("The ferry", self.show(self.one, "README.md").decode())
        # The page and its picture were had once, for the copy and the mirror both.
        asked = [line.split()[1] for line in self.requests_to(self.origin)[before:] if "robots.txt" not in line]
        self.assertEqual(sorted(asked), ["/ferry.html", "/red.gif"])
        for repository in (self.one, self.two):
            self.assertEqual(self.head(repository), self.head(self.folder / "var" / "repos" / "paper"))
            self.assert_sound(repository)
        # It is no run of the site's.
        self.assertEqual(self.dandelion("status", expect=0).stdout.count("The ferry"), 0)
        head = self.head(self.one)
        run = self.publish("ferry.html")
        self.assertIn("says the same as on", run.stdout)
        self.assertIn("paper: 1 as the mirror has it; no commit; up to date: one, two", run.stdout)
        self.assertEqual(self.head(self.one), head)

    def test_it_stays_when_its_source_is_gone(self):
        self.dandelion("run", expect=0)
        self.publish("ferry.html")
        path, = self.archived()
        page = self.show(self.one, path)
        self.gone()
        for _ in range(3):
            self.set_clock(days=2)
            self.dandelion("run", expect=0)
        self.assertEqual(self.show(self.one, path), page)
        withdrawn = {url for url, record in self.records().items() if "withdrawn" in record}
        self.assertEqual(withdrawn, {self.url(f"n{number}.html", "127.0.0.1") for number in (1, 2, 3)})
        self.assertNotIn("ferry", " ".join(self.requests_to(self.origin)[-3:]))
        self.assert_sound(self.one)

    def test_a_lost_state_and_then_another_theme_lose_nothing_of_it(self):
        self.publish("ferry.html")
        path, = self.archived()
        page = self.show(self.one, path)
        picture, = [name for name in self.files_in(self.one) if name.endswith(".gif")]
        self.gone()
        for file in (self.folder / "var").glob("state.db*"):
            file.unlink()
        for _ in range(2):
            self.dandelion("run", expect=1)
            self.set_clock(days=2)
        self.assertEqual(self.show(self.one, path), page)
        self.configure(site="    theme: classic\n    images: {mode: mirror}")
        self.dandelion("run")
        self.assertNotEqual(self.show(self.one, path), page)
        self.assertIn("The ferry left at noon", self.show(self.one, path).decode())
        self.assertIn(picture, self.show(self.one, path).decode())
        self.assertIn(picture, self.files_in(self.one))
        self.assertIn("The ferry", self.show(self.one, "README.md").decode())
        self.assert_sound(self.one)

    def test_what_changed_corrects_the_page(self):
        self.publish("ferry.html")
        path, = self.archived()
        self.paper.write("ferry.html", story("The ferry", STORY.replace("noon", "one") * 3))
        run = self.publish("ferry.html")
        self.assertIn("paper: 1 corrected; commit", run.stdout)
        self.assertEqual(self.archived(), [path])
        page = self.show(self.one, path).decode()
        self.assertIn("The ferry left at one", page)
        self.assertNotIn("left at noon", page)
        self.assert_sound(self.one)

    def test_a_page_that_the_mirror_has_stays_in_its_place_and_is_kept_from_then_on(self):
        self.dandelion("run", expect=0)
        own = self.url("n1.html", "127.0.0.1")
        self.dandelion("archive", "--publish", "paper", own, expect=0)
        self.assertEqual(self.archived(), [])
        self.assertTrue(self.records()[own]["archived"])
        page = self.show(self.one, "pages/news/n1.md")
        self.gone()
        for _ in range(3):
            self.set_clock(days=2)
            self.dandelion("run", expect=0)
        self.assertEqual(self.show(self.one, "pages/news/n1.md"), page)
        self.assertIn("withdrawn", self.records()[self.url("n2.html", "127.0.0.1")])
        # One that was withdrawn comes back.
        self.paper.add_article("n2.html", paper.article("Story 2", day=2))
        self.dandelion("archive", "--publish", "paper", self.url("n2.html", "127.0.0.1"), expect=0)
        self.assertNotIn("withdrawn", self.records()[self.url("n2.html", "127.0.0.1")])

    def test_what_a_site_lists_later_is_the_page_that_is_there(self):
        own = self.url("n3.html", "127.0.0.1")
        self.dandelion("archive", "--publish", "paper", own, expect=0)
        path, = self.archived()
        self.assertIn("2 new pages (3 listed, 1 known)", self.dandelion("run", expect=0).stdout)
        self.assertEqual(self.archived(), [path])
        self.assertNotIn("pages/news/n3.md", self.files_in(self.one))

    def test_one_failure_is_its_own(self):
        (self.paper.folder / "paper.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
        self.paper.write("list.html", "<!DOCTYPE html><title>t</title>")
        run = self.publish("paper.pdf", "ferry.html", "list.html", "nothing.html", expect=1)
        self.assertIn("paper.pdf: kept, but not published: it is no page with an article", run.stderr)
        self.assertIn("list.html: kept, but not published: ", run.stderr)
        self.assertIn("nothing.html: not found", run.stderr)
        self.assertIn("paper: 1 published, 1 failed; commit", run.stdout)
        self.assertEqual(len(self.archived()), 1)
        # A mirror's too.
        self.two.rename(self.folder / "away.git")
        self.paper.write("ferry.html", story("The ferry", STORY.replace("noon", "one") * 3))
        run = self.publish("ferry.html", expect=1)
        self.assertIn("pushed to one; FAILED: two", run.stdout)

    def test_a_list_that_was_stopped_publishes_what_it_had_only_kept(self):
        self.paper.write("other.html", story("The other"))
        self.write("list.txt", "".join(self.url(name) + "\n" for name in ("ferry.html", "other.html")))
        self.dandelion("archive", self.url("ferry.html"), expect=0)
        run = self.dandelion("archive", "--from", "list.txt", "--publish", "paper", expect=0)
        self.assertIn("paper: 2 published", run.stdout)
        run = self.dandelion("archive", "--from", "list.txt", "--publish", "paper", expect=0)
        self.assertIn("2 kept before, not asked for again", run.stderr)

    def test_a_password_in_the_address_is_nobody_elses(self):
        self.dandelion("archive", "--publish", "paper", f"http://me:s3cret@localhost:{self.origin}/ferry.html", expect=0)
        path, = self.archived()
        for name in self.files_in(self.one, ours=True):
            content = self.show(self.one, name)
            if name.startswith(".dandelion/articles/"):
                head, packed = content.split(b"\n", 1)
                content = head + zlib.decompress(packed)
                self.assertIn(b"left at noon", content)
            self.assertNotIn(b"s3cret", content, name)

    def test_wrong_usage_is_told_before_anything_is_fetched(self):
        run = self.dandelion("archive", "--publish", "papr", self.url("ferry.html"), expect=2)
        self.assertRegex(run.stderr, r"--publish: there is no site 'papr' in \S+sites\.yaml \(did you mean 'paper'\?\)")
        self.dandelion("archive", "--publish", "paper", "--list", expect=2)
        (self.folder / "sites.yaml").rename(self.folder / "elsewhere.yaml")
        self.assertIn("sites.yaml", self.publish("ferry.html", expect=2).stderr)
        self.assertEqual(self.requests_to(self.origin), [])
        self.assertFalse((self.folder / "archive").exists())

    def test_while_a_run_holds_the_lock_the_page_is_kept_and_the_user_told(self):
        self.dandelion("run", expect=0)
        with open(self.folder / "var" / "state.db.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            run = self.publish("ferry.html", expect=3)
        self.assertIn("kept, but not published in paper: another run holds ", run.stderr)
        self.assertIn("give the same command again when it is done", run.stderr)
        self.assertEqual(self.archived(), [])
        self.publish("ferry.html")
        self.assertEqual(len(self.archived()), 1)

    def test_a_layout_that_begins_with_the_category_keeps_clear_of_the_mirrors_own_folder(self):
        self.configure(site="    theme: reader\n    layout: '{category}/{id}.md'")
        self.publish("ferry.html")
        self.assertEqual(len(self.archived()), 1)
        self.assert_sound(self.one)


if __name__ == "__main__":
    unittest.main()
