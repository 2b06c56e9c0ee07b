// SPDX-License-Identifier: Apache-2.0
// The pages as a browser walks through them, on the real store; and what a hostile one tries.
#include <fstream>
#include <map>
#include <regex>

#include <gtest/gtest.h>

#include "base/one_time_code.h"
#include "http/uri.h"
#include "places.h"
#include "unit/flow/people_site.h"
#include "web/enrol.h"
#include "web/page_door.h"
#include "web/pages.h"
#include "web/people_page.h"
#include "web/sign_in.h"

namespace meridian::flow {
namespace {

using http::Response;
using std::chrono::minutes;

constexpr const char* ana = "ana@willow.example";

using Form = std::map<std::string, std::string>;

class PeoplePages : public testing::Test, protected PeopleSite {
 protected:
  PeoplePages() {
    web::add_enrolment(router, people);
    web::add_sign_in(router, people, door,
                     {{"/referrals", "page.referrals", web::roles_that_see_all()}}, {},
                     [this] { return bench.now; });
    web::add_referrals(router, *bench.desk, door);
  }

  /// Keeps cookies as a browser does.
  Response ask(const std::string& method, const std::string& target, const std::string& body = {},
               const http::Fields& headers = {}) {
    http::Request request;
    request.method = method;
    request.target = target;
    const auto parsed = http::parse_target(target);
    request.path = parsed->path;
    request.query = parsed->query;
    request.peer = peer;
    request.headers = headers;
    request.headers.push_back({"Host", "meridian.example"});
    if (!cookie.empty()) request.headers.push_back({"Cookie", cookie});
    const auto match = router.find(method, parsed->segments);
    if (match.route == nullptr) return router.error(404);
    request.parameters = match.parameters;
    if (match.route->gate) {
      if (auto refused = match.route->gate(request)) return *refused;
    }
    request.body = body;
    auto response = match.route->handler(request);
    const auto set = std::string(http::find_header(response.headers, "Set-Cookie"));
    if (!set.empty())
      cookie = set.find("Max-Age=0") != std::string::npos ? "" : set.substr(0, set.find(';'));
    return response;
  }
  Response get(const std::string& target, const http::Fields& headers = {}) {
    return ask("GET", target, "", headers);
  }
  Response post(const std::string& target, const Form& form, const http::Fields& headers = {}) {
    std::string body;
    for (const auto& [name, value] : form) {
      body += (body.empty() ? "" : "&") + name + "=" + http::percent_encode(value);
    }
    return ask("POST", target, body, headers);
  }
  Response sign_in_by_page(const std::string& email, const std::string& password,
                           const std::string& given, const std::string& next = "/") {
    return post("/sign-in",
                {{"email", email}, {"password", password}, {"code", given}, {"next", next}});
  }
  static std::string location(const Response& response) {
    return std::string(http::find_header(response.headers, "Location"));
  }
  static bool shows(const Response& response, const std::string& text) {
    return response.body.find(text) != std::string::npos;
  }
  /// The value of the page's field "token".
  static std::string token_of(const Response& response) {
    const auto at = response.body.find("name=\"token\" value=\"");
    return at == std::string::npos ? "" : response.body.substr(at + 20, 64);
  }
  static void expect_safe(const Response& response) {
    EXPECT_EQ(response.body.find("<script"), std::string::npos);
    EXPECT_EQ(response.body.find("style="), std::string::npos);
    EXPECT_NE(
        http::find_header(response.headers, "Content-Security-Policy").find("default-src 'none'"),
        std::string_view::npos);
    EXPECT_EQ(http::find_header(response.headers, "Cache-Control"), "no-store");
  }

  std::string peer = "10.0.0.7";
  std::string cookie;
  web::PageDoor door{people, "forms", [] { return std::string("https://meridian.example"); }};
  http::Router router;
};

TEST_F(PeoplePages, LeadFromTheLinkToTheFirstPage) {
  const auto link = "/enrol/" + token_in(add(ana));
  const auto first = get(link);
  EXPECT_EQ(first.status, 200);
  EXPECT_FALSE(shows(first, "Ana") || shows(first, ana)) << "nothing of the person is in it";
  const auto password = post(link, {});
  EXPECT_TRUE(shows(password, "Ana Ruiz, you will sign in as ana@willow.example."));
  EXPECT_TRUE(shows(password, "autocomplete=\"new-password\""));
  const auto different = post(link, {{"password", good_password}, {"again", "x"}});
  EXPECT_EQ(different.status, 422);
  EXPECT_TRUE(shows(different, "The two passwords are not the same."));
  EXPECT_EQ(post(link, {{"password", "short"}, {"again", "short"}}).status, 422);
  const auto phone = post(link, {{"password", good_password}, {"again", good_password}});
  const auto key = person(ana).proposed.code_key;
  EXPECT_TRUE(shows(phone, "<svg role=\"img\" aria-label=\"QR code of your secret key\""));
  EXPECT_TRUE(shows(phone, "otpauth://totp/Meridian:ana%40willow.example?secret=" +
                               encode_base32(key) + "&amp;issuer=Meridian"));
  EXPECT_EQ(post(link, {{"code", "000000"}}).status, 422);
  const auto done = post(link, {{"code", one_time_code(key, code_step(bench.now))}});
  EXPECT_TRUE(shows(done, "<ul class=\"codes\"><li>"));
  for (const auto* each : {&first, &password, &different, &phone, &done}) expect_safe(*each);
  EXPECT_TRUE(cookie.empty()) << "enrolling signs nobody in";
  EXPECT_EQ(get(link).status, 410);
  EXPECT_EQ(post(link, {}).status, 410);

  bench.pass(minutes(1));
  EXPECT_EQ(location(get("/home?x=y")), "/sign-in?next=%2Fhome%3Fx%3Dy");
  const auto form = get("/sign-in?next=%2Fhome%3Fx%3Dy");
  expect_safe(form);
  EXPECT_TRUE(shows(form, "name=\"next\" value=\"/home?x=y\""));
  const auto in = sign_in_by_page(ana, good_password, code(ana), "/home?x=y");
  EXPECT_EQ(in.status, 303);
  EXPECT_EQ(location(in), "/home?x=y");
  EXPECT_TRUE(cookie.starts_with("__Host-meridian=")) << cookie;
  const auto home = get("/home");
  expect_safe(home);
  EXPECT_TRUE(shows(home, "You are signed in as Ana Ruiz (clinic)."));
  EXPECT_EQ(get("/referrals").status, 403) << "the list of all is not the clinic's";
  EXPECT_EQ(post("/sign-out", {{"token", token_of(home)}}).status, 303);
  EXPECT_TRUE(cookie.empty());
  EXPECT_EQ(get("/home").status, 303);
}

TEST_F(PeoplePages, AViewerOfTheHospitalSeesTheListAfterSigningIn) {
  enrol("vi@ehr.example", "viewer", "");
  EXPECT_EQ(get("/referrals").status, 303);
  sign_in_by_page("vi@ehr.example", good_password, code("vi@ehr.example"));
  EXPECT_TRUE(shows(get("/home"), "<a href=\"/referrals\">Referrals</a>"));
  const auto list = get("/referrals");
  EXPECT_EQ(list.status, 200);
  EXPECT_TRUE(shows(list, "<h1>Referrals</h1>"));
}

TEST_F(PeoplePages, SpeakSpanishToWhoAsksForIt) {
  const auto form = get("/sign-in", {{"Accept-Language", "es-MX,en;q=0.5"}});
  EXPECT_TRUE(shows(form, "<html lang=\"es\">"));
  EXPECT_TRUE(shows(form, "Contraseña"));
  EXPECT_TRUE(shows(get("/sign-in", {{"Accept-Language", "de"}}), "<html lang=\"en\">"));
}

// A mail scanner opens every link, and some open them twice.
TEST_F(PeoplePages, OpeningALinkDoesNothing) {
  const auto link = "/enrol/" + token_in(add(ana));
  const auto before = person(ana).version;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(get(link).status, 200);
  EXPECT_EQ(ask("HEAD", link).status, 200);
  EXPECT_EQ(person(ana).version, before);
  EXPECT_EQ(post(link, {}).status, 200) << "the person comes after it";
}

TEST_F(PeoplePages, ASessionThatSomebodyElseSetIsNotTaken) {
  enrol(ana);
  const auto attackers = std::string(64, 'a');
  cookie = "__Host-meridian=" + attackers;
  EXPECT_EQ(get("/home").status, 303);
  sign_in_by_page(ana, good_password, code(ana));
  EXPECT_NE(cookie, "__Host-meridian=" + attackers) << "each sign-in has a new secret";
  EXPECT_EQ(get("/home").status, 200);
  // One that was open at this browser before ends when another begins.
  const auto first = cookie;
  bench.pass(minutes(1));
  sign_in_by_page(ana, good_password, code(ana));
  EXPECT_NE(cookie, first);
  cookie = first;
  EXPECT_EQ(get("/home").status, 303);
}

TEST_F(PeoplePages, OtherSitesCanNeitherSignInNorOutNorEnrol) {
  enrol(ana);
  const http::Fields cross = {{"Sec-Fetch-Site", "cross-site"}};
  const Form right = {{"email", ana}, {"password", good_password}, {"code", code(ana)}};
  EXPECT_EQ(post("/sign-in", right, cross).status, 403);
  EXPECT_EQ(post("/sign-in", right, {{"Origin", "https://evil.example"}}).status, 403);
  EXPECT_TRUE(cookie.empty());
  EXPECT_EQ(post("/sign-in", right, {{"Sec-Fetch-Site", "same-origin"}}).status, 303);
  EXPECT_EQ(post("/sign-out", {}, cross).status, 403);
  EXPECT_EQ(post("/sign-out", {{"token", token_of(get("/home"))}}, cross).status, 403);
  EXPECT_EQ(post("/sign-out", {{"token", std::string(64, '0')}}).status, 403);
  EXPECT_EQ(get("/home").status, 200) << "still in";
  const auto link = "/enrol/" + token_in(add("bo@willow.example"));
  EXPECT_EQ(post(link, {{"password", good_password}, {"again", good_password}}, cross).status, 403);
  EXPECT_TRUE(person("bo@willow.example").proposed.password.empty());
}

TEST_F(PeoplePages, AnUnknownAddressAndAWrongPasswordLookAlike) {
  enrol(ana);
  const auto wrong = sign_in_by_page(ana, "a wrong password", code(ana));
  const auto unknown = sign_in_by_page("eve@willow.example", "a wrong password", "123456");
  EXPECT_EQ(wrong.status, unknown.status);
  EXPECT_EQ(wrong.body, unknown.body);
  for (int i = 0; i < 4; ++i) sign_in_by_page(ana, "a wrong password", code(ana));
  ASSERT_TRUE(person(ana).locked_until);
  const auto locked = sign_in_by_page(ana, good_password, code(ana));
  EXPECT_EQ(locked.body, unknown.body) << "nor does a lock show who is known";
  EXPECT_FALSE(shows(wrong, "a wrong password")) << "what was typed comes back nowhere";
}

TEST_F(PeoplePages, AnAddressThatGuessesIsToldToWait) {
  enrol(ana);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(sign_in_by_page("eve" + std::to_string(i) + "@x.example", "x", "1").status, 403);
  }
  const auto busy = sign_in_by_page(ana, good_password, code(ana));
  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(http::find_header(busy.headers, "Retry-After"), "60");
  peer = "10.0.0.8";
  EXPECT_EQ(sign_in_by_page(ana, good_password, code(ana)).status, 303) << "others are not";
  cookie = "";
  peer = "10.0.0.7";
  bench.pass(minutes(1));
  EXPECT_EQ(sign_in_by_page(ana, good_password, code(ana)).status, 303);
}

TEST_F(PeoplePages, BehindAProxyOnThisMachineEachIsCountedApart) {
  peer = "127.0.0.1";
  const auto guess = [&](const std::string& from) {
    return post("/sign-in", {{"email", "eve@x.example"}, {"password", "x"}, {"code", "1"}},
                {{"X-Forwarded-For", from}})
        .status;
  };
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(guess("6.6.6." + std::to_string(i) + ", 203.0.113.9"), 403);
  EXPECT_EQ(guess("1.2.3.4, 203.0.113.9"), 429) << "by what the proxy itself saw";
  EXPECT_EQ(guess("203.0.113.10"), 403);
  peer = "203.0.113.50";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(guess("10.9.9." + std::to_string(i)), 403);
  EXPECT_EQ(guess("10.9.9.99"), 429) << "who is no proxy of ours is not believed";
}

TEST_F(PeoplePages, ANameCannotWriteIntoAPage) {
  const std::string name = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
  const std::string email = "x'onmouseover=alert`3`'&amp@evil.example";
  const auto link = "/enrol/" + token_in(add(email, "viewer", "", name));
  const auto password = post(link, {});
  EXPECT_EQ(password.status, 200);
  EXPECT_TRUE(shows(password, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img"));
  EXPECT_FALSE(shows(password, "<script") || shows(password, "<img") || shows(password, "x'on"));
  const auto phone = post(link, {{"password", good_password}, {"again", good_password}});
  EXPECT_FALSE(shows(phone, "<script") || shows(phone, "<img") || shows(phone, "x'on"));
  post(link, {{"code", one_time_code(person(email).proposed.code_key, code_step(bench.now))}});
  bench.pass(minutes(1));
  sign_in_by_page(email, good_password, code(email));
  const auto home = get("/home");
  EXPECT_TRUE(shows(home, "&lt;script&gt;"));
  EXPECT_FALSE(shows(home, "<script") || shows(home, "<img"));
  const auto next = get("/sign-in?next=%2F%22%3E%3Cscript%3E");
  EXPECT_FALSE(shows(next, "<script"));
}

TEST_F(PeoplePages, HaveEveryWordInBothLanguages) {
  const auto& words = web::people_words();
  EXPECT_GT(words.texts().size(), 40u);
  for (const auto& [key, texts] : words.texts()) {
    for (const auto& text : texts) EXPECT_FALSE(text.empty()) << key;
  }
  const std::regex key("\"((sign-in|sign-out|enrol|refused|home|page|role)\\.[a-z.-]*[a-z])\"");
  std::size_t used = 0;
  for (const char* file : {"enrol.cc", "sign_in.cc"}) {
    std::ifstream in(std::string(test::source_folder) + "/plugin/web/" + file);
    const std::string source{std::istreambuf_iterator<char>(in), {}};
    for (std::sregex_iterator at(source.begin(), source.end(), key), end; at != end; ++at, ++used) {
      EXPECT_TRUE(words.has((*at)[1].str())) << file << ": " << (*at)[1];
    }
  }
  EXPECT_GT(used, 30u);
  for (const char* fault : {"short", "long", "common", "personal", "different", "code"}) {
    EXPECT_TRUE(words.has("refused." + std::string(fault))) << fault;
  }
  for (const char* role :
       {"clinic", "staff", "clinician", "viewer", "operator", "administrator", "auditor"}) {
    EXPECT_TRUE(words.has("role." + std::string(role))) << role;
  }
}

TEST_F(PeoplePages, FormsHaveALimit) {
  for (const char* path : {"sign-in", "sign-out"}) {
    const auto match = router.find("POST", {path});
    ASSERT_TRUE(match.route->max_body) << path;
    EXPECT_LE(*match.route->max_body, 4096u);
  }
  EXPECT_LE(*router.find("POST", {"enrol", "x"}).route->max_body, 4096u);
  // And what fits is taken whole or refused, never cut.
  enrol(ana);
  const std::string longer = std::string(good_password) + std::string(3000, 'x');
  EXPECT_EQ(sign_in_by_page(ana, longer, code(ana)).status, 403);
  EXPECT_EQ(sign_in_by_page(std::string(3000, 'a') + "@x.example", "x", "1").status, 403);
}

TEST_F(PeoplePages, BrokenFormsAreRefused) {
  const auto link = "/enrol/" + token_in(add(ana));
  EXPECT_EQ(ask("POST", link, "password=%zz").status, 403);
  EXPECT_EQ(ask("POST", "/sign-in", "email=%zz").status, 403);
  EXPECT_EQ(ask("POST", "/sign-in", "").status, 403);
  EXPECT_EQ(get("/enrol/nonsense").status, 404);
  EXPECT_EQ(post("/enrol/a.b.c", {{"password", good_password}, {"again", good_password}}).status,
            404);
}

}  // namespace
}  // namespace meridian::flow
