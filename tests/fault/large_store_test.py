# SPDX-License-Identifier: Apache-2.0
"""A database of years: how soon and how small the program is with it, and that its backup is a system that goes on.

Prints one JSON object: size, seconds from start to ready (median of five), idle memory, and the seconds that backup,
restore and reading the audit chain took, and until its bodies were gone. Nothing but what must hold fails the test; that one row of the audit was
changed, taken out or added is found.

usage: large_store_test.py COUNT: of so many messages.
"""
import contextlib
import json
import os
import pathlib
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

from fhir_peer import SANDBOX_DATA, FhirPeer

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
FILL = os.environ["MERIDIAN_FILL_STORE"]
COUNT = 0
PATIENCE = 1800  # seconds

CONFIG = """
[store]
url = "sqlite:site.db"
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = 0.5
[[clinic]]
id = "clinic"
fhir = "{clinic}"
poll_seconds = 0.5
"""


def seconds(work):
    began = time.monotonic()
    result = work()
    return round(time.monotonic() - began, 3), result


class Site:
    """A folder with configuration, key and database."""

    def __init__(self, folder, name, hospital, clinic):
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir()
        (self.folder / "site.toml").write_text(CONFIG.format(hospital=hospital, clinic=clinic))
        self.runtime = None

    def run(self, *arguments):
        done = subprocess.run([PROGRAM, *arguments, "--config", self.folder / "site.toml"], capture_output=True,
                              text=True, timeout=PATIENCE)
        if done.returncode:
            raise RuntimeError(f"{arguments}: {done.stdout}{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def serve(self):
        """Returns when the service says that it is ready."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
            address = str(self.folder / "notify")
            pathlib.Path(address).unlink(missing_ok=True)
            notices.bind(address)
            notices.settimeout(1)
            with open(self.folder / "log", "a") as log:
                self.runtime = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / "site.toml"], stdout=log,
                                                stderr=log, env={**os.environ, "NOTIFY_SOCKET": address})
            ends = time.monotonic() + PATIENCE
            while time.monotonic() < ends:
                try:
                    if b"READY=1" in notices.recv(4096):
                        return
                except TimeoutError:
                    if self.runtime.poll() is not None:
                        break
            raise RuntimeError((self.folder / "log").read_text()[-2000:])

    def memory(self):
        """MiB of the process that are its own and in memory."""
        rollup = pathlib.Path(f"/proc/{self.runtime.pid}/smaps_rollup").read_text().splitlines()
        return round(sum(int(line.split()[1]) for line in rollup if line.startswith("Private_")) / 1024, 1)

    def stop(self):
        if self.runtime:
            self.runtime.terminate()
            self.runtime.wait(PATIENCE)
            self.runtime = None


class LargeStore(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        data = pathlib.Path(folder.name) / "data"
        data.mkdir()
        shutil.copy(SANDBOX_DATA / "hospital" / "00-shared.json", data)
        patient = json.loads((SANDBOX_DATA / "hospital" / "okafor.json").read_text())
        entry = next(one for one in patient["entry"] if one["resource"]["resourceType"] == "ServiceRequest")
        patient["entry"].remove(entry)
        self.order = entry["resource"]
        (data / "okafor.json").write_text(json.dumps(patient))
        self.hospital = self.closed(FhirPeer("--data", str(data)))
        self.clinic = self.closed(FhirPeer())
        self.first = Site(folder.name, "first", self.hospital.base, self.clinic.base)
        self.second = Site(folder.name, "second", self.hospital.base, self.clinic.base)
        self.addCleanup(self.first.stop)
        self.addCleanup(self.second.stop)

    def closed(self, peer):
        self.addCleanup(peer.close)
        return peer

    def test_it_starts_is_backed_up_and_goes_on(self):
        took, _ = seconds(lambda: subprocess.run([FILL, self.first.folder, str(COUNT)], check=True))
        told = {"messages": COUNT, "fillSeconds": took,
                "megabytes": (self.first.folder / "site.db").stat().st_size // 1_000_000}
        starts = []
        for _ in range(5):
            self.first.stop()
            starts.append(seconds(self.first.serve)[0])
        told["startSeconds"] = statistics.median(starts)
        time.sleep(5)  # what a start needs for a moment is not idle memory
        told["idleMebibytes"] = self.first.memory()
        told["backupSeconds"], _ = seconds(
            lambda: self.first.run("backup", "--to", self.first.folder / "site.backup"))
        self.first.stop()
        (self.second.folder / "meridian.key").write_bytes((self.first.folder / "meridian.key").read_bytes())
        (self.second.folder / "meridian.key").chmod(0o600)
        told["restoreSeconds"], _ = seconds(
            lambda: self.second.run("restore", self.first.folder / "site.backup"))
        told["auditSeconds"], verified = seconds(lambda: self.second.run("audit", "verify"))
        self.assertGreaterEqual(verified[0]["entries"], COUNT // 10 * 2)
        self.assert_no_audit_row_can_be_touched()
        self.second.serve()
        self.hospital.put(self.order)
        ends = time.monotonic() + 120
        while not self.clinic.search("Task") and time.monotonic() < ends:
            time.sleep(0.05)  # between two looks at the clinic
        self.assertEqual(len(self.clinic.search("Task")), 1, (self.second.folder / "log").read_text()[-2000:])
        self.second.stop()
        told["pruneSeconds"], (bodies, told["megabytesThen"]) = seconds(self.bodies_go)
        self.assertEqual(bodies, COUNT, "the order of today is open and stays")
        print(json.dumps(told), flush=True)

    def bodies_go(self):
        """From a start with a month of retention until the walk is over: how many went, and what is used then."""
        with open(self.second.folder / "site.toml", "a") as config:
            config.write("[retention]\nmessages_days = 30\nreferrals_days = 30\n")
        self.second.serve()
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            for line in (self.second.folder / "log").read_text().splitlines():
                if '"bodies are kept no more"' in line:
                    return json.loads(line)["bodies"], json.loads(line)["bytes"] // 1_000_000
            time.sleep(0.1)
        raise RuntimeError("no walk through the bodies came to its end")

    def assert_no_audit_row_can_be_touched(self):
        """A row of the restored chain is changed, taken out or put behind it; then all is as before."""
        with contextlib.closing(sqlite3.connect(self.second.folder / "site.db")) as db:
            node, last = db.execute("SELECT node, max(number) FROM audit").fetchone()
        at = " WHERE node = ? AND number = ?"
        for number in (1, random.randrange(2, last), last):
            for touch in ("UPDATE audit SET actor = actor || '?'" + at, "UPDATE audit SET at = at + 1" + at,
                          "DELETE FROM audit" + at):
                self.assert_found(touch, (node, number))
        self.assert_found("INSERT INTO audit SELECT node, number + 1, at, event, actor, object, outcome, mac"
                          " FROM audit" + at, (node, last))
        self.second.run("audit", "verify")

    def assert_found(self, touch, row):
        place = self.second.folder / "site.db"
        node, number = row
        around = (node, number, number + 1)
        with contextlib.closing(sqlite3.connect(place)) as db, db:
            before = db.execute("SELECT * FROM audit WHERE node = ? AND number IN (?, ?)", around).fetchall()
            self.assertEqual(db.execute(touch, row).rowcount, 1, touch)
        with self.assertRaisesRegex(RuntimeError, "chain", msg=f"{touch} {row}"):
            self.second.run("audit", "verify")
        with contextlib.closing(sqlite3.connect(place)) as db, db:
            db.execute("DELETE FROM audit WHERE node = ? AND number IN (?, ?)", around)
            db.executemany(f"INSERT INTO audit VALUES ({','.join('?' * len(before[0]))})", before)


if __name__ == "__main__":
    COUNT = int(sys.argv.pop())
    unittest.main()
