// SPDX-License-Identifier: Apache-2.0
// Which records leave, and why the others stay.
#include "packet/field_profile.h"

#include <gtest/gtest.h>

namespace meridian::packet {
namespace {

constexpr const char* icd = "http://hl7.org/fhir/sid/icd-10-cm";

Concept coded(const char* code) {
  return Concept{{{icd, code, ""}}, ""};
}

class FieldProfileTest : public ::testing::Test {
 protected:
  FieldProfileTest() {
    terminology_.add("type.sciatica", {icd, "M54.30", ""});
    terminology_.add("sensitive.substance_use", {icd, "F11.20", ""});
    profile_.allowed = {{"Condition", {"code"}}, {"Encounter", {"period"}}, {"Observation", {"*"}}};
    profile_.excluded_labels = {"R", "42CFRPart2"};
    profile_.excluded_value_sets = {"sensitive.substance_use"};
    profile_.condition_value_sets = {"type.sciatica"};
  }

  Condition& condition(const char* ref, const char* code) {
    Condition record;
    record.ref = ref;
    record.code = coded(code);
    records_.conditions.push_back(record);
    return records_.conditions.back();
  }

  std::string fate(const std::string& ref) const {
    const auto selection = select_records(records_, {ref}, profile_, terminology_);
    if (selection.withheld.empty()) return selection.include.empty() ? "lost" : "sent";
    return selection.withheld.front().reason;
  }

  Terminology terminology_;
  FieldProfile profile_;
  RecordSet records_;
};

TEST_F(FieldProfileTest, SendsABackPainConditionAndNoOther) {
  condition("Condition/1", "M54.30");
  condition("Condition/2", "J45.20");
  EXPECT_EQ(fate("Condition/1"), "sent");
  EXPECT_EQ(fate("Condition/2"), "not-needed");
}

TEST_F(FieldProfileTest, ATypeThatTheProfileDoesNotListStays) {
  Procedure procedure;
  procedure.ref = "Procedure/1";
  records_.procedures.push_back(procedure);
  EXPECT_EQ(fate("Procedure/1"), "type");
}

TEST_F(FieldProfileTest, ALabelledRecordStaysWhateverItsCode) {
  condition("Condition/1", "M54.30").security = {{"", "R", ""}};
  EXPECT_EQ(fate("Condition/1"), "label");
}

TEST_F(FieldProfileTest, ALabelWeDoNotKnowCountsAsRestricted) {
  condition("Condition/1", "M54.30").security = {{"urn:oid:1.2", "X-7", ""}};
  EXPECT_EQ(fate("Condition/1"), "unknown-label");
}

TEST_F(FieldProfileTest, TheNormalLabelHoldsNothingBack) {
  condition("Condition/1", "M54.30").security = {
      {"http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N", ""}};
  EXPECT_EQ(fate("Condition/1"), "sent");
}

TEST_F(FieldProfileTest, AnExcludedCodeInAnyElementHoldsTheWholeRecordBack) {
  Encounter encounter;
  encounter.ref = "Encounter/1";
  encounter.reason_codes = {coded("M54.30"), coded("F11.20")};
  records_.encounters.push_back(encounter);
  Observation observation;
  observation.ref = "Observation/1";
  observation.components.emplace_back();
  observation.components.back().concept_value = coded("F11.20");
  records_.observations.push_back(observation);
  EXPECT_EQ(fate("Encounter/1"), "code");
  EXPECT_EQ(fate("Observation/1"), "code");
}

TEST_F(FieldProfileTest, AnUnlabelledRecordWithAnExcludedCodeIsNotSafeForBeingUnlabelled) {
  auto& record = condition("Condition/1", "M54.30");
  record.code.codings.push_back({icd, "F11.20", ""});
  EXPECT_EQ(fate("Condition/1"), "code");
}

TEST_F(FieldProfileTest, ARefThatIsNowhereIsSaidToBeMissing) {
  EXPECT_EQ(fate("Condition/404"), "not-found");
}

TEST_F(FieldProfileTest, TheStatementCountsAndTellsNothingElse) {
  condition("Condition/1", "F11.20");
  condition("Condition/2", "M54.30");
  const auto selection =
      select_records(records_, {"Condition/1", "Condition/2"}, profile_, terminology_);
  const auto statement = withheld_statement(selection);
  EXPECT_NE(statement.find("1 record."), std::string::npos);
  EXPECT_EQ(statement.find("Condition"), std::string::npos);
  EXPECT_EQ(statement.find("code"), std::string::npos);
  EXPECT_EQ(withheld_statement(Selection{}), "");
}

TEST(PacketCandidates, HoldTheOrderItsPeopleItsReasonsAndTheEvidenceEachOnce) {
  RecordSet records;
  ServiceRequest order;
  order.ref = "ServiceRequest/5";
  order.subject.target = "Patient/1";
  order.requester.target = "PractitionerRole/2";
  order.reason_references.resize(1);
  order.reason_references[0].target = "Condition/1";
  records.service_requests.push_back(order);
  records.patients.emplace_back().ref = "Patient/1";
  PractitionerRole role;
  role.ref = "PractitionerRole/2";
  role.practitioner.target = "Practitioner/3";
  role.organization.target = "Organization/4";
  records.practitioner_roles.push_back(role);
  records.practitioners.emplace_back().ref = "Practitioner/3";
  records.organizations.emplace_back().ref = "Organization/4";
  records.conditions.emplace_back().ref = "Condition/1";
  records.conditions.emplace_back().ref = "Condition/2";
  records.conditions.emplace_back().ref = "Condition/unrelated";
  records.questionnaire_responses.emplace_back().ref = "QuestionnaireResponse/6";
  Coverage coverage;
  coverage.ref = "Coverage/7";
  coverage.status = "active";
  coverage.beneficiary.target = "Patient/1";
  records.coverages.push_back(coverage);
  coverage.ref = "Coverage/8";
  coverage.status = "cancelled";
  records.coverages.push_back(coverage);

  Assessment assessment;
  assessment.pain_types.push_back({"sciatica", {"Condition/1"}});
  assessment.cautions.emplace_back().evidence = {"Condition/2", "QuestionnaireResponse/6#ac08"};
  EXPECT_EQ(packet_candidates(records, "ServiceRequest/5", assessment),
            (std::vector<std::string>{"ServiceRequest/5", "Patient/1", "PractitionerRole/2",
                                      "Practitioner/3", "Organization/4", "Coverage/7",
                                      "Condition/1", "Condition/2", "QuestionnaireResponse/6"}));
}

}  // namespace
}  // namespace meridian::packet
