# SPDX-License-Identifier: Apache-2.0
"""An EHR asks `meridian serve` at signing: its keys are fetched, its record is read, cards come back."""
import json
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.request

import cds_client
from fhir_peer import FhirPeer, patients
from v2_site import PATIENCE, PROGRAM

CONFIG = """
[site]
name = "Tamarack Ridge"
public_url = "https://meridian.example"
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = 3600
cds_issuer = "{issuer}"
cds_jku = "{jku}"
cds_origins = ["https://ehr.example"]
cds_milliseconds = {milliseconds}
[[clinic]]
id = "clinic"
name = "Quiet River Acupuncture"
fhir = "{clinic}"
poll_seconds = 3600
[[contact]]
name = "Spine surgeon on call"
pager = "http://127.0.0.1:9/"
"""


class AtSigning(unittest.TestCase):
    milliseconds = 10000
    records = ()  # files of the sandbox's hospital

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.hospital = FhirPeer("--data", patients(folder.name, *self.records))
        self.addCleanup(self.hospital.close)
        self.clinic = FhirPeer()
        self.addCleanup(self.clinic.close)
        self.client = cds_client.CdsClient(folder.name)
        self.addCleanup(self.client.close)
        self.hospital.put({"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1985-05-05",
                           "name": [{"family": "Abara"}]})
        self.hospital.put({"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
                           "clinicalStatus": {"coding": [{"code": "active"}]},
                           "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.59"}]},
                           "onsetDateTime": "2026-05-01"})
        (self.folder / "site.toml").write_text(CONFIG.format(
            hospital=self.hospital.base, clinic=self.clinic.base, issuer=cds_client.ISSUER, jku=self.client.jku,
            milliseconds=self.milliseconds))
        with open(self.folder / "log", "a") as log:
            self.serve = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / "site.toml"],
                                          stdout=subprocess.PIPE, stderr=log, text=True)
        self.addCleanup(self.end)
        said = self.serve.stdout.readline()
        if not said:
            raise RuntimeError((self.folder / "log").read_text())
        self.url = json.loads(said)["url"]

    def end(self):
        self.serve.send_signal(signal.SIGTERM)
        self.serve.wait(PATIENCE)
        self.serve.stdout.close()

    def ask(self, service, body, **claims):
        path = f"/cds/hospital/cds-services/{service}"
        token = self.client.token("https://meridian.example" + path, **claims)
        return cds_client.post(self.url + path, body, token)

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def test_cards_come_back_and_feedback_is_counted(self):
        services = json.loads(self.get("/cds/hospital/cds-services"))["services"]
        self.assertEqual([one["hook"] for one in services], ["order-sign", "order-dispatch", "patient-view"])
        self.assertEqual(services[0]["prefetch"]["conditions"], "Condition?patient={{context.patientId}}")

        status, said = self.ask("order-sign", cds_client.order_sign("p1"))
        self.assertEqual(status, 200, said)
        summaries = [card["summary"] for card in said["cards"]]
        self.assertIn("missing", summaries[0], summaries)
        self.assertTrue(any("Quiet River Acupuncture could take" in text for text in summaries), summaries)
        for card in said["cards"]:
            self.assertLess(len(card["summary"]), 140)

        reason = said["cards"][0]["overrideReasons"][0]
        feedback = {"feedback": [{"card": said["cards"][0]["uuid"], "outcome": "overridden",
                                  "overrideReason": {"reason": reason, "userComment": "Abara agrees"}}]}
        for _ in range(2):
            self.assertEqual(self.ask("order-sign/feedback", feedback), (200, {}))
        metrics = self.get("/metrics")
        self.assertIn('meridian_card_feedback_total{outcome="overridden",topic="missing"} 1', metrics)
        self.assertIn('meridian_cards_total{level="info",topic="receiver"} 1', metrics)
        audit = subprocess.run([PROGRAM, "audit", "list", "--config", self.folder / "site.toml"],
                               capture_output=True, text=True, check=True).stdout
        self.assertIn("overridden:" + reason["code"], audit)
        self.assertNotIn("Abara", audit)

    def test_browsers_of_the_configured_origin_may_call(self):
        for origin, allowed in (("https://ehr.example", "https://ehr.example"), ("https://other.example", None)):
            request = urllib.request.Request(self.url + "/cds/hospital/cds-services/order-sign", method="OPTIONS",
                                             headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
            with urllib.request.urlopen(request, timeout=30) as answer:
                self.assertEqual(answer.status, 204)
                self.assertEqual(answer.headers.get("Access-Control-Allow-Origin"), allowed)

    def test_what_is_prefetched_is_taken_and_other_orders_get_nothing(self):
        empty = {"resourceType": "Bundle", "type": "searchset", "total": 0}
        status, said = self.ask("order-sign", cds_client.order_sign("p1", prefetch={"conditions": empty}))
        self.assertEqual(status, 200)
        self.assertIn("type.undetermined", json.dumps(said), "without a condition nobody knows the pain")
        status, said = self.ask("order-sign", cds_client.order_sign("p1", code="1"))
        self.assertEqual((status, said), (200, {"cards": []}))

    def test_who_signs_wrong_is_refused(self):
        body = cds_client.order_sign("p1")
        for wrong in ({"aud": "https://other.example"}, {"iss": "https://other.example"}, {"jti": None},
                      {"exp": int(time.time()) - 100}, {"tenant": "other"}):
            self.assertEqual(self.ask("order-sign", body, **wrong), (401, "not authorised\n"), wrong)
        once = {"jti": "once"}
        self.assertEqual(self.ask("order-sign", body, **once)[0], 200)
        self.assertEqual(self.ask("order-sign", body, **once)[0], 401)

    def test_check_names_what_would_have_calls_refused(self):
        self.client.close()
        checked = subprocess.run([PROGRAM, "check", "--config", self.folder / "site.toml"],
                                 capture_output=True, text=True)
        self.assertIn("no call of the EHR could be checked", checked.stdout)


class SlowRecord(AtSigning):
    """Fifty milliseconds are not enough for a server that is stopped."""
    milliseconds = 50

    def test_an_answer_comes_all_the_same(self):
        self.hospital.process.send_signal(signal.SIGSTOP)
        self.addCleanup(self.hospital.process.send_signal, signal.SIGCONT)
        status, said = self.ask("order-sign", cds_client.order_sign("p1"))
        self.assertEqual(status, 200, said)
        self.assertTrue(any("History not read in time" in card["summary"] for card in said["cards"]), said)

    test_cards_come_back_and_feedback_is_counted = None
    test_browsers_of_the_configured_origin_may_call = None
    test_what_is_prefetched_is_taken_and_other_orders_get_nothing = None
    test_who_signs_wrong_is_refused = None
    test_check_names_what_would_have_calls_refused = None


if __name__ == "__main__":
    unittest.main()
