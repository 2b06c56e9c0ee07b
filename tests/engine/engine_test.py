# SPDX-License-Identifier: Apache-2.0
"""The engine extension's jar: what is in it, and its calls from a JVM to a `meridian serve` beside it."""
import os
import pathlib
import re
import signal
import struct
import subprocess
import unittest
import xml.etree.ElementTree
import zipfile

from engine_host import FHIR, HL7, JAR, Jvm, SiteTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ZIP = os.environ["MERIDIAN_ENGINE_ZIP"]
SETTINGS = """url = http://127.0.0.1:9
token_file = engine.token
token_file.clinic = out.token
timeout_seconds = 30
"""


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

    def test_statuses_are_those_of_http(self):
        table = (ROOT / "plugin/base/error_table.def").read_text()
        http = re.findall(r"^MERIDIAN_ERROR\(\w+, +\d+, \"[\w-]+\", +(\d+)", table, re.M)
        java = (ROOT / "adapters/engine/java/meridian/engine/Status.java").read_text()
        said = re.search(r"HTTP = \{(.*?)\}", java, re.S)[1]
        self.assertEqual(re.findall(r"\d+", said), ["200", *http])


class Calls(SiteTest):
    def jvm(self, url):
        jvm = Jvm(self.folder, SETTINGS)
        self.addCleanup(jvm.end)
        jvm.reach(url)
        return jvm

    def test_an_order_goes_in_and_its_delivery_is_taken_and_settled(self):
        served = self.serve()
        jvm = self.jvm(served.url)
        self.go_in_and_out(jvm)
        self.assertRegex(jvm.ask("settle", "hospital/1.x", "delivered", "Task/1"), "^refused 412 ")

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
        good, poison = self.messages()
        self.assertRegex(jvm.ask("submit", "hospital", "good", HL7, good), "^taken ")
        for _ in range(2):
            self.assertRegex(jvm.ask("submit", "hospital", "poison", HL7, poison), "^refused 0 again ")
            self.assertEqual(served.process.wait(30), -signal.SIGKILL)
            served.process.stdout.close()
            served.start()
        self.be_poisoned(jvm, good, poison)


if __name__ == "__main__":
    unittest.main()
