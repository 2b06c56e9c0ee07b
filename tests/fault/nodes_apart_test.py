# SPDX-License-Identifier: Apache-2.0
"""Three nodes and their PostgreSQL, each on a machine of its own, in trouble while orders and answers come by MLLP
and by FHIR: nodes are killed, cut off and stopped past their leases, the database is restarted, its disk is filled
and freed, clocks jump. In the end everything that was acknowledged is there, a receiver that recognises repeats has
one of each, another one has two only where a person said so, order holds, and nothing waits any more.

usage: nodes_apart_test.py SECONDS ORDERS_PER_SECOND [SEED]
Skipped where no network namespaces can be made.
"""
import collections
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import apart
from apart_town import FAKE_TIME, NODES, PROGRAM, Town, control_id
from restore_test import WAY
from v2_people import field

TIME = 30
RATE = 1.0
SEED = 20261128
STUCK = 180  # seconds without any change
KINDS = ("kill", "cut", "pause", "restart", "full", "clock", "lease clock")
OURS = "meridian-referral.org"


class Trouble:
    """One kind after the other, in an order and at times that follow from the seed."""

    def __init__(self, town, lease):
        self.town = town
        self.lease = lease
        self.chance = random.Random(SEED)
        self.deck = []
        self.done = collections.Counter()
        self.ahead = 0

    def strike(self):
        if not self.deck:
            self.deck = list(KINDS)
            self.chance.shuffle(self.deck)
        kind = self.deck.pop()
        node = self.town.nodes[self.chance.choice(NODES)]
        print(f"{kind}{'' if kind in ('restart', 'full', 'lease clock') else ' ' + node.name}", flush=True)
        getattr(self, kind.replace(" ", "_"))(node)
        self.done[kind] += 1

    def kill(self, node):
        node.kill()

    def cut(self, node):
        node.machine.cut()
        time.sleep(self.lease * (0.5 + 1.5 * self.chance.random()))
        node.machine.mend()

    def pause(self, node):
        node.process.send_signal(signal.SIGSTOP)
        time.sleep(self.lease * 1.5)
        node.process.send_signal(signal.SIGCONT)

    def restart(self, _):
        self.town.database.stop(self.chance.choice(("fast", "immediate")))
        time.sleep(3 * self.chance.random())
        self.town.database.start()

    def full(self, _):
        self.town.database.fill_disk()
        time.sleep(self.lease)
        self.town.database.free_disk()
        if self.town.database.ended():  # it ends when there is no room for its log
            self.town.database.start()

    def clock(self, node):
        node.set_clock(self.chance.choice((3600, -3600, 300, -300)))

    def lease_clock(self, _):
        self.ahead += 3 * self.lease
        self.town.database.set_clock_forward(self.ahead)


class NodesApart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.lease = 10 if TIME > 120 else 4
        self.orders = int(TIME * RATE)
        self.town = Town(folder.name, self.orders, self.lease)
        self.addCleanup(self.town.close)
        self.over = threading.Event()
        self.failed = []
        self.threads = []

    def beside(self, act, pause):
        """Does it again and again until the story is over; what fails ends the story."""
        def live():
            while not self.over.is_set():
                try:
                    act()
                except Exception as problem:  # pylint: disable=broad-except
                    self.failed.append(problem)
                    raise
                self.over.wait(pause)
        self.threads.append(threading.Thread(target=live, daemon=True))
        self.threads[-1].start()

    def keep_up(self):
        for node in self.town.nodes.values():
            node.keep_up()

    def look_at_outbox(self):
        node = random.choice(list(self.town.nodes.values()))
        try:
            self.town.look_at_outbox(node)
        except (RuntimeError, subprocess.TimeoutExpired):
            pass  # the database or the node is away: later

    def test_all_that_was_acknowledged_comes_once_and_in_order(self):
        town = self.town
        for node in town.nodes.values():
            node.start()
            self.wait_until(f"{node.name} is up", node.is_ready)
        self.beside(self.keep_up, 0.5)
        self.beside(town.fhir_clinic.work, 0.5)
        self.beside(self.look_at_outbox, 2)
        try:
            trouble = self.live_in_trouble()
            begun = time.monotonic()
            self.drain()
            self.report(trouble, time.monotonic() - begun)
            self.judge()
        except BaseException:
            for name, node in town.nodes.items():
                print(name, node.said(), file=sys.stderr)
            raise
        finally:
            self.over.set()
            for thread in self.threads:
                thread.join()

    def wait_until(self, what, holds):
        ends = time.monotonic() + STUCK
        while not holds():
            self.assertEqual(self.failed, [])
            self.assertLess(time.monotonic(), ends, f"in vain: {what}")
            time.sleep(0.2)

    def live_in_trouble(self):
        begun = time.monotonic()
        trouble = Trouble(self.town, self.lease)

        def order():
            for number in range(self.orders):
                self.over.wait(max(0, begun + number / RATE - time.monotonic()))
                if self.over.is_set():
                    return
                try:
                    self.town.order(number)
                except Exception as problem:  # pylint: disable=broad-except
                    self.failed.append(problem)
                    raise
        surgeons = threading.Thread(target=order, daemon=True)
        surgeons.start()
        while time.monotonic() - begun < TIME:
            self.assertEqual(self.failed, [])
            time.sleep(self.lease * (0.2 + 0.5 * trouble.chance.random()))
            trouble.strike()
        surgeons.join()
        return trouble

    def standing(self):
        """What changes while anything goes on; the last is how much is not done."""
        town = self.town
        try:
            closed = town.count("referrals WHERE state = 'closed'")
            events = town.count("events")
            waits = town.count("deliveries WHERE due IS NOT NULL OR state = 'ambiguous'")
            works = town.count("works WHERE due < now_ms() + 3600000")
        except RuntimeError:
            return (None, 1)  # the database starts
        said = sum(not each.done() for each in list(town.senders.waiting))
        return (closed, events, waits, works, said, waits + works + said + self.orders - closed)

    def drain(self):
        before, changed = None, time.monotonic()
        while True:
            self.assertEqual(self.failed, [])
            now = self.standing()
            if now[-1] == 0:
                return
            if now != before:
                before, changed = now, time.monotonic()
            if time.monotonic() - changed > STUCK:
                self.fail(f"it does not drain: {now} {self.states()}")
            time.sleep(0.5)

    def states(self):
        sql = self.town.database.sql
        return {name: json.loads(sql(f"SELECT json_object_agg(s, n) FROM (SELECT {what} s, count(*) n FROM {name}"
                                     f" {where} GROUP BY 1) q") or "null")
                for name, what, where in (("referrals", "state || ' ' || worklist", ""), ("deliveries", "state", ""),
                                          ("works", "kind", "WHERE due < now_ms() + 7200000"))}

    def report(self, trouble, drained):
        senders = self.town.senders
        slow = sorted(senders.taken.values())
        print(f"{self.orders} orders in {TIME} s, {len(slow)} messages acknowledged, half of them within"
              f" {slow[len(slow) // 2]:.2f} s, the slowest after {slow[-1]:.1f} s; tries {dict(senders.tries)};"
              f" trouble {dict(trouble.done)}; starts {({n: node.starts for n, node in self.town.nodes.items()})};"
              f" drained in {drained:.0f} s; {self.states()}", flush=True)

    def judge(self):
        town = self.town
        self.assertEqual(town.senders.refused, [])
        self.judge_what_was_acknowledged()
        self.judge_receivers_that_recognise_repeats()
        for name, receiver in (("v2-hospital", town.v2_hospital), ("v2-clinic", town.v2_clinic)):
            self.judge_receiver(name, receiver)
        checked = town.nodes["one"].command("audit", "verify")
        self.assertTrue(checked and checked[0]["whole"], checked)
        self.over.set()
        for thread in self.threads:
            thread.join()
        for node in town.nodes.values():
            node.process.send_signal(signal.SIGTERM)
            self.assertEqual(node.process.wait(STUCK), 0)

    def judge_what_was_acknowledged(self):
        rows = self.town.database.sql(
            "SELECT source, sender_id FROM messages WHERE sender_id IS NOT NULL AND quarantined = 0").splitlines()
        # By HL7 v2 the sender's own id is the last part of ours.
        there = collections.Counter((row.split("|")[0], row.split("|")[-1]) for row in rows)
        lost = [key for key in self.town.senders.taken if there[key] != 1]
        self.assertEqual(lost, [])
        self.assertEqual(self.town.count("referrals"), self.orders)

    def judge_receivers_that_recognise_repeats(self):
        town = self.town
        for system, kinds in ((town.fhir_clinic, ("Task", "ServiceRequest")), (town.fhir_hospital, ("Task",))):
            for kind in kinds:
                carried = collections.Counter(
                    each["value"] for found in system.search(f"{kind}?_count=500")
                    for each in found.get("identifier", []) if OURS in each.get("system", ""))
                self.assertGreater(len(carried), 0)
                self.assertEqual([value for value, times in carried.items() if times > 1], [])
        back = 0
        for task in town.fhir_hospital.search("Task?_count=500"):
            versions = town.fhir_hospital.search(f"Task/{task['id']}/_history?_count=100")
            said = [version["status"] for version in sorted(versions, key=lambda v: int(v["meta"]["versionId"]))]
            self.assertEqual(said[-1], "completed")
            back += said != sorted(said, key=WAY.index)
        # Not a matter of delivery: of two letters of one referral that are written at the same time, the one that
        # was begun first may get in line last, and then says a state that is over. The last one is always right.
        print(f"fhir-hospital: {back} Tasks said a state that was over, for a while", flush=True)

    def judge_receiver(self, name, receiver):
        """One that recognises no repeats."""
        rows = [line.split("|") for line in self.town.database.sql(
            f"SELECT key, number, referral FROM deliveries WHERE destination = '{name}'"
            " AND state <> 'superseded'").splitlines()]
        # Letters that say the same again, after another, have the same MSH-10: each was to come.
        written = collections.Counter(control_id(key) for key, _, _ in rows)
        sent = {}
        for key, number, referral in sorted(rows, key=lambda row: int(row[1])):
            sent.setdefault(control_id(key), (int(number), referral))
        came = collections.Counter()
        last = {}
        for message in receiver.messages:
            number, referral = sent[field(message, "MSH", 10)]
            came[number] += 1
            if came[number] == 1:
                self.assertGreater(number, last.get(referral, 0), f"{name}: overtaken")
                last[referral] = number
        doubled = {number for control, (number, _) in sent.items() if came[number] > written[control]}
        self.assertLessEqual(doubled, self.town.sent_again, f"{name}: twice, and nobody was asked")
        missing = {number for number, _ in sent.values()} - set(came)
        unsent = {int(number) for number in self.town.database.sql(
            f"SELECT number FROM deliveries WHERE destination = '{name}' AND state <> 'delivered'").split()}
        self.assertLessEqual(missing, unsent, f"{name}: said to be delivered, and not there")
        print(f"{name}: {len(came)} different messages, {len(doubled)} twice", flush=True)


if __name__ == "__main__":
    apart.enter_world((FAKE_TIME, PROGRAM))
    TIME, RATE = int(sys.argv.pop(1)), float(sys.argv.pop(1))
    if len(sys.argv) > 1:
        SEED = int(sys.argv.pop(1))
    unittest.main()
