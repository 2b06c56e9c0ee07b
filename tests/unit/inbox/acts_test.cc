// SPDX-License-Identifier: Apache-2.0
// What a clinic says on forms: it becomes the clinic's message, and the hospital is told.
#include <gtest/gtest.h>

#include "unit/inbox/site.h"

namespace meridian::test {
namespace {

class InboxAct_ : public testing::Test {
 protected:
  InboxAct_() : id(site.endpoint.refer("willow")) {}

  void say(const std::string& act, const http::Fields& fields = {}) {
    const auto answer = site.say("willow", id, act, fields);
    ASSERT_EQ(answer.status, 303) << act << "\n" << answer.body;
    EXPECT_EQ(header_of(answer, "Location"), "/inbox/" + id + "?done=" + act);
  }
  std::string told() {
    site.bench.run();
    return site.bench.hospital->sent.back().bytes;
  }
  std::string task() { return site.endpoint.get("willow", "/Task/" + id).body; }
  InboxGroup group() { return site.open("willow", id).line.group; }

  InboxSite site;
  const std::string id;
};

TEST_F(InboxAct_, AcceptIsFourClicksAndNamesWhoSaidIt) {
  EXPECT_TRUE(says(site.get("willow", "/inbox/" + id).body, "Answer by"));
  say("accept", {{"text", "We call her today."}});
  EXPECT_EQ(site.bench.state(), "accepted");
  EXPECT_EQ(at(task(), "/status"), "accepted");
  EXPECT_EQ(at(task(), "/note/0/authorString"), "Nurse willow");
  EXPECT_EQ(at(task(), "/note/0/text"), "We call her today.");
  EXPECT_EQ(group(), InboxGroup::ours) << "a visit is to be booked";
  EXPECT_FALSE(says(site.get("willow", "/inbox/" + id).body, "Answer by")) << "it was answered";
  EXPECT_TRUE(says(site.get("willow", "/inbox/" + id).body, "Nurse willow: We call her today."));
}

TEST_F(InboxAct_, OpeningThePageTellsTheHospitalOnceThatAPersonLooksAtIt) {
  EXPECT_EQ(site.get("willow", "/inbox").status, 200);
  EXPECT_EQ(site.bench.state(), "delivered") << "a list is not opened yet";
  EXPECT_EQ(site.get("willow", "/inbox/" + id).status, 200);
  EXPECT_EQ(site.bench.state(), "in_triage");
  EXPECT_EQ(at(task(), "/status"), "received");
  EXPECT_EQ(group(), InboxGroup::ours);
  const auto version = at(task(), "/meta/versionId");
  EXPECT_EQ(site.get("willow", "/inbox/" + id).status, 200);
  EXPECT_EQ(at(task(), "/meta/versionId"), version);
  EXPECT_TRUE(says(told(), "in_triage"));
}

TEST_F(InboxAct_, DeclineNeedsAReasonOfTheList) {
  EXPECT_EQ(site.say("willow", id, "decline").status, 422);
  EXPECT_EQ(site.say("willow", id, "decline", {{"reason", "made-up"}}).status, 422);
  EXPECT_EQ(site.say("willow", id, "decline", {{"reason", "other"}}).status, 422);
  EXPECT_NE(site.bench.state(), "declined");
  say("decline", {{"reason", "no-capacity"}, {"text", "Full until February."}});
  EXPECT_EQ(at(task(), "/status"), "rejected");
  EXPECT_EQ(at(task(), "/statusReason/coding/0/code"), "no-capacity");
  EXPECT_EQ(group(), InboxGroup::closed);
  EXPECT_TRUE(says(told(), "No room for new patients in time: Full until February."));
}

TEST_F(InboxAct_, AQuestionReachesTheHospitalInItsWords) {
  EXPECT_EQ(site.say("willow", id, "ask").status, 422);
  say("ask", {{"text", "Is she still on apixaban?"}});
  EXPECT_EQ(site.bench.state(), "need_info");
  EXPECT_EQ(group(), InboxGroup::theirs);
  EXPECT_TRUE(says(told(), "Is she still on apixaban?"));
  site.bench.pass(std::chrono::hours(3));
  ASSERT_TRUE(site.bench.operations->intervene(
      {"reply", site.bench.only_referral().id.str(), "", "No, since May not.", true}, "Ada"));
  site.bench.run();
  const auto page = site.get("willow", "/inbox/" + id).body;
  const auto answer = page.find("No, since May not.");
  const auto question = page.find("In answer to <q");
  ASSERT_NE(answer, std::string::npos) << page;
  EXPECT_LT(question, answer) << page.substr(page.find("class=\"timeline\""));
  EXPECT_LT(answer - question, 200u) << "the question stands beside it";
  EXPECT_EQ(page.find("In answer to", answer), std::string::npos) << "once";
}

TEST_F(InboxAct_, ProposedTimesReachTheHospital) {
  EXPECT_EQ(site.say("willow", id, "propose", {{"date1", "2026-11-01"}, {"time1", "09:00"}}).status,
            422)
      << "that day is over";
  say("propose",
      {{"date1", "2026-11-24"}, {"time1", "09:30"}, {"date2", "2026-11-25"}, {"time2", "14:00"}});
  EXPECT_EQ(site.bench.state(), "need_info");
  EXPECT_TRUE(says(told(), "2026-11-24T09:30:00.000Z, 2026-11-25T14:00:00.000Z"));
}

TEST_F(InboxAct_, ABookingIsReplacedByTheNextOne) {
  say("accept");
  EXPECT_EQ(site.say("willow", id, "book", {{"date1", "2026-11-24"}}).status, 422);
  say("book", {{"date1", "2026-11-24"}, {"time1", "09:30"}});
  EXPECT_EQ(site.bench.state(), "scheduled");
  EXPECT_EQ(group(), InboxGroup::booked);
  EXPECT_EQ(*site.open("willow", id).line.visit, *parse_instant("2026-11-24T09:30:00Z"));
  say("book", {{"date1", "2026-11-26"}, {"time1", "11:00"}});
  EXPECT_EQ(*site.open("willow", id).line.visit, *parse_instant("2026-11-26T11:00:00Z"));
  const auto bundle = site.endpoint.get("willow", "/Appointment?status=booked").body;
  EXPECT_EQ(at(bundle, "/total"), "1") << bundle;
}

TEST_F(InboxAct_, VisitsAndScoresBecomeTheCourse) {
  say("accept");
  say("book", {{"date1", "2026-11-20"}, {"time1", "10:30"}});
  site.bench.pass(std::chrono::hours(2));
  EXPECT_EQ(site.say("willow", id, "visit", {{"date1", "2026-11-20"}, {"ODI", "101"}}).status, 422);
  EXPECT_EQ(site.say("willow", id, "visit", {{"date1", "2026-11-21"}}).status, 422);
  say("visit", {{"date1", "2026-11-20"}, {"NRS", "6"}, {"ODI", "41.5"}, {"adverse", "mild"}});
  EXPECT_EQ(site.bench.state(), "in_course");
  EXPECT_EQ(group(), InboxGroup::in_course);
  const auto scores = site.endpoint.get("willow", "/Observation").body;
  EXPECT_TRUE(says(scores, "97909-6")) << "the score, not the panel: " << scores;
  EXPECT_TRUE(says(scores, "41.5"));
  const auto fulfilled = site.endpoint.get("willow", "/Appointment?status=fulfilled").body;
  EXPECT_EQ(at(fulfilled, "/total"), "1");
  EXPECT_EQ(at(fulfilled, "/entry/0/resource/start"), "2026-11-20T10:30:00.000Z") << "as booked";
  EXPECT_TRUE(says(site.get("willow", "/inbox/" + id).body, "ODI: 41.5"));
}

TEST_F(InboxAct_, TheReportClosesTheLoop) {
  say("accept");
  EXPECT_EQ(site.say("willow", id, "report").status, 422);
  say("report", {{"text", "Six sessions, pain from 6 to 2."}, {"NRS", "2"}});
  EXPECT_EQ(site.bench.state(), "reported");
  EXPECT_TRUE(says(told(), "note reported completed"));
  EXPECT_EQ(site.bench.state(), "closed");
  EXPECT_EQ(group(), InboxGroup::closed);
  EXPECT_TRUE(says(at(task(), "/output"), "11488-4"));
}

TEST_F(InboxAct_, APatientGoesBackToTheSurgeon) {
  say("accept");
  say("give-back", {{"text", "No change after six visits."}});
  EXPECT_EQ(site.bench.state(), "reported");
  site.bench.run();
  EXPECT_EQ(site.bench.state(), "closed");
}

TEST_F(InboxAct_, ARedFlagAlertsTheContact) {
  say("accept");
  say("red-flag", {{"text", "Foot drop since yesterday."}});
  EXPECT_EQ(site.bench.state(), "safety_return");
  EXPECT_TRUE(says(told(), "Foot drop since yesterday.")) << told();
  EXPECT_FALSE(site.bench.first_pager->sent.empty());
}

TEST_F(InboxAct_, ASeriousAdverseEventAlertsTheContactAndTheReportCanStillClose) {
  say("accept");
  say("visit", {{"date1", "2026-11-20"}, {"adverse", "serious"}, {"text", "Pneumothorax."}});
  EXPECT_EQ(site.bench.state(), "safety_return");
}

TEST_F(InboxAct_, WhoDidNotComeIsToBeBookedAgain) {
  say("accept");
  say("book", {{"date1", "2026-11-24"}, {"time1", "09:30"}});
  say("missed");
  EXPECT_EQ(site.bench.state(), "no_show");
  EXPECT_EQ(group(), InboxGroup::ours);
}

TEST_F(InboxAct_, TheListKnowsAtOnceWhatChangedAndSoonWhatRanOut) {
  const auto in_list = [&] { return site.get("willow", "/inbox").body; };
  site.bench.pass(std::chrono::hours(1));
  EXPECT_TRUE(says(in_list(), "New <b>1</b>"));
  say("accept");
  EXPECT_TRUE(says(in_list(), "Waiting for us <b>1</b>"));
  site.bench.pass(std::chrono::minutes(2));
  EXPECT_TRUE(says(in_list(), "Waiting for us <b>1</b>"));
  say("decline", {{"reason", "too-far"}});
  EXPECT_TRUE(says(in_list(), "Closed <b>1</b>"));
}

TEST_F(InboxAct_, ADoubleSubmitIsHarmless) {
  const auto page = site.get("willow", "/inbox/" + id + "/accept").body;
  const auto body = site.filled(page, {{"text", "once"}});
  const auto path = "/inbox/" + id + "/accept";
  EXPECT_EQ(site.ask("willow", "POST", path, body).status, 303);
  const auto version = at(task(), "/meta/versionId");
  EXPECT_EQ(site.ask("willow", "POST", path, body).status, 303);
  EXPECT_EQ(at(task(), "/meta/versionId"), version);
  EXPECT_EQ(at(task(), "/note/1/text"), "");
  const auto other = site.filled(page, {{"text", "twice"}});
  EXPECT_EQ(site.ask("willow", "POST", path, other).status, 409) << "the form was sent before";
  EXPECT_EQ(at(task(), "/meta/versionId"), version);
}

TEST_F(InboxAct_, AFormThatLostItsBaseSaysSoAndKeepsWhatWasTyped) {
  const auto path = "/inbox/" + id + "/ask";
  const auto page = site.get("willow", path).body;
  say("accept");
  const auto lost = site.ask("willow", "POST", path, site.filled(page, {{"text", "Which level?"}}));
  EXPECT_EQ(lost.status, 409);
  EXPECT_TRUE(says(lost.body, "Somebody changed this referral"));
  EXPECT_TRUE(says(lost.body, "Accepted, not booked yet"));
  EXPECT_TRUE(says(lost.body, "Which level?"));
  EXPECT_EQ(site.bench.state(), "accepted");
  const auto again =
      site.ask("willow", "POST", path, site.filled(lost.body, {{"text", "Which level?"}}));
  EXPECT_EQ(again.status, 303) << "the form has the new base";
  EXPECT_EQ(site.bench.state(), "need_info");
}

TEST_F(InboxAct_, WhatCannotBeSaidAnyMoreIsSaidSoAndTheTextIsNotLost) {
  const auto path = "/inbox/" + id + "/accept";
  const auto page = site.get("willow", path).body;
  say("decline", {{"reason", "too-far"}});
  const auto late = site.ask("willow", "POST", path, site.filled(page, {{"text", "We take her"}}));
  EXPECT_EQ(late.status, 409);
  EXPECT_TRUE(says(late.body, "This cannot be said"));
  EXPECT_TRUE(says(late.body, "We take her"));
}

}  // namespace
}  // namespace meridian::test
