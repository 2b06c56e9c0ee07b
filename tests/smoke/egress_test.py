# SPDX-License-Identifier: Apache-2.0
"""A FHIR server whose smart-configuration sends us to another server for tokens: that one is neither asked nor connected to
until the site names it, and `meridian check` says what to add."""
import http.server
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import unittest

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
PATIENCE = 120
SITE = """
[store]
url = "sqlite:m.db"
[http]
listen = "127.0.0.1:0"
[profiles]
approved_by = "Dr. Test"
approved_on = "2026-11-18"
approved_content = "{content}"
[[hospital]]
id = "ridge"
fhir = "{fhir}"
auth = "smart"
client_id = "meridian"
key_file = "key.pem"
key_id = "k1"
algorithm = "ES384"
poll_seconds = 0.1
[[hospital]]
id = "cloud"
fhir = "https://169.254.169.254/fhir"
[[clinic]]
id = "willow"
inbox = true
[egress]
hosts = [{hosts}]
"""


class Server(http.server.ThreadingHTTPServer):
    """Answers GET as `answers` says, any POST with a token, and remembers what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.connections, self.asked = {}, 0, []
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def get_request(self):
        self.connections += 1
        return super().get_request()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body):
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization")))
        text = json.dumps(body or {}).encode()
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        self.answer(self.server.answers.get(self.path))

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"access_token": "t1", "token_type": "Bearer"})


class Egress(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        subprocess.run(["openssl", "ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", self.folder / "key.pem"],
                       check=True)
        self.ehr, self.other = Server(), Server()
        for server in (self.ehr, self.other):
            self.addCleanup(server.server_close)
            self.addCleanup(server.shutdown)
        self.ehr.answers = {
            "/r4/metadata": {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "rest": []},
            "/r4/.well-known/smart-configuration": {"token_endpoint": self.other.base + "/token"}}
        self.config = self.folder / "m.toml"
        self.write("none", "")
        content = re.search(r'approved_content = "(\w+)"', self.check())[1]
        self.write(content, "")
        self.content = content

    def write(self, content, hosts):
        self.config.write_text(SITE.format(content=content, fhir=self.ehr.base + "/r4", hosts=hosts))

    def check(self):
        done = subprocess.run([PROGRAM, "check", "--config", self.config], capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 1)
        return done.stdout

    def serve_until(self, seen):
        """Serves until `seen` is true of a line of its log, or of what a server was asked."""
        server = subprocess.Popen([PROGRAM, "serve", "--config", self.config], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True)
        watch = threading.Timer(PATIENCE, server.kill)
        watch.start()
        try:
            return next((line for line in server.stderr if seen(line)), "")
        finally:
            watch.cancel()
            server.terminate()
            server.stderr.read()
            server.wait(PATIENCE)
            server.stderr.close()

    def test_who_is_named_by_a_peer_alone_gets_nothing(self):
        place = self.other.base.removeprefix("http://")
        said = self.check()
        self.assertIn(f'names {self.other.base}/token, and the configuration does not: add "{place}" to [egress] hosts', said)
        self.assertIn("169.254.169.254 is a cloud's metadata service: nothing connects there", said)
        refused = self.serve_until(lambda line: "egress.refused" in line and "no configured host" in line)
        self.assertTrue(refused)
        self.assertEqual(self.other.connections, 0)
        self.assertEqual([seen for seen in self.ehr.asked if seen[2]], [], "no token, so none is shown")

        self.write(self.content, f'"{place}"')
        self.assertNotIn("[egress] hosts", self.check())
        self.assertIn(("POST", "/token", None), self.other.asked)
        self.other.asked.clear()
        self.serve_until(lambda _: ("POST", "/token", None) in self.other.asked)
        self.assertIn(("POST", "/token", None), self.other.asked)


if __name__ == "__main__":
    unittest.main()
