# SPDX-License-Identifier: Apache-2.0
"""An engine that was told yes can forget the message, wherever the process with the plugin is killed.

usage: engine_test.py EVERY: visits every EVERY-th kill point (1: all).
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import kill_points
from fhir_peer import FhirPeer, patients

STORY = os.environ["MERIDIAN_ENGINE_STORY"]
PLUGIN = os.environ["MERIDIAN_PLUGIN"]
MESSAGES = {f"message-{number}" for number in range(5)}
EVERY = 1
MISSED = []  # points that a run did not come to: how its threads share the work varies

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
[delivery]
lease_seconds = 1
[[hospital]]
id = "hospital"
fhir = "{hospital}"
poll_seconds = 86400
lookback_hours = 0
[[clinic]]
id = "clinic"
fhir = "{hospital}/no-clinic-here"
deliver = "host"
poll_seconds = 86400
"""


class Engine:
    """Folders of one hospital's engine, and runs of its story in them."""

    def __init__(self, hospital):
        self.hospital = hospital
        self.order, = hospital.search("ServiceRequest?patient=Patient/pat-okafor")

    def prepare(self, folder):
        (pathlib.Path(folder) / "site.toml").write_text(CONFIG.format(hospital=self.hospital.base))
        (pathlib.Path(folder) / "order.json").write_text(json.dumps(self.order))

    def run(self, command, folder, environment=None):
        """Exit status and the lines that were told."""
        done = subprocess.run([STORY, PLUGIN, "site.toml", folder, command, "order.json"], cwd=folder,
                              env=environment, timeout=100, capture_output=True, text=True)
        if done.returncode > 0:
            raise RuntimeError(f"{command}: {done.stderr[-800:]}")
        return done.returncode, [tuple(line.split()) for line in done.stdout.splitlines()]

    def killed_at(self, point):
        with tempfile.TemporaryDirectory() as folder:
            self.prepare(folder)
            status, first = self.run("tell", folder, kill_points.killing(point))
            if not kill_points.was_killed(status):
                MISSED.append(point)
            with tempfile.TemporaryDirectory() as copy:
                shutil.copytree(folder, copy, dirs_exist_ok=True)
                _, survived = self.run("look", copy)
            _, second = self.run("tell", folder)
            _, found = self.run("look", folder)
        return what_is_wrong(first, survived, second, found)


def told(lines, word):
    return [line[1] for line in lines if line[0] == word]


def what_is_wrong(first, survived, second, found):
    """first and second: what the killed run and the next one told; survived and found: the messages
    that were there after each."""
    if lost := set(told(first, "kept")) - set(told(survived, "holds")):
        return f"acknowledged and lost: {sorted(lost)}"
    if lost := MESSAGES - set(told(found, "holds")):
        return f"not there in the end: {sorted(lost)}"
    sent = collections.Counter(told(first, "sent") + told(second, "sent"))
    if twice := [key for key, times in sent.items() if times > 1]:
        return f"handed out twice without a word that it may have arrived: {twice}"
    keys = set(sent) | set(told(second, "sent-again"))
    if len(keys) != 1:
        return f"{len(keys)} deliveries of one order"
    return None


class EngineStory(unittest.TestCase):
    def test_what_the_plugin_acknowledged_is_there_and_is_handed_out_once(self):
        with tempfile.TemporaryDirectory() as folder, \
                FhirPeer("--data", patients(folder, "okafor")) as hospital:
            engine = Engine(hospital)
            engine.prepare(folder)
            points_file = pathlib.Path(folder) / "points"
            _, first = engine.run("tell", folder, kill_points.counting(points_file))
            points = kill_points.read_points(points_file)
            _, found = engine.run("look", folder)
            self.assertIsNone(what_is_wrong([], [], first, found))
            visited = kill_points.share(points, EVERY)
            self.assertEqual(kill_points.visit(visited, engine.killed_at), [])
        print(f"{len(visited)} of {len(points)} points, {len(MISSED)} of them not reached")
        self.assertLessEqual(len(MISSED), len(visited) // 10)


class WhatIsWrong(unittest.TestCase):
    """The comparison finds each kind of loss; the lines are those of a good run, changed in one place."""

    def setUp(self):
        self.found = [("holds", message) for message in sorted(MESSAGES)]
        self.second = [("kept", message) for message in sorted(MESSAGES)] + [("sent", "key")]

    def test_a_good_run_passes(self):
        self.assertIsNone(what_is_wrong([], [], self.second, self.found))

    def test_a_message_that_was_acknowledged_and_lost_is_found(self):
        first = [("kept", "message-0"), ("kept", "message-1")]
        self.assertIn("message-1", what_is_wrong(first, self.found[:1], self.second, self.found))

    def test_a_message_that_never_comes_back_is_found(self):
        self.assertIn("message-4", what_is_wrong([], [], self.second, self.found[:4]))

    def test_a_second_delivery_is_found_unless_it_says_so(self):
        self.assertIn("twice", what_is_wrong([("sent", "key")], [], self.second, self.found))
        again = [*self.second[:-1], ("sent-again", "key")]
        self.assertIsNone(what_is_wrong([("sent", "key")], [], again, self.found))

    def test_a_delivery_under_another_key_is_found(self):
        self.assertIn("2 deliveries", what_is_wrong([("sent", "other")], [], self.second, self.found))


if __name__ == "__main__":
    EVERY = int(sys.argv.pop(1))
    unittest.main()
