# SPDX-License-Identifier: Apache-2.0
"""Compares `meridian normalize` with a file that was written by hand before the code.

usage: normalize.py MERIDIAN DATA EXPECTED; 77 where the third-party input is absent.
How the two are compared: normalize/NOTES.md.
"""
import json
import pathlib
import subprocess
import sys


def refs(entries):
    return [entry["ref"] for entry in entries]


def members(entries, names):
    return [{name: entry[name] for name in names} for entry in entries]


def scores(entries):
    picked = members(entries, ["ref", "instrument", "value", "date"])
    for score in picked:
        score["value"] = None if score["value"] in (None, "") else str(score["value"])
    return picked


def pain_types(entries):
    return sorted((entry["type"], sorted(entry["basis"])) for entry in entries)


def reduced(episode, reduce_refs):
    """An episode as the expected files have it; reduce_refs for the program's own output."""
    take = refs if reduce_refs else list
    return {
        "onset": episode["onset"],
        "lastSeen": episode["lastSeen"],
        "bodyRegion": episode["bodyRegion"],
        "painTypes": pain_types(episode["painTypes"]),
        "encounters": take(episode["encounters"]),
        "conditions": take(episode["conditions"]),
        "imaging": members(episode["imaging"], ["ref", "modality", "region", "date"]),
        "procedures": members(episode["procedures"], ["ref", "category", "date"]),
        "medications": take(episode["medications"]),
        "scores": scores(episode["scores"]),
        "referrals": members(episode["referrals"], ["ref", "status", "priority"]),
    }


def patients_of(output):
    lines = [json.loads(line) for line in output.splitlines()]
    return [
        {
            "id": line["patient"]["id"],
            "birthDate": line["patient"]["birthDate"],
            "gender": line["patient"]["gender"],
            "episodes": [reduced(episode, True) for episode in line["episodes"]],
        }
        for line in lines
        if line["patient"]
    ]


def issues_of(output):
    """Severity and path of each, in order."""
    return [f"{issue['severity']} {issue['path']}"
            for line in output.splitlines() for issue in json.loads(line)["issues"]]


def expected_patients(case):
    return [
        {
            "id": patient["id"],
            "birthDate": patient["birthDate"],
            "gender": patient["gender"],
            "episodes": [reduced(episode, False) for episode in patient["episodes"]],
        }
        for patient in case["patients"]
    ]


def differences(expected, found, path=""):
    if type(expected) is not type(found):
        yield f"{path}: expected {expected!r}, found {found!r}"
    elif isinstance(expected, dict):
        for key in expected:
            yield from differences(expected[key], found.get(key), f"{path}.{key}")
    elif isinstance(expected, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found)):
            yield from differences(one, other, f"{path}[{number}]")
    elif expected != found:
        yield f"{path}: expected {expected!r}\n    found {found!r}"


def main(program, data, case_file):
    case = json.loads(pathlib.Path(case_file).read_text())
    if "inputs" in case:  # beside the case
        sources = [pathlib.Path(case_file).parent / name for name in case["inputs"]]
    else:
        sources = [pathlib.Path(data) / case["input"]]
        if not sources[0].exists():
            print("skipped: the test data is not here:", case["input"])
            return 77
    options = [word for pair in case.get("authorities", []) for word in ("--authority", pair)]
    ran = subprocess.run([program, "normalize", *options, *map(str, sources)], capture_output=True,
                         text=True)
    if ran.returncode not in (0, 1):
        print("the program ended with", ran.returncode, ran.stderr[:2000])
        return 1
    found = list(differences(expected_patients(case), patients_of(ran.stdout), "patients"))
    if "issues" in case:
        found += differences(case["issues"], issues_of(ran.stdout), "issues")
    print("\n".join(found) or "as expected: " + case["about"])
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
