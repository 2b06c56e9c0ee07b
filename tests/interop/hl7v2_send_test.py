# SPDX-License-Identifier: Apache-2.0
"""`meridian hl7 send` and `listen` against MLLP servers and a client that none of us wrote."""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

from hl7v2_peers import HAPI_PORT, PATIENCE, Medplum, hapi, received_by_hapi, until

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "normalize" / "hl7v2"
REFERRAL = GOLDEN / "ref-i12-acupuncture.hl7"


def send(port, file, *options):
    """Exit status and the first line, without file and time."""
    ran = subprocess.run([PROGRAM, "hl7", "send", f"127.0.0.1:{port}", file, *options], capture_output=True,
                         text=True, timeout=PATIENCE)
    line = ran.stdout.splitlines()[0]
    return ran.returncode, re.sub(r" \([\d.]+ ms\)$", "", line.split(": ", 2)[2]), ran.stdout


class Send(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def medplum(self, mode):
        peer = Medplum(mode, self.folder)
        self.addCleanup(peer.close)
        return peer

    def test_each_mode_of_medplum_has_its_outcome(self):
        unanswered = "ambiguous: sent, and not answered in time; it may have arrived"
        for mode, wait, outcome in (
                ("AA", "60", "accepted: AA"), ("split", "60", "accepted: AA"), ("slow", "60", "accepted: AA"),
                ("AE", "60", "refused: AE, the receiver asks to send it again"),
                ("AR", "60", "refused: AR, the receiver refused the message"),
                ("none", "1", unanswered), ("slow", "1", unanswered), ("garbage", "1", unanswered)):
            with self.subTest(mode=mode, wait=wait):
                peer = self.medplum(mode)
                status, said, whole = send(peer.port, REFERRAL, "--wait", wait)
                self.assertEqual((status, said), (0 if "accepted" in outcome else 1, outcome))
                self.assertEqual("1 that came back answered no message of ours" in whole, mode == "garbage")
                message, = until(peer.messages, "it did not arrive")
                self.assertEqual(message, REFERRAL.read_text().splitlines())

    def test_hapi_takes_what_we_send_and_its_errors_are_read(self):
        before = len(received_by_hapi())
        self.assertEqual(send(HAPI_PORT, REFERRAL)[:2], (0, "accepted: AA"))
        refused = self.folder / "refused.hl7"
        refused.write_text(REFERRAL.read_text().replace("|I-1|", "|AE-1|"))
        status, said, whole = send(HAPI_PORT, refused)
        self.assertEqual((status, said), (1, "refused: AE, the receiver asks to send it again"))
        self.assertIn("ERR-3.1: 207", whole)
        self.assertIn("not now", whole)
        numbers = [message[0].split("|")[9] for message in received_by_hapi()[before:]]
        self.assertEqual(numbers, ["I-1", "AE-1"])

    def test_hapi_as_client_reads_our_acknowledgements(self):
        for answer in ("AA", "AE", "AR"):
            with self.subTest(answer):
                listening = subprocess.Popen([PROGRAM, "hl7", "listen", "0", "--raw", "--answer", answer],
                                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.addCleanup(listening.kill)
                port = re.search(r"port (\d+)", listening.stderr.readline().decode())[1]
                files = [GOLDEN / name for name in ("adt-a04-radiculopathy.hl7", "oru-xray-odd-delimiters-2.3.hl7")]
                self.assertEqual(hapi("Hl7Client", port, files[0]).split()[0], answer)
                listening.send_signal(signal.SIGINT)
                out, _ = listening.communicate(timeout=PATIENCE)
                self.assertEqual(listening.returncode, 0)
                self.assertTrue(out.startswith(b"MSH|"))


if __name__ == "__main__":
    unittest.main()
