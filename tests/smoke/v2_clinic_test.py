# SPDX-License-Identifier: Apache-2.0
"""`meridian serve` sends a referral to a clinic that takes HL7 v2 by MLLP; the clinic's RRI and MDM reach the
hospital's FHIR record."""
import signal
import socket
import threading
import unittest

from v2_site import END, START, Site, header, referral

CLINIC = """
[[clinic]]
id = "clinic"
mllp = "127.0.0.1:{}"
mllp_plain = true
[[mllp]]
listen = "127.0.0.1:0"
source = "clinic"
"""


class V2Peer:
    """Takes MLLP messages, acknowledges each with AA and keeps it, a list of segments."""

    def __init__(self):
        self.messages = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self.hear, args=(line,), daemon=True).start()

    def hear(self, line):
        held = b""
        with line:
            while more := line.recv(65536):
                held += more
                while END in held:
                    frame, held = held.split(END, 1)
                    segments = frame.lstrip(START).decode().rstrip("\r").split("\r")
                    number = segments[0].split("|")[9]
                    self.messages.append(segments)
                    line.sendall(START + f"{header('ACK', 'A' + number)}\rMSA|AA|{number}\r".encode() + END)

    def close(self):
        self.door.close()


def field(segments, path):
    name, number = path.split("-")
    for segment in segments:
        fields = segment.split("|")
        if fields[0] == name:
            return fields[int(number) - (name == "MSH")]
    raise AssertionError(f"no {path} in {segments}")


class ToAV2Clinic(Site):
    def setUp(self):
        self.v2_clinic = V2Peer()
        self.addCleanup(self.v2_clinic.close)
        super().setUp()

    def clinic_table(self):
        return CLINIC.format(self.v2_clinic.port)

    def states(self):
        return {task["businessStatus"]["text"] for task in self.hospital.search("Task")}

    def test_a_referral_goes_out_as_ref_and_its_answers_reach_the_hospital(self):
        self.assertEqual(self.tell(referral("I-1", "RF-700", "40023", "ABARA^NGOZI")), ["MSA|AA|I-1\r"])
        sent = self.until(lambda: self.v2_clinic.messages, "the clinic got nothing")[0]
        self.assertEqual(field(sent, "MSH-9"), "REF^I12^REF_I12")
        self.assertIn("RF-700^EPIC", field(sent, "RF1-11"))
        self.assertTrue(any("M51.369" in segment for segment in sent), "the history of the record")
        ours = field(sent, "RF1-6")
        self.port = self.ports[1]
        self.assertEqual(self.tell([header("RRI^I12^RRI_I12", "C-1"), "MSA|AA|1", f"RF1|A|R||||{ours}"]),
                         ["MSA|AA|C-1\r"])
        self.until(lambda: "accepted" in self.states(), "the hospital does not know that it was accepted")
        self.tell([header("MDM^T02^MDM_T02", "C-2"), "PID|1||7^^^WILLOW||Abara",
                   f"TXA|1|CN|TX|20261201||||||||D-1^WILLOW||{ours}|||AU", "OBX|1|TX|X^Note^L||Pain 7 to 3.||||||F"])
        self.until(lambda: self.hospital.search("DocumentReference"), "the note did not reach the hospital")
        self.assertEqual(self.end(signal.SIGTERM), 0)
        self.start()


if __name__ == "__main__":
    unittest.main()
