# SPDX-License-Identifier: Apache-2.0
"""The engine extension's jar: what is in it, and its calls from a JVM to a `meridian serve` beside it."""
import json
import os
import pathlib
import re
import secrets
import signal
import struct
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
import zipfile

from fhir_peer import FhirPeer, patients

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
JAR = os.environ["MERIDIAN_ENGINE_JAR"]
ZIP = os.environ["MERIDIAN_ENGINE_ZIP"]
FHIR = "application/fhir+json"
HL7 = "x-application/hl7-v2+er7"

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "{listen}"
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
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--config", self.folder / "site.toml"], stdout=subprocess.PIPE, text=True,
            stderr=open(self.folder / "log", "a"), env=dict(os.environ, **self.environment))
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
    """The harness; one line asked, one line answered."""

    def __init__(self, folder):
        self.settings = folder / "engine.properties"
        self.settings.write_text("url = http://127.0.0.1:9\ntoken_file = engine.token\n"
                                 "token_file.clinic = out.token\ntimeout_seconds = 30\n")
        self.process = subprocess.Popen(
            [os.environ["MERIDIAN_JAVA"], "-Xmx256m", "-cp", f"{JAR}:{os.environ['MERIDIAN_HARNESS']}",
             f"-Dmeridian.settings={self.settings}", "Harness"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def reach(self, url):
        self.settings.write_text(re.sub("url = .*", f"url = {url}", self.settings.read_text()))
        self.ask("close")

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def end(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


class Contents(unittest.TestCase):
    def test_classes_load_on_java_8(self):
        with zipfile.ZipFile(JAR) as jar:
            classes = [name for name in jar.namelist() if name.endswith(".class")]
            self.assertGreater(len(classes), 5)
            for name in classes:
                self.assertTrue(name.startswith("meridian/engine/"), name)
                self.assertEqual(struct.unpack(">4xHH", jar.read(name)[:8]), (0, 52), name)

    def test_the_zip_is_one_folder_with_a_library_and_no_interface_of_the_engine(self):
        with zipfile.ZipFile(ZIP) as extension:
            names = extension.namelist()
            plugin = xml.etree.ElementTree.fromstring(extension.read("meridian/plugin.xml"))
        self.assertEqual({name.split("/")[0] for name in names}, {"meridian"})
        library = plugin.find("library")
        self.assertEqual(library.get("type"), "SERVER")
        self.assertIn(f"meridian/{library.get('path')}", names)
        self.assertIsNone(plugin.find("serverClasses"))
        self.assertIn("4.5.2", plugin.findtext("mirthVersion").split(","))

    def test_the_channels_call_what_the_jar_has(self):
        listed = subprocess.run(
            [os.environ["MERIDIAN_JAVA"].replace("/bin/java", "/bin/javap"), "-cp", JAR, "-public",
             "meridian.engine.Meridian", "meridian.engine.Claim"], check=True, capture_output=True, text=True).stdout
        has = set(re.findall(r" (\w+)\(", listed))
        with zipfile.ZipFile(ZIP) as extension:
            channels = [name for name in extension.namelist() if re.search("channels/.*xml$", name)]
            self.assertEqual(len(channels), 3)
            ids = set()
            for name in channels:
                channel = xml.etree.ElementTree.fromstring(extension.read(name))
                ids.add(channel.findtext("id"))
                scripts = " ".join(text.text or "" for text in channel.iter() if "cript" in text.tag)
                called = set(re.findall(r"\b(?:Meridian|claim)\.(\w+)\(", scripts))
                self.assertTrue(called, name)
                self.assertLessEqual(called, has, name)
            self.assertEqual(len(ids), 3)


class Calls(unittest.TestCase):
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

    def jvm(self, url):
        jvm = Jvm(self.folder)
        self.addCleanup(jvm.end)
        jvm.reach(url)
        return jvm

    def test_an_order_goes_in_and_its_delivery_is_taken_and_settled(self):
        served = self.serve()
        jvm = self.jvm(served.url)
        self.assertIn('"ready":true', jvm.ask("health").replace(" ", ""))
        self.assertRegex(jvm.ask("submit", "hospital", "order-1", FHIR, self.order), "^taken .*OperationOutcome")
        self.assertRegex(jvm.ask("submit", "hospital", "order-1", FHIR, self.order), "^taken ")
        other = self.folder / "other.json"
        other.write_text(self.order.read_text() + " ")
        self.assertRegex(jvm.ask("submit", "hospital", "order-1", FHIR, other), "^refused 409 Meridian")
        self.assertRegex(jvm.ask("take", "hospital"), "^refused 403 Meridian")
        self.assertRegex(jvm.ask("take", "nobody"), "^refused 403 ")

        taken = "nothing"
        while taken == "nothing":  # until the referral is assessed; ctest ends what never ends
            taken = jvm.ask("take", "clinic")
        handle, media_type, size, key, attempts, maybe = taken.split(" ")
        self.assertEqual((media_type, attempts, maybe), (FHIR, "0", "false"))
        self.assertGreater(int(size), 1000)
        self.assertTrue(key)
        self.assertRegex(jvm.ask("settle", handle + "x", "delivered", "Task/1"), "^refused 412 ")
        self.assertRegex(jvm.ask("settle", handle, "lost", "Task/1"), "^refused 400 ")
        self.assertRegex(jvm.ask("settle", handle.replace("clinic/", "hospital/"), "delivered", "Task/1"), "^refused 412 ")
        self.assertEqual(jvm.ask("settle", handle, "try-again", "-"), "settled")
        again = "nothing"
        while again == "nothing":
            again = jvm.ask("take", "clinic")
        self.assertEqual(again.split(" ")[3:], [key, "1", "false"])
        self.assertEqual(jvm.ask("settle", again.split(" ")[0], "delivered", "Task/1"), "settled")
        self.assertRegex(jvm.ask("settle", again.split(" ")[0], "delivered", "Task/1"), "^refused 412 ")

    def test_loaders_threads_and_large_messages(self):
        served = self.serve()
        jvm = self.jvm(served.url)
        self.assertEqual(jvm.ask("loaders", JAR, 40, "hospital", self.order), "40 loaders")
        self.assertEqual(jvm.ask("threads", 8, 25, "hospital", self.order), "taken 200")
        self.assertRegex(jvm.ask("submit", "hospital", "large", FHIR, "50MB"), "^refused (413|0 again) ")
        self.assertRegex(jvm.ask("submit", "hospital", "after", FHIR, self.order), "^taken ")

    def test_text_arrives_as_it_was_meant(self):
        jvm = self.jvm("http://127.0.0.1:9")
        meant = "a\u00e9\U0001F600\0b".encode().hex()
        self.assertEqual(jvm.ask("text", "right"), meant)
        self.assertEqual(jvm.ask("text", "misread"), meant)
        self.assertEqual(jvm.ask("text", "latin"), "café".encode().hex())
        self.assertRegex(jvm.ask("text", "half"), "^refused 400 the text holds half")

    def test_a_runtime_that_was_killed_is_told_of_and_found_again(self):
        served = self.serve()
        jvm = self.jvm(served.url)
        self.assertRegex(jvm.ask("submit", "hospital", "1", FHIR, self.order), "^taken ")
        served.end(signal.SIGKILL)
        self.assertRegex(jvm.ask("submit", "hospital", "2", FHIR, self.order), "^refused 0 again Meridian")
        served.start()
        self.assertRegex(jvm.ask("submit", "hospital", "2", FHIR, self.order), "^taken ")
        self.assertRegex(jvm.ask("submit", "hospital", "1", FHIR, self.order), "^taken ")

    def test_a_message_that_killed_the_process_twice_is_set_aside_unread(self):
        served = self.serve(LD_PRELOAD=os.environ["MERIDIAN_CRASH_SHIM"])
        jvm = self.jvm(served.url)
        good, poison = self.folder / "good.hl7", self.folder / "poison.hl7"
        good.write_bytes(message("Okafor"))
        poison.write_bytes(message("TheMessageThatKills"))
        self.assertRegex(jvm.ask("submit", "hospital", "good", HL7, good), "^taken ")
        for _ in range(2):
            self.assertRegex(jvm.ask("submit", "hospital", "poison", HL7, poison), "^refused 0 again ")
            self.assertEqual(served.process.wait(30), -signal.SIGKILL)
            served.process.stdout.close()
            served.start()
        self.assertRegex(jvm.ask("submit", "hospital", "poison", HL7, poison), "^refused 422 .*died twice")
        self.assertRegex(jvm.ask("submit", "hospital", "good", HL7, good), "^taken ")
        shown = subprocess.run([PROGRAM, "deadletters", "list", "--config", self.folder / "site.toml"],
                               capture_output=True, text=True, check=True).stdout
        self.assertIn("hospital", shown)
        self.assertRegex(shown, "died twice|suppressed|quarantine")


if __name__ == "__main__":
    unittest.main()
