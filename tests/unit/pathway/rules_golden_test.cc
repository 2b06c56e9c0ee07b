// SPDX-License-Identifier: Apache-2.0
// The cases of each rule: tests/golden/rules/RULE.json. A case is a few records beside a plain
// order for acupuncture with everything answered no, and what the rule must say of them.
#include <set>

#include <gtest/gtest.h>

#include "unit/pathway/golden_charts.h"

namespace meridian::test {
namespace {

/// "emergency" for a red flag, "absolute/absolute" for a contraindication, "nothing" without one.
std::string said(const Assessment& assessment, const std::string& rule) {
  if (const auto* raised = flag(assessment, rule)) return raised->severity;
  if (const auto* raised = caution(assessment, rule)) return raised->manual + "/" + raised->electro;
  return "nothing";
}

/// Whoever must act is named where something stops a referral.
void expect_act(const Assessment& assessment, const std::string& about) {
  for (const auto& raised : assessment.flags) {
    if (raised.severity == "modifier") continue;
    EXPECT_FALSE(raised.who.empty()) << about << ": " << raised.rule << " " << raised.severity;
    if (raised.severity == "emergency") {
      EXPECT_EQ(raised.within_hours, 0) << about;
    }
    if (raised.severity == "urgent") {
      EXPECT_EQ(raised.within_hours, 24) << about;
    }
  }
}

/// Some file of the folder has a case for each of them, or says why one cannot be.
const std::set<std::string> needed = {"fires",         "just short", "unknown",
                                      "out of window", "negated",    "other code"};

class RuleCases : public ::testing::TestWithParam<std::string> {};

TEST_P(RuleCases, SayWhatTheyMust) {
  const auto json = golden_file("rules/" + GetParam() + ".json");
  std::set<std::string> shown;
  for (const auto& example : json["cases"].GetArray()) {
    shown.insert(text_of(example, "shows"));
    const auto assessment = assess_one(golden_chart(plain_acupuncture_order(), example),
                                       golden_history(example), golden_answers(example), now());
    const auto about =
        GetParam() + ", " + text_of(example, "shows") + ": " + text_of(example, "about");
    EXPECT_EQ(said(assessment, GetParam()), text_of(example, "gives")) << about;
    expect_act(assessment, about);
    if (example.HasMember("disposition")) {
      EXPECT_EQ(disposition_name(assessment.disposition), text_of(example, "disposition")) << about;
    }
    if (example.HasMember("missing")) {
      EXPECT_NE(missing(assessment, text_of(example, "missing")), nullptr) << about;
    }
    if (example.HasMember("not_missing")) {
      EXPECT_EQ(missing(assessment, text_of(example, "not_missing")), nullptr) << about;
    }
    if (example.HasMember("lanes")) {
      for (const auto& service : example["lanes"].GetArray()) {
        EXPECT_NE(lane(assessment, service.GetString()), nullptr)
            << about << ": " << service.GetString();
      }
    }
  }
  for (const auto& absent : json["without"].GetArray()) shown.insert(text_of(absent, "shows"));
  for (const auto& kind : needed) EXPECT_TRUE(shown.contains(kind)) << "no case: " << kind;
}

std::vector<std::string> all_rules() {
  std::vector<std::string> ids;
  for (const char* prefix : {"RF", "AC"}) {
    for (int number = 1; number <= 20; ++number) {
      ids.push_back(std::string(prefix) + (number < 10 ? "0" : "") + std::to_string(number));
    }
  }
  return ids;
}

INSTANTIATE_TEST_SUITE_P(Rules, RuleCases, ::testing::ValuesIn(all_rules()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace meridian::test
