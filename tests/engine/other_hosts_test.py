# SPDX-License-Identifier: Apache-2.0
"""The C ABI from Python's ctypes and from JNA: the two examples do what they say."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

from engine_host import CONFIG, PAGES, SiteTest

HERE = pathlib.Path(__file__).resolve().parent
PLUGIN = os.environ["MERIDIAN_PLUGIN"]
JNA = os.environ.get("MERIDIAN_JNA", "")
CTYPES_HOST = [sys.executable, "-B", HERE / "ctypes_host.py"]
JNA_HOST = [os.environ["MERIDIAN_JAVA"], "-cp", f"{JNA}:{os.environ['MERIDIAN_HARNESS']}", "JnaHost"]


class OtherHosts(SiteTest):
    def ask(self, host, source, sender_id, file):
        return subprocess.run([*host, PLUGIN, self.folder / "site.toml", source, sender_id, file],
                              cwd=self.folder, capture_output=True, text=True, timeout=120)

    def story(self, host):
        (self.folder / "site.toml").write_text(PAGES + CONFIG.format(base=self.hospital.base, listen="127.0.0.1:0"))
        first = self.ask(host, "hospital", "order-1", self.order)
        self.assertEqual(first.returncode, 0, first.stderr + first.stdout)
        answer, health = first.stdout.splitlines()
        self.assertEqual(json.loads(answer)["resourceType"], "OperationOutcome")
        self.assertEqual((json.loads(health)["ready"], json.loads(health)["messages"]), (True, 1))

        again = self.ask(host, "hospital", "order-1", self.order)
        self.assertEqual((again.returncode, again.stdout.splitlines()[0]), (0, answer))
        self.order.write_text(self.order.read_text() + " ")
        other = self.ask(host, "hospital", "order-1", self.order)
        self.assertEqual(other.returncode, 1)
        self.assertIn("conflict", other.stdout + other.stderr)
        # Text with NUL and characters beyond the BMP crosses whole: the same id is a repeat for the same bytes alone.
        odd = self.folder / "odd.json"
        odd.write_bytes('{"resourceType":"Patient","id":"x","name":[{"family":"a\u00e9\U0001F600\0b"}]}'.encode())
        kept = self.ask(host, "hospital", "odd", odd)
        self.assertIn('"fatal"', kept.stdout)
        odd.write_bytes(odd.read_bytes().replace(b"\0b", b"\0c"))
        self.assertEqual(self.ask(host, "hospital", "odd", odd).returncode, 1)

    def test_python_by_ctypes(self):
        self.story(CTYPES_HOST)

    @unittest.skipUnless(JNA, "libjna-java is not installed")
    def test_java_by_jna(self):
        self.story(JNA_HOST)


if __name__ == "__main__":
    unittest.main()
