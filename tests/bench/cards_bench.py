#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cards under load: an EHR asks `meridian serve` 50 times a second about the sandbox's patients, whose referrals are under way.

    cards_bench.py BIN    BIN: the folder with meridian and meridian-sandbox-fhir, optimised

Three hooks in turn: order-sign with a draft, order-dispatch with the patient's order, patient-view. Calls leave at their time
whatever became of those before (open loop), each on a connection of its own with a token of its own; a wait counts from when the
call was due. Two cases: what the rules read is brought along (prefetch), and all of it is read from the hospital's FHIR server,
which shares this machine as the caller does. Prints a JSON line each: the 99th percentile over the aim of 500 ms, with the
other percentiles, the slowest, that percentile of each hook, and how many answers said that not all was read in time.
"""
import concurrent.futures
import json
import os
import pathlib
import random
import subprocess
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
SECONDS = 30
GOAL_MS = 500
SERVICES = "/cds/hospital/cds-services"
# Its orders become referrals, so that there is something to say of them.
cds_hooks_test.CONFIG = cds_hooks_test.CONFIG.replace("poll_seconds = 3600", "poll_seconds = 5")


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


    def referrals(self):
        said = subprocess.run([os.environ["MERIDIAN_PROGRAM"], "referrals", "list", "--config", self.folder / "site.toml"],
                              check=True, capture_output=True, text=True).stdout
        return sorted(json.loads(line)["state"] for line in said.splitlines())

    def settle(self):
        """Until every order is a referral and none of them moves."""
        before, ends = None, time.monotonic() + 300
        while time.monotonic() < ends:
            now = self.referrals()
            if now and now == before:
                return
            before = now
            time.sleep(10)
        raise RuntimeError("the referrals do not settle")

    def calls(self, templates=None):
        """(hook, call) of each patient; with all that the templates ask for, where there are any."""
        for patient in sorted(one["id"] for one in self.hospital.search("Patient")):
            brought = None if templates is None else self.prefetch(templates, patient)
            more = {} if brought is None else {"prefetch": brought}
            yield "order-sign", cds_client.order_sign(patient, prefetch=brought)
            yield "patient-view", {"hook": "patient-view", "hookInstance": "view-" + patient,
                                   "context": {"userId": "Practitioner/1", "patientId": patient}, **more}
            for order in self.hospital.search(f"ServiceRequest?subject=Patient/{patient}&status=active"):
                yield "order-dispatch", {"hook": "order-dispatch", "hookInstance": "dispatch-" + order["id"],
                                         "context": {"patientId": patient,
                                                     "dispatchedOrders": ["ServiceRequest/" + order["id"]]}, **more}


def call(site, due, hook, body, token):
    """Milliseconds from when it was due, and the answer."""
    wait = due - time.perf_counter()
    if wait > 0:
        time.sleep(wait)
    status, said = cds_client.post(f"{site.url}{SERVICES}/{hook}", body, token)
    return (time.perf_counter() - due) * 1e3, status, said


def percentile(waits, share):
    return round(sorted(waits)[min(int(len(waits) * share), len(waits) - 1)], 1)


def measure(site, case, calls):
    count = PER_SECOND * SECONDS
    random.Random(7).shuffle(calls)
    calls = [calls[number % len(calls)] for number in range(count)]
    with concurrent.futures.ThreadPoolExecutor(4) as makers:
        tokens = list(makers.map(lambda one: site.client.token(f"https://meridian.example{SERVICES}/{one[0]}"), calls))
    encoded = [json.dumps(body).encode() for _, body in calls]
    begin = time.perf_counter() + 0.5
    with concurrent.futures.ThreadPoolExecutor(96) as callers:
        answers = list(callers.map(
            lambda number: call(site, begin + number / PER_SECOND, calls[number][0], encoded[number], tokens[number]),
            range(count)))
    wrong = [status for _, status, _ in answers if status != 200]
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {count} calls were answered by {wrong[0]}")
    waits = [wait for wait, _, _ in answers]
    late = sum("not read in time" in json.dumps(said) for _, _, said in answers)
    hooks = sorted({hook for hook, _ in calls})
    p99 = percentile(waits, 0.99)
    print(json.dumps({"bench": "cards", "case": case, "ratio": round(p99 / GOAL_MS, 3), "goal": 1, "better": "lower",
                      "met": p99 < GOAL_MS, "calls": count, "per_second": PER_SECOND,
                      "p50_ms": percentile(waits, 0.5), "p95_ms": percentile(waits, 0.95), "p99_ms": p99,
                      "slowest_ms": round(max(waits), 1),
                      "p99_ms_by_hook": {hook: percentile([wait for wait, (said, _) in zip(waits, calls) if said == hook],
                                                          0.99) for hook in hooks},
                      "not_read_in_time": late,
                      "cards_each": round(sum(len(said["cards"]) for _, _, said in answers) / count, 2)}), flush=True)


def main():
    site = Hospital()
    try:
        site.setUp()
        site.settle()
        templates = json.loads(site.get(SERVICES))["services"][0]["prefetch"]
        measure(site, "prefetched", list(site.calls(templates)))
        measure(site, "gathered", list(site.calls()))
    finally:
        site.doCleanups()
    return 0


if __name__ == "__main__":
    sys.exit(main())
