# SPDX-License-Identifier: Apache-2.0
"""fhir-profiles/v2/README.md: its table of fields is made of segments/ConceptMap-v2-segments.json.
`v2_page.py write` makes it anew."""
import json
import pathlib
import sys

import tree

PAGE = "fhir-profiles/v2/README.md"
MAP = "fhir-profiles/v2/segments/ConceptMap-v2-segments.json"
BEGIN = "<!-- made of segments/ConceptMap-v2-segments.json by tests/lint/v2_page.py -->\n"
END = "<!-- end -->\n"
WAYS = {"read": "read", "write": "written", "both": "both"}


def rows(root):
    """(field, name, when, target, way, why, what others do) of every target of the map."""
    for group in json.loads((root / MAP).read_text())["group"]:
        for element in group["element"]:
            for target in element["target"]:
                more = {each["url"].rsplit("/v2-", 1)[1]: each.get("valueString", each.get("valueCode"))
                        for each in target["extension"]}
                when = ", ".join(each["value"] for each in target.get("dependsOn", []))
                yield (element["code"], element["display"], when, target["code"], WAYS[more["way"]],
                       target.get("comment", ""), more.get("differs", ""))


def table(root):
    text = "| field | when | target | | source of the decision |\n|---|---|---|---|---|\n"
    for field, name, when, target, way, why, _ in rows(root):
        text += f"| {field} {name} | {when} | {target} | {way} | {why} |\n".replace("|  |", "| |")
    text += "\nWhere others differ. MSC is Microsoft's FHIR-Converter, NZ New Zealand's referral map.\n\n"
    text += "| field | ours | others |\n|---|---|---|\n"
    for field, _, when, target, _, _, differs in rows(root):
        if differs:
            text += f"| {field}{' (' + when + ')' if when else ''} | {target} | {differs} |\n"
    return text


def page(root):
    """The page with its table made anew; nothing when it has no place for one."""
    text = (root / PAGE).read_text()
    if BEGIN not in text or END not in text:
        return None
    return text[:text.index(BEGIN) + len(BEGIN)] + table(root) + text[text.index(END):]


def check(root):
    if not (root / MAP).is_file():
        return []
    made = page(root)
    if made is None:
        return [f"{PAGE}: the marks around the table are missing"]
    return [] if made == (root / PAGE).read_text() else [
        f"{PAGE}: is not what {MAP} says; run tests/lint/v2_page.py write"]


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        pathlib.Path(tree.ROOT / PAGE).write_text(page(tree.ROOT))
    else:
        tree.main(check)
