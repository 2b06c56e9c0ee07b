# SPDX-License-Identifier: Apache-2.0
"""A backup that is put back on another machine goes on without a repeat or a loss at the receivers.

Orders go out, a backup is made while the runtime works, more happens, the machine is lost, and
another one goes on from the backup. Between backup and loss: what waited was delivered, a new order
was sent and accepted, a clinic's report came into the record, and a clinic that was down still waits.

usage: restore_test.py [postgres]: on SQLite, or on the PostgreSQL server whose URL MERIDIAN_POSTGRES_FILE names.
"""
import collections
import copy
import json
import os
import pathlib
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from fhir_peer import SANDBOX_DATA, FhirPeer
from postgres.shared import Schema
from town import NOTE, PATIENCE, PROGRAM, Town, free_address

ON_POSTGRES = False

CONFIG = """
site.node = "{node}"
[store]
url = "sqlite:site.db"
[http]
listen = "{listen}"
[delivery]
first_retry_seconds = 0.05
longest_retry_seconds = 0.2
lease_seconds = 5
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = 0.2
[[clinic]]
id = "clinic"
fhir = "{clinic}"
poll_seconds = 0.2
"""

# How far a status is on its way; none may follow one that is further.
WAY = ["draft", "requested", "received", "accepted", "in-progress", "completed"]


class Line:
    """The way to a server; cut, nobody gets through."""

    def __init__(self, url):
        self.there = re.match(r"http://([\d.]+):(\d+)", url).groups()
        self.cut = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        host, port = self.listener.getsockname()
        self.url = f"http://{host}:{port}" + url.split(self.there[1], 1)[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.cut:
                near.close()
                continue
            threading.Thread(target=self.carry, args=(near,), daemon=True).start()

    def carry(self, near):
        """Both directions, until either end closes or the line is cut."""
        with near, socket.create_connection(self.there) as far:
            other = {near: far, far: near}
            while not self.cut:
                for side in select.select([near, far], [], [], 0.2)[0]:
                    try:
                        data = side.recv(65536)
                        other[side].sendall(data)
                    except OSError:
                        return
                    if not data:
                        return

    def close(self):
        self.listener.close()


class Hospital(FhirPeer):
    """Four patients like Mr. Okafor; each is referred when the surgeon orders."""

    def __init__(self, folder, count):
        data = pathlib.Path(folder) / "data"
        data.mkdir()
        shutil.copy(SANDBOX_DATA / "hospital" / "00-shared.json", data)
        text = (SANDBOX_DATA / "hospital" / "okafor.json").read_text()
        self.orders = {}
        for number in range(count):
            bundle = json.loads(text.replace("okafor", f"okafor-{number}").replace("TR-1048213", f"TR-{number}"))
            order = next(entry for entry in bundle["entry"]
                         if entry["resource"]["resourceType"] == "ServiceRequest")
            bundle["entry"].remove(order)
            self.orders[number] = order["resource"]
            (data / f"okafor-{number}.json").write_text(json.dumps(bundle))
        super().__init__("--data", str(data))

    def order(self, number):
        self.put(copy.deepcopy(self.orders[number]))

    def ref(self, number):
        return f"ServiceRequest/{self.orders[number]['id']}"

    def task(self, number):
        tasks = self.search(f"Task?focus={self.ref(number)}")
        return tasks[0] if tasks else {}

    def statuses(self, number):
        """All that the surgeon's record said of it, one after the other."""
        versions = self.search(f"Task/{self.task(number)['id']}/_history")
        return [version["status"] for version in sorted(versions, key=lambda each: int(each["meta"]["versionId"]))]


class Machine:
    """A folder with configuration, key and database, and the runtime in it. With a schema the database is there."""

    def __init__(self, folder, node, hospital, clinic, schema):
        self.folder = pathlib.Path(folder) / node
        self.folder.mkdir()
        self.site = self.folder / "site.toml"
        text = CONFIG.format(node=node, listen=free_address(), hospital=hospital, clinic=clinic)
        self.site.write_text(schema.of(text) if schema else text)
        self.address = self.folder / (f"{node}.address" if schema else "site.db.address")
        self.runtime = None

    def serve(self):
        self.log = open(self.folder / "log", "a")
        self.runtime = subprocess.Popen([PROGRAM, "serve", "--config", self.site], stdout=self.log, stderr=self.log)

    def kill(self):
        if self.runtime and self.runtime.poll() is None:
            self.runtime.kill()
            self.runtime.wait()
        self.log.close()

    def run(self, *arguments):
        done = subprocess.run([PROGRAM, *arguments, "--config", self.site], capture_output=True, text=True,
                              timeout=PATIENCE)
        if done.returncode:
            raise RuntimeError(f"{arguments}: {done.stdout}{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]


class Restore(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.schema = self.started(Schema()) if ON_POSTGRES else None
        self.hospital = self.started(Hospital(folder.name, 5))
        self.clinic = self.started(FhirPeer())
        self.line = self.started(Line(self.clinic.base))
        self.first = Machine(folder.name, "node-1", self.hospital.base, self.line.url, self.schema)
        self.second = Machine(folder.name, "node-2", self.hospital.base, self.line.url, self.schema)

    def started(self, peer):
        self.addCleanup(peer.close)
        return peer

    def until(self, what, holds):
        ends = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > ends:
                logs = "".join(path.read_text()[-2000:] for path in self.folder.glob("node-*/log"))
                self.fail(f"{what} does not happen: {logs}")
            time.sleep(0.02)  # between two looks at the systems

    def clinic_task(self, number):
        tasks = [task for task in self.clinic.search("Task") if self.is_of(task, number)]
        return tasks[0] if tasks else {}

    def is_of(self, task, number):
        """The clinic's Task carries the hospital's order in the identifiers of its ServiceRequest."""
        order = self.clinic.ask("GET", task["focus"]["reference"])[1]
        return self.hospital.orders[number]["id"] in json.dumps(order["identifier"])

    def status(self, number, expected):
        self.until(f"order {number} is {expected}", lambda: self.hospital.task(number).get("status") == expected)

    def answer(self, number, status):
        task = self.clinic_task(number)
        if status == "completed":
            Town.finish(self, task)
        else:
            self.clinic.put({**task, "status": status})

    @staticmethod
    def notes(system, order):
        return Town.notes(system, order)

    def back_up(self):
        self.assertTrue(self.first.run("outbox"))
        if self.schema:
            return self.schema.back_up(self.folder / "site.backup")
        return self.first.run("backup", "--to", self.folder / "site.backup")[0]["takenAt"]

    def put_back(self, taken_at):
        if not self.schema:
            return self.second.run("restore", self.folder / "site.backup")
        self.schema.put_back(self.folder / "site.backup")
        return self.second.run("restore", "--in-place", "--taken-at", taken_at)

    def first_life(self):
        """Orders 0 to 3 and a backup after the second; what happens after it is not in it."""
        self.first.serve()
        self.hospital.order(0)
        self.status(0, "received")
        self.answer(0, "accepted")
        self.status(0, "accepted")
        self.line.cut = True
        self.hospital.order(1)
        self.status(1, "requested")
        taken_at = self.back_up()

        self.line.cut = False  # the gap begins
        self.status(1, "received")
        self.answer(1, "accepted")
        self.status(1, "accepted")
        self.answer(0, "completed")
        self.status(0, "completed")
        self.hospital.order(2)
        self.status(2, "received")
        self.answer(2, "accepted")
        self.status(2, "accepted")
        self.line.cut = True
        self.hospital.order(3)
        self.status(3, "requested")
        self.first.kill()
        return taken_at

    def second_life(self, taken_at):
        shutil.copy(self.first.folder / "meridian.key", self.second.folder)
        shutil.rmtree(self.first.folder)
        told, = self.put_back(taken_at)
        self.assertGreaterEqual(told["uncertainDeliveries"], 1)
        self.assertLess(told["sendAgain"]["from"], told["sendAgain"]["to"])
        self.line.cut = False
        self.second.serve()

    def test_another_machine_goes_on_without_a_repeat_or_a_loss(self):
        taken_at = self.first_life()
        before = collections.Counter({f"note {number}": 1 for number in range(5)})
        self.second_life(taken_at)
        self.hospital.order(4)
        for number in (3, 4):
            self.status(number, "received")
            self.answer(number, "accepted")
            self.status(number, "accepted")
        for number in (1, 2, 3, 4):
            self.answer(number, "completed")
            self.status(number, "completed")
        for number in range(5):
            self.until(f"the note of {number}", lambda: self.notes(self.hospital, self.hospital.ref(number)))
        self.until("all is delivered", lambda: not self.second.run("outbox"))

        tasks = [number for task in self.clinic.search("Task") for number in range(5) if self.is_of(task, number)]
        self.assertEqual(sorted(tasks), [0, 1, 2, 3, 4])
        notes = collections.Counter({f"note {number}": len(self.notes(self.hospital, self.hospital.ref(number)))
                                     for number in range(5)})
        self.assertEqual(notes, before)
        self.assertEqual(Town.repeated(self), [])
        self.assertEqual(len(self.hospital.search("Task")), 5)
        for number in range(5):
            said = self.hospital.statuses(number)
            self.assertEqual(said, sorted(said, key=WAY.index), f"order {number} went back")
        self.assertEqual(self.second.run("deadletters"), [])
        states = collections.Counter(line["state"] for line in self.second.run("referrals"))
        self.assertEqual(states, {"closed": 5})
        verified, = self.second.run("audit", "verify")
        self.assertTrue(verified["whole"])
        self.assertRegex(verified["restores"][0]["chainsInBackup"], r"^node-1:\d+ node-2:0$")
        self.second.kill()

    def test_what_a_person_restores_over_a_running_runtime_is_refused(self):
        self.first.serve()
        self.until("the runtime is up", self.first.address.exists)
        again = ["--in-place", "--taken-at", "2026-11-20T03:00:00Z"]
        if not ON_POSTGRES:
            self.first.run("backup", "--to", self.folder / "site.backup")
            again = [self.folder / "site.backup", "--force"]
        with self.assertRaisesRegex(RuntimeError, "another runtime"):
            self.first.run("restore", *again)
        self.first.kill()


if __name__ == "__main__":
    assert os.environ["MERIDIAN_PROGRAM"]
    assert NOTE
    if sys.argv[-1] == "postgres":
        ON_POSTGRES = True
        sys.argv.pop()
    unittest.main()
