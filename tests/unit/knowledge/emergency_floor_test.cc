// SPDX-License-Identifier: Apache-2.0
// A site may make the emergency rules stricter; whatever loosens one is named.
#include "knowledge/emergency_floor.h"

#include "unit/knowledge/site_content.h"

namespace meridian::test {
namespace {

class EmergencyFloor : public SiteContent {
 protected:
  /// "path: text" lines of what the site's content loses.
  std::string lost(Cpt cpt = Cpt::with) {
    Issues issues;
    const auto site = load_knowledge(directory_, issues);
    EXPECT_TRUE(site) << (issues.empty() ? "" : issues.front().path + ": " + issues.front().text);
    const auto standard = load_knowledge(issues, cpt);
    if (!site || !standard) return "not loaded";
    std::string lines;
    for (const auto& issue : below_emergency_floor(*site, *standard)) {
      EXPECT_EQ(issue.severity, Severity::error);
      lines += issue.path + ": " + issue.text + "\n";
    }
    return lines;
  }

  void expect_lost(const std::string& expected) {
    const auto found = lost();
    EXPECT_NE(found.find(expected), std::string::npos) << "expected " << expected << " in\n"
                                                       << found;
  }

  /// Replaces `from` in the part of rules/red_flags.json that belongs to one rule.
  void edit_rule(const std::string& id, const std::string& from, const std::string& to) {
    std::ifstream in(directory_ / "rules/red_flags.json");
    std::stringstream text;
    text << in.rdbuf();
    std::string all = text.str();
    const auto rule = all.find("\"id\": \"" + id + "\"");
    ASSERT_NE(rule, std::string::npos);
    const auto at = all.find(from, rule);
    ASSERT_LT(at, all.find("\"id\": ", rule + 1)) << id << " does not hold " << from;
    write("rules/red_flags.json", all.replace(at, from.size(), to));
  }
};

TEST_F(EmergencyFloor, AnUnchangedCopyLosesNothing) {
  EXPECT_EQ(lost(), "");
}

TEST_F(EmergencyFloor, ASiteWithoutCptLosesNothingItCouldHave) {
  std::filesystem::remove_all(directory_ / "cpt");
  EXPECT_EQ(lost(Cpt::without), "");
  EXPECT_NE(lost(Cpt::with), "") << "surgery known by its CPT number alone is not seen any more";
}

TEST_F(EmergencyFloor, StricterIsAllowed) {
  edit_rule("RF01", "\"window_days\": 14", "\"window_days\": 30");
  edit_rule("RF01", "\"at_least\": 2", "\"at_least\": 1");
  edit_rule("RF02", "\"effect\": \"urgent\"", "\"effect\": \"emergency\"");
  edit_rule("RF05", "\"at_least\": 38", "\"at_least\": 37");
  EXPECT_EQ(lost(), "");
}

TEST_F(EmergencyFloor, AnotherRulesContentIsTheSites) {
  edit_rule("RF07", "\"effect\": \"urgent\"", "\"effect\": \"routine\"");
  EXPECT_EQ(lost(), "");
}

TEST_F(EmergencyFloor, WhatIsReadOutOfANarrativeMayHoldAndNoMore) {
  std::string before = "hold";
  for (const std::string effect : {"emergency", "urgent", "routine"}) {
    const std::string clause = "\"window_days\": 365, \"effect\": \"";
    edit_rule("RF03", clause + before, clause + effect);
    expect_fault("what is read out of a narrative may hold, and no more");
    before = effect;
  }
}

TEST_F(EmergencyFloor, ACodeThatIsGoneIsNamed) {
  edit("valuesets/ValueSet-flag-cauda-equina-alert.json", "\"G83.4\"", "\"G83.89\"");
  expect_lost("rules/red_flags.json RF01 codes: loosens an emergency rule: nothing catches all");
}

TEST_F(EmergencyFloor, AShorterWindowIsNamed) {
  edit_rule("RF01", "\"window_days\": 14", "\"window_days\": 13");
  expect_lost("RF01 codes");
}

TEST_F(EmergencyFloor, AHigherThresholdIsNamed) {
  edit_rule("RF05", "\"at_least\": 38", "\"at_least\": 39");
  expect_lost("RF05 measures");
}

TEST_F(EmergencyFloor, AWeakerEffectOfAnAnswerIsNamed) {
  edit_rule("RF02",
            "\"question\": \"rf02.progressive\", \"value\": \"yes\", \"effect\": \"emergency\"",
            "\"question\": \"rf02.progressive\", \"value\": \"yes\", \"effect\": \"urgent\"");
  expect_lost("RF02 answers");
}

TEST_F(EmergencyFloor, ARuleThatOnlyFeedsACombinationIsWatchedToo) {
  edit_rule("RF06", "\"window_days\": 365", "\"window_days\": 30");
  expect_lost("RF06 codes");
}

TEST_F(EmergencyFloor, AQuestionThatIsNoLongerRequiredIsNamed) {
  edit("rules/screening.json", "\"id\": \"rf01.saddle\",",
       "\"id\": \"rf01.saddle\", \"required\": false,");
  expect_lost(
      "rules/screening.json rf01.saddle: loosens an emergency rule: the question was required");
}

TEST_F(EmergencyFloor, AClockThatRunsLongerIsNamed) {
  edit_rule("RF01", "\"within_hours\": 0", "\"within_hours\": 4");
  expect_lost("RF01: loosens an emergency rule: emergency was to be acted on within 0 hours");
}

TEST_F(EmergencyFloor, AQuestionThatIsAskedOfFewerIsNamed) {
  edit("rules/screening.json", "\"id\": \"rf01.saddle\",",
       "\"id\": \"rf01.saddle\", \"beside\": [\"AC02\"],");
  expect_lost("rf01.saddle: loosens an emergency rule: it is asked beside fewer rules");
}

TEST_F(EmergencyFloor, AYesThatIsReadAsNoIsNamed) {
  edit("conceptmaps/ConceptMap-answer-value.json", "\"code\": \"yes\"", "\"code\": \"no\"");
  expect_lost("conceptmaps: loosens an emergency rule: an answer");
}

TEST_F(EmergencyFloor, ASeriousAdverseEventThatIsCaughtLessIsNamed) {
  edit("valuesets/ValueSet-adverse-serious.json",
       R"({"code": "J95.811", "display": "Postprocedural pneumothorax"},)", "");
  expect_lost("rules/course.json adverse_events: loosens an emergency rule: nothing catches all");
}

TEST_F(EmergencyFloor, ASeriousAdverseEventThatCountsForLessTimeIsNamed) {
  edit("rules/course.json", "\"serious_days\": 14", "\"serious_days\": 7");
  expect_lost("rules/course.json serious_days: loosens an emergency rule");
}

TEST_F(EmergencyFloor, TheDigestNamesTheContent) {
  Issues issues;
  const auto built_in = load_knowledge(issues);
  const auto copy = load_knowledge(directory_, issues);
  edit("rules/book.json", "\"version\": \"0.1.0\"", "\"version\": \"0.1.1\"");
  const auto changed = load_knowledge(directory_, issues);
  ASSERT_TRUE(built_in && copy && changed);
  EXPECT_EQ(built_in->digest.size(), 16u);
  EXPECT_EQ(copy->digest, built_in->digest);
  EXPECT_NE(changed->digest, built_in->digest);
}

TEST_F(EmergencyFloor, AnAnswerThatNobodyReadsAnyMoreIsNamed) {
  edit("rules/answers.json", R"("code": "449813001", "question": "rf01.saddle")",
       R"("code": "449813001", "question": "rf01.saddle", "source": "ehr")");
  expect_lost("rules/answers.json rf01.saddle: loosens an emergency rule: nothing reads 449813001");
}

}  // namespace
}  // namespace meridian::test
