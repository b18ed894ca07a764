# SPDX-License-Identifier: MIT
"""What is kept, as programs for web archives read it: ReplayWeb.page in Chromium, and warcio.

They are npm packages (npm.py). ReplayWeb.page is served from 127.0.0.1, as its service worker wants.
"""
import json
import subprocess
import unittest
import zipfile

import devtools
import harness
import npm

SITES = """\
version: 1
network: {private_addresses: allow}
operator: {key: keys/signing.key}
sites:
  - {name: other, discover: [{feed: "https://other.example/f", category: a}], mirrors: [one]}
mirrors: [{name: one, url: one.git}]
"""

# The document in the frames and shadow trees of the program that is the page as replayed.
REPLAYED = """(() => {
  const inner = node => {
    for (const frame of node.querySelectorAll("iframe"))
      if (frame.contentDocument?.querySelector("h1")) return frame.contentDocument;
    for (const element of node.querySelectorAll("*")) {
      const found = element.shadowRoot && inner(element.shadowRoot);
      if (found) return found;
    }
  };
  const page = inner(document);
  return page?.readyState == "complete" && page.body?.innerText && [...page.images].every(image => image.complete) && {
    text: page.body.innerText,
    pictures: [...page.images].map(image => image.naturalWidth),
    heading: page.defaultView.getComputedStyle(page.querySelector("h1")).fontFamily,
  };
})()"""

# What the program found of the file's signature.
SIGNATURE = """(async () => {
  for (const {name} of await indexedDB.databases()) {
    const database = await new Promise(done => { const open = indexedDB.open(name); open.onsuccess = () => done(open.result); });
    if (!database.objectStoreNames.contains("verification")) continue;
    const found = database.transaction("verification").objectStore("verification").get("signature");
    await new Promise(done => found.onsuccess = done);
    return found.result.matched;
  }
})()"""

CHECK_WARC = """
import fs from "node:fs";
import {createHash} from "node:crypto";
import {AsyncIterReader, WARCParser} from "warcio";
const hash = bytes => "sha256:" + createHash("sha256").update(bytes).digest("hex");
const records = [];
for await (const record of new WARCParser(fs.createReadStream(process.argv[2]), {parseHttp: false})) {
  const block = Buffer.from(await record.readFully(false));
  const entry = {type: record.warcType, url: record.warcTargetURI, block: hash(block) == record.warcHeader("WARC-Block-Digest")};
  if (record.warcType == "response") {
    const end = block.indexOf("\\r\\n\\r\\n") + 4;
    const chunked = /transfer-encoding: *chunked/i.test(block.subarray(0, end));
    const body = await new AsyncIterReader([block.subarray(end)], null, chunked).readFully();
    entry.payload = hash(body) == record.warcHeader("WARC-Payload-Digest");
  }
  records.push(entry);
}
console.log(JSON.stringify(records));
"""


class Replay(harness.EndToEnd):
    def keep(self):
        """A page of the demonstration, kept; its address. Its server packs what it sends, in chunks."""
        self.site = harness.free_port()
        self.nginx(f"""root {harness.SOURCE}/demo/site; gzip on; gzip_min_length 1; gzip_types text/css;
            types {{ text/html html; text/css css; image/png png; }} location = /moved {{ return 301 /2026/seeds-in-the-wind.html; }}""",
                   self.site)
        self.dandelion("keygen", "keys/signing.key", expect=0)
        self.write("sites.yaml", SITES)
        self.dandelion("archive", f"http://127.0.0.1:{self.site}/moved", expect=0)
        self.kept, = (self.folder / "archive").iterdir()
        return f"http://127.0.0.1:{self.site}/2026/seeds-in-the-wind.html"

    def test_replayweb_page_shows_the_article_from_the_wacz_file(self):
        program = npm.packed("replaywebpage", "2.4.6")
        url = self.keep()
        port = self.nginx(f"""root {program}; charset utf-8; types {{ text/html html; text/javascript js; application/wasm wasm; }}
            location = /page.wacz {{ root {self.kept}; }}""")
        before = self.requests_to(self.site)
        page = devtools.Chromium(self).page()
        page.open(f"http://127.0.0.1:{port}/?source=/page.wacz#view=pages&url={url}")
        shown = page.wait_for(REPLAYED)
        self.assertIn("Blow on one head", shown["text"])
        self.assertEqual(shown["pictures"], [1200, 1200])
        self.assertIn("Georgia", shown["heading"])
        self.assertIs(page.value(SIGNATURE), True)
        self.assertEqual(self.requests_to(self.site), before)

    def test_warcio_finds_every_digest_right(self):
        home = npm.installed("warcio")
        url = self.keep()
        script = self.write("check.mjs", CHECK_WARC)
        (self.folder / "node_modules").symlink_to(home.parent)
        run = subprocess.run([harness.program("node"), script, self.kept / "page.warc.gz"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        records = json.loads(run.stdout)
        self.assertEqual([], [each for each in records if not each["block"] or not each.get("payload", True)])
        urls = {each["url"] for each in records if each["type"] == "response"}
        self.assertEqual(len(urls), 5)
        self.assertLessEqual({url, url.replace("/2026/seeds-in-the-wind.html", "/moved")}, urls)

    def test_warcio_makes_the_same_index(self):
        command = npm.installed("warcio").parent / ".bin" / "warcio"
        self.keep()
        with zipfile.ZipFile(self.kept / "page.wacz") as wacz:
            ours = [self.entry(line) for line in wacz.read("indexes/index.cdx").decode().splitlines()]
        run = subprocess.run([harness.program("node"), command, "cdx-index", self.kept / "page.warc.gz"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(ours, sorted(self.entry(line) for line in run.stdout.splitlines()))

    @staticmethod
    def entry(line):
        key, time, facts = line.split(" ", 2)
        # warcio leaves out what a digest's kind is.
        facts = json.loads(facts.replace("sha256:", ""))
        return key, time, [str(facts[name]) for name in ("url", "mime", "status", "digest", "length", "offset")]


if __name__ == "__main__":
    unittest.main()
