# SPDX-License-Identifier: Apache-2.0
"""One in a hundred messages is lost, doubled or overtaken, and one in a hundred records is forgotten by
its server or left out of a search. After reconciliation everybody says the same of every referral.

A hospital, three clinics and one `meridian serve` between them; people order and answer at their own
systems. What is compared in the end: the state in Meridian, the Task at the clinic, the Task at the
hospital, and the note where there is one.

usage: chaos_test.py ORDERS [SEED]
"""
import collections
import contextlib
import datetime
import json
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

from fhir_peer import SANDBOX_DATA, FhirPeer, filled, patients
from town import NOTE, PROGRAM, free_address
from unreliable import UnreliableWay

ORDERS = 300
SEED = 20261127
RATE = 0.01
CLINICS = ("quiet-river", "still-water", "north-gate")
BACKLOG = 300  # orders that are on their way at the same time
SETTLE = 2  # seconds; the site's setting, as nobody waits five minutes here
PAUSE = 0.2  # between two looks
STUCK = 120  # seconds without any change
REFERRAL = "http://meridian-referral.org/fhir/identifier/referral"
KEPT = ("Patient", "Coverage", "Condition", "QuestionnaireResponse", "ServiceRequest")
NOTE_TYPE = {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]}

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "{listen}"
[reconcile]
at = "never"
settle_seconds = {settle}
[delivery]
first_retry_seconds = 0.1
longest_retry_seconds = 1
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = 1
"""
CLINIC = """
[[clinic]]
id = "{id}"
fhir = "{fhir}"
poll_seconds = 1
capacity_per_week = {share}
"""

# What the clinic's Task says, and what may then stand in Meridian and at the hospital.
AGREE = {
    "requested": (("delivered",), ("requested", "received")),
    "accepted": (("accepted",), ("accepted",)),
    "in-progress": (("scheduled", "in_course"), ("in-progress", "accepted")),
    "completed": (("closed",), ("completed",)),
    "rejected": (("declined",), ("rejected", "requested", "on-hold", "failed")),
}


def without(value, gone):
    """A resource without what refers to resources that are left out."""
    if isinstance(value, list):
        return [made for made in (without(each, gone) for each in value) if made is not None]
    if not isinstance(value, dict):
        return value
    if value.get("reference") in gone:
        return None
    members = {name: without(each, gone) for name, each in value.items()}
    return {name: each for name, each in members.items() if each is not None and each != []}


class Surgeons:
    """Order for one patient after the other; each is like Mr. Okafor."""

    def __init__(self, hospital):
        self.hospital = hospital
        self.text = (SANDBOX_DATA / "hospital" / "okafor.json").read_text()

    def record(self, number):
        """A transaction with the patient's record and the order."""
        text = self.text.replace("okafor", f"okafor-{number}")
        for name in ("TR-1048213", "TR-ORD-48210031", "1EG4TE5MK73"):
            text = text.replace(name, f"{name}-{number}")
        bundle = json.loads(filled(text))
        entries = bundle["entry"]
        gone = {f"{entry['resource']['resourceType']}/{entry['resource']['id']}" for entry in entries
                if entry["resource"]["resourceType"] not in KEPT}
        bundle["entry"] = [{**entry, "resource": without(entry["resource"], gone)} for entry in entries
                           if entry["resource"]["resourceType"] in KEPT]
        return bundle

    def order(self, number):
        status, answer = self.hospital.ask("POST", "", self.record(number))
        if status != 200:
            raise RuntimeError(f"the hospital does not take its own record: {status} {answer}")


class Clinic(FhirPeer):
    """A clinic's server and the people at it, who do not know of any trouble on the way."""

    def __init__(self, name):
        super().__init__()
        self.name = name
        self.chance = random.Random(f"{SEED} {name}")
        self.acts = 0

    def work(self):
        """Takes some of what is open one step on. The number of steps."""
        steps = 0
        for status, share in (("in-progress", 0.5), ("accepted", 0.5), ("requested", 0.6)):
            for task in self.search(f"Task?status={status}&_count=500"):
                fate = random.Random(f"{SEED} {task['id']} {self.name}").random()
                if self.is_ours(task) and self.chance.random() < share:
                    with contextlib.suppress(RuntimeError):  # its server forgot it meanwhile
                        steps += self.step(task, fate)
        self.acts += steps
        return steps

    @staticmethod
    def is_ours(task):
        return any(each.get("system") == REFERRAL for each in task.get("identifier", []))

    def step(self, task, fate):
        """`fate` says how far this one comes: from 0, left alone, to 1, all the way."""
        status = task["status"]
        if status == "requested" and 0.05 <= fate < 0.10:
            self.put({**task, "status": "rejected", "statusReason": {"text": "no free place"}})
        elif status == "requested" and fate >= 0.10:
            self.put({**task, "status": "accepted"})
        elif status == "accepted" and fate >= 0.20:
            self.book(task)
        elif status == "in-progress" and fate >= 0.40:
            self.complete(task)
        else:
            return 0
        return 1

    def book(self, task):
        start = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        self.ask("POST", "Appointment", {
            "resourceType": "Appointment", "status": "booked", "basedOn": [task["focus"]],
            "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "end": (start + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "participant": [{"actor": task["for"], "status": "accepted"}]})
        self.put({**task, "status": "in-progress", "businessStatus": {"coding": [
            {"system": "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS", "code": "5.1.1"}]}})

    def complete(self, task):
        _, note = self.ask("POST", "DocumentReference", {
            "resourceType": "DocumentReference", "status": "current", "docStatus": "final", "type": NOTE_TYPE,
            "subject": task["for"], "context": {"related": [task["focus"]]},
            "content": [{"attachment": {"contentType": "text/plain", "data": NOTE}}]})
        done = {**task, "status": "completed", "output": [
            {"type": NOTE_TYPE, "valueReference": {"reference": f"DocumentReference/{note['id']}"}}]}
        done.pop("businessStatus", None)
        self.put(done)


class Chaos(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.hospital = self.kept(FhirPeer("--data", patients(folder.name)))
        self.clinics = {name: self.kept(Clinic(name)) for name in CLINICS}
        self.ways = {name: self.kept(UnreliableWay(peer.base, f"{SEED} {name}", RATE))
                     for name, peer in (("hospital", self.hospital), *self.clinics.items())}
        self.address = free_address()
        text = CONFIG.format(listen=self.address, settle=SETTLE, hospital=self.ways["hospital"].base)
        text += "".join(CLINIC.format(id=name, fhir=self.ways[name].base, share=ORDERS // 3 + 1)
                        for name in CLINICS)
        self.site = self.folder / "site.toml"
        self.site.write_text(text)
        log = open(self.folder / "log", "w", encoding="utf-8")
        self.addCleanup(log.close)
        self.meridian = subprocess.Popen([PROGRAM, "serve", "--config", self.site], stdout=log, stderr=log)
        self.addCleanup(self.end)

    def kept(self, part):
        self.addCleanup(part.close)
        return part

    def end(self):
        if self.meridian.poll() is None:
            self.meridian.send_signal(signal.SIGTERM)
            self.meridian.wait(60)

    def check_runtime(self):
        self.assertIsNone(self.meridian.poll(), (self.folder / "log").read_text()[-2000:])

    # What Meridian says.

    def run_command(self, *arguments):
        done = subprocess.run([PROGRAM, *arguments, "--config", self.site], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-1500:] + done.stderr[-1500:])
        return [json.loads(line) for line in done.stdout.splitlines()]

    def page(self, path=""):
        try:
            with urllib.request.urlopen(f"http://{self.address}/{path}", timeout=60) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def metric(self, name):
        found = re.search(rf"^{name}(?:\{{[^}}]*\}})? ([\d.e+]+)$", self.page("metrics"), re.M)
        self.assertIsNotNone(found, name)
        return float(found.group(1))

    def waiting(self):
        found = re.search(r"\b(\d+) deliveries waiting, (\d+) ambiguous", self.page())
        return int(found.group(1)) + int(found.group(2)) if found else None

    def count(self):
        found = re.search(r"\b(\d+) referrals,", self.page())
        return int(found.group(1)) if found else 0

    def drain(self):
        """Until nothing waits and nothing changes: four polls of every system one after the other. Not when
        nothing changes any more and something still waits."""
        before, quiet, changed = None, 0, time.monotonic()
        while quiet < 4:
            self.check_runtime()
            page = re.sub(r"\b\d+ (min|h|d)\b", "", re.sub(r"<[^>]*>", " ", self.page()))  # ages tick by themselves
            now = (self.waiting(), hash(page))
            quiet = quiet + 1 if now == before and now[0] == 0 else 0
            if now != before:
                before, changed = now, time.monotonic()
            self.assertLess(time.monotonic() - changed, STUCK, f"it does not drain: {page[-400:]}")
            time.sleep(1.2)

    # The story.

    def people_live(self):
        self.over = False
        failed = []

        def staff(clinic):
            quiet = 0
            try:
                while not self.over or quiet < 5:
                    begun = time.monotonic()
                    quiet = 0 if clinic.work() else quiet + 1
                    time.sleep(max(PAUSE, 4 * (time.monotonic() - begun)))  # a look at thousands costs much
            except Exception as problem:  # pylint: disable=broad-except
                failed.append(f"{clinic.name}: {problem!r}")

        threads = [threading.Thread(target=staff, args=(clinic,)) for clinic in self.clinics.values()]
        for thread in threads:
            thread.start()
        try:
            surgeons = Surgeons(self.hospital)
            for number in range(ORDERS):
                while number % 20 == 0 and number - self.count() > BACKLOG + 2 * RATE * number:
                    self.check_runtime()
                    time.sleep(PAUSE)
                surgeons.order(number)
            self.drain()
        finally:
            self.over = True
            for thread in threads:
                thread.join()
        self.assertEqual(failed, [])

    def truth(self):
        """By order: what differs, in words."""
        shown = collections.defaultdict(list)
        for task in self.hospital.search("Task?_count=500"):
            shown[task.get("focus", {}).get("reference")].append(task)
        notes = collections.Counter(related["reference"] for document in self.hospital.search(
            "DocumentReference?_count=500") if any(
                content["attachment"].get("data") == NOTE for content in document["content"])
            for related in document.get("context", {}).get("related", []))
        sent = collections.defaultdict(lambda: collections.defaultdict(list))
        for name, clinic in self.clinics.items():
            for task in clinic.search("Task?_count=500"):
                for each in task.get("identifier", []):
                    if each.get("system") == REFERRAL:
                        sent[each["value"]][name].append(task)
        ours = collections.defaultdict(list)
        for line in self.run_command("referrals"):
            ours[line["order"]].append(line)
        wrong = {}
        for number in range(ORDERS):
            order = f"ServiceRequest/sr-okafor-{number}-acupuncture"
            if said := self.differs(ours[order], shown[order], notes[order], sent):
                wrong[order] = said
        return wrong, ours

    @staticmethod
    def differs(referrals, shown, notes, sent):
        if len(referrals) != 1:
            return f"{len(referrals)} referrals"
        referral, = referrals
        tasks = sent[referral["id"]]
        doubled = [name for name, each in tasks.items() if len(each) > 1]
        if doubled:
            return f"more than one Task at {doubled}"
        if len(shown) != 1:
            return f"{len(shown)} Tasks at the hospital, {referral['state']}"
        at_clinic = tasks.get(referral["destination"])
        if not at_clinic:
            return f"no Task at {referral['destination']}, {referral['state']}"
        says = at_clinic[0]["status"]
        states, hospital = AGREE.get(says, ((), ()))
        if referral["state"] not in states or shown[0]["status"] not in hospital:
            return f"clinic {says}, Meridian {referral['state']}, hospital {shown[0]['status']}"
        if (says == "completed") != (notes == 1):
            return f"{says}, {notes} notes"
        return None

    def forget_late(self):
        """The servers restore their backups. The Tasks on which people had worked, as name and id."""
        answered = set()

        def forget(clinic, reference):
            status, task = clinic.ask("GET", reference)
            # What is over stands in the surgeon's record: nothing is asked about it any more.
            if status == 200 and task["status"] not in ("completed", "rejected"):
                clinic.ask("DELETE", reference)
                referral = next(each["value"] for each in task["identifier"] if each["system"] == REFERRAL)
                answered.add((referral, task["status"]))

        for name, clinic in self.clinics.items():
            for reference in self.ways[name].vanish_later:
                forget(clinic, reference)
        for clinic in self.clinics.values():  # of few orders chance may have chosen none
            for task in clinic.search("Task?_count=500"):
                if not answered and any(each.get("system") == REFERRAL for each in task.get("identifier", [])):
                    forget(clinic, f"Task/{task['id']}")
        for reference in self.ways["hospital"].vanish_later:
            self.hospital.ask("DELETE", reference)
        return answered

    def reconcile(self):
        """Until there is nothing more that is safe; what is left to a person, as referral and peer."""
        for _ in range(5):
            time.sleep(SETTLE + 0.5)
            begun = time.monotonic()
            found = self.run_command("reconcile", "--yes")[0]
            found = found.get("found", found)
            took = time.monotonic() - begun
            print(f"reconcile: {took:.1f} s, "
                  f"news {[(each['peer'], each['news']) for each in found['peers']]}, differing {found['differing']},"
                  f" {dict(collections.Counter((e['standing'], e['done']) for e in found['differences']))}", flush=True)
            self.assertEqual([each for each in found["peers"] if "failed" in each], [])
            self.drain()
            left = {(each["referral"], each["peer"]) for each in found["differences"]
                    if each["done"] == "left to a person"}
            if not any(each["news"] for each in found["peers"]) and len(left) == found["differing"]:
                return left
        self.fail("reconciliation comes to no end")

    def test_after_reconciliation_everybody_says_the_same(self):
        begun = time.monotonic()
        self.people_live()
        for way in self.ways.values():
            way.honest = True
        self.drain()
        took = time.monotonic() - begun
        answered = self.forget_late()
        faults = sum((way.faults for way in self.ways.values()), collections.Counter())
        hidden = sum(len(way.hidden) for way in self.ways.values())
        requests = sum(way.requests for way in self.ways.values())
        print(f"{ORDERS} orders in {took:.0f} s, {requests} requests of Meridian's; {dict(faults)},"
              f" {hidden} changes hidden, {len(answered)} Tasks forgotten later; {sum(c.acts for c in self.clinics.values())}"
              " steps of people", flush=True)
        before, _ = self.truth()
        print(f"before: {len(before)} differ: {list(before.values())[:8]}", flush=True)
        self.assertTrue(before, "nothing differed: this shows nothing")
        left = self.reconcile()
        after, ours = self.truth()
        by_referral = {line["id"]: line for lines in ours.values() for line in lines}
        unexpected = {order: said for order, said in after.items()
                      if not ours[order] or ours[order][0]["id"] not in {referral for referral, _ in left}}
        print(f"after: {len(after)} differ, {len(left)} left to a person; states"
              f" {dict(collections.Counter(line['state'] for line in by_referral.values()))}", flush=True)
        self.assertEqual(unexpected, {})
        # A clinic that forgot a referral it had answered: its people must say what they still know.
        self.assertEqual({referral for referral, _ in left},
                         {referral for referral, status in answered if status != "requested"})
        self.assertEqual(self.metric("meridian_referrals_unguarded"), 0)
        self.assertIn(" 0 ambiguous", self.page())
        for line in by_referral.values():
            if line["state"] not in ("closed", "cancelled", "lapsed", "lost", "entered_in_error"):
                self.assertTrue(line["owner"] and line["worklist"], line)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        ORDERS = int(sys.argv.pop(1))
    if len(sys.argv) > 1:
        SEED = int(sys.argv.pop(1))
    unittest.main()
