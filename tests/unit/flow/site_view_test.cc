// SPDX-License-Identifier: Apache-2.0
// What the operations page is told of a real store: true numbers, the fix's name, no patient data.
#include "flow/site_view.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "flow/funnel_groups.h"
#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

const Caller ada{"Ada", Role::operations};

class Site : public testing::Test {
 protected:
  void send(bool refused) {
    ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
    bench.work();
    if (refused) bench.clinic->failures.push_back({ErrorCode::invalid, "test", "refused"});
    bench.deliver();
  }
  static const ToDos* of_kind(const SiteView& view, ToDoKind kind) {
    const auto found = std::find_if(view.to_do.begin(), view.to_do.end(),
                                    [kind](const ToDos& all) { return all.kind == kind; });
    return found == view.to_do.end() ? nullptr : &*found;
  }
  std::string found(const std::string& text) {
    const auto what = bench.desk->find(ada, text);
    if (!what) return std::string(error_row(what.error().code).name);
    return what->referral.empty() ? "message " + what->message : what->referral;
  }

  Bench bench;
};

TEST_F(Site, AQuietSiteNeedsNobody) {
  const auto view = *bench.desk->site(ada);
  EXPECT_TRUE(view.to_do.empty());
  EXPECT_TRUE(view.worklists.empty());
  EXPECT_FALSE(view.comparison);
  EXPECT_GT(view.kept.bytes, 0);
  EXPECT_FALSE(view.kept.at);
  EXPECT_EQ(view.at, bench.now);
  EXPECT_EQ(view.peers.size(), bench.peers.list.size());
}

TEST_F(Site, ADeadLetterIsShownWithItsReason) {
  send(true);
  const auto view = *bench.desk->site(ada);
  const auto* dead = of_kind(view, ToDoKind::dead_letter);
  ASSERT_NE(dead, nullptr);
  EXPECT_EQ(dead->count, 1);
  EXPECT_EQ(dead->first.front().error, "invalid");
  EXPECT_EQ(dead->first.front().peer, "willow");
  EXPECT_EQ(dead->first.front().referral, bench.only_referral().id.str());
  const auto peer = std::find_if(view.peers.begin(), view.peers.end(),
                                 [](const PeerState& one) { return one.id == "willow"; });
  ASSERT_NE(peer, view.peers.end());
  EXPECT_EQ(peer->dead, 1);
  EXPECT_FALSE(view.worklists.empty());
  ASSERT_FALSE(view.funnel.empty());
  EXPECT_EQ(view.funnel.front().reached, 1);
}

TEST_F(Site, WhatIsSetAsideAndGivenUpIsShown) {
  ASSERT_TRUE(bench.submit("ehr", "1", "{\"resourceType\":"));
  ASSERT_TRUE(bench.submit("ehr", "2", bundle({patient(), back_pain(), order()})));
  bench.history->failures.push_back({ErrorCode::forbidden, "test", "no right"});
  bench.work();
  const auto view = *bench.desk->site(ada);
  ASSERT_NE(of_kind(view, ToDoKind::message), nullptr);
  ASSERT_NE(of_kind(view, ToDoKind::work), nullptr);
  EXPECT_EQ(of_kind(view, ToDoKind::work)->first.front().number.front(), 'w');
  EXPECT_EQ(of_kind(view, ToDoKind::work)->first.front().error, "forbidden");
}

TEST_F(Site, AReferralIsInTheFunnelsOfItsSourceItsOrdererAndItsClinicWithWhyItEnded) {
  send(false);
  auto declined = task(bench.only_referral().id.str(), "rejected", 2);
  const std::string reason =
      R"("statusReason":{"coding":[{"system":"urn:x","code":"no-capacity"}],"text":"Full"},)";
  declined.insert(declined.find("\"status\""), reason);
  ASSERT_TRUE(bench.submit("willow", "2", bundle({declined})));
  const auto groups = *read_funnels(*bench.store, {Instant{}, store::Orderers::named});
  const auto opened = static_cast<std::size_t>(routing::Step::opened);
  for (const auto* group : {"all", "from ehr", "by Practitioner/surgeon at ehr", "to willow"}) {
    ASSERT_EQ(groups.count(group), 1u) << group;
    EXPECT_EQ(groups.at(group)[opened].reasons, (std::map<std::string, int>{{"no-capacity", 1}}))
        << group;
  }
  const auto unnamed = *read_funnels(*bench.store, {Instant{}});
  EXPECT_EQ(unnamed.count("by Practitioner/surgeon at ehr"), 0u);
  EXPECT_EQ(unnamed.at("to willow")[opened].reasons, groups.at("to willow")[opened].reasons);
}

TEST_F(Site, AFunnelOfNoReferralsIsThere) {
  EXPECT_EQ(read_funnels(*bench.store, {Instant{}})->at("all").front().reached, 0);
}

TEST_F(Site, WhetherAReportWasReadIsNotKnownOfAHospitalThatDoesNotShowIt) {
  send(false);
  const auto id = bench.only_referral().id.str();
  ASSERT_TRUE(bench.submit("willow", "2", bundle({task(id, "completed", 2)})));
  bench.run();
  ASSERT_EQ(bench.state(), "closed");
  const auto last = [&] { return (*bench.desk->site(ada)).funnel.back(); };
  EXPECT_EQ(last().step, "read");
  EXPECT_TRUE(is_unknown(last()));
  bench.core->settings.reading_seen_at = {"ehr"};
  EXPECT_FALSE(is_unknown(last()));
  EXPECT_EQ(last().reached, 0) << "now it is known that nobody read it";
}

TEST_F(Site, AReferralIsFoundByEachOfItsNumbers) {
  send(false);
  const auto row = bench.only_referral();
  EXPECT_EQ(found(row.id.str()), row.id.str());
  EXPECT_EQ(found(" " + row.order_ref + " "), row.id.str());
  EXPECT_EQ(found("ehr " + row.order_ref), row.id.str());
  EXPECT_EQ(found(row.order_ref.substr(row.order_ref.find('/') + 1)), row.id.str());
  const auto number = bench.store->deliveries(row.id)->front().number;
  EXPECT_EQ(found(std::to_string(number)), row.id.str());
  const auto message = bench.store->messages_of(row.id)->front().id.str();
  EXPECT_EQ(found(message), "message " + message);
  for (const char* wrong : {"", " ", "willow 999", "999", "-1", "ServiceRequest/", "7x"}) {
    EXPECT_EQ(found(wrong), "not_found") << wrong;
  }
  EXPECT_EQ(found(std::string(300, '1')), "not_found");
}

TEST_F(Site, TheStoryOfAReferralHoldsNoPatientData) {
  send(true);
  const auto row = bench.only_referral();
  const auto story = *bench.desk->story(ada, row.id.str());
  EXPECT_EQ(story.state, row.state);
  ASSERT_FALSE(story.candidates.empty());
  EXPECT_EQ(story.candidates.front().id, "willow");
  ASSERT_FALSE(story.deliveries.empty());
  std::string all;
  for (const auto& entry : story.entries) {
    all += entry.what + "\n";
    for (const auto& detail : entry.details) all += detail + "\n";
  }
  EXPECT_NE(all.find("The order came."), std::string::npos) << all;
  EXPECT_NE(all.find("was given up"), std::string::npos) << all;
  EXPECT_EQ(all.find("Alder"), std::string::npos) << all;
  EXPECT_EQ(all.find("Patient/alder"), std::string::npos) << all;
  EXPECT_EQ(bench.desk->story(ada, "none").error().code, ErrorCode::not_found);
}

TEST_F(Site, WhyAPersonLookedIsKeptAsAWord) {
  send(false);
  const auto reveal = [&](const std::string& reason) {
    return bench.desk->intervene(ada, {"reveal", "delivery/1", "", reason, true});
  };
  ASSERT_TRUE(reveal("meridian-fault"));
  EXPECT_EQ(reveal("because of Mr. Alder").error().code, ErrorCode::invalid);
  const auto audit = *bench.store->audit(2);
  EXPECT_EQ(audit[0].event, "PatientRead.reason");
  EXPECT_EQ(audit[0].outcome, "meridian-fault");
  EXPECT_EQ(audit[1].event, "PatientRead");
}

}  // namespace
}  // namespace meridian::flow
