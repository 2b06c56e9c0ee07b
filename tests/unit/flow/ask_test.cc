// SPDX-License-Identifier: Apache-2.0
// What is said at signing, and that nothing of it is kept but the audit.
#include "flow/ask.h"

#include <gtest/gtest.h>

#include "flow/advice.h"
#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string draft() {
  return replaced(replaced(order(), R"("id":"order")", R"("id":"draft")"), R"("status":"active")",
                  R"("status":"draft")");
}

/// A draft for a spine surgeon, in words.
std::string surgery() {
  const auto json = draft();
  const auto begin = json.find(R"("code":{)");
  const auto end = json.find("]}", begin) + 2;
  return std::string(json).replace(begin, end - begin,
                                   R"("code":{"text":"Spine surgery referral"})");
}

std::string haemophilia() {
  return R"({"resourceType":"Condition","id":"blood","subject":{"reference":"Patient/alder"},
    "clinicalStatus":{"coding":[{"code":"active"}]},
    "verificationStatus":{"coding":[{"code":"confirmed"}]},"recordedDate":"2026-11-10",
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"D66"}]}})";
}

std::string medicare() {
  return R"({"resourceType":"Coverage","id":"part-b","status":"active",
    "type":{"text":"Medicare Part B"},"beneficiary":{"reference":"Patient/alder"},
    "payor":[{"display":"Medicare"}]})";
}

class Ask : public testing::Test {
 protected:
  Ask() {
    question_.id = "question-1";
    question_.source = SourceId("ehr");
    question_.patient = "Patient/alder";
    question_.media_type = "application/fhir+json";
    question_.orders = bundle({draft()});
    question_.until = std::chrono::steady_clock::now() + std::chrono::minutes(5);
  }

  void record(const std::vector<std::string>& more, bool answered = true) {
    std::vector<std::string> facts = {patient(), back_pain()};
    if (answered) facts.push_back(answers(bench_.now));
    facts.insert(facts.end(), more.begin(), more.end());
    bench_.history->facts = bundle(facts);
  }

  const std::vector<Advice>& ask() {
    auto said = bench_.desk->ask({"ehr", Role::source, "ehr"}, question_);
    EXPECT_TRUE(said) << said.error().what.view();
    said_ = said ? *said : std::vector<Advice>();
    for (const auto& one : said_) EXPECT_LT(one.summary.size(), 140U) << one.summary;
    return said_;
  }

  /// The one advice on that; its summary is "" when there is none.
  Advice of(Advice::Topic topic) const {
    for (const auto& one : said_) {
      if (one.topic == topic) return one;
    }
    return {};
  }

  std::size_t audited(const std::string& event) {
    const auto rows = bench_.store->audit(100);
    return static_cast<std::size_t>(std::count_if(
        rows->begin(), rows->end(), [&](const auto& row) { return row.event == event; }));
  }

  Bench bench_;
  Question question_;
  std::vector<Advice> said_;
};

TEST_F(Ask, OfAnOrderThatNothingHoldsSaysWhoCouldTakeThePatient) {
  record({});
  ask();
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_EQ(said_[0].topic, Advice::Topic::receiver);
  EXPECT_EQ(said_[0].level, Advice::Level::info);
  EXPECT_EQ(said_[0].summary, "willow could take this patient");
  EXPECT_EQ(said_[0].order, "ServiceRequest/draft");
}

TEST_F(Ask, OfSeveralWhoCouldTakeItNamesTheFirstAndCountsTheOthers) {
  bench_.add_second_choice();
  record({});
  ask();
  EXPECT_EQ(of(Advice::Topic::receiver).summary, "willow could take this patient, and 1 more");
  bench_.know({});
  ask();
  EXPECT_EQ(of(Advice::Topic::receiver).level, Advice::Level::warning);
}

TEST_F(Ask, KeepsNothingButTheAudit) {
  record({cauda_equina()});
  ask();
  const auto counts = *bench_.store->counts();
  EXPECT_EQ(counts.messages + counts.referrals + counts.work_due + counts.queued, 0);
  EXPECT_EQ(audited("AdviceGiven"), 1U);
  EXPECT_EQ(audited("PatientRead"), 1U);
  const auto rows = bench_.store->audit(10);
  for (const auto& row : *rows) {
    EXPECT_FALSE(has(row.object + row.outcome, "alder"));
    EXPECT_FALSE(has(row.outcome, "RF"));
  }
}

TEST_F(Ask, OfAnEmergencySaysWhatToDoAndThatNobodyWasAlerted) {
  record({cauda_equina()}, false);
  ask();
  ASSERT_FALSE(said_.empty());
  const auto emergency = of(Advice::Topic::emergency);
  EXPECT_EQ(emergency.level, Advice::Level::critical);
  EXPECT_TRUE(has(emergency.summary, "RF01")) << emergency.summary;
  EXPECT_TRUE(has(emergency.detail, "Nobody has been alerted"));
  EXPECT_TRUE(has(emergency.detail, "only when the order is signed"));
  EXPECT_TRUE(has(emergency.detail, "Condition/cauda"));
  EXPECT_TRUE(has(emergency.detail, "Source: "));
  EXPECT_EQ(bench_.store->open_alerts()->size(), 0U);
  EXPECT_EQ(of(Advice::Topic::receiver).summary, "") << "nobody is looked for";
  EXPECT_EQ(of(Advice::Topic::missing).summary, "") << "and nobody is asked for answers";
}

TEST_F(Ask, OfWhatIsNotAnsweredSaysThatItHolds) {
  bench_.history->facts = bundle({patient(), back_pain(), answers(bench_.now, {"rf01.saddle"})});
  ask();
  const auto missing = of(Advice::Topic::missing);
  EXPECT_EQ(missing.level, Advice::Level::warning);
  EXPECT_TRUE(has(missing.summary, "1 answer is missing")) << missing.summary;
  EXPECT_TRUE(has(missing.detail, "**RF01**")) << missing.detail;
  EXPECT_EQ(missing.link, "") << "there is no form before there is an order";
  EXPECT_NE(of(Advice::Topic::receiver).summary, "") << "who could take it is said all the same";
}

TEST_F(Ask, OfAContraindicationSaysRuleSourceAndRecord) {
  record({haemophilia()});
  ask();
  const auto unsafe = of(Advice::Topic::unsafe);
  EXPECT_EQ(unsafe.level, Advice::Level::warning);
  EXPECT_TRUE(has(unsafe.summary, "would be held")) << unsafe.summary;
  EXPECT_TRUE(has(unsafe.summary, "AC04"));
  EXPECT_TRUE(has(unsafe.detail, "Condition/blood"));
  EXPECT_TRUE(has(unsafe.detail, "Source: "));
}

TEST_F(Ask, OfWhatIsNotCoveredSaysThePlanAndHoldsNothing) {
  // Nothing coded as low back pain of twelve weeks.
  record({medicare()});
  bench_.history->facts = replaced(bench_.history->facts, "2026-05-01", "2026-10-30");
  ask();
  const auto coverage = of(Advice::Topic::coverage);
  EXPECT_EQ(coverage.level, Advice::Level::warning) << coverage.summary;
  EXPECT_TRUE(has(coverage.summary, "Not covered by")) << coverage.summary;
  EXPECT_TRUE(has(coverage.detail, "Coverage holds nothing"));
}

TEST_F(Ask, OfARepeatSaysWhichAndOffersToTakeTheDraftOut) {
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.run();
  ask();
  const auto repeat = of(Advice::Topic::repeat);
  EXPECT_EQ(repeat.level, Advice::Level::warning);
  EXPECT_TRUE(has(repeat.summary, "ServiceRequest/order")) << repeat.summary;
  EXPECT_EQ(repeat.removes, "ServiceRequest/draft");
  question_.orders = bundle({order()});
  ask();
  EXPECT_EQ(of(Advice::Topic::repeat).summary, "") << "an order does not repeat itself";
}

TEST_F(Ask, OfAnOrderForASurgeonHoldsNothing) {
  record({}, false);
  question_.orders = bundle({surgery()});
  ask();
  const auto missing = of(Advice::Topic::missing);
  EXPECT_EQ(missing.level, Advice::Level::info);
  EXPECT_TRUE(has(missing.summary, "goes without")) << missing.summary;
  EXPECT_EQ(of(Advice::Topic::receiver).level, Advice::Level::warning) << "no surgeon is known";
}

TEST_F(Ask, SaysNothingOfWhatIsNoBusinessOfOurs) {
  for (const auto& none : {replaced(draft(), R"("status":"draft")", R"("status":"revoked")"),
                           replaced(draft(), "Patient/alder", "Patient/birch"),
                           replaced(surgery(), "Spine surgery referral", "Lipid panel")}) {
    question_.orders = bundle({none});
    EXPECT_TRUE(ask().empty()) << none;
  }
  for (auto& peer : bench_.peers.list) {
    if (peer->id == "ehr") peer->services = {"acupuncture"};
  }
  question_.orders = bundle({draft()});
  EXPECT_TRUE(ask().empty()) << "what it does itself it orders for itself";
  EXPECT_EQ(bench_.history->asked, 0);
  EXPECT_EQ(audited("AdviceGiven"), 4U);
}

TEST_F(Ask, SaysWhatWasNotReadAndConcludesNothingFromIt) {
  bench_.history->failures = {{ErrorCode::timed_out, "test", "slow"}};
  ask();
  const auto unread = of(Advice::Topic::unread);
  EXPECT_EQ(unread.level, Advice::Level::info);
  EXPECT_TRUE(has(unread.summary, "conditions")) << unread.summary;
  EXPECT_TRUE(has(unread.detail, "not known to be absent"));
}

TEST_F(Ask, OfAPatientWhoIsNotOneSaysWhy) {
  bench_.history->patient_resolved = false;
  bench_.history->completeness = Completeness::failed;
  bench_.history->doubted = "merged";
  ask();
  EXPECT_TRUE(has(of(Advice::Topic::unread).detail, "patient merged"))
      << of(Advice::Topic::unread).detail;
}

TEST_F(Ask, DoesNotWaitWhenItMustNot) {
  question_.gathers = false;
  question_.read = {{"conditions", "{}"}};
  ask();
  EXPECT_LE(*bench_.history->last.until, std::chrono::steady_clock::now());
  EXPECT_EQ(bench_.history->last.read.size(), 1U);
  EXPECT_EQ(bench_.history->last.order_ref, "") << "a draft is on no server";
}

TEST_F(Ask, OfAChartSaysWhereItsReferralsStandAndLinksTheForm) {
  bench_.history->facts = bundle({patient(), back_pain(), order()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "held");
  const auto asked = bench_.history->asked;
  question_.moment = Question::Moment::viewing;
  question_.orders.clear();
  ask();
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_EQ(said_[0].topic, Advice::Topic::standing);
  EXPECT_TRUE(has(said_[0].summary, "held")) << said_[0].summary;
  EXPECT_TRUE(has(said_[0].link, "/forms/"));
  EXPECT_EQ(bench_.history->asked, asked) << "nothing is read";
  question_.patient = "Patient/birch";
  EXPECT_TRUE(ask().empty());
}

TEST_F(Ask, OfADispatchedOrderSaysWhereItStandsOrWhatASignedOneIsTold) {
  question_.moment = Question::Moment::dispatch;
  question_.order_refs = {"ServiceRequest/order"};
  question_.orders.clear();
  ask();
  EXPECT_EQ(said_.size(), 1U);
  EXPECT_EQ(of(Advice::Topic::receiver).summary, "willow could take this patient");
  EXPECT_EQ(bench_.history->last.order_ref, "ServiceRequest/order");
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.run();
  ask();
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_TRUE(has(said_[0].summary, "to willow")) << said_[0].summary;
}

TEST_F(Ask, IsForASourceAboutItselfAlone) {
  for (const Caller& caller :
       {Caller{"willow", Role::source, "willow"}, Caller{"any", Role::source, ""},
        Caller{"ehr", Role::clinic, "ehr"}, Caller{"ops", Role::operations, ""}}) {
    const auto said = bench_.desk->ask(caller, question_);
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code, ErrorCode::forbidden);
    if (caller.source == "willow") continue;
    EXPECT_FALSE(bench_.desk->note_feedback(caller, {"x", true, ""}));
  }
  question_.orders = "{";
  const auto said = bench_.desk->ask({"ehr", Role::source, "ehr"}, question_);
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, ErrorCode::malformed);
}

TEST(AdviceWords, FitOnOneLine) {
  EXPECT_EQ(one_line("a\nb\tc"), "a b c");
  EXPECT_EQ(one_line(std::string(139, 'x')), std::string(139, 'x'));
  EXPECT_EQ(one_line(std::string(140, 'x')), std::string(136, 'x') + "...");
  EXPECT_EQ(one_line("äöüä", 4), "äöüä");
  EXPECT_EQ(one_line("äöüäö", 4), "ä...");
}

TEST(AdviceWords, TurnNothingAround) {
  EXPECT_EQ(one_line("Dr. \u202eAvral\u2069 could"), "Dr. Avral could");
  EXPECT_EQ(plain_markdown("Dr. \u202eAvral"), "Dr. Avral");
}

/// Addresses that GitHub's Markdown makes links of though nothing marks them.
TEST(AdviceWords, LinkNowhere) {
  EXPECT_EQ(plain_markdown("see https://evil.example/x"), "see https:/ /evil.example/x");
  EXPECT_EQ(plain_markdown("//evil.example ftp:///x"), "/ /evil.example ftp:/ / /x");
  EXPECT_EQ(plain_markdown("www.evil.example WwW.evil"), "www .evil.example WwW .evil");
  EXPECT_EQ(plain_markdown("eve@evil.example"), "eve @evil.example");
  EXPECT_EQ(plain_markdown("Condition/5, NRS 3/10. L4.5 @ 2 mA"),
            "Condition/5, NRS 3/10. L4.5 @ 2 mA");
}

TEST(AdviceWords, FormatNothing) {
  EXPECT_EQ(plain_markdown("<img src=x> [a](b) *c* `d`\n# e"),
            "\\<img src=x\\> \\[a\\](b) \\*c\\* \\`d\\` \\# e");
}

}  // namespace
}  // namespace meridian::flow
