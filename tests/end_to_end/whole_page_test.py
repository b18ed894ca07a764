# SPDX-License-Identifier: MIT
"""page.html beside the live page, in Chromium: the same text, the same pictures, the same pixels, and not one request.

Six real pages; all forty with DANDELION_ALL_PAGES=1. Both are shown with scripts off, since page.html has none; what a script
would do to pictures that wait for it, and to those far down, is done to the live page by hand.
"""
import base64
import json
import os
import unittest

import corpus_site
import devtools
import harness

# A pixel differs where a channel does by more than a tenth. Both are drawn by one program from the same data: what differs is what
# is missing. The smallest picture of the site, 40 by 30, is a quarter of a thousandth of what is in view.
WIDTH, HEIGHT = 1200, 4000
MOST_THAT_DIFFERS = 0.0002

SITES = """\
version: 1
network: {private_addresses: allow}
sites:
  - {name: other, discover: [{feed: "https://other.example/f", category: a}], mirrors: [one]}
mirrors: [{name: one, url: one.git}]
"""

WAKE = """for (const image of document.images) {
  image.loading = "eager";
  const waiting = ["data-src", "data-lazy-src", "data-original", "data-url"].map(name => image.getAttribute(name)).find(value => value);
  const source = image.getAttribute("src");
  if (waiting && (!source || source.startsWith("data:"))) image.src = waiting;
  const set = image.getAttribute("data-srcset") || image.getAttribute("data-lazy-srcset");
  if (set && !image.hasAttribute("srcset")) image.srcset = set;
}
document.querySelectorAll("img + noscript").forEach(instead => instead.remove());"""

# Without what the browser adds of its own: colours for what it has seen before, a cursor, words about plugins that it lacks. A
# body that is not shown would tell its scripts as text.
EVEN = """document.head.append(Object.assign(document.createElement("style"), {textContent: ":any-link { color: #0645ad }"}));
document.querySelectorAll("script").forEach(script => script.remove());
document.querySelectorAll("embed, object[data*='.swf']").forEach(plugin => plugin.style.visibility = "hidden");
document.activeElement?.blur();"""

# Not the pictures' sizes: of several choices Chromium takes the finest where they are data: addresses.
SHOWN = """({
  text: document.body.innerText.replace(/\\s+/g, " ").trim(),
  pictures: [...document.images].map(image => image.naturalWidth > 0),
})"""

DIFFERENCE = """(async (sources) => {
  const [one, other] = await Promise.all(sources.map(async source => {
    const image = new Image();
    image.src = "data:image/png;base64," + source;
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height).data;
  }));
  let differing = 0;
  for (let at = 0; at < one.length; at += 4)
    if ([0, 1, 2].some(channel => Math.abs(one[at + channel] - other[at + channel]) > 25)) ++differing;
  return differing / (one.length / 4);
})"""


class WholePage(harness.EndToEnd):
    def offline(self):
        """A browser that reaches nobody: all goes to a proxy that is not there."""
        return devtools.Chromium(self, f"--proxy-server=127.0.0.1:{harness.free_port()}", "--proxy-bypass-list=<-loopback>")

    @staticmethod
    def shown(browser, url, is_live):
        page = browser.page()
        page.call("Emulation.setScriptExecutionDisabled", value=True)
        page.call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)
        page.open(url)
        if is_live:
            page.value(WAKE)
        page.value(EVEN)
        page.wait_for("[...document.images].every(image => image.complete) && document.fonts.status == 'loaded'")
        try:
            return page.value(SHOWN), page.screenshot(), page.requests
        finally:
            page.close()

    def test_shows_what_the_live_page_shows_and_asks_for_nothing(self):
        if not corpus_site.CORPUS.exists():
            self.skipTest(f"there are no pages in {corpus_site.CORPUS}")
        names = corpus_site.PAGES if os.environ.get("DANDELION_ALL_PAGES") else corpus_site.PAGES[2::7]
        site = corpus_site.CorpusSite(self.folder / "site", names)
        port = self.nginx(site.server_block())
        self.write("sites.yaml", SITES)
        urls = {name: f"http://127.0.0.1:{port}/{name}/page.html" for name in names}
        self.dandelion("archive", *urls.values(), "--format", "page", expect=0, timeout=500)
        kept = {json.loads((path / "receipt.json").read_text())["url"]: path / "page.html"
                for path in (self.folder / "archive").iterdir()}
        live = devtools.Chromium(self)
        blocked = self.offline()
        eye = live.page()
        for name, url in urls.items():
            with self.subTest(name):
                shown, pixels, _ = self.shown(live, url, True)
                before = len(self.requests_to(port))
                file = kept[url].as_uri()
                again, pixels_again, requests = self.shown(blocked, file, False)
                self.assertEqual(requests, [file])
                self.assertEqual(len(self.requests_to(port)), before)
                self.assertEqual(again["text"], shown["text"])
                self.assertEqual(again["pictures"], shown["pictures"])
                both = [base64.b64encode(each).decode() for each in (pixels, pixels_again)]
                self.assertLess(eye.value(f"{DIFFERENCE}({both})"), MOST_THAT_DIFFERS)


if __name__ == "__main__":
    unittest.main()
