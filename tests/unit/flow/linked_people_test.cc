// SPDX-License-Identifier: Apache-2.0
// Signing in at an OpenID provider that behaves, and at many that do not.
#include "flow/linked_people.h"

#include <functional>
#include <map>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/hash.h"
#include "fhir/client/smart_key.h"
#include "http/uri.h"
#include "oidc/provider.h"
#include "unit/fhir_client/certificates.h"
#include "unit/flow/people_site.h"
#include "web/page_door.h"
#include "web/provider_pages.h"

namespace meridian::flow {
namespace {

using http::Response;
using std::chrono::minutes;

constexpr const char* ana = "ana@willow.example";
constexpr const char* issuer = "https://login.ridge.example";

fhir::SmartKey new_key(const char* kid) {
  return *fhir::SmartKey::from_pem(test::private_pem(test::make_ec_key("P-384")), "ES384", kid);
}

/// What the provider puts into its next answers; what is empty is left out.
struct Said {
  std::string iss = issuer;
  std::string aud = R"("meridian")";
  std::string sub = "u-17";
  std::string nonce = "NONCE";  ///< that of the sign-in
  std::string more = R"(,"amr":["pwd","otp"])";
  std::chrono::seconds issued{0};  ///< after now
  std::chrono::seconds until{300};
};

class ProviderTest : public testing::Test, protected PeopleSite {
 protected:
  ProviderTest() : key(new_key("k1")), stranger(new_key("k1")), linked(*bench.core) {
    bench.core->settings.provider = issuer;
    bench.core->settings.provider_amr = {"otp", "hwk"};
    bench.core->settings.provider_acr = {"urn:two"};
    oidc::ProviderSettings settings;
    settings.issuer = issuer;
    settings.client_id = "meridian";
    settings.client_secret = "s3cret&";
    settings.get = [this](const std::string& url) { return get_there(url); };
    settings.post = [this](const std::string& url, const std::string& form) {
      posted = url + "?" + form;
      return Result<oidc::Answer>(oidc::Answer{status, R"({"id_token":")" + token() + "\"}"});
    };
    provider = std::make_unique<oidc::Provider>(settings, [this] { return bench.now; });
    web::add_provider_pages(router,
                            {*provider, linked, people, door, "sealing secret",
                             [] { return "https://m.example"; }, [this] { return bench.now; }});
  }

  Result<std::string> get_there(const std::string& url) {
    if (url == std::string(issuer) + "/.well-known/openid-configuration") return configuration;
    ++keys_read;
    return fhir::jwks({&key});
  }

  std::string token() {
    if (!raw_token.empty()) return raw_token;
    const auto seconds = [&](std::chrono::seconds after) {
      return std::to_string(
          std::chrono::duration_cast<std::chrono::seconds>((bench.now + after).time_since_epoch())
              .count());
    };
    const auto nonce_said = said.nonce == "NONCE" ? nonce : said.nonce;
    claims = R"({"iss":")" + said.iss + R"(","aud":)" + said.aud + R"(,"sub":")" + said.sub +
             R"(","nonce":")" + nonce_said + R"(","iat":)" + seconds(said.issued) + R"(,"exp":)" +
             seconds(said.until) + said.more + "}";
    if (!header.empty()) {  // an HMAC under what everybody knows, or nothing
      const auto text = fhir::base64url(header) + "." + fhir::base64url(claims);
      const auto mac = hmac_sha256(fhir::jwks({&key}), text);
      return text + "." +
             (header.find("none") != header.npos
                  ? ""
                  : fhir::base64url({reinterpret_cast<const char*>(mac.data()), mac.size()}));
    }
    return *(signer != nullptr ? signer : &key)->sign(claims);
  }

  /// Keeps cookies as a browser does.
  Response ask(const std::string& target) {
    http::Request request;
    request.method = "GET";
    request.target = target;
    const auto parsed = http::parse_target(target);
    request.path = parsed->path;
    request.query = parsed->query;
    std::string all;
    for (const auto& [name, value] : cookies) all += name + "=" + value + "; ";
    request.headers.push_back({"Cookie", all});
    const auto match = router.find("GET", parsed->segments);
    auto response = match.route->handler(request);
    for (const auto& field : response.headers) {
      if (field.name != "Set-Cookie") continue;
      const auto equals = field.value.find('=');
      cookies[field.value.substr(0, equals)] =
          field.value.substr(equals + 1, field.value.find(';') - equals - 1);
    }
    return response;
  }
  static std::string location(const Response& response) {
    return std::string(http::find_header(response.headers, "Location"));
  }
  static std::string parameter(const std::string& url, const std::string& name) {
    const auto fields = http::parse_query(url.substr(url.find('?') + 1));
    return std::string(http::find_parameter(*fields, name));
  }
  /// To the provider; what it was asked is kept.
  void go(const std::string& query = "?next=/inbox") {
    asked = location(ask("/sign-in/provider" + query));
    nonce = parameter(asked, "nonce");
  }
  Response come_back(const std::string& more = "") {
    return ask("/sign-in/provider/back?code=c-1&state=" + parameter(asked, "state") + more);
  }
  bool signed_in() { return people.visitor(cookies["__Host-meridian"]).has_value(); }
  /// Whether a whole sign-in gets one in.
  bool goes_in() {
    cookies.clear();
    go();
    static_cast<void>(come_back());
    return signed_in();
  }
  std::string link(const std::string& email, const std::string& subject) {
    return intervene({"link-person", email, "", "", true, subject});
  }

  fhir::SmartKey key;
  fhir::SmartKey stranger;
  const fhir::SmartKey* signer = nullptr;
  Said said;
  std::string header;     ///< of a token that no key signed
  std::string raw_token;  ///< in place of all that
  std::string claims;
  std::string nonce;
  std::string asked;
  std::string posted;
  int status = 200;
  int keys_read = 0;
  std::string configuration = R"({"issuer":"https://login.ridge.example",)"
                              R"("authorization_endpoint":"https://login.ridge.example/auth",)"
                              R"("token_endpoint":"https://login.ridge.example/token",)"
                              R"("jwks_uri":"https://login.ridge.example/jwks",)"
                              R"("end_session_endpoint":"https://login.ridge.example/end"})";
  RuntimeLinkedPeople linked;
  web::PageDoor door{people, "forms", [] { return "https://m.example"; }};
  std::unique_ptr<oidc::Provider> provider;
  http::Router router;
  std::map<std::string, std::string> cookies;
};

TEST_F(ProviderTest, SomebodyWhoIsLinkedSignsIn) {
  enrol(ana);
  ASSERT_NE(link(ana, "u-17").find(R"("done":true)"), std::string::npos);
  go();
  EXPECT_TRUE(asked.starts_with("https://login.ridge.example/auth?response_type=code"));
  EXPECT_EQ(parameter(asked, "redirect_uri"), "https://m.example/sign-in/provider/back");
  EXPECT_EQ(parameter(asked, "code_challenge_method"), "S256");
  const auto response = come_back();
  EXPECT_EQ(location(response), "/inbox");
  EXPECT_TRUE(signed_in());
  EXPECT_EQ(parameter(posted, "client_secret"), "s3cret&");
  const auto digest = sha256(parameter(posted, "code_verifier"));
  EXPECT_EQ(fhir::base64url({reinterpret_cast<const char*>(digest.data()), digest.size()}),
            parameter(asked, "code_challenge"));
  EXPECT_EQ(audited().back(), "SignIn person/" + person(ana).id + " success");
}

TEST_F(ProviderTest, NobodyIsFoundByMailAddress) {
  enrol(ana);
  said.more += R"(,"email":"ana@willow.example","email_verified":true)";
  EXPECT_FALSE(goes_in());
  link(ana, "u-18");
  EXPECT_FALSE(goes_in());
  EXPECT_EQ(audited().back(), "SignIn unknown failure");
}

TEST_F(ProviderTest, WhatAProviderSaysWrongIsRefused) {
  enrol(ana);
  link(ana, "u-17");
  const std::pair<const char*, std::function<void(Said&)>> cases[] = {
      {"iss of another", [](Said& s) { s.iss = "https://login.evil.example"; }},
      {"aud of another", [](Said& s) { s.aud = R"("other")"; }},
      {"several aud, no azp", [](Said& s) { s.aud = R"(["meridian","other"])"; }},
      {"azp of another", [](Said& s) { s.more += R"(,"azp":"other")"; }},
      {"nonce of another", [](Said& s) { s.nonce = "n-1"; }},
      {"no nonce", [](Said& s) { s.nonce = ""; }},
      {"no sub", [](Said& s) { s.sub = ""; }},
      {"over", [](Said& s) { s.until = minutes(-2); }},
      {"from the future", [](Said& s) { s.issued = minutes(2); }},
      {"not yet", [](Said& s) { s.more += R"(,"nbf":32000000000)"; }},
      {"sub twice", [](Said& s) { s.more += R"(,"sub":"u-17")"; }},
      {"one factor", [](Said& s) { s.more = R"(,"amr":["pwd"])"; }},
      {"nothing of factors", [](Said& s) { s.more = ""; }},
      {"another acr", [](Said& s) { s.more = R"(,"acr":"urn:one")"; }},
  };
  for (const auto& [what, spoil] : cases) {
    said = {};
    spoil(said);
    EXPECT_FALSE(goes_in()) << what;
  }
  said = {};
  EXPECT_TRUE(goes_in());
  said.more = R"(,"acr":"urn:two")";
  EXPECT_TRUE(goes_in());
  said.aud = R"(["meridian","other"])";
  said.more += R"(,"azp":"meridian")";
  EXPECT_TRUE(goes_in());
}

TEST_F(ProviderTest, WhatNobodySignedIsRefused) {
  enrol(ana);
  link(ana, "u-17");
  for (const char* hostile :
       {R"({"alg":"none"})", R"({"alg":"none","kid":"k1"})", R"({"alg":"HS256","kid":"k1"})",
        R"({"alg":"ES384","kid":"k1"})", R"({"alg":"ES384"})", R"({"alg":"RS256","kid":"k1"})",
        R"({"alg":"ES384","kid":"k1","crit":["b64"]})"}) {
    header = hostile;
    EXPECT_FALSE(goes_in()) << hostile;
  }
  header.clear();
  signer = &stranger;
  EXPECT_FALSE(goes_in());
  signer = nullptr;
  for (const char* none : {"x", "a.b.c", "..", "{}"}) {
    raw_token = none;
    EXPECT_FALSE(goes_in()) << none;
  }
  raw_token.clear();
  EXPECT_TRUE(goes_in());
  raw_token = token();  // signed for the sign-in before
  EXPECT_FALSE(goes_in());
}

TEST_F(ProviderTest, KeysMayChangeAndUnknownOnesMakeNoFlood) {
  enrol(ana);
  link(ana, "u-17");
  ASSERT_TRUE(goes_in());
  EXPECT_EQ(keys_read, 1);
  key = new_key("k2");
  bench.pass(minutes(1));
  EXPECT_TRUE(goes_in());
  EXPECT_EQ(keys_read, 2);
  const auto other = new_key("k3");
  signer = &other;
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(goes_in());
  EXPECT_EQ(keys_read, 2) << "not again within half a minute";
}

TEST_F(ProviderTest, WhatWasBegunIsForThisBrowserForAWhileAndOnce) {
  enrol(ana);
  link(ana, "u-17");
  go();
  const auto kept = cookies;
  EXPECT_EQ(ask("/sign-in/provider/back?code=c-1&state=other").status, 403);
  EXPECT_EQ(ask("/sign-in/provider/back?code=c-1").status, 403);
  cookies.clear();
  EXPECT_EQ(come_back().status, 403) << "another browser";
  cookies = kept;
  auto& sealed = cookies["__Host-meridian-provider"];
  sealed[10] = sealed[10] == '0' ? '1' : '0';
  EXPECT_EQ(come_back().status, 403) << "a changed cookie";
  cookies = kept;
  EXPECT_EQ(come_back().status, 303);
  EXPECT_EQ(cookies["__Host-meridian-provider"], "");
  cookies = kept;  // somebody kept a copy
  EXPECT_EQ(come_back().status, 403) << "the same answer again";
  go();
  bench.pass(minutes(16));
  EXPECT_EQ(come_back().status, 403);
}

TEST_F(ProviderTest, AnAnswerOfAnotherProviderIsRefused) {
  enrol(ana);
  link(ana, "u-17");
  go();
  EXPECT_EQ(come_back("&iss=https://login.evil.example").status, 403);
  go();
  EXPECT_EQ(come_back("&iss=https://login.ridge.example").status, 303);
  configuration.insert(1, R"("authorization_response_iss_parameter_supported":true,)");
  bench.pass(std::chrono::hours(2));
  go();
  EXPECT_EQ(come_back().status, 403) << "one that always names itself";
}

TEST_F(ProviderTest, AnErrorOrARefusedCodeSignsNobodyIn) {
  enrol(ana);
  link(ana, "u-17");
  go();
  EXPECT_EQ(
      ask("/sign-in/provider/back?error=access_denied&state=" + parameter(asked, "state")).status,
      403);
  status = 400;
  EXPECT_FALSE(goes_in());
}

TEST_F(ProviderTest, AConfigurationThatNamesAnotherIssuerIsNotTaken) {
  configuration = R"({"issuer":"https://login.evil.example","authorization_endpoint":"https://x/",)"
                  R"("token_endpoint":"https://x/","jwks_uri":"https://x/"})";
  EXPECT_EQ(ask("/sign-in/provider").status, 503);
}

TEST_F(ProviderTest, WhoIsLockedOrRemovedStaysOut) {
  enrol(ana);
  link(ana, "u-17");
  intervene({"lock-person", ana, "", "", true});
  EXPECT_FALSE(goes_in());
  intervene({"unlock-person", ana, "", "", true});
  EXPECT_TRUE(goes_in());
  intervene({"remove-person", ana, "", "", true});
  EXPECT_FALSE(signed_in());
  EXPECT_FALSE(goes_in());
}

TEST_F(ProviderTest, AnInvitationOpenedByTheProviderLinksOnce) {
  const auto invitation = token_in(add(ana));
  go("?invitation=" + invitation);
  EXPECT_EQ(come_back().status, 303);
  EXPECT_TRUE(signed_in());
  EXPECT_EQ(person(ana).identity, std::string(issuer) + " u-17");
  EXPECT_TRUE(goes_in());
  EXPECT_EQ(sign_in(ana, "", code(ana)), "unauthorized") << "there is no password";
  said.sub = "u-99";
  go("?invitation=" + invitation);
  EXPECT_EQ(come_back().status, 403) << "the link is used up";
}

TEST_F(ProviderTest, OneAccountIsOnePerson) {
  enrol(ana);
  link(ana, "u-17");
  const auto invitation = token_in(add("ben@willow.example"));
  go("?invitation=" + invitation);
  EXPECT_EQ(come_back().status, 403);
  EXPECT_NE(link("ben@willow.example", "u-17").find("somebody else is linked"), std::string::npos);
  go("?invitation=" + invitation + "x");
  EXPECT_EQ(come_back().status, 403);
}

TEST_F(ProviderTest, LeadsNowhereElse) {
  enrol(ana);
  link(ana, "u-17");
  for (const char* hostile :
       {"?next=https://evil.example", "?next=//evil.example", "?next=/%0d%0ax"}) {
    cookies.clear();
    go(hostile);
    EXPECT_EQ(location(come_back()), "/home") << hostile;
  }
  EXPECT_EQ(location(ask("/sign-out/provider")),
            "https://login.ridge.example/end?client_id=meridian&post_logout_redirect_uri="
            "https%3A%2F%2Fm.example%2Fsign-in");
}

}  // namespace
}  // namespace meridian::flow
