# SPDX-License-Identifier: MIT
"""What of an article can be seen, as lists that two writings of it can be compared by."""
import re
import subprocess
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import unquote

BLOCKS = set("""address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p pre search section summary
table tbody td tfoot th thead tr ul br""".split())


def address(text):
    """The same address, however it is escaped."""
    return re.sub(r"\s+", "", unquote(text or ""))


VOID = set("area base br col embed hr img input link meta source track wbr".split())
# Blocks that Markdown has a sign for, by what they count as.
COUNTED = {"li": "item", "blockquote": "quote", "pre": "code"}


class Seen(HTMLParser):
    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.parts, self.links, self.pictures, self.headings = [], set(), set(), []
        self.blocks = Counter()
        self.numbers, self.references, self.notes, self._beside = [], 0, 0, []
        self._link, self._open = None, []
        self.feed(html)
        self.close()
        self.text = re.sub(r"\s+", " ", "".join(self.parts)).strip()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in BLOCKS:
            self.parts.append(" ")
        if tag == "a" and "href" in attributes:
            self._link = address(attributes["href"])
        self.references += "data-footnote-ref" in attributes and tag == "a"
        self.notes += tag == "li" and (attributes.get("id") or "").startswith("fn-")
        if tag == "img" and attributes.get("src") and not attributes["src"].startswith("data:"):
            self.pictures.add(address(attributes["src"]))
            self._show()
        if tag not in VOID:
            self._open.append((tag, len(self.parts)))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.parts.append(" ")
        if tag == "a":
            self._link = None
        while any(tag == name for name, _ in self._open):
            name, begin = self._open.pop()
            if name == tag:
                self._close(name, "".join("".join(self.parts[begin:]).split()))
                break

    def _close(self, name, text):
        if text and re.fullmatch("h[1-6]", name):
            self.headings.append((name, text))
        in_list = any(outer in ("ul", "ol", "menu", "dir") for outer, _ in self._open)
        if text and name in COUNTED and (name != "li" or in_list):
            self.blocks[COUNTED[name]] += 1

    def handle_data(self, data):
        self.parts.append(data)
        if self._link is None or not self._link.startswith("#"):
            self._beside.append(data)
        elif re.fullmatch(r"\s*[\[(]?\s*\d+\s*[\])]?\s*", data):
            self.numbers.append(data)
        if data.strip():
            self._show()

    def text_beside_jumps(self):
        """Without the links within the page, the brackets and commas around them, and white space."""
        return re.sub(r"[\s\[\](),^]", "", "".join(self._beside))

    def _show(self):
        # A link without anything to click on is none.
        if self._link is not None:
            self.links.add(self._link)


def markdown_to_html(markdown):
    return subprocess.run(["cmark-gfm", "--unsafe", "-e", "footnotes", "-e", "table", "-e", "strikethrough"],
                          input=markdown.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()


def footnote_differences(was, now):
    """The same for an article with footnotes, whose numbers, ways back and list are Markdown's own."""
    found = []
    if was.text_beside_jumps() != now.text_beside_jumps():
        found.append("text")
    if not {link for link in was.links if not link.startswith("#")} <= now.links:
        found.append("links")
    # Every number in the text leads to a note.
    if not now.notes <= now.references <= len(was.numbers):
        found.append("links")
    if not was.pictures <= now.pictures:
        found.append("pictures")
    if was.headings != now.headings:
        found.append("headings")
    if was.blocks - Counter(item=now.notes) != now.blocks - Counter(item=now.notes):
        found.append("blocks")
    return found


def differences(html, markdown):
    """Names of what is not the same in the article's HTML and in what its Markdown is rendered to."""
    was, now = Seen(html), Seen(markdown_to_html(markdown))
    if now.notes:
        return footnote_differences(was, now), was, now
    found = []
    if was.text != now.text:
        found.append("text")
    if not was.links <= now.links:
        found.append("links")
    if not was.pictures <= now.pictures:
        found.append("pictures")
    if was.headings != now.headings:
        found.append("headings")
    if was.blocks != now.blocks:
        found.append("blocks")
    return found, was, now
