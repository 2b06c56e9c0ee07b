# SPDX-License-Identifier: Apache-2.0
"""Compares `course` and `ledger` of `meridian assess` with what was worked out by hand.

usage: course.py MERIDIAN CASE_FOLDER. A case is input.* (every file of that name, together),
expected.json and about.md. expected.json: "arguments" for the program, and for its only assessment:

  "disposition"; "blocking" and "stated": the questions of the course among what is missing;
  "alert": the rules of its emergency flags; "coverage": [rule, status];
  "course": began, visits, day, response, action; checkPoints [id, state, on, reachedBy, response,
    action]; scores [instrument, state, baseline, now]; holds [rule, evidence]; adverseEvents [grade,
    on, evidence]; decision {to, row, otherwise, open: [row, number of questions]}; prepared
    [urgency, records];
  "ledger": used, scheduled, unaccounted; allowances {rule, status, authorised, limit, used,
    remaining, remainingIfImproving, phaseUntil, yearUntil, booked: [day, number, status]}.
Nothing may be left out but texts; every entry must say its rule, its source and something for people.
"""
import json
import pathlib
import subprocess
import sys


def reduced_course(course):
    if course is None:
        return None
    decision, prepared = course["decision"], course["prepared"]
    return {
        "began": course["began"],
        "visits": course["visits"],
        "day": course["day"],
        "response": course["response"],
        "action": course["action"],
        "checkPoints": [[point["rule"], point["state"], point["on"], point["reachedBy"],
                         point["response"], point["action"]] for point in course["checkPoints"]],
        "scores": [[score["rule"], score["state"], score["baseline"], score["now"]]
                   for score in course["scores"]],
        "holds": [[hold["rule"], hold["evidence"]] for hold in course["holds"]],
        "adverseEvents": [[event["grade"], event["on"], event["evidence"]]
                          for event in course["adverseEvents"]],
        "decision": decision and {
            "to": decision["to"],
            "row": decision["row"] and decision["row"]["rule"],
            "otherwise": decision["otherwise"],
            "open": [[row["rule"], len(row["asks"])] for row in decision["open"]],
        },
        "prepared": prepared and [prepared["urgency"], prepared["records"]],
    }


def reduced_ledger(ledger):
    texts = ("source", "text", "evidence")
    allowances = []
    for allowance in ledger["allowances"]:
        kept = {key: value for key, value in allowance.items() if key not in texts}
        kept["booked"] = [[visit["day"], visit["number"], visit["status"]] for visit in kept["booked"]]
        allowances.append(kept)
    return {"used": ledger["used"], "scheduled": ledger["scheduled"],
            "unaccounted": ledger["unaccounted"], "allowances": allowances}


def reduced(assessment):
    asked = [item for item in assessment["missing"] if item["question"].startswith("course.")]
    return {
        "disposition": assessment["disposition"],
        "blocking": [item["question"] for item in asked if item["blocksAcupuncture"]],
        "stated": [item["question"] for item in asked if not item["blocksAcupuncture"]],
        "alert": [flag["rule"] for flag in assessment["flags"] if flag["severity"] == "emergency"],
        "coverage": [[answer["rule"], answer["status"]] for answer in assessment["coverage"]],
        "course": reduced_course(assessment["course"]),
        "ledger": reduced_ledger(assessment["ledger"]),
    }


def wordless(assessment):
    """Entries without rule, source or text."""
    course = assessment["course"] or {}
    entries = list(assessment["ledger"]["allowances"])
    for kind in ("checkPoints", "scores", "holds", "adverseEvents"):
        entries += course.get(kind, [])
    decision = course.get("decision") or {}
    entries += decision.get("open", []) + ([decision["row"]] if decision.get("row") else [])
    for entry in entries:
        for name in ("rule", "source", "text"):
            if not entry[name]:
                yield f"an entry has no {name}: {entry}"


def differences(expected, found, path=""):
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(set(expected) | set(found)):
            yield from differences(expected.get(key), found.get(key), f"{path}.{key}" if path else key)
    elif expected != found:
        yield f"{path}:\n  expected {expected}\n  found    {found}"


def main(program, folder):
    case = pathlib.Path(folder)
    expected = json.loads((case / "expected.json").read_text())
    inputs = [str(path) for path in sorted(case.glob("input*"))]
    command = [program, "assess", *inputs, *expected.pop("arguments")]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode != 0:
        print("the program ended with", ran.returncode, ran.stderr[:2000])
        return 1
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assessments = [entry for line in lines for entry in line["assessments"]]
    faults = [f"issue: {issue}" for line in lines for issue in line["issues"]
              if issue["severity"] in ("fatal", "error")]
    if len(assessments) != 1:
        faults.append(f"expected one assessment, found {len(assessments)}")
    else:
        faults += wordless(assessments[0])
        faults += differences(expected, reduced(assessments[0]))
    print("\n".join(faults) or (case / "about.md").read_text())
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
