// SPDX-License-Identifier: Apache-2.0
// The one-time form, from the letter that holds its link to what follows from its answers.
#include <algorithm>

#include <gtest/gtest.h>

#include "unit/flow/bench.h"
#include "unit/web/browser.h"

namespace meridian::flow {
namespace {

using std::chrono::hours;

/// The EHR's own answer to rf01.saddle.
std::string intake(const std::string& status, int version, bool value) {
  return R"({"resourceType":"QuestionnaireResponse","id":"intake","meta":{"versionId":")" +
         std::to_string(version) + R"("},"status":")" + status +
         R"(","subject":{"reference":"Patient/alder"},"authored":"2026-11-20T09:30:00Z",
    "item":[{"linkId":"rf01.saddle","answer":[{"valueBoolean":)" +
         (value ? "true" : "false") + "}]}]}";
}

class StaffForm : public testing::Test {
 protected:
  /// Held for the questions `asks`.
  void hold(const std::vector<std::string>& asks) {
    bench_.history->facts = bundle({patient(), back_pain(), order(), answers(bench_.now, asks)});
    ASSERT_TRUE(bench_.submit("ehr", "order/1", bundle({patient(), back_pain(), order()})));
    bench_.run();
    ASSERT_EQ(bench_.state(), "held");
    bench_.pass(std::chrono::minutes(1));
  }

  /// The link in the newest letter to the hospital; empty when there is none.
  std::string link() {
    const auto& letter = bench_.hospital->sent.back().bytes;
    const auto begin = letter.find("/forms/");
    if (begin == std::string::npos) return {};
    return letter.substr(begin, letter.find(' ', begin) - begin);
  }

  std::string get(const std::string& path) { return test::ask(*bench_.desk, "GET", path).body; }
  http::Response post(const std::string& path, const std::string& body) {
    return test::ask(*bench_.desk, "POST", path, body);
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  Bench bench_;
};

TEST_F(StaffForm, IsInTheLetterOfAHoldAndAsksWhatTheHoldAsks) {
  hold({"rf01.saddle", "ac06.skin"});
  const auto page = get(link());
  EXPECT_TRUE(has(page, "Numb or altered feeling between the legs"));
  EXPECT_TRUE(has(page, "Infected skin or an open wound"));
  EXPECT_FALSE(has(page, "bowel control"));  // it is answered
  EXPECT_TRUE(has(page, "ServiceRequest/order"));
}

TEST_F(StaffForm, AsksWhatTheReceiverNeedsAndTheAnswerGoesIntoThePacket) {
  hold({"rf01.saddle", "pk.care"});
  EXPECT_TRUE(has(get(link()), "Has conservative care"));
  ASSERT_EQ(post(link(), "rf01.saddle=no&pk.care=yes&by=Ruth").status, 200);
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered");
  EXPECT_TRUE(has(bench_.only_referral().assessment, "Conservative care tried: answered yes"));
}

TEST_F(StaffForm, SaysNotWhoThePatientIs) {
  hold({"rf01.saddle"});
  const auto page = get(link());
  for (const char* secret : {"Alder", "Tom", "1974", "M54", "alder", "<script"}) {
    EXPECT_FALSE(has(page, secret)) << secret;
    EXPECT_FALSE(has(link(), secret)) << secret;
  }
}

TEST_F(StaffForm, OpeningItChangesNothing) {
  hold({"rf01.saddle"});
  const auto messages = bench_.store->counts()->messages;
  const auto version = bench_.only_referral().version;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(has(get(link()), "<form"));
  EXPECT_EQ(bench_.store->counts()->messages, messages);
  EXPECT_EQ(bench_.only_referral().version, version);
}

TEST_F(StaffForm, IsSentOnceAndThenShowsNothingMore) {
  hold({"rf01.saddle", "ac06.skin"});
  const auto form = link();
  const auto messages = bench_.store->counts()->messages;
  EXPECT_TRUE(has(post(form, "rf01.saddle=no&by=Ruth").body, "were received"));
  // A double click, a colleague with the same mail, and the back button.
  EXPECT_TRUE(has(post(form, "rf01.saddle=no&by=Ruth").body, "cannot be sent again"));
  EXPECT_TRUE(has(post(form, "rf01.saddle=yes&ac06.skin=no&by=Bo").body, "cannot be sent again"));
  EXPECT_FALSE(has(get(form), "<form"));
  EXPECT_FALSE(has(get(form), "ServiceRequest"));
  EXPECT_EQ(bench_.store->counts()->messages, messages + 1);
  EXPECT_NE(bench_.state(), "emergency");
}

TEST_F(StaffForm, IsAMessageLikeAnyOtherAndAudited) {
  hold({"rf01.saddle"});
  ASSERT_EQ(post(link(), "rf01.saddle=no&by=Zo%C3%AB+%22Zed%22+Ash").status, 200);
  const auto referral = bench_.only_referral();
  const auto messages = bench_.store->messages_of(referral.id);
  ASSERT_TRUE(messages);
  const auto& kept = messages->back();
  EXPECT_EQ(kept.source, SourceId("ehr"));
  EXPECT_TRUE(kept.sender_id.starts_with("staff-form-")) << kept.sender_id;
  EXPECT_TRUE(has(kept.body, "http://meridian-referral.org/fhir/Questionnaire/screening"));
  EXPECT_TRUE(has(kept.body, "Zo\xC3\xAB \\\"Zed\\\" Ash"));
  EXPECT_TRUE(has(kept.body, to_string(bench_.now)));
  const auto audits = bench_.store->audit(10);
  ASSERT_TRUE(audits);
  const auto form = std::find_if(audits->begin(), audits->end(), [](const auto& entry) {
    return entry.event == "ScreeningAnswered";
  });
  ASSERT_NE(form, audits->end());
  EXPECT_EQ(form->actor, "staff-form");
  EXPECT_EQ(form->object, referral.id.str());
}

TEST_F(StaffForm, ALinkEndsWithItsTime) {
  hold({"rf01.saddle"});
  const auto form = link();
  bench_.pass(hours(72) - std::chrono::minutes(1));
  EXPECT_TRUE(has(get(form), "<form"));
  bench_.pass(std::chrono::milliseconds(1));
  EXPECT_EQ(test::ask(*bench_.desk, "GET", form).status, 410);
  EXPECT_FALSE(has(get(form), "ServiceRequest"));
  EXPECT_EQ(post(form, "rf01.saddle=no&by=Ruth").status, 410);
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
}

TEST_F(StaffForm, ALinkThatWeDidNotMakeOpensNothing) {
  hold({"rf01.saddle"});
  const auto id = bench_.only_referral().id.str();
  const auto alert = bench_.desk->alert_token(id + ".staff.1");
  for (const auto& token : {id, id + ".staff.1.0000", alert, std::string("x")}) {
    EXPECT_EQ(test::ask(*bench_.desk, "GET", "/forms/" + token).status, 404) << token;
    EXPECT_EQ(post("/forms/" + token, "rf01.saddle=no&by=Ruth").status, 404) << token;
  }
  auto other_time = link();
  other_time[other_time.rfind('.') - 1] ^= 1;
  EXPECT_EQ(test::ask(*bench_.desk, "GET", other_time).status, 404);
}

TEST_F(StaffForm, NeedsANameAndAnAnswerItKnows) {
  hold({"rf01.saddle"});
  for (const char* body :
       {"", "by=Ruth", "rf01.saddle=no", "rf01.saddle=no&by=++", "rf01.saddle=maybe&by=Ruth",
        "ac06.skin=no&by=Ruth", "rf01.saddle=no&by=%FF%FE", "rf01.saddle=no&by=%00", "%"}) {
    const auto page = post(link(), body);
    EXPECT_EQ(page.status, 422) << body;
    EXPECT_TRUE(has(page.body, "<form")) << body;
  }
  const auto again = post(link(), "rf01.saddle=no").body;
  EXPECT_TRUE(has(again, "value=\"no\" required checked")) << again;
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
}

TEST_F(StaffForm, NotKnownReleasesNothingAndASecondFormIsOffered) {
  hold({"rf01.saddle"});
  const auto first = link();
  ASSERT_EQ(post(first, "rf01.saddle=unknown&by=Ruth").status, 200);
  bench_.run();
  ASSERT_EQ(bench_.state(), "held");
  bench_.pass(std::chrono::minutes(5));
  ASSERT_TRUE(bench_.submit("ehr", "order/2", bundle({patient(), order("active", 2)})));
  bench_.run();
  EXPECT_NE(link(), first);
  ASSERT_EQ(post(link(), "rf01.saddle=no&by=Ruth").status, 200);
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered");
}

TEST_F(StaffForm, StaysTheSameWhileTheHoldStaysTheSame) {
  hold({"rf01.saddle"});
  const auto first = link();
  bench_.pass(hours(1));
  ASSERT_TRUE(bench_.submit("ehr", "order/2", bundle({patient(), order("active", 2)})));
  bench_.run();
  EXPECT_EQ(link(), first);
  bench_.pass(hours(36));
  ASSERT_TRUE(bench_.submit("ehr", "order/3", bundle({patient(), order("active", 3)})));
  bench_.run();
  EXPECT_NE(link(), first);
}

TEST_F(StaffForm, WhatItSaidIsKnownAtEachLaterAssessment) {
  hold({"rf01.saddle", "ac06.skin"});
  ASSERT_EQ(post(link(), "rf01.saddle=no&by=Ruth").status, 200);
  bench_.run();
  ASSERT_EQ(bench_.state(), "held");
  EXPECT_FALSE(has(get(link()), "Numb or altered"));
  ASSERT_EQ(post(link(), "ac06.skin=no&by=Ruth").status, 200);
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered");
}

TEST_F(StaffForm, AnsweredElsewhereItSaysSo) {
  hold({"rf01.saddle"});
  const auto form = link();
  ASSERT_TRUE(bench_.submit("ehr", "answer/1", bundle({intake("completed", 1, false)})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "delivered");
  EXPECT_TRUE(has(get(form), "does not wait"));
  EXPECT_TRUE(has(post(form, "rf01.saddle=yes&by=Ruth").body, "does not wait"));
  EXPECT_EQ(bench_.state(), "delivered");
}

TEST_F(StaffForm, TellsWhoAnsweredWhatAnAlarmMeans) {
  hold({"rf01.saddle"});
  const auto page = post(link(), "rf01.saddle=yes&by=Ruth");
  EXPECT_TRUE(has(page.body, "may mean an emergency"));
  EXPECT_EQ(bench_.state(), "emergency");
}

TEST_F(StaffForm, IsOfferedOnThePageOfTheMachineItself) {
  hold({"rf01.saddle", "ac06.skin"});
  const auto page = get("/");
  const auto begin = page.find("/forms/");
  ASSERT_NE(begin, std::string::npos);
  EXPECT_TRUE(has(page, "Answer 2"));
  const auto form = page.substr(begin, page.find('"', begin) - begin);
  ASSERT_EQ(post(form, "rf01.saddle=no&ac06.skin=no&by=Ruth").status, 200);
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered");
  EXPECT_FALSE(has(get("/"), "/forms/"));
}

TEST_F(StaffForm, AViewerIsGivenNoForm) {
  hold({"rf01.saddle"});
  EXPECT_EQ(bench_.desk->referrals({"screen", Role::viewer}, 9)->front().form, "");
  EXPECT_EQ(bench_.desk->referrals({"screen", Role::viewer}, 9)->front().questions, 1);
  EXPECT_NE(bench_.desk->referrals({"desk", Role::staff}, 9)->front().form, "");
}

TEST_F(StaffForm, AnAnswerThatTheRecordTookBackDoesNotLiveOnInOurCopy) {
  hold({"rf01.saddle", "ac06.skin"});
  ASSERT_TRUE(bench_.submit("ehr", "answer/1", bundle({intake("completed", 1, false)})));
  bench_.run();
  EXPECT_FALSE(has(get(link()), "Numb or altered"));
  bench_.history->facts =
      bundle({patient(), back_pain(), order(), answers(bench_.now, {"rf01.saddle", "ac06.skin"}),
              intake("entered-in-error", 2, false)});
  ASSERT_TRUE(bench_.submit("ehr", "order/2", bundle({patient(), order("active", 2)})));
  bench_.run();
  EXPECT_TRUE(has(get(link()), "Numb or altered"));
}

TEST_F(StaffForm, AnAnswerThatTheRecordHasTooCountsOnce) {
  hold({"rf01.saddle"});
  bench_.history->facts =
      bundle({patient(), back_pain(), order(), answers(bench_.now, {"rf01.saddle"}),
              intake("completed", 1, false)});
  ASSERT_TRUE(bench_.submit("ehr", "answer/1", bundle({intake("completed", 1, false)})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered");
  EXPECT_TRUE(has(bench_.only_referral().decision, R"("messages":[])"))
      << bench_.only_referral().decision;
}

TEST_F(StaffForm, AnAlarmAfterTheReferralLeftReachesContactAndClinic) {
  hold({"rf01.saddle"});
  ASSERT_TRUE(bench_.submit("ehr", "answer/1", bundle({intake("completed", 1, false)})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "delivered");
  ASSERT_TRUE(bench_.submit("ehr", "answer/2", bundle({intake("amended", 2, true)})));
  EXPECT_EQ(bench_.state(), "emergency");
  bench_.run();
  EXPECT_EQ(bench_.first_pager->sent.size(), 1u);
  ASSERT_EQ(bench_.clinic->sent.size(), 2u);
  EXPECT_TRUE(has(bench_.clinic->sent[1].bytes, "do not treat"));
}

}  // namespace
}  // namespace meridian::flow
