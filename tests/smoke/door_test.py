# SPDX-License-Identifier: Apache-2.0
"""`meridian serve` behind its HTTP door: TLS, tokens, posts, notifications, metrics.

The hospital is polled once an hour, so that what happens within the test is the door's doing.

usage: door_test.py [postgres]: on SQLite, or on the PostgreSQL server whose URL MERIDIAN_POSTGRES_FILE names.
"""
import hashlib
import json
import os
import pathlib
import re
import secrets
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from fhir_peer import FhirPeer, patients
from postgres.shared import Schema

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
PATIENCE = 120  # seconds
ON_POSTGRES = False
FHIR = "application/fhir+json"

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
certificate = "server.pem"
key = "server-key.pem"
client_ca = "ca.pem"
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = 3600
[[clinic]]
id = "clinic"
fhir = "{clinic}"
poll_seconds = 3600
[[contact]]
name = "Spine surgeon on call"
pager = "http://127.0.0.1:9/"
[[client]]
id = "engine"
role = "source"
source = "hospital"
token_file = "engine.token"
[[client]]
id = "prometheus"
role = "metrics"
token_file = "prometheus.token"
[[client]]
id = "ehr"
role = "source"
source = "hospital"
certificate_subject = "CN=ehr"
"""

LINE = re.compile(r'[a-z_]+(\{([a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*)?\})? [0-9.eE+-]+(Inf)?')


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_certificates(folder):
    """One authority; the server's certificate and one for the client CN=ehr."""
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=Test authority", "-keyout", "ca-key.pem", "-out", "ca.pem")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for name, subject in (("server", "/CN=127.0.0.1"), ("ehr", "/CN=ehr")):
        openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
                "-keyout", f"{name}-key.pem", "-out", f"{name}.csr")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-days", "2",
                "-extfile", "names", "-out", f"{name}.pem")


def strictly_parsed(text):
    """The samples by name and labels. Each line must be well-formed, each series there once."""
    for line in text.splitlines():
        if not line.startswith(("# HELP ", "# TYPE ")) and not LINE.fullmatch(line):
            raise AssertionError(f"not in the exposition format: {line!r}")
    samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            if key in samples:
                raise AssertionError(f"twice: {key}")
            samples[key] = sample.value
    return samples


class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        make_certificates(cls.folder)
        cls.tokens = {}
        for name in ("engine", "prometheus"):
            cls.tokens[name] = secrets.token_hex(32)
            file = cls.folder / f"{name}.token"
            file.touch(mode=0o600)
            file.write_text(cls.tokens[name] + "\n")
        cls.hospital = FhirPeer("--data", patients(cls.folder, "okafor"))
        cls.addClassCleanup(cls.hospital.close)
        cls.clinic = FhirPeer()
        cls.addClassCleanup(cls.clinic.close)
        text = CONFIG.format(hospital=cls.hospital.base, clinic=cls.clinic.base)
        if ON_POSTGRES:
            schema = Schema()
            cls.addClassCleanup(schema.close)
            text = schema.of(text)
        (cls.folder / "site.toml").write_text(text)
        cls.serve = subprocess.Popen([PROGRAM, "serve", "--config", cls.folder / "site.toml"], stdout=subprocess.PIPE,
                                     stderr=open(cls.folder / "log", "w"), text=True)
        cls.addClassCleanup(cls.stop)
        said = cls.serve.stdout.readline()
        if not said:
            raise RuntimeError((cls.folder / "log").read_text())
        cls.url = json.loads(said)["url"]
        cls.operator = (cls.folder / "operator.token").read_text().strip()

    @classmethod
    def stop(cls):
        cls.serve.send_signal(signal.SIGTERM)
        cls.serve.wait(PATIENCE)
        cls.serve.stdout.close()

    def ask(self, method, path, body=None, token=None, certificate=None, **headers):
        """Status, headers and text."""
        trust = ssl.create_default_context(cafile=self.folder / "ca.pem")
        if certificate:
            trust.load_cert_chain(self.folder / f"{certificate}.pem", self.folder / f"{certificate}-key.pem")
        if token:
            headers["Authorization"] = f"Bearer {token}"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        body = body.encode() if isinstance(body, str) else body
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30, context=trust) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.headers, refusal.read().decode()

    def post(self, path, body, token=None, **headers):
        return self.ask("POST", path, body, token or self.tokens["engine"], Content_Type=FHIR, **headers)

    def metrics(self):
        status, headers, text = self.ask("GET", "/metrics", token=self.tokens["prometheus"])
        self.assertEqual(status, 200)
        self.assertIn("version=0.0.4", headers["Content-Type"])
        return strictly_parsed(text)

    def number(self, name, **labels):
        return self.metrics().get((name, tuple(sorted(labels.items()))), 0)

    def referrals(self):
        return sum(value for (name, _), value in self.metrics().items() if name == "meridian_referrals")

    def wait_for(self, holds, what):
        ends = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > ends:
                self.fail(f"{what}: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)  # between two looks

    def first_poll(self):
        self.wait_for(lambda: self.referrals() >= 1, "the order at the hospital was not seen")

    def orders(self):
        return self.hospital.search("ServiceRequest")

    def test_says_that_it_lives_and_is_ready(self):
        self.assertEqual(self.ask("GET", "/livez")[0], 200)
        status, _, text = self.ask("GET", "/readyz")
        self.assertEqual((status, json.loads(text)), (200, {"ready": True, "reasons": []}))

    def test_who_shows_no_right_token_is_told_what_to_do(self):
        for token, words in ((None, "Authorization: Bearer TOKEN"), ("wrong", "token_file")):
            status, headers, text = self.ask("POST", "/in/hospital", b"{}", token, Content_Type=FHIR)
            self.assertEqual(status, 401)
            self.assertIn("Bearer", headers["WWW-Authenticate"])
            self.assertIn(words, json.loads(text)["issue"][0]["diagnostics"])
        self.assertEqual(self.post("/in/clinic", "{}")[0], 403)
        self.assertEqual(self.post("/in/hospital", "{}", self.tokens["prometheus"])[0], 403)
        self.assertEqual(self.post("/in/hospital", "{}", self.operator)[0], 403)

    def test_a_client_certificate_is_as_good_as_a_token(self):
        status, _, _ = self.ask("POST", "/fhir/hospital", b"", certificate="ehr")
        self.assertEqual(status, 200)
        self.assertEqual(self.ask("POST", "/fhir/clinic", b"", certificate="ehr")[0], 403)

    def test_the_same_message_again_gets_the_same_answer_and_another_is_a_conflict(self):
        self.first_poll()
        body = json.dumps({"resourceType": "Patient", "id": "p9"})
        first = self.post("/in/hospital", body, X_Request_Id="a-1")
        self.assertEqual(first[0], 200, first[2])
        again = self.post("/in/hospital", body, X_Request_Id="a-1")
        self.assertEqual((again[0], again[2]), (first[0], first[2]))
        self.assertEqual(self.post("/in/hospital", body + " ", X_Request_Id="a-1")[0], 409)

    def test_what_cannot_be_read_is_kept_and_says_where(self):
        before = self.number("meridian_quarantined")
        status, _, text = self.post("/in/hospital", "{\"resourceType\":")
        self.assertEqual(status, 422)
        self.assertRegex(text, "kept in quarantine as [0-9A-Z]{26}")
        self.assertEqual(self.number("meridian_quarantined"), before + 1)

    def test_an_order_that_an_engine_posts_and_the_poll_sees_is_one_referral(self):
        self.first_poll()
        before = self.referrals()
        for order in self.orders():
            patient = self.hospital.ask("GET", order["subject"]["reference"])[1]
            bundle = {"resourceType": "Bundle", "type": "collection",
                      "entry": [{"resource": order}, {"resource": patient}]}
            self.assertEqual(self.post("/fhir/hospital", json.dumps(bundle))[0], 200)
            self.assertEqual(self.ask("PUT", f"/fhir/hospital/ServiceRequest/{order['id']}", json.dumps(order),
                                      self.tokens["engine"], Content_Type=FHIR)[0], 200)
        self.assertEqual(self.referrals(), before)

    def test_a_notification_has_the_hospital_looked_at(self):
        self.first_poll()
        before = self.referrals()
        order = dict(self.orders()[0], id="sr-notified")
        order.pop("meta", None)
        self.hospital.put(order)
        notice = {"resourceType": "Bundle", "type": "history", "entry": [{"resource": {
            "resourceType": "Parameters", "parameter": [
                {"name": "subscription", "valueReference": {"reference": "Subscription/1"}},
                {"name": "type", "valueCode": "event-notification"},
                {"name": "notification-event", "part": [{"name": "event-number", "valueString": "1"}]}]}}]}
        self.assertEqual(self.post("/fhir/hospital", json.dumps(notice))[0], 200)
        self.wait_for(lambda: self.referrals() == before + 1, "the notification changed nothing")

    def test_the_numbers_move_when_a_referral_goes_through(self):
        self.wait_for(lambda: self.number("meridian_stage_total", stage="settle", outcome="done") >= 1,
                      "nothing was delivered")
        for stage in ("receive", "parse", "map", "commit", "gather", "assess", "route", "render", "claim", "send"):
            self.assertGreaterEqual(self.number("meridian_stage_total", stage=stage, outcome="done"), 1, stage)
            self.assertGreaterEqual(self.number("meridian_stage_seconds_count", stage=stage), 1, stage)
        self.assertEqual(self.number("meridian_store_up"), 1)
        # The funnel is read anew each minute: it may be that of the first look.
        self.assertIn(("meridian_funnel_reached", (("group", "all"), ("step", "ordered"))), self.metrics())
        self.assertGreaterEqual(self.number("meridian_http_requests_total", method="GET", route="/metrics",
                                            status="200"), 1)

    def test_metrics_name_no_patient(self):
        self.first_poll()
        _, _, text = self.ask("GET", "/metrics")
        for word in ("Okafor", "okafor", "sr-"):
            self.assertNotIn(word, text)

    def test_a_renewed_certificate_is_used_from_the_next_connection_on(self):
        def shown():
            return hashlib.sha256(ssl.get_server_certificate(
                ("127.0.0.1", int(self.url.rsplit(":", 1)[1]))).encode()).hexdigest()
        before = shown()
        openssl(self.folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-days",
                "3", "-extfile", "names", "-out", "server.pem")
        self.assertNotEqual(shown(), before)


if __name__ == "__main__":
    if sys.argv[-1] == "postgres":
        ON_POSTGRES = True
        sys.argv.pop()
    unittest.main()
