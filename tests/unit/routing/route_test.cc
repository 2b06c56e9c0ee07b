// SPDX-License-Identifier: Apache-2.0
// The stage route.
#include "routing/route.h"

#include <gtest/gtest.h>

namespace meridian::routing {
namespace {

Directory two_clinics() {
  return {"1",
          {{DestinationId("full"), "Full House Acupuncture", "acupuncture", {}, false},
           {DestinationId("surgeon"), "Spine Service", "spine_surgery", {}, true},
           {DestinationId("willow"), "Willow Acupuncture", "acupuncture", {"manual"}, true}}};
}

Assessment released() {
  Assessment assessment;
  assessment.disposition = Disposition::route_acupuncture;
  assessment.lanes.push_back({"acupuncture", "routine", "manual", {}});
  return assessment;
}

TEST(Route, TakesTheFirstReceiverThatCanAndSaysWhyTheOthersWereLeftOut) {
  const auto decision = route(released(), "acupuncture", two_clinics());
  EXPECT_EQ(decision.action, Action::deliver);
  EXPECT_EQ(decision.to.str(), "willow");
  ASSERT_EQ(decision.candidates.size(), 3u);
  EXPECT_EQ(decision.candidates[0].why, "accepts no new patients");
  EXPECT_EQ(decision.candidates[1].why, "offers another service");
}

TEST(Route, HoldsWhenAQuestionIsOpenAndListsTheDoors) {
  Assessment assessment;
  assessment.disposition = Disposition::hold;
  Missing missing;
  missing.question = "rf01.saddle";
  missing.doors = {"questionnaire", "observation"};
  assessment.missing = {missing, missing};
  const auto decision = route(assessment, "acupuncture", two_clinics());
  EXPECT_EQ(decision.action, Action::hold);
  EXPECT_EQ(decision.reasons, std::vector<std::string>{"rf01.saddle"});
  EXPECT_EQ(decision.doors, (std::vector<std::string>{"questionnaire", "observation"}));
  EXPECT_TRUE(decision.to.empty());
}

TEST(Route, NeverHoldsASurgeonBoundReferralForMissingData) {
  Assessment assessment;
  assessment.disposition = Disposition::hold;
  const auto decision = route(assessment, "spine_surgery", two_clinics());
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
  const auto decision = route(assessment, "acupuncture", two_clinics());
  EXPECT_EQ(decision.action, Action::escalate);
  EXPECT_EQ(decision.reasons, std::vector<std::string>{"RF01"});
}

TEST(Route, HoldsForAPersonWhenNobodyOffersTheModality) {
  auto assessment = released();
  assessment.lanes[0].modality = "electro";
  const auto decision = route(assessment, "acupuncture", two_clinics());
  EXPECT_EQ(decision.action, Action::hold);
  EXPECT_EQ(decision.worklist, "no-receiver");
}

}  // namespace
}  // namespace meridian::routing
