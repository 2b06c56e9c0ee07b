// SPDX-License-Identifier: Apache-2.0
// MEDITECH: client_credentials that is advertised and not granted, numbers of requests in headers,
// and a paging parameter of its own.
#include <gtest/gtest.h>

#include "fhir/exchange/fhir_renderer.h"
#include "fhir/exchange/fhir_sender.h"
#include "fhir/read/reader.h"
#include "unit/fhir_client/jws.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/fhir_vendors/vendor.h"

namespace meridian::fhir {
namespace {

using test::asked;
using test::json;
using test::kind;
using test::page;
using test::Reply;
using test::Seen;

constexpr const char* request_number = "3e4cb2f7-32da-acdb-6cca-2eb944e80e55";
constexpr const char* trace_parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class Meditech : public test::Vendor {
 public:
  Meditech() : Vendor("meditech") {
    admit_patient();
    instead = [this](const Seen& seen) { return quirk(seen); };
    spoil = [this](const Seen&, Reply& reply) { number(reply); };
  }

  SmartBackendAuth auth() const {
    SmartBackendAuth auth;
    auth.client_id = "meridian";
    auth.key_pem = Sensitive(test::private_pem(key_));
    auth.kid = "k1";
    auth.scopes = "system/Patient.rs";
    auth.token_url = server().url("/fhir/token");
    return auth;
  }

  std::string token_error = "unauthorized_client";
  int status = 0;  ///< of every read, when set
  std::string trace = request_number;

 private:
  void number(Reply& reply) const {
    reply.headers.emplace_back("mtrestapi-requestid", trace);
    reply.headers.emplace_back("traceparent", trace_parent);
  }

  std::optional<Reply> quirk(const Seen& seen) {
    const auto search = asked(seen);
    if (search.type == "token") return json(400, R"({"error":")" + token_error + R"("})");
    if (status != 0) {
      Reply reply = json(status, "");
      number(reply);
      return reply;
    }
    if (search.type == "Condition" && search.id.empty()) {
      if (!search.has("continue")) {
        return json(200, page({record("c1")}, base() + "/Condition?patient=p1&continue=abc%2F2"));
      }
      EXPECT_EQ(search["continue"], "abc/2") << "as it was given";
      return json(200, page({record("c2")}));
    }
    return std::nullopt;
  }

  static std::string record(const std::string& id) {
    return R"({"resourceType":"Condition","id":")" + id +
           R"(","code":{"text":"Sciatica"},"subject":{"reference":"Patient/p1"}})";
  }

  test::Key key_ = test::make_rsa_key(2048);
};

TEST(Meditech, AClientThatIsKnownButNotAllowedIsToldFromOneThatIsNotKnown) {
  for (const auto& [word, code, advice] :
       {std::tuple{"unauthorized_client", ErrorCode::forbidden, "allow this client the backend"},
        {"invalid_client", ErrorCode::unauthorized, "compare client_id, kid and algorithm"}}) {
    Meditech meditech;
    meditech.token_error = word;
    auto settings = meditech.settings();
    settings.auth = meditech.auth();
    const auto client = meditech.client(settings);
    const auto answer = client->read("Patient/p1");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, code);
    EXPECT_EQ(test::requests(meditech, "POST", "/fhir/token"), 1U) << "never repeated";
    meditech.now += std::chrono::minutes(2);
    const auto issues = client->probe();
    ASSERT_EQ(issues.size(), 1U);
    EXPECT_NE(issues.front().text.find(advice), std::string::npos) << issues.front().text;
    EXPECT_NE(issues.front().text.find(word), std::string::npos) << issues.front().text;
  }
}

TEST(Meditech, PagesAreFollowedByItsOwnParameter) {
  Meditech meditech;
  const auto gathered = meditech.gather();
  EXPECT_EQ(kind(*gathered, "conditions").completeness, Completeness::complete);
  EXPECT_EQ(read_fhir(gathered->facts.bytes)->conditions.size(), 2U);
}

TEST(Meditech, WhatComesBackIsOneMessageWithTheNoteAttached) {
  Meditech meditech;
  meditech.admit_patient("p-204", "sr-88");
  const auto capabilities = std::make_shared<Capabilities>(meditech.dialect().expected);
  const auto letter = test::read_case(test::render_cases() / "consult-note")->letter;
  const auto made =
      FhirRenderer(capabilities, {}, {}, meditech.dialect().write_back).render(letter, {});
  ASSERT_TRUE(made);
  const auto client = meditech.client();
  ASSERT_TRUE(FhirSender(*client, meditech.dialect().write_back).send(*made, false));
  EXPECT_EQ(meditech.count("DocumentReference") + meditech.count("Task"), 0U);
  ASSERT_EQ(meditech.count("Communication"), 1U);
  const auto message = meditech.read("Communication/" + meditech.ids("Communication"));
  EXPECT_EQ(message["payload"].size(), 4U) << "words, and what the note has";
}

TEST(Meditech, TheNumbersOfAFailedRequestAreInTheLog) {
  Meditech meditech;
  meditech.status = 404;
  testing::internal::CaptureStderr();
  EXPECT_TRUE(meditech.client()->read("Patient/p1")->failure);
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("\"trace\":\"" + std::string(request_number) + " " + trace_parent + "\""),
            std::string::npos)
      << log;
}

TEST(Meditech, AHeaderThatIsNoNumberStaysOutOfTheLog) {
  Meditech meditech;
  meditech.status = 404;
  meditech.trace = "DOE JANE 1961-05-09";
  testing::internal::CaptureStderr();
  EXPECT_TRUE(meditech.client()->read("Patient/p1")->failure);
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(log.find("DOE"), std::string::npos) << log;
  EXPECT_NE(log.find(trace_parent), std::string::npos);
}

}  // namespace
}  // namespace meridian::fhir
