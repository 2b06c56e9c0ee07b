# SPDX-License-Identifier: Apache-2.0
"""The store keeps what it promised, wherever the process is killed.

usage: store_test.py EVERY [postgres]: visits every EVERY-th kill point (1: all), on SQLite, or on the
PostgreSQL server whose URL MERIDIAN_POSTGRES_FILE names.
"""
import collections
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import kill_points
from postgres.shared import Schema

STORY = os.environ["MERIDIAN_STORE_STORY"]
ORDERS = [f"ServiceRequest/{number}" for number in range(8)]
EVERY = 1
MISSED = []  # points that a run did not come to: the story makes the same calls in every run


class OnSqlite:
    """A database in a folder."""
    touches = [("write", "meridian.db-wal"), ("sync", "meridian.db-wal"), ("write", "meridian.db"),
               ("sync", "meridian.db"), ("create", "site.key.new"), ("write", "site.key.new")]

    def __init__(self, folder):
        self.folder = folder
        self.environment = {}

    def let_leases_run_out(self):
        """The story's next run says how many hours have passed."""

    def close(self):
        pass


class OnPostgres:
    """A schema on the tests' server, and a folder for the key."""
    touches = [("connect", "out"), ("send", "out"), ("create", "site.key.new"), ("write", "site.key.new")]

    def __init__(self, folder):
        self.schema = Schema()
        self.folder = folder
        self.environment = {"MERIDIAN_STORE_URL": self.schema.url}

    def let_leases_run_out(self):
        self.schema.shift_time(hours=1)

    def close(self):
        self.schema.close()


@contextlib.contextmanager
def a_database():
    with tempfile.TemporaryDirectory() as folder:
        database = KIND(folder)
        try:
            yield database
        finally:
            database.close()


def run(command, database, hours, environment=None):
    """Exit status and the lines that were told."""
    environment = {**(environment or os.environ), **database.environment}
    done = subprocess.run([STORY, command, database.folder, str(hours)], env=environment, timeout=60,
                          capture_output=True, text=True)
    if done.returncode > 0:
        raise RuntimeError(f"{command}: {done.stderr.strip()}")
    return done.returncode, [line.split() for line in done.stdout.splitlines()]


def told(lines, word):
    return [line[1:] for line in lines if line[0] == word]


def what_is_wrong(first, second, found):
    """Compares what the killed run and the next one told with what is in the database after both."""
    answers = {order: answer for order, *answer in told(second, "kept")}
    for order, *answer in told(first, "kept"):
        if answers.get(order) != answer:
            return f"{order} was acknowledged with {answer}, and again with {answers.get(order)}"
    sent = collections.Counter(key for key, in told(first, "sent") + told(second, "sent"))
    if twice := [key for key, times in sent.items() if times > 1]:
        return f"sent twice without a word that it may have arrived: {twice}"
    keys = sent.keys() | {key for key, in told(second, "sent-again")}
    if len(keys) != len(ORDERS):
        return f"{len(keys)} referrals were sent, not {len(ORDERS)}"
    holds = {order: " ".join(rest) for order, *rest in told(found, "holds")}
    for order in ORDERS:
        parts = holds.get(order, "").split()
        message, key = (parts[4], parts[-2]) if len(parts) == 14 else ("", "")
        expected = (f"delivered version 3 message {message} event ordered event routed "
                    f"event delivered delivery {key} delivered")
        if holds.get(order) != expected or f"as {message}" not in " ".join(answers[order]):
            return f"{order}: {holds.get(order)}"
    totals = [told(found, word) for word in ("messages", "referrals", "audited")]
    if totals != [[[str(len(ORDERS))]], [[str(len(ORDERS))]], [[str(3 * len(ORDERS))]]]:
        return f"messages, referrals and audit entries are {totals}"
    return None


def killed_at(point):
    with a_database() as database:
        status, first = run("tell", database, 0, kill_points.killing(point))
        if not kill_points.was_killed(status):
            MISSED.append(point)
        database.let_leases_run_out()
        _, second = run("tell", database, 1)
        _, found = run("look", database, 1)
        return what_is_wrong(first, second, found)


class StoreStory(unittest.TestCase):
    def test_nothing_kept_is_lost_and_nothing_is_sent_twice_unsaid(self):
        with a_database() as database:
            points_file = pathlib.Path(database.folder) / "points"
            _, first = run("tell", database, 0, kill_points.counting(points_file))
            points = kill_points.read_points(points_file)
            _, found = run("look", database, 1)
        self.assertIsNone(what_is_wrong([], first, found))
        self.assert_touches(points)
        visited = kill_points.share(points, EVERY)
        self.assertEqual(kill_points.visit(visited, killed_at), [])
        print(f"{len(visited)} of {len(points)} points")
        self.assertEqual(list(map(str, MISSED)), [])

    def assert_touches(self, points):
        """The count sees what it is for: on SQLite the log is written, synced and copied to the database."""
        kinds = {(point.function, point.target) for point in points}
        for kind in KIND.touches:
            self.assertIn(kind, kinds)


class WhatIsWrong(unittest.TestCase):
    """The comparison finds each kind of loss; the lines are those of a good run, changed in one place."""

    def setUp(self):
        self.second = [["kept", order, "taken", "as", f"M{order}"] for order in ORDERS]
        self.second += [["sent", f"key-{order}"] for order in ORDERS]
        self.found = [f"holds {order} delivered version 3 message M{order} event ordered event routed "
                      f"event delivered delivery key-{order} delivered".split() for order in ORDERS]
        self.found += [["messages", "8"], ["referrals", "8"], ["audited", "24"]]

    def test_a_good_run_passes(self):
        self.assertIsNone(what_is_wrong([], self.second, self.found))

    def test_another_answer_to_a_repeat_is_found(self):
        first = [["kept", ORDERS[0], "taken", "as", "other"]]
        self.assertIn("acknowledged", what_is_wrong(first, self.second, self.found))

    def test_a_second_send_is_found_unless_it_says_so(self):
        first = [["sent", f"key-{ORDERS[0]}"]]
        self.assertIn("sent twice", what_is_wrong(first, self.second, self.found))
        said = [["sent-again", *line[1:]] if line == ["sent", f"key-{ORDERS[0]}"] else line
                for line in self.second]
        self.assertIsNone(what_is_wrong(first, said, self.found))

    def test_a_lost_referral_is_found(self):
        self.assertIn(ORDERS[3], what_is_wrong([], self.second, self.found[:3] + self.found[4:]))

    def test_a_lost_event_is_found(self):
        self.found[2] = [word for word in self.found[2] if word != "routed"]
        self.assertIn(ORDERS[2], what_is_wrong([], self.second, self.found))

    def test_a_message_kept_twice_is_found(self):
        self.found[-3] = ["messages", "9"]
        self.assertIn("9", what_is_wrong([], self.second, self.found))


KIND = OnSqlite

if __name__ == "__main__":
    if sys.argv[-1] == "postgres":
        KIND = OnPostgres
        sys.argv.pop()
    EVERY = int(sys.argv.pop(1))
    unittest.main()
