# SPDX-License-Identifier: Apache-2.0
"""The plugin seen from outside: what it exports, how its structs lie, and a host in plain C."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from fhir_peer import FhirPeer, patients

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HEADER = (ROOT / "plugin/include/meridian.h").read_text()
PLUGIN = os.environ["MERIDIAN_PLUGIN"]

# A plugin leaves these to its host.
HOSTS_OWN = {"setlocale", "signal", "sigaction", "sigprocmask", "chdir", "fchdir", "setenv", "unsetenv",
             "putenv", "exit", "_exit", "atexit", "daemon", "fork"}


def symbols(*options):
    listed = subprocess.run(["nm", "-D", *options, PLUGIN], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in listed.splitlines()}


class Symbols(unittest.TestCase):
    def test_the_abi_is_all_that_is_exported(self):
        declared = set(re.findall(r"^MERIDIAN_API \w+ \*?(meridian_\w+)\(", HEADER, re.M))
        self.assertEqual(len(declared), 10)
        self.assertEqual(symbols("--defined-only"), declared)

    def test_the_plugin_does_not_call_what_belongs_to_its_host(self):
        self.assertEqual(symbols("--undefined-only") & HOSTS_OWN, set())


class Layout(unittest.TestCase):
    def test_structs_lie_as_they_were_released(self):
        said = subprocess.run([os.environ["MERIDIAN_ABI_LAYOUT"]], check=True, capture_output=True, text=True)
        self.assertEqual(said.stdout, (HERE / "layout.txt").read_text())

    def test_no_member_is_left_out_of_the_layout(self):
        layout = (HERE / "layout.txt").read_text()
        for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\}", HEADER, re.S):
            body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
            members = re.findall(r"(\w+)(?:\[\d+\])?;", body)
            self.assertTrue(members, name)
            shown = re.findall(rf"^{name} size.*\n((?:  .*\n)*)", layout, re.M)
            self.assertEqual(re.findall(r"^  (\w+) at", shown[0], re.M), members, name)

    def test_statuses_are_the_numbers_of_the_error_table(self):
        table = (ROOT / "plugin/base/error_table.def").read_text()
        errors = {name.upper(): number for name, number in re.findall(r"^MERIDIAN_ERROR\((\w+), +(\d+)", table, re.M)}
        enum = re.search(r"enum meridian_status \{(.*?)\}", HEADER, re.S)[1]
        statuses = dict(re.findall(r"MERIDIAN_(\w+) = (\d+)", enum))
        self.assertEqual(statuses.pop("OK"), "0")
        self.assertEqual(statuses, errors)


CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
[delivery]
first_retry_seconds = 0.01
[[hospital]]
id = "hospital"
fhir = "{base}"
poll_seconds = 86400
lookback_hours = 0
[[clinic]]
id = "clinic"
fhir = "{base}/no-clinic-here"
deliver = "host"
poll_seconds = 86400
"""


class Consumer(unittest.TestCase):
    def test_a_host_in_plain_c_can_use_every_function(self):
        with tempfile.TemporaryDirectory() as folder, \
                FhirPeer("--data", patients(folder, "okafor")) as hospital:
            order, = hospital.search("ServiceRequest?patient=Patient/pat-okafor")
            folder = pathlib.Path(folder)
            (folder / "site.toml").write_text(CONFIG.format(base=hospital.base))
            (folder / "order.json").write_text(json.dumps(order))
            done = subprocess.run([os.environ["MERIDIAN_ABI_CONSUMER"], PLUGIN, "site.toml", str(folder),
                                   "order.json"], cwd=folder, capture_output=True, text=True, timeout=110)
            self.assertEqual((done.returncode, done.stdout), (0, "every function did what the header says\n"),
                             done.stderr)


if __name__ == "__main__":
    unittest.main()
