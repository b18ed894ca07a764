# SPDX-License-Identifier: MIT
"""A small newspaper for the tests: an index page and articles, written into a folder that nginx serves."""
import html
import os

CONFIG = """\
version: 1
operator: {{name: Tester, email: tester@example.invalid}}
network:
  private_addresses: allow
  retries: 0
  timeout: 5s
{network}
state: var/state.db
output: var/repos
sites:
  - name: paper
    title: The Paper
    language: en
    discover:
      - index: http://{origin}/index.html
        category: news
        items: ".list a"
        next: "a.next"
        pages: 3
    article:
      title: h1
      body: "#story"
      remove: [script, aside]
      rename: {{a: ok, h2: h4}}
{site}
    mirrors: [{mirror_names}]
mirrors:
{mirrors}
"""


def article(title, body=None, day=1):
    body = body or f"<p>Text of {title}.</p>"
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
            f'<meta property="article:published_time" content="2026-03-{day:02d}T08:00:00Z"></head>'
            f'<body><h1>{html.escape(title)}</h1><div id="story">{body}</div></body></html>')


def index(addresses, following=None):
    items = "".join(f'<li><a href="{address}">{address}</a></li>' for address in addresses)
    link = f'<a class="next" href="{following}">older</a>' if following else ""
    return f'<!DOCTYPE html><title>News</title><ul class="list">{items}</ul>{link}'


class Paper:
    """Three articles over two index pages, and a way to add more."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.count = self.writes = 0
        for _ in range(3):
            self.add_article()
        self.write_index()

    def add_article(self, name=None, text=None):
        self.count += 1
        name = name or f"n{self.count}.html"
        self.write(name, text or article(f"Story {self.count}", day=self.count))
        return name

    def write_index(self, names=None):
        names = names or [f"n{i}.html" for i in range(self.count, 0, -1)]
        self.write("index.html", index(names[:2], "older.html" if names[2:] else None))
        self.write("older.html", index(names[2:] or names[:1]))

    def write(self, name, text):
        """Each time a second later than before: what changed shows in Last-Modified, however fast a test is."""
        self.writes += 1
        path = self.folder / name
        path.write_text(text)
        os.utime(path, (1_780_000_000 + self.writes,) * 2)


def config(origin, mirrors, network="", site=""):
    """sites.yaml for a paper at host:port; mirrors: {name: [lines]}."""
    if "theme:" not in site:
        site += ("\n" if site else "") + "    theme: classic"
    entries = ""
    for name, lines in mirrors.items():
        entries += f"  - name: {name}\n" + "".join(f"    {line}\n" for line in lines)
    return CONFIG.format(origin=origin, network=network, site=site, mirror_names=", ".join(mirrors),
                         mirrors=entries or "  []")
