// SPDX-License-Identifier: Apache-2.0
// Deadlines that passed, counted by whose turn it was.
#include "flow/missed.h"

#include <gtest/gtest.h>

namespace meridian::flow {
namespace {

store::Walk::Step step(const std::string& kind, const std::string& clinic = "") {
  return {kind, Instant{}, clinic.empty() ? "{}" : R"({"clinic":")" + clinic + R"("})"};
}

store::Walk walk(const std::string& source, std::vector<store::Walk::Step> steps) {
  store::Walk made;
  made.source = SourceId(source);
  made.destination = DestinationId("now with another one");
  made.steps = std::move(steps);
  return made;
}

TEST(Missed, IsCountedByHospitalWhatFollowedAndWhoseTurnItWas) {
  const auto missed = missed_of(
      {walk("north", {step("ordered"), step("reminded", "willow"), step("passed_over", "willow"),
                      step("reminded", "birch"), step("clinic_accepted")}),
       walk("north", {step("reminded", "willow"), step("overdue"), step("lapsed")}),
       walk("south", {step("reminded", "willow"), {"reminded", Instant{}, ""}})});
  EXPECT_EQ(missed, (Missed{{{"north", "reminded", "willow"}, 2},
                            {{"north", "reminded", "birch"}, 1},
                            {{"north", "passed_over", "willow"}, 1},
                            {{"north", "overdue", ""}, 1},
                            {{"north", "lapsed", ""}, 1},
                            {{"south", "reminded", "willow"}, 1},
                            {{"south", "reminded", ""}, 1}}));
}

TEST(Missed, OnlyTheClinicsThatMissedMostAreNamed) {
  std::vector<store::Walk> walks;
  for (std::size_t i = 0; i < most_clinics + 3; ++i) {
    const auto clinic = "clinic-" + std::to_string(100 + i);
    walks.push_back(walk("north", {step("reminded", clinic)}));
    if (i >= 3) walks.push_back(walk("north", {step("overdue", clinic)}));
  }
  const auto missed = missed_of(walks);
  EXPECT_EQ(missed.at({"north", "reminded", "other"}), 3);
  EXPECT_FALSE(missed.contains({"north", "overdue", "other"}));
  EXPECT_FALSE(missed.contains({"north", "reminded", "clinic-102"}));
  EXPECT_EQ(missed.at({"north", "reminded", "clinic-103"}), 1);
  EXPECT_EQ(missed.size(), 2 * most_clinics + 1);
}

}  // namespace
}  // namespace meridian::flow
