# SPDX-License-Identifier: Apache-2.0
"""The shim kills where it says, and nowhere else."""
import os
import pathlib
import socket
import subprocess
import tempfile
import unittest

import kill_points

STORY = os.environ["MERIDIAN_SHIM_STORY"]

# What the story leaves behind when it ends between two calls: name of the note, its content, and
# what the listener heard.
CALLS = [
    ("create note.new", ("note.new", "", "")),
    ("write note.new", ("note.new", "one ", "")),
    ("write note.new", ("note.new", "one two ", "")),
    ("sync note.new", ("note.new", "one two ", "")),
    ("rename note", ("note", "one two ", "")),
    ("connect out", ("note", "one two ", "")),
    ("send out", ("note", "one two ", "hello ")),
    ("write out", ("note", "one two ", "hello bye")),
    ("truncate note", ("note", "one ", "hello bye")),
    ("sync note", ("note", "one ", "hello bye")),
    ("unlink note", (None, None, "hello bye")),
]


def what_was_said(listener):
    """What the one caller sent. It has ended: all of it is here, or it never called."""
    listener.setblocking(False)
    try:
        line, _ = listener.accept()
    except BlockingIOError:
        return ""
    line.setblocking(True)
    with line, line.makefile("rb") as text:
        return text.read().decode()


def run(folder, environment):
    """Runs the story; its exit status and what it left behind."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = subprocess.run([STORY, folder, str(listener.getsockname()[1])], env=environment,
                              capture_output=True, timeout=20)
        said = what_was_said(listener)
    for name in ("note.new", "note"):
        path = pathlib.Path(folder) / name
        if path.exists():
            return done.returncode, (name, path.read_text(), said)
    return done.returncode, (None, None, said)


class Shim(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.points_file = pathlib.Path(folder.name) / "points"

    def count(self):
        status, left = run(self.folder, kill_points.counting(self.points_file))
        self.assertEqual((status, left), (0, (None, None, "hello bye")))
        return kill_points.read_points(self.points_file)

    def test_each_call_on_files_and_sockets_is_counted_in_order(self):
        self.count()
        self.assertEqual(self.points_file.read_text().splitlines(), [call for call, _ in CALLS])

    def test_the_process_dies_before_and_after_each_of_them(self):
        points = self.count()
        self.assertEqual(len(points), 2 * len(CALLS))
        nothing = (None, None, "")
        for number, point in enumerate(points):
            with self.subTest(str(point)), tempfile.TemporaryDirectory() as folder:
                done = number // 2 if point.when == "before" else number // 2 + 1
                status, left = run(folder, kill_points.killing(point))
                self.assertTrue(kill_points.was_killed(status), status)
                self.assertEqual(left, CALLS[done - 1][1] if done else nothing)

    def test_a_point_that_is_never_reached_kills_nobody(self):
        status, _ = run(self.folder, kill_points.killing(kill_points.Point("before", "sync", "note", 2)))
        self.assertEqual(status, 0)

    def test_a_share_has_the_first_and_the_last_of_each_kind(self):
        points = [kill_points.Point(when, "write", name, n)
                  for name in ("a", "b") for n in range(1, 101) for when in ("before", "after")]
        part = kill_points.share(points, 40)
        self.assertEqual(len(part), 10 + 8 - 2)  # by number, first and last, both
        for name in ("a", "b"):
            self.assertIn(kill_points.Point("after", "write", name, 100), part)
        self.assertEqual(kill_points.share(points, 1), points)


class Visit(unittest.TestCase):
    def test_what_a_story_says_is_wrong_is_told_with_its_point(self):
        points = [kill_points.Point("after", "send", "in", n) for n in (1, 2)]
        told = kill_points.visit(points, lambda point: "lost" if point.ordinal == 2 else None)
        self.assertEqual(told, ["after send in 2: lost"])


if __name__ == "__main__":
    unittest.main()
