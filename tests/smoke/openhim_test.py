# SPDX-License-Identifier: Apache-2.0
"""`meridian serve` makes itself known to a core of OpenHIM, lives there, and is known again after somebody removed it.

The core is a small one of ours that takes and refuses what openhim-core does (src/api/authentication.js, mediators.js):
the real one needs MongoDB.
"""
import hashlib
import http.server
import json
import threading
import time
import unittest

from v2_site import FHIR_CLINIC, PATIENCE, Site

USER, PASSWORD, SALT = "meridian@ridge.example", "a blue door", "1a2b3c"
TABLE = """
[openhim]
api = "http://127.0.0.1:{port}"
user = "{user}"
password_file = "openhim.password"
"""


def digest(text):
    return hashlib.sha512(text.encode()).hexdigest()


class Core(http.server.ThreadingHTTPServer):
    """Its clock is a year ahead."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.mediators, self.beats, self.refused = {}, [], []
        self.now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 31536000))

    @property
    def port(self):
        return self.server_address[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=None):
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        known = self.path == f"/authenticate/{USER}"
        self.answer(200 if known else 404, {"salt": SALT, "ts": self.server.now} if known else None)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        token = digest(digest(SALT + PASSWORD) + self.headers["auth-salt"] + self.headers["auth-ts"])
        if self.headers["auth-token"] != token or self.headers["auth-ts"] != self.server.now:
            self.server.refused.append(self.path)
            return self.answer(401)
        if self.path == "/mediators":
            self.server.mediators[body["urn"]] = body
            return self.answer(201)
        urn = self.path.split("/")[2]
        if urn not in self.server.mediators:
            return self.answer(404)
        self.server.beats.append(body["uptime"])
        return self.answer(200)


class OpenHim(Site):
    def setUp(self):
        self.core = Core()
        threading.Thread(target=self.core.serve_forever, daemon=True).start()
        self.addCleanup(self.core.server_close)
        self.addCleanup(self.core.shutdown)
        super().setUp()

    def clinic_table(self):
        secret = self.folder / "openhim.password"
        secret.touch(mode=0o600)
        secret.write_text(PASSWORD + "\n")
        return FHIR_CLINIC.format(self.clinic.base) + TABLE.format(port=self.core.port, user=USER)

    def wait_for(self, holds):
        until = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), until, (self.folder / "log").read_text())
            time.sleep(0.05)

    def test_it_is_known_lives_and_comes_back(self):
        self.wait_for(lambda: len(self.core.beats) == 1)
        (urn, said), = self.core.mediators.items()
        self.assertEqual(urn, "urn:mediator:meridian-node-1")
        self.assertEqual(f"http://{said['endpoints'][0]['host']}:{said['endpoints'][0]['port']}", self.url)
        self.core.mediators.clear()
        self.wait_for(lambda: len(self.core.beats) == 2)
        self.assertIn(urn, self.core.mediators)
        self.assertGreaterEqual(self.core.beats[1], 9)
        self.assertEqual(self.core.refused, [])
        log = (self.folder / "log").read_text()
        self.assertIn("openhim.known", log)
        self.assertNotIn(PASSWORD, log)


if __name__ == "__main__":
    unittest.main()
