# SPDX-License-Identifier: Apache-2.0
"""What the tests of the extension share: a site, `meridian serve` for it, and a JVM with the jar."""
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import tempfile
import unittest

from fhir_peer import FhirPeer, patients

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
JAR = os.environ["MERIDIAN_ENGINE_JAR"]
FHIR = "application/fhir+json"
HL7 = "x-application/hl7-v2+er7"

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "{listen}"
[delivery]
first_retry_seconds = 0.01
lease_seconds = 5
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
[[client]]
id = "engine"
role = "source"
source = "hospital"
token_file = "engine.token"
[[client]]
id = "engine-out"
role = "source"
source = "clinic"
token_file = "out.token"
"""

PAGES = '[site]\npublic_url = "https://pages.example"\n'  # before CONFIG: where somebody else shows the pages


def message(name):
    """An HL7 v2 message of one patient, in a character set that is converted."""
    return (f"MSH|^~\\&|EHR|TRMC|||20261127090000||ADT^A08|{name}|P|2.5.1||||||8859/1\r"
            f"PID|1||4711^^^TRMC||{name}^Ren\xe9||19700101|M\r").encode("latin-1")


class Serve:
    """`meridian serve` in a folder; killed and begun anew at the same address."""

    def __init__(self, folder, base, **environment):
        self.folder, self.base, self.environment = folder, base, environment
        self.listen = "127.0.0.1:0"
        self.start()

    def start(self):
        (self.folder / "site.toml").write_text(CONFIG.format(base=self.base, listen=self.listen))
        with open(self.folder / "log", "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--config", self.folder / "site.toml"], stdout=subprocess.PIPE, text=True,
                stderr=log, env=dict(os.environ, **self.environment))
        said = self.process.stdout.readline()
        if not said:
            raise RuntimeError((self.folder / "log").read_text())
        self.url = json.loads(said)["url"]
        self.listen = self.url.removeprefix("http://")

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(60)
        self.process.stdout.close()


class Jvm:
    """The harness; one line asked, one line answered. settings: of engine.properties."""

    def __init__(self, folder, settings, *options, log=subprocess.DEVNULL):
        self.settings = folder / "engine.properties"
        self.settings.write_text(settings)
        self.process = subprocess.Popen(
            [os.environ["MERIDIAN_JAVA"], "-Xmx256m", *options, "-cp", f"{JAR}:{os.environ['MERIDIAN_HARNESS']}",
             f"-Dmeridian.settings={self.settings}", "Harness"],
            cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)

    def reach(self, url):
        self.settings.write_text(re.sub("url = .*", f"url = {url}", self.settings.read_text()))
        self.ask("close")

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def end(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


class SiteTest(unittest.TestCase):
    """A folder with tokens and one order, and the hospital that it is from."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        for name in ("engine", "out"):
            file = self.folder / f"{name}.token"
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32) + "\n")
        self.hospital = FhirPeer("--data", patients(self.folder, "okafor"))
        self.addCleanup(self.hospital.close)
        order, = self.hospital.search("ServiceRequest?patient=Patient/pat-okafor")
        self.order = self.folder / "order.json"
        self.order.write_text(json.dumps(order))

    def serve(self, **environment):
        served = Serve(self.folder, self.hospital.base, **environment)
        self.addCleanup(lambda: served.end() if served.process.returncode is None else None)
        return served

    def due(self, jvm):
        """What take gives once the referral is assessed; ctest ends what never ends."""
        taken = "nothing"
        while taken == "nothing":
            taken = jvm.ask("take", "clinic")
        return taken.split(" ")

    def go_in_and_out(self, jvm):
        """The story of one order, whichever way the jar takes."""
        self.assertIn('"ready":true', jvm.ask("health").replace(" ", ""))
        self.assertRegex(jvm.ask("submit", "hospital", "order-1", FHIR, self.order), "^taken .*OperationOutcome")
        self.assertRegex(jvm.ask("submit", "hospital", "order-1", FHIR, self.order), "^taken ")
        other = self.folder / "other.json"
        other.write_text(self.order.read_text() + " ")
        self.assertRegex(jvm.ask("submit", "hospital", "order-1", FHIR, other), "^refused 409 Meridian")
        self.assertRegex(jvm.ask("submit", "nobody", "order-2", FHIR, self.order), "^refused 403 Meridian")
        self.assertRegex(jvm.ask("take", "hospital"), "^refused 403 Meridian")
        self.assertRegex(jvm.ask("take", "nobody"), "^refused 403 ")

        handle, media_type, size, key, attempts, maybe = self.due(jvm)
        self.assertEqual((media_type, attempts, maybe), (FHIR, "0", "false"))
        self.assertGreater(int(size), 1000)
        self.assertTrue(key)
        self.assertRegex(jvm.ask("settle", handle + "x", "delivered", "Task/1"), "^refused 412 ")
        self.assertRegex(jvm.ask("settle", handle, "lost", "Task/1"), "^refused 400 ")
        self.assertRegex(jvm.ask("settle", "clinic", "delivered", "Task/1"), "^refused 400 ")
        self.assertEqual(jvm.ask("settle", handle, "try-again", "-"), "settled")
        again = self.due(jvm)
        self.assertEqual(again[3:], [key, "1", "false"])
        self.assertEqual(jvm.ask("settle", again[0], "delivered", "Task/1"), "settled")
        self.assertRegex(jvm.ask("settle", again[0], "delivered", "Task/1"), "^refused 412 ")

    def be_poisoned(self, jvm, good, poison):
        """A message that killed the process twice is refused, and the others pass."""
        self.assertRegex(jvm.ask("submit", "hospital", "poison", HL7, poison), "^refused 422 .*died twice")
        self.assertRegex(jvm.ask("submit", "hospital", "good", HL7, good), "^taken ")
        shown = subprocess.run([PROGRAM, "deadletters", "list", "--config", self.folder / "site.toml"],
                               capture_output=True, text=True, check=True).stdout
        self.assertIn("hospital", shown)
        self.assertRegex(shown, "died twice|suppressed|quarantine")

    def messages(self):
        good, poison = self.folder / "good.hl7", self.folder / "poison.hl7"
        good.write_bytes(message("Okafor"))
        poison.write_bytes(message("TheMessageThatKills"))
        return good, poison
