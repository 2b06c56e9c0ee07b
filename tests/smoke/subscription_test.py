# SPDX-License-Identifier: Apache-2.0
"""One `meridian serve` subscribes at another's endpoint, as a clinic's software; the line between them loses, doubles and
delays notifications, and the one that tells is killed. Numbers keep their meaning, and whatever is lost is looked for."""
import http.server
import json
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import threading
import unittest
import urllib.error
import urllib.request

from pulling_clinic_test import FHIR, Software
from v2_site import PROGRAM, Site, referral

TOPIC = "http://meridian-referral.org/fhir/SubscriptionTopic/referral-task-changed"
CLINICS = """
[[clinic]]
id = "clinic"
endpoint = true
notify = ["{line}/fhir"]
[[clinic]]
id = "other"
endpoint = true
[[client]]
id = "clinic-ehr"
role = "clinic"
source = "clinic"
jwks_file = "clinic.jwks.json"
[[client]]
id = "other-ehr"
role = "clinic"
source = "other"
jwks_file = "other.jwks.json"
[[client]]
id = "numbers"
role = "metrics"
token_file = "metrics.token"
"""
LISTENER = """
[site]
public_url = "{line}"
[store]
url = "sqlite:listener.db"
key_file = "listener.key"
[http]
listen = "127.0.0.1:0"
[[hospital]]
id = "upstream"
fhir = "{upstream}"
auth = "smart"
client_id = "clinic-ehr"
key_file = "clinic-ehr.pem"
key_id = "k1"
scopes = "system/*.cruds"
poll_seconds = 3600
services = []
subscribe = ["{topic}"]
[[clinic]]
id = "nobody"
inbox = true
[[contact]]
name = "Spine surgeon on call"
pager = "http://127.0.0.1:9/"
[[client]]
id = "upstream-tells"
role = "source"
source = "upstream"
token_file = "upstream.token"
"""


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Line:
    """Passes notifications on as `way` says: on, lose (says yes and forgets), twice, or hold (until the next has passed)."""

    def __init__(self):
        self.way, self.to, self.seen, self.held = "on", None, [], []
        line = self

        class Passing(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = line.take(self.path, body, self.headers)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Passing)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def take(self, path, body, headers):
        """What came by counts as seen once it was dealt with: only then may a test change the way."""
        status = self.deal(path, body, headers)
        self.seen.append(json.loads(body))
        return status

    def deal(self, path, body, headers):
        if self.way == "lose":
            return 200
        if self.way == "hold":
            self.held.append((path, body, headers))
            return 200
        status = self.send(path, body, headers)
        if self.way == "twice":
            status = self.send(path, body, headers)
        for one in self.held:
            self.send(*one)
        self.held = []
        return status

    def send(self, path, body, headers):
        if self.to is None:
            return 503
        passed = {name: headers[name] for name in ("Content-Type", "Authorization") if name in headers}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.to + path, body, passed), timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def events(self):
        """Number, time and focus of each event that came by, as often as it did."""
        found = []
        for bundle in self.seen:
            for parameter in bundle["entry"][0]["resource"]["parameter"]:
                if parameter["name"] == "notification-event":
                    part = {one["name"]: one for one in parameter["part"]}
                    found.append((int(part["event-number"]["valueString"]), part["timestamp"]["valueInstant"],
                                  part["focus"]["valueReference"]["reference"]))
        return found


class Subscribed(Site):
    def config(self):
        return super().config().replace('listen = "127.0.0.1:0"', f'listen = "127.0.0.1:{self.http_port}"', 1)

    def clinic_table(self):
        self.line = Line()
        self.addCleanup(self.line.close)
        self.http_port = free_port()
        self.software = {name: Software(self.folder, f"{name}-ehr") for name in ("clinic", "other")}
        for name, one in self.software.items():
            (self.folder / f"{name}.jwks.json").write_text(json.dumps(one.jwks))
        for name in ("metrics", "upstream"):
            self.secret(name)
        return CLINICS.format(line=self.line.base)

    def secret(self, name):
        file = pathlib.Path(self.folder) / f"{name}.token"
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))

    def token(self, name):
        return (self.folder / f"{name}.token").read_text()

    def listen(self):
        """Starts the one that is told."""
        (self.folder / "listener.toml").write_text(
            LISTENER.format(line=self.line.base, upstream=self.url + "/fhir/r4", topic=TOPIC))
        with open(self.folder / "listener.log", "a") as log:
            self.listener = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / "listener.toml"],
                                             stdout=subprocess.PIPE, stderr=log, text=True)
        said = self.listener.stdout.readline()
        if not said:
            raise RuntimeError((self.folder / "listener.log").read_text())
        self.line.to = json.loads(said)["url"]

    def end_listener(self):
        self.listener.terminate()
        self.listener.wait()
        self.listener.stdout.close()

    def asked(self, route, method="GET"):
        """How often the one that tells was asked so, since it was started."""
        request = urllib.request.Request(self.url + "/metrics", headers={"Authorization": f"Bearer {self.token('metrics')}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
        total = 0
        for labels, value in re.findall(r"^meridian_http_requests_total\{(.*)\} (\S+)$", text, re.M):
            if f'route="{route}"' in labels and f'method="{method}"' in labels:
                total += int(float(value))
        return total

    def subscription(self):
        found = self.clinic_software.search("Subscription")
        return found[0] if found else {}

    def change(self, task, status):
        """The clinic's own software sets the Task; that is an event like any other."""
        version = self.clinic_software.ask("GET", f"/Task/{task}")[1]["meta"]["versionId"]
        code, said, _ = self.clinic_software.ask(
            "PATCH", f"/Task/{task}", [{"op": "replace", "path": "/status", "value": status}],
            Content_Type="application/json-patch+json", If_Match=f'W/"{version}"')
        self.assertEqual(code, 200, said)

    def last_number(self):
        return max((number for number, _, _ in self.line.events()), default=0)

    def test_whatever_the_line_does_each_number_means_one_event_and_nothing_stays_unseen(self):
        clinic = self.clinic_software = self.software["clinic"].at(self.url + "/fhir/r4")
        self.assertEqual(clinic.sign_in()[0], 200)
        self.listen()
        self.addCleanup(self.end_listener)
        self.until(lambda: self.subscription().get("status") == "active", "no handshake")
        self.assertNotIn("header", self.subscription()["channel"])

        # A referral is told, and has the listener look.
        looks = self.asked("/fhir/r4/{type}")
        self.tell(referral("I-1", "RF-700", "40023", "ABARA^NGOZI"))
        self.until(lambda: self.last_number() == 1, "the referral was not told")
        self.until(lambda: self.asked("/fhir/r4/{type}") > looks, "the listener did not look")
        task = clinic.search("Task")[0]["id"]
        self.assertEqual(self.line.events()[0][2], f"{self.url}/fhir/r4/Task/{task}")

        # One is lost, and the next one shows it: it is asked for.
        self.line.way = "lose"
        self.change(task, "received")
        self.until(lambda: self.last_number() == 2, "the change was not told")
        self.assertEqual(self.asked("/fhir/r4/Subscription/{id}/$events"), 0)
        self.line.way = "on"
        self.change(task, "accepted")
        self.until(lambda: self.last_number() == 3, "the change was not told")
        self.until(lambda: self.asked("/fhir/r4/Subscription/{id}/$events") == 1, "the lost one was not asked for")

        # One comes late and one twice: nothing is missing.
        self.line.way = "hold"
        self.change(task, "in-progress")
        self.until(lambda: self.last_number() == 4, "the change was not told")
        self.line.way = "twice"
        self.change(task, "on-hold")
        self.until(lambda: self.last_number() == 5, "the change was not told")
        self.line.way = "on"

        # Killed, it goes on counting where it was, also what did not arrive.
        address, self.line.to = self.line.to, None
        self.change(task, "in-progress")
        self.until(lambda: self.last_number() == 6, "the change was not told")
        self.end(signal.SIGKILL)
        self.start()
        clinic.at(self.url + "/fhir/r4")
        self.line.to = address
        passed = len(self.line.seen)
        self.until(lambda: any(number == 6 for number, _, _ in self.line.events()
                               if len(self.line.seen) > passed), "what did not arrive was not told again")
        meaning = {}
        for number, at, focus in self.line.events():
            self.assertEqual(meaning.setdefault(number, (at, focus)), (at, focus), f"number {number}")
        self.assertEqual(sorted(meaning), list(range(1, 7)))
        self.assertEqual(len(set(meaning.values())), 6, "no event has two numbers")
        self.assertEqual(self.asked("/fhir/r4/Subscription/{id}/$events"), 0, "since the start nothing was missing")
        self.assertEqual(len(clinic.search("Subscription")), 1)

        self.foreign_and_forged(task)

    def foreign_and_forged(self, task):
        mine = self.subscription()
        other = self.software["other"].at(self.url + "/fhir/r4")
        self.assertEqual(other.sign_in()[0], 200)
        self.assertEqual(other.search("Subscription"), [])
        for path in ("", "/$status", "/$events"):
            self.assertEqual(other.ask("GET", f"/Subscription/{mine['id']}{path}")[0], 404)
        self.assertEqual(other.ask("PUT", f"/Subscription/{mine['id']}", mine)[0], 422, "nor at the clinic's address")
        told = json.dumps(self.line.seen[-1]).encode()
        for headers, body, status in (({}, told, 401), ({"Authorization": "Bearer " + "0" * 64}, told, 401),
                                      ({"X-Hub-Signature": "sha256=" + "0" * 64}, told, 401),
                                      ({"Authorization": f"Bearer {self.token('upstream')}"}, b"{", 422)):
            request = urllib.request.Request(self.line.to + "/fhir/upstream", body, {"Content-Type": FHIR, **headers})
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=60)
            self.assertEqual(refused.exception.code, status, body)
        self.assertTrue(self.clinic_software.search("Task"))


if __name__ == "__main__":
    unittest.main()
