#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every resource of the golden render cases against R4's own StructureDefinitions.

Elements must be known, of the right JSON kind and number, and all required ones present.
Usage: r4_structure.py hl7.fhir.r4.core.tgz tests/golden/render
"""
import json
import pathlib
import re
import sys
import tarfile

NUMBERS = {"decimal", "integer", "positiveInt", "unsignedInt"}
PATTERNS = {
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "dateTime": r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?",
    "date": r"\d{4}(-\d\d(-\d\d)?)?",
    "code": r"[^\s]+(\s[^\s]+)*",
    "base64Binary": r"[0-9A-Za-z+/=\s]+",
}


class Definitions:
    """The snapshot elements of each type, by path."""

    def __init__(self, package):
        self.members = {}
        with tarfile.open(package) as archive:
            for entry in archive:
                if "/StructureDefinition-" not in entry.name:
                    continue
                definition = json.load(archive.extractfile(entry))
                if definition.get("derivation") != "constraint" and "snapshot" in definition:
                    self.add(definition["snapshot"]["element"])

    def add(self, elements):
        for element in elements:
            parent, _, name = element["path"].rpartition(".")
            if parent:
                self.members.setdefault(parent, {})[name] = element


class Checker:
    def __init__(self, definitions):
        self.definitions = definitions
        self.faults = []

    def fault(self, path, text):
        self.faults.append(f"{path}: {text}")

    def find(self, parent, name):
        """The element of a member and its type: value[x] takes valueString."""
        members = self.definitions.members.get(parent, {})
        if name in members:
            types = members[name].get("type", [{}])
            return members[name], types[0].get("code", "")
        for known, element in members.items():
            if known.endswith("[x]") and name.startswith(known[:-3]):
                rest = name[len(known) - 3:]
                for kind in element["type"]:
                    if kind["code"].lower() == rest.lower():
                        return element, kind["code"]
        return None, ""

    def check_object(self, value, parent, path, partial=False):
        seen = set()
        for name, member in value.items():
            if name == "resourceType" or name.startswith("_"):
                continue
            element, kind = self.find(parent, name)
            if element is None:
                self.fault(f"{path}.{name}", f"{parent} has no such element")
                continue
            seen.add(element["path"])
            self.check_member(member, element, kind, f"{path}.{name}")
        for name, element in self.definitions.members.get(parent, {}).items():
            if not partial and element["min"] > 0 and element["path"] not in seen:
                self.fault(path, f"{name} is required")
        if not value:
            self.fault(path, "an empty object")

    def check_member(self, member, element, kind, path):
        many = element.get("base", element)["max"] not in ("0", "1")
        if many != isinstance(member, list):
            self.fault(path, "a list is due" if many else "one value is due")
            return
        if many and not member:
            self.fault(path, "an empty list")
        for value in member if many else [member]:
            self.check_value(value, element, kind, path)

    def check_value(self, value, element, kind, path):
        if "contentReference" in element:
            self.check_object(value, element["contentReference"].split("#")[1], path)
        elif kind == "Resource":
            self.check_resource(value, path)
        elif kind in ("BackboneElement", "Element"):
            self.check_object(value, element["path"], path)
        elif kind[:1].isupper():
            self.check_object(value, kind, path)
        else:
            self.check_primitive(value, kind, path)

    def check_primitive(self, value, kind, path):
        kind = kind.rpartition("/")[2]
        if kind == "boolean":
            right = isinstance(value, bool)
        elif kind in NUMBERS:
            right = isinstance(value, (int, float)) and not isinstance(value, bool)
        else:
            right = isinstance(value, str) and value != ""
            pattern = PATTERNS.get(kind)
            right = right and (pattern is None or re.fullmatch(pattern, value) is not None)
        if not right:
            self.fault(path, f"{json.dumps(value)[:60]} is no {kind}")

    def check_resource(self, resource, path, partial=False):
        kind = resource.get("resourceType", "")
        if kind not in self.definitions.members:
            self.fault(path, f"no resource type {kind!r}")
            return
        self.check_object(resource, kind, f"{path}({kind})", partial)

    def check_bundle(self, bundle, path):
        """A PATCH carries the members to set, so nothing is required of it."""
        entries = bundle.get("entry", [])
        self.check_object({k: v for k, v in bundle.items() if k != "entry"}, "Bundle", path)
        names = {entry["fullUrl"] for entry in entries if "fullUrl" in entry}
        for number, entry in enumerate(entries):
            place = f"{path}.entry[{number}]"
            method = entry["request"]["method"]
            self.check_object(entry["request"], "Bundle.entry.request", place)
            if method == "GET" and "resource" not in entry:
                continue  # asks for what the receiver has
            partial = method == "PATCH"
            self.check_resource(entry["resource"], place, partial)
            for name in re.findall(r'"(urn:uuid:[^"]+)"', json.dumps(entry["resource"])):
                if name not in names:
                    self.fault(place, f"{name} is not in the bundle")


def main():
    package, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if not pathlib.Path(package).exists():
        print("no definitions:", package)
        return 77
    checker = Checker(Definitions(package))
    cases = sorted(folder.glob("*/out.json"))
    for case in cases:
        checker.check_bundle(json.loads(case.read_text()), case.parent.name)
    for fault in checker.faults:
        print(fault)
    print(f"{len(cases)} bundles, {len(checker.faults)} faults")
    return 1 if checker.faults or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
