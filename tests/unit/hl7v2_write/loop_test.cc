// SPDX-License-Identifier: Apache-2.0
// A v2 clinic's answers to the REF that we wrote become the events that a FHIR Task becomes.
#include <gtest/gtest.h>

#include "base/base64.h"
#include "fhir/exchange/fhir_renderer.h"
#include "hl7v2/syntax/message.h"
#include "hl7v2/syntax/names.h"
#include "hl7v2/write/writer.h"
#include "routing/clinic_events.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

using routing::EventKind;

constexpr std::string_view referral_id = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";

/// RF1-6 of the packet as we send it.
std::string our_number() {
  const auto found = test::read_case(test::render_cases() / "packet-for-a-clinic");
  const Hl7v2Renderer renderer(*find_write_dialect("v2"), knowledge().terminology);
  const auto rendered = renderer.render(found->letter, found->profile);
  Issues issues;
  const auto message = parse(rendered->bytes, issues);
  return std::string(message->find("RF1")->field(6).raw());
}

/// What a message of the clinic says of our referral, as routing reads it; nothing when it is not
/// recognised as ours.
std::optional<EventKind> event_of(const std::string& type, const std::string& segments) {
  const auto records = read(type, segments);
  for (const auto& task : records.tasks) {
    for (const auto& number : task.identifiers) {
      if (number.system == own_system && number.value.reveal() == referral_id) {
        return routing::clinic_event(task, records.appointments, knowledge().terminology);
      }
    }
  }
  return std::nullopt;
}

TEST(Loop, AnRriSaysWhetherTheClinicTakesIt) {
  const auto rri = [](const std::string& status, const std::string& event = "I12") {
    return event_of("RRI^" + event,
                    "MSA|AA|X\rRF1|" + status + "|R||||" + our_number() + "\r" + pid);
  };
  EXPECT_EQ(rri("P"), EventKind::clinic_received);
  EXPECT_EQ(rri("A"), EventKind::clinic_accepted);
  EXPECT_EQ(rri("R"), EventKind::clinic_declined);
  EXPECT_EQ(rri("E"), EventKind::clinic_declined);
  EXPECT_EQ(rri("A", "I13"), EventKind::clinic_accepted);
  EXPECT_EQ(rri("R", "I14"), EventKind::clinic_cancelled);
}

TEST(Loop, AReferralThatComesBackModifiedIsNoOrderOfTheClinic) {
  const auto ref = [](const std::string& event) {
    return event_of("REF^" + event, "RF1|A|R|X^Y^L|||" + our_number() + "\r" + pid);
  };
  EXPECT_EQ(ref("I13"), EventKind::clinic_accepted);
  EXPECT_EQ(ref("I14"), EventKind::clinic_cancelled);
  const auto records = read("REF^I13", "RF1|A|R|X^Y^L|||" + our_number() + "\r" + pid);
  ASSERT_EQ(records.service_requests.size(), 1U);
  EXPECT_EQ(records.service_requests[0].identifiers.at(0).system, own_system);
}

TEST(Loop, AReferralIsRecognisedByItsNamespaceAlone) {
  const auto event =
      event_of("RRI^I12", "MSA|AA|X\rRF1|A|R||||" + std::string(referral_id) + "^MERIDIAN\r" + pid);
  EXPECT_EQ(event, EventKind::clinic_accepted);
  const auto other =
      event_of("RRI^I12", "MSA|AA|X\rRF1|A|R||||" + std::string(referral_id) + "^EPIC\r" + pid);
  EXPECT_EQ(other, std::nullopt);
}

TEST(Loop, AnOsuSaysItByItsOrderControl) {
  const auto osu = [](const std::string& orc) {
    return event_of("OSU^O51", pid + "ORC|" + orc + "\r");
  };
  EXPECT_EQ(osu("OK|" + our_number()), EventKind::clinic_accepted);
  EXPECT_EQ(osu("UA|" + our_number()), EventKind::clinic_declined);
  EXPECT_EQ(osu("SC|" + our_number() + "|C-1^CLINIC||CM"), EventKind::clinic_reported);
  EXPECT_EQ(osu("CR|" + our_number()), EventKind::clinic_cancelled);
}

TEST(Loop, AnAppointmentThatNamesOurReferralIsABooking) {
  const auto siu = [](const std::string& event, const std::string& status) {
    return event_of("SIU^" + event, "SCH||A-1^CLINIC|||||||||^^^20260412100000-0500||||||||||||||" +
                                        status + "|" + our_number() + "\r" + pid);
  };
  EXPECT_EQ(siu("S12", "Booked"), EventKind::clinic_scheduled);
  EXPECT_EQ(siu("S13", "Booked"), EventKind::clinic_scheduled);
  EXPECT_EQ(siu("S14", ""), EventKind::clinic_scheduled);
  EXPECT_EQ(siu("S15", "Cancelled"), EventKind::clinic_appointment_cancelled);
  EXPECT_EQ(siu("S26", "Noshow"), EventKind::clinic_no_show);
}

TEST(Loop, ANoteThatNamesOurReferralIsAReport) {
  const std::string text = "OBX|1|TX|11488-4^Consult note^LN||Pain 7 to 3.||||||F\r";
  const auto mdm = [&](const std::string& completion) {
    return event_of("MDM^T02", "EVN||20260501\r" + pid +
                                   "PV1|1|N\rTXA|1|CN|TX|20260501||||||||D-1^CL||" + our_number() +
                                   "|||" + completion + "\r" + text);
  };
  EXPECT_EQ(mdm("AU"), EventKind::clinic_reported);
  EXPECT_EQ(mdm(""), EventKind::clinic_reported);
  EXPECT_EQ(mdm("IP"), EventKind::clinic_visited);
  const auto oru = [&](const std::string& status) {
    return event_of("ORU^R01", pid + "ORC|RE|" + our_number() + "\rOBR|1|" + our_number() +
                                   "||11488-4^Consult note^LN|||20260501||||||||||||||||||" +
                                   status + "\r" + text);
  };
  EXPECT_EQ(oru("F"), EventKind::clinic_reported);
  EXPECT_EQ(oru("P"), EventKind::clinic_visited);
}

TEST(Loop, TheNoteIsAmongTheOutputsOfTheTask) {
  const auto records =
      read("MDM^T02", "EVN||20260501\r" + pid + "PV1|1|N\rTXA|1|CN|TX|20260501||||||||D-1^CL||" +
                          our_number() + "|||AU\rOBX|1|TX|X^Note^L||Pain 7 to 3.\r");
  ASSERT_EQ(records.tasks.size(), 1U);
  ASSERT_EQ(records.tasks[0].outputs.size(), 1U);
  EXPECT_EQ(records.tasks[0].outputs[0].reference.target, records.documents.at(0).ref);
}

/// What the hospital's FHIR server is sent of a v2 message of the clinic.
std::string for_the_hospital(Letter::Kind kind, const std::string& type,
                             const std::string& segments) {
  Letter letter;
  letter.kind = kind;
  letter.referral_id = referral_id;
  letter.source_order = "ServiceRequest/88";
  letter.source_patient = "Patient/204";
  letter.task_status = kind == Letter::Kind::consult_note ? "completed" : "in-progress";
  letter.sender_name = "Clinic";
  letter.records = read(type, segments);
  letter.raw = "MSH|^~\\&|";  // no JSON: what it says is in the records
  const fhir::FhirRenderer renderer(std::make_shared<fhir::Capabilities>());
  const auto rendered = renderer.render(letter, {});
  return rendered ? rendered->bytes : std::string(rendered.error().what.view());
}

TEST(Loop, AV2NoteIsADocumentInTheHospitalsFhirRecord) {
  const auto bytes =
      for_the_hospital(Letter::Kind::consult_note, "MDM^T02",
                       "EVN||20260501\r" + pid + "PV1|1|N\rTXA|1|CN|TX|20260501||||||||D-1^CL||" +
                           our_number() + "|||AU\rOBX|1|TX|X^Note^L||Pain 7 to 3.\r");
  EXPECT_NE(bytes.find(R"("resourceType":"DocumentReference")"), std::string::npos) << bytes;
  EXPECT_NE(bytes.find(encode_base64("Pain 7 to 3.")), std::string::npos) << bytes;
  EXPECT_NE(bytes.find(R"("reference":"Patient/204")"), std::string::npos) << bytes;
}

TEST(Loop, AV2AppointmentIsNamedInTheHospitalsFhirRecord) {
  const auto bytes =
      for_the_hospital(Letter::Kind::status, "SIU^S12",
                       "SCH||A-1^CLINIC|||||||||^^^20260412100000-0500||||||||||||||Booked|" +
                           our_number() + "\r" + pid);
  EXPECT_NE(bytes.find("booked 2026-04-12T10:00:00-05:00"), std::string::npos) << bytes;
}

TEST(Loop, WhatNamesNoReferralOfOursMakesNoTask) {
  EXPECT_TRUE(
      read("SIU^S12", "SCH||A-1^CLINIC|||||||||^^^20260412||||||||||||||Booked|O-1^EPIC\r" + pid)
          .tasks.empty());
}

}  // namespace
}  // namespace meridian::hl7v2
