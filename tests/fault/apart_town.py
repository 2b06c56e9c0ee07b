# SPDX-License-Identifier: Apache-2.0
"""Two hospitals, two clinics and their people, three `meridian serve` and their PostgreSQL, each of these on a
machine of its own (apart.py)."""
import collections
import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

from apart import Machine, run
from chaos_test import Clinic, Surgeons
from fhir_peer import FhirPeer, patients
from postgres.server import Server, as_user, binaries
from v2_people import SANDBOX, Receiver, exchange, field, filled

PROGRAM = os.environ.get("MERIDIAN_PROGRAM", "")
FAKE_TIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
NODES = ("one", "two", "three")
HTTP, V2_HOSPITAL_DOOR, V2_CLINIC_DOOR, DATABASE = 8480, 2575, 2576, 5432
TOKEN = "0123456789abcdef0123456789abcdef"
PATIENCE = 10  # seconds for one answer
DISK = "1G"
MRN = "https://junipercreek.example/mrn"
ANSWER_LOST = 0.01

CONFIG = """
[site]
node = "{node}"
public_url = "https://meridian.example"
[store]
url = "{database}"
key_file = "{key}"
[http]
listen = "{address}:8480"
[delivery]
first_retry_seconds = 0.2
longest_retry_seconds = 2
lease_seconds = {lease}
[reconcile]
at = "never"
[hl7v2]
authorities = ["JCOH=https://junipercreek.example/mrn"]
[[hospital]]
id = "fhir-hospital"
fhir = "{fhir_hospital}"
poll_seconds = 86400
[[hospital]]
id = "v2-hospital"
fhir = "{v2_record}"
services = []
mllp = "127.0.0.1:{v2_hospital}"
mllp_plain = true
poll_seconds = 86400
[[clinic]]
id = "fhir-clinic"
fhir = "{fhir_clinic}"
poll_seconds = 1
capacity_per_week = {share}
[[clinic]]
id = "v2-clinic"
mllp = "127.0.0.1:{v2_clinic}"
mllp_plain = true
services = ["acupuncture"]
capacity_per_week = {share}
[[mllp]]
listen = "{address}:2575"
source = "v2-hospital"
plain_beyond_machine = true
[[mllp]]
listen = "{address}:2576"
source = "v2-clinic"
plain_beyond_machine = true
[[client]]
id = "engine"
role = "source"
source = "fhir-hospital"
token_file = "{token}"
"""


def control_id(key):
    """MSH-10 of a delivery by HL7 v2: what its key begins with."""
    return key.split("/")[0]


class Database(Server):
    """PostgreSQL on a machine of its own, with a disk of its own."""

    def __init__(self, machine):
        super().__init__(f"listen_addresses = '{machine.address}'\nport = {DATABASE}\nmax_wal_size = 64MB\n")
        self.machine = machine
        self.process = None
        run("mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700,uid={self.user.pw_uid}", "none", self.folder)

    def make(self):
        super().make()
        with open(self.data / "pg_hba.conf", "a", encoding="ascii") as access:
            access.write("host all all 127.0.0.0/8 trust\n")

    def start(self):
        with open(self.folder.with_suffix(".log"), "a", encoding="ascii") as log:
            self.process = self.machine.start(
                as_user([binaries() / "postgres", "-D", self.data], self.user), cwd="/", stdout=log, stderr=log)

    def ended(self):
        return self.process.poll() is not None

    def stop(self, mode="fast"):
        self.process.send_signal(signal.SIGINT if mode == "fast" else signal.SIGQUIT)
        self.process.wait(60)

    def url(self, schema=""):
        return f"postgresql://meridian@{self.machine.address}:{DATABASE}/postgres"

    def fill_disk(self):
        """Leaves no room. What is written between the look and the mount makes that size too small: once more then."""
        for tries_left in range(20, 0, -1):
            space = os.statvfs(self.folder)
            used = (space.f_blocks - space.f_bfree) * space.f_frsize
            try:
                return run("mount", "-o", f"remount,size={used // 4096 * 4096}", self.folder)
            except subprocess.CalledProcessError:
                if tries_left == 1:
                    raise

    def free_disk(self):
        run("mount", "-o", f"remount,size={DISK}", self.folder)

    def set_clock_forward(self, seconds):
        """The time that leases go by."""
        self.sql(f"CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE AS"
                 f" 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + {seconds * 1000}'")

    def close(self):
        if self.process and not self.ended():
            self.stop("immediate")


class Node:
    """`meridian serve` on a machine of its own, started again whenever it ended, as its unit does."""

    def __init__(self, name, number, folder):
        self.name = name
        self.machine = Machine(number)
        self.folder = pathlib.Path(folder)
        self.site = self.folder / f"{name}.toml"
        self.offset = self.folder / f"{name}.offset"
        self.process = None
        self.lock = threading.Lock()  # whoever starts it
        self.starts = 0
        self.ends = collections.Counter()
        self.set_clock(0)

    def set_clock(self, seconds):
        """What its clock differs from the world's."""
        beside = self.offset.with_suffix(".new")
        beside.write_text(f"{seconds:+d}")
        beside.rename(self.offset)

    def start(self):
        self.starts += 1
        with open(self.folder / f"{self.name}.log", "a", encoding="utf-8") as log:
            self.process = self.machine.start(
                [PROGRAM, "serve", "--config", self.site], stdout=log, stderr=log,
                env={**os.environ, "LD_PRELOAD": FAKE_TIME, "FAKETIME_TIMESTAMP_FILE": str(self.offset),
                     "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                     "FAKETIME_DONT_RESET": "1"})

    def kill(self):
        with self.lock:
            self.process.kill()
            self.process.wait()
            self.start()

    def keep_up(self):
        """Starts it again when it ended by itself. Errors: RuntimeError when it crashed."""
        with self.lock:
            status = self.process.poll()
            if status is None:
                return
            if status != 1:  # 1: the environment is at fault, as a database that is away
                raise RuntimeError(f"{self.name} ended with {status}: {self.said()}")
            self.ends[status] += 1
            self.start()

    def said(self, size=2000):
        return (self.folder / f"{self.name}.log").read_text()[-size:]

    def is_ready(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            with urllib.request.urlopen(f"http://{self.machine.address}:{HTTP}/readyz", timeout=2) as answer:
                return answer.status == 200
        return False

    def command(self, *arguments):
        """A command of the operator on this machine; nothing when it failed."""
        done = subprocess.run([*self.machine.inside, PROGRAM, *arguments, "--config", str(self.site)],
                              capture_output=True, text=True, timeout=120, check=False)
        return [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else None

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.machine.close()


class Senders:
    """What systems want to say: each message is said to one node after the other until one has taken it."""

    def __init__(self, nodes):
        self.nodes = nodes
        self.taken = {}  # source and id -> seconds it took
        self.refused = []
        self.tries = collections.Counter()
        self.over = False
        self.pool = concurrent.futures.ThreadPoolExecutor(32)
        self.waiting = []

    def say(self, source, name, how, *next_ones):
        """`how` takes a node's address; it gives whether it was taken. Then the next ones are said."""
        self.waiting.append(self.pool.submit(self.until_taken, source, name, how, next_ones))

    def until_taken(self, source, name, how, next_ones):
        begun = time.monotonic()
        at = random.Random(f"{source} {name}").randrange(len(self.nodes))
        while not self.over:
            try:
                taken = how(self.nodes[at % len(self.nodes)].machine.address)
            except (OSError, http.client.HTTPException):
                taken = "failed"
            self.tries[taken] += 1
            if taken == "taken":
                self.taken[(source, name)] = time.monotonic() - begun
                for each in next_ones:
                    self.until_taken(source, *each, ())
                return
            if taken == "refused":
                self.refused.append((source, name))
                return
            at += 1
            time.sleep(0.2)

    def post(self, address, name, resource):
        request = urllib.request.Request(
            f"http://{address}:{HTTP}/fhir/fhir-hospital", json.dumps(resource).encode(),
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/fhir+json", "X-Request-Id": name})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE):
                return "taken"
        except urllib.error.HTTPError as refusal:
            return "busy" if refusal.code in (502, 503, 504, 507) else "refused"

    @staticmethod
    def send(address, port, message):
        said = exchange((address, port), message, PATIENCE)
        return {"AA": "taken", "AE": "busy"}.get(said, "refused")

    def close(self):
        self.over = True
        self.pool.shutdown()


class FhirClinic(Clinic):
    """Takes all, and reports at once."""

    def step(self, task, fate):
        if task["status"] == "requested":
            self.put({**task, "status": "accepted"})
        elif task["status"] == "accepted":
            self.complete(task)
        else:
            return 0
        return 1


class Town:
    def __init__(self, folder, orders, lease):
        self.folder = pathlib.Path(folder)
        self.lock = threading.Lock()
        self.database = Database(Machine(9)).__enter__()
        self.fhir_hospital = FhirPeer("--data", patients(folder))
        self.v2_record, self.fhir_clinic = FhirPeer(), FhirClinic("fhir-clinic")
        self.v2_hospital = Receiver("hospital", ANSWER_LOST)
        self.v2_clinic = Receiver("clinic", ANSWER_LOST, self.clinic_hears)
        self.nodes = {name: Node(name, number, folder) for number, name in enumerate(NODES, 1)}
        self.senders = Senders(list(self.nodes.values()))
        self.surgeons = Surgeons(self.fhir_hospital)
        self.ref = (SANDBOX / "juniper-creek" / "whitcomb-ref-i12.hl7").read_text()
        self.answered = set()
        self.sent_again = set()  # numbers of deliveries, by the person at the outbox
        token = self.folder / "token"
        token.touch(mode=0o600)
        token.write_text(TOKEN + "\n")
        for name, node in self.nodes.items():
            node.site.write_text(CONFIG.format(
                node=name, database=self.database.url(), key=self.folder / "site.key", address=node.machine.address,
                lease=lease, fhir_hospital=self.fhir_hospital.base, v2_record=self.v2_record.base,
                v2_hospital=self.v2_hospital.port, fhir_clinic=self.fhir_clinic.base, v2_clinic=self.v2_clinic.port,
                share=orders // 2 + 1, token=token))

    # The hospitals order.

    def order(self, number):
        """Every second one by FHIR, the others by HL7 v2."""
        if number % 2 == 0:
            bundle = self.surgeons.record(number)
            order = next(entry["resource"] for entry in bundle["entry"]
                         if entry["resource"]["resourceType"] == "ServiceRequest")
            self.must(self.fhir_hospital, bundle)
            name = f"order-{number}"
            self.senders.say("fhir-hospital", name, lambda address: self.senders.post(address, name, order))
            return
        self.must(self.v2_record, {"resourceType": "Bundle", "type": "transaction", "entry": [{
            "request": {"method": "PUT", "url": f"Patient/p{number}"},
            "resource": {"resourceType": "Patient", "id": f"p{number}", "birthDate": "1965-03-14", "gender": "male",
                         "identifier": [{"system": MRN, "value": f"M{number}"}],
                         "name": [{"family": "Whitcomb", "given": [f"Tobias {number}"]}]}}]})
        control = f"H{number}"
        message = filled(self.ref, control=control).replace("7104^", f"7{number:06d}^").replace("30771^", f"M{number}^")
        self.senders.say("v2-hospital", control, lambda address: self.senders.send(address, V2_HOSPITAL_DOOR, message))

    @staticmethod
    def must(system, bundle):
        status, answer = system.ask("POST", "", bundle)
        if status != 200:
            raise RuntimeError(f"a system does not take its own record: {status} {answer}")

    # The clinic without FHIR answers.

    def clinic_hears(self, message):
        ours = field(message, "RF1", 6)
        with self.lock:
            if not field(message, "MSH", 9).startswith("REF^I12") or ours in self.answered:
                return
            self.answered.add(ours)
        names = {"ours": ours, "answers": field(message, "MSH", 10),
                 "note_rows": "OBX|1|TX|11488-4^Consult note^LN||Six visits, pain from 6 to 2.||||||F"}
        patient = next(line for line in message.split("\r") if line.startswith("PID|"))
        said = []
        for control, file in ((f"R{names['answers'][:18]}", "rri-i12"), (f"N{names['answers'][:18]}", "mdm-t02")):
            text = filled((SANDBOX / "tidewater" / f"{file}.hl7").read_text(), control=control, **names)
            text = "\r".join(patient if line.startswith("PID|") else line for line in text.split("\r"))
            said.append((control, lambda address, text=text: self.senders.send(address, V2_CLINIC_DOOR, text)))
        self.senders.say("v2-clinic", *said[0], said[1])

    # The person at the outbox: looks at the receiver, then says what is so.

    def look_at_outbox(self, node):
        rows = node.command("outbox")
        unclear = [row for row in rows or [] if row["state"] == "ambiguous"]
        there = {"v2-hospital": set(self.v2_hospital.control_ids()), "v2-clinic": set(self.v2_clinic.control_ids())}
        for row in unclear:
            arrived = control_id(row["key"]) in there[row["to"]]
            if node.command("outbox", "arrived" if arrived else "send-again", str(row["number"]), "--yes") is None:
                return
            if not arrived:
                self.sent_again.add(int(row["number"]))

    def count(self, where):
        return int(self.database.sql(f"SELECT count(*) FROM {where}"))

    def close(self):
        self.senders.close()
        for part in (*self.nodes.values(), self.fhir_hospital, self.v2_record, self.fhir_clinic, self.v2_hospital,
                     self.v2_clinic, self.database):
            part.close()
        self.database.machine.close()
