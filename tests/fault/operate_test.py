# SPDX-License-Identifier: Apache-2.0
"""Hospital IT at the command line, beside a running `meridian serve`: a clinic refuses a referral, its
dead letter is replayed, and the referral is sent to another clinic.

usage: operate_test.py [postgres]: on SQLite, or on the PostgreSQL server whose URL MERIDIAN_POSTGRES_FILE names.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

from fhir_peer import FhirPeer, patients
from postgres.shared import Schema
from town import PATIENCE, PROGRAM, free_address

ON_POSTGRES = False

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "{listen}"
[delivery]
first_retry_seconds = 0.05
longest_retry_seconds = 0.2
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = 0.2
[[clinic]]
id = "first"
fhir = "{first}"
poll_seconds = 0.2
[[clinic]]
id = "second"
fhir = "{second}"
poll_seconds = 0.2
"""


class Operate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        hospital = self.started(FhirPeer("--data", patients(folder.name, "okafor")))
        first = self.started(FhirPeer("--no-task-create"))
        self.second = self.started(FhirPeer())
        self.site = self.folder / "site.toml"
        text = CONFIG.format(listen=free_address(), hospital=hospital.base, first=first.base, second=self.second.base)
        self.site.write_text(self.started(Schema()).of(text) if ON_POSTGRES else text)
        self.address = self.folder / ("node-1.address" if ON_POSTGRES else "site.db.address")
        self.log = open(self.folder / "log", "w")
        self.addCleanup(self.log.close)
        self.serve()

    def started(self, peer):
        self.addCleanup(peer.close)
        return peer

    def serve(self):
        self.runtime = subprocess.Popen([PROGRAM, "serve", "--config", self.site], stdout=self.log, stderr=self.log)
        self.addCleanup(self.end)

    def end(self):
        self.runtime.terminate()
        self.runtime.wait(PATIENCE)

    def run_with(self, status, *arguments):
        done = subprocess.run([PROGRAM, *arguments, "--config", self.site], capture_output=True, text=True,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def until(self, what, holds):
        ends = time.monotonic() + PATIENCE
        while not (found := holds()):
            if time.monotonic() > ends:
                self.fail(f"{what} does not happen: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)  # between two looks
        return found

    def dead(self):
        if not self.address.exists():
            return []
        return self.run_with(0, "deadletters")

    def referral(self):
        return self.run_with(0, "referrals")[0]

    def test_a_dead_letter_is_replayed_and_the_referral_goes_to_another_clinic(self):
        letter, = self.until("a dead letter", self.dead)
        self.assertEqual((letter["to"], letter["kind"], letter["class"]), ("first", "referral", "permanent"))
        self.assertTrue(letter["fix"])
        number = str(letter["number"])

        preview, = self.run_with(0, "deadletters", "replay", number)
        self.assertEqual((preview["current"], preview["done"]), (True, False))
        self.assertTrue(preview["about"]["recognisesRepeats"])
        self.assertEqual(self.dead()[0]["attempts"], letter["attempts"])
        done, = self.run_with(0, "deadletters", "replay", number, "--yes", "--by", "Ada")
        self.assertTrue(done["done"])
        again, = self.until("it is dead again", self.dead)
        self.assertGreater(again["attempts"], letter["attempts"])

        referral = self.referral()["id"]
        refused, = self.run_with(1, "deadletters", "redirect", referral, "--to", "first", "--yes")
        self.assertIn("replay the delivery instead", refused["refused"])
        self.run_with(1, "deadletters", "redirect", referral, "--to", "nowhere", "--yes")
        self.run_with(0, "deadletters", "redirect", referral, "--to", "second", "--yes", "--by", "Ada")
        self.until("the second clinic has it", lambda: self.second.search("Task"))
        self.until("it is delivered", lambda: self.referral()["state"] == "delivered")
        self.assertEqual(self.referral()["destination"], "second")
        events = {(line["event"], line["by"]) for line in self.run_with(0, "audit")}
        self.assertLessEqual({("Delivery.send-again", "Ada"), ("Referral.redirect", "Ada")}, events)

        shown, = self.run_with(0, "outbox", "show", number)
        self.assertNotIn("body", shown)
        revealed, = self.run_with(0, "outbox", "show", number, "--show-patient-data", "--by", "Ada")
        self.assertIn("resourceType", revealed["body"])
        self.assertIn(("PatientRead", "Ada"), {(line["event"], line["by"]) for line in self.run_with(0, "audit")})

    def test_without_the_token_nobody_gets_in_and_without_a_runtime_the_same_is_done(self):
        letter, = self.until("a dead letter", self.dead)
        token = self.folder / "operator.token"
        kept = token.read_text()
        token.write_text("0" * 64 + "\n")
        self.run_with(1, "deadletters", "replay", str(letter["number"]))
        token.write_text(kept)
        self.end()
        done, = self.run_with(0, "deadletters", "redirect", letter["referral"], "--to", "second", "--yes")
        self.assertTrue(done["done"])
        self.assertEqual(self.second.search("Task"), [])
        self.serve()
        self.until("the second clinic has it", lambda: self.second.search("Task"))


if __name__ == "__main__":
    if sys.argv[-1] == "postgres":
        ON_POSTGRES = True
        sys.argv.pop()
    unittest.main()
