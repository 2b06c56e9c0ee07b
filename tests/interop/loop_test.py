# SPDX-License-Identifier: Apache-2.0
"""Whole loops of referrals between a hospital and two clinics whose FHIR servers none of us wrote: signed,
delivered, answered, booked, reported, closed; declined and taken by the second clinic; revoked before and
after booking. Then all of it again, with Meridian killed after every step of a person. In the end nothing of
ours is twice at any server, and no Task at a clinic was written over."""
import base64
import datetime
import json
import tempfile
import unittest

from loop_site import ROOT, Site, until

NOTE = base64.b64encode("Six visits, pain from 6 to 2, exercises at home; señal de alarma: ninguna.".encode()).decode()
CONSULT_NOTE = {"coding": [{"system": "http://loinc.org", "code": "11488-4", "display": "Consult note"}]}
CONCLUSION = "Oswestry from 44 to 22 over the course"
SCORE = {"coding": [{"system": "http://loinc.org", "code": "97909-6"}], "text": "Oswestry Disability Index"}
BSER = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS"


def now(hours=0):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def of(task):
    return f"Task/{task['id']}"


def setUpModule():
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    Loop.site = Site(folder.name)
    unittest.addModuleCleanup(Loop.site.close)
    Loop.site.open()


class Loop(unittest.TestCase):
    site = None
    kills = False
    only_by_search = None  # a type of which the packet has a record that no other refers to

    def did(self):
        """After whatever a person did."""
        if self.kills:
            self.site.kill()

    # The surgeon's side.

    def sign(self, patient):
        self.patient = patient
        self.order = self.site.sign(patient)
        self.did()
        return self.order

    def revoke(self):
        self.site.hospital.change(self.order, lambda order: {**order, "status": "revoked"})
        self.did()

    def tasks(self):
        return self.site.hospital.search("Task", focus=self.order)

    def record(self):
        """All that the surgeon's record says of the referral."""
        said = self.tasks() + self.site.hospital.search("Communication", **{"based-on": self.order})
        return json.dumps(said, ensure_ascii=False)

    def notes(self):
        found = self.site.hospital.search("DocumentReference", related=self.order)
        return [each for each in found for content in each["content"] if content["attachment"].get("data") == NOTE]

    def shows(self, *statuses):
        """The surgeon's Task comes to one of these."""
        until(lambda: [task for task in self.tasks() if task["status"] in statuses],
              lambda: f"{self.patient}: not {statuses}: {self.record()[:1500]} {self.site.log()}")

    # Meridian's.

    def referral(self):
        found = [line for line in self.site.referrals() if line["order"] == self.order]
        self.assertLessEqual(len(found), 1, found)
        return found[0] if found else None

    def stands(self, *states):
        until(lambda: (self.referral() or {}).get("state") in states,
              lambda: f"{self.patient}: not {states}: {self.referral()} {self.site.log()}")

    def told(self, referral):
        """The referral's story, for whoever looks into a failure."""
        return self.site.command("explain", referral)

    # The clinic's side.

    def arrives(self, clinic):
        """The Task at the clinic, with a packet in which everything can be read."""
        referral = until(self.referral, lambda: f"{self.order} is no referral: {self.site.log()}")["id"]
        found = until(lambda: [task for task in clinic.search("Task", identifier=f"{ROOT}referral|{referral}")
                               if task["status"] != "draft"],
                      lambda: f"{self.patient} is not at {clinic.name}: {self.told(referral)} {self.site.log()}")
        task, = found
        order = clinic.read(task["focus"]["reference"])
        self.assertEqual(order["subject"], task["for"])
        self.assertTrue(clinic.read(task["for"]["reference"])["name"])
        self.assertTrue(order["supportingInfo"])
        for each in order["supportingInfo"] + [given["valueReference"] for given in task["input"]
                                               if "valueReference" in given]:
            clinic.read(each["reference"])
        if self.only_by_search:
            self.assertIn(self.only_by_search, {each["reference"].split("/")[0] for each in order["supportingInfo"]},
                          "its history was searched and nothing was found")
        return task

    def says(self, clinic, task, status, code=None, **members):
        def change(current):
            current = {**current, **members, "status": status, "lastModified": now()}
            current.pop("businessStatus", None)
            if code:
                current["businessStatus"] = {"coding": [{"system": BSER, "code": code}]}
            return current
        clinic.change(of(task), change)
        self.did()

    def book(self, clinic, task):
        booked = clinic.done("POST", "Appointment", {
            "resourceType": "Appointment", "status": "booked", "basedOn": [task["focus"]], "start": now(24),
            "end": now(25), "participant": [{"actor": task["for"], "status": "accepted"}]})
        self.says(clinic, task, "in-progress", "5.1.1")
        return booked

    def report(self, clinic, task):
        """A note, a score and a report, as three outputs."""
        about = {"subject": task["for"], "basedOn": [task["focus"]]}
        note = clinic.done("POST", "DocumentReference", {
            "resourceType": "DocumentReference", "status": "current", "docStatus": "final", "type": CONSULT_NOTE,
            "subject": task["for"], "date": now(), "context": {"related": [task["focus"]]},
            "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": NOTE}}]})
        score = clinic.done("POST", "Observation", {
            "resourceType": "Observation", "status": "final", **about, "code": SCORE, "effectiveDateTime": now(),
            "valueQuantity": {"value": 22, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}})
        report = clinic.done("POST", "DiagnosticReport", {
            "resourceType": "DiagnosticReport", "status": "final", **about, "code": SCORE,
            "effectiveDateTime": now(), "result": [{"reference": f"Observation/{score['id']}"}],
            "conclusion": CONCLUSION})
        self.says(clinic, task, "completed", output=[
            {"type": CONSULT_NOTE, "valueReference": {"reference": f"{each['resourceType']}/{each['id']}"}}
            for each in (note, score, report)], executionPeriod={"start": now(-1), "end": now()})

    # What an auditor finds.

    def went(self, clinic, task, *statuses):
        """The clinic's Task was written once by us and then by the clinic alone; a draft is before all."""
        versions = clinic.statuses(of(task))
        self.assertEqual([each for each in versions if each != "draft"], ["requested", *statuses])

    def nothing_twice(self):
        self.assertEqual(self.site.repeated(), [])
        self.assertEqual(len(self.tasks()), 1, self.record())


class Loops(Loop):
    patients = ("okafor", "marchetti", "lindqvist", "osei")

    def test_it_is_closed_with_appointment_and_note_in_the_surgeons_record(self):
        clinic, other = self.site.clinics
        self.sign(self.patients[0])
        # Mr. Okafor's blood thinner stands in his record and in no other record of it.
        self.only_by_search = "MedicationRequest" if self.patient == "okafor" else None
        task = self.arrives(clinic)
        self.says(clinic, task, "accepted", "3.0")
        self.shows("accepted")
        booked = self.book(clinic, task)
        self.stands("scheduled")
        until(lambda: booked["start"][:16] in self.record(), lambda: f"no appointment: {self.record()[:1500]}")
        self.says(clinic, task, "in-progress", "5.1.4")
        self.stands("in_course")
        self.report(clinic, task)
        self.shows("completed")
        self.stands("closed")
        until(self.notes, lambda: f"no note: {self.record()[:1500]} {self.site.log()}")
        self.assertEqual(len(self.notes()), 1)
        until(lambda: CONCLUSION in json.dumps(self.site.hospital.search("DocumentReference", related=self.order))
              or base64.b64encode(CONCLUSION.encode()).decode() in json.dumps(
                  self.site.hospital.search("DocumentReference", related=self.order)), "no report in the record")
        referral = self.referral()["id"]
        self.assertIn('"closed"', self.site.command("referrals", "show", referral))
        self.assertIn("closed", self.site.command("explain", referral))
        self.went(clinic, task, "accepted", "in-progress", "in-progress", "completed")
        self.assertEqual(other.search("Task", identifier=f"{ROOT}referral|{referral}"), [])
        self.nothing_twice()

    def test_declined_it_goes_to_the_second_clinic(self):
        clinic, other = self.site.clinics
        self.sign(self.patients[1])
        task = self.arrives(clinic)
        self.says(clinic, task, "rejected", statusReason={"text": "at capacity until the end of January"})
        second = self.arrives(other)
        self.says(other, second, "accepted", "3.0")
        self.shows("accepted")
        until(lambda: "at capacity" in self.record(), lambda: f"no reason: {self.record()[:1500]}")
        self.report(other, second)
        self.stands("closed")
        until(self.notes, "no note")
        self.went(clinic, task, "rejected")
        self.went(other, second, "accepted", "completed")
        self.nothing_twice()

    def test_revoked_before_it_is_accepted_it_is_cancelled_at_the_clinic(self):
        clinic, _ = self.site.clinics
        self.sign(self.patients[2])
        task = self.arrives(clinic)
        self.revoke()
        until(lambda: clinic.read(of(task))["status"] == "cancelled",
              lambda: f"not cancelled: {self.referral()} {self.site.log()}")
        self.stands("cancelled")
        self.shows("cancelled")
        self.went(clinic, task, "cancelled")
        self.nothing_twice()

    def test_revoked_after_booking_the_clinic_is_asked_and_confirms(self):
        clinic, _ = self.site.clinics
        self.sign(self.patients[3])
        task = self.arrives(clinic)
        self.says(clinic, task, "accepted", "3.0")
        self.shows("accepted")
        self.book(clinic, task)
        self.stands("scheduled")
        self.revoke()
        asked, = until(lambda: clinic.search("Task", focus=of(task)), lambda: f"not asked: {self.site.log()}")
        self.assertEqual(asked["code"]["coding"][0]["code"], "abort")
        self.assertEqual(clinic.read(of(task))["status"], "in-progress")
        self.says(clinic, task, "cancelled")
        clinic.change(of(asked), lambda each: {**each, "status": "completed"})
        self.stands("cancelled")
        self.shows("cancelled")
        self.went(clinic, task, "accepted", "in-progress", "cancelled")
        self.nothing_twice()


class LoopsThatAreKilled(Loops):
    """kill -9 after every step of a person, at any moment of what follows."""
    patients = ("tanaka", "haugen", "whitlock", "wexler")
    kills = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
