// SPDX-License-Identifier: Apache-2.0
// The operations pages, through the router as the server calls them: what they show, to whom, and
// that nothing is done before somebody says so.
#include "web/operations.h"

#include <map>

#include <gtest/gtest.h>

#include "http/uri.h"
#include "port/people.h"
#include "unit/web/spanish.h"
#include "web/page_door.h"

namespace meridian::web {
namespace {

constexpr std::size_t largest_page = 100'000;
const std::string hostile = "<script>alert(1)</script>\"'&";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A site whose words all try to be HTML.
class Plant : public Operations {
 public:
  Result<std::string> submit(Envelope) override { return std::string(); }
  Result<std::vector<ReferralLine>> referrals(int) override { return std::vector<ReferralLine>(); }
  HealthReport health() override {
    HealthReport report;
    report.ready = true;
    report.messages = messages;
    return report;
  }
  Result<AlertView> alert(std::string_view) override { return AlertView(); }
  Result<void> acknowledge(std::string_view, std::string_view) override { return {}; }
  Result<FormView> form(const FormTicket&) override { return FormView(); }
  Result<FormView> answer(const FormTicket&, const FormAnswers&) override { return FormView(); }
  Result<SiteView> site() override { return view; }
  Result<ReferralStory> story(std::string_view id) override {
    if (id != "01R") return Error{ErrorCode::not_found, "test", "there is no such referral"};
    return told;
  }
  Result<Found> find(std::string_view text) override {
    if (text == "7") return Found{"01R", ""};
    if (text == "01M") return Found{"", "01M"};
    return Error{ErrorCode::not_found, "test", "none"};
  }
  Result<std::string> intervene(const Intervention& given, std::string_view by) override {
    done.push_back(given.action + " " + given.target + (given.apply ? " applied" : "") + " by " +
                   std::string(by) + (given.reason.empty() ? "" : ": " + given.reason));
    return answer_text;
  }

  SiteView view;
  ReferralStory told;
  std::int64_t messages = 5;
  std::string answer_text =
      R"({"action":"x","about":{"number":7},"effect":"it goes","done":false})";
  std::vector<std::string> done;
};

/// Two people who signed in.
class TwoPeople : public People {
 public:
  std::optional<Caller> visitor(std::string_view session) override {
    if (session == "vera") return Caller{"Vera Moss", Role::viewer, "", false, "V"};
    if (session == "olaf") return Caller{"Olaf Reed", Role::operations, "", false, "O"};
    return std::nullopt;
  }
  Result<std::string> sign_in(const SignInGiven&) override { return std::string(); }
  Result<void> sign_out(std::string_view) override { return {}; }
  Result<EnrolmentView> enrolment(std::string_view) override { return EnrolmentView(); }
  Result<EnrolmentView> propose(std::string_view, std::string_view) override {
    return EnrolmentView();
  }
  Result<EnrolmentView> confirm(std::string_view, std::string_view) override {
    return EnrolmentView();
  }
};

Callers callers() {
  Callers known;
  known.add_token({"watcher", Role::viewer}, "viewer-token");
  known.add_token({"engineer", Role::operations}, "operator-token");
  known.add_token({"desk", Role::staff}, "staff-token");
  return known;
}

class OperationsPages : public testing::Test {
 protected:
  OperationsPages() {
    plant.view.at = plant.view.started = *parse_instant("2026-11-20T10:00:00Z");
    plant.told.id = "01R";
    plant.told.created = plant.told.updated = plant.view.at;
    const auto told = std::make_shared<const Translation>(told_in_spanish({}));
    add_operations(by_token, desk, operations_door(door), show, told);
    add_operations(by_person, desk, operations_door(door, &pages), show, told);
  }

  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& token = {}, const std::string& body = {},
                     http::Fields headers = {}) {
    if (!token.empty()) headers.push_back({"Authorization", "Bearer " + token});
    return send(by_token, "127.0.0.1", method, target, body, std::move(headers));
  }
  std::string in_spanish(const std::string& method, const std::string& target,
                         const std::string& body = {}) {
    const auto page = ask(method, target, "operator-token", body,
                          {{"Accept-Language", "es-MX,es;q=0.9,en;q=0.5"}});
    EXPECT_TRUE(has(page.body, "<html lang=\"es\">")) << target;
    EXPECT_EQ(http::find_header(page.headers, "Content-Language"), "es") << target;
    EXPECT_EQ(test::english_in(page.body), "") << target << "\n" << page.body;
    return page.body;
  }
  http::Response ask_as(const std::string& session, const std::string& method,
                        const std::string& target, const std::string& body = {}) {
    return send(by_person, "10.1.2.3", method, target, body, {{"Cookie", "meridian=" + session}});
  }
  static http::Response send(const http::Router& router, const std::string& peer,
                             const std::string& method, const std::string& target,
                             const std::string& body, http::Fields headers) {
    const auto parsed = http::parse_target(target);
    const auto match = router.find(method, parsed->segments);
    if (match.route == nullptr) return router.error(match.allow.empty() ? 404 : 405);
    http::Request request;
    request.method = method;
    request.target = target;
    request.path = parsed->path;
    request.query = parsed->query;
    request.headers = std::move(headers);
    request.peer = peer;
    request.parameters = match.parameters;
    if (match.route->gate) {
      if (auto refused = match.route->gate(request)) return *refused;
    }
    request.body = body;
    return match.route->handler(request);
  }

  /// Everything there is, with these words in it, `count` times.
  void fill(const std::string& words, int count) {
    auto& view = plant.view;
    view.version = view.content = view.node = words;
    view.changed = {words};
    view.refused = words;
    view.comparison = LastComparison{view.at, 1, {{words, 1, 1, 0, words, words}}};
    view.endings = {{words, view.at}, {words, std::nullopt}};
    for (int i = 0; i < count; ++i) {
      PeerState peer;
      peer.id = peer.name = peer.kind = words;
      peer.sent = {true, std::nullopt, view.at, words, words};
      peer.heard.paused = words;
      if (i < 20) view.peers.push_back(peer);
      view.funnel.push_back({words, 1, std::nullopt, words});
      plant.told.entries.push_back({view.at, words, words, {words}});
      plant.told.candidates.push_back({words, words, false, words});
      plant.told.deliveries.push_back({7, words, words, words, 1, true, words, view.at, view.at});
    }
    for (const auto kind :
         {ToDoKind::alert, ToDoKind::ambiguous, ToDoKind::dead_letter, ToDoKind::work,
          ToDoKind::message, ToDoKind::difference, ToDoKind::overdue}) {
      ToDos all{kind, count, {}};
      for (int i = 0; i < std::min(count, 25); ++i) {
        all.first.push_back({words, words, words, words, words, view.at});
      }
      view.to_do.push_back(all);
    }
    view.worklists = {{words, words, 3, view.at}};
    auto& told = plant.told;
    told.source = told.order = told.state = told.owner = told.worklist = told.destination = words;
    told.receivers = {words};
  }

  Plant plant;
  Desk desk{plant, "secret"};
  Door door{callers()};
  TwoPeople people;
  PageDoor pages{people, "secret", [] { return "http://127.0.0.1:8480"; }};
  ShowMessage show = [](std::string_view, std::string_view body) {
    return body.starts_with("MSH") ? "tree of " + std::string(body) : std::string();
  };
  http::Router by_token, by_person;
};

TEST_F(OperationsPages, AreForTheMachineItselfAndForViewers) {
  for (const char* target : {"/operations", "/operations/events", "/operations/referral/01R"}) {
    EXPECT_EQ(ask("GET", target).status, 200) << target;
    EXPECT_EQ(ask("GET", target, "viewer-token").status, 200) << target;
    EXPECT_EQ(ask("GET", target, "staff-token").status, 403) << target;
    EXPECT_EQ(send(by_token, "10.1.2.3", "GET", target, "", {}).status, 401) << target;
  }
}

TEST_F(OperationsPages, SayHowLargeTheDatabaseIsAndWhatIsKept) {
  plant.view.kept.bytes = 6'200'001;
  EXPECT_TRUE(has(ask("GET", "/operations").body, "7 MB; all message bodies are kept"));
  plant.view.kept = {2'000'000, plant.view.at, 1, false};
  EXPECT_TRUE(has(ask("GET", "/operations").body, "2 MB; 1 message body went at "));
  plant.view.kept.over = true;
  EXPECT_TRUE(has(ask("GET", "/operations").body, "larger than [retention] allows"));
}

TEST_F(OperationsPages, EscapeWhateverTheyShow) {
  fill(hostile, 2);
  for (const char* target : {"/operations", "/operations/referral/01R"}) {
    const auto page = ask("GET", target, "operator-token");
    ASSERT_EQ(page.status, 200) << target;
    EXPECT_FALSE(has(page.body, "<script>")) << target;
    EXPECT_FALSE(has(page.body, "alert(1)</script>\"")) << target;
    EXPECT_TRUE(has(page.body, "&lt;script&gt;")) << target;
    EXPECT_FALSE(has(page.body, " style=")) << target;
    const auto policy = http::find_header(page.headers, "Content-Security-Policy");
    EXPECT_TRUE(has(std::string(policy), "default-src 'none'"));
    EXPECT_FALSE(has(std::string(policy), "unsafe"));
  }
  EXPECT_TRUE(has(ask("GET", "/operations/find?q=%3Cscript%3Ealert(1)").body, "&lt;script&gt;"));
}

TEST_F(OperationsPages, AnEmptySiteSaysSo) {
  const auto page = ask("GET", "/operations").body;
  EXPECT_TRUE(has(page, "Nothing. Everything goes by itself."));
  EXPECT_TRUE(has(page, "None is configured."));
  EXPECT_TRUE(has(page, "None yet. It is done each night."));
  EXPECT_EQ(ask("GET", "/operations/referral/01X").status, 404);
}

TEST_F(OperationsPages, StayBelowAHundredKilobytesWithFiveHundredOfEverything) {
  fill("quiet-river/ServiceRequest/5 2026", 500);
  plant.view.funnel.resize(8);
  EXPECT_LT(ask("GET", "/operations", "operator-token").body.size(), largest_page);
  EXPECT_LT(ask("GET", "/operations/referral/01R", "operator-token").body.size(), largest_page);
  EXPECT_TRUE(has(ask("GET", "/operations").body, "488 more are not shown here."));
}

TEST_F(OperationsPages, SayWhyASystemFailsAndWhatToDo) {
  PeerState peer;
  peer.id = peer.name = "willow";
  peer.sent = {true, plant.view.at - std::chrono::minutes(9), plant.view.at, "unavailable",
               "the server does not answer"};
  peer.waiting = 4;
  plant.view.peers = {peer};
  const auto page = ask("GET", "/operations").body;
  EXPECT_TRUE(has(page, "fails</span>"));
  EXPECT_TRUE(has(page, "the server does not answer"));
  EXPECT_TRUE(has(page, "The other side does not answer; it goes on by itself once that does."));
  EXPECT_TRUE(has(page, "4 waiting"));
  plant.view.peers[0].sent.worked = plant.view.at + std::chrono::minutes(1);
  EXPECT_FALSE(has(ask("GET", "/operations").body, "fails</span>")) << "it works again";
}

TEST_F(OperationsPages, ShowWhatIsPausedAndWhoMayActTheWayToPause) {
  PeerState peer;
  peer.id = peer.name = "willow";
  peer.kind = "clinic";
  peer.sent.paused = "since 2026-11-20 10:00 UTC by Ada: their upgrade";
  PeerState pager = peer;
  pager.id = pager.kind = "pager";
  pager.sent.paused.clear();
  plant.view.peers = {peer, pager};
  const auto page = ask("GET", "/operations", "operator-token").body;
  EXPECT_TRUE(has(page,
                  "paused</span><small>since <time datetime=\"2026-11-20\">20 Nov 2026</time> "
                  "10:00 UTC by Ada: "
                  "their upgrade"));
  EXPECT_TRUE(has(page, "action=resume&amp;target=out%2Fwillow"));
  EXPECT_TRUE(has(page, "action=pause&amp;target=in%2Fwillow"));
  EXPECT_FALSE(has(page, "%2Fpager")) << "what reaches a contact for emergencies is not paused";
  const auto look = ask("GET", "/operations/act?action=pause&target=in/willow", "operator-token");
  EXPECT_TRUE(has(look.body, "name=\"reason\""));
  ask("POST", "/operations/act", "operator-token",
      "action=pause&target=in/willow&reason=upgrade&apply=yes");
  EXPECT_EQ(plant.done.back(), "pause in/willow applied by engineer: upgrade");
}

TEST_F(OperationsPages, SayThatAConfigurationWasNotTakenAndWhy) {
  EXPECT_FALSE(has(ask("GET", "/operations").body, "not taken"));
  plant.view.refused = "2026-11-20T10:00:00Z: meridian.toml:7: unknown key \"fihr\"";
  const auto page = ask("GET", "/operations").body;
  EXPECT_TRUE(has(page, "The configuration was changed and not taken"));
  EXPECT_TRUE(has(page, "unknown key &quot;fihr&quot;"));
}

TEST_F(OperationsPages, ShowWhoeverMayNotActNoWayToAct) {
  fill("w1", 1);
  EXPECT_FALSE(has(ask("GET", "/operations").body, "/operations/act"));
  EXPECT_FALSE(has(ask("GET", "/operations/referral/01R", "viewer-token").body, "/operations/act"));
  EXPECT_TRUE(has(ask("GET", "/operations", "operator-token").body, "/operations/act"));
  EXPECT_EQ(ask("GET", "/operations/act?action=send-again&target=7").status, 401);
  EXPECT_EQ(
      ask("POST", "/operations/act", "viewer-token", "action=send-again&target=7&apply=yes").status,
      403);
  EXPECT_EQ(ask("GET", "/operations/message?what=delivery/7", "viewer-token").status, 403);
  EXPECT_TRUE(plant.done.empty());
}

TEST_F(OperationsPages, LookFirstAndActWhenSomebodySaysSo) {
  const auto look = ask("GET", "/operations/act?action=send-again&target=7", "operator-token");
  EXPECT_TRUE(has(look.body, "What would happen: it goes."));
  EXPECT_TRUE(has(look.body, "name=\"apply\" value=\"yes\""));
  EXPECT_EQ(plant.done, std::vector<std::string>{"send-again 7 by engineer"});
  plant.answer_text = R"({"action":"x","about":{},"effect":"it goes","done":true})";
  const auto act =
      ask("POST", "/operations/act", "operator-token", "action=send-again&target=7&apply=yes");
  EXPECT_TRUE(has(act.body, "Done: it goes."));
  EXPECT_EQ(plant.done.back(), "send-again 7 applied by engineer");
}

TEST_F(OperationsPages, OfferNoButtonForWhatIsRefused) {
  plant.answer_text = R"({"about":{},"refused":"it is <b>delivered</b>","done":false})";
  const auto look = ask("GET", "/operations/act?action=arrived&target=7", "operator-token");
  EXPECT_EQ(look.status, 409);
  EXPECT_TRUE(has(look.body, "it is &lt;b&gt;delivered"));
  EXPECT_FALSE(has(look.body, "value=\"yes\""));
}

TEST_F(OperationsPages, DoNothingElseThanWhatTheyAreFor) {
  for (const char* action : {"add-person", "reveal", "lost", "", "no-such"}) {
    const auto target = "/operations/act?action=" + std::string(action) + "&target=7";
    EXPECT_EQ(ask("GET", target, "operator-token").status, 404) << action;
    EXPECT_EQ(ask("POST", "/operations/act", "operator-token",
                  "apply=yes&target=7&action=" + std::string(action))
                  .status,
              404)
        << action;
  }
  EXPECT_TRUE(plant.done.empty());
}

TEST_F(OperationsPages, TakeNothingFromAnotherSitesPage) {
  const auto sent = ask("POST", "/operations/act", "operator-token", "action=arrived&target=7",
                        {{"Sec-Fetch-Site", "cross-site"}});
  EXPECT_EQ(sent.status, 403);
  EXPECT_TRUE(plant.done.empty());
}

TEST_F(OperationsPages, KnowPeopleWhoSignedIn) {
  EXPECT_EQ(ask_as("vera", "GET", "/operations").status, 200);
  EXPECT_EQ(ask_as("vera", "GET", "/operations/act?action=arrived&target=7").status, 403);
  EXPECT_EQ(ask_as("eve", "GET", "/operations").status, 303) << "to the sign-in";
  const auto look = ask_as("olaf", "GET", "/operations/act?action=arrived&target=7").body;
  const auto begin = look.find("name=\"token\" value=\"") + 20;
  const std::string body = "action=arrived&target=7&apply=yes";
  EXPECT_EQ(ask_as("olaf", "POST", "/operations/act", body).status, 403) << "without its token";
  const auto token = look.substr(begin, look.find('"', begin) - begin);
  EXPECT_EQ(ask_as("olaf", "POST", "/operations/act", body + "&token=" + token).status, 200);
  EXPECT_EQ(plant.done.back(), "arrived 7 applied by Olaf Reed");
}

TEST_F(OperationsPages, FindByNumber) {
  const auto location = [](const http::Response& response) {
    return std::string(http::find_header(response.headers, "Location"));
  };
  EXPECT_EQ(location(ask("GET", "/operations/find?q=7")), "/operations/referral/01R");
  EXPECT_EQ(location(ask("GET", "/operations/find?q=01M", "operator-token")),
            "/operations/message?what=message/01M");
  EXPECT_TRUE(has(ask("GET", "/operations/find?q=01M").body, "It holds patient data"));
  EXPECT_EQ(ask("GET", "/operations/find?q=8").status, 404);
}

TEST_F(OperationsPages, TellAnEventThatChangesWithTheNumbers) {
  const auto before = ask("GET", "/operations/events");
  EXPECT_TRUE(
      has(std::string(http::find_header(before.headers, "Content-Type")), "text/event-stream"));
  EXPECT_EQ(ask("GET", "/operations/events").body, before.body);
  const auto begin = before.body.find("data: ") + 6;
  const auto mark = before.body.substr(begin, before.body.find('\n', begin) - begin);
  EXPECT_TRUE(has(ask("GET", "/operations").body, "data-mark=\"" + mark + "\""));
  ++plant.messages;
  EXPECT_NE(ask("GET", "/operations/events").body, before.body);
}

TEST_F(OperationsPages, ShowNoMessageBeforeAReasonIsGiven) {
  const auto asked = ask("GET", "/operations/message?what=delivery/7", "operator-token");
  EXPECT_EQ(asked.status, 200);
  const std::string what = "what=delivery/7";
  EXPECT_EQ(ask("POST", "/operations/message", "operator-token", what).status, 422);
  EXPECT_EQ(ask("POST", "/operations/message", "operator-token", what + "&reason=curious").status,
            422);
  for (const char* other : {"what=referral/01R", "what=explanation/01R", "what=", "x=y"}) {
    EXPECT_EQ(ask("POST", "/operations/message", "operator-token",
                  std::string(other) + "&reason=meridian-fault")
                  .status,
              404);
  }
  EXPECT_TRUE(plant.done.empty());
}

TEST_F(OperationsPages, ShowAMessageAsATree) {
  const std::string body = "what=delivery/7&reason=meridian-fault";
  plant.answer_text =
      R"({"mediaType":"application/fhir+json","body":"{\"a\":[1.50,\"x{<b>\\\"\"],\"c\":true}"})";
  const auto json = ask("POST", "/operations/message", "operator-token", body).body;
  EXPECT_TRUE(has(json,
                  "{\n  &quot;a&quot;: [\n    1.50,\n    &quot;x{&lt;b&gt;\\&quot;&quot;"
                  "\n  ],\n  &quot;c&quot;: true\n}"))
      << json;
  EXPECT_EQ(plant.done,
            std::vector<std::string>{"reveal delivery/7 applied by engineer: meridian-fault"});
  plant.answer_text = R"({"mediaType":"x","body":"MSH|^~\\&|"})";
  EXPECT_TRUE(has(ask("POST", "/operations/message", "operator-token", body).body,
                  "tree of MSH|^~\\&amp;|"));
}

TEST_F(OperationsPages, ASpanishPageSaysNothingInEnglishThatIsNotMarkedSo) {
  for (const char* target :
       {"/operations", "/operations/referral/01R", "/operations/referral/01X",
        "/operations/find?q=8", "/operations/act?action=reconcile&target=all",
        "/operations/act?action=no-such&target=7", "/operations/message?what=delivery/7",
        "/operations/message?what=other"}) {
    in_spanish("GET", target);
  }
  fill("W1", 2);
  plant.view.funnel.resize(1);
  plant.view.funnel.front() = {"in_record", 3, std::chrono::hours(2), "no_show 2, held 1", 1};
  auto& peer = plant.view.peers.front();
  peer = PeerState();
  peer.id = peer.name = "W1";
  peer.kind = "clinic";
  peer.heard = {true, plant.view.at, std::nullopt, "", ""};
  peer.asked = {true, plant.view.at, plant.view.at, "unavailable", "no answer in time"};
  peer.sent.paused = "since 2026-11-20 10:00 UTC by W1: W2";
  peer.waiting = peer.ambiguous = peer.dead = 1;
  peer.server_notes = {"/metadata was not read at the start: see meridian check"};
  plant.view.kept = {2'000'000, plant.view.at, 1, false};
  in_spanish("GET", "/operations");
  in_spanish("GET", "/operations/referral/01R");
  in_spanish("POST", "/operations/message", "what=delivery/7&reason=meridian-fault");
  in_spanish("POST", "/operations/message", "what=delivery/7");
  EXPECT_EQ(test::english_in(
                "<title>Was</title><body><p>Nothing was sent</p><code lang=\"en\">done</code>"),
            "nothing sent was ");
}

TEST_F(OperationsPages, EachActIsSaidInSpanishWithWhatItIsAboutAndWhatFollows) {
  plant.answer_text =
      R"({"about":{"number":7,"referral":"01R","to":"w1","kind":"referral","state":"dead",)"
      R"("attempts":3,"maybeArrived":true,"size":9,"key":"k/send","due":"2026-11-20T10:00:00.000Z",)"
      R"("error":"timed_out","class":"ambiguous","fix":"it changed at the same moment; replay it",)"
      R"("recognisesRepeats":false,"from":"w1","mediaType":"text/send","source":"w1","order":"X/sent",)"
      R"("owner":"surgeon","worklist":"no-receiver","system":"w1","way":"out","waiting":4},)"
      R"("effect":"the same packet is sent again now","done":false})";
  for (const char* action : {"send-again", "arrived", "give-up", "revive", "read-again", "redirect",
                             "pause", "resume"}) {
    in_spanish("GET", "/operations/act?target=7&action=" + std::string(action));
    EXPECT_TRUE(operations_words().has("act." + std::string(action) + ".do")) << action;
  }
  const auto page = in_spanish("GET", "/operations/act?action=send-again&target=7");
  EXPECT_TRUE(has(page, "Lo que ocurriría: ahora se vuelve a enviar la misma documentación."));
  EXPECT_TRUE(
      has(page, "<dt>Prevista</dt><dd><time datetime=\"2026-11-20T10:00:00.000Z\">20 nov 2026"));
  plant.answer_text =
      R"({"about":{"state":"held","direction":"to_surgeon"},"refused":"it is paused )"
      R"(already, since 2026-11-20 10:00 UTC by W1","done":false})";
  EXPECT_TRUE(has(in_spanish("GET", "/operations/act?action=pause&target=in/w1"),
                  "No es posible: ya está en pausa"));
  plant.answer_text = R"({"peers":[{"peer":"w1","compared":2,"news":0,"cannotAsk":1,)"
                      R"("why":"no answer in time"}],"differing":1,"repaired":true})";
  EXPECT_TRUE(has(in_spanish("POST", "/operations/act", "action=reconcile&target=all&apply=yes"),
                  "1 derivación con diferencias."));
}

TEST_F(OperationsPages, WhatFailedIsASentenceAndItsNameIsSetApart) {
  const auto english = ask("GET", "/operations/referral/01X").body;
  EXPECT_TRUE(has(english, "role=\"alert\">There is no such referral.</p>"));
  EXPECT_TRUE(has(english, "Error: <code lang=\"en\">not_found</code>"));
  EXPECT_FALSE(has(english, "(not_found)"));
  EXPECT_TRUE(has(in_spanish("GET", "/operations/referral/01X"), "No existe esa derivación."));
}

}  // namespace
}  // namespace meridian::web
