# SPDX-License-Identifier: Apache-2.0
"""An order in the hospital's FHIR record becomes a REF^I12 at a clinic whose MLLP server none of us wrote: taken,
refused for now, or left without an answer."""
import json
import subprocess
import unittest

from fhir_peer import patients
from hl7v2_peers import HAPI_PORT, Medplum, received_by_hapi
from v2_clinic_test import field
from v2_site import PROGRAM, Site

CLINIC = """
[[clinic]]
id = "clinic"
mllp = "127.0.0.1:{}"
mllp_plain = true
mllp_recognises_repeats = {}
"""


class Walk(Site):
    poll_seconds = 1
    lease_seconds = 150  # longer than the minute for which an acknowledgement is waited
    mode = "AA"
    recognises_repeats = "false"

    def hospital_options(self):
        return ["--data", patients(self.folder, "okafor")]

    def clinic_table(self):
        return CLINIC.format(self.port_of_clinic(), self.recognises_repeats)

    def port_of_clinic(self):
        self.peer = Medplum(self.mode, self.folder)
        self.addCleanup(lambda: self.peer.close())
        return self.peer.port

    def change_mode(self, mode):
        self.peer.close()
        self.peer = Medplum(mode, self.folder, self.peer.port)

    def referrals_at_the_clinic(self, least=1):
        """What came, at least so many."""
        self.until(lambda: len(self.peer.messages()) >= least, f"no {least} messages at the clinic")
        return self.peer.messages()

    def outbox(self):
        listed = subprocess.run([PROGRAM, "outbox", "list", "--config", self.folder / "site.toml"], check=True,
                                capture_output=True, text=True, timeout=60).stdout
        return [json.loads(line) for line in listed.splitlines()]

    def to_clinic(self):
        """The deliveries to the clinic that are not settled."""
        return [row for row in self.outbox() if row["to"] == "clinic"]

    def once(self, messages):
        """They are one message to whoever knows messages by sender and control id."""
        self.assertEqual(len({tuple(message[0].split("|")[2:4] + [message[0].split("|")[9]]) for message in messages}), 1)
        self.assertEqual(len({"\r".join(message) for message in messages}), 1, "a repeat has the same bytes")

    def settled(self):
        self.until(lambda: not self.to_clinic(), "the delivery is not settled")


class Taken(Walk):
    def test_the_order_is_a_referral_at_the_clinic(self):
        message, = self.referrals_at_the_clinic()
        self.assertEqual(field(message, "MSH-9"), "REF^I12^REF_I12")
        self.assertIn("Okafor", field(message, "PID-5"))
        self.settled()


class TakenByHapi(Walk):
    def port_of_clinic(self):
        self.before = len(received_by_hapi())
        return HAPI_PORT

    def test_the_order_is_a_referral_at_the_clinic(self):
        self.until(lambda: len(received_by_hapi()) > self.before, "nothing at the clinic")
        message = received_by_hapi()[-1]
        self.assertEqual(field(message, "MSH-9"), "REF^I12^REF_I12")
        self.assertIn("Okafor", field(message, "PID-5"))
        self.settled()


class RefusedForNow(Walk):
    mode = "AE"

    def test_it_is_sent_again_until_it_is_taken(self):
        refused = self.referrals_at_the_clinic(2)
        self.assertTrue(self.to_clinic())
        self.change_mode("AA")
        self.settled()
        self.once(refused + self.peer.messages())


class Unanswered(Walk):
    mode = "none"

    def test_it_waits_for_a_person_who_has_it_sent_again(self):
        self.referrals_at_the_clinic()
        waiting = self.until(lambda: [row for row in self.to_clinic() if row["state"] == "ambiguous"],
                             "the delivery is not ambiguous")
        self.assertEqual(len(self.peer.messages()), 1, "not sent again without looking")
        self.change_mode("AA")
        subprocess.run([PROGRAM, "outbox", "send-again", str(waiting[0]["number"]), "--yes", "--config",
                        self.folder / "site.toml"], check=True, capture_output=True, timeout=60)
        self.settled()
        self.once(self.peer.messages())
        self.assertEqual(len(self.peer.messages()), 2)


class UnansweredByOneThatKnowsRepeats(Walk):
    mode = "none"
    recognises_repeats = "true"

    def test_it_is_sent_again_by_itself_and_is_the_same_message(self):
        self.referrals_at_the_clinic()
        self.change_mode("AA")  # which ends the connection on which the answer is due
        self.settled()
        self.once(self.peer.messages())
        self.assertEqual(len(self.peer.messages()), 2)


if __name__ == "__main__":
    unittest.main()
