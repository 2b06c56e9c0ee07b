// SPDX-License-Identifier: Apache-2.0
// Every route of the web folder has a row here that says who is let in. A route without one, a row
// without a route, and a function that adds routes and is not called here: each fails.
#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>

#include <gtest/gtest.h>

#include "base/read_file.h"
#include "places.h"
#include "port/people.h"
#include "web/enrol.h"
#include "web/host_deliveries.h"
#include "web/inbox.h"
#include "web/operate.h"
#include "web/operations.h"
#include "web/pages.h"
#include "web/passkey_pages.h"
#include "web/posts.h"
#include "web/provider_pages.h"
#include "web/sign_in.h"
#include "web/surgeon.h"

namespace meridian::web {
namespace {

/// One letter for each role, in the order of a row.
constexpr std::pair<char, Role> letters[] = {
    {'c', Role::clinic},  {'s', Role::staff},      {'n', Role::clinician},
    {'v', Role::viewer},  {'o', Role::operations}, {'a', Role::admin},
    {'u', Role::auditor}, {'e', Role::source},     {'m', Role::metrics}};

/// Of a route: who is let in as a person that signed in, and as a program by its token. "*":
/// everybody, also who shows nothing; such a route shows nothing secret or asks for a signed link.
struct Row {
  const char* people;
  const char* programs;
};
const std::map<std::string, Row> rows = {
    {"GET /livez", {"*", "*"}},
    {"GET /readyz", {"*", "*"}},
    {"GET /style.css", {"*", "*"}},
    {"GET /inbox.css", {"*", "*"}},
    {"GET /operations.css", {"*", "*"}},
    {"GET /operations.js", {"*", "*"}},
    {"GET /", {"", "svoa"}},
    {"GET /alerts/{token}", {"*", "*"}},
    {"POST /alerts/{token}", {"*", "*"}},
    {"GET /forms/{token}", {"*", "*"}},
    {"POST /forms/{token}", {"*", "*"}},
    {"GET /sign-offs/{token}", {"*", "*"}},
    {"POST /sign-offs/{token}", {"*", "*"}},
    {"GET /patients/{token}", {"*", "*"}},
    {"POST /patients/{token}", {"*", "*"}},
    {"GET /returns/{token}", {"*", "*"}},
    {"POST /returns/{token}", {"*", "*"}},
    {"GET /enrol/{link}", {"*", "*"}},
    {"POST /enrol/{link}", {"*", "*"}},
    {"GET /sign-in", {"*", "*"}},
    {"POST /sign-in", {"*", "*"}},
    {"POST /sign-in/passkey", {"*", "*"}},
    {"GET /passkey.js", {"*", "*"}},
    {"GET /passkeys", {"csnvoau", ""}},
    {"POST /passkeys/add", {"csnvoau", ""}},
    {"POST /passkeys/remove", {"csnvoau", ""}},
    {"GET /sign-in/provider", {"*", "*"}},
    {"GET /sign-in/provider/back", {"*", "*"}},
    {"GET /sign-out/provider", {"*", "*"}},
    {"GET /smart.css", {"*", "*"}},
    {"GET /smart/view/{view}", {"*", "*"}},  // by the cookie of a launch, which nobody has here
    {"GET /smart/view/{view}/{referral}/{act}", {"*", "*"}},
    {"POST /smart/view/{view}/{referral}/{act}", {"*", "*"}},
    {"POST /sign-out", {"csnvoau", ""}},
    {"GET /home", {"csnvoau", ""}},
    {"GET /referrals", {"snvoau", ""}},
    {"GET /inbox", {"c", ""}},
    {"GET /inbox/{referral}", {"c", ""}},
    {"GET /inbox/{referral}/packet.pdf", {"c", ""}},
    {"GET /inbox/{referral}/bundle.json", {"c", ""}},
    {"GET /inbox/{referral}/{act}", {"c", ""}},
    {"POST /inbox/{referral}/{act}", {"c", ""}},
    {"GET /operations", {"voa", "voa"}},
    {"GET /operations/events", {"voa", "voa"}},
    {"GET /operations/find", {"voa", "voa"}},
    {"GET /operations/referral/{id}", {"voa", "voa"}},
    {"GET /operations/act", {"oa", "oa"}},
    {"POST /operations/act", {"oa", "oa"}},
    {"GET /operations/message", {"oa", "oa"}},
    {"POST /operations/message", {"oa", "oa"}},
    {"POST /operate", {"", "oa"}},
    {"GET /metrics", {"", "voam"}},
    {"POST /in/{source}", {"", "ae"}},
    {"POST /fhir/{source}", {"", "ae"}},
    {"POST /fhir/{source}/{type}", {"", "ae"}},
    {"PUT /fhir/{source}/{type}", {"", "ae"}},
    {"POST /fhir/{source}/{type}/{id}", {"", "ae"}},
    {"PUT /fhir/{source}/{type}/{id}", {"", "ae"}},
    {"POST /out/{destination}/take", {"", "ae"}},
    {"POST /out/{destination}/{claim}/{word}", {"", "ae"}},
};

Error none() {
  return {ErrorCode::not_found, "test", "it is not there"};
}

/// A runtime where nothing is there; counts what was changed.
class Nothing : public Operations {
 public:
  Result<std::string> submit(Envelope) override { return change(); }
  Result<std::vector<ReferralLine>> referrals(int) override { return std::vector<ReferralLine>(); }
  HealthReport health() override { return {}; }
  Result<AlertView> alert(std::string_view) override { return AlertView(); }
  Result<void> acknowledge(std::string_view, std::string_view) override {
    ++changes;
    return {};
  }
  Result<FormView> form(const FormTicket&) override { return FormView(); }
  Result<FormView> answer(const FormTicket&, const FormAnswers&) override {
    ++changes;
    return FormView();
  }
  Result<std::string> intervene(const Intervention&, std::string_view) override { return change(); }
  int changes = 0;

 private:
  std::string change() {
    ++changes;
    return {};
  }
};

class NoInbox : public Inbox {
 public:
  Result<std::vector<InboxLine>> list(const Caller&) override { return std::vector<InboxLine>(); }
  Result<void> note_reading(const Caller&, const std::vector<std::string>&) override { return {}; }
  Result<InboxReferral> open(const Caller&, std::string_view) override { return none(); }
  Result<void> act(const Caller&, std::string_view, const InboxGiven&) override {
    ++changes;
    return none();
  }
  Result<InboxFile> print(const Caller&, std::string_view) override { return none(); }
  Result<InboxFile> bundle(const Caller&, std::string_view) override { return none(); }
  const std::vector<InboxReason>& decline_reasons() const override { return reasons; }
  std::vector<InboxReason> reasons;
  int changes = 0;
};

/// The session "c" is somebody of a clinic, and so on.
class OneOfEach : public People {
 public:
  std::optional<Caller> visitor(std::string_view session) override {
    for (const auto& [letter, role] : letters) {
      if (session == std::string(1, letter) && role != Role::source && role != Role::metrics)
        return Caller{"somebody", role, role == Role::clinic ? "willow" : "", false, "P"};
    }
    return std::nullopt;
  }
  Result<std::string> sign_in(const SignInGiven&) override { return none(); }
  Result<void> sign_out(std::string_view) override { return {}; }
  Result<EnrolmentView> enrolment(std::string_view) override { return none(); }
  Result<EnrolmentView> propose(std::string_view, std::string_view) override { return none(); }
  Result<EnrolmentView> confirm(std::string_view, std::string_view) override { return none(); }
};

class NoReader : public PostedReader {
 public:
  Result<Posted> look(std::string_view) const override { return none(); }
};

class NoPasskeys : public Passkeys {
 public:
  std::string challenge() override { return "challenge"; }
  Result<std::string> sign_in(const PasskeyShown&) override { return none(); }
  Result<PasskeyOffer> offer(const Caller&) override { return none(); }
  Result<void> add(const Caller&, const PasskeyMade&, std::string_view) override {
    ++changes;
    return none();
  }
  Result<std::vector<PasskeyLine>> list(const Caller&) override { return none(); }
  Result<void> remove(const Caller&, std::string_view) override {
    ++changes;
    return none();
  }
  int changes = 0;
};

class NoProvider : public SignInProvider, public LinkedPeople {
 public:
  Result<std::string> address(const ProviderAsked&) override { return none(); }
  Result<JwtPart> claims(const ProviderAsked&, const ProviderAnswered&) override { return none(); }
  Result<std::string> sign_out_address(std::string_view) override { return none(); }
  Result<std::string> sign_in(const JwtPart&, std::string_view) override { return none(); }
  Result<std::string> enrol(std::string_view, const JwtPart&, std::string_view) override {
    return none();
  }
};

Callers programs() {
  Callers known;
  for (const auto& [letter, role] : letters) {
    known.add_token({std::string("program ") + letter, role, "willow"},
                    std::string("token-") + letter);
  }
  return known;
}

class Routes : public testing::Test {
 protected:
  Routes() {
    router = routes(desk, door);
    add_inbox(router, {inbox, pages, [](std::string_view id) { return std::string(id); }, {}});
    add_enrolment(router, people);
    add_sign_in(router, people, pages, {});
    add_passkey_pages(router, passkeys, people, pages);
    add_provider_pages(router, {provider, provider, people, pages, "secret",
                                [] { return std::string("http://meridian.example"); }});
    add_surgeon(router, {desk,
                         [](const http::Request&) { return std::optional<Launched>(); },
                         [](std::string_view id) { return std::string(id); },
                         "secret",
                         {}});
    add_referrals(router, desk, pages);
    add_posts(router, desk, door, reader);
    add_host_deliveries(router,
                        {[](std::string_view) { return Result<TakenDelivery>(none()); },
                         [](auto, auto, auto, const auto&) { return Result<void>(none()); }},
                        door);
    add_operating(router, desk, door.only({Role::operations, Role::admin}));
    add_operations(router, desk, operations_door(door, &pages), {});
    add_metrics(router, door, [] { return std::string(); });
  }

  /// From another machine.
  static http::Request request(const http::Route& route, http::Fields headers) {
    http::Request made;
    made.method = route.method;
    made.target = made.path = std::regex_replace(route.pattern, std::regex(R"(\{[^}]*\})"), "01X");
    made.peer = "10.1.2.3";
    made.headers = std::move(headers);
    made.headers.push_back({"Host", "meridian.example"});
    return made;
  }
  static bool lets_in(const http::Route& route, http::Fields headers) {
    auto made = request(route, std::move(headers));
    return !route.gate || !route.gate(made);
  }
  /// Letters of those whom the route lets in when each shows that header.
  static std::string let_in(const http::Route& route, const char* header,
                            const std::string& before) {
    if (lets_in(route, {})) return "*";
    std::string text;
    for (const auto& [letter, role] : letters) {
      if (lets_in(route, {{header, before + letter}})) text += letter;
    }
    return text;
  }

  Nothing runtime;
  Desk desk{runtime, "secret"};
  NoInbox inbox;
  OneOfEach people;
  NoReader reader;
  NoPasskeys passkeys;
  NoProvider provider;
  Door door{programs()};
  PageDoor pages{people, "secret", [] { return "http://meridian.example"; }};
  http::Router router;
};

TEST_F(Routes, LetInWhomTheirRowNamesAndNobodyElse) {
  auto left = rows;
  for (const auto& route : router.routes()) {
    const auto name = route.method + " " + route.pattern;
    ASSERT_TRUE(rows.contains(name)) << name << " has no row: who may call it?";
    left.erase(name);
    EXPECT_EQ(let_in(route, "Cookie", "meridian="), rows.at(name).people) << name;
    EXPECT_EQ(let_in(route, "Authorization", "Bearer token-"), rows.at(name).programs) << name;
  }
  for (const auto& [name, row] : left) ADD_FAILURE() << name << " is a row without a route";
}

TEST_F(Routes, AFormOfSomebodySignedInIsTakenWithItsTokenOnly) {
  for (const auto& route : router.routes()) {
    const auto name = route.method + " " + route.pattern;
    const std::string who = rows.at(name).people;
    if (route.method == "GET" || who.empty() || who == "*") continue;
    auto made = request(route, {{"Cookie", "meridian=" + who.substr(0, 1)}});
    ASSERT_FALSE(route.gate(made)) << name;
    EXPECT_EQ(route.handler(made).status, 403) << name;
  }
  EXPECT_EQ(runtime.changes + inbox.changes + passkeys.changes, 0);
}

TEST_F(Routes, ALinkThatWeDidNotMakeOpensNothing) {
  for (const auto& route : router.routes()) {
    if (route.pattern.find("{token}") == std::string::npos) continue;
    for (const auto* token : {"01X", "01X.0000", "01X.staff.0.0000", "..", "%00"}) {
      auto made = request(route, {});
      made.parameters = {{"token", token}};
      made.body = "by=Eve&reason=x";
      EXPECT_EQ(route.handler(made).status, 404)
          << route.method << " " << route.pattern << " " << token;
    }
  }
  EXPECT_EQ(runtime.changes, 0);
}

TEST_F(Routes, AViewWithoutALaunchShowsNothing) {
  int views = 0;
  for (const auto& route : router.routes()) {
    if (!route.pattern.starts_with("/smart/view")) continue;
    ++views;
    EXPECT_GE(route.handler(request(route, {})).status, 400) << route.pattern;
  }
  EXPECT_EQ(views, 3);
}

TEST_F(Routes, AFormThatIsTooLargeIsRefusedBeforeItIsRead) {
  for (const auto& route : router.routes()) {
    const std::string programs = rows.at(route.method + " " + route.pattern).programs;
    if (route.method == "GET" || programs.find('e') != std::string::npos) continue;
    EXPECT_LE(route.max_body.value_or(1'000'000), 65'536u) << route.method << " " << route.pattern;
  }
}

TEST_F(Routes, ABrowserThatShowsNothingIsLedToWherePeopleSignIn) {
  for (const auto& route : router.routes()) {
    if (route.pattern != "/") continue;
    auto made = request(route, {{"Accept", "text/html,*/*;q=0.8"}});
    const auto led = route.gate(made);
    ASSERT_TRUE(led);
    EXPECT_EQ(led->status, 303);
    EXPECT_EQ(http::find_header(led->headers, "Location"), "/home");
    // Whoever signed in is led there too, and there sees what their role may see.
    for (const auto& [letter, role] : letters) {
      auto person =
          request(route, {{"Accept", "text/html"}, {"Cookie", std::string("meridian=") + letter}});
      EXPECT_EQ(route.gate(person)->status, 303) << letter;
      auto program = request(route, {{"Accept", "text/html"},
                                     {"Authorization", std::string("Bearer token-") + letter}});
      const bool may = std::string("svoa").find(letter) != std::string::npos;
      EXPECT_EQ(route.gate(program).has_value(), !may) << letter;
    }
    auto wrong = request(route, {{"Accept", "text/html"}, {"Authorization", "Bearer none"}});
    EXPECT_EQ(route.gate(wrong)->status, 401);
  }
}

TEST(RoutesOfTheFolder, WithoutAnInboxThereIsAPageThatSaysSo) {
  http::Router router;
  add_no_inbox(router);
  ASSERT_EQ(router.routes().size(), 1u);
  const auto answer = router.routes().front().handler({});
  EXPECT_EQ(answer.status, 404);
  EXPECT_TRUE(
      std::string_view(http::find_header(answer.headers, "Content-Type")).starts_with("text/html"));
  EXPECT_NE(answer.body.find("No inbox here"), std::string::npos);
}

TEST(RoutesOfTheFolder, AreAllInTheMatrix) {
  const std::filesystem::path source(test::source_folder);
  const auto here = read_file(source / "tests/unit/web/routes_test.cc");
  ASSERT_TRUE(here);
  // These are called by one that is: routes() and add_operations().
  const std::string inner =
      "add_alerts add_forms add_statements add_returns add_acts add_break_glass";
  const std::regex adds(R"((add_\w+)\(http::Router& router)");
  int found = 0;
  for (const auto& file : std::filesystem::directory_iterator(source / "plugin/web")) {
    if (file.path().extension() != ".h") continue;
    const auto text = read_file(file.path());
    ASSERT_TRUE(text);
    for (std::sregex_iterator one(text->begin(), text->end(), adds), end; one != end; ++one) {
      const auto name = (*one)[1].str();
      const bool called = here->find("  " + name + "(router,") != std::string::npos ||
                          here->find("  " + name + "(router);") != std::string::npos;
      EXPECT_TRUE(called || inner.find(name) != std::string::npos) << name << " is not called here";
      ++found;
    }
  }
  EXPECT_GE(found, 14);
}

}  // namespace
}  // namespace meridian::web
