# SPDX-License-Identifier: Apache-2.0
"""`meridian serve` keeps what it promised, wherever it is killed.

Two referrals: one goes to the clinic and comes back as a note in the surgeon's record, one is an
emergency that a named contact acknowledges. The runtime is killed at a point, started again, and in
the end everything is there once.

usage: serve_test.py EVERY: visits every EVERY-th kill point (1: all).
"""
import pathlib
import sys
import tempfile
import unittest

import kill_points
from town import Town

EVERY = 1
MISSED = []  # points that a run did not come to: how often it polls depends on the machine


def whole_story(environment):
    """One run without a kill: what the systems hold in the end."""
    with tempfile.TemporaryDirectory() as folder, Town(folder) as town:
        town.serve(environment)
        if not town.live():
            raise RuntimeError(f"the runtime ended: {town.log()}")
        status = town.stop()
        return status, town.census()


def what_is_wrong(town, census):
    if (found := town.census()) != census:
        return f"more or fewer than once: {dict(found - census)} too many, {dict(census - found)} missing"
    if repeated := town.repeated():
        return f"not recognised as a repeat: {repeated}"
    page = town.status_page()
    for good in ("2 referrals", " 0 in quarantine", " 0 ambiguous", " 0 failed"):
        if good not in page:
            return f"the status page does not say{good}: {town.where_it_stands()['page']}"
    if "wait for acknowledgement" in page:
        return "the acknowledgement of the alert was lost"
    if len(town.pager.alerts) != 1:
        return f"{len(town.pager.alerts)} different alerts"
    return None


def killed_at(point, census):
    with tempfile.TemporaryDirectory() as folder, Town(folder) as town:
        town.serve(kill_points.killing(point))
        if town.live():
            town.stop()
        if not kill_points.was_killed(town.meridian.returncode):
            MISSED.append(point)
        town.serve()
        if not town.live():
            return f"the second run ended with {town.meridian.returncode}: {town.log()[-800:]}"
        wrong = what_is_wrong(town, census)
        status = town.stop()
        return wrong or (f"the stop ended with {status}" if status else None)


class ServeStory(unittest.TestCase):
    def test_everything_is_there_once_wherever_the_runtime_was_killed(self):
        with tempfile.TemporaryDirectory() as folder:
            points_file = pathlib.Path(folder) / "points"
            status, census = whole_story(kill_points.counting(points_file))
            points = kill_points.read_points(points_file)
        self.assertEqual(status, 0)
        self.assertEqual((census["clinic Task"], census["hospital note"]), (1, 1))
        self.assert_touches(points)
        visited = kill_points.share(points, EVERY)
        wrong = kill_points.visit(visited, lambda point: killed_at(point, census))
        print(f"{len(visited)} of {len(points)} points, {len(MISSED)} of them not reached")
        self.assertEqual(wrong, [])
        self.assertLessEqual(len(MISSED), len(visited) // 5)

    def assert_touches(self, points):
        """The count sees what it is for."""
        kinds = {(point.function, point.target) for point in points}
        for kind in [("write", "site.db-wal"), ("sync", "site.db-wal"), ("connect", "out"), ("send", "out"),
                     ("send", "in")]:
            self.assertIn(kind, kinds)


if __name__ == "__main__":
    EVERY = int(sys.argv.pop(1))
    unittest.main()
