// SPDX-License-Identifier: Apache-2.0
// The desk: who may do what, and links that cannot be made up.
#include "port/desk.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

/// Notes what it was asked.
class Recorder : public Operations {
 public:
  Result<std::string> submit(Envelope envelope) override {
    submitted.push_back(envelope.sender_id);
    return std::string("ok");
  }
  Result<std::vector<ReferralLine>> referrals(int) override {
    ReferralLine waiting;
    waiting.id = "01HELD";
    waiting.questions = 2;
    return std::vector{waiting, ReferralLine()};
  }
  HealthReport health() override { return {}; }
  Result<AlertView> alert(std::string_view id) override {
    AlertView view;
    view.id = id;
    return view;
  }
  Result<void> acknowledge(std::string_view id, std::string_view by) override {
    acknowledged.push_back(std::string(id) + " by " + std::string(by));
    return {};
  }
  Result<FormView> form(const FormTicket& ticket) override {
    looked_at.push_back(ticket.referral);
    return FormView{FormState::open, ticket.referral, {}, false};
  }
  Result<FormView> answer(const FormTicket& ticket, const FormAnswers& answers) override {
    answered.push_back(ticket.referral + " by " + answers.by);
    return FormView{FormState::sent, {}, {}, false};
  }
  Result<std::string> intervene(const Intervention& given, std::string_view by) override {
    intervened.push_back(given.action + " by " + std::string(by));
    return std::string("{}");
  }
  Result<std::vector<ShelfMark>> shelves(std::string_view clinic, Instant) override {
    asked.push_back("shelves of " + std::string(clinic));
    return std::vector<ShelfMark>();
  }
  Result<Shelf> shelf(std::string_view clinic, std::string_view referral) override {
    asked.push_back(std::string(referral) + " of " + std::string(clinic));
    return Shelf();
  }
  Result<bool> first(std::string_view name, std::string_view, std::chrono::milliseconds) override {
    asked.emplace_back(name);
    return true;
  }
  Result<SiteView> site() override {
    asked.emplace_back("site");
    return SiteView();
  }
  Result<ReferralStory> story(std::string_view referral) override {
    asked.push_back("story of " + std::string(referral));
    return ReferralStory();
  }
  Result<Found> find(std::string_view text) override {
    asked.push_back("find " + std::string(text));
    return Found();
  }
  std::vector<std::string> asked;
  std::vector<std::string> intervened;
  std::vector<std::string> looked_at;
  std::vector<std::string> answered;
  std::vector<std::string> submitted;
  std::vector<std::string> acknowledged;
};

TEST(Desk, TakesMessagesFromSourcesStaffAndAdminsOnly) {
  for (const auto role : {Role::none, Role::viewer, Role::contact}) {
    Recorder recorder;
    Desk desk(recorder, "secret");
    const auto answer = desk.submit({"x", role}, {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::forbidden);
    EXPECT_TRUE(recorder.submitted.empty());
  }
  for (const auto role : {Role::source, Role::staff, Role::admin}) {
    Recorder recorder;
    Desk desk(recorder, "secret");
    EXPECT_TRUE(desk.submit({"x", role}, {}));
    EXPECT_EQ(recorder.submitted.size(), 1u);
  }
}

TEST(Desk, TakesFromASourceOnlyWhatIsItsOwn) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  Envelope envelope;
  envelope.source = SourceId("ehr");
  EXPECT_TRUE(desk.submit({"engine", Role::source, "ehr"}, envelope));
  EXPECT_TRUE(desk.submit({"host", Role::source}, envelope));
  envelope.source = SourceId("other");
  EXPECT_FALSE(desk.submit({"engine", Role::source, "ehr"}, envelope));
  EXPECT_EQ(recorder.submitted.size(), 2u);
}

TEST(Desk, ListsNothingForNobody) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  EXPECT_FALSE(desk.referrals({"", Role::none}, 10));
  EXPECT_FALSE(desk.referrals({"prometheus", Role::metrics}, 10));
  EXPECT_TRUE(desk.referrals({"screen", Role::viewer}, 10));
}

TEST(Desk, AnAlertLinkOpensItsOwnAlertAndNoOther) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  const auto token = desk.alert_token("01ALERT");
  ASSERT_TRUE(desk.alert(token));
  EXPECT_EQ(desk.alert(token)->id, "01ALERT");
  const auto signature = token.substr(token.find('.'));
  EXPECT_FALSE(desk.alert("01OTHER" + signature));
  EXPECT_FALSE(desk.alert("01ALERT"));
  EXPECT_FALSE(desk.alert(token + "0"));
  EXPECT_FALSE(desk.alert(""));
  Desk other(recorder, "another secret");
  EXPECT_FALSE(other.alert(token));
}

TEST(Desk, AcknowledgingNeedsAName) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  const auto token = desk.alert_token("01ALERT");
  EXPECT_FALSE(desk.acknowledge(token, "  "));
  EXPECT_TRUE(recorder.acknowledged.empty());
  EXPECT_TRUE(desk.acknowledge(token, "Dr. Alder"));
  EXPECT_EQ(recorder.acknowledged, std::vector<std::string>{"01ALERT by Dr. Alder"});
}

TEST(Desk, AFormLinkOpensItsOwnReferralAndNothingElse) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  const auto token = desk.form_token({"01HELD", Role::staff, system_now()});
  ASSERT_TRUE(desk.form(token));
  EXPECT_EQ(desk.form(token)->order, "01HELD");
  auto other = token;
  other.replace(0, 6, "01DEAD");
  EXPECT_FALSE(desk.form(other));
  EXPECT_FALSE(desk.alert(token));
  EXPECT_FALSE(desk.form(desk.alert_token("01HELD")));
  EXPECT_FALSE(desk.form(desk.alert_token("01HELD.staff.1")));
  EXPECT_FALSE(Desk(recorder, "another secret").form(token));
}

TEST(Desk, AFormLinkIsGoodForItsTime) {
  Recorder recorder;
  Instant now = *parse_instant("2026-11-20T10:00:00Z");
  Desk desk(recorder, "secret", std::chrono::hours(1), [&] { return now; });
  const auto token = desk.form_token({"01HELD", Role::staff, now});
  now += std::chrono::hours(1);
  EXPECT_EQ(desk.form(token)->state, FormState::open);
  EXPECT_EQ(desk.answer(token, {"Ruth", {}})->state, FormState::sent);
  now += std::chrono::milliseconds(1);
  EXPECT_EQ(desk.form(token)->state, FormState::expired);
  EXPECT_EQ(desk.answer(token, {"Ruth", {}})->state, FormState::expired);
  EXPECT_EQ(recorder.looked_at.size(), 1u);
  EXPECT_EQ(recorder.answered.size(), 1u);
}

TEST(Desk, AnAnswerIsYesNoOrUnknownAndHasAName) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  const auto token = desk.form_token({"01HELD", Role::staff, system_now()});
  for (const auto& name : {std::string(), std::string("  "), std::string("a\nb"),
                           std::string("\xC3"), std::string("\xC0\x80"), std::string(401, 'x')}) {
    EXPECT_FALSE(desk.answer(token, {name, {{"rf01.saddle", "no"}}})) << name;
  }
  EXPECT_FALSE(desk.answer(token, {"Ruth", {{"rf01.saddle", "maybe"}}}));
  EXPECT_TRUE(recorder.answered.empty());
  EXPECT_TRUE(desk.answer(token, {"Zo\xC3\xAB", {{"rf01.saddle", "no"}, {"x", "unknown"}}}));
  EXPECT_EQ(recorder.answered, std::vector<std::string>{"01HELD by Zo\xC3\xAB"});
}

TEST(Desk, LetsOperatorsInterveneUnderTheirNameAndNobodyElse) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  const Intervention given{"give-up", "7", "", "", true};
  for (const auto role : {Role::none, Role::viewer, Role::staff, Role::contact, Role::source}) {
    EXPECT_EQ(desk.intervene({"Ada", role}, given).error().code, ErrorCode::forbidden);
  }
  EXPECT_EQ(desk.intervene({"", Role::operations}, given).error().code, ErrorCode::invalid);
  EXPECT_TRUE(recorder.intervened.empty());
  EXPECT_TRUE(desk.intervene({"Ada", Role::operations}, given));
  EXPECT_EQ(recorder.intervened, std::vector<std::string>{"give-up by Ada"});
}

TEST(Desk, GivesAFormToThoseWhoMayAnswerAndOnlyWhereQuestionsWait) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  EXPECT_EQ(desk.referrals({"screen", Role::viewer}, 10)->at(0).form, "");
  const auto lines = desk.referrals({"practice", Role::staff}, 10);
  EXPECT_TRUE(desk.form(lines->at(0).form));
  EXPECT_EQ(lines->at(1).form, "");
}

TEST(Desk, AsksForTheShelvesOfTheCallersClinicAndNoOther) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  const Caller clinic{"willow-ehr", Role::clinic, "willow"};
  ASSERT_TRUE(desk.shelves(clinic, Instant{}));
  ASSERT_TRUE(desk.shelf(clinic, "01R"));
  EXPECT_EQ(recorder.asked, (std::vector<std::string>{"shelves of willow", "01R of willow"}));
  EXPECT_TRUE(desk.submit(clinic, {SourceId("willow"), "1", "", "", Instant{}}));
  EXPECT_EQ(desk.submit(clinic, {SourceId("birch"), "1", "", "", Instant{}}).error().code,
            ErrorCode::forbidden);
  EXPECT_FALSE(desk.referrals(clinic, 10)) << "the list of all is not for clinics";
  for (const auto& other : {Caller{"x", Role::source, "willow"}, Caller{"x", Role::viewer},
                            Caller{"x", Role::admin}, Caller{"x", Role::clinic}}) {
    EXPECT_EQ(desk.shelves(other, Instant{}).error().code, ErrorCode::forbidden);
    EXPECT_EQ(desk.shelf(other, "01R").error().code, ErrorCode::forbidden);
    EXPECT_EQ(desk.note_reading(other, {"01R"}).error().code, ErrorCode::forbidden);
    if (other.role == Role::source) continue;  // an EHR that asks must not be heard twice either
    EXPECT_EQ(desk.first(other, "n", "m", std::chrono::minutes(1)).error().code,
              ErrorCode::forbidden);
  }
  EXPECT_FALSE(desk.first({"x", Role::source}, "n", "m", std::chrono::minutes(1)));
}

TEST(Desk, NamesOfOneClientAreNotThoseOfAnother) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  for (const auto* client : {"willow-ehr", "birch-ehr"}) {
    ASSERT_TRUE(desk.first({client, Role::clinic, "c"}, "jti|same", "m", std::chrono::minutes(1)));
  }
  ASSERT_EQ(recorder.asked.size(), 2u);
  EXPECT_NE(recorder.asked[0], recorder.asked[1]);
  EXPECT_EQ(recorder.asked[0].find("same"), std::string::npos) << "what was sent is not kept";
}

TEST(Desk, AViewerSeesTheSiteAndDoesNotAct) {
  Recorder recorder;
  Desk desk(recorder, "secret");
  const Caller viewer{"v", Role::viewer};
  EXPECT_TRUE(desk.site(viewer));
  EXPECT_TRUE(desk.story(viewer, "01R"));
  EXPECT_TRUE(desk.find(viewer, "7"));
  EXPECT_EQ(recorder.asked, (std::vector<std::string>{"site", "story of 01R", "find 7"}));
  EXPECT_FALSE(Desk::may_intervene(viewer));
  EXPECT_EQ(desk.intervene(viewer, {"reveal", "delivery/7", "", "", true}).error().code,
            ErrorCode::forbidden);
  EXPECT_TRUE(recorder.intervened.empty());
}

TEST(Desk, TheSiteIsForViewersOperationsAndAdministrators) {
  for (const auto role : {Role::none, Role::staff, Role::contact, Role::source, Role::metrics,
                          Role::clinician, Role::clinic, Role::auditor}) {
    Recorder recorder;
    Desk desk(recorder, "secret");
    const Caller caller{"c", role, "willow"};
    EXPECT_EQ(desk.site(caller).error().code, ErrorCode::forbidden);
    EXPECT_EQ(desk.story(caller, "01R").error().code, ErrorCode::forbidden);
    EXPECT_EQ(desk.find(caller, "7").error().code, ErrorCode::forbidden);
    EXPECT_TRUE(recorder.asked.empty());
  }
  for (const auto role : {Role::operations, Role::admin}) {
    Recorder recorder;
    Desk desk(recorder, "secret");
    EXPECT_TRUE(desk.site({"o", role}));
    EXPECT_TRUE(Desk::may_intervene({"o", role}));
  }
}

}  // namespace
}  // namespace meridian
