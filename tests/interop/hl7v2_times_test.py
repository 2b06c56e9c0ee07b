# SPDX-License-Identifier: Apache-2.0
"""How long HAPI takes to parse the messages of which hl7v2_bench says how long we take to have them in the model; beside it
our parser alone, which is what HAPI's does. Prints lines of JSON, and fails for no time: only when the messages are not the same."""
import json
import os
import subprocess
import unittest

from hl7v2_messages import DATA, timed
from hl7v2_peers import hapi_command

GOAL = 60
ROUNDS = "9"
PATIENCE = 900  # seconds


def output(command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=PATIENCE, **options).stdout


class Times(unittest.TestCase):
    def test_hapi_parses_the_messages_that_we_normalize(self):
        if not DATA.is_dir():
            self.skipTest("the test data is not here")
        lines = map(json.loads, output([os.environ["MERIDIAN_HL7V2_BENCH"], ROUNDS]).splitlines())
        ours = {line["case"].split("_")[0]: line for line in lines}
        for name, kind in (("oru", b"|ORU^R01"), ("ref", b"|REF^I12")):
            with self.subTest(name):
                messages, us = list(timed(kind)), ours[name]
                self.assertEqual((len(messages), sum(map(len, messages)) // len(messages)),
                                 (us["messages"], us["mean_bytes"]))
                taken, micros = output(hapi_command("Times", ROUNDS), input=b"\n".join(messages)).split()
                self.assertEqual(int(taken), len(messages))
                ratio = float(micros) / us["model_us"]
                print(json.dumps({"bench": "hl7v2", "case": f"{name}_times_faster_than_hapi", "ratio": round(ratio, 1),
                                  "goal": GOAL, "better": "higher", "met": ratio >= GOAL, "messages": len(messages),
                                  "hapi_us": round(float(micros), 2), "model_us": us["model_us"],
                                  "parse_us": us["parse_us"], "parse_ratio": round(float(micros) / us["parse_us"], 1)}))


if __name__ == "__main__":
    unittest.main()
