# SPDX-License-Identifier: MIT
"""A Git host's own interface, and the pages that its readers get, answering what a test puts into a table."""
import http.server
import json
import threading


class FakeHost(http.server.ThreadingHTTPServer):
    """Answers from a table {(method, path): (status, headers, body)}, or a list of such answers of which the last stays;
    keeps what was asked."""

    def __init__(self, test):
        super().__init__(("127.0.0.1", 0), Answers)
        self.answers = {}
        self.asked = []
        self.port = self.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()
        test.addCleanup(self.server_close)
        test.addCleanup(self.shutdown)


class Answers(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path, dict(self.headers), json.loads(body or "null")))
        told = self.server.answers.get((self.command, self.path), (404, {}, {"message": "Not Found"}))
        if isinstance(told, list):
            told = told.pop(0) if len(told) > 1 else told[0]
        status, headers, told = told
        told = told.encode() if isinstance(told, str) else json.dumps(told).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass
