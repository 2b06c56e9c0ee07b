# SPDX-License-Identifier: Apache-2.0
"""Three nodes share one PostgreSQL. They are killed, stopped past their leases and cut off, and in the end
nothing that was acknowledged is lost and nothing was sent twice unsaid.

Once with `meridian serve` between a hospital and a clinic that recognises repeats; once with the store
alone, whose receiver recognises none: it sees possible doubles marked.

usage: nodes_test.py ORDERS ROUNDS: how many orders a run of `meridian serve` has, and how many rounds of
trouble the nodes of the store go through.
"""
import collections
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from fhir_peer import FhirPeer
from postgres.shared import Schema
from relay import Relay
from restore_test import Hospital
from store_test import ORDERS, told, what_is_wrong
from town import CONFIG, PATIENCE, PROGRAM, Pager, free_address

STORY = os.environ["MERIDIAN_STORE_STORY"]
NODES = ("one", "two", "three")
COUNT = 24
ROUNDS = 4
PAUSE = 0.05  # between two looks


def wait_until(what, holds):
    ends = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > ends:
            raise RuntimeError(f"in vain: {what}")
        time.sleep(PAUSE)


class Teller:
    """A node of the store's story, in trouble: killed and started again, stopped, or cut off."""

    def __init__(self, name, folder, schema):
        self.name = name
        self.folder = pathlib.Path(folder)
        self.relay = Relay(schema.port)
        self.url = schema.through(self.relay.port)
        self.runs = 0
        self.process = None

    def start(self):
        self.runs += 1
        with open(self.out(self.runs), "w") as out:
            self.process = subprocess.Popen([STORY, "share", self.folder, self.name], stdout=out,
                                            stderr=subprocess.DEVNULL,
                                            env={**os.environ, "MERIDIAN_STORE_URL": self.url})

    def out(self, run):
        return self.folder / f"{self.name}.{run}"

    def lines(self):
        return [line.split() for run in range(1, self.runs + 1)
                for line in self.out(run).read_text().splitlines()]

    def trouble(self, kind, chance):
        if self.process.poll() is not None:
            return
        if kind == "kill":
            self.process.kill()
            self.process.wait()
        elif kind == "stop":
            self.process.send_signal(signal.SIGSTOP)
            time.sleep(0.7 + chance.random())  # past the story's lease: here time itself is the matter
            self.process.send_signal(signal.SIGCONT)
        else:
            self.relay.shut()
            time.sleep(chance.random())
            self.relay.mend()

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.relay.close()


class StoreNodes(unittest.TestCase):
    """The receiver counts lines; it does not know a repeat."""

    def test_nothing_is_lost_and_nothing_sent_twice_unsaid(self):
        chance = random.Random(20261126)
        again = 0
        for _ in range(ROUNDS):
            again += self.one_round(chance)
        print(f"{ROUNDS} rounds, {again} sends said that they may be doubles")

    def one_round(self, chance):
        schema = Schema()
        folder = tempfile.mkdtemp()
        tellers = [Teller(name, folder, schema) for name in NODES]
        try:
            subprocess.run([STORY, "look", folder, "0"], check=True, capture_output=True,
                           env={**os.environ, "MERIDIAN_STORE_URL": schema.url})  # makes key and tables
            for teller in tellers:
                teller.start()
            for number in range(6):
                time.sleep(0.1 * chance.random())
                tellers[number % 3].trouble(chance.choice(("kill", "stop", "cut")), chance)
                for teller in tellers:
                    if teller.process.poll() not in (None, 0):
                        teller.start()
            for teller in tellers:
                while teller.process.wait(PATIENCE) != 0:
                    teller.start()
            return self.judge(tellers, schema, folder)
        finally:
            for teller in tellers:
                teller.close()
            schema.close()
            shutil.rmtree(folder)

    def judge(self, tellers, schema, folder):
        lines = [line for teller in tellers for line in teller.lines()]
        looked = subprocess.run([STORY, "look", folder, "0"], check=True, capture_output=True, text=True,
                                env={**os.environ, "MERIDIAN_STORE_URL": schema.url})
        found = [line.split() for line in looked.stdout.splitlines()]
        self.assertIsNone(what_is_wrong(lines, lines_once(lines), found))
        return len(told(lines, "sent-again"))


def lines_once(lines):
    """What was told, each acknowledgement once and without the first sends: they are counted already."""
    once = {tuple(line) for line in lines if line[0] == "kept"}
    keys = {line[1] for line in lines if line[0] in ("sent", "sent-again")}
    return [list(line) for line in sorted(once)] + [["sent-again", key] for key in sorted(keys)]


class Town:
    """A hospital, a clinic that accepts all, and three `meridian serve` on one database."""

    def __init__(self, folder, count):
        self.folder = pathlib.Path(folder)
        self.schema = Schema()
        self.hospital = Hospital(folder, count)
        self.ordered = 0
        self.clinic = FhirPeer()
        self.pager = Pager()
        self.to_database = Relay(self.schema.port)
        self.to_clinic = Relay(int(self.clinic.base.split(":")[2].split("/")[0]))
        self.nodes = {}
        self.runs = collections.Counter()
        for name in NODES:
            self.configure(name)

    def configure(self, name):
        """The second node reaches the database and the third one the clinic by a relay."""
        url = self.schema.through(self.to_database.port) if name == "two" else self.schema.url
        clinic = self.clinic.base
        if name == "three":
            clinic = re.sub(r":\d+", f":{self.to_clinic.port}", clinic, count=1)
        text = CONFIG.format(listen=free_address(), hospital=self.hospital.base, clinic=clinic, pager=self.pager.url)
        text = text.replace('url = "sqlite:site.db"', f'url = "{url}"\nkey_file = "{self.folder}/site.key"')
        (self.folder / f"{name}.toml").write_text(f'[site]\nnode = "{name}"\n' + text)

    def order(self, count):
        """The surgeon orders for the next patients."""
        for number in range(self.ordered, self.ordered + count):
            self.hospital.order(number)
        self.ordered += count

    def start(self, name):
        self.runs[name] += 1
        with open(self.log(name), "w") as log:
            self.nodes[name] = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / f"{name}.toml"],
                                                stdout=log, stderr=log)

    def log(self, name):
        return self.folder / f"{name}.log{self.runs[name]}"

    def is_up(self, name):
        if (status := self.nodes[name].poll()) is not None:
            raise RuntimeError(f"{name} ended with {status}: {self.log(name).read_text()[-800:]}")
        return '"started"' in self.log(name).read_text()

    def delivered(self):
        return int(self.schema.sql("SELECT count(*) FROM deliveries WHERE kind = 'referral' AND state = 'delivered'"))

    def tasks(self):
        """Tasks of ours at the clinic by our identifier."""
        return collections.Counter(identifier["value"] for task in self.clinic.search("Task")
                                   for identifier in task.get("identifier", [])
                                   if "meridian" in identifier.get("system", ""))

    def close(self):
        for node in self.nodes.values():
            if node.poll() is None:
                node.send_signal(signal.SIGCONT)
                node.kill()
                node.wait()
        for part in (self.to_database, self.to_clinic, self.hospital, self.clinic, self.pager, self.schema):
            part.close()


class ServeNodes(unittest.TestCase):
    def test_three_serve_one_hospital_and_share_the_work(self):
        with tempfile.TemporaryDirectory() as folder:
            town = Town(folder, COUNT)
            try:
                self.go_through(town)
            except Exception:
                for name in NODES:
                    if town.runs[name]:
                        print(name, town.log(name).read_text()[-1500:], file=sys.stderr)
                raise
            finally:
                town.close()

    def go_through(self, town):
        part = COUNT // 4
        for name in NODES:
            town.start(name)
            wait_until(f"{name} is up", lambda: town.is_up(name))
        town.order(part)
        wait_until("a first one is delivered", lambda: town.delivered() >= 1)
        town.nodes["one"].kill()
        town.nodes["one"].wait()
        town.order(part)
        wait_until("the others go on", lambda: town.delivered() > part)
        town.start("one")
        town.order(part)
        town.nodes["three"].send_signal(signal.SIGSTOP)
        town.to_database.shut()
        wait_until("one goes on", lambda: town.delivered() == 3 * part)
        town.nodes["three"].send_signal(signal.SIGCONT)
        town.to_database.mend()
        town.to_clinic.shut()
        town.order(part)
        wait_until("all is delivered", lambda: town.delivered() == 4 * part)
        town.to_clinic.mend()
        # A look at each referral is planned for the next day.
        wait_until("nothing is open", lambda: town.schema.sql(
            "SELECT (SELECT count(*) FROM works WHERE due < now_ms() + 3600000)"
            " + (SELECT count(*) FROM deliveries WHERE due IS NOT NULL)") == "0")
        self.judge(town)

    def judge(self, town):
        self.assertEqual(len(town.clinic.search("ServiceRequest")), COUNT)
        self.assertEqual(len(town.clinic.search("Task")), COUNT)
        self.assertEqual([key for key, times in town.tasks().items() if times > 1], [])
        self.assertEqual(int(town.schema.sql("SELECT count(*) FROM referrals")), COUNT)
        states = json.loads(town.schema.sql("SELECT json_object_agg(state, n) FROM"
                                            " (SELECT state, count(*) n FROM deliveries GROUP BY state) s"))
        self.assertLessEqual(set(states), {"delivered", "superseded"})
        owners = town.schema.sql("SELECT count(DISTINCT node) FROM audit WHERE event = 'PrivacyDisclosure.Source'")
        print(f"{COUNT} orders, delivered by {owners} nodes; {states}")
        self.assertGreater(int(owners), 1)
        done = subprocess.run([PROGRAM, "audit", "verify", "--config", town.folder / "one.toml"], capture_output=True,
                              text=True, check=True)
        self.assertTrue(json.loads(done.stdout)["whole"])
        for name in NODES:
            town.nodes[name].send_signal(signal.SIGTERM)
            self.assertEqual(town.nodes[name].wait(PATIENCE), 0)


if __name__ == "__main__":
    COUNT, ROUNDS = int(sys.argv.pop(1)), int(sys.argv.pop(1))
    unittest.main()
