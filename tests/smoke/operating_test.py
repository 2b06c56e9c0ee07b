# SPDX-License-Identifier: Apache-2.0
"""A site that runs: its configuration is read anew, systems are paused, a message for another kind of system is refused."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

from v2_site import FHIR_CLINIC, PATIENCE, PROGRAM, Site, header, patient


def visit(control, processing="P"):
    return [header("ADT^A01", control).replace("|P|2.5.1", f"|{processing}|2.5.1"), patient("40023", "ABARA^NGOZI")]


class Operating(Site):
    def setUp(self):
        """A service manager that listens."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        self.manager.settimeout(PATIENCE)
        name = str(pathlib.Path(folder.name) / "notify")
        self.manager.bind(name)
        os.environ["NOTIFY_SOCKET"] = name
        self.addCleanup(os.environ.pop, "NOTIFY_SOCKET")
        super().setUp()
        self.assertEqual(self.notice(), "READY=1")

    def notice(self):
        return self.manager.recv(100).decode()

    def reload(self, text):
        (self.folder / "site.toml").write_text(text)
        self.serve.send_signal(signal.SIGHUP)
        self.assertEqual([self.notice(), self.notice()], ["RELOADING=1", "READY=1"])

    def said(self):
        return (self.folder / "log").read_text()

    def page(self):
        with urllib.request.urlopen(self.url + "/operations", timeout=PATIENCE) as answer:
            return answer.read().decode()

    def systems(self, *arguments):
        return subprocess.run([PROGRAM, "systems", *arguments, "--config", self.folder / "site.toml"],
                              capture_output=True, text=True, timeout=PATIENCE)

    def test_a_changed_file_is_taken_and_a_faulty_one_is_not(self):
        other = FHIR_CLINIC.format(self.clinic.base).replace('"clinic"', '"other"')
        self.reload(self.config() + other)
        self.assertIn('"event":"configuration.changed","key":"clinic.other.fhir"', self.said())
        self.assertIn("clinic.other.fhir", self.page())
        self.assertEqual(self.tell(visit("A-1")), ["MSA|AA|A-1\r"], "on the same port")
        self.reload(self.config() + other + "[[clinic]]\nid = 'third'\nfihr = 'http://127.0.0.1:1'\n")
        self.assertIn("configuration.refused", self.said())
        self.assertIn("fihr", self.said())
        self.assertIn("not taken", self.page())
        self.assertEqual(self.tell(visit("A-1")), ["MSA|AA|A-1\r"])
        self.reload(self.config())
        self.assertNotIn("not taken", self.page())

    def test_a_log_file_that_was_moved_away_is_let_go_by_a_reload(self):
        text = self.config() + "[log]\nfile = 'site.log'\n"
        self.reload(text)
        (self.folder / "site.log").rename(self.folder / "site.log.1")
        self.reload(text)
        self.tell(visit("A-2"))
        self.assertIn("accepted", (self.folder / "site.log").read_text())
        self.assertNotIn("accepted", (self.folder / "site.log.1").read_text())

    def test_under_load_every_message_is_acknowledged_once_it_is_sent_again(self):
        ended, waits = threading.Event(), []

        def send():
            number = 0
            while not ended.is_set():
                number += 1
                begin = time.monotonic()
                while True:
                    try:
                        if self.tell(visit(f"L-{number}")) == [f"MSA|AA|L-{number}\r"]:
                            break
                    except (OSError, RuntimeError):
                        pass
                waits.append(time.monotonic() - begin)

        sender = threading.Thread(target=send)
        sender.start()
        other = FHIR_CLINIC.format(self.clinic.base).replace('"clinic"', '"other"')
        for round_number in range(6):
            self.reload(self.config() + (other if round_number % 2 == 0 else ""))
        ended.set()
        sender.join()
        closed = [int(number) for number in re.findall(r'"closed_milliseconds":(\d+)', self.said())]
        self.assertEqual(len(closed), 6)
        print(f"{len(waits)} messages, the longest wait {max(waits):.3f} s; closed for {closed} ms", flush=True)

    def refuses(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE).close()
            return False
        except ConnectionRefusedError:
            return True

    def test_a_paused_system_is_not_heard_also_after_a_restart(self):
        # A port that stays the same over a restart.
        text = self.config().replace('listen = "127.0.0.1:0"\nsource', f'listen = "127.0.0.1:{self.port}"\nsource')
        self.reload(text)
        done = self.systems("pause", "hospital", "--way", "in", "--reason", "their upgrade", "--by", "Ada", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.until(self.refuses, "the listener stays open")
        self.assertIn("by Ada: their upgrade", self.systems("list").stdout)
        self.assertIn("their upgrade", self.page())
        port = self.port
        self.assertEqual(self.end(signal.SIGTERM), 0)
        with open(self.folder / "log", "a") as log:
            self.serve = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / "site.toml"],
                                          stdout=subprocess.PIPE, stderr=log, text=True)
        self.serve.stdout.readline()
        self.assertTrue(self.refuses())
        done = self.systems("resume", "hospital", "--way", "in", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.until(lambda: not self.refuses(), "the listener stays closed")
        self.port = port
        self.assertEqual(self.tell(visit("A-3")), ["MSA|AA|A-3\r"])

    def test_a_test_system_says_so_and_takes_no_message_for_production(self):
        self.assertIn("MSA|AR|T-1", self.tell(visit("T-1", "T"))[0])
        self.reload(self.config() + "[site]\nprocessing = 'training'\n")
        self.assertEqual(self.tell(visit("T-2", "T")), ["MSA|AA|T-2\r"])
        refused, = self.tell(visit("P-1", "P"))
        self.assertIn("MSA|AR|P-1", refused)
        self.assertIn("202^Unsupported processing id", refused)
        self.assertIn("TEST SYSTEM", self.page())


if __name__ == "__main__":
    unittest.main()
