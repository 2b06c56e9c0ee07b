# SPDX-License-Identifier: Apache-2.0
"""`meridian directory`: the same clinics from a file and from the search of a FHIR server, in two shapes."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
SERVER = os.environ["MERIDIAN_SANDBOX_FHIR"]
GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "directory"

CONFIG = """
[directory]
{source}
[[clinic]]
id = "quiet-river"
fhir = "https://quietriver.example/fhir"
agreement_until = "2026-01-31"
[[clinic]]
id = "willow"
fhir = "https://willow.example/fhir"
directory = "PractitionerRole/spine"
"""


def resources(shape):
    """Of a Bundle or of NDJSON."""
    text = (GOLDEN / shape / "directory.json").read_text()
    if shape == "plain-r4":
        return [entry["resource"] for entry in json.loads(text)["entry"]]
    return [json.loads(line) for line in text.splitlines()]


class Directory(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def serve(self, shape):
        """A server that holds a directory and gives two entries a page where nothing else is asked for."""
        data = self.folder / shape
        data.mkdir()
        entries = [{"resource": one, "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"}}
                   for one in resources(shape)]
        (data / "all.json").write_text(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}))
        server = subprocess.Popen([SERVER, "--page-size", "2", "--data", data], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.terminate)
        return json.loads(server.stdout.readline())["base"]

    def directory(self, command, source):
        config = self.folder / "site.toml"
        config.write_text(CONFIG.format(source=source))
        return subprocess.run([PROGRAM, "directory", command, "--config", config], capture_output=True, text=True,
                              timeout=60)

    def test_a_search_and_a_file_give_the_same_in_both_shapes(self):
        for shape in ("plain-r4", "plan-net"):
            with self.subTest(shape):
                from_file = self.directory("list", f'file = "{GOLDEN / shape / "directory.json"}"')
                from_server = self.directory("list", f'fhir = "{self.serve(shape)}"')
                self.assertEqual(from_file.returncode, 0, from_file.stderr)
                self.assertEqual(from_server.returncode, 0, from_server.stderr)
                self.assertTrue(any("@Location/" in line for line in from_file.stdout.splitlines()))
                self.assertEqual(sorted(from_server.stdout.splitlines()), sorted(from_file.stdout.splitlines()))

    def test_check_names_what_ended_and_what_is_missing(self):
        done = self.directory("check", f'file = "{GOLDEN / "plain-r4" / "directory.json"}"')
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("error: agreement expired 2026-01-31", done.stdout)
        self.assertIn('nothing in the directory has the name "PractitionerRole/spine"', done.stdout)
        self.assertIn("2 receivers, 2 acupuncture; 2 with a connection", done.stdout)

    def test_a_server_that_is_not_there_is_named(self):
        done = self.directory("check", 'fhir = "http://127.0.0.1:9/fhir"')
        self.assertEqual(done.returncode, 1)
        self.assertIn("the directory cannot be read", done.stdout)


if __name__ == "__main__":
    unittest.main()
