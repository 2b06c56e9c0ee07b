// SPDX-License-Identifier: Apache-2.0
// Who may see a page, and which posts are taken: hostile pages and stale forms get nowhere.
#include "web/page_door.h"

#include <map>

#include <gtest/gtest.h>

#include "http/uri.h"

namespace meridian::web {
namespace {

/// Knows two sessions.
class TwoVisitors : public People {
 public:
  std::optional<Caller> visitor(std::string_view session) override {
    const auto found = sessions.find(std::string(session));
    return found == sessions.end() ? std::nullopt : std::optional(found->second);
  }
  Result<std::string> sign_in(const SignInGiven&) override { return std::string(); }
  Result<void> sign_out(std::string_view session) override {
    sessions.erase(std::string(session));
    return {};
  }
  Result<EnrolmentView> enrolment(std::string_view) override { return EnrolmentView(); }
  Result<EnrolmentView> propose(std::string_view, std::string_view) override {
    return EnrolmentView();
  }
  Result<EnrolmentView> confirm(std::string_view, std::string_view) override {
    return EnrolmentView();
  }

  std::map<std::string, Caller> sessions{
      {"ana", {"Ana Ruiz", Role::clinic, "willow", false, "A"}},
      {"bo", {"Bo Lind", Role::viewer, "", false, "B"}},
  };
};

class PageDoorTest : public testing::Test {
 protected:
  PageDoorTest() {
    const auto show = [this](const http::Request& request) {
      const auto caller = door.caller(request);
      return http::make_response(200, "text/html",
                                 caller.name + door.form_field(request, "/inbox/7/accept"));
    };
    const auto accept = [this](const http::Request& request) {
      accepted.push_back(door.caller(request).name);
      return http::make_response(200, "text/plain", "accepted");
    };
    router.add({"GET", "/inbox/{id}", show, door.gate({Role::clinic})});
    router.add({"POST", "/inbox/{id}/accept", door.checked(accept), door.gate({Role::clinic})});
    router.add({"POST", "/open", door.checked(accept)});
  }

  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& cookie, const std::string& body = {},
                     const http::Fields& headers = {}) {
    http::Request request;
    request.method = method;
    request.target = target;
    const auto parsed = http::parse_target(target);
    request.path = parsed->path;
    request.query = parsed->query;
    request.headers = headers;
    request.headers.push_back({"Host", "meridian.example:8480"});
    if (!cookie.empty()) request.headers.push_back({"Cookie", cookie});
    const auto match = router.find(method, parsed->segments);
    request.parameters = match.parameters;
    if (match.route->gate) {
      if (auto refused = match.route->gate(request)) return *refused;
    }
    request.body = body;
    return match.route->handler(request);
  }
  /// The token that a page shown to this cookie has in its form.
  std::string token_for(const std::string& cookie) {
    const auto html = ask("GET", "/inbox/7", cookie).body;
    const auto begins = html.find("value=\"") + 7;
    return "token=" + html.substr(begins, html.find('"', begins) - begins);
  }
  static std::string header(const http::Response& response, std::string_view name) {
    return std::string(http::find_header(response.headers, name));
  }

  TwoVisitors hall;
  std::string url = "http://127.0.0.1:8480";
  PageDoor door{hall, "secret", [this] { return url; }};
  http::Router router;
  std::vector<std::string> accepted;
};

TEST_F(PageDoorTest, LetInWhoeverSignedInAndHasTheRole) {
  EXPECT_EQ(ask("GET", "/inbox/7", "meridian=ana").status, 200);
  EXPECT_NE(ask("GET", "/inbox/7", "other=x; meridian=ana; z").body.find("Ana Ruiz"),
            std::string::npos);
  EXPECT_EQ(ask("GET", "/inbox/7", "meridian=bo").status, 403) << "another role";
}

TEST_F(PageDoorTest, RefuseInTheLanguageOfTheBrowser) {
  const http::Fields spanish = {{"Accept-Language", "es-MX,es;q=0.9"}};
  const auto role = ask("GET", "/inbox/7", "meridian=bo", "", spanish);
  EXPECT_EQ(role.status, 403);
  EXPECT_NE(role.body.find("lang=\"es\""), std::string::npos);
  EXPECT_NE(role.body.find("Su función no permite"), std::string::npos);
  EXPECT_NE(ask("POST", "/inbox/7/accept", "meridian=ana", "", spanish).body.find("otra sesión"),
            std::string::npos);
  EXPECT_NE(ask("GET", "/inbox/7", "meridian=bo").body.find("Your role does not allow"),
            std::string::npos);
}

TEST_F(PageDoorTest, SendOthersToTheSignInThatLeadsBack) {
  for (const char* cookie : {"", "meridian=", "meridian=eve", "meridian", "xmeridian=ana",
                             "meridian=ana2", "=ana", ";;", "__Host-meridian=ana"}) {
    const auto answer = ask("GET", "/inbox/7?a=b&c=%22", cookie);
    EXPECT_EQ(answer.status, 303) << cookie;
    EXPECT_EQ(header(answer, "Location"), "/sign-in?next=%2Finbox%2F7%3Fa%3Db%26c%3D%2522");
  }
  EXPECT_EQ(ask("POST", "/inbox/7/accept", "").status, 403) << "a post leads nowhere";
}

TEST_F(PageDoorTest, TakeAFormOfTheirOwn) {
  const auto token = token_for("meridian=ana");
  EXPECT_EQ(ask("POST", "/inbox/7/accept", "meridian=ana", token).status, 200);
  EXPECT_EQ(ask("POST", "/inbox/7/accept", "meridian=ana", "x=y&" + token,
                {{"Sec-Fetch-Site", "same-origin"}, {"Origin", "http://meridian.example:8480"}})
                .status,
            200);
  EXPECT_EQ(ask("POST", "/inbox/7/accept", "meridian=ana", token,
                {{"Origin", "http://meridian.example:8480"}})
                .status,
            200);
  EXPECT_EQ(accepted, (std::vector<std::string>(3, "Ana Ruiz")));
}

TEST_F(PageDoorTest, RefuseFormsThatAreNotTheirs) {
  const auto token = token_for("meridian=ana");
  for (const std::string& body :
       {std::string(), std::string("token="), std::string("token=ana"), token + "0",
        token.substr(0, token.size() - 1), "xtoken=" + token.substr(6), std::string("token=%zz"),
        "token=" + std::string(64, '0')}) {
    EXPECT_EQ(ask("POST", "/inbox/7/accept", "meridian=ana", body).status, 403) << body;
  }
  EXPECT_EQ(ask("POST", "/inbox/8/accept", "meridian=ana", token).status, 403) << "another path";
  hall.sessions["ana2"] = hall.sessions["ana"];
  EXPECT_EQ(ask("POST", "/inbox/7/accept", "meridian=ana2", token).status, 403)
      << "of the sign-in before";
  EXPECT_TRUE(accepted.empty());
}

TEST_F(PageDoorTest, RefuseWhatAnotherSitesPageSends) {
  const auto token = token_for("meridian=ana");
  const http::Fields others[] = {
      {{"Sec-Fetch-Site", "cross-site"}},
      {{"Sec-Fetch-Site", "same-site"}},
      {{"Origin", "http://evil.example"}},
      {{"Origin", "null"}},
      {{"Origin", "http://meridian.example"}},
      {{"Origin", "http://meridian.example:8480.evil.example"}},
      {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://meridian.example:8480"}},
  };
  for (const auto& headers : others) {
    EXPECT_EQ(ask("POST", "/inbox/7/accept", "meridian=ana", token, headers).status, 403)
        << headers[0].value;
  }
  EXPECT_TRUE(accepted.empty());
}

TEST_F(PageDoorTest, ATokenMadeWithoutASessionIsGoodForNothing) {
  http::Request nobody;
  const auto field = door.form_field(nobody, "/open");
  const auto token = field.substr(field.find("value=\"") + 7, 64);
  EXPECT_EQ(ask("POST", "/open", "", "token=" + token).status, 403);
  EXPECT_TRUE(accepted.empty());
}

TEST_F(PageDoorTest, WhoSignsOutBetweenTwoPagesIsOutAndTheirFormsWithThem) {
  const auto token = token_for("meridian=ana");
  ASSERT_TRUE(hall.sign_out("ana"));
  EXPECT_EQ(ask("GET", "/inbox/7", "meridian=ana").status, 303);
  EXPECT_EQ(ask("POST", "/inbox/7/accept", "meridian=ana", token).status, 403);
}

TEST_F(PageDoorTest, TheCookieIsForThisHostAndNoScript) {
  EXPECT_EQ(door.cookie("abc").value, "meridian=abc; Path=/; HttpOnly; SameSite=Lax");
  url = "https://meridian.example";
  EXPECT_EQ(door.cookie("abc").value,
            "__Host-meridian=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(door.cookie("").value,
            "__Host-meridian=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
  EXPECT_EQ(ask("GET", "/inbox/7", "meridian=ana").status, 303)
      << "one that a neighbour without TLS may have set";
  EXPECT_EQ(ask("GET", "/inbox/7", "__Host-meridian=ana").status, 200);
}

TEST_F(PageDoorTest, ASignInLeadsToNoOtherSite) {
  EXPECT_EQ(next_page("/inbox/7?a=b"), "/inbox/7?a=b");
  for (const char* elsewhere :
       {"", "inbox", "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "/ x",
        "/sign-out", "/sign-in?next=/", "javascript:alert(1)", "/\x80"}) {
    EXPECT_EQ(next_page(elsewhere), "/") << elsewhere;
  }
  EXPECT_EQ(next_page("/" + std::string(600, 'a')), "/");
}

}  // namespace
}  // namespace meridian::web
