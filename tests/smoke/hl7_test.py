# SPDX-License-Identifier: Apache-2.0
"""`meridian hl7 send` and `meridian hl7 listen`, each against the other in a process of its own."""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
PATIENCE = 60  # seconds
HEADER = "MSH|^~\\&|EPIC|STLUKE|MERIDIAN|HUB|20260601101500-0500||ADT^A08|{}|P|2.5.1"


def message(number, end="\r"):
    return end.join([HEADER.format(number), f"PID|1||{number}7^^^STLUKE||ABARA^NGOZI", ""])


class Listen:
    """`meridian hl7 listen` on a free port, from its first line on standard error on."""

    def __init__(self, *options):
        self.process = subprocess.Popen([PROGRAM, "hl7", "listen", "0", *options], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.said = self.process.stderr.readline().decode()
        self.port = re.search(r"listening at 127\.0\.0\.1 port (\d+)", self.said)[1]

    def end(self, with_signal=None):
        """Exit status and standard output."""
        if with_signal:
            self.process.send_signal(with_signal)
        out, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out


class Hl7(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def listen(self, *options):
        listening = Listen(*options)
        self.addCleanup(listening.process.stderr.close)
        self.addCleanup(listening.process.stdout.close)
        self.addCleanup(listening.process.kill)
        return listening

    def send(self, port, text, *options):
        (self.folder / "out.hl7").write_bytes(text.encode())
        ran = subprocess.run([PROGRAM, "hl7", "send", f"127.0.0.1:{port}", "out.hl7", *options], cwd=self.folder,
                             capture_output=True, text=True, timeout=PATIENCE)
        return ran.returncode, re.sub(r" \([\d.]+ ms\)", "", ran.stdout).splitlines()

    def test_what_is_sent_arrives_in_order_and_is_acknowledged(self):
        listening = self.listen("--count", "2")
        self.assertIn("patient data", listening.said)
        status, lines = self.send(listening.port, message("M1") + message("M2"))
        self.assertEqual((status, lines), (0, ["out.hl7: message 1: ADT^A08 M1: accepted: AA",
                                               "out.hl7: message 2: ADT^A08 M2: accepted: AA"]))
        status, out = listening.end()
        self.assertEqual(status, 0)
        shown = out.decode()
        self.assertLess(shown.index("    PID-3.1: M17\n"), shown.index("    PID-3.1: M27\n"))
        self.assertIn("PID-5 Patient Name", shown)

    def test_bytes_come_as_they_were_sent_with_cr_after_each_segment(self):
        listening = self.listen("--raw", "--once")
        self.assertEqual(self.send(listening.port, message("M1", "\n"))[0], 0)
        self.assertEqual(listening.end(), (0, message("M1").encode() + b"\n"))

    def test_a_refusal_is_printed_with_its_reason_and_does_not_hold_up_the_next(self):
        for answer, reason in (("AE", "asks to send it again"), ("AR", "refused the message")):
            with self.subTest(answer):
                listening = self.listen("--answer", answer)
                status, lines = self.send(listening.port, message("M1") + message("M2"))
                self.assertEqual(status, 1)
                self.assertEqual(lines[0], f"out.hl7: message 1: ADT^A08 M1: refused: {answer}, the receiver {reason}")
                self.assertIn("  ERR-8: the message was not taken", lines)
                self.assertTrue(any(line.startswith("out.hl7: message 2: ADT^A08 M2: refused") for line in lines))
                self.assertEqual(listening.end(signal.SIGINT)[0], 0)

    def test_without_an_answer_it_is_ambiguous_and_the_next_stays(self):
        listening = self.listen("--answer", "none")
        status, lines = self.send(listening.port, message("M1") + message("M2"), "--wait", "0.3")
        self.assertEqual(status, 1)
        self.assertEqual(lines, [
            "out.hl7: message 1: ADT^A08 M1: ambiguous: sent, and not answered in time; it may have arrived",
            "out.hl7: message 2: ADT^A08 M2: not sent, since the one before was not answered"])
        status, out = listening.end(signal.SIGTERM)
        self.assertEqual((status, out.count(b"Message Header")), (0, 1))
        status, lines = self.send(listening.port, message("M1"))
        self.assertEqual((status, lines), (1, ["out.hl7: ADT^A08 M1: not sent: no connection; nothing was sent"]))

    def test_enhanced_mode_is_answered_as_the_message_asks(self):
        listening = self.listen("--once")
        text = message("M1").replace("|P|2.5.1\r", "|P|2.5.1|||AL|NE\r")
        self.assertEqual(self.send(listening.port, text), (0, ["out.hl7: ADT^A08 M1: accepted: CA"]))
        self.assertEqual(listening.end()[0], 0)

    def test_tls_with_certificates_on_both_sides(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=hl7", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", "key.pem", "-out", "cert.pem"], cwd=self.folder, check=True, capture_output=True)
        cert, key = str(self.folder / "cert.pem"), str(self.folder / "key.pem")
        listening = self.listen("--certificate", cert, "--key", key, "--client-ca", cert)
        status, lines = self.send(listening.port, message("M1"), "--ca-file", cert, "--certificate", cert,
                                  "--key", key)
        self.assertEqual((status, lines), (0, ["out.hl7: ADT^A08 M1: accepted: AA"]))
        status, lines = self.send(listening.port, message("M2"), "--ca-file", cert)
        self.assertEqual(status, 1)
        self.assertIn("a certificate was refused", lines[0])
        self.assertEqual(listening.end(signal.SIGINT)[0], 0)

    def test_wrong_usage_ends_with_2_and_plain_beyond_this_machine_with_1(self):
        def run(*arguments):
            return subprocess.run([PROGRAM, "hl7", *arguments], capture_output=True, text=True, timeout=PATIENCE)
        for arguments in [[], ["show"], ["send", "127.0.0.1:1"], ["send", "nowhere", "x"], ["listen"], ["listen", "x"],
                          ["listen", "0", "--answer", "XX"], ["listen", "0", "--certificate", "c.pem"]]:
            with self.subTest(arguments):
                done = run(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertTrue(done.stderr)
        done = run("listen", "0.0.0.0:0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("plain MLLP only on loopback", done.stderr)
        self.assertEqual(run("show", "absent.hl7").returncode, 1)


if __name__ == "__main__":
    unittest.main()
