# SPDX-License-Identifier: MIT
"""What of an article can be seen, as lists that two writings of it can be compared by."""
import re
import subprocess
from html.parser import HTMLParser
from urllib.parse import unquote

BLOCKS = set("""address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p pre search section summary
table tbody td tfoot th thead tr ul br""".split())


def address(text):
    """The same address, however it is escaped."""
    return re.sub(r"\s+", "", unquote(text or ""))


class Seen(HTMLParser):
    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.parts, self.links, self.pictures, self.headings = [], set(), set(), []
        self._link, self._shown = None, False
        self.feed(html)
        self.close()
        self.text = re.sub(r"\s+", " ", "".join(self.parts)).strip()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in BLOCKS:
            self.parts.append(" ")
        if tag == "a" and "href" in attributes:
            self._link, self._shown = address(attributes["href"]), False
        if tag == "img" and attributes.get("src") and not attributes["src"].startswith("data:"):
            self.pictures.add(address(attributes["src"]))
            self._show()
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.parts.append(" ")
        if tag == "a":
            self._link = None

    def handle_data(self, data):
        self.parts.append(data)
        if data.strip():
            self._show()

    def _show(self):
        # A link without anything to click on is none.
        if self._link is not None:
            self.links.add(self._link)


def markdown_to_html(markdown):
    return subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "strikethrough"], input=markdown.encode(),
                          stdout=subprocess.PIPE, check=True).stdout.decode()


def differences(html, markdown):
    """Names of what is not the same in the article's HTML and in what its Markdown is rendered to."""
    was, now = Seen(html), Seen(markdown_to_html(markdown))
    found = []
    if was.text != now.text:
        found.append("text")
    if not was.links <= now.links:
        found.append("links")
    if not was.pictures <= now.pictures:
        found.append("pictures")
    return found, was, now
