// SPDX-License-Identifier: Apache-2.0
// Two looks compared, statement by statement.
#include "pathway/grounds.h"

#include <gtest/gtest.h>

#include "pathway/assess.h"
#include "unit/pathway/builders.h"

namespace meridian {
namespace {

Ground ground(const char* kind, const char* rule, const char* weight) {
  return {kind, rule, weight, std::string("text of ") + rule, "SRC", {"Condition/1"}, false};
}

TEST(Grounds, AreTheFlagsCautionsCoverageAndWhatBlocks) {
  Assessment assessment;
  Flag flag;
  flag.rule = "RF07";
  flag.severity = "hold";
  flag.evidence = {"Condition/2", "Condition/1"};
  assessment.flags = {flag};
  Caution caution;
  caution.rule = "AC02";
  caution.manual = "caution";
  caution.electro = "relative";
  assessment.cautions = {caution};
  CoverageAnswer covered;
  covered.rule = "C1";
  covered.status = "covered";
  assessment.coverage = {covered};
  Missing blocks;
  blocks.question = "rf01.saddle";
  Missing harmless;
  harmless.question = "history.coverage";
  harmless.blocks_acupuncture = false;
  assessment.missing = {blocks, harmless};

  const auto grounds = grounds_of(assessment);
  ASSERT_EQ(grounds.size(), 4u);
  EXPECT_EQ(grounds[0].kind, "caution");
  EXPECT_EQ(grounds[0].weight, "caution/relative");
  EXPECT_EQ(grounds[1].kind, "coverage");
  EXPECT_EQ(grounds[2].kind, "flag");
  EXPECT_EQ(grounds[2].evidence, (std::vector<std::string>{"Condition/1", "Condition/2"}));
  EXPECT_EQ(grounds[3].rule, "rf01.saddle");
}

TEST(Compare, OfTheSameInAnyOrderIsEmpty) {
  const auto a = ground("flag", "RF01", "hold");
  const auto b = ground("caution", "AC02", "caution/none");
  EXPECT_TRUE(compare({a, b}, {b, a}).empty());
  EXPECT_EQ(in_words(compare({a, b}, {b, a}), true), "");
}

TEST(Compare, NamesWhatCameWentAndWeighsOtherwise) {
  const auto difference =
      compare({ground("flag", "RF01", "modifier"), ground("caution", "AC02", "caution/none")},
              {ground("flag", "RF01", "hold"), ground("flag", "RF07", "urgent")});
  ASSERT_EQ(difference.added.size(), 1u);
  EXPECT_EQ(difference.added[0].rule, "RF07");
  ASSERT_EQ(difference.gone.size(), 1u);
  EXPECT_EQ(difference.gone[0].rule, "AC02");
  ASSERT_EQ(difference.changed.size(), 1u);
  EXPECT_EQ(difference.changed[0].first.weight, "modifier");
  EXPECT_EQ(difference.changed[0].second.weight, "hold");
  EXPECT_EQ(in_words(difference, true),
            "new: text of RF07 [rule RF07, source SRC]; now hold, was modifier: text of RF01 [rule "
            "RF01, source SRC]; no longer: text of AC02 [rule AC02, source SRC]");
}

TEST(Compare, OtherEvidenceForTheSameStatementIsNoDifference) {
  auto later = ground("flag", "RF01", "hold");
  later.evidence = {"Condition/9"};
  later.text = "other words";
  EXPECT_TRUE(compare({ground("flag", "RF01", "hold")}, {later}).empty());
}

TEST(Compare, WordsThatRestOnWithheldRecordsAreForTheSurgeonOnly) {
  auto secret = ground("caution", "AC05", "relative/relative");
  secret.withheld = true;
  const auto difference = compare({}, {secret});
  EXPECT_EQ(in_words(difference, false).find("AC05"), std::string::npos);
  EXPECT_NE(in_words(difference, false).find("withheld by policy"), std::string::npos);
  EXPECT_NE(in_words(difference, true).find("AC05"), std::string::npos);
  auto worse = secret;
  worse.weight = "absolute/absolute";
  EXPECT_EQ(in_words(compare({secret}, {worse}), false).find("absolute"), std::string::npos);
}

TEST(ScreenedAt, AnswersThatWereYoungEnoughAtTheReleaseStayGood) {
  const auto builder = test::plain_acupuncture_order();
  const auto answers = test::all_no(test::rules());
  const auto episodes = std::vector<Episode>();
  const auto at = [&](std::chrono::hours later, std::optional<Instant> screened) {
    return assess({.chart = builder.chart(),
                   .episodes = episodes,
                   .referral = &builder.chart().records.service_requests.front(),
                   .history = test::complete_history(),
                   .answers = answers,
                   .terminology = test::terminology(),
                   .rules = test::rules(),
                   .at = test::now() + later,
                   .screened_at = screened});
  };
  const auto question = [](const Assessment& assessment) {
    return test::missing(assessment, "rf01.saddle") != nullptr;
  };
  EXPECT_FALSE(question(at(std::chrono::hours(1), std::nullopt)));
  EXPECT_TRUE(question(at(std::chrono::hours(48), std::nullopt)));
  EXPECT_FALSE(question(at(std::chrono::hours(48), test::now())));
  EXPECT_TRUE(question(at(std::chrono::hours(48), test::now() + std::chrono::hours(30))))
      << "too old at the release already";
}

}  // namespace
}  // namespace meridian
