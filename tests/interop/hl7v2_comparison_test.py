# SPDX-License-Identifier: Apache-2.0
"""Every message of the test data, as Meridian, HAPI HL7 v2 and Medplum read it: who takes it, which segments it has and what
stands in each field. Whatever a peer sees otherwise is explained in hl7v2_differences.json, and nothing else is there."""
import collections
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import unittest

from hl7v2_messages import DATA, everything
from hl7v2_peers import hapi_command, medplum_command

HERE = pathlib.Path(__file__).resolve().parent
PEERS = {"meridian": [os.environ["MERIDIAN_HL7V2_FIELDS"]], "hapi": hapi_command("Fields"),
         "medplum": medplum_command("fields.mjs")}
PATIENCE = 900  # seconds
Difference = collections.namedtuple("Difference", "peer message path ours theirs")


def readings(command, texts):
    """What a program makes of the messages, in their order."""
    ran = subprocess.run(command, input="".join(text + "\n" for text in texts).encode(), check=True,
                         stdout=subprocess.PIPE, timeout=PATIENCE)
    return [json.loads(line) for line in ran.stdout.split(b"\n") if line]


def normal(value):
    """Line ends are LF; what is not there is empty."""
    return re.sub("\r\n|\r", "\n", value or "")


def accepts(reading):
    return "refused: " + reading["error"] if "error" in reading else "taken"


def differences(peer, message, ours, theirs):
    """What a peer says otherwise. A message that one of them refuses has no fields to compare."""
    if "error" in ours or "error" in theirs:
        if "error" not in ours or "error" not in theirs:
            yield Difference(peer, message, "accepts", accepts(ours), accepts(theirs))
        return
    said = [" ".join(one["segments"]) for one in (ours, theirs)]
    if said[0] != said[1]:
        yield Difference(peer, message, "segments", *said)
    for path in sorted(ours["values"].keys() | theirs["values"].keys()):
        mine, other = normal(ours["values"].get(path)), normal(theirs["values"].get(path))
        if mine != other:
            yield Difference(peer, message, path, mine, other)


def explains(entry, difference):
    """`messages` are globs; `path` and `says` are expressions for the whole text."""
    return (entry["peer"] == difference.peer
            and any(fnmatch.fnmatchcase(difference.message, glob) for glob in entry["messages"])
            and re.fullmatch(entry["path"], difference.path)
            and re.fullmatch(entry["says"], f"{difference.ours} => {difference.theirs}", re.DOTALL))


class Comparison(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not DATA.is_dir():
            raise unittest.SkipTest("the test data is not here")
        messages = list(everything())
        cls.names = [name for name, _ in messages]
        cls.read = {peer: readings(command, [text for _, text in messages]) for peer, command in PEERS.items()}
        cls.entries = json.loads((HERE / "hl7v2_differences.json").read_text())["entries"]
        cls.found = [one for peer in ("hapi", "medplum") for at, name in enumerate(cls.names)
                     for one in differences(peer, name, cls.read["meridian"][at], cls.read[peer][at])]
        for peer, read in cls.read.items():
            refused = sum("error" in one for one in read)
            print(f"{peer}: {len(read) - refused} taken, {refused} refused, "
                  f"{sum(len(one.get('values', ())) for one in read)} values")

    def test_each_program_answers_for_each_message(self):
        self.assertGreaterEqual(len(self.names), 700)
        for peer, read in self.read.items():
            self.assertEqual(len(read), len(self.names), peer)

    def test_each_difference_is_explained_and_each_explanation_is_needed(self):
        used, unexplained = collections.Counter(), []
        for one in self.found:
            at = next((i for i, entry in enumerate(self.entries) if explains(entry, one)), None)
            used[at] += 1
            if at is None:
                unexplained.append(one)
        print(f"{len(self.found)} differences, {len(self.entries)} entries")
        for at, entry in enumerate(self.entries):
            print(f"{used[at]:6} {entry['peer']}: {entry['what']}")
        self.assertEqual(unexplained[:20], [], f"{len(unexplained)} differences that no entry explains")
        self.assertEqual([entry["what"] for i, entry in enumerate(self.entries) if not used[i]], [],
                         "entries that explain nothing")

    def test_each_explanation_says_who_is_right_and_where_one_side_is_wrong_the_source(self):
        for entry in self.entries:
            with self.subTest(entry["what"]):
                self.assertLessEqual({"peer", "what", "why", "right", "messages", "path", "says"}, entry.keys())
                self.assertIn(entry["right"], ("meridian", "peer", "both"))
                self.assertTrue(entry["right"] == "both" or entry.get("source"))


if __name__ == "__main__":
    unittest.main()
