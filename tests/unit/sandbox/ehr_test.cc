// SPDX-License-Identifier: Apache-2.0
// The sandbox's EHR launches an app, and refuses what an app may get wrong.
#include "fhir_server/ehr.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "http/uri.h"
#include "port/id_token.h"

namespace meridian::test {
namespace {

using namespace sandbox;

constexpr const char* verifier = "a-verifier-of-more-than-forty-three-characters";
const Instant now = *parse_instant("2026-11-20T10:00:00Z");

std::string challenge_of(std::string_view text) {
  const auto digest = sha256(text);
  return base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

class SandboxEhr : public testing::Test {
 protected:
  SandboxEhr()
      : service_(ServerSettings(), [] { return now; }), ehr_(service_, [] { return now; }) {
    service_.set_base("http://ehr.example/fhir");
    service_.load(R"({"resourceType":"Practitioner","id":"a","name":[{"text":"Dr. Aalto"}]})");
    service_.load(R"({"resourceType":"Practitioner","id":"v","name":[{"given":["Imre"],
                      "family":"Varga"}]})");
    service_.load(R"({"resourceType":"Patient","id":"p1","birthDate":"1985-05-05",
                      "name":[{"given":["Tunde <i>"],"family":"Abara"}]})");
    service_.load(R"({"resourceType":"Patient","id":"p2"})");
    service_.load(R"({"resourceType":"ServiceRequest","id":"o1","status":"active",
                      "subject":{"reference":"Patient/p1"},"code":{"text":"Acupuncture"},
                      "requester":{"reference":"Practitioner/v"}})");
    router_ = service_.routes(ehr_.routes());
  }

  http::Response get(const std::string& target) { return send("GET", target, ""); }

  http::Response send(const std::string& method, const std::string& target,
                      const std::string& body) {
    const auto parsed = http::parse_target(target);
    const auto match = router_.find(method, parsed->segments);
    if (match.route == nullptr) return router_.error(404);
    http::Request request;
    request.method = method;
    request.target = target;
    request.query = parsed->query;
    request.parameters = match.parameters;
    request.body = body;
    return match.route->handler(request);
  }

  static Json body_of(const http::Response& response) {
    return Json::parse(response.body).value_or(Json());
  }

  static std::string between(const std::string& text, const std::string& begin, char end) {
    const auto at = text.find(begin);
    if (at == std::string::npos) return {};
    const auto from = at + begin.size();
    return text.substr(from, text.find(end, from) - from);
  }

  std::string launch(const std::string& patient) {
    return between(get("/ehr/chart/" + patient + "?app=http://app.example/launch").body,
                   "launch=", '"');
  }

  /// The query of an authorisation; `changed` takes the place of one of its fields.
  static std::string query(std::vector<std::pair<std::string, std::string>> fields,
                           const std::pair<std::string, std::string>& changed = {}) {
    std::string out;
    for (const auto& [name, value] : fields) {
      const auto& said = name == changed.first ? changed.second : value;
      out += (out.empty() ? "" : "&") + name + "=" + http::percent_encode(said);
    }
    return out;
  }
  static std::string asking(const std::string& launch,
                            const std::pair<std::string, std::string>& changed = {}) {
    return query({{"response_type", "code"},
                  {"client_id", "an-app"},
                  {"redirect_uri", "http://app.example/back"},
                  {"launch", launch},
                  {"scope", "launch openid fhirUser user/*.rs"},
                  {"state", "st&te"},
                  {"nonce", "n-1"},
                  {"aud", "http://ehr.example/fhir"},
                  {"code_challenge", challenge_of(verifier)},
                  {"code_challenge_method", "S256"}},
                 changed);
  }
  static std::string form(const std::string& code,
                          const std::pair<std::string, std::string>& changed = {}) {
    return query({{"grant_type", "authorization_code"},
                  {"code", code},
                  {"redirect_uri", "http://app.example/back"},
                  {"client_id", "an-app"},
                  {"code_verifier", verifier}},
                 changed);
  }
  std::string code(const std::string& patient) {
    const auto answer = get("/ehr/authorize?" + asking(launch(patient)));
    EXPECT_EQ(answer.status, 302) << answer.body;
    const std::string place(http::find_header(answer.headers, "Location"));
    EXPECT_TRUE(place.starts_with("http://app.example/back?code=")) << place;
    EXPECT_TRUE(place.ends_with("&state=st%26te")) << place;
    return between(place, "code=", '&');
  }

  FhirService service_;
  Ehr ehr_;
  http::Router router_;
};

TEST_F(SandboxEhr, TellsAnAppWhoIsSignedInAndWhichPatientIsOpen) {
  const auto given = body_of(send("POST", "/ehr/token", form(code("p1"))));
  EXPECT_EQ(given["patient"].text(), "p1");
  EXPECT_EQ(given["token_type"].text(), "Bearer");
  const auto place = body_of(get("/fhir/.well-known/smart-configuration"));
  EXPECT_EQ(place["jwks_uri"].text(), "http://ehr.example/ehr/keys");
  const auto keys = JwkSet::parse_for_sign_in(get("/ehr/keys").body);
  ASSERT_TRUE(keys);
  const auto claims = verify_id_token(given["id_token"].text(),
                                      {place["issuer"].text(), "an-app", "n-1"}, *keys, now);
  ASSERT_TRUE(claims) << claims.error().what.view();
  EXPECT_EQ(claims->text("fhirUser"), "http://ehr.example/fhir/Practitioner/v")
      << "who ordered opens the chart";
  EXPECT_EQ(claims->text("name"), "Imre Varga");
}

TEST_F(SandboxEhr, OpensAPatientWithoutOrderAsTheFirstClinician) {
  const auto given = body_of(send("POST", "/ehr/token", form(code("p2"))));
  EXPECT_EQ(given["patient"].text(), "p2");
  EXPECT_NE(get("/ehr/chart/p2?app=http://app.example/").body.find("Dr. Aalto"), std::string::npos);
}

TEST_F(SandboxEhr, GivesNoCodeToAnAppThatAsksWrongly) {
  const auto opened = launch("p1");
  const std::pair<std::string, std::string> wrong[] = {{"response_type", "token"},
                                                       {"client_id", ""},
                                                       {"redirect_uri", "javascript:"},
                                                       {"launch", "another"},
                                                       {"state", ""},
                                                       {"aud", "http://other.example/fhir"},
                                                       {"code_challenge", ""},
                                                       {"code_challenge_method", "plain"}};
  for (const auto& each : wrong) {
    EXPECT_EQ(get("/ehr/authorize?" + asking(opened, each)).status, 400) << each.first;
  }
  EXPECT_EQ(get("/ehr/authorize?" + asking(opened)).status, 302);
}

TEST_F(SandboxEhr, GivesNoTokenForACodeOfAnothersOrTwice) {
  const std::pair<std::string, std::string> wrong[] = {{"grant_type", "password"},
                                                       {"code", "another"},
                                                       {"redirect_uri", "http://app.example/"},
                                                       {"client_id", "another"},
                                                       {"code_verifier", "another"}};
  for (const auto& each : wrong) {
    EXPECT_EQ(send("POST", "/ehr/token", form(code("p1"), each)).status, 400) << each.first;
  }
  const auto good = code("p1");
  EXPECT_EQ(send("POST", "/ehr/token", form(good)).status, 200);
  EXPECT_EQ(send("POST", "/ehr/token", form(good)).status, 400);
}

TEST_F(SandboxEhr, ListsItsPatientsAndShowsNothingAsMarkup) {
  const auto list = get("/ehr?app=http://app.example/%22%3E%3Cb%3E").body;
  EXPECT_NE(list.find("Tunde &lt;i> Abara"), std::string::npos) << list;
  EXPECT_LT(list.find("Abara"), list.find(">p2<")) << "with an order, then without";
  EXPECT_EQ(list.find("<b>"), std::string::npos);
  const auto chart = get("/ehr/chart/p1?app=http://app.example/%22%3E%3Cb%3E").body;
  EXPECT_EQ(chart.find("<b>"), std::string::npos);
  EXPECT_EQ(get("/ehr/chart/p1?app=javascript:alert(1)").status, 400);
  EXPECT_EQ(get("/ehr/chart/nobody?app=http://app.example/").status, 404);
  EXPECT_NE(get("/ehr").body.find("Launch address"), std::string::npos) << "no app was named";
}

}  // namespace
}  // namespace meridian::test
