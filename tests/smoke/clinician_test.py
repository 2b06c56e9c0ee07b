# SPDX-License-Identifier: Apache-2.0
"""A clinician changes clinical content as fhir-profiles/README.md "Editing it" says: a text editor, `meridian check`,
`meridian replay`; no compiler. Beside it a site that has decided four referrals.

usage: clinician_test.py [postgres]: on SQLite, or on the PostgreSQL server whose URL MERIDIAN_POSTGRES_FILE names. Each
line of a replay is compared with what is written here, so both give the same.
"""
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from postgres.shared import Schema
from v2_site import PROGRAM, QUESTIONS, Site

ON_POSTGRES = False
PROFILES = pathlib.Path(__file__).resolve().parents[2] / "fhir-profiles"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
QUESTIONNAIRE = "http://meridian-referral.org/fhir/Questionnaire/screening"
TODAY = datetime.datetime.now(datetime.timezone.utc)


def days_ago(days):
    return (TODAY - datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def condition(number, name, code, onset):
    return {"resourceType": "Condition", "id": f"{name}-{number}", "subject": {"reference": f"Patient/{number}"},
            "clinicalStatus": {"coding": [{"code": "active"}]}, "onsetDateTime": onset,
            "verificationStatus": {"coding": [{"code": "confirmed"}]}, "code": {"coding": [{"system": ICD, "code": code}]}}


def warfarin(number):
    return {"resourceType": "MedicationRequest", "id": f"warfarin-{number}", "status": "active", "intent": "order",
            "subject": {"reference": f"Patient/{number}"}, "authoredOn": days_ago(20),
            "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "11289"}]}}


def screen(number):
    """Every question that a man is asked, answered no."""
    questions = json.loads(QUESTIONS.read_text())["questions"]
    asked = [question["id"] for question in questions if question.get("gender") != "female"]
    return {"resourceType": "QuestionnaireResponse", "id": f"screen-{number}", "status": "completed",
            "questionnaire": QUESTIONNAIRE, "subject": {"reference": f"Patient/{number}"},
            "authored": TODAY.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "item": [{"linkId": question, "answer": [{"valueBoolean": False}]} for question in asked]}


def acupuncture(number):
    return {"resourceType": "ServiceRequest", "id": f"order-{number}", "status": "active", "intent": "order",
            "subject": {"reference": f"Patient/{number}"}, "authoredOn": TODAY.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44868003"}]},
            "reasonReference": [{"reference": f"Condition/pain-{number}"}]}


class Clinician(Site):
    poll_seconds = 0.2

    def setUp(self):
        if ON_POSTGRES:
            self.schema = Schema()
            self.addCleanup(self.schema.close)
        super().setUp()
        more = {"plain": [], "thin": [condition("thin", "loss", "R63.4", days_ago(730))],
                "blood": [condition("blood", "blood", "D75.9", days_ago(100))], "warfarin": [warfarin("warfarin")]}
        for number, records in more.items():
            self.hospital.put({"resourceType": "Patient", "id": number, "gender": "male", "birthDate": "1985-05-05"})
            for record in [condition(number, "pain", "M54.59", days_ago(120)), screen(number), *records]:
                self.hospital.put(record)
            self.hospital.put(acupuncture(number))
        self.until(lambda: [row["state"] for row in self.listed()] == ["delivered"] * len(more), "not all delivered")
        self.copy = self.folder / "our-content"
        shutil.copytree(PROFILES, self.copy)
        self.raise_version()
        (self.folder / "try.toml").write_text(self.config() + '[profiles]\ndirectory = "our-content"\n')

    def config(self):
        return self.schema.of(super().config()) if ON_POSTGRES else super().config()

    def run_it(self, *arguments):
        return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120)

    def listed(self):
        done = self.run_it("referrals", "list", "--config", self.folder / "site.toml")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def edit(self, path, before, after):
        text = (self.copy / path).read_text()
        self.assertIn(before, text, path)
        (self.copy / path).write_text(text.replace(before, after, 1))

    def edit_rule(self, path, rule, before, after):
        """The first `before` below the rule's id."""
        head, found, tail = (self.copy / path).read_text().partition(f'"id": "{rule}"')
        self.assertTrue(found and before in tail, rule)
        (self.copy / path).write_text(head + found + tail.replace(before, after, 1))

    def raise_version(self):
        book = json.loads((self.copy / "rules" / "book.json").read_text())
        book.update(version="0.2.0", date=days_ago(0))
        (self.copy / "rules" / "book.json").write_text(json.dumps(book))

    def check(self):
        """What `meridian check` says of the content, a line each."""
        said = self.run_it("check", "--config", self.folder / "try.toml").stdout
        return [line for line in said.splitlines() if "content" in line or line.startswith(("rules/", "valuesets/"))]

    def replay(self):
        """Changed orders with the reason; counts."""
        done = self.run_it("replay", "--config", self.folder / "site.toml", "--rules", self.copy)
        self.assertEqual(done.returncode, 0, done.stderr)
        *lines, counts = [json.loads(line) for line in done.stdout.splitlines()]
        return {line["order"]: line for line in lines if line["result"] == "changed"}, counts

    def refused(self):
        done = self.run_it("replay", "--config", self.folder / "site.toml", "--rules", self.copy)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        return done.stderr

    def only_change(self, order, why):
        changed, counts = self.replay()
        self.assertEqual(list(changed), [f"ServiceRequest/order-{order}"])
        self.assertEqual(changed[f"ServiceRequest/order-{order}"]["why"].split("; lane ")[0], why)
        self.assertEqual((changed[f"ServiceRequest/order-{order}"]["before"],
                          changed[f"ServiceRequest/order-{order}"]["now"]), ("route_acupuncture", "hold"))
        self.assertEqual((counts["equal"], counts["changed"], counts["pruned"]), (3, 1, 0))

    def test_a_copy_with_another_version_changes_nothing_and_asks_for_approval(self):
        changed, counts = self.replay()
        self.assertEqual((changed, counts["equal"], counts["rules"]), ({}, 4, "0.2.0"))
        line, = self.check()
        digest = re.search(r'approved_content = "([0-9a-f]{16})"', line).group(1)
        self.assertEqual(digest, counts["content"])
        config = self.folder / "try.toml"
        config.write_text(config.read_text() + f'approved_by = "Dr. Salo"\napproved_on = "{days_ago(0)}"\n'
                                               f'approved_content = "{digest}"\n')
        self.assertEqual(self.check(), [])
        self.edit_rule("rules/contraindications.json", "AC02", "Anticoagulant", "Blood thinner")
        self.assertIn("is not what Dr. Salo approved", self.check()[0])

    def test_a_window_a_code_and_a_stricter_rule_show_whom_they_concern(self):
        self.edit_rule("rules/red_flags.json", "RF12", '"window_days": 365', '"window_days": 1095')
        self.only_change("thin", "flag RF12 (hold) came by Condition/loss-thin")
        self.edit_rule("rules/red_flags.json", "RF12", '"window_days": 1095', '"window_days": 365')
        line = '    {"code": "D66", "display": "Hereditary factor VIII deficiency"},\n'
        self.edit("valuesets/ValueSet-contra-bleeding-disorder.json", line,
                  line + '    {"code": "D75.9", "display": "Disease of blood, unspecified"},\n')
        self.only_change("blood", "caution AC04 (relative/relative) came by Condition/blood-blood")
        shutil.copy(PROFILES / "valuesets" / "ValueSet-contra-bleeding-disorder.json", self.copy / "valuesets")
        self.edit_rule("rules/contraindications.json", "AC02", '"manual": "caution"', '"manual": "relative"')
        self.only_change("warfarin", "caution AC02 (relative/caution) changed from caution/caution by "
                                     "MedicationRequest/warfarin-warfarin")
        self.assertEqual(len(self.check()), 1, "approval alone is asked for")
        table = self.run_it("replay", "--config", self.folder / "site.toml", "--rules", self.copy, "--table").stdout
        self.assertIn("1 changed, 0 pruned, 3 equal, 0 undecided.", table)
        self.assertEqual([row["state"] for row in self.listed()], ["delivered"] * 4, "nothing was written")

    def test_what_is_broken_is_named_with_file_and_path(self):
        self.edit_rule("rules/red_flags.json", "RF12", '"window_days"', '"window_dayz"')
        self.assertTrue(any("rules/red_flags.json" in line and "window_dayz" in line for line in self.check()),
                        self.check())
        self.assertIn("window_dayz", self.refused())
        shutil.copy(PROFILES / "rules" / "red_flags.json", self.copy / "rules")
        self.edit_rule("rules/red_flags.json", "RF12", "serious.weight_loss", "serious.weightloss")
        self.assertTrue(any("serious.weightloss" in line for line in self.check()), self.check())
        shutil.copy(PROFILES / "rules" / "red_flags.json", self.copy / "rules")
        self.edit("rules/red_flags.json", '"id": "RF12",', '"id": "RF12"')
        self.assertTrue(any("rules/red_flags.json" in line for line in self.check()), self.check())

    def test_what_loosens_an_emergency_rule_is_refused(self):
        self.edit_rule("rules/red_flags.json", "RF01", '"window_days": 14', '"window_days": 7')
        lines = [line for line in self.check() if "RF01" in line or "red_flags" in line]
        self.assertTrue(lines, self.check())
        self.assertIn("loosens an emergency rule", self.refused())

    def test_a_decision_is_explained_without_the_patient(self):
        thin = next(row["id"] for row in self.listed() if row["order"] == "ServiceRequest/order-thin")
        done = self.run_it("explain", thin, "--config", self.folder / "site.toml")
        self.assertEqual(done.returncode, 0, done.stderr)
        for words in ("What is on record was read.", "The rules were asked", "it goes to clinic", "after 1 try"):
            self.assertIn(words, done.stdout)
        self.assertNotIn("Patient/thin", done.stdout)
        shown = self.run_it("explain", thin, "--config", self.folder / "site.toml", "--show-patient-data", "--by", "Ada")
        self.assertIn("Patient/thin", shown.stdout, shown.stderr)
        audit = self.run_it("audit", "list", "--config", self.folder / "site.toml").stdout
        self.assertIn(f'"by":"Ada","of":"explanation/{thin}"', audit)


if __name__ == "__main__":
    if sys.argv[-1] == "postgres":
        ON_POSTGRES = True
        sys.argv.pop()
    unittest.main()
