// SPDX-License-Identifier: Apache-2.0
// The stage route.
#include "routing/route.h"

#include <gtest/gtest.h>

namespace meridian::routing {
namespace {

Receiver a_receiver(const std::string& id, const std::string& service = "acupuncture") {
  Receiver receiver;
  receiver.id = id;
  receiver.to = DestinationId(id);
  receiver.name = id;
  receiver.service = service;
  return receiver;
}

Directory two_clinics() {
  auto full = a_receiver("full");
  full.accepts_new_patients = false;
  return {{full, a_receiver("surgeon", "spine_surgery"), a_receiver("willow")}, {}, {}};
}

Assessment released() {
  Assessment assessment;
  assessment.disposition = Disposition::route_acupuncture;
  assessment.lanes.push_back({"acupuncture", "routine", "manual", {}});
  return assessment;
}

RouteFacts order_for(const std::string& service) {
  RouteFacts facts;
  facts.service = service;
  facts.on = *parse_day("2026-11-20");
  return facts;
}

TEST(Route, TakesTheReceiverThatFitsAndSaysWhyTheOtherWasLeftOut) {
  const auto decision = route(released(), two_clinics(), order_for("acupuncture"));
  EXPECT_EQ(decision.action, Action::deliver);
  EXPECT_EQ(decision.to.str(), "willow");
  ASSERT_EQ(decision.candidates.size(), 2u);
  EXPECT_TRUE(decision.candidates[0].taken);
  EXPECT_EQ(decision.candidates[0].why,
            "distance not known; licence not stated; the patient's network is not known; new "
            "patients not stated; end of the agreement not stated; no offers lately");
  EXPECT_EQ(decision.candidates[1].id.str(), "full");
  EXPECT_FALSE(decision.candidates[1].taken);
  EXPECT_EQ(decision.candidates[1].why, "accepts no new patients");
}

TEST(Route, HoldsWhenAQuestionIsOpenAndListsTheDoors) {
  Assessment assessment;
  assessment.disposition = Disposition::hold;
  Missing missing;
  missing.question = "rf01.saddle";
  missing.doors = {"questionnaire", "observation"};
  assessment.missing = {missing, missing};
  const auto decision = route(assessment, two_clinics(), order_for("acupuncture"));
  EXPECT_EQ(decision.action, Action::hold);
  EXPECT_EQ(decision.reasons, std::vector<std::string>{"rf01.saddle"});
  EXPECT_EQ(decision.doors, (std::vector<std::string>{"questionnaire", "observation"}));
  EXPECT_TRUE(decision.to.empty());
}

TEST(Route, NeverHoldsASurgeonBoundReferralForMissingData) {
  Assessment assessment;
  assessment.disposition = Disposition::hold;
  const auto decision = route(assessment, two_clinics(), order_for("spine_surgery"));
  EXPECT_EQ(decision.action, Action::deliver);
  EXPECT_EQ(decision.to.str(), "surgeon");
}

TEST(Route, EscalatesAnEmergencyWhateverElseHolds) {
  auto assessment = released();
  assessment.disposition = Disposition::emergency;
  Flag flag;
  flag.rule = "RF01";
  flag.severity = "emergency";
  assessment.flags = {flag};
  const auto decision = route(assessment, two_clinics(), order_for("acupuncture"));
  EXPECT_EQ(decision.action, Action::escalate);
  EXPECT_EQ(decision.reasons, std::vector<std::string>{"RF01"});
}

TEST(Route, HoldsForAPersonWhenNobodyOffersTheModality) {
  auto assessment = released();
  assessment.lanes[0].modality = "electro";
  const auto decision = route(assessment, two_clinics(), order_for("acupuncture"));
  EXPECT_EQ(decision.action, Action::hold);
  EXPECT_EQ(decision.worklist, "no-receiver");
  EXPECT_EQ(decision.reasons, std::vector<std::string>{"no receiver in the directory can take it"});
}

TEST(Route, ShowsAReceiverWithoutAConnectionAndSendsItNothing) {
  auto unknown = a_receiver("aspen");
  unknown.to = {};
  const Directory directory({unknown}, {}, {});
  const auto decision = route(released(), directory, order_for("acupuncture"));
  EXPECT_EQ(decision.action, Action::hold);
  EXPECT_EQ(decision.worklist, "no-receiver");
  ASSERT_EQ(decision.candidates.size(), 1u);
  EXPECT_FALSE(decision.candidates[0].taken);
  EXPECT_EQ(decision.candidates[0].receiver, "aspen");
  EXPECT_EQ(decision.candidates[0].why.rfind("no connection configured; else it fits: ", 0), 0u);
}

TEST(Route, NeverOffersToWhoDeclined) {
  auto facts = order_for("acupuncture");
  facts.declined = {DestinationId("willow")};
  const auto decision = route(released(), two_clinics(), facts);
  EXPECT_EQ(decision.action, Action::hold);
  EXPECT_EQ(decision.reasons,
            std::vector<std::string>{"every receiver that could take it has declined"});
  ASSERT_EQ(decision.candidates.size(), 2u);
  EXPECT_EQ(decision.candidates[1].why, "declined this referral");
}

TEST(Route, AcupunctureNeedsThePatientThere) {
  auto remote = a_receiver("remote");
  remote.visit_modes = {"virtual"};
  auto surgeon = a_receiver("surgeon", "spine_surgery");
  surgeon.visit_modes = {"virtual"};
  const Directory directory({remote, surgeon}, {}, {});
  const auto needling = route(released(), directory, order_for("acupuncture"));
  EXPECT_EQ(needling.action, Action::hold);
  EXPECT_EQ(needling.candidates.at(0).why, "offers virtual visits only, physical is needed");
  EXPECT_EQ(route(released(), directory, order_for("spine_surgery")).to.str(), "surgeon");
}

}  // namespace
}  // namespace meridian::routing
