# SPDX-License-Identifier: Apache-2.0
"""A site whose `meridian serve` hears HL7 v2 by MLLP: its hospital's FHIR record, its clinic, messages for it."""
import datetime
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from fhir_peer import FhirPeer

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
PATIENCE = 120  # seconds
SCREENING = "http://meridian-referral.org/fhir/CodeSystem/screening-question"
QUESTIONS = pathlib.Path(__file__).resolve().parents[2] / "fhir-profiles" / "rules" / "screening.json"
START, END = b"\x0b", b"\x1c\r"

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
[hl7v2]
authorities = ["STLUKE=https://stlukes.example/mrn"]
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = {poll}
[[contact]]
name = "Spine surgeon on call"
pager = "http://127.0.0.1:9/"
[[mllp]]
listen = "127.0.0.1:0"
source = "hospital"
max_per_peer = {connections}
[delivery]
lease_seconds = {lease}
"""
FHIR_CLINIC = """
[[clinic]]
id = "clinic"
fhir = "{}"
poll_seconds = 3600
"""


def stamp():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M%S+0000")


def header(kind, number):
    return f"MSH|^~\\&|EPIC|STLUKE|MERIDIAN|STLUKE|{stamp()}||{kind}|{number}|P|2.5.1"


def patient(number, name):
    return f"PID|1||{number}^^^STLUKE^MR||{name}||19850505|M"


def no_to_all():
    """A row for each screening question that a man is asked."""
    questions = json.loads(QUESTIONS.read_text())["questions"]
    asked = [question["id"] for question in questions if question.get("gender") != "female"]
    return [f"OBX|{row}|CWE|{question}^^{SCREENING}||N^No^HL70136||||||F|||{stamp()}"
            for row, question in enumerate(asked, 1)]


def referral(control, number, mrn, name):
    """REF^I12: what a referral system sends."""
    return [header("REF^I12^REF_I12", control), f"RF1|P|R|ACU^Acupuncture^L|RP|O|{number}^EPIC|{stamp()[:8]}",
            "PRD|RP|HOLM^BRITT^^^^DR|||^WPN^PH^^^515^5550100||1093817465^NPI", patient(mrn, name),
            "DG1|1||M54.59^Other low back pain^I10||20260901|F", *no_to_all()]


def order(control, number, mrn, name):
    """OMG^O19: what an order entry sends."""
    return [header("OMG^O19^OMG_O19", control), patient(mrn, name), f"ORC|NW|{number}^EPIC|||||||{stamp()}",
            f"OBR|1|{number}^EPIC||44868003^Acupuncture^SCT", "DG1|1||M54.59^Other low back pain^I10||20260901|F",
            *no_to_all()]


class Site(unittest.TestCase):
    poll_seconds = 3600  # what happens is the messages' doing
    lease_seconds = 2
    connections = 16  # from one address

    def hospital_options(self):
        """Options of the hospital's server: which records it begins with."""
        return []

    def clinic_table(self):
        """The [[clinic]] of the configuration."""
        return FHIR_CLINIC.format(self.clinic.base)

    def config(self):
        own = CONFIG.format(hospital=self.hospital.base, poll=self.poll_seconds, lease=self.lease_seconds,
                            connections=self.connections)
        return own + self.clinic_table()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.hospital = FhirPeer(*self.hospital_options())
        self.addCleanup(self.hospital.close)
        self.clinic = FhirPeer()
        self.addCleanup(self.clinic.close)
        for number, mrn in ((1, "40023"), (2, "40024")):
            self.hospital.put({"resourceType": "Patient", "id": f"p{number}", "gender": "male",
                               "birthDate": "1985-05-05", "name": [{"family": "Abara"}],
                               "identifier": [{"system": "https://stlukes.example/mrn", "value": mrn}]})
            self.hospital.put({"resourceType": "Condition", "id": f"c{number}",
                               "subject": {"reference": f"Patient/p{number}"},
                               "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M51.369"}]},
                               "onsetDateTime": "2026-08-01"})
        (self.folder / "site.toml").write_text(self.config())
        self.start()
        self.addCleanup(self.end, signal.SIGTERM)

    def start(self):
        with open(self.folder / "log", "a") as log:
            self.serve = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / "site.toml"],
                                          stdout=subprocess.PIPE, stderr=log, text=True)
        said = self.serve.stdout.readline()
        if not said:
            raise RuntimeError((self.folder / "log").read_text())
        self.url = json.loads(said)["url"]
        self.ports = [int(address.rsplit(":", 1)[1]) for address in json.loads(said)["mllp"]]
        self.port = self.ports[0]

    def end(self, with_signal):
        self.serve.send_signal(with_signal)
        status = self.serve.wait(PATIENCE)
        self.serve.stdout.close()
        return status

    def tell(self, *messages):
        """The acknowledgements, from MSA on, of messages that one connection brings."""
        answers = []
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            for message in messages:
                line.sendall(START + "\r".join([*message, ""]).encode() + END)
                answer = b""
                while not answer.endswith(END):
                    more = line.recv(4096)
                    if not more:
                        raise RuntimeError(f"the line ended after {answer!r}")
                    answer += more
                answers.append(answer[answer.index(b"MSA"):-len(END)].decode())
        return answers

    def until(self, look, what):
        """What `look` finds, when it finds something."""
        ends = time.monotonic() + PATIENCE
        while not (found := look()):
            if time.monotonic() > ends:
                listed = subprocess.run([PROGRAM, "referrals", "list", "--config", self.folder / "site.toml"],
                                        capture_output=True, text=True, timeout=60)
                self.fail(f"{what}: {listed.stdout}{(self.folder / 'log').read_text()[-3000:]}")
            time.sleep(0.05)  # between two looks
        return found
