// SPDX-License-Identifier: Apache-2.0
// What a peer's dialect does to a message, and what a referral cannot say.
#include <gtest/gtest.h>

#include "hl7v2/syntax/message.h"
#include "hl7v2/write/writer.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

std::string written(const WriteDialect& dialect, const Letter& letter,
                    const FieldProfile& profile) {
  const Hl7v2Renderer renderer(dialect, knowledge().terminology);
  const auto rendered = renderer.render(letter, profile);
  return rendered ? rendered->bytes : std::string(rendered.error().what.view());
}

test::LetterCase packet() {
  return *test::read_case(test::render_cases() / "packet-for-a-clinic");
}

std::string packet_in(const WriteDialect& dialect) {
  const auto found = packet();
  return written(dialect, found.letter, found.profile);
}

std::string field(const std::string& bytes, const char* segment, std::size_t number) {
  Issues issues;
  const auto message = parse(bytes, issues);
  const auto found = message ? message->find(segment) : std::nullopt;
  return found ? std::string(found->field(number).raw()) : "none";
}

TEST(Peer, VersionAndNumbersAreThePeers) {
  const auto bytes = packet_in(*find_write_dialect("v2-2.3"));
  EXPECT_EQ(field(bytes, "MSH", 9), "REF^I12");
  EXPECT_EQ(field(bytes, "MSH", 12), "2.3");
  EXPECT_EQ(field(bytes, "RF1", 6), "01JNQX5K7V9W2M4R8T6Y0ZBCDE^MERIDIAN");
  EXPECT_EQ(field(bytes, "DG1", 3), "M54.59^^I10");
  EXPECT_EQ(issues_of(read_message(bytes, settings())), "");
}

TEST(Peer, FieldsAndSegmentsOfItsOwnAreTemplates) {
  const auto dialect = read_write_dialect(R"({"format":"meridian.v2_dialect/1","id":"x","like":"v2",
    "fields":{"MSH-3":"MER","MSH-5":"EHR","MSH-6":"LOTUS&^1.2.3^ISO","MSH-11":"T","PV1-2":"O"},
    "add":["PV1|1|N","ZRF|{referral}|{sender}|{priority}|{unknown}"]})");
  ASSERT_TRUE(dialect);
  auto found = packet();
  found.letter.sender_name = "Hill|crest";
  const auto bytes = written(*dialect, found.letter, found.profile);
  EXPECT_EQ(field(bytes, "MSH", 3), "MER");
  EXPECT_EQ(field(bytes, "MSH", 6), "LOTUS&^1.2.3^ISO");
  EXPECT_EQ(field(bytes, "MSH", 11), "T");
  EXPECT_EQ(field(bytes, "ZRF", 1), "01JNQX5K7V9W2M4R8T6Y0ZBCDE");
  EXPECT_EQ(field(bytes, "ZRF", 2), "Hill\\F\\crest");
  EXPECT_EQ(field(bytes, "ZRF", 3), "routine");
  EXPECT_EQ(field(bytes, "ZRF", 4), "{unknown}");
}

TEST(Peer, SegmentsThatItDoesNotTakeAreLeftOutAndTheirRecordsGoAnotherWay) {
  const auto bytes = packet_in(*find_write_dialect("adrm"));
  EXPECT_EQ(field(bytes, "NTE", 3), "none");
  EXPECT_EQ(field(bytes, "PV1", 2), "O");
  EXPECT_NE(bytes.find("PRD|IR|"), std::string::npos);
  EXPECT_NE(bytes.find("Fever was not asked"), std::string::npos);  // on the page
  EXPECT_EQ(issues_of(read_message(bytes, settings())), "");
}

TEST(Peer, ItsNoteIsAnOruWhereItWantsOne) {
  const auto dialect = read_write_dialect(R"({"format":"meridian.v2_dialect/1","id":"x","like":"v2",
    "messages":{"note":"ORU^R01^ORU_R01"}})");
  ASSERT_TRUE(dialect);
  const auto found = test::read_case(test::render_cases() / "consult-note");
  ASSERT_TRUE(found);
  const auto bytes = written(*dialect, found->letter, found->profile);
  EXPECT_EQ(field(bytes, "MSH", 9), "ORU^R01^ORU_R01");
  EXPECT_EQ(field(bytes, "OBR", 2), "R-88^HILLCREST");
  EXPECT_EQ(field(bytes, "OBR", 25), "F");
  EXPECT_EQ(field(bytes, "OBX", 5), "Pain down from 7 to 3.");
  const auto records = read_message(bytes, settings());
  EXPECT_EQ(issues_of(records), "");
  ASSERT_EQ(records.tasks.size(), 1U);  // it names our referral
  EXPECT_EQ(records.tasks[0].status, "completed");
}

TEST(Peer, AnAppointmentThatEndsIsTheEventThatSaysSo) {
  auto found = test::read_case(test::render_cases() / "accepted-and-booked");
  ASSERT_TRUE(found);
  const auto event = [&](const char* status, const char* state) {
    found->letter.records.appointments.back().status = status;
    found->letter.business_status = state;
    return field(written(*find_write_dialect("v2"), found->letter, {}), "MSH", 9);
  };
  EXPECT_EQ(event("booked", "scheduled"), "SIU^S12^SIU_S12");
  EXPECT_EQ(event("arrived", "scheduled"), "SIU^S14^SIU_S12");
  EXPECT_EQ(event("cancelled", "appointment_cancelled"), "SIU^S15^SIU_S12");
  EXPECT_EQ(event("noshow", "no_show"), "SIU^S26^SIU_S12");
  // The state alone changed; the appointment that comes with it must not be booked once more.
  EXPECT_FALSE(event("booked", "no_show").starts_with("SIU"));
  EXPECT_FALSE(event("booked", "appointment_cancelled").starts_with("SIU"));
}

TEST(Peer, AnAppointmentThatComesAgainWithALaterWordIsNotSentInItsPlace) {
  auto found = test::read_case(test::render_cases() / "accepted-and-booked");
  ASSERT_TRUE(found);
  ASSERT_FALSE(found->letter.records.appointments.empty());
  found->letter.business_status = "in_course";
  const auto bytes = written(*find_write_dialect("v2"), found->letter, {});
  EXPECT_FALSE(field(bytes, "MSH", 9).starts_with("SIU")) << bytes;
  EXPECT_NE(field(bytes, "NTE", 3).find("in_course"), std::string::npos) << bytes;
}

TEST(Peer, AnAnswerWithoutWhatItAnswersIsRefusedAndACancelGoesAllTheSame) {
  Letter letter;
  letter.kind = Letter::Kind::status;
  letter.referral_id = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";
  letter.task_status = "accepted";
  const Hl7v2Renderer renderer(*find_write_dialect("v2"), knowledge().terminology);
  EXPECT_EQ(renderer.render(letter, {}).error().code, ErrorCode::not_found);
  letter.earlier = "{\"resourceType\":\"Bundle\"}";
  EXPECT_EQ(renderer.render(letter, {}).error().code, ErrorCode::not_found);
  letter.kind = Letter::Kind::referral_update;
  letter.task_status = "cancelled";
  const auto cancel = renderer.render(letter, {});
  ASSERT_TRUE(cancel);
  EXPECT_EQ(field(cancel->bytes, "MSH", 9), "REF^I14^REF_I12");
  EXPECT_NE(field(cancel->bytes, "RF1", 6).find("01JNQX5K7V9W2M4R8T6Y0ZBCDE"), std::string::npos);
  letter.kind = Letter::Kind::alert;
  EXPECT_EQ(renderer.render(letter, {}).error().code, ErrorCode::unsupported);
}

/// A letter of one order, one patient and what the test adds.
struct Small {
  Small() {
    letter.referral_id = "R1";
    letter.source_order = "ServiceRequest/1";
    ServiceRequest order;
    order.ref = letter.source_order;
    order.status = "active";
    order.code.text = "Acupuncture";
    order.subject.target = "Patient/1";
    Patient patient;
    patient.ref = "Patient/1";
    letter.records.service_requests.push_back(order);
    letter.records.patients.push_back(patient);
    letter.include = {"ServiceRequest/1", "Patient/1"};
    for (const char* type : {"ServiceRequest", "Patient", "Condition", "Procedure", "Observation",
                             "MedicationRequest", "QuestionnaireResponse"}) {
      profile.allowed[type] = {"*"};
    }
  }
  Rendered render() const {
    return *Hl7v2Renderer(*find_write_dialect("v2"), knowledge().terminology)
                .render(letter, profile);
  }
  RecordSet read_back() const { return read_message(render().bytes, settings()); }

  Letter letter;
  FieldProfile profile;
};

template <typename T>
T& add(std::vector<T>& list, const std::string& ref, Letter& letter) {
  list.emplace_back().ref = ref;
  letter.include.push_back(ref);
  return list.back();
}

TEST(WriteReferral, WhatWasDeniedOrStoppedIsNotSaidAsIfItWereSo) {
  Small small;
  auto& records = small.letter.records;
  auto& condition = add(records.conditions, "Condition/1", small.letter);
  condition.code.text = "Cancer";
  condition.verification_status = "refuted";
  auto& procedure = add(records.procedures, "Procedure/1", small.letter);
  procedure.code.text = "Fusion";
  procedure.status = "not-done";
  auto& medication = add(records.medications, "MedicationRequest/1", small.letter);
  medication.code.text = "Warfarin";
  medication.status = "stopped";
  auto& observation = add(records.observations, "Observation/1", small.letter);
  observation.code.text = "Fever";
  observation.status = "entered-in-error";
  const auto rendered = small.render();
  for (const char* word : {"Cancer", "Fusion", "Warfarin", "Fever"}) {
    EXPECT_EQ(rendered.bytes.find(word), std::string::npos) << word;
  }
  EXPECT_NE(rendered.bytes.find("4 records (Condition, MedicationRequest, Observation, Procedure)"),
            std::string::npos)
      << rendered.bytes;
  EXPECT_EQ(rendered.withheld.size(), 4U);
}

TEST(WriteReferral, WhatGoesByConsentIsSaidToBeProtectedInANote) {
  Small small;
  small.letter.notices = {{{"urn:act", "42CFRPart2", ""}, "It is protected | by law."}};
  const auto bytes = small.render().bytes;
  EXPECT_NE(bytes.find("||It is protected \\F\\ by law.\r"), std::string::npos) << bytes;
}

TEST(WriteReferral, NoNameTurnsAroundWhatStandsBesideIt) {
  Small small;
  auto& name = small.letter.records.patients[0].names.emplace_back();
  name.family.reveal() = "\u202eNi\u2066Cohen \u05db\u05d4\u05df";
  small.letter.records.service_requests[0].code.text = "Acupuncture\u202d";
  const auto bytes = small.render().bytes;
  EXPECT_NE(bytes.find("NiCohen \u05db\u05d4\u05df"), std::string::npos) << bytes;
  EXPECT_EQ(bytes.find("\u202d"), std::string::npos);
}

TEST(WriteReferral, AnElementThatTheProfileDoesNotListIsLeftOutAndListed) {
  Small small;
  small.profile.allowed["Condition"] = {"recordedDate"};
  small.profile.allowed["Patient"] = {"name.family"};
  auto& condition = add(small.letter.records.conditions, "Condition/1", small.letter);
  condition.code.text = "Back pain";
  condition.recorded = *parse_partial_date("2026-01-05");
  small.letter.records.patients[0].birth_date =
      Sensitive<PartialDate>(*parse_partial_date("1961-05-09"));
  const auto rendered = small.render();
  EXPECT_EQ(rendered.bytes.find("Back pain"), std::string::npos);
  EXPECT_EQ(rendered.bytes.find("19610509"), std::string::npos);
  const auto& removed = rendered.withheld;
  EXPECT_NE(std::find(removed.begin(), removed.end(), "Condition/1.code"), removed.end());
  EXPECT_NE(std::find(removed.begin(), removed.end(), "Patient/1.birthDate"), removed.end());
}

TEST(WriteReferral, AnswersAreReadBackAsAnswersToTheSameQuestions) {
  Small small;
  auto& answers =
      add(small.letter.records.questionnaire_responses, "QuestionnaireResponse/1", small.letter);
  answers.status = "completed";
  answers.authored = *parse_partial_date("2026-03-02T09:20:00-05:00");
  answers.items = {{"rf01.saddle", "Numb?", {}, {"false"}, {}},
                   {"rf05.fever", "Fever?", {}, {"true"}, {}}};
  const auto records = small.read_back();
  ASSERT_EQ(records.observations.size(), 2U);
  const auto& first = records.observations[0];
  EXPECT_EQ(first.code.codings.at(0).system,
            "http://meridian-referral.org/fhir/CodeSystem/screening-question");
  EXPECT_EQ(first.code.codings.at(0).code, "rf01.saddle");
  EXPECT_EQ(first.concept_value.codings.at(0).code, "N");
  EXPECT_EQ(records.observations[1].concept_value.codings.at(0).code, "Y");
  EXPECT_EQ(first.effective.text, "2026-03-02T09:20:00-05:00");
}

TEST(WriteReferral, ComponentsAreRowsOfTheirOwn) {
  Small small;
  auto& pressure = add(small.letter.records.observations, "Observation/1", small.letter);
  pressure.status = "final";
  pressure.code.text = "Blood pressure";
  for (const char* part : {"systolic", "diastolic"}) {
    auto& component = pressure.components.emplace_back();
    component.code.text = part;
    component.quantity.value = "80";
  }
  const auto records = small.read_back();
  ASSERT_EQ(records.observations.size(), 2U);
  EXPECT_EQ(records.observations[0].code.text, "systolic");
  EXPECT_EQ(records.observations[1].quantity.value, "80");
}

TEST(WriteReferral, ATimeWithoutAZoneIsItsDay) {
  Small small;
  small.letter.records.service_requests[0].authored = *parse_partial_date("2026-03-02T09:20:00");
  EXPECT_EQ(field(small.render().bytes, "RF1", 9), "20260302");
}

TEST(WriteReferral, AMoreUrgentLaneRaisesThePriority) {
  Small small;
  small.letter.assessment.lanes.push_back({"spine_surgery", "emergency", "", {"RF01"}});
  EXPECT_EQ(field(small.render().bytes, "RF1", 2), "S");
}

TEST(WriteReferral, ARecordThatIsTheSameHasTheSameDigestWhateverElseChanges) {
  Small small;
  add(small.letter.records.conditions, "Condition/1", small.letter).code.text = "Back pain";
  const auto before = small.render();
  add(small.letter.records.conditions, "Condition/0", small.letter).code.text = "Sciatica";
  small.letter.at += std::chrono::hours(1);
  const auto after = small.render();
  const auto digest = [](const Rendered& rendered, const std::string& ref) {
    for (const auto& record : rendered.records) {
      if (record.ref == ref) return record.digest;
    }
    return std::string();
  };
  EXPECT_NE(digest(before, "Condition/1"), "");
  EXPECT_EQ(digest(before, "Condition/1"), digest(after, "Condition/1"));
  EXPECT_EQ(digest(before, "ServiceRequest/1"), digest(after, "ServiceRequest/1"));
  EXPECT_NE(before.key, after.key);
}

}  // namespace
}  // namespace meridian::hl7v2
