// SPDX-License-Identifier: Apache-2.0
// Notices by mail: to whom, how often, and what never stands in them.
#include "flow/notice.h"

#include <gtest/gtest.h>

#include "flow/out.h"
#include "port/notice.h"
#include "unit/flow/people_site.h"

namespace meridian::flow {
namespace {

using std::chrono::minutes;

class NoticeTest : public testing::Test, protected PeopleSite {
 protected:
  NoticeTest() {
    bench.core->page_link = [](std::string_view path) {
      return "https://m.example" + std::string(path);
    };
    for (auto& peer : bench.peers.list) {
      if (peer->id == "willow") peer->reads_here = true;
      if (peer->id == "ehr") peer->notice_to = "lists@ridge.example";
    }
    auto peer = std::make_unique<Peer>();
    peer->kind = PeerKind::mail;
    peer->id = mail_peer;
    auto sender = std::make_unique<Receiver>();
    mail = sender.get();
    peer->sender = std::move(sender);
    bench.peers.list.push_back(std::move(peer));
  }

  /// Who was written to, in order.
  std::string told() {
    std::string all;
    for (const auto& sent : mail->sent) {
      const auto notice = read_notice(sent.bytes);
      all += (all.empty() ? "" : " ") + (notice ? notice->to : "?");
    }
    return all;
  }
  void order_comes() {
    ASSERT_TRUE(bench.submit("ehr", "m-1", bundle({patient(), back_pain(), order()})));
    bench.run();
  }
  /// Something more is told to the clinic.
  void more_comes() {
    store::Changes changes;
    const auto* willow = bench.peers.find("willow");
    ask_for_notice(*bench.core, *willow, bench.only_referral().id, changes);
    ASSERT_TRUE(bench.store->apply(changes));
    bench.run();
  }
  Result<void> look(const std::string& email) {
    return bench.operations->note_reading("willow/" + person(email).id,
                                          {bench.only_referral().id.str()});
  }

  Receiver* mail = nullptr;
};

TEST_F(NoticeTest, EachPersonOfTheClinicIsToldAndNobodyElse) {
  enrol("ana@willow.example");
  enrol("ben@willow.example");
  add("cyd@willow.example");  // did not enrol yet
  enrol("dee@ridge.example", "clinician", "");
  order_comes();
  EXPECT_EQ(told(), "ana@willow.example ben@willow.example");
}

TEST_F(NoticeTest, NothingInItIsAboutThePatient) {
  enrol("ana@willow.example");
  order_comes();
  ASSERT_EQ(mail->sent.size(), 1u);
  const auto& bytes = mail->sent[0].bytes;
  EXPECT_EQ(bytes, R"({"format":"meridian.notice/1","kind":"waiting","to":"ana@willow.example",)"
                   R"("link":"https://m.example/inbox"})");
}

TEST_F(NoticeTest, WhatComesSoonAfterIsOneNotice) {
  enrol("ana@willow.example");
  order_comes();
  for (int i = 0; i < 20; ++i) {
    bench.pass(minutes(1));
    more_comes();
  }
  EXPECT_EQ(mail->sent.size(), 1u);
  bench.pass(minutes(10));
  bench.run();
  EXPECT_EQ(mail->sent.size(), 2u);
  EXPECT_NE(mail->sent[0].key, mail->sent[1].key);
  bench.pass(minutes(600));
  bench.run();
  EXPECT_EQ(mail->sent.size(), 2u) << "nothing new came";
}

TEST_F(NoticeTest, WhoLookedMeanwhileIsNotTold) {
  enrol("ana@willow.example");
  enrol("ben@willow.example");
  order_comes();
  bench.pass(minutes(5));
  more_comes();
  bench.pass(minutes(1));
  ASSERT_TRUE(look("ana@willow.example"));
  bench.pass(minutes(60));
  bench.run();
  EXPECT_EQ(told(), "ana@willow.example ben@willow.example ben@willow.example");
}

TEST_F(NoticeTest, AServerThatIsDownIsTriedAgainAndOneAddressHoldsUpNobody) {
  enrol("ana@willow.example");
  enrol("ben@willow.example");
  mail->failures = {{ErrorCode::unavailable, "mail", "busy"}};
  order_comes();
  EXPECT_EQ(told(), "ben@willow.example");
  bench.pass(minutes(20));
  bench.run();
  EXPECT_EQ(told(), "ben@willow.example ana@willow.example");
  const auto rows = *bench.store->deliveries(bench.only_referral().id);
  for (const auto& row : rows) {
    if (row.kind != "notice") continue;
    EXPECT_EQ(row.state, store::DeliveryState::delivered);
  }
}

TEST_F(NoticeTest, ARefusalIsForAPersonToSeeAndTheReferralGoesOn) {
  enrol("ana@willow.example");
  mail->failures = {{ErrorCode::not_found, "mail", "no such address"}};
  order_comes();
  EXPECT_EQ(bench.store->dead_letters(10)->size(), 1u);
  EXPECT_EQ(bench.state(), "delivered");
}

TEST_F(NoticeTest, WhoLookedOrWasRemovedWhileTheServerWasDownIsNotTold) {
  enrol("ana@willow.example");
  enrol("ben@willow.example");
  const Error busy{ErrorCode::unavailable, "mail", "busy"};
  mail->failures = {busy, busy};
  order_comes();
  EXPECT_TRUE(told().empty());
  bench.pass(std::chrono::milliseconds(100));
  ASSERT_TRUE(look("ana@willow.example"));
  intervene({"remove-person", "ben@willow.example", "", "", true});
  bench.pass(minutes(20));
  bench.run();
  EXPECT_TRUE(told().empty());
}

TEST_F(NoticeTest, TheHospitalsListIsToldOnceForWhatWaitsThere) {
  bench.history->facts = bundle({patient(), back_pain(), order()});  // nobody answered
  order_comes();
  ASSERT_EQ(bench.state(), "held");
  EXPECT_EQ(told(), "lists@ridge.example");
  bench.run();
  EXPECT_EQ(mail->sent.size(), 1u);
}

TEST_F(NoticeTest, ACrashBetweenMarkAndCommitLosesNoNotice) {
  enrol("ana@willow.example");
  const auto ana = "person/" + person("ana@willow.example").id;
  order_comes();
  ASSERT_EQ(mail->sent.size(), 1u);
  bench.pass(minutes(40));
  const auto since = std::to_string(bench.now.time_since_epoch().count());
  store::WorkItem item;
  item.referral = bench.only_referral().id;
  item.detail = R"({"reader":")" + ana + R"(","since":")" + since + R"("})";
  const auto first = give_notice(*bench.core, item);  // the mark is kept, what follows is not
  ASSERT_TRUE(first);
  EXPECT_EQ(first->deliveries.size(), 1u);
  const auto again = give_notice(*bench.core, item);
  ASSERT_TRUE(again);
  ASSERT_EQ(again->deliveries.size(), 1u);
  EXPECT_EQ(again->deliveries[0].key, first->deliveries[0].key);
}

TEST_F(NoticeTest, NobodyIsToldWhereTheSiteSendsNoMail) {
  bench.peers.list.pop_back();
  enrol("ana@willow.example");
  order_comes();
  const auto deliveries = bench.store->deliveries(bench.only_referral().id);
  for (const auto& delivery : *deliveries) {
    EXPECT_FALSE(delivery.destination.str().starts_with("mail")) << delivery.destination.str();
  }
  EXPECT_TRUE(bench.store->dead_work(10)->empty());
}

}  // namespace
}  // namespace meridian::flow
