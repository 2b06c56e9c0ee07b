# SPDX-License-Identifier: Apache-2.0
"""A hospital and two clinics on FHIR servers that none of us wrote, the people at them, and one
`meridian serve` between them that may be killed whenever one of them has done something."""
import contextlib
import json
import os
import pathlib
import random
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from fhir_peer import SANDBOX_DATA, filled

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
PATIENCE = 240  # seconds
ROOT = "http://meridian-referral.org/fhir/identifier/"
KINDS = ("Task", "ServiceRequest", "Patient", "Condition", "Observation", "Procedure", "MedicationRequest",
         "DiagnosticReport", "DocumentReference", "Communication", "Coverage", "Practitioner", "PractitionerRole",
         "Organization", "QuestionnaireResponse", "AllergyIntolerance", "Encounter", "DetectedIssue", "Appointment")
DIALECTS = {"start-hapi": "r4", "start-fhir-mem": "medplum"}

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
[delivery]
first_retry_seconds = 0.2
longest_retry_seconds = 1
lease_seconds = 10
[reconcile]
at = "never"
settle_seconds = 0
[[contact]]
name = "Spine surgeon on call"
pager = "http://127.0.0.1:9/"
"""
PEER = """
[[{role}]]
id = "{id}"
fhir = "{base}"
dialect = "{dialect}"
poll_seconds = 0.5
"""
IN_ORDER = "capacity_per_week = 10000\n"  # so large that no share of it is taken: the first clinic is offered first


def until(look, what):
    """What `look` finds, when it finds something. `what` is a text, or says one."""
    ends = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > ends:
            raise AssertionError(what() if callable(what) else what)
        time.sleep(0.1)  # between two looks
    return found


class Server:
    """One that with-server started, and requests to it."""

    def __init__(self, role, name, started):
        start, work = started.split(":", 1)
        work = pathlib.Path(work)
        self.role, self.name, self.dialect = role, name, DIALECTS[start]
        self.base = (work / "address").read_text().strip()
        self.ca = work / "ca.pem" if (work / "ca.pem").exists() else None
        self.context = ssl.create_default_context(cafile=self.ca) if self.ca else None

    def table(self):
        text = PEER.format(role=self.role, id=self.name, base=self.base, dialect=self.dialect)
        text += f'ca_file = "{self.ca}"\n' if self.ca else ""
        return text + (IN_ORDER if self.role == "clinic" else "")

    def ask(self, method, path, resource=None, if_match=None):
        """Status and parsed body."""
        url = path if path.startswith(self.base) else f"{self.base}/{path}".rstrip("/")
        headers = {"Content-Type": "application/fhir+json", "Cache-Control": "no-cache"}
        if if_match:
            headers["If-Match"] = if_match
        body = None if resource is None else json.dumps(resource).encode()
        request = urllib.request.Request(url, body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60, context=self.context) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            with contextlib.suppress(ValueError):
                return refusal.code, json.loads(refusal.read())
            return refusal.code, None

    def done(self, method, path, resource=None, if_match=None):
        """What a request gave that must succeed."""
        status, answer = self.ask(method, path, resource, if_match)
        if status not in (200, 201):
            raise AssertionError(f"{self.name}: {method} {path}: {status} {json.dumps(answer)[:600]}")
        return answer

    def search(self, kind, **params):
        """All matches, page by page."""
        path, found = f"{kind}?{urllib.parse.urlencode({**params, '_count': 200})}", []
        while path:
            bundle = self.done("GET", path)
            found += [entry["resource"] for entry in bundle.get("entry", [])
                      if entry.get("search", {}).get("mode") != "outcome"]
            path = next((link["url"] for link in bundle.get("link", []) if link["relation"] == "next"), None)
        return found

    def read(self, reference):
        return self.done("GET", reference)

    def statuses(self, reference):
        """Of all versions, the oldest first."""
        bundle = self.done("GET", f"{reference}/_history")
        versions = [entry["resource"] for entry in bundle["entry"]]
        return [each["status"] for each in sorted(versions, key=lambda each: each["meta"]["lastUpdated"])]

    def change(self, reference, change):
        """One version on from what is there now, as a person's software does it."""
        for _ in range(10):
            current = self.read(reference)
            version = f'W/"{current["meta"]["versionId"]}"'
            status, answer = self.ask("PUT", reference, change(current), version)
            if status in (200, 201):
                return answer
            if status not in (409, 412):
                raise AssertionError(f"{self.name}: PUT {reference}: {status} {json.dumps(answer)[:600]}")
        raise AssertionError(f"{self.name}: {reference} keeps changing")

    def take_in(self, text, known):
        """Resources of the sandbox's data, under ids of this server's own; `known` gets them."""
        given = json.loads(filled(text))["entry"]
        urns = {}
        for entry in given:
            name = f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
            urns[name] = urns[entry.get("fullUrl", name)] = f"urn:uuid:{uuid.uuid4()}"

        def renamed(value):
            if isinstance(value, list):
                return [renamed(each) for each in value]
            if not isinstance(value, dict):
                return value
            made = {name: renamed(each) for name, each in value.items()}
            if isinstance(reference := made.get("reference"), str):
                made["reference"] = urns.get(reference) or known.get(reference, reference)
            return made

        names, entries = [], []
        for each in (entry["resource"] for entry in given):
            names.append(f"{each['resourceType']}/{each.pop('id')}")
            entries.append({"fullUrl": urns[names[-1]], "resource": renamed(each),
                            "request": {"method": "POST", "url": each["resourceType"]}})
        answer = self.done("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
        for name, entry in zip(names, answer["entry"]):
            location = entry["response"]["location"].split("/_history/")[0]
            known[name] = "/".join(location.split("/")[-2:])


class Site:
    """The three servers, and Meridian."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        started = os.environ["MERIDIAN_INTEROP_SERVERS"].splitlines()
        self.hospital = Server("hospital", "hospital", started[0])
        self.clinics = [Server("clinic", name, each) for name, each in zip(("first", "second"), started[1:])]
        self.known = {}  # at the hospital: the sandbox's references to its own
        self.chance = random.Random(20261127)
        self.process, self.runs = None, 0
        text = CONFIG + "".join(each.table() for each in (self.hospital, *self.clinics))
        (self.folder / "site.toml").write_text(text)

    def open(self):
        self.hospital.take_in((SANDBOX_DATA / "hospital" / "00-shared.json").read_text(), self.known)
        self.serve()
        until((self.folder / "site.db").exists, lambda: f"no database: {self.log()}")

    def serve(self):
        self.runs += 1
        with open(self.folder / f"log{self.runs}", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / "site.toml"],
                                            stdout=log, stderr=log)

    def kill(self):
        """At any moment of what follows from what was just done; then it is started again."""
        time.sleep(self.chance.random() * 1.5)
        self.process.kill()
        self.process.wait()
        self.serve()

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def log(self):
        return (self.folder / f"log{self.runs}").read_text()[-1500:]

    def command(self, *arguments):
        done = subprocess.run([PROGRAM, *arguments, "--config", self.folder / "site.toml"], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, check=False, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.stdout[-800:]}{done.stderr[-800:]}")
        return done.stdout

    def referrals(self):
        if self.process.poll() is not None:
            raise AssertionError(f"meridian ended: {self.log()}")
        return [json.loads(line) for line in self.command("referrals").splitlines()]

    def sign(self, patient):
        """The surgeon signs the order that is in a patient's record of the sandbox's. Its reference."""
        self.hospital.take_in((SANDBOX_DATA / "hospital" / f"{patient}.json").read_text(), self.known)
        return self.known[f"ServiceRequest/sr-{patient}-acupuncture"]

    def repeated(self):
        """Identifiers of ours that more than one resource of a type carries, at each server."""
        twice = []
        for server in (self.hospital, *self.clinics):
            for kind in KINDS:
                carried = {}
                for resource in server.search(kind):
                    given = resource.get("identifier", [])
                    for each in given if isinstance(given, list) else [given]:
                        if each.get("system", "").startswith(ROOT):
                            name = f"{server.name} {kind} {each['system']} {each['value']}"
                            carried.setdefault(name, []).append(resource["id"])
                twice += [f"{name}: {ids}" for name, ids in carried.items() if len(ids) > 1]
        return twice

