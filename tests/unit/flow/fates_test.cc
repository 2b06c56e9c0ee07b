// SPDX-License-Identifier: Apache-2.0
// Referrals that do not go straight: declined, repeated, replaced.
#include <algorithm>

#include <gtest/gtest.h>

#include "flow/repeat.h"
#include "flow/sign_off.h"
#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

/// An order that reached its first clinic; the referral's id.
std::string delivered(Bench& bench) {
  EXPECT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  return bench.only_referral().id.str();
}

/// A clinic's no, with the members of its reason.
std::string declining_task(const std::string& referral, const std::string& reason) {
  auto text = task(referral, "rejected", 2);
  return text.insert(text.rfind('}'), R"(,"statusReason":{)" + reason + "}");
}

/// The same pain, three weeks old.
std::string recent_back_pain() {
  auto text = back_pain();
  const auto at = text.find("onsetDateTime\":\"") + 16;
  return text.replace(at, 10, "2026-10-30");
}

std::string medicare() {
  return R"({"resourceType":"Coverage","id":"part-b","status":"active",
    "type":{"text":"Medicare Part B"},"beneficiary":{"reference":"Patient/alder"},
    "payor":[{"display":"Medicare"}]})";
}

TEST(Declined, GoesToTheNextClinicByItself) {
  Bench bench;
  bench.add_second_choice();
  const auto id = delivered(bench);
  EXPECT_TRUE(bench.second_clinic->sent.empty());

  ASSERT_TRUE(bench.submit("willow", "2", bundle({task(id, "rejected", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(bench.only_referral().destination.str(), "birch");
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
  ASSERT_EQ(bench.second_clinic->sent.size(), 1u);
  EXPECT_NE(bench.only_referral().decision.find("declined this referral"), std::string::npos);

  ASSERT_TRUE(bench.submit("birch", "3", bundle({task(id, "accepted", 2)})));
  EXPECT_EQ(bench.state(), "accepted");
}

TEST(Declined, GoesToTheNextByTheOrderAndBothOffersAreCounted) {
  Bench bench;
  auto willow = receiver("willow", 1);
  auto birch = receiver("birch", 0);  // the site's first choice, and farther away
  willow.postal_code = "97205";
  birch.postal_code = "97301";
  bench.know({willow, birch});
  auto resident = patient();
  resident.insert(resident.rfind('}'), R"(,"address":[{"state":"OR","postalCode":"97205"}])");
  bench.history->facts = bundle({resident, back_pain(), order(), answers(bench.now)});
  const auto id = delivered(bench);
  EXPECT_EQ(bench.clinic->sent.size(), 1u) << "the near one, not the first of the file";
  EXPECT_NE(bench.only_referral().decision.find("same postal area"), std::string::npos);
  EXPECT_NE(bench.only_referral().decision.find(bench.directory->version()), std::string::npos);
  EXPECT_EQ(bench.store->loads(bench.now)->at(0).open, 1);

  bench.pass(std::chrono::hours(2));
  ASSERT_TRUE(bench.submit("willow", "2", bundle({task(id, "rejected", 2)})));
  bench.run();
  EXPECT_EQ(bench.only_referral().destination.str(), "birch");
  bench.pass(std::chrono::hours(1));
  ASSERT_TRUE(bench.submit("birch", "3", bundle({task(id, "accepted", 2)})));
  const auto loads = *bench.store->loads(Instant{});
  ASSERT_EQ(loads.size(), 2u);
  EXPECT_EQ(loads[0].accepted, 1);
  EXPECT_EQ(loads[0].mean_answer, std::chrono::milliseconds(std::chrono::hours(1)));
  EXPECT_EQ(loads[1].declined, 1);
  EXPECT_EQ(loads[1].mean_answer, std::chrono::milliseconds(std::chrono::hours(2)));
}

TEST(Declined, ALateYesOfTheFirstClinicChangesNothing) {
  Bench bench;
  bench.add_second_choice();
  const auto id = delivered(bench);
  ASSERT_TRUE(bench.submit("willow", "2", bundle({task(id, "rejected", 2)})));
  bench.run();
  ASSERT_TRUE(bench.submit("willow", "3", bundle({task(id, "accepted", 3)})));
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_EQ(bench.only_referral().destination.str(), "birch");
}

TEST(Declined, AClinicThatGoesOnAfterAnotherHasItIsToldEachTime) {
  Bench bench;
  bench.add_second_choice();
  const auto id = delivered(bench);
  const auto says = [&](const std::string& clinic, const std::string& status, int version,
                        const std::string& word = "") {
    ASSERT_TRUE(bench.submit(clinic, clinic + std::to_string(version),
                             bundle({task(id, status, version, word)})));
    bench.run();
  };
  says("willow", "rejected", 2);
  says("birch", "in-progress", 2, "scheduled");
  ASSERT_EQ(bench.state(), "scheduled");
  const auto before = bench.clinic->sent.size();
  says("willow", "accepted", 3);
  ASSERT_EQ(bench.clinic->sent.size(), before + 1) << "else two clinics have the patient";
  const auto& told = bench.clinic->sent.back().bytes;
  EXPECT_NE(told.find("redirected cancelled the referral was sent to another"), std::string::npos)
      << told;
  EXPECT_EQ(told.find("abort"), std::string::npos) << "it was birch that booked: " << told;
  says("willow", "in-progress", 4, "scheduled");
  ASSERT_EQ(bench.clinic->sent.size(), before + 2);
  EXPECT_NE(bench.clinic->sent.back().bytes.find("abort"), std::string::npos) << "now it did too";
  // That it heard us, and a mere receipt, need no answer.
  says("willow", "cancelled", 5);
  says("willow", "received", 6);
  EXPECT_EQ(bench.clinic->sent.size(), before + 2);
  EXPECT_EQ(bench.state(), "scheduled");
  EXPECT_EQ(bench.only_referral().destination.str(), "birch");
}

TEST(Declined, ByEveryClinicIsThePersonsTurn) {
  Bench bench;
  bench.add_second_choice();
  const auto id = delivered(bench);
  ASSERT_TRUE(bench.submit("willow", "2", bundle({task(id, "rejected", 2)})));
  bench.run();
  ASSERT_TRUE(bench.submit("birch", "3", bundle({task(id, "rejected", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "declined");
  EXPECT_EQ(bench.only_referral().owner, "surgeon");
  EXPECT_EQ(bench.only_referral().worklist, "declined");
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
  EXPECT_EQ(bench.second_clinic->sent.size(), 1u);
}

TEST(Declined, IsToldAlsoWhenTheNextClinicAcceptsBeforeAnythingWasSent) {
  Bench bench;
  bench.add_second_choice();
  const auto id = delivered(bench);
  ASSERT_TRUE(bench.submit("willow", "2", bundle({declining_task(id, R"("text":"no room")")})));
  bench.run();
  ASSERT_TRUE(bench.submit("birch", "3", bundle({task(id, "accepted", 2)})));
  bench.run();
  const auto& said = bench.hospital->sent.back().bytes;
  EXPECT_NE(said.find("accepted"), std::string::npos) << said;
  EXPECT_NE(said.find("willow declined: no room"), std::string::npos) << said;
}

TEST(Declined, ByEveryClinicIsToldToTheSurgeonWithEachReason) {
  Bench bench;
  bench.add_second_choice();
  const auto id = delivered(bench);
  ASSERT_TRUE(bench.submit("willow", "2", bundle({declining_task(id, R"("text":"no room")")})));
  bench.run();
  EXPECT_NE(bench.hospital->sent.back().bytes.find("willow declined: no room"), std::string::npos)
      << "also while the next clinic has it: " << bench.hospital->sent.back().bytes;
  ASSERT_TRUE(bench.submit(
      "birch", "3",
      bundle({declining_task(id, R"("coding":[{"code":"AGE","display":"adults only"}])")})));
  bench.run();
  const auto& said = bench.hospital->sent.back().bytes;
  EXPECT_NE(said.find("declined rejected"), std::string::npos) << said;
  EXPECT_NE(said.find("willow declined: no room; "), std::string::npos) << said;
  EXPECT_NE(said.find("birch declined: adults only"), std::string::npos) << said;
}

TEST(Declined, IsScreenedAgainWhenTheAnswersHaveAged) {
  Bench bench;
  bench.add_second_choice();
  const auto id = delivered(bench);
  bench.pass(std::chrono::hours(72));
  ASSERT_TRUE(bench.submit("willow", "2", bundle({task(id, "rejected", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "declined");
  EXPECT_TRUE(bench.second_clinic->sent.empty());

  bench.history->facts = bundle({patient(), back_pain(), order(), answers(bench.now)});
  ASSERT_TRUE(bench.submit("ehr", "3", bundle({answers(bench.now)})));
  bench.run();
  EXPECT_EQ(bench.second_clinic->sent.size(), 1u);
}

TEST(Revoked, IsShownInTheRecordAlsoWhenNothingWasSent) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  bench.history->facts = bundle({patient(), back_pain(), order()});
  bench.run();
  EXPECT_EQ(bench.state(), "held");
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({order("revoked", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "cancelled");
  EXPECT_NE(bench.hospital->sent.back().bytes.find("cancelled cancelled"), std::string::npos);
  EXPECT_TRUE(bench.clinic->sent.empty());
}

TEST(Revoked, AfterAVisitWasBookedTheClinicIsAskedAndConfirms) {
  Bench bench;
  const auto id = delivered(bench);
  ASSERT_TRUE(bench.submit("willow", "2", bundle({task(id, "in-progress", 2, "5.1.1")})));
  bench.run();
  EXPECT_EQ(bench.state(), "scheduled");
  ASSERT_TRUE(bench.submit("ehr", "3", bundle({order("revoked", 2)})));
  bench.run();
  EXPECT_EQ(bench.state(), "cancel_asked");
  EXPECT_NE(bench.clinic->sent.back().bytes.find("abort Task/t1"), std::string::npos)
      << bench.clinic->sent.back().bytes;
  EXPECT_NE(bench.hospital->sent.back().bytes.find("cancel_asked cancelled"), std::string::npos);
  ASSERT_TRUE(bench.submit("willow", "4", bundle({task(id, "cancelled", 3)})));
  bench.run();
  EXPECT_EQ(bench.state(), "cancelled");
}

TEST(NotCovered, IsSentAndToldToTheSurgeonAtOnce) {
  Bench bench;
  bench.history->facts =
      bundle({patient(), recent_back_pain(), medicare(), order(), answers(bench.now)});
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  bench.run();
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_NE(bench.hospital->sent.back().bytes.find("uncovered C2"), std::string::npos)
      << bench.hospital->sent.back().bytes;
}

store::ReferralRow referral_of(Bench& bench, const std::string& order) {
  const auto rows = bench.store->referrals(10);
  for (const auto& row : *rows) {
    if (row.order_ref == order) return row;
  }
  ADD_FAILURE() << "no referral for " << order;
  return {};
}

TEST(Repeated, ASecondOrderForTheSameIsHeldForTheSurgeon) {
  Bench bench;
  delivered(bench);
  bench.history->facts =
      bundle({patient(), back_pain(), order(), second_order(), answers(bench.now)});
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), second_order()})));
  bench.run();
  const auto again = referral_of(bench, "ServiceRequest/again");
  EXPECT_EQ(again.state, "held");
  EXPECT_EQ(again.worklist, "duplicate-order");
  EXPECT_NE(again.decision.find("repeats ServiceRequest/order"), std::string::npos);
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
}

TEST(Repeated, SaysSoAtOnceWhateverElseHoldsIt) {
  Bench bench;
  delivered(bench);
  bench.history->facts = bundle({patient(), back_pain(), order(), second_order()});
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), second_order()})));
  bench.run();
  const auto again = referral_of(bench, "ServiceRequest/again");
  EXPECT_EQ(again.worklist, "letters-outstanding");
  EXPECT_NE(again.decision.find("repeats ServiceRequest/order"), std::string::npos)
      << "who answers the questions knows it before";
  const auto& letters = bench.hospital->sent;
  EXPECT_TRUE(std::any_of(letters.begin(), letters.end(), [](const auto& letter) {
    return letter.bytes.find("repeats ServiceRequest/order") != std::string::npos;
  }));
}

TEST(Repeated, GoesWhenANamedPersonSignsThatBothAreWantedAndSaysWhatItRepeats) {
  Bench bench;
  delivered(bench);
  bench.history->facts =
      bundle({patient(), back_pain(), order(), second_order(), answers(bench.now)});
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), second_order()})));
  bench.run();
  const auto held = referral_of(bench, "ServiceRequest/again");
  EXPECT_NE(bench.hospital->sent.back().bytes.find("/sign-offs/"), std::string::npos);
  const auto ticket = current_sign_off(held);
  ASSERT_TRUE(ticket);
  EXPECT_NE(bench.operations->sign_off(*ticket)->holds.front().text.find("Are both wanted?"),
            std::string::npos);
  ASSERT_TRUE(bench.operations->give_sign_off(
      *ticket, {"Dr. I. Varga", "surgeon", "the second is for the neck", {repeat_rule}}));
  bench.run();
  const auto sent = referral_of(bench, "ServiceRequest/again");
  EXPECT_EQ(sent.state, "delivered");
  EXPECT_EQ(bench.clinic->sent.size(), 2u);
  EXPECT_EQ(repeat_words(sent.decision),
            "It repeats ServiceRequest/order, which is still open (delivered).");
  EXPECT_NE(bench.hospital->sent.back().bytes.find("It repeats ServiceRequest/order"),
            std::string::npos);
  EXPECT_EQ(repeat_words(held.decision), "") << "that one says why it is held";
}

TEST(Repeated, IsReleasedWhenTheFirstOrderEnds) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), second_order()})));
  bench.history->facts = bundle({patient(), back_pain(), order(), second_order()});
  bench.run();  // the first one waits for answers, the second as well
  EXPECT_EQ(referral_of(bench, "ServiceRequest/again").state, "held");

  ASSERT_TRUE(bench.submit("ehr", "3", bundle({order("revoked", 2)})));
  bench.history->facts =
      bundle({patient(), back_pain(), order("revoked", 2), second_order(), answers(bench.now)});
  bench.run();
  EXPECT_EQ(referral_of(bench, "ServiceRequest/order").state, "cancelled");
  EXPECT_EQ(referral_of(bench, "ServiceRequest/again").state, "delivered");
}

TEST(Repeated, AnOrderThatReplacesTheOpenOneTakesItsPlace) {
  Bench bench;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  bench.history->facts = bundle({patient(), back_pain(), order()});
  bench.run();
  EXPECT_EQ(bench.state(), "held");
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), second_order(true)})));
  bench.history->facts =
      bundle({patient(), back_pain(), order(), second_order(true), answers(bench.now)});
  bench.run();
  EXPECT_EQ(referral_of(bench, "ServiceRequest/order").state, "cancelled");
  EXPECT_EQ(referral_of(bench, "ServiceRequest/again").state, "delivered");
  EXPECT_EQ(bench.clinic->sent.size(), 1u);
}

TEST(Repeated, AReferralAfterThreeMonthsIsNoRepeat) {
  Bench bench;
  delivered(bench);
  bench.pass(std::chrono::hours(91 * 24));
  bench.history->facts =
      bundle({patient(), back_pain(), order(), second_order(), answers(bench.now)});
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), second_order()})));
  bench.run();
  EXPECT_EQ(referral_of(bench, "ServiceRequest/again").state, "delivered");
}

}  // namespace
}  // namespace meridian::flow
