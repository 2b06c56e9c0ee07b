# SPDX-License-Identifier: Apache-2.0
"""Compares `meridian assess` with what was decided by hand from the clinical rules.

usage: assess.py MERIDIAN CASE_FOLDER. A case is input.json, expected.json and about.md.
expected.json: "arguments" for the program; "assessments" with what must be so, nothing left out but
texts. A flag is [rule, severity, evidence], a caution [rule, manual, electro, evidence], a lane
[service, urgency, modality]; "blocking" and "stated" are the questions of what is missing.
"""
import json
import pathlib
import subprocess
import sys


def reduced(assessment):
    missing = assessment["missing"]
    return {
        "referral": assessment["referral"],
        "disposition": assessment["disposition"],
        "painTypes": [entry["type"] for entry in assessment["painTypes"]],
        "lanes": [[lane["service"], lane["urgency"], lane["modality"]] for lane in assessment["lanes"]],
        "flags": [[flag["rule"], flag["severity"], flag["evidence"]] for flag in assessment["flags"]],
        "cautions": [
            [entry["rule"], entry["manual"], entry["electro"], entry["evidence"]]
            for entry in assessment["cautions"]
        ],
        "blocking": [item["question"] for item in missing if item["blocksAcupuncture"]],
        "stated": [item["question"] for item in missing if not item["blocksAcupuncture"]],
        "coverage": [[entry["rule"], entry["status"]] for entry in assessment["coverage"]],
        "annotations": [entry["rule"] for entry in assessment["annotations"]],
        "validUntil": assessment["validUntil"],
    }


def without_texts(entries):
    """Every entry must say its rule, its source and something for people."""
    for entry in entries:
        for name in ("rule", "source", "text"):
            if not entry[name]:
                yield f"an entry has no {name}: {entry}"


def differences(expected, found):
    for key in sorted(set(expected) | set(found)):
        if expected.get(key) != found.get(key):
            yield f"{key}:\n  expected {expected.get(key)}\n  found    {found.get(key)}"


def main(program, folder):
    case = pathlib.Path(folder)
    expected = json.loads((case / "expected.json").read_text())
    command = [program, "assess", str(case / "input.json"), *expected["arguments"]]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode != 0:
        print("the program ended with", ran.returncode, ran.stderr[:2000])
        return 1
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assessments = [entry for line in lines for entry in line["assessments"]]
    faults = [f"issue: {issue}" for line in lines for issue in line["issues"]]
    for assessment in assessments:
        for kind in ("flags", "cautions", "missing", "coverage", "annotations"):
            faults += without_texts(assessment[kind])
    if len(assessments) != len(expected["assessments"]):
        faults.append(f"expected {len(expected['assessments'])} assessments, found {len(assessments)}")
    for one, other in zip(expected["assessments"], map(reduced, assessments)):
        faults += differences(one, other)
    print("\n".join(faults) or (case / "about.md").read_text())
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
