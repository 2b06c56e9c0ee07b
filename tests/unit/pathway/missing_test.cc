// SPDX-License-Identifier: Apache-2.0
// Unknown is not negative: what is asked, what counts as asked, and who is held for it.
#include "pathway/missing.h"

#include <gtest/gtest.h>

#include "pathway/sign_off.h"
#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::answer;
using test::ChartBuilder;
using test::complete_history;
using test::date;
using test::missing;
using test::now;

Assessment with_answers(const ChartBuilder& builder, const std::vector<Answer>& answers) {
  return test::assess_one(builder.chart(), complete_history(), answers, now());
}

TEST(Missing, NothingAnsweredHoldsAnAcupunctureOrderAndListsEveryQuestion) {
  const auto assessment = with_answers(test::plain_acupuncture_order(), {});
  EXPECT_EQ(assessment.disposition, Disposition::hold);
  for (const char* question :
       {"rf01.bladder", "rf01.bowel", "rf01.saddle", "rf01.sexual", "rf01.bilateral-leg",
        "rf02.weakness", "rf02.progressive", "rf05.fever"}) {
    const auto* item = missing(assessment, question);
    ASSERT_NE(item, nullptr) << question;
    EXPECT_TRUE(item->blocks_acupuncture) << question;
    EXPECT_FALSE(item->doors.empty()) << question;
    EXPECT_TRUE(item->evidence.empty()) << question;
  }
}

TEST(Missing, EachRequiredQuestionAloneHolds) {
  const auto builder = test::plain_acupuncture_order();
  ASSERT_EQ(test::assess_cleared(builder.chart()).disposition, Disposition::route_acupuncture);
  for (const char* question :
       {"rf01.bladder", "rf01.bowel", "rf01.saddle", "rf01.sexual", "rf01.bilateral-leg",
        "rf02.weakness", "rf02.progressive", "rf05.fever"}) {
    auto answers = test::all_no(test::rules());
    std::erase_if(answers, [&](const Answer& given) { return given.question == question; });
    EXPECT_EQ(with_answers(builder, answers).disposition, Disposition::hold) << question;
  }
}

TEST(Missing, AnAnswerIsTooOldAfterItsHours) {
  const auto builder = test::plain_acupuncture_order();
  for (const auto& [at, disposition] :
       {std::pair{"2026-11-19T10:00:00Z", Disposition::route_acupuncture},
        {"2026-11-19T09:59:59Z", Disposition::hold},
        {"2026-11-20", Disposition::route_acupuncture},
        {"2026-11-19", Disposition::hold},
        {"", Disposition::hold}}) {
    auto old = answer("rf01.saddle", "no");
    old.at = date(at);
    const auto assessment = with_answers(builder, test::all_no_but(test::rules(), old));
    EXPECT_EQ(assessment.disposition, disposition) << at;
    if (disposition != Disposition::hold) continue;
    EXPECT_EQ(missing(assessment, "rf01.saddle")->evidence, std::vector<std::string>{old.ref});
  }
}

TEST(Missing, PregnancyIsAskedOfThoseItMayConcern) {
  for (const auto& [gender, born, asked] : {std::tuple{"female", "1996-01-01", true},
                                            {"female", "1964-01-01", false},
                                            {"male", "1996-01-01", false},
                                            {"", "1996-01-01", true},
                                            {"other", "1996-01-01", true},
                                            {"female", "", true}}) {
    auto builder = test::plain_acupuncture_order();
    builder.patient().gender = gender;
    builder.patient().birth_date = Sensitive(date(born));
    EXPECT_EQ(missing(with_answers(builder, {}), "ac01.pregnancy") != nullptr, asked)
        << gender << born;
  }
}

TEST(Missing, ARecordThatStandsBehindARuleAnswersItsQuestion) {
  auto builder = test::plain_acupuncture_order();
  builder.condition(test::icd("Z95.0"), "2019-01-01");
  EXPECT_EQ(missing(with_answers(builder, {}), "ac08.implant"), nullptr);
}

TEST(Missing, NoAnticoagulantOnRecordIsOnlySaidOfACompleteHistory) {
  const auto builder = test::plain_acupuncture_order();
  EXPECT_EQ(missing(with_answers(builder, {}), "ac02.anticoagulant"), nullptr);
  for (const auto how : {Completeness::failed, Completeness::partial, Completeness::withheld,
                         Completeness::not_asked}) {
    const auto assessment =
        test::assess_one(builder.chart(), test::history_with("medications", how), {}, now());
    EXPECT_NE(missing(assessment, "ac02.anticoagulant"), nullptr) << completeness_name(how);
    EXPECT_NE(missing(assessment, "history.medications"), nullptr) << completeness_name(how);
  }
}

TEST(Missing, AHistoryThatWasNotReadHoldsEvenWhenAllIsAnswered) {
  const auto builder = test::plain_acupuncture_order();
  for (const char* kind : {"conditions", "medications", "procedures"}) {
    const auto assessment =
        test::assess_one(builder.chart(), test::history_with(kind, Completeness::failed),
                         test::all_no(test::rules()), now());
    EXPECT_EQ(assessment.disposition, Disposition::hold) << kind;
  }
}

TEST(Missing, AHistoryThatNobodyCanBeAskedForHoldsUntilItIsSigned) {
  const auto builder = test::plain_acupuncture_order();
  auto history = test::history_with("medications", Completeness::not_asked);
  for (auto& query : history) query.at = now();
  const auto assessment =
      test::assess_one(builder.chart(), history, test::all_no(test::rules()), now());
  EXPECT_EQ(assessment.disposition, Disposition::hold);
  const auto* item = missing(assessment, "history.medications");
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(item->rule, history_not_available);
  EXPECT_TRUE(item->doors.empty()) << "asking again is of no use";
  const auto holds = holds_of(assessment, test::rules(), false);
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_TRUE(holds[0].signable);
}

TEST(Missing, ImagesThatWereNotReadAreStatedAndNeverHold) {
  const auto builder = test::plain_acupuncture_order();
  const auto assessment =
      test::assess_one(builder.chart(), test::history_with("imaging", Completeness::failed),
                       test::all_no(test::rules()), now());
  ASSERT_NE(missing(assessment, "history.imaging"), nullptr);
  EXPECT_FALSE(missing(assessment, "history.imaging")->blocks_acupuncture);
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
}

TEST(Missing, ASurgeonBoundOrderIsNeverHeldForIt) {
  const auto builder = test::plain_surgeon_order();
  const auto assessment = test::assess_one(builder.chart(), {}, {}, now());
  EXPECT_EQ(assessment.disposition, Disposition::route_surgeon);
  EXPECT_NE(missing(assessment, "rf01.saddle"), nullptr) << "it goes, saying what was not asked";
  EXPECT_NE(missing(assessment, "history.medications"), nullptr);
}

TEST(Missing, TheAssessmentIsValidUntilItsFirstAnswerIsTooOld) {
  const auto builder = test::plain_acupuncture_order();
  auto answers =
      test::all_no_but(test::rules(), answer("rf02.weakness", "no", "2026-11-20T01:30:00Z"));
  EXPECT_EQ(with_answers(builder, answers).valid_until, parse_instant("2026-11-21T01:30:00Z"));
}

}  // namespace
}  // namespace meridian
