# SPDX-License-Identifier: Apache-2.0
"""`meridian serve` hears HL7 v2 by MLLP: acknowledged when committed, gathered by FHIR, delivered by FHIR."""
import signal
import unittest

from v2_site import Site, order, referral


class Mllp(Site):
    def tasks(self, count):
        """How many Tasks the clinic has, when there are at least so many."""
        self.until(lambda: len(self.clinic.search("Task")) >= count, f"no {count} Tasks at the clinic")
        return len(self.clinic.search("Task"))

    def test_a_referral_and_an_order_reach_the_clinic_with_the_history_of_the_record(self):
        answers = self.tell(referral("I-1", "RF-700", "40023", "ABARA^NGOZI"),
                            order("G-1", "889342", "40024", "ABARA^CHIKE"))
        self.assertEqual(answers, ["MSA|AA|I-1\r", "MSA|AA|G-1\r"])
        self.assertEqual(self.tasks(2), 2)
        numbers = {identifier["value"] for request in self.clinic.search("ServiceRequest")
                   for identifier in request["identifier"]}
        self.assertLessEqual({"RF-700", "889342"}, numbers)
        codes = [condition["code"]["coding"][0]["code"] for condition in self.clinic.search("Condition")]
        self.assertEqual(sorted(codes), ["M51.369"] * 2 + ["M54.59"] * 2, "of the record, and of the messages")
        self.assertEqual(len(self.clinic.search("Patient")), 2)
        self.assertEqual(self.end(signal.SIGTERM), 0)
        self.start()

    def test_what_was_acknowledged_outlives_a_kill_and_a_repeat_gets_the_same_answer(self):
        message = referral("I-1", "RF-700", "40023", "ABARA^NGOZI")
        self.assertEqual(self.tell(message), ["MSA|AA|I-1\r"])
        self.end(signal.SIGKILL)
        self.start()
        self.assertEqual(self.tell(message), ["MSA|AA|I-1\r"])
        self.assertEqual(self.tasks(1), 1)
        orders = [request for request in self.clinic.search("ServiceRequest")]
        self.assertEqual(len(orders), 1)


if __name__ == "__main__":
    unittest.main()
