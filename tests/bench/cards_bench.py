#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cards at signing under load: an EHR asks `meridian serve` 50 times a second about the sandbox's patients.

    cards_bench.py BIN    BIN: the folder with meridian and meridian-sandbox-fhir, optimised

Calls leave at their time whatever became of those before (open loop), each on a connection of its own with a token of
its own; a wait counts from when the call was due. Two cases: what the rules read is brought along (prefetch), and all of it is
read from the hospital's FHIR server, which shares this machine as the caller does. Prints a JSON line each: the
99th percentile over the aim of 500 ms, with the median, the slowest, and how many answers said that not all was read in time.
"""
import concurrent.futures
import json
import os
import pathlib
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BIN = pathlib.Path(sys.argv[1])
os.environ.setdefault("MERIDIAN_PROGRAM", str(BIN / "meridian"))
os.environ.setdefault("MERIDIAN_SANDBOX_FHIR", str(BIN / "meridian-sandbox-fhir"))
sys.path += [str(HERE.parent), str(HERE.parent / "smoke")]

import cds_client  # noqa: E402: they read the environment
import cds_hooks_test  # noqa: E402
from fhir_peer import SANDBOX_DATA  # noqa: E402

PER_SECOND = 50
SECONDS = 15
GOAL_MS = 500
PATH = "/cds/hospital/cds-services/order-sign"


class Hospital(cds_hooks_test.AtSigning):
    """The smoke test's site with every patient of the sandbox's hospital."""

    milliseconds = 800
    records = sorted(file.stem for file in (SANDBOX_DATA / "hospital").glob("*.json") if "-" not in file.stem)

    def runTest(self):
        pass

    def prefetch(self, templates, patient):
        found = {}
        for name, template in templates.items():
            status, body = self.hospital.ask("GET", template.replace("{{context.patientId}}", patient) +
                                             ("&_count=500" if "?" in template else ""))
            if status == 200:
                found[name] = body
        return found


def call(site, due, body, token):
    """Milliseconds from when it was due, and the answer."""
    wait = due - time.perf_counter()
    if wait > 0:
        time.sleep(wait)
    status, said = cds_client.post(site.url + PATH, body, token)
    return (time.perf_counter() - due) * 1e3, status, said


def measure(site, case, bodies):
    count = PER_SECOND * SECONDS
    with concurrent.futures.ThreadPoolExecutor(4) as makers:
        tokens = list(makers.map(lambda _: site.client.token("https://meridian.example" + PATH), range(count)))
    encoded = [json.dumps(bodies[number % len(bodies)]).encode() for number in range(count)]
    begin = time.perf_counter() + 0.5
    with concurrent.futures.ThreadPoolExecutor(96) as callers:
        answers = list(callers.map(lambda number: call(site, begin + number / PER_SECOND, encoded[number], tokens[number]),
                                   range(count)))
    waits = sorted(wait for wait, _, _ in answers)
    wrong = [status for _, status, _ in answers if status != 200]
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {count} calls were answered by {wrong[0]}")
    late = sum("not read in time" in json.dumps(said) for _, _, said in answers)
    p99 = waits[int(count * 0.99)]
    print(json.dumps({"bench": "cards", "case": case, "ratio": round(p99 / GOAL_MS, 3), "goal": 1, "better": "lower",
                      "met": p99 <= GOAL_MS, "calls": count, "per_second": PER_SECOND,
                      "p50_ms": round(waits[count // 2], 1), "p99_ms": round(p99, 1), "slowest_ms": round(waits[-1], 1),
                      "not_read_in_time": late,
                      "cards_each": round(sum(len(said["cards"]) for _, _, said in answers) / count, 2)}), flush=True)


def main():
    site = Hospital()
    try:
        site.setUp()
        patients = [patient["id"] for patient in site.hospital.search("Patient")]
        templates = json.loads(site.get("/cds/hospital/cds-services"))["services"][0]["prefetch"]
        brought = [cds_client.order_sign(one, prefetch=site.prefetch(templates, one)) for one in patients]
        measure(site, "prefetched", brought)
        measure(site, "gathered", [cds_client.order_sign(one) for one in patients])
    finally:
        site.doCleanups()
    return 0


if __name__ == "__main__":
    sys.exit(main())
