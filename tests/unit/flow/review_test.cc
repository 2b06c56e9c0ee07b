// SPDX-License-Identifier: Apache-2.0
// What is found after the clinic has the referral: told once, and a decision that would not be made
// today is open again until a later look settles it.
#include <gtest/gtest.h>

#include "flow/out.h"
#include "unit/flow/reviewed.h"

namespace meridian::flow {
namespace {

TEST_F(Reviewed, NothingChangedNothingIsSentAndTheAuditSaysThatALookHappened) {
  accept();
  for (int i = 0; i < 5; ++i) look();
  EXPECT_EQ(bench_.clinic->sent.size(), 1u);
  EXPECT_TRUE(news_to_hospital().empty()) << news_to_hospital().front();
  EXPECT_EQ(worklist(), "awaiting-booking");
  EXPECT_EQ(audits("ReferralReviewed").size(), 5u);
  EXPECT_EQ(bench_.history->asked, 6);
}

TEST_F(Reviewed, APacketSaysHowManyRecordsPolicyLeftOut) {
  const auto dependence = condition("dependence", "F11.20");
  auto asked = order();
  asked.replace(asked.rfind("]"), 1, R"(,{"reference":"Condition/dependence"}])");
  record({back_pain(), dependence});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), dependence, asked})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "delivered");
  EXPECT_TRUE(has(last_to_clinic(), "Withheld by policy: 1 record.")) << last_to_clinic();
  EXPECT_FALSE(has(last_to_clinic(), "Condition/dependence")) << last_to_clinic();
}

TEST_F(Reviewed, AnswersThatAgeAfterTheReleaseReopenNothing) {
  accept();
  bench_.pass(hours(24 * 20));
  bench_.run();
  ASSERT_EQ(bench_.clinic->sent.size(), 2u);
  EXPECT_TRUE(has(last_to_clinic(), "reminder: book a visit")) << "and nothing of the answers";
  EXPECT_EQ(worklist(), "awaiting-booking");
}

TEST_F(Reviewed, AFractureFoundLaterReopensTheDecisionAndBothAreTold) {
  accept();
  record({back_pain(), fracture()});
  look();
  EXPECT_EQ(bench_.state(), "accepted") << "what the clinic said stays true";
  EXPECT_EQ(worklist(), "decision-reopened");
  EXPECT_EQ(bench_.only_referral().owner, "surgeon");
  ASSERT_EQ(bench_.clinic->sent.size(), 2u);
  EXPECT_TRUE(last_to_clinic().starts_with("update accepted")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "do not treat before the referring surgeon"))
      << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "Fracture or trauma")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "[rule RF07, source ACR21]")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "changed Condition/fracture")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "URGENT"));
  ASSERT_EQ(news_to_hospital().size(), 1u);
  EXPECT_TRUE(has(news_to_hospital()[0], "RF07"));
  EXPECT_TRUE(has(news_to_hospital()[0], "URGENT"));
  EXPECT_EQ(audits("DecisionReopened").size(), 1u);
}

TEST_F(Reviewed, IsToldOnceWhateverTheNumberOfLooks) {
  accept();
  record({back_pain(), fracture()});
  for (int i = 0; i < 6; ++i) look();
  EXPECT_EQ(bench_.clinic->sent.size(), 2u);
  EXPECT_EQ(news_to_hospital().size(), 1u);
  EXPECT_EQ(worklist(), "decision-reopened");
}

TEST_F(Reviewed, ACorrectionBackSettlesItAndBothAreToldAgain) {
  accept();
  record({back_pain(), fracture()});
  look();
  record({back_pain(), fracture("entered-in-error", 2)});
  look();
  EXPECT_EQ(bench_.state(), "accepted");
  EXPECT_EQ(worklist(), "awaiting-booking");
  EXPECT_EQ(bench_.only_referral().owner, "clinic");
  ASSERT_EQ(bench_.clinic->sent.size(), 3u);
  EXPECT_TRUE(has(last_to_clinic(), "stands again")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "no longer: Fracture")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "changed Condition/fracture")) << "the copy is corrected too";
  ASSERT_EQ(news_to_hospital().size(), 2u);
  EXPECT_TRUE(has(news_to_hospital()[1], "stands again"));

  record({back_pain(), fracture("confirmed", 3)});
  look();
  EXPECT_EQ(worklist(), "decision-reopened") << "and it may be opened once more";
  EXPECT_EQ(bench_.clinic->sent.size(), 4u);
  EXPECT_EQ(audits("DecisionConfirmed").size(), 1u);
}

// A letter replaces the one before it in the surgeon's record, perhaps before it is read.
TEST_F(Reviewed, ThatItIsSettledIsSaidInLaterLettersUntilTheReferralMovesOn) {
  accept();
  record({back_pain(), fracture()});
  look();
  record({back_pain(), fracture("entered-in-error", 2)});
  look();
  ASSERT_TRUE(has(news_to_hospital().back(), "stands again"));
  ASSERT_TRUE(bench_.submit("willow", "3", bundle({task(id_, "accepted", 3)})));
  bench_.run();
  ASSERT_EQ(news_to_hospital().size(), 3u);
  EXPECT_TRUE(has(news_to_hospital().back(), "stands again")) << news_to_hospital().back();
  EXPECT_FALSE(has(news_to_hospital().back(), "URGENT"));
  ASSERT_TRUE(bench_.submit("willow", "4", bundle({task(id_, "completed", 4)})));
  bench_.run();
  EXPECT_FALSE(has(news_to_hospital().back(), "stands again")) << news_to_hospital().back();
}

TEST_F(Reviewed, ASecondReasonIsToldAndEachMustBeSettled) {
  accept();
  record({back_pain(), fracture()});
  look();
  record({back_pain(), fracture(), cancer()});
  look();
  EXPECT_EQ(bench_.clinic->sent.size(), 3u);
  EXPECT_TRUE(has(last_to_clinic(), "withheld by policy"))
      << "a cancer elsewhere is not its business";
  EXPECT_TRUE(has(news_to_hospital().back(), "RF04")) << news_to_hospital().back();
  record({back_pain(), fracture("refuted", 2), cancer()});
  look();
  EXPECT_EQ(worklist(), "decision-reopened");
  record({back_pain(), fracture("refuted", 2)});
  look();
  EXPECT_EQ(worklist(), "awaiting-booking");
}

TEST_F(Reviewed, ADiagnosisThatTheReleaseRestedOnWasEnteredInError) {
  accept();
  auto wrong = back_pain();
  wrong.replace(wrong.find("confirmed"), 9, "entered-in-error");
  record({wrong});
  look();
  EXPECT_EQ(worklist(), "decision-reopened");
  EXPECT_TRUE(has(last_to_clinic(), "what kind of back pain")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "changed Condition/pain"));
}

TEST_F(Reviewed, ADiagnosisThatWasDeletedIsMissedByACompleteLook) {
  accept();
  record({});
  look();
  EXPECT_EQ(worklist(), "decision-reopened");
  EXPECT_TRUE(has(last_to_clinic(), "no longer on record: Condition")) << last_to_clinic();
}

TEST_F(Reviewed, WhatAFailedQueryLeftOutIsNotGone) {
  accept();
  record({});
  bench_.history->completeness = Completeness::failed;
  for (int i = 0; i < 3; ++i) look();
  EXPECT_EQ(worklist(), "awaiting-booking");
  EXPECT_EQ(bench_.clinic->sent.size(), 1u) << last_to_clinic();
  record({fracture()});
  look();
  EXPECT_EQ(worklist(), "decision-reopened") << "what is found counts";
  EXPECT_EQ(bench_.clinic->sent.size(), 2u);
  record({});
  look();
  EXPECT_EQ(worklist(), "decision-reopened") << "not settled by a query that failed";
  bench_.history->completeness = Completeness::complete;
  record({back_pain()});
  look();
  EXPECT_EQ(worklist(), "awaiting-booking");
}

TEST_F(Reviewed, AnAnswerThatWasTakenBackReopensAndANewOneSettles) {
  accept();
  screen_ = screen_taken_back(bench_.now);
  record({back_pain()});
  look();
  EXPECT_EQ(worklist(), "decision-reopened");
  EXPECT_TRUE(has(last_to_clinic(), "rf01.saddle")) << last_to_clinic();
  screen_ = answers(bench_.now);
  record({back_pain()});
  ASSERT_TRUE(bench_.submit("ehr", "3", bundle({answers(bench_.now)})));
  bench_.run();
  EXPECT_EQ(worklist(), "awaiting-booking");
}

TEST_F(Reviewed, AnAnswerThatBecamePositiveReopensAtOnce) {
  accept();
  const auto yes = R"({"resourceType":"QuestionnaireResponse","id":"later","status":"completed",
    "subject":{"reference":"Patient/alder"},"authored":")" +
                   to_string(bench_.now) + R"(","item":[{"linkId":"ac04.bleeding",
    "answer":[{"valueBoolean":true}]}]})";
  ASSERT_TRUE(bench_.submit("ehr", "3", bundle({yes})));
  bench_.run();
  EXPECT_EQ(worklist(), "decision-reopened");
  EXPECT_TRUE(has(last_to_clinic(), "Bleeding disorder")) << last_to_clinic();
}

TEST_F(Reviewed, ANewCautionThatDoesNotHoldIsAnUpdateForTheClinicAlone) {
  accept();
  record({back_pain(), warfarin()});
  for (int i = 0; i < 3; ++i) look();
  EXPECT_EQ(worklist(), "awaiting-booking");
  ASSERT_EQ(bench_.clinic->sent.size(), 2u);
  EXPECT_TRUE(has(last_to_clinic(), "new: Anticoagulant")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "changed MedicationRequest/warfarin")) << last_to_clinic();
  EXPECT_FALSE(has(last_to_clinic(), "do not treat"));
  EXPECT_FALSE(has(last_to_clinic(), "URGENT"));
  EXPECT_TRUE(news_to_hospital().empty());

  record({back_pain(), warfarin("stopped", 2)});
  look();
  ASSERT_EQ(bench_.clinic->sent.size(), 3u);
  EXPECT_TRUE(has(last_to_clinic(), "no longer: Anticoagulant")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "changed MedicationRequest/warfarin")) << last_to_clinic();
}

TEST_F(Reviewed, ACorrectedNameReachesTheClinicOnceAndANewVersionAloneDoesNot) {
  accept();
  auto renamed = patient();
  renamed.replace(renamed.find("Tom"), 3, "Thomas");
  bench_.history->facts = bundle({renamed, order(), screen_, back_pain()});
  for (int i = 0; i < 3; ++i) look();
  ASSERT_EQ(bench_.clinic->sent.size(), 2u);
  EXPECT_TRUE(has(last_to_clinic(), "new or corrected: Patient")) << last_to_clinic();
  auto touched = back_pain();
  touched.insert(touched.find("\"subject\""), R"("meta":{"versionId":"7"},)");
  bench_.history->facts = bundle({renamed, order("active", 4), screen_, touched});
  look();
  EXPECT_EQ(bench_.clinic->sent.size(), 2u) << last_to_clinic();
}

TEST_F(Reviewed, ACorrectedImagingReportOfThePacketReachesTheClinic) {
  const auto with_image = [&](const std::string& status, const std::string& conclusion) {
    auto ordered = order();
    ordered.insert(ordered.rfind('}'),
                   R"(,"supportingInfo":[{"reference":"DiagnosticReport/mri"}])");
    const auto report = R"({"resourceType":"DiagnosticReport","id":"mri","status":")" + status +
                        R"(","subject":{"reference":"Patient/alder"},"code":{"text":"MR spine"},
      "effectiveDateTime":"2026-11-01","conclusion":")" +
                        conclusion + "\"}";
    bench_.history->facts = bundle({patient(), ordered, screen_, back_pain(), report});
  };
  with_image("final", "bulge at L4-L5");
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), order()})));
  bench_.run();
  ASSERT_EQ(bench_.clinic->sent.size(), 1u);
  with_image("corrected", "bulge at L5-S1");
  for (int i = 0; i < 3; ++i) look();
  ASSERT_EQ(bench_.clinic->sent.size(), 2u);
  EXPECT_TRUE(has(last_to_clinic(), "corrected: DiagnosticReport")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "changed DiagnosticReport/mri")) << last_to_clinic();
}

TEST_F(Reviewed, ACoverageThatChangedReachesTheClinic) {
  accept();
  const std::string medicare = R"({"resourceType":"Coverage","id":"part-b","status":"active",
    "type":{"text":"Medicare Part B"},"beneficiary":{"reference":"Patient/alder"},
    "payor":[{"display":"Medicare"}]})";
  record({back_pain(), medicare});
  for (int i = 0; i < 3; ++i) look();
  ASSERT_EQ(bench_.clinic->sent.size(), 2u);
  EXPECT_TRUE(has(last_to_clinic(), "CMS_NCD_30_3_3")) << last_to_clinic();
  EXPECT_TRUE(has(last_to_clinic(), "changed Coverage/part-b")) << last_to_clinic();
}

TEST_F(Reviewed, WordsThatRestOnASensitiveRecordAreForTheSurgeonOnly) {
  accept();
  auto labelled = fracture();
  labelled.insert(
      labelled.find("\"versionId\""),
      R"("security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"PSY"}],)");
  record({back_pain(), labelled});
  look();
  EXPECT_EQ(worklist(), "decision-reopened");
  EXPECT_TRUE(has(last_to_clinic(), "do not treat"));
  EXPECT_TRUE(has(last_to_clinic(), "withheld by policy"));
  EXPECT_FALSE(has(last_to_clinic(), "Fracture")) << last_to_clinic();
  EXPECT_TRUE(has(news_to_hospital()[0], "Fracture"));
}

TEST_F(Reviewed, AMergedPatientIsAQuestionForAPersonAlsoAfterSending) {
  accept();
  bench_.history->patient_resolved = false;
  for (int i = 0; i < 2; ++i) look();
  EXPECT_EQ(bench_.state(), "accepted");
  EXPECT_EQ(worklist(), "patient-match");
  EXPECT_EQ(bench_.only_referral().owner, "surgeon");
  ASSERT_EQ(bench_.clinic->sent.size(), 2u);
  EXPECT_TRUE(has(last_to_clinic(), "exactly one")) << last_to_clinic();
  bench_.history->patient_resolved = true;
  look();
  EXPECT_EQ(worklist(), "awaiting-booking");
  EXPECT_EQ(bench_.clinic->sent.size(), 3u);
}

TEST_F(Reviewed, AnEmergencyTakesTheAlertPathAndTheClinicIsWarned) {
  accept();
  record({back_pain(), cauda_equina()});
  look();
  EXPECT_EQ(bench_.state(), "emergency");
  EXPECT_EQ(bench_.first_pager->sent.size(), 1u);
  EXPECT_TRUE(has(last_to_clinic(), "do not treat")) << last_to_clinic();
  look();
  EXPECT_EQ(bench_.clinic->sent.size(), 2u);
}

TEST_F(Reviewed, WhatWasFoundWhileThePacketWasUnderWayReachesTheClinic) {
  record({back_pain()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.work();
  ASSERT_EQ(bench_.state(), "sending");
  const auto claimed = bench_.store->claim_delivery(DestinationId("willow"), "n", hours(1));
  ASSERT_TRUE(claimed && *claimed);
  record({back_pain(), fracture()});
  ASSERT_TRUE(bench_.submit("ehr", "push", bundle({fracture()})));
  bench_.work();
  ASSERT_EQ(bench_.state(), "held");
  const auto* clinic = bench_.peers.find("willow");
  ASSERT_TRUE(settle(*bench_.core, *clinic, **claimed, Receipt{"Task/7", "created", ""}));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered");
  EXPECT_EQ(worklist(), "decision-reopened");
  ASSERT_EQ(bench_.clinic->sent.size(), 1u);
  EXPECT_TRUE(has(last_to_clinic(), "do not treat"));
}

TEST_F(Reviewed, AHeldReferralIsLookedAtAgainAndReleasedByWhatTheRecordSays) {
  record({back_pain(), fracture()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), order()})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "held");
  const auto told = bench_.hospital->sent.size();
  bench_.pass(hours(20));
  screen_ = answers(bench_.now);
  record({back_pain(), fracture()});
  bench_.pass(hours(4));
  bench_.run();
  EXPECT_EQ(bench_.hospital->sent.size(), told)
      << "nothing new: " << bench_.hospital->sent.back().bytes;
  bench_.pass(hours(19));
  screen_ = answers(bench_.now);
  record({back_pain(), fracture("refuted", 2)});
  bench_.pass(hours(5));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered");
}

TEST_F(Reviewed, AReferralThatEndedIsLookedAtNoMore) {
  accept();
  ASSERT_TRUE(bench_.submit("willow", "3", bundle({task(id_, "completed", 5, "7.0")})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "closed");
  const auto asked = bench_.history->asked;
  for (int i = 0; i < 3; ++i) look();
  EXPECT_EQ(bench_.history->asked, asked);
}

TEST_F(Reviewed, TheNextOfferStartsFromWhatItsOwnPacketSays) {
  bench_.add_second_choice();
  accept();
  record({back_pain(), warfarin()});
  look();
  ASSERT_EQ(bench_.clinic->sent.size(), 2u);
  screen_ = answers(bench_.now);
  record({back_pain(), warfarin()});
  ASSERT_TRUE(bench_.submit("willow", "3", bundle({task(id_, "rejected", 3)})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "delivered");
  look();
  EXPECT_EQ(bench_.second_clinic->sent.size(), 1u) << "it had the anticoagulant from the start";
}

}  // namespace
}  // namespace meridian::flow
