# SPDX-License-Identifier: MIT
"""Real pages as a site on 127.0.0.1: those of Mozilla Readability's tests, with the pictures, styles, fonts and frames that they
name made up, since their own have long gone. Every address in them that named a host names a folder of the site instead."""
import gzip
import hashlib
import html.parser
import pathlib
import re
import shutil
import struct
import urllib.parse
import zlib

import harness

CORPUS = harness.SHARED / "corpus" / "readability"
FONT = pathlib.Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono-BoldOblique.ttf")

# With pictures and styles, from many kinds of makers: srcset, pictures that wait for a script, frames, <base>, <svg>, <picture>.
PAGES = """aclu aktualne ars-1 article-author-tag bbc-1 blogger breitbart bug-1255978 buzzfeed-1 citylab-1
    cnet cnn data-url-image dropbox-blog ehow-1 engadget firefox-nightly-blog folha gitlab-blog gmw
    guardian-1 heise herald-sun-1 hukumusume iab-1 keep-tabular-data lemonde-1 liberation-1 lwn-1 medium-3
    mozilla-2 nytimes-5 pixnet qq telegraph theverge wapo-1 wikipedia wordpress yahoo-2""".split()

# Names of document types and of XML's vocabularies, which nobody fetches, stay.
HOST = re.compile(r"(?:https?:)?//(?!www\.w3\.org)([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::\d+)?(?=[/\"'?#\s)])")


class Addresses(html.parser.HTMLParser):
    """What a page names, by kind."""

    def __init__(self):
        super().__init__()
        self.base, self.in_style = "", False
        self.pictures, self.styles, self.frames = set(), set(), set()
        self.choices = {}  # of one picture in several sizes: which picture it is, and the size

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        self.in_style = tag == "style"
        if tag == "base" and not self.base:
            self.base = attributes.get("href", "")
        if tag in ("iframe", "frame"):
            self.frames.add(attributes.get("src", ""))
        elif tag == "link" and "stylesheet" in attributes.get("rel", "").lower():
            self.styles.add(attributes.get("href", ""))
        elif tag == "link" and "icon" in attributes.get("rel", "").lower():
            self.pictures.add(attributes.get("href", ""))
        elif tag != "script":
            for name in ("src", "poster", "background", "data-src", "data-lazy-src", "data-original", "data-url", "xlink:href"):
                self.pictures.add(attributes.get(name, ""))
            choices = [choice for name in ("srcset", "data-srcset", "data-lazy-srcset")
                       for choice in re.findall(r"([^\s,]\S*[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)", attributes.get(name, ""))]
            for address, size, unit in choices:
                width = float(size or 1) * (1 if unit == "w" else 120)
                self.choices[address] = (choices[0][0], round(width), round(width / 2))
            if choices and attributes.get("src"):
                self.choices.setdefault(attributes["src"], (choices[0][0], 120, 60))
        self.add_css(attributes.get("style", ""))

    handle_startendtag = handle_starttag

    def handle_data(self, text):
        if self.in_style:
            self.add_css(text)

    def add_css(self, css):
        for _, address in re.findall(r"url\(\s*(['\"]?)(.*?)\1\s*\)", css):
            self.pictures.add(address)
        for address in re.findall(r"@import\s+(?:url\()?['\"](.*?)['\"]", css):
            self.styles.add(address)


def png(width, height, colours, rows):
    """`rows`: of bits, whole bytes long."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)) +
            chunk(b"PLTE", colours) + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b""))


def picture_of(name):
    """A picture that is this name's own: its size, its two colours and where they meet."""
    seed = hashlib.sha256(name.encode()).digest()
    width, height, stripe = 8 * (5 + seed[0] // 8), 30 + seed[1] // 2, 6 + seed[9] // 16
    edge = width // 8 * (64 + seed[8] // 2) // 256
    line = b"\xff" * edge + b"\0" * (width // 8 - edge)
    other = bytes(255 - byte for byte in line)
    return png(width, height, seed[2:8], [line if row // stripe % 2 else other for row in range(height)])


def choice_of(name, width, height):
    """One of the sizes in which there is a picture: whichever a browser takes, it looks the same."""
    return png(width, height, hashlib.sha256(name.encode()).digest()[2:8], [b"\0" * ((width + 7) // 8)] * height)


def drawing_of(name):
    colour = hashlib.sha256(name.encode()).hexdigest()[:6]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="#{colour}"/>'
            '<circle cx="30" cy="20" r="15" fill="white"/></svg>').encode()


def style_of(name):
    """A style sheet that shows whether it, what it imports, its pictures and its font are there; one in four has the font."""
    seed = hashlib.sha256(name.encode()).digest()
    font = '@font-face { font-family: corpus; src: local("no such font"), url("/font.ttf") format("truetype"); }'
    return f"""@import "more.css?of={seed[0]}";
{font if seed[1] < 64 else ""}
body {{ background-image: url( tile.png ) }}
h1, h2, h3 {{ font-family: corpus, serif; color: #{seed[:3].hex()} }}
blockquote {{ background: image-set("tile.png" 1x, url('tile2.png') 2x) }}
p {{ line-height: 1.4 }} /* url(no.png) */
""".encode()


FRAME = """<!DOCTYPE html><style>body {{ background: url(/framed.png); font: 12px sans-serif }}</style>
<p>A frame: {name}</p><img src="/in-frame.png" alt="">""".format


class CorpusSite:
    """The pages' folder, for nginx to serve (server_block), with all that they name."""

    def __init__(self, folder, names):
        self.folder, self.styles = folder, set()
        folder.mkdir(parents=True)
        for name in ("framed.png", "in-frame.png"):
            self.put(name, picture_of(name))
        if FONT.exists():
            shutil.copy(FONT, folder / "font.ttf")
        for name in names:
            self.add(name)

    def add(self, name):
        text = gzip.decompress((CORPUS / name / "source.html.gz").read_bytes()).decode("utf-8", "surrogateescape")
        text = HOST.sub(r"/\1", text)
        self.put(f"{name}/page.html", text.encode("utf-8", "surrogateescape"))
        found = Addresses()
        found.feed(text)
        base = urllib.parse.urljoin(f"/{name}/page.html", found.base)
        for address, choice in found.choices.items():
            self.put(self.path(base, address), choice_of(*choice))
        for kind, make in (("frames", lambda path: FRAME(name=path).encode()), ("styles", style_of), ("pictures", self.picture)):
            for address in getattr(found, kind):
                path = self.path(base, address)
                self.put(path + "index.html" if kind == "frames" and path.endswith("/") else path, make(path))
                if kind == "styles" and path:
                    self.styles.add(path)
                    beside = str(pathlib.PurePosixPath(path).parent)
                    for tile in ("tile.png", "tile2.png"):
                        self.put(f"{beside}/{tile}", picture_of(path))
                    self.put(f"{beside}/more.css", b"em, i { color: #a0522d }")

    @staticmethod
    def path(base, address):
        """Where on the site an address leads; empty: nowhere."""
        address = address.strip()
        if not address or address.lower().startswith(("data:", "#", "about:", "javascript:")):
            return ""
        return urllib.parse.unquote(urllib.parse.urlsplit(urllib.parse.urljoin(base, address)).path)

    @staticmethod
    def picture(path):
        return drawing_of(path) if path.endswith(".svg") else picture_of(path)

    def put(self, path, content):
        """Writes the file, unless its name is none; then it is not there, for whoever asks."""
        place = self.folder / path.lstrip("/")
        if not path or path.endswith("/") or ".." in path or place.exists():
            return
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        except OSError:
            pass

    def server_block(self):
        """Style sheets are that whatever their names are, as a browser wants; pictures without a known ending are not."""
        styles = "".join(f'location = "{path}" {{ types {{}} default_type text/css; }}\n' for path in sorted(self.styles)
                         if re.fullmatch(r"[^\"\\\\${}\s]+", path))
        return f"""root {self.folder}; charset utf-8; {styles}
            types {{ text/html html htm; text/css css; image/png png; image/jpeg jpg jpeg; image/gif gif; image/svg+xml svg;
                     image/webp webp; font/ttf ttf; text/javascript js; }}"""
