// SPDX-License-Identifier: Apache-2.0
// What was decided is decided again: equal under the rules that decided (Bench asks that of every
// test of this folder), changed where the rules say something else of the same records, pruned
// where these are not kept.
#include "flow/replay.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "unit/flow/reviewed.h"

namespace meridian::flow {
namespace {

RedFlagRule& red_flag(Knowledge& content, const std::string& id) {
  for (auto& rule : content.rules.red_flags) {
    if (rule.id == id) return rule;
  }
  throw std::runtime_error("no rule " + id);
}

ContraindicationRule& contraindication(Knowledge& content, const std::string& id) {
  for (auto& rule : content.rules.contraindications) {
    if (rule.id == id) return rule;
  }
  throw std::runtime_error("no rule " + id);
}

std::string weight_loss(const std::string& date) {
  return R"({"resourceType":"Condition","id":"loss","subject":{"reference":"Patient/alder"},
    "clinicalStatus":{"coding":[{"code":"active"}]},
    "verificationStatus":{"coding":[{"code":"confirmed"}]},
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"R63.4"}]},
    "onsetDateTime":")" +
         date + R"("})";
}

/// "flag RF12 urgent" of each ground.
std::string named(const std::vector<Ground>& grounds) {
  std::string text;
  for (const auto& ground : grounds) {
    if (ground.kind == "lane") continue;
    text += (text.empty() ? "" : "; ") + ground.kind + " " + ground.rule + " " + ground.weight;
  }
  return text;
}

class DecidedAgain : public Reviewed {
 protected:
  void decide(const std::vector<std::string>& resources) {
    auto all = resources;
    all.push_back(back_pain());
    record(all);
    ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
    bench_.run();
  }
  /// The only referral, under this content.
  Replayed again(const Knowledge& content) {
    const Core core{*bench_.store,
                    bench_.peers,
                    content.terminology,
                    content.rules,
                    [] { return Instant{}; },
                    {},
                    [] {},
                    {}};
    auto replayed = replay(core, bench_.only_referral());
    EXPECT_TRUE(replayed) << replayed.error().what.view();
    line_ = replayed_json(core, bench_.only_referral(), *replayed);
    return std::move(*replayed);
  }
  Knowledge other_ = built_in_content();
  std::string line_;
};

/// From 50 years on weight loss is urgent (RF12), and Mr. Alder is 52.
TEST_F(DecidedAgain, AWiderWindowStopsWhoWasSent) {
  decide({weight_loss("2024-11-01")});
  ASSERT_EQ(bench_.state(), "delivered");
  for (auto& codes : red_flag(other_, "RF12").codes) codes.window_days = 1095;
  const auto replayed = again(other_);
  EXPECT_EQ(replayed.outcome, Outcome::changed);
  EXPECT_EQ(replayed.before, "route_acupuncture");
  EXPECT_EQ(replayed.now, "urgent_surgeon");
  EXPECT_EQ(named(replayed.difference.added), "flag RF12 urgent");
  EXPECT_EQ(replayed.difference.added.front().evidence,
            (std::vector<std::string>{"Condition/loss", "Patient/alder"}));
  EXPECT_TRUE(has(line_, R"("result":"changed")")) << line_;
  EXPECT_TRUE(has(line_, "flag RF12 (urgent) came by Condition/loss")) << line_;
  EXPECT_TRUE(has(line_, "Unexplained weight loss")) << line_;
  EXPECT_FALSE(has(line_, "2024-11-01") || has(line_, "Alder")) << line_;
}

TEST_F(DecidedAgain, AWindowThatEndsBeforeTheRecordReleasesWhoWasHeld) {
  decide({weight_loss("2026-06-01")});
  ASSERT_EQ(bench_.state(), "held");
  for (auto& codes : red_flag(other_, "RF12").codes) codes.window_days = 30;
  const auto replayed = again(other_);
  EXPECT_EQ(replayed.before, "urgent_surgeon");
  EXPECT_EQ(replayed.now, "route_acupuncture");
  EXPECT_EQ(named(replayed.difference.gone), "flag RF12 urgent");
  EXPECT_TRUE(has(line_, "flag RF12 (urgent) went by Condition/loss")) << line_;
}

TEST_F(DecidedAgain, AnAddedCodeFindsTheRecordThatHasIt) {
  decide({condition("blood", "D75.9")});
  ASSERT_EQ(bench_.state(), "delivered");
  other_.terminology.add("contra.bleeding_disorder",
                         {"http://hl7.org/fhir/sid/icd-10-cm", "D75.9", ""});
  const auto replayed = again(other_);
  EXPECT_EQ(replayed.now, "hold");
  EXPECT_EQ(named(replayed.difference.added), "caution AC04 relative/relative");
}

TEST_F(DecidedAgain, AStricterRuleWeighsMore) {
  decide({warfarin()});
  ASSERT_EQ(bench_.state(), "delivered");
  contraindication(other_, "AC02").manual = "relative";
  const auto replayed = again(other_);
  EXPECT_EQ(replayed.now, "hold");
  ASSERT_EQ(replayed.difference.changed.size(), 1u) << line_;
  EXPECT_EQ(replayed.difference.changed.front().first.weight, "caution/caution");
  EXPECT_EQ(replayed.difference.changed.front().second.weight, "relative/caution");
  EXPECT_TRUE(has(line_, "changed from caution/caution by MedicationRequest/warfarin")) << line_;
}

TEST_F(DecidedAgain, OtherWordsAndNoOtherDecisionAreSaid) {
  decide({warfarin()});
  contraindication(other_, "AC02").label = "Blood thinner";
  const auto replayed = again(other_);
  EXPECT_EQ(replayed.outcome, Outcome::changed);
  EXPECT_EQ(replayed.before, replayed.now);
  EXPECT_TRUE(replayed.difference.empty());
  EXPECT_TRUE(has(line_, "caution AC02 (caution/caution) other words")) << line_;
}

TEST_F(DecidedAgain, ARuleThatDoesNotConcernThePatientChangesNothing) {
  decide({warfarin()});
  red_flag(other_, "RF12").codes.clear();
  EXPECT_EQ(again(other_).outcome, Outcome::equal);
}

TEST_F(DecidedAgain, AMessageThatAlarmedByItselfIsReadAgain) {
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), order(), cauda_equina()})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "emergency");
  EXPECT_EQ(again(bench_.knowledge).outcome, Outcome::equal);
  red_flag(other_, "RF01").codes.clear();
  const auto replayed = again(other_);
  EXPECT_EQ(replayed.outcome, Outcome::changed);
  EXPECT_EQ(replayed.before, "emergency");
  EXPECT_EQ(replayed.now, "no alert");
  EXPECT_EQ(named(replayed.difference.gone), "alert RF01 emergency");
}

TEST_F(DecidedAgain, WhatAFailedReadingLeftOutCountsAsItDidThen) {
  accept();
  record({back_pain(), warfarin()});
  look();
  bench_.history->completeness = Completeness::failed;
  record({});
  look();
  EXPECT_EQ(again(bench_.knowledge).outcome, Outcome::equal) << line_;
  contraindication(other_, "AC02").manual = "relative";
  EXPECT_EQ(again(other_).now, "hold") << line_;
}

TEST_F(DecidedAgain, WhatCameLaterDoesNotCount) {
  accept();
  look();
  const auto before = again(bench_.knowledge).assessment;
  bench_.pass(hours(1));
  auto late = answers(bench_.now);
  late.replace(late.find("false"), 5, "true");
  ASSERT_TRUE(bench_.submit("ehr", "9", bundle({patient(), late})));
  EXPECT_EQ(again(bench_.knowledge).assessment, before) << "not looked at yet";
}

/// The store's own file, as somebody who deletes old bodies would change it.
void prune(const Bench& bench, const char* statement) {
  auto opened = store::Connection::open((bench.folder / "meridian.db").string(),
                                        store::OpenMode::write, std::chrono::seconds(5), "");
  ASSERT_TRUE(opened);
  ASSERT_TRUE((*opened)->execute(statement));
}

TEST_F(DecidedAgain, FactsThatAreNotKeptArePruned) {
  decide({});
  prune(bench_, "DELETE FROM facts");
  const auto replayed = again(bench_.knowledge);
  EXPECT_EQ(replayed.outcome, Outcome::pruned);
  EXPECT_TRUE(has(line_, "not kept any more: the gathered records")) << line_;
  bench_.leave_replay_out = true;
}

TEST_F(DecidedAgain, AMessageThatIsNotKeptIsPrunedToo) {
  decide({});
  prune(bench_, "DELETE FROM messages");
  EXPECT_EQ(again(bench_.knowledge).outcome, Outcome::pruned);
  EXPECT_TRUE(has(line_, "a message that brought order, answers or visits")) << line_;
  bench_.leave_replay_out = true;
}

TEST_F(DecidedAgain, AnOrderThatNobodyLookedAtYetIsUndecided) {
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), order()})));
  EXPECT_EQ(again(bench_.knowledge).outcome, Outcome::undecided);
}

}  // namespace
}  // namespace meridian::flow
