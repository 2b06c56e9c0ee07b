# SPDX-License-Identifier: Apache-2.0
"""HAPI's validator takes whatever is in fhir-profiles and whatever Meridian writes, without an error, and refuses a broken variant
of each rule of each profile. Flags: validator/src/main/java/meridian/Validator.java; packages: fhir-validator."""
import collections
import json
import os
import pathlib
import subprocess
import sys
import unittest

import profiles_items as items

HERE = pathlib.Path(__file__).resolve().parent
DATA = pathlib.Path(os.environ["MERIDIAN_TEST_DATA"])
WORK = pathlib.Path(os.environ["MERIDIAN_WORK"])
PATIENCE = 3000  # seconds
SKIP = 77
BROKEN = json.loads((HERE / "profiles_broken.json").read_text(encoding="utf-8"))
# Code systems of BSeR and Clinical Order Workflows, which our value sets and maps name; the rules of IHE BALP and of the
# Subscriptions Backport that we name, in our words.
PUBLISHED = [DATA / "bser/profiles/CodeSystem-TaskBusinessStatusCS.json", DATA / "cow/CodeSystem-temp.json", HERE / "balp",
             HERE / "backport"]
# How the validator says that it has no definition of a code and so did not check it.
UNCHECKED = ("can't be validated", "will not be performed", "has status 'not-present'", '"this.codeSystem" is null')


def validate(named, us_core):
    """The validator's messages by the name of what they are about."""
    command = [HERE / "fhir-validator", WORK, DATA / "definitions/packages", us_core, items.PROFILES, *PUBLISHED]
    lines = "".join(json.dumps({"name": name, "resource": resource}) + "\n" for name, resource in named.items())
    ran = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, timeout=PATIENCE)
    if ran.returncode == SKIP:
        sys.exit(SKIP)
    ran.check_returncode()
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    return {answer["name"]: answer["messages"] for answer in answers}


def errors(messages):
    return [f"{said['place']}: {said['text']}" for said in messages if said["severity"] in ("error", "fatal")]


def is_unchecked(said):
    return any(words in said["text"] for words in UNCHECKED)


def report(title, named, answers):
    """Counts for people: nothing depends on them."""
    kinds = collections.Counter(resource["resourceType"] for resource in named.values())
    said = [message for messages in answers.values() for message in messages]
    unchecked = collections.Counter(message["text"].split(" for ")[0] for message in said if is_unchecked(message))
    warnings = [message for message in said if message["severity"] == "warning" and not is_unchecked(message)]
    print(f"\n{title}: {len(named)} resources, {sum(len(errors(one)) for one in answers.values())} errors, "
          f"{len(warnings)} warnings, {sum(unchecked.values())} codes or code systems not checked")
    print("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    for text, count in unchecked.most_common():
        print(f"  not checked, {count} times: {text[:150]}")
    for text, count in collections.Counter(message["text"][:150] for message in warnings).most_common(20):
        print(f"  warning, {count} times: {text}")


class Profiles(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.written = items.golden()
        if "MERIDIAN_SANDBOX" in os.environ:
            cls.written.update(items.sandbox(WORK / "sandbox"))
        cls.audit = items.audit(WORK / "sandbox") if "MERIDIAN_SANDBOX" in os.environ else {}
        cls.content = items.content()
        cls.variants = {f"broken {row['profile']} {row['rule']}": items.broken(row) for row in BROKEN}
        cls.answers = validate({**cls.content, **cls.written, **cls.variants, **cls.audit}, "7.0.0")

    def faults(self, named, answers):
        return {name: errors(answers[name]) for name in named if errors(answers[name])}

    def test_everything_in_fhir_profiles_is_valid(self):
        report("fhir-profiles, US Core 7.0.0", self.content, {name: self.answers[name] for name in self.content})
        self.assertEqual({}, self.faults(self.content, self.answers))

    def test_everything_that_is_authored_is_valid(self):
        authored = {name: one for name, one in self.written.items() if items.is_authored(one)}
        self.assertEqual({}, self.faults(authored, self.answers))
        report("written by Meridian, US Core 7.0.0", authored, {name: self.answers[name] for name in authored})

    def test_the_audit_is_valid_and_of_the_profiles_of_balp(self):
        report("audit events, IHE BALP 1.1", self.audit, {name: self.answers[name] for name in self.audit})
        self.assertEqual({}, self.faults(self.audit, self.answers))
        claimed = {url.rsplit(".", 1)[-1] for one in self.audit.values() for url in one.get("meta", {}).get("profile", [])}
        if self.audit:
            self.assertEqual({"PatientRead", "PatientUpdate", "Source"}, claimed)

    def test_copies_of_other_peoples_records_are_counted(self):
        """What is wrong at its source stays so: some patients of the sandbox have records that are, on purpose."""
        copies = {name: one for name, one in self.written.items() if not items.is_authored(one)}
        report("copies of other people's records", copies, {name: self.answers[name] for name in copies})
        for name, texts in self.faults(copies, self.answers).items():
            print(f"  {name}: {len(texts)} errors, {texts[0][:150]}")

    def test_the_same_holds_with_us_core_6_1(self):
        examples = {name: one for name, one in self.content.items() if "/examples/" in name}
        named = {**examples, **items.golden()}
        answers = validate(named, "6.1.0")
        report("examples and golden cases, US Core 6.1.0", named, answers)
        self.assertEqual({}, self.faults(named, answers))

    def test_what_meridian_authors_names_its_profile(self):
        silent = [name for name, resource in self.written.items()
                  if items.is_authored(resource) and not resource.get("meta", {}).get("profile")]
        self.assertEqual([], silent)

    def test_each_profile_has_two_examples(self):
        examples = collections.Counter(url for name, resource in self.content.items() if "/examples/" in name
                                       for url in resource.get("meta", {}).get("profile", []))
        for name, profile in self.content.items():
            if profile["resourceType"] == "StructureDefinition":
                self.assertGreaterEqual(examples[profile["url"]], 2, name)

    def test_the_guide_lists_all_of_its_resources(self):
        guide = self.content["fhir-profiles/guide/ImplementationGuide-meridian.json"]
        listed = {one["reference"]["reference"] for one in guide["definition"]["resource"]}
        there = {f"{one['resourceType']}/{one['id']}" for one in map(items.read, items.GUIDE.rglob("*.json"))
                 if one["resourceType"] not in ("ImplementationGuide", "SubscriptionTopic")}
        self.assertEqual(set(), there - listed)

    def test_each_rule_of_the_clinical_content_has_a_code(self):
        codes = {one["code"] for one in items.read(items.GUIDE / "codesystems/CodeSystem-rule.json")["concept"]}
        for name, key in (("red_flags", "red_flags"), ("contraindications", "contraindications"), ("coverage", "programs")):
            rules = {one["id"] for one in items.read(items.PROFILES / f"rules/{name}.json")[key]}
            self.assertEqual(set(), rules - codes)

    def test_each_rule_has_a_broken_variant_which_is_refused(self):
        rules = {(profile["id"], rule) for profile in self.content.values()
                 if profile["resourceType"] == "StructureDefinition" for rule in items.rules_of(profile)}
        self.assertEqual(rules, {(row["profile"], row["rule"]) for row in BROKEN})
        for row in BROKEN:
            said = errors(self.answers[f"broken {row['profile']} {row['rule']}"])
            self.assertTrue(any(row["says"] in text for text in said), f"{row}\n" + "\n".join(said))
        print(f"\n{len(BROKEN)} rules of {len({row['profile'] for row in BROKEN})} profiles, each refused when it is broken")


if __name__ == "__main__":
    unittest.main(verbosity=2)
