// SPDX-License-Identifier: Apache-2.0
// The pages, through the router as the server calls them.
#include "web/pages.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/web/browser.h"
#include "unit/web/spanish.h"
#include "web/html.h"

namespace meridian::web {
namespace {

/// One alert and one referral, whose words try to be HTML.
class Ward : public Operations {
 public:
  Result<std::string> submit(Envelope) override { return std::string(); }
  Result<std::vector<ReferralLine>> referrals(int limit) override {
    return std::vector(static_cast<std::size_t>(std::min(limit, count)), line);
  }
  HealthReport health() override {
    HealthReport report;
    report.ready = ready;
    report.open_alerts = 1;
    if (!ready) report.troubles = {"store: busy"};
    return report;
  }
  Result<AlertView> alert(std::string_view id) override {
    AlertView view;
    view.id = id;
    view.rule = "RF01";
    view.text = "bladder & bowel";
    view.order = "ServiceRequest/5";
    view.acknowledged = !by.empty();
    view.acknowledged_by = by;
    return view;
  }
  Result<void> acknowledge(std::string_view, std::string_view name) override {
    by = name;
    return {};
  }
  Result<std::string> intervene(const Intervention&, std::string_view) override {
    return std::string();
  }
  Result<FormView> form(const FormTicket&) override { return waiting; }
  Result<FormView> answer(const FormTicket&, const FormAnswers& answers) override {
    answered.push_back(answers);
    return FormView{FormState::sent, {}, {}, false};
  }
  static ReferralLine held() {
    ReferralLine line;
    line.id = "01ABC";
    line.state = "held";
    line.why = "hold: <script>alert(1)</script>";
    line.questions = 3;
    return line;
  }
  ReferralLine line = held();
  int count = 1;
  bool ready = true;
  std::string by;
  FormView waiting{
      FormState::open, "ServiceRequest/5", {{"rf01.saddle", "Numb <b>here</b>?"}}, false};
  std::vector<FormAnswers> answered;
};

class Pages : public testing::Test {
 protected:
  http::Response ask(const std::string& method, const std::string& path,
                     const std::string& body = {}, const std::string& peer = "127.0.0.1",
                     const std::string& language = "en") {
    return test::ask(desk_, method, path, body, peer, language);
  }
  std::string link() { return "/alerts/" + desk_.alert_token("01ALERT"); }
  std::string form_link() {
    return "/forms/" + desk_.form_token({"01ABC", Role::staff, system_now()});
  }

  Ward ward_;
  Desk desk_{ward_, "secret"};
};

TEST_F(Pages, SayWhetherTheRuntimeLivesAndIsReady) {
  EXPECT_EQ(ask("GET", "/livez").status, 200);
  EXPECT_EQ(ask("GET", "/readyz").status, 200);
  ward_.ready = false;
  const auto unready = ask("GET", "/readyz");
  EXPECT_EQ(unready.status, 503);
  EXPECT_EQ(unready.body, "{\"ready\":false,\"reasons\":[\"store: busy\"]}\n");
  EXPECT_EQ(ask("GET", "/livez").status, 200);
}

TEST_F(Pages, TheListEscapesWhatItShowsAndRunsNoScripts) {
  const auto page = ask("GET", "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_NE(page.body.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(page.body.find("1 emergency alert waits"), std::string::npos);
  EXPECT_NE(http::find_header(page.headers, "Content-Security-Policy").find("default-src 'none'"),
            std::string_view::npos);
}

TEST_F(Pages, AllowsNothingInlineAndHasItsStyleAtAnAddress) {
  const auto page = ask("GET", "/");
  EXPECT_EQ(http::find_header(page.headers, "Content-Security-Policy").find("unsafe"),
            std::string_view::npos);
  EXPECT_NE(page.body.find("href=\"/style.css\""), std::string::npos);
  EXPECT_EQ(ask("GET", "/style.css").status, 200);
}

TEST_F(Pages, TheListIsInTheLanguageOfWhoeverReadsIt) {
  ward_.line.owner = "surgeon";
  ward_.line.worklist = "letters-outstanding";
  ward_.line.why = "hold: the patient could not be resolved to exactly one";
  ward_.line.queued = ward_.line.dead = 1;
  const auto page = ask("GET", "/", "", "127.0.0.1", "es");
  EXPECT_EQ(http::find_header(page.headers, "Content-Language"), "es");
  EXPECT_EQ(test::english_in(page.body), "") << page.body;
  for (const char* words : {">retenida<", "cirugía: falta información", "Responder 3 preguntas",
                            "retener: el paciente no se pudo identificar con exactitud"}) {
    EXPECT_NE(page.body.find(words), std::string::npos) << words << page.body;
  }
  ward_.count = 0;
  EXPECT_EQ(test::english_in(ask("GET", "/", "", "127.0.0.1", "es").body), "");
  EXPECT_NE(ask("GET", "/").body.find("No referral yet."), std::string::npos);
}

TEST_F(Pages, TheListStaysBelowAHundredKilobytesAndGoesOn) {
  ward_.count = 500;
  ward_.line.source = ward_.line.destination = "quiet-river-acupuncture";
  ward_.line.order = "ServiceRequest/" + std::string(40, '5');
  ward_.line.why = "hold: RF01, RF02, rf02.weakness, history.conditions, ac02.anticoagulant";
  ward_.line.worklist = "letters-outstanding";
  for (const char* path : {"/", "/?part=2", "/?part=9"}) {
    EXPECT_LT(ask("GET", path, "", "127.0.0.1", "es").body.size(), 100'000u) << path;
  }
  const auto has_link = [&](const std::string& path, const char* to) {
    return ask("GET", path).body.find("href=\"/?part=" + std::string(to)) != std::string::npos;
  };
  EXPECT_TRUE(has_link("/", "2"));
  EXPECT_TRUE(has_link("/?part=2", "1") && has_link("/?part=2", "3"));
  EXPECT_TRUE(has_link("/?part=9", "8") && !has_link("/?part=9", "10")) << "20 are left for it";
  EXPECT_TRUE(has_link("/?part=-1", "2") && !has_link("/?part=-1", "1"));
}

TEST_F(Pages, TheListIsForTheMachineItself) {
  EXPECT_EQ(ask("GET", "/", "", "10.1.2.3").status, 401);
  EXPECT_EQ(ask("GET", "/", "", "::1").status, 200);
}

TEST_F(Pages, OpeningAnAlertLinkDoesNotAcknowledgeIt) {
  const auto page = ask("GET", link());
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("bladder &amp; bowel"), std::string::npos);
  EXPECT_NE(page.body.find("ServiceRequest/5"), std::string::npos);
  EXPECT_TRUE(ward_.by.empty());  // a mail scanner that follows links must not
}

TEST_F(Pages, AcknowledgingTakesAName) {
  EXPECT_EQ(ask("POST", link(), "by=").status, 422);
  EXPECT_EQ(ask("POST", link(), "other=x").status, 422);
  EXPECT_EQ(ask("POST", link(), "by=" + std::string(500, 'x')).status, 422);
  EXPECT_TRUE(ward_.by.empty());
  const auto page = ask("POST", link(), "by=Dr.+Ada+%3CAlder%3E");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(ward_.by, "Dr. Ada <Alder>");
  EXPECT_NE(page.body.find("Dr. Ada &lt;Alder&gt;"), std::string::npos);
}

TEST_F(Pages, ALinkThatWeDidNotMakeShowsNothing) {
  EXPECT_EQ(ask("GET", "/alerts/01ALERT.0000").status, 404);
  EXPECT_EQ(ask("POST", "/alerts/01ALERT.0000", "by=x").status, 404);
  EXPECT_TRUE(ward_.by.empty());
}

TEST_F(Pages, TheListLinksToAFormWhereQuestionsWait) {
  const auto page = ask("GET", "/");
  const auto begin = page.body.find("/forms/01ABC.staff.");
  ASSERT_NE(begin, std::string::npos);
  EXPECT_NE(page.body.find("Answer 3"), std::string::npos);
  const auto form = page.body.substr(begin, page.body.find('"', begin) - begin);
  EXPECT_EQ(ask("GET", form, "", "10.1.2.3").status, 200);
}

TEST_F(Pages, AFormHasALabelForEachOfItsInputsAndEscapesItsQuestions) {
  const auto page = ask("GET", form_link());
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("Numb &lt;b&gt;here&lt;/b&gt;?"), std::string::npos);
  for (const char* id : {"rf01.saddle.yes", "rf01.saddle.no", "rf01.saddle.unknown", "by"}) {
    EXPECT_NE(page.body.find(std::string("for=\"") + id + "\""), std::string::npos) << id;
    EXPECT_NE(page.body.find(std::string("id=\"") + id + "\""), std::string::npos) << id;
  }
  EXPECT_EQ(page.body.find("checked"), std::string::npos) << "nothing is chosen beforehand";
  EXPECT_TRUE(ward_.answered.empty());
}

TEST_F(Pages, AFormThatWasNotFinishedKeepsWhatWasChosen) {
  const auto page = ask("POST", form_link(), "rf01.saddle=unknown&by=");
  EXPECT_EQ(page.status, 422);
  EXPECT_NE(page.body.find("value=\"unknown\" required checked"), std::string::npos) << page.body;
  EXPECT_TRUE(ward_.answered.empty());
}

TEST_F(Pages, AFormIsSentAsItWasFilledIn) {
  const auto page = ask("POST", form_link(), "rf01.saddle=no&by=Ruth+Adeyemi");
  EXPECT_EQ(page.status, 200);
  ASSERT_EQ(ward_.answered.size(), 1u);
  EXPECT_EQ(ward_.answered[0].by, "Ruth Adeyemi");
  ASSERT_EQ(ward_.answered[0].values.size(), 1u);
  EXPECT_EQ(ward_.answered[0].values[0], std::pair(std::string("rf01.saddle"), std::string("no")));
}

TEST_F(Pages, AFormThatIsNotOpenShowsNeitherOrderNorQuestions) {
  for (const auto state : {FormState::sent, FormState::settled}) {
    ward_.waiting.state = state;
    const auto page = ask("GET", form_link());
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.body.find("ServiceRequest"), std::string::npos);
    EXPECT_EQ(page.body.find("Numb"), std::string::npos);
    EXPECT_EQ(ask("POST", form_link(), "rf01.saddle=no&by=Ruth").body, page.body);
  }
  EXPECT_TRUE(ward_.answered.empty());
}

}  // namespace
}  // namespace meridian::web
