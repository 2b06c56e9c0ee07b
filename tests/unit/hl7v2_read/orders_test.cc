// SPDX-License-Identifier: Apache-2.0
// Orders, referrals and what is answered to them.
#include "pathway/referral_service.h"
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

std::string status_of_order(const std::string& control, const std::string& status) {
  const auto records =
      read("ORM^O01", pid + "ORC|" + control + "|O1^EPIC|||" + status + "\rOBR|1|O1^EPIC||1^X^L\r");
  return records.service_requests.size() == 1 ? records.service_requests[0].status : "none";
}

TEST(Orders, Orc1AndOrc5GiveTheStatus) {
  EXPECT_EQ(status_of_order("NW", ""), "active");
  EXPECT_EQ(status_of_order("NW", "SC"), "active");
  EXPECT_EQ(status_of_order("NW", "CM"), "completed");
  EXPECT_EQ(status_of_order("CA", ""), "revoked");
  EXPECT_EQ(status_of_order("CA", "SC"), "revoked");
  EXPECT_EQ(status_of_order("SC", "HD"), "on-hold");
  EXPECT_EQ(status_of_order("HD", ""), "on-hold");
  EXPECT_EQ(status_of_order("QQ", ""), "unknown");
}

TEST(Orders, AMedicineAfterAReferralTakesBackItsOwnOrderAndNotTheReferral) {
  // Found by fuzzing: the referral went, and what belongs to it was written behind the list.
  const auto records = read("OMG^O19", pid +
                                           "ORC|NW|O7^EPIC\rOBR|1|O7^EPIC||1^X^L\r"
                                           "RF1|P|R|ACU^Acupuncture^L|RP|O|RF-7^EPIC\r"
                                           "RXO|11289^Warfarin^RXNORM\rNTE|1||for the clinic\r");
  ASSERT_EQ(records.service_requests.size(), 1u);
  EXPECT_EQ(records.service_requests[0].categories.at(0).codings.at(0).code, "ACU");
  EXPECT_EQ(records.service_requests[0].subject.target, records.patients.at(0).ref);
  ASSERT_EQ(records.medications.size(), 1u);
}

TEST(Orders, ACodeWithoutARowIsAnIssueThatSaysWhereToAddIt) {
  const auto records = read("ORM^O01", pid + "ORC|NW|O1^EPIC|||Final\rOBR|1|O1^EPIC||1^X^L\r");
  ASSERT_TRUE(has_issue(records, "ORC-5")) << issues_of(records);
  EXPECT_NE(records.issues[0].text.find("urn:hl7v2:FAC:0038"), std::string::npos);
  EXPECT_EQ(records.service_requests[0].status, "active");
}

TEST(Orders, TheSendersOwnRowsCountFirst) {
  auto own = knowledge().terminology;
  own.add_map("v2-order-control", {"urn:hl7v2:FAC:0119", "QQ", ""}, "revoked");
  own.add_map("referral-service", {"urn:hl7v2:FAC:ORD", "R77", ""}, "acupuncture");
  own.add_map("referral-service", {"urn:hl7v2:FAC:MSH-6", "SITE", ""}, "spine_surgery");
  auto with = settings();
  with.tables = &own;
  const auto order =
      read("ORM^O01", pid + "ORC|QQ|O1^EPIC\rOBR|1|O1^EPIC||R77^Needles^ORD\r", with);
  EXPECT_EQ(order.service_requests[0].status, "revoked");
  EXPECT_EQ(referral_service(order.service_requests[0], own), "acupuncture");
  const auto referral = read("REF^I12", "RF1|P|R|MED||O|R1^EPIC\r" + pid, with);
  EXPECT_EQ(referral_service(referral.service_requests[0], own), "spine_surgery");
}

TEST(Orders, AnswersComeAsObservationsWithTheTimeOfTheOrder) {
  const auto records =
      read("ORM^O01", pid + "ORC|NW|O1^EPIC|||||||20260401100000-0500\rOBR|1|O1^EPIC||1^X^L\r" +
                          "OBX|1|ID|PREG^Pregnant^L||N||||||O\rOBX|2|ST|BT^Thinner^L||NO||||||F\r");
  ASSERT_EQ(records.observations.size(), 2U);
  EXPECT_EQ(records.observations[0].concept_value.codings[0].system,
            "http://terminology.hl7.org/CodeSystem/v2-0136");
  EXPECT_EQ(records.observations[0].effective.text, "2026-04-01T10:00:00-05:00");
  EXPECT_EQ(records.observations[0].status, "final");
  EXPECT_EQ(records.observations[1].text.reveal(), "NO");
  EXPECT_EQ(records.observations[1].code.codings[0].system, "urn:hl7v2:FAC:L");
  EXPECT_EQ(records.service_requests[0].supporting_info.size(), 2U);
}

TEST(Orders, AMedicineIsNoServiceRequest) {
  const auto records =
      read("ORM^O01", pid + "ORC|NW|RX1|||SC\rRXO|11289^Warfarin^RXNORM\rDG1|1||I48.91^AF^I10\r");
  EXPECT_TRUE(records.service_requests.empty());
  ASSERT_EQ(records.medications.size(), 1U);
  EXPECT_EQ(records.medications[0].code.codings[0].code, "11289");
  EXPECT_EQ(records.medications[0].reason_codes.size(), 1U);
}

const std::string rf1 =
    "RF1|P|A|ACU^Acupuncture^L|RP|O|R-1^EPIC|20260401|20260701|20260401|P|X-9^PAYER~X-10^"
    "CLEARING\r";
const std::string providers =
    "PRD|RP|HOLM^BRITT|||||1093817465^NPI\rPRD|RT|CHEN^LI|||||1457398120^NPI\r";

TEST(Referrals, Rf1IsAnOrderAndATask) {
  const auto records =
      read("REF^I12", rf1 + providers + pid + "DG1|1||M54.50^LBP^I10\rNTE|1||Mornings.\r");
  ASSERT_EQ(records.service_requests.size(), 1U) << issues_of(records);
  const auto& order = records.service_requests[0];
  EXPECT_EQ(order.ref, "ServiceRequest/EPIC.R-1");
  EXPECT_EQ(order.status, "active");
  EXPECT_EQ(order.priority, "asap");
  ASSERT_EQ(order.identifiers.size(), 3U);
  EXPECT_EQ(order.identifiers[0].type, "PLAC");
  EXPECT_EQ(order.identifiers[1].type, "FILL");
  EXPECT_EQ(order.occurrence.end.text, "2026-07-01");
  EXPECT_EQ(order.requester.display, "BRITT HOLM");
  EXPECT_EQ(order.performers.at(0).display, "LI CHEN");
  EXPECT_EQ(order.reason_references.at(0).target, "Condition/C1.DG1");
  EXPECT_EQ(order.subject.target, "Patient/FAC.7");
  EXPECT_EQ(referral_service(order, knowledge().terminology), "acupuncture");
  ASSERT_EQ(records.tasks.size(), 1U);
  EXPECT_EQ(records.tasks[0].status, "requested");
  EXPECT_EQ(records.tasks[0].focus.target, order.ref);
  EXPECT_EQ(records.tasks[0].group_identifier.value.reveal(), "R-1");
  EXPECT_EQ(issues_of(records), "");
}

TEST(Referrals, EventsChangeTheOrderAndNotTheReceiversWord) {
  const auto i13 = read("REF^I13", rf1 + pid);
  EXPECT_EQ(i13.service_requests.at(0).status, "active");
  EXPECT_EQ(i13.service_requests.at(0).version, "20260401101500");
  const auto i14 = read("REF^I14", rf1 + pid);
  EXPECT_EQ(i14.service_requests.at(0).status, "revoked");
  EXPECT_EQ(i14.tasks.at(0).status, "cancelled");
  const auto i15 = read("REF^I15", rf1 + pid);
  EXPECT_TRUE(i15.service_requests.empty());
  EXPECT_TRUE(has_issue(i15, "RF1"));
}

TEST(Referrals, AnRriIsTheReceiversWord) {
  const struct {
    const char* code;
    const char* status;
  } cases[] = {{"A", "accepted"}, {"R", "rejected"}, {"P", "requested"}, {"E", "failed"}};
  for (const auto& one : cases) {
    const auto records =
        read("RRI^I12", std::string("MSA|AA|M1\rRF1|") + one.code +
                            "|R|||O|01J^MERIDIAN||||P|C-5^CLINIC\rNTE|1||No time.\r");
    EXPECT_TRUE(records.service_requests.empty());
    ASSERT_EQ(records.tasks.size(), 1U);
    EXPECT_EQ(records.tasks[0].status, one.status);
    EXPECT_EQ(records.tasks[0].identifiers[0].value.reveal(), "01J");
    EXPECT_EQ(records.tasks[0].notes.reveal().at(0), "No time.");
    EXPECT_EQ(issues_of(records), "");
  }
}

TEST(Referrals, AnOsuIsTheFillersWord) {
  const auto status = [](const std::string& orc) {
    const auto records = read("OSU^O51", "ORC|" + orc + "\r");
    return records.tasks.size() == 1 ? records.tasks[0].status : issues_of(records);
  };
  EXPECT_EQ(status("OK|R-1^EPIC|C-5^CLINIC"), "accepted");
  EXPECT_EQ(status("UA|R-1^EPIC|C-5^CLINIC"), "rejected");
  EXPECT_EQ(status("CR|R-1^EPIC|C-5^CLINIC"), "cancelled");
  EXPECT_EQ(status("SC|R-1^EPIC|||SC"), "accepted");
  EXPECT_EQ(status("SC|R-1^EPIC|||CM"), "completed");
  EXPECT_EQ(status("SC|R-1^EPIC|||CA"), "rejected");
}

TEST(Referrals, WhatIsMissingIsNamed) {
  const auto records = read("REF^I12", "RF1|Q|R|||O\rPRD||HOLM^BRITT\r" + pid);
  EXPECT_TRUE(has_issue(records, "RF1-1")) << issues_of(records);
  EXPECT_TRUE(has_issue(records, "RF1-6"));
  EXPECT_TRUE(has_issue(records, "RF1-3"));
  EXPECT_TRUE(has_issue(records, "PRD-1"));
}

TEST(Referrals, AnAuthorizationIsKeptInWords) {
  const auto records =
      read("REF^I12", rf1 + "AUT|BLUE||BC01|20260401|20260701|AU-31||12|10\r" + pid);
  EXPECT_EQ(records.service_requests[0].notes.reveal().at(0),
            "Authorization; number AU-31; plan BLUE; by BC01; from 2026-04-01; until 2026-07-01; "
            "treatments asked for 12; treatments granted 10");
  const auto& granted = records.service_requests[0].authorizations.at(0);
  EXPECT_EQ(granted.number.value.reveal(), "AU-31");
  EXPECT_EQ(granted.payer, "BC01");
  EXPECT_EQ(granted.period.start.text, "2026-04-01");
  EXPECT_EQ(granted.period.end.text, "2026-07-01");
  EXPECT_EQ(granted.visits, 10);
}

TEST(Referrals, AnAuthorizationWithoutANumberOfTreatmentsGrantsNone) {
  for (const char* written : {"", "ten", "10 visits", "-1"}) {
    const auto records = read("REF^I12", rf1 + "AUT|BLUE|||||AU-31||12|" + written + "\r" + pid);
    EXPECT_FALSE(records.service_requests[0].authorizations.at(0).visits) << written;
  }
}

}  // namespace
}  // namespace meridian::hl7v2
