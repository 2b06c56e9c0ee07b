# SPDX-License-Identifier: Apache-2.0
"""The program as it is shipped: what it prints, and the exit status of each kind of trouble."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
PROFILES = pathlib.Path(__file__).parents[2] / "fhir-profiles"

BUNDLE = {
    "resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1961-04"}},
        {"resource": {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
                      "clinicalStatus": {"coding": [{"code": "active"}]},
                      "onsetDateTime": "2026-03",
                      "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.50"}]}}},
        {"resource": {"resourceType": "Condition", "id": "c2", "subject": {"reference": "Patient/p1"},
                      "onsetDateTime": "20.03.2026", "code": {"text": "low back pain"}}}]}


def run(*arguments, stdin=""):
    return subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, text=True, timeout=60)


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return str(self.folder / name)

    def test_normalize_prints_one_line_per_patient(self):
        done = run("normalize", "-", stdin=json.dumps(BUNDLE))
        self.assertEqual(done.returncode, 0, done.stderr)
        line, = done.stdout.splitlines()
        said = json.loads(line)
        self.assertEqual(said["format"], "meridian.episode/1")
        self.assertEqual(said["patient"]["birthDate"], "1961-04")
        self.assertIn("Condition/c1", [condition["ref"] for condition in said["episodes"][0]["conditions"]])
        self.assertIn("Bundle.entry[2].resource.onsetDateTime", [issue["path"] for issue in said["issues"]])

    def test_assess_gives_each_statement_its_rule_and_source(self):
        done = run("assess", "--at", "2026-11-20", self.write("in.json", json.dumps(BUNDLE)))
        self.assertEqual(done.returncode, 0, done.stderr)
        said = json.loads(done.stdout)
        self.assertEqual(said["format"], "meridian.assessment/1")
        missing = said["assessments"][0]["missing"]
        self.assertTrue(missing)
        for entry in missing:
            self.assertTrue(entry["rule"] and entry["source"] and entry["question"], entry)

    def test_a_folder_is_no_file(self):
        for command in (["normalize"], ["assess"], ["hl7", "show"], ["hl7", "check"]):
            done = run(*command, str(self.folder))
            self.assertEqual(done.returncode, 1, command)
            self.assertIn("cannot be read", done.stderr, command)
        for command in ("check", "serve"):
            done = run(command, "--config", str(self.folder))
            self.assertEqual(done.returncode, 1, command)
            self.assertIn("cannot be read", done.stdout + done.stderr, command)

    def test_ndjson_gives_a_line_for_each_bundle(self):
        line = json.dumps(BUNDLE)
        done = run("normalize", self.write("in.ndjson", f"{line}\n{line.replace('p1', 'p2')}\n"))
        self.assertEqual([json.loads(said)["patient"]["id"] for said in done.stdout.splitlines()], ["p1", "p2"])

    def test_what_messages_say_can_be_had_as_fhir_and_means_the_same(self):
        lines = ["MSH|^~\\&|APP|FAC|MERIDIAN|SITE|20260401101500-0500||ADT^A04^ADT_A01|C1|P|2.5.1",
                 "PID|1||7^^^FAC^MR||DOE^JANE||19700101|F",
                 "PV1|1|O|||||1^Halvorsen^Ingrid|||||||||||V9|||||||||||||||||||||||||20260401100000-0500",
                 "DG1|1||M54.50^Low back pain^I10C|||W", "AL1|1|DA|7980^penicillin^RXNORM"]
        message = self.write("a04.hl7", "\r".join(lines) + "\r")
        done = run("normalize", "--fhir", message)
        self.assertEqual(done.returncode, 0, done.stderr)
        bundle = json.loads(done.stdout)
        types = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
        self.assertEqual(types, ["Patient", "Encounter", "Condition", "AllergyIntolerance"])
        said = json.loads(run("normalize", message).stdout)
        again = json.loads(run("normalize", "-", stdin=done.stdout).stdout)
        self.assertEqual(len(said["episodes"]), 1)
        for name in ("onset", "lastSeen", "bodyRegion"):
            self.assertEqual(again["episodes"][0][name], said["episodes"][0][name], name)
        self.assertEqual([each["type"] for each in again["episodes"][0]["painTypes"]],
                         [each["type"] for each in said["episodes"][0]["painTypes"]])

    def test_input_that_cannot_be_read_is_named_and_ends_with_1(self):
        for name, text in [("cut.json", json.dumps(BUNDLE)[:100]), ("empty.json", ""), ("x.json", "<Bundle/>")]:
            with self.subTest(name):
                done = run("normalize", self.write(name, text))
                self.assertEqual(done.returncode, 1)
                self.assertIn(name, done.stderr)
        done = run("normalize", str(self.folder / "absent.json"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("absent.json", done.stderr)

    def test_one_bad_file_does_not_spoil_the_next(self):
        done = run("normalize", self.write("cut.json", "{"), self.write("good.json", json.dumps(BUNDLE)))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["patient"]["id"], "p1")

    def test_wrong_usage_ends_with_2(self):
        for arguments in [[], ["normalise"], ["normalize"], ["serve"], ["assess", "--at", "tomorrow", "-"]]:
            with self.subTest(arguments):
                done = run(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertTrue(done.stderr)

    def test_the_version_and_the_help_end_with_0(self):
        for option in ("--version", "--help"):
            done = run(option)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(done.stdout)

    def test_check_names_file_line_and_fix_of_what_is_wrong(self):
        site = self.write("site.toml", '[store]\nurl = "sqlite:x.db"\n[htpp]\nlisten = "127.0.0.1:0"\n')
        done = run("check", "--config", site)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{site}:3:", done.stdout)
        self.assertIn("[http]", done.stdout)

    def test_check_wants_the_content_approved_and_again_after_each_change(self):
        site = 'site.name = "Test"\nstore.url = "sqlite:x.db"\n[profiles]\n'
        said = run("check", "--config", self.write("site.toml", site)).stdout
        self.assertRegex(said, "error: the clinical content .* is not approved; a clinician")
        digest, = re.findall(r'approved_content = "(\w+)"', said)

        site += f'approved_by = "Dr. A. Moreau"\napproved_on = "2026-11-02"\napproved_content = "{digest}"\n'
        self.assertNotIn("clinical content", run("check", "--config", self.write("site.toml", site)).stdout)

        shutil.copytree(PROFILES, self.folder / "content")
        book = self.folder / "content/rules/book.json"
        book.write_text(book.read_text().replace('"episode_gap_days": 180', '"episode_gap_days": 120'))
        said = run("check", "--config", self.write("site.toml", site + 'directory = "content"\n')).stdout
        self.assertIn("is not what Dr. A. Moreau approved on 2026-11-02", said)

    def test_content_that_loosens_an_emergency_rule_is_refused(self):
        shutil.copytree(PROFILES, self.folder / "content")
        rules = self.folder / "content/rules/red_flags.json"
        rules.write_text(rules.read_text().replace('"id": "RF18"', '"id": "RF28"'))
        site = self.write("site.toml", 'store.url = "sqlite:x.db"\nprofiles.directory = "content"\n')
        for command in ("check", "serve"):
            with self.subTest(command):
                done = run(command, "--config", site)
                self.assertEqual(done.returncode, 1)
                said = done.stdout + done.stderr
                self.assertIn("red_flags.json RF18", said)
                self.assertIn("loosens an emergency rule: the rule is gone", said)

    def test_operating_commands_say_what_is_wrong_and_what_they_take(self):
        site = self.write("site.toml", 'store.url = "sqlite:x.db"\nhttp.listen = "127.0.0.1:0"\n')
        for arguments in [["outbox"], ["deadletters"], ["audit", "verify"], ["referrals", "show", "01X"],
                          ["deadletters", "replay", "1"], ["backup", "--to", str(self.folder / "b")]]:
            with self.subTest(arguments):
                done = run(*arguments, "--config", site)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertTrue(done.stderr)
        for arguments in [["outbox", "show"], ["deadletters", "redirect", "01X"], ["restore"], ["backup"],
                          ["restore", "--in-place"], ["audit", "--most", "0"], ["referrals", "burn"]]:
            with self.subTest(arguments):
                done = run(*arguments, "--config", site)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
        for name in ("referrals", "outbox", "deadletters", "audit", "backup", "restore", "migrate"):
            done = run(name, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("--config", done.stdout)

    def test_a_backup_comes_back_and_an_empty_site_has_nothing_in_its_lists(self):
        site = self.write("site.toml", 'store.url = "sqlite:x.db"\nhttp.listen = "127.0.0.1:0"\n')
        with subprocess.Popen([PROGRAM, "serve", "--config", site], stdout=subprocess.PIPE, text=True) as runtime:
            self.assertTrue(json.loads(runtime.stdout.readline())["ready"])
            backup = str(self.folder / "x.backup")
            done = run("backup", "--to", backup, "--config", site)
            self.assertEqual(done.returncode, 0, done.stderr)
            for name in ("referrals", "outbox", "deadletters"):
                done = run(name, "list", "--config", site)
                self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
            done = run("deadletters", "replay", "7", "--yes", "--config", site)
            self.assertEqual(done.returncode, 1)
            self.assertIn("no such delivery", done.stderr)
            runtime.terminate()
        self.assertFalse((self.folder / "x.db.address").exists())
        self.assertEqual((self.folder / "operator.token").stat().st_mode & 0o777, 0o600)
        done = run("restore", backup, "--force", "--config", site)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(json.loads(run("audit", "verify", "--config", site).stdout)["restores"])
        self.assertEqual(json.loads(run("migrate", "--plan", "--config", site).stdout)["pending"], 0)

    def test_serve_refuses_a_configuration_with_faults(self):
        done = run("serve", "--config", self.write("site.toml", "[http]\nlisten = 8480\n"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(":2", done.stderr)


if __name__ == "__main__":
    unittest.main()
