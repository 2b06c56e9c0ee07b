# SPDX-License-Identifier: Apache-2.0
"""Meridian in the JVM itself: the jar in its mode in-process, treated as an engine treats it."""
import os
import signal
import subprocess
import unittest

from engine_host import CONFIG, FHIR, HL7, JAR, PAGES, PROGRAM, Jvm, SiteTest

PLUGIN = os.environ["MERIDIAN_PLUGIN"]
CRASHING = os.environ["MERIDIAN_CRASHING_PLUGIN"]  # one that dies of a certain message


class InProcess(SiteTest):
    def setUp(self):
        super().setUp()
        self.site = self.folder / "site.toml"
        self.site.write_text(PAGES + CONFIG.format(base=self.hospital.base, listen="127.0.0.1:0"))

    def jvm(self, *options, library=PLUGIN):
        settings = f"mode = in-process\nlibrary = {library}\nconfig = site.toml\n"
        with open(self.folder / "log", "a", encoding="utf-8") as log:
            jvm = Jvm(self.folder, settings, *options, log=log)
        self.addCleanup(jvm.end)
        return jvm

    def test_an_order_goes_in_and_its_delivery_is_taken_and_settled(self):
        jvm = self.jvm()
        self.go_in_and_out(jvm)
        self.assertIn('"url":""', jvm.ask("health").replace(" ", ""))
        self.assertEqual(jvm.ask("close"), "closed")
        self.assertRegex(jvm.ask("submit", "hospital", "order-1", FHIR, self.order), "^taken ")

    def test_jni_itself_finds_nothing_wrong(self):
        jvm = self.jvm("-Xcheck:jni")
        self.go_in_and_out(jvm)
        jvm.process.stdin.close()
        said = jvm.process.stdout.read()
        self.assertNotRegex(said + (self.folder / "log").read_text(), "WARNING|FATAL ERROR")
        self.assertEqual(jvm.process.wait(60), 0)

    def test_loaders_threads_and_large_messages(self):
        jvm = self.jvm()
        self.assertEqual(jvm.ask("race", JAR, 8, "hospital", self.order), "taken 8")
        self.assertEqual(jvm.ask("loaders", JAR, 40, "hospital", self.order), "40 loaders")
        self.assertEqual(jvm.ask("threads", 8, 25, "hospital", self.order), "taken 200")
        self.assertRegex(jvm.ask("submit", "hospital", "large", FHIR, "50MB"), "^refused (413|422) ")
        self.assertRegex(jvm.ask("submit", "hospital", "after", FHIR, self.order), "^taken ")
        self.assertEqual(jvm.ask("close"), "closed")  # for every loader; the next call of any opens it again
        self.assertEqual(jvm.ask("loaders", JAR, 2, "hospital", self.order), "2 loaders")

    def test_deep_messages_fit_the_stack_of_an_engines_thread(self):
        jvm = self.jvm()
        deep = self.folder / "deep.json"
        deep.write_text('{"resourceType":"Patient","extension":' + "[" * 500000 + "]" * 500000 + "}")
        self.assertRegex(jvm.ask("threads", 1, 1, "hospital", deep), "^taken 0, then .* answered 422")
        self.assertRegex(jvm.ask("submit", "hospital", "after", FHIR, self.order), "^taken ")

    def test_only_the_class_loader_that_opened_it_stays(self):
        self.assertEqual(self.jvm().ask("pinned", JAR, 10, "hospital", self.order), "pinned 1")

    def test_text_crosses_as_bytes(self):
        jvm = self.jvm()
        for name, family in (("plain", "a\u00e9\U0001F600b"), ("nul", "a\u00e9\U0001F600\0b")):
            file = self.folder / f"{name}.json"
            file.write_bytes(f'{{"resourceType":"Patient","id":"x","name":[{{"family":"{family}"}}]}}'.encode())
            taken = "^taken " if name == "plain" else "^refused 422 "  # no JSON: set aside
            self.assertRegex(jvm.ask("submit", "hospital", name, FHIR, file), taken)
            # The same bytes again are a repeat, any other are a conflict.
            for charset in ("UTF-8", "ISO-8859-1"):
                self.assertRegex(jvm.ask("submit-text", "hospital", name, FHIR, file, charset), taken)
            file.write_bytes(file.read_bytes().replace(b"\xf0\x9f\x98\x80", b"\xed\xa0\xbd\xed\xb8\x80"))
            self.assertRegex(jvm.ask("submit", "hospital", name, FHIR, file), "^refused 409 ")

    def test_one_database_has_one_runtime(self):
        served = self.serve()
        self.site.write_text(PAGES + self.site.read_text())
        jvm = self.jvm()
        self.assertRegex(jvm.ask("health"), "^refused 500 again Meridian does not run in this JVM: .*lock-error")
        served.end()
        self.assertIn('"ready":true', jvm.ask("health"))
        second = subprocess.run([PROGRAM, "serve", "--config", self.site], capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 1)
        self.assertIn("lock-error", second.stderr)
        other = self.folder / "other.toml"
        other.write_text(self.site.read_text().replace("site.db", "other.db"))
        settings = jvm.settings.read_text()
        self.assertEqual(jvm.ask("close"), "closed")
        jvm.settings.write_text(settings.replace("site.toml", "other.toml"))
        self.assertIn('"ready":true', jvm.ask("health"))

    def test_what_is_wrong_with_the_settings_is_said(self):
        jvm = self.jvm(library=self.folder / "meridian.so")
        self.assertRegex(jvm.ask("health"), "^refused 500 again .*libmeridian_jni.so does not load")
        jvm.settings.write_text(f"mode = in-process\nlibrary = {PLUGIN}\nconfig = nowhere.toml\n")
        jvm.ask("close")
        self.assertRegex(jvm.ask("health"), "^refused 500 again .*nowhere.toml")
        self.site.write_text(self.site.read_text().replace("public_url", "#"))
        jvm.settings.write_text(f"mode = in-process\nlibrary = {PLUGIN}\nconfig = site.toml\n")
        jvm.ask("close")
        self.assertRegex(jvm.ask("health"), "^refused 500 again .*public_url")
        jvm.settings.write_text("mode = aside\n")
        jvm.ask("close")
        self.assertRegex(jvm.ask("health"), "^refused 500 again .*http or in-process")

    def test_what_was_taken_outlives_a_killed_jvm(self):
        jvm = self.jvm()
        self.assertRegex(jvm.ask("submit", "hospital", "order-1", FHIR, self.order), "^taken ")
        jvm.process.send_signal(signal.SIGKILL)
        jvm.process.wait(60)
        again = self.jvm()
        self.assertRegex(again.ask("submit", "hospital", "order-1", FHIR, self.order), "^taken ")
        handle = self.due(again)[0]
        self.assertEqual(again.ask("settle", handle, "delivered", "Task/1"), "settled")

    def test_a_message_that_crashed_the_jvm_twice_is_set_aside_unread(self):
        good, poison = self.messages()
        for _ in range(2):
            jvm = self.jvm("-XX:-CreateCoredumpOnCrash", library=CRASHING)
            self.assertRegex(jvm.ask("submit", "hospital", "good", HL7, good), "^taken ")
            self.assertNotRegex(jvm.ask("submit", "hospital", "poison", HL7, poison), "taken|refused")
            self.assertEqual(jvm.process.wait(60), 1)  # as a JVM ends that may not leave a core
        crashes = [file.read_text() for file in self.folder.glob("hs_err_pid*.log")]
        self.assertEqual([("SIGSEGV" in crash, "meridian.so" in crash) for crash in crashes], [(True, True)] * 2)
        self.be_poisoned(self.jvm(library=CRASHING), good, poison)


if __name__ == "__main__":
    unittest.main()
