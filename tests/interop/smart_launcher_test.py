# SPDX-License-Identifier: Apache-2.0
"""smart-on-fhir's SMART launcher (smart-launcher-v2) opens the surgeon's view, in front of the sandbox's FHIR server.

MERIDIAN_SMART_LAUNCHER is a command that runs its backend; it is told PORT, HOST and FHIR_SERVER_R4 as environment, as the
launcher reads them. Skipped (77) without it: the launcher is in no package registry, and nothing of it is in this tree.
"""
import base64
import http.cookiejar
import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

LAUNCHER = os.environ.get("MERIDIAN_SMART_LAUNCHER", "")
if not LAUNCHER:
    print("MERIDIAN_SMART_LAUNCHER names no command that runs smart-on-fhir's launcher", file=sys.stderr)
    sys.exit(77)

from fhir_peer import FhirPeer, patients  # noqa: E402: they read the environment
from smart_ehr import encoded  # noqa: E402

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
PATIENCE = 300  # seconds
CONFIG = """
[site]
name = "Tamarack Ridge"
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
[[hospital]]
id = "hospital"
name = "Tamarack Ridge Spine"
fhir = "{hospital}"
poll_seconds = 0.5
smart_client_id = "meridian-app"
smart_iss = "{iss}"
{more}
[[clinic]]
id = "clinic"
name = "Quiet River Acupuncture"
fhir = "{clinic}"
poll_seconds = 3600
[[contact]]
name = "Spine surgeon on call"
pager = "http://127.0.0.1:9/"
"""
# Places in the list that its launch parameter is (src/isomorphic/codec.ts).
LAUNCH_TYPE, ENCOUNTER, SKIP_LOGIN, SKIP_AUTH, JWKS, CLIENT_TYPE, PKCE = 0, 3, 4, 5, 13, 14, 15


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def until(what):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found = what()
        if found:
            return found
        time.sleep(0.2)
    raise RuntimeError("it did not come about")


class Launched(unittest.TestCase):
    """The site as it is configured by `more`; the launcher in front of its hospital's server."""

    more = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.hospital = FhirPeer("--data", patients(folder.name, "okafor"))
        self.addCleanup(self.hospital.close)
        self.clinic = FhirPeer()
        self.addCleanup(self.clinic.close)
        self.prepare()
        self.start_launcher()
        (self.folder / "site.toml").write_text(CONFIG.format(hospital=self.hospital.base, clinic=self.clinic.base,
                                                             iss=self.iss, more=self.more))
        self.log = open(self.folder / "log", "w")
        self.addCleanup(self.log.close)
        self.serve = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / "site.toml"], stdout=subprocess.PIPE,
                                      stderr=self.log, text=True)
        self.addCleanup(self.end, self.serve)
        said = self.serve.stdout.readline()
        if not said:
            raise RuntimeError((self.folder / "log").read_text())
        self.url = json.loads(said)["url"]

    def prepare(self):
        pass

    def start_launcher(self):
        port = free_port()
        self.launcher = f"http://127.0.0.1:{port}"
        self.iss = self.launcher + "/v/r4/fhir"
        with open(self.folder / "launcher.log", "w") as log:
            process = subprocess.Popen(
                shlex.split(LAUNCHER), stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "FHIR_SERVER_R4": self.hospital.base})
        self.addCleanup(lambda: (os.killpg(process.pid, signal.SIGTERM), process.wait(PATIENCE)))

        def answers():
            if process.poll() is not None:
                raise RuntimeError((self.folder / "launcher.log").read_text())
            try:
                with urllib.request.urlopen(self.iss + "/.well-known/smart-configuration", timeout=30):
                    return True
            except (urllib.error.URLError, ConnectionError):
                return False
        until(answers)

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        process.stdout.close()

    def place(self, changes=(), **asked):
        """Where its launch page sends a browser. `changes` are to the launch parameter, by place."""
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None
        query = {"launch_uri": self.url + "/smart/launch", "fhir_ver": "4", "patient": "pat-okafor",
                 "provider": "prac-halvorsen", **asked}
        try:
            urllib.request.build_opener(Stay).open(self.launcher + "/launcher?" + urllib.parse.urlencode(query))
            raise RuntimeError("it sent nobody on")
        except urllib.error.HTTPError as sent:
            self.assertEqual(sent.code, 302, sent.read())
            place = urllib.parse.urlsplit(sent.headers["Location"])
        said = dict(urllib.parse.parse_qsl(place.query))
        self.assertEqual(said["iss"], self.iss)
        launch = json.loads(base64.urlsafe_b64decode(said["launch"] + "=="))
        # It looks for the patient's encounters at the root of the server's host, where ours has none.
        launch[ENCOUNTER] = "NONE"
        for number, value in dict(changes).items():
            launch[number] = value
        said["launch"] = encoded(json.dumps(launch).encode())
        return place._replace(query=urllib.parse.urlencode(said)).geturl()

    def opened(self, place):
        """Status, text and address of what a browser shows in the end."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        try:
            with browser.open(place, timeout=60) as answer:
                return answer.status, answer.read().decode(), answer.url
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode(), refusal.url

    def shows_the_referral(self, place):
        status, text, url = self.opened(place)
        why = text + self.folder.joinpath("log").read_text() + self.folder.joinpath("launcher.log").read_text()
        self.assertEqual(status, 200, why)
        self.assertTrue(url.startswith(self.url + "/smart/view/"), url)
        self.assertIn("Halvorsen", text)
        until(lambda: "Referral for acupuncture" in self.opened(place)[1])

    def refused(self, place):
        status, text, url = self.opened(place)
        self.assertNotIn("/smart/view/", url)
        self.assertGreaterEqual(status, 400, url)
        self.assertNotIn("Okafor", text)


class PublicClient(Launched):
    def test_the_view_opens_and_names_the_patient(self):
        self.shows_the_referral(self.place())
        self.assertIn("Okafor", self.opened(self.place())[1], "the launcher says that it shows no banner")
        self.assertNotIn("Okafor", self.opened(self.place(sim_ehr="1"))[1], "now it shows one")
        self.assertEqual(self.opened(self.place({PKCE: 2}))[0], 200, "PKCE always")

    def test_what_the_launcher_simulates_opens_nothing(self):
        # Not request_invalid_token: the launcher of May 2025 says so beside the access token and takes that all the same.
        for error in ("auth_invalid_client_id", "auth_invalid_redirect_uri", "auth_invalid_scope", "token_invalid_token"):
            with self.subTest(error):
                self.refused(self.place(auth_error=error))
        with self.subTest("somebody else's patient"):
            self.refused(self.place(patient="nobody"))
        with self.subTest("a patient signs in"):
            self.refused(self.place({LAUNCH_TYPE: 1, SKIP_LOGIN: 1, SKIP_AUTH: 1}))


class ConfidentialClient(Launched):
    more = 'smart_key_file = "app.pem"\nsmart_key_id = "app-1"\nsmart_algorithm = "RS384"'

    def prepare(self):
        def openssl(*arguments):
            return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout
        key = self.folder / "app.pem"
        openssl("genrsa", "-out", str(key), "2048")
        modulus = bytes.fromhex(openssl("rsa", "-in", str(key), "-noout", "-modulus").strip().split("=", 1)[1])
        public = {"kty": "RSA", "kid": "app-1", "alg": "RS384", "e": "AQAB", "n": encoded(modulus),
                  "key_ops": ["verify"]}
        self.keys = json.dumps({"keys": [public]})

    def test_the_launcher_takes_our_assertion(self):
        self.shows_the_referral(self.place({CLIENT_TYPE: 2, JWKS: self.keys}))
        self.refused(self.place({CLIENT_TYPE: 2, JWKS: self.keys.replace('"n": "', '"n": "x')}))


if __name__ == "__main__":
    unittest.main()
