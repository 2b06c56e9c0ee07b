# SPDX-License-Identifier: Apache-2.0
"""A hospital, a clinic, a pager and the people at them, around one `meridian serve`.

The people act on what their own system shows, one step at a time, so that a story can go on with
another `meridian serve` where the one before was killed.
"""
import base64
import collections
import http.client
import http.server
import itertools
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request

from fhir_peer import FhirPeer, patients

PROGRAM = os.environ.get("MERIDIAN_PROGRAM", "")
PATIENCE = 180  # seconds for a story that takes about two on an idle machine
DELIVERED = "ServiceRequest/sr-okafor-acupuncture"
EMERGENCY = "ServiceRequest/sr-kowalczyk-acupuncture"
NOTE = base64.b64encode(b"Six visits done, pain from 6 to 2, discharged with exercises.").decode()

KINDS = ("Task", "ServiceRequest", "Patient", "Condition", "Observation", "Procedure", "MedicationRequest",
         "DiagnosticReport", "DocumentReference", "Communication", "Coverage", "Practitioner", "Organization",
         "QuestionnaireResponse", "AllergyIntolerance", "Encounter")

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "{listen}"
[delivery]
first_retry_seconds = 0.05
longest_retry_seconds = 0.2
lease_seconds = 1
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = 0.2
[[clinic]]
id = "clinic"
fhir = "{clinic}"
poll_seconds = 0.2
[[contact]]
name = "Spine surgeon on call"
pager = "{pager}"
"""

_addresses = itertools.count(1)


def free_address():
    """A loopback address that no other story of this or another process has, with a free port on it.
    A restarted runtime must listen where the one before did: links to it were sent."""
    number = next(_addresses)
    host = f"127.{1 + os.getpid() % 250}.{number // 250}.{1 + number % 250}"
    with socket.create_server((host, 0)) as listener:
        return f"{host}:{listener.getsockname()[1]}"


class Pager:
    """Takes alerts; the same key again is the same alert."""

    def __init__(self):
        self.alerts = {}
        pager = self

        class Door(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                alert = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                pager.alerts[self.headers["Idempotency-Key"]] = alert
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/page"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Town:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.hospital = FhirPeer("--data", patients(folder, "okafor", "kowalczyk"))
        self.clinic = FhirPeer()
        self.pager = Pager()
        self.address = free_address()
        self.acknowledged = set()
        self.meridian = None
        self.runs = 0
        (self.folder / "site.toml").write_text(CONFIG.format(
            listen=self.address, hospital=self.hospital.base, clinic=self.clinic.base, pager=self.pager.url))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.meridian and self.meridian.poll() is None:
            self.meridian.kill()
            self.meridian.wait()
        for peer in (self.hospital, self.clinic, self.pager):
            peer.close()

    def serve(self, environment=None):
        self.runs += 1
        with open(self.folder / f"log{self.runs}", "w") as log:
            self.meridian = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / "site.toml"],
                                             env=environment, stdout=log, stderr=log)

    def stop(self):
        """Asks the runtime to end. Its exit status."""
        self.meridian.send_signal(signal.SIGTERM)
        return self.meridian.wait(PATIENCE)

    def log(self):
        return (self.folder / f"log{self.runs}").read_text()

    # What the people do: each step looks first, and does at most one thing.

    def hospital_task(self, order):
        tasks = self.hospital.search(f"Task?focus={order}")
        return tasks[0] if tasks else {}

    def clinic_acts(self):
        for task in self.clinic.search("Task"):
            if task["status"] == "requested":
                self.clinic.put({**task, "status": "accepted"})
            elif task["status"] == "accepted" and self.hospital_task(DELIVERED).get("status") == "accepted":
                self.finish(task)

    def finish(self, task):
        notes = self.notes(self.clinic, task["focus"]["reference"])
        if not notes:
            _, note = self.clinic.ask("POST", "DocumentReference", {
                "resourceType": "DocumentReference", "status": "current", "docStatus": "final",
                "type": {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]},
                "subject": task["for"], "context": {"related": [task["focus"]]},
                "content": [{"attachment": {"contentType": "text/plain", "data": NOTE}}]})
            notes = [note]
        output = {"type": {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]},
                  "valueReference": {"reference": f"DocumentReference/{notes[0]['id']}"}}
        self.clinic.put({**task, "status": "completed", "output": [output]})

    def contact_acts(self):
        for key, alert in list(self.pager.alerts.items()):
            if key not in self.acknowledged and self.post(alert["acknowledge"], "by=Dr.+Halvorsen"):
                self.acknowledged.add(key)

    def post(self, url, form):
        try:
            with urllib.request.urlopen(url, form.encode(), timeout=10) as answer:
                return answer.status == 200
        except (OSError, http.client.HTTPException):
            return False

    def status_page(self):
        try:
            with urllib.request.urlopen(f"http://{self.address}/", timeout=10) as answer:
                return answer.read().decode()
        except (OSError, http.client.HTTPException):
            return ""

    @staticmethod
    def notes(system, order):
        """The clinic's note about an order, as a system has it."""
        return [document for document in system.search(f"DocumentReference?related={order}")
                if any(content["attachment"].get("data") == NOTE for content in document["content"])]

    def is_over(self):
        return (self.hospital_task(DELIVERED).get("status") == "completed" and self.notes(self.hospital, DELIVERED)
                and self.hospital_task(EMERGENCY) and self.acknowledged
                and re.search(r"\b0 deliveries waiting", self.status_page()))

    def live(self):
        """Lets the people act until the story is over, or the runtime ended. True when it is over."""
        ends = time.monotonic() + PATIENCE
        while self.meridian.poll() is None:
            self.clinic_acts()
            self.contact_acts()
            if self.is_over():
                return True
            if time.monotonic() > ends:
                raise RuntimeError(f"the story does not end: {self.where_it_stands()}")
            time.sleep(0.02)  # between two looks at the systems
        return False

    def where_it_stands(self):
        return {"hospital": self.hospital_task(DELIVERED).get("status"),
                "notes": len(self.notes(self.hospital, DELIVERED)),
                "emergency": self.hospital_task(EMERGENCY).get("status"),
                "alerts": len(self.pager.alerts), "acknowledged": len(self.acknowledged),
                "page": re.sub(r"<style>.*</style>|<[^>]*>", " ", self.status_page())[-600:], "log": self.log()[-1500:]}

    # What an auditor finds afterwards.

    def census(self):
        """How many resources of each type are at the clinic and, of ours, at the hospital."""
        counts = collections.Counter({f"clinic {kind}": len(self.clinic.search(kind)) for kind in KINDS})
        counts["hospital Task"] = len(self.hospital.search("Task"))
        counts["hospital note"] = len(self.notes(self.hospital, DELIVERED))
        return counts

    def repeated(self):
        """Identifiers of ours that more than one resource of a type carries, at either end."""
        carried = collections.Counter()
        for place, system in (("hospital", self.hospital), ("clinic", self.clinic)):
            for kind in KINDS:
                for resource in system.search(kind):
                    given = resource.get("identifier", [])
                    for identifier in given if isinstance(given, list) else [given]:
                        if "meridian" in identifier.get("system", ""):
                            carried[f"{place} {kind} {identifier['value']}"] += 1
        return [name for name, times in carried.items() if times > 1]
