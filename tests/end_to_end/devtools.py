# SPDX-License-Identifier: MIT
"""Chromium, driven over the DevTools protocol: through a pipe, so that it takes neither a port nor a package."""
import base64
import fcntl
import json
import os
import select
import subprocess
import time

import harness

SECONDS = 60


def above_the_standard_ones(descriptor):
    """The same under a number that the two for the protocol, 3 and 4, cannot overwrite."""
    copy = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return copy


class Chromium:
    """A headless browser with a profile of its own, which ends with the test."""

    def __init__(self, test, *options):
        read_by_it, self.to_it = map(above_the_standard_ones, os.pipe())
        self.from_it, written_by_it = map(above_the_standard_ones, os.pipe())
        profile = test.folder / f"chromium-{self.to_it}"
        words = ["sh", "-c", f'exec "$@" 3</dev/fd/{read_by_it} 4>/dev/fd/{written_by_it}', "sh", harness.program("chromium"), "--headless",
                 "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars", "--mute-audio",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-lcd-text",
                 "--remote-debugging-pipe", f"--user-data-dir={profile}", *options, "about:blank"]
        log = open(test.folder / f"chromium-{self.to_it}.log", "wb")
        self.process = subprocess.Popen(words, pass_fds=(read_by_it, written_by_it), stdin=subprocess.DEVNULL, stdout=log,
                                        stderr=log, start_new_session=True)
        for descriptor in (read_by_it, written_by_it):
            os.close(descriptor)
        log.close()
        test.addCleanup(self.close)
        self.buffer, self.calls, self.answers, self.pages = b"", 0, {}, {}

    def close(self):
        if self.process.poll() is None:
            try:
                self.call("Browser.close")
                self.process.wait(10)
            except (OSError, AssertionError, subprocess.TimeoutExpired):
                harness.EndToEnd.stop(self.process)
        for descriptor in (self.to_it, self.from_it):
            os.close(descriptor)

    def page(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.pages[session] = Page(self, session, target)
        for domain in ("Page", "Network", "Runtime"):
            self.pages[session].call(f"{domain}.enable")
        return self.pages[session]

    def call(self, method, session=None, **parameters):
        self.calls += 1
        number = self.calls
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to_it, data):]
        self.listen(lambda: number in self.answers, method)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def listen(self, until, what):
        """Takes what the browser says until `until()` is true."""
        deadline = time.monotonic() + SECONDS
        while not until():
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.from_it], [], [], left)[0]:
                raise AssertionError(f"Chromium did not come to an end with {what} in {SECONDS} s")
            piece = os.read(self.from_it, 1 << 20)
            if not piece:
                raise AssertionError(f"Chromium ended in {what}")
            *whole, self.buffer = (self.buffer + piece).split(b"\0")
            for text in whole:
                message = json.loads(text)
                if "id" in message:
                    self.answers[message["id"]] = message
                elif message.get("sessionId") in self.pages:
                    self.pages[message["sessionId"]].take(message["method"], message["params"])


class Page:
    """One tab. `requests` are the addresses that it has asked for, data: and blob: aside."""

    def __init__(self, browser, session, target):
        self.browser, self.session, self.target = browser, session, target
        self.requests, self.said, self.is_loaded = [], [], False

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def take(self, event, parameters):
        if event == "Page.loadEventFired":
            self.is_loaded = True
        elif event == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith(("data:", "blob:")):
            self.requests.append(parameters["request"]["url"])
        elif event == "Runtime.consoleAPICalled":
            self.said.append(" ".join(str(each.get("value")) for each in parameters["args"]))

    def open(self, url):
        self.is_loaded, self.requests, self.said = False, [], []
        failure = self.call("Page.navigate", url=url).get("errorText")
        if failure:
            raise AssertionError(f"{url}: {failure}")
        self.browser.listen(lambda: self.is_loaded, url)

    def value(self, expression):
        """What a script comes to; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression):
        deadline = time.monotonic() + SECONDS
        while not (value := self.value(expression)):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {SECONDS} s: {expression}")
            time.sleep(0.1)
        return value

    def screenshot(self):
        """What is in view, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
