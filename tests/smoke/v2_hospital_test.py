# SPDX-License-Identifier: Apache-2.0
"""`meridian serve` and a hospital that orders and is told by HL7 v2: its order reaches a FHIR clinic, and status,
appointment and note come back as HL7 v2. Without FHIR its record number leaves as an identifier and in no other way;
with it, as large EHRs have it, its record is read and nothing is written there."""
import json
import signal
import subprocess
import unittest
import urllib.parse
import urllib.request

from v2_clinic_test import V2Peer, field
from v2_site import PROGRAM, Site, header, order, referral

HOSPITAL = """
[[hospital]]
id = "hospital"
mllp = "127.0.0.1:{}"
mllp_plain = true
"""
FHIR_HOSPITAL = """
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = 3600
"""
OURS = "http://meridian-referral.org/fhir/identifier/"


class FromAV2Hospital(Site):
    def setUp(self):
        self.inbox = V2Peer()
        self.addCleanup(self.inbox.close)
        super().setUp()

    def config(self):
        return super().config().replace(FHIR_HOSPITAL.format(hospital=self.hospital.base),
                                        HOSPITAL.format(self.inbox.port)).replace("poll_seconds = 3600",
                                                                                  "poll_seconds = 0.2")

    def told(self, kind, words):
        """The first message of that kind with the words that the hospital was sent."""
        def look():
            return [message for message in self.inbox.messages
                    if field(message, "MSH-9").startswith(kind) and words in "\n".join(message)]
        return self.until(look, f"no {kind} with {words}: {self.inbox.messages}")[0]

    def sign_off(self, told):
        note = next(segment for segment in told if "/sign-offs/" in segment)
        link = "http" + note.split("http", 1)[1].split()[0]
        form = urllib.parse.urlencode({"rule": "history.not-available", "by": "Dr. Halvard", "role": "surgeon",
                                       "reason": "seen and asked"})
        with urllib.request.urlopen(link, form.encode(), timeout=60) as page:
            self.assertIn("Signed off by", page.read().decode())

    def answer(self, task, status, business, **more):
        task.update(status=status, businessStatus={"coding": [{
            "system": "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS", "code": business}]}, **more)
        self.assertEqual(self.clinic.ask("PUT", f"Task/{task['id']}", task)[0], 200)

    def book(self, task, day):
        self.clinic.put({"resourceType": "Appointment", "id": "visit", "status": "booked", "start": f"{day}T10:00:00Z",
                         "end": f"{day}T11:00:00Z", "basedOn": [task["focus"]],
                         "participant": [{"actor": task["for"], "status": "accepted"}]})
        self.answer(task, "in-progress", "5.1.1")

    def through(self, kind):
        """From the order, no longer held, to the note; `kind` is the message that says the status."""
        task = self.until(lambda: self.clinic.search("Task"), "nothing at the clinic")[0]
        self.answer(task, "accepted", "3.0")
        self.told(kind, ": accepted.")
        task = self.clinic.search("Task")[0]
        self.book(task, "2026-12-10")
        self.assertIn("20261210100000", "".join(self.told("SIU^S12", "Booked")))
        self.book(self.clinic.search("Task")[0], "2026-12-17")
        self.told("SIU^S13", "20261217100000")
        task = self.clinic.search("Task")[0]
        self.answer(task, "completed", "7.0", output=[{"type": {"text": "note"}, "valueString": "Pain 7 to 3."}])
        self.told("MDM^T02", "Pain 7 to 3.")

    def funnel(self, group):
        """How many referrals of a group reached each step."""
        command = [PROGRAM, "funnel", "--config", str(self.folder / "site.toml")]
        def last_step():
            lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
            steps = [row for row in map(json.loads, lines) if row["group"] == group]
            known = [row["reached"] for row in steps if row["step"] != "read"]
            if not known or not known[-1]:
                return []
            # A hospital without FHIR opens no page of ours: nobody can tell whether it was read.
            self.assertEqual((steps[-1]["step"], "reached" in steps[-1], steps[-1]["notKnown"]), ("read", False, 1))
            return known
        return self.until(last_step, f"nothing of {group} is in the record")

    def number_is_an_identifier_alone(self, number):
        for kind in ("Patient", "ServiceRequest", "Condition", "Observation", "Task", "DocumentReference"):
            for resource in self.clinic.search(kind):
                for identifier in resource.get("identifier", []):
                    if identifier["system"].startswith(OURS):
                        self.assertNotIn(number, identifier["value"])
        for file in self.folder.iterdir():
            if file.is_file():
                self.assertNotIn(number.encode(), file.read_bytes(), file)

    def test_a_referral_is_signed_delivered_and_answered_by_rri_siu_and_mdm(self):
        self.assertEqual(self.tell(referral("I-1", "RF-700", "40023", "ABARA^NGOZI")), ["MSA|AA|I-1\r"])
        self.sign_off(self.told("RRI", "/sign-offs/"))
        self.through("RRI")
        self.assertEqual(field(self.told("RRI", ": accepted."), "RF1-6"), "RF-700^EPIC")
        self.number_is_an_identifier_alone("40023")
        self.assertEqual(set(self.funnel("from hospital")), {1})
        self.assertEqual(set(self.funnel("to clinic")), {1})
        self.assertEqual(self.end(signal.SIGTERM), 0)
        self.start()

    def test_an_order_is_answered_by_osu(self):
        self.assertEqual(self.tell(order("G-1", "889342", "40024", "ABARA^CHIKE")), ["MSA|AA|G-1\r"])
        self.sign_off(self.told("OSU", "/sign-offs/"))
        self.through("OSU")
        self.assertEqual(field(self.told("OSU", ": accepted."), "ORC-2"), "889342^EPIC")


class FromAHospitalThatIsReadByFhir(FromAV2Hospital):
    def config(self):
        both = HOSPITAL.format(self.inbox.port) + f'fhir = "{self.hospital.base}"\n'
        return super().config().replace(HOSPITAL.format(self.inbox.port), both)

    def written(self):
        """What the hospital's record has beside what it began with."""
        kinds = ("Task", "Communication", "DocumentReference", "Appointment", "Flag")
        return [resource for kind in kinds for resource in self.hospital.search(kind)]

    def test_a_referral_is_signed_delivered_and_answered_by_rri_siu_and_mdm(self):
        """Its history is in its record: there is nothing to sign."""
        self.assertEqual(self.tell(referral("I-1", "RF-700", "40023", "ABARA^NGOZI")), ["MSA|AA|I-1\r"])
        self.through("RRI")
        self.assertEqual(field(self.told("RRI", ": accepted."), "RF1-6"), "RF-700^EPIC")
        conditions = [condition["code"]["coding"][0]["code"] for condition in self.clinic.search("Condition")]
        self.assertIn("M51.369", conditions, "what only the record knew is in the packet")
        self.assertEqual(self.written(), [])

    def test_an_order_is_answered_by_osu(self):
        """The order stands in the record too, and is sent once."""
        self.hospital.put({"resourceType": "ServiceRequest", "id": "same", "status": "active", "intent": "order",
                           "identifier": [{"type": {"coding": [{"code": "PLAC"}]}, "value": "889342"}],
                           "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44868003"}]},
                           "subject": {"reference": "Patient/p2"}})
        self.assertEqual(self.tell(order("G-1", "889342", "40024", "ABARA^CHIKE")), ["MSA|AA|G-1\r"])
        self.through("OSU")
        self.assertEqual(field(self.told("OSU", ": accepted."), "ORC-2"), "889342^EPIC")
        self.assertEqual(len(self.clinic.search("Task")), 1)
        self.assertEqual(self.written(), [])


if __name__ == "__main__":
    unittest.main()
