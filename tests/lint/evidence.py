# SPDX-License-Identifier: Apache-2.0
"""fhir-profiles/EVIDENCE.md: a row for every claim, and every rule, file and test it names exists."""
import json
import re

import tree

# The claims of the sources, S0 to S4, and how many each makes.
CLAIMS = [f"S{source}-{number:02}" for source, count in enumerate((12, 12, 9, 13, 21))
          for number in range(1, count + 1)]
ROW = re.compile(r"\| (S\d-\d\d) \|")
CODE = re.compile(r"`([^`]+)`")
# Annotations that are words of the program, and a pain type that has no value set.
OWN_WORDS = {"episode.score", "episode.care", "history.opioid", "undetermined", "by_ultrasound",
             "emergency_ack_minutes"}


def known_ids(root):
    """Ids of rules, clauses, questions, findings and sources, and names of value sets."""
    rules = root / "fhir-profiles" / "rules"
    ids = set(OWN_WORDS)
    for name, key in (("red_flags", "red_flags"), ("contraindications", "contraindications"),
                      ("screening", "questions"), ("imaging_findings", "findings")):
        ids |= {entry["id"] for entry in json.loads((rules / f"{name}.json").read_text())[key]}
    for program in json.loads((rules / "coverage.json").read_text())["programs"]:
        ids |= {clause["id"] for clause in program["clauses"]}
    ids |= set(json.loads((rules / "sources.json").read_text())["sources"])
    for path in (root / "fhir-profiles").glob("**/ValueSet-*.json"):
        ids |= {entry["value"] for entry in json.loads(path.read_text()).get("identifier", [])}
    return ids


def exists(word, root, ids):
    if word in ids or (word.endswith("*") and any(name.startswith(word[:-1]) for name in ids)):
        return True
    return (root / "fhir-profiles" / word).exists()


def test_exists(named, root):
    path, _, test = named.partition(": ")
    file = root / path
    return file.exists() and (not test or re.search(rf"\b{test}\b", file.read_text()) is not None)


def check(root):
    page = root / "fhir-profiles" / "EVIDENCE.md"
    if not page.exists():
        return ["fhir-profiles/EVIDENCE.md: is missing"]
    ids, rows, wrong = known_ids(root), {}, []
    for number, line in tree.lines(page):
        row = ROW.match(line)
        if not row:
            continue
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        place = f"fhir-profiles/EVIDENCE.md:{number}: {row[1]}"
        if row[1] in rows:
            wrong.append(f"{place}: stands twice")
        rows[row[1]] = cells
        if len(cells) != 5 or not all(cells):
            wrong.append(f"{place}: expected five cells")
            continue
        wrong += [f"{place}: no rule or file `{word}`" for word in CODE.findall(cells[3])
                  if not exists(word, root, ids)]
        tests = CODE.findall(cells[4])
        wrong += [f"{place}: no test `{test}`" for test in tests if not test_exists(test, root)]
        if CODE.search(cells[3]) and not tests and not cells[3].startswith(("none", "open", "source")):
            wrong.append(f"{place}: names a rule and no test")
    wrong += [f"fhir-profiles/EVIDENCE.md: no row for {claim}" for claim in CLAIMS if claim not in rows]
    return wrong


if __name__ == "__main__":
    tree.main(check)
