// SPDX-License-Identifier: Apache-2.0
// Which records leave, and why the others stay.
#include "packet/field_profile.h"

#include <algorithm>

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

  Selection selected(const std::string& ref) const {
    return select_records(records_, {"Patient/1", ref}, profile_, terminology_, now_, {});
  }

  std::string fate(const std::string& ref) const {
    const auto selection = selected(ref);
    for (const auto& withheld : selection.withheld) {
      if (withheld.ref == ref) return withheld.reason;
    }
    const auto& sent = selection.include;
    return std::find(sent.begin(), sent.end(), ref) == sent.end() ? "lost" : "sent";
  }

  Terminology terminology_;
  FieldProfile profile_;
  RecordSet records_;
  const Instant now_ = *parse_instant("2026-11-20T10:00:00Z");
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
      select_records(records_, {"Condition/1", "Condition/2"}, profile_, terminology_, now_, {});
  const auto statement = withheld_statement(selection);
  EXPECT_NE(statement.find("1 record."), std::string::npos);
  EXPECT_EQ(statement.find("Condition"), std::string::npos);
  EXPECT_EQ(statement.find("code"), std::string::npos);
  EXPECT_EQ(withheld_statement(Selection{}), "");
}

/// A record of a Part 2 program, and the patient's consent to send it.
class ReleasedByConsent : public FieldProfileTest {
 protected:
  ReleasedByConsent() {
    profile_.condition_value_sets = {"type.sciatica", "sensitive.substance_use"};
    profile_.released_labels = {{"42CFRPart2", {"sensitive.substance_use"}, "It is protected."},
                                {"R", {}, ""}};
    auto& record = condition("Condition/1", "F11.20");
    record.security = {{"urn:act", "42CFRPart2", ""}, {"urn:conf", "R", ""}};
    Patient patient;
    patient.ref = "Patient/1";
    records_.patients.push_back(patient);
    Consent consent;
    consent.ref = "Consent/1";
    consent.status = "active";
    consent.scope = Concept{{{"urn:scope", "patient-privacy", ""}}, ""};
    consent.patient.target = "Patient/1";
    consent.date_time = *parse_partial_date("2026-03-02");
    consent.provision.type = "permit";
    consent.provision.labels = {{"urn:act", "42CFRPart2", ""}, {"urn:conf", "R", ""}};
    records_.consents.push_back(consent);
  }

  Consent& consent() { return records_.consents.front(); }
  std::string fate() const { return FieldProfileTest::fate("Condition/1"); }
};

TEST_F(ReleasedByConsent, GoesWithItsNoticeAndTheScopeOfTheConsent) {
  consent().provision.period.end = *parse_partial_date("2026-11-20");
  consent().provision.purposes = {{"urn:reason", "HPAYMT", ""}, {"urn:reason", "TREAT", ""}};
  EXPECT_EQ(fate(), "sent");
  const auto notices = selected("Condition/1").notices;
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].label.code, "42CFRPart2");
  EXPECT_EQ(notices[0].text,
            "It is protected. The patient consented on 2026-03-02 that records labelled 42CFRPart2 "
            "are sent for treatment, until 2026-11-20.");
}

TEST_F(ReleasedByConsent, IsSaidOnceForTwoRecordsAndNotAtAllForWhatStays) {
  condition("Condition/2", "F11.20").security = {{"urn:act", "42CFRPart2", ""}};
  const auto both = select_records(records_, {"Patient/1", "Condition/1", "Condition/2"}, profile_,
                                   terminology_, now_, {});
  EXPECT_EQ(both.notices.size(), 1u);
  condition("Condition/3", "M54.30");
  EXPECT_TRUE(selected("Condition/3").notices.empty());
  profile_.condition_value_sets = {"type.sciatica"};
  EXPECT_EQ(fate(), "not-needed");
  EXPECT_TRUE(selected("Condition/1").notices.empty());
}

TEST_F(ReleasedByConsent, EveryLabelOfTheRecordMustBeCovered) {
  consent().provision.labels.pop_back();
  EXPECT_EQ(fate(), "label");
}

TEST_F(ReleasedByConsent, LiftsNoCodeThatTheLabelIsNotAbout) {
  terminology_.add("sensitive.hiv", {icd, "B20", ""});
  profile_.excluded_value_sets.push_back("sensitive.hiv");
  records_.conditions.front().code.codings.push_back({icd, "B20", ""});
  EXPECT_EQ(fate(), "code");
}

TEST_F(ReleasedByConsent, AConsentThatDoesNotHoldReleasesNothing) {
  const auto sound = records_.consents.front();
  const auto expect_held = [&](const char* why, auto change) {
    records_.consents = {sound};
    change(consent());
    EXPECT_EQ(fate(), "label") << why;
    EXPECT_TRUE(selected("Condition/1").notices.empty()) << why;
  };
  expect_held("taken back", [](Consent& one) { one.status = "inactive"; });
  expect_held("another patient's", [](Consent& one) { one.patient.target = "Patient/2"; });
  expect_held("it denies", [](Consent& one) { one.provision.type = "deny"; });
  expect_held("says neither", [](Consent& one) { one.provision.type.clear(); });
  expect_held("has a modifier", [](Consent& one) { one.has_limits = true; });
  expect_held("names recipients", [](Consent& one) { one.provision.actors.emplace_back(); });
  expect_held("over",
              [](Consent& one) { one.provision.period.end = *parse_partial_date("2026-11-19"); });
  expect_held("not begun",
              [](Consent& one) { one.provision.period.start = *parse_partial_date("2026-11-21"); });
  expect_held("for research", [](Consent& one) {
    one.scope = Concept{{{"urn:scope", "research", ""}}, ""};
  });
  expect_held("for payment alone", [](Consent& one) {
    one.provision.purposes = {{"urn:reason", "HPAYMT", ""}};
  });
  const auto expect_refused = [&](const char* why, auto change) {
    records_.consents = {sound, sound};
    change(records_.consents.back());
    EXPECT_EQ(fate(), "label") << why;
  };
  expect_refused("denies it", [](Consent& other) { other.provision.type = "deny"; });
  expect_refused("denies it to somebody", [](Consent& other) {
    other.provision.type = "deny";
    other.provision.actors.emplace_back();
  });
  expect_refused("denies all", [](Consent& other) {
    other.provision.type = "deny";
    other.provision.labels.clear();
  });
  expect_refused("is out of all sharing", [](Consent& other) {
    other.policy_rule = Concept{{{"urn:act", "OPTOUT", ""}}, ""};
    other.provision.type.clear();
    other.provision.labels.clear();
  });
  records_.consents = {sound, sound};
  records_.consents.back().provision.type = "deny";
  records_.consents.back().scope = Concept{{{"urn:scope", "research", ""}}, ""};
  EXPECT_EQ(fate(), "sent") << "who takes no part in research may be treated";
  records_.consents = {sound};
  profile_.released_labels.clear();
  EXPECT_EQ(fate(), "label") << "the clinic's profile does not take it";
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
