// SPDX-License-Identifier: Apache-2.0
// The services as an EHR calls them: discovery, cards, feedback, browsers, and a slow record.
#include <gtest/gtest.h>

#include "unit/cds_hooks/hospital.h"

namespace meridian::test {
namespace {

const std::string sign = "ehr/cds-services/order-sign";

/// Topics of what was shown, with their levels.
bool has(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

std::string audit_of(Hospital& hospital, const std::string& event) {
  std::string all;
  const auto rows = hospital.bench.store->audit(100);
  for (const auto& row : *rows) {
    if (row.event == event) all += row.actor + " " + row.object + " " + row.outcome + "\n";
  }
  return all;
}

TEST(CdsServices, SayWhatThereIsAndWhatToPrefetch) {
  Hospital hospital;
  const auto said = hospital.get("ehr/cds-services");
  ASSERT_EQ(said.status, 200);
  EXPECT_EQ(at(said.body, "/services/0/hook"), "order-sign");
  EXPECT_EQ(at(said.body, "/services/0/id"), "order-sign");
  EXPECT_EQ(at(said.body, "/services/1/hook"), "order-dispatch");
  EXPECT_EQ(at(said.body, "/services/2/hook"), "patient-view");
  EXPECT_EQ(at(said.body, "/services/0/prefetch/patient"), "Patient/{{context.patientId}}");
  EXPECT_EQ(at(said.body, "/services/0/prefetch/conditions"),
            "Condition?patient={{context.patientId}}");
  EXPECT_EQ(at(said.body, "/services/2/prefetch"), "");
  EXPECT_EQ(hospital.get("nobody/cds-services").status, 404);
}

TEST(CdsServices, OfAnOrderThatMayGoSayWhoCouldTakeThePatient) {
  Hospital hospital;
  const auto response = hospital.post(sign, order_sign({draft_order()}));
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(hospital.shown, std::vector<std::string>{"receiver info"}) << response.body;
  EXPECT_NE(at(response.body, "/cards/0/summary").find("willow could take this patient"),
            std::string::npos);
  EXPECT_EQ(hospital.bench.store->referrals(10)->size(), 0U) << "nothing is kept";
  EXPECT_NE(audit_of(hospital, "AdviceGiven").find(" receiver\n"), std::string::npos);
  EXPECT_NE(audit_of(hospital, "PatientRead"), "");
}

TEST(CdsServices, OfOtherOrdersSayNothingAndReadNothing) {
  Hospital hospital;
  const auto response =
      hospital.post(sign, order_sign({draft_order(R"({"text":"MRI of the lumbar spine"})")}));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"cards":[]})");
  EXPECT_EQ(hospital.bench.history->asked, 0);
  auto foreign = draft_order();
  foreign.replace(foreign.find("Patient/alder"), 13, "Patient/birch");
  EXPECT_EQ(hospital.post(sign, order_sign({foreign})).body, R"({"cards":[]})");
  EXPECT_EQ(hospital.bench.history->asked, 0);
}

TEST(CdsServices, BringPrefetchAndTokenToTheGatherer) {
  Hospital hospital;
  const std::string more =
      R"(,"fhirServer":"https://ehr.example/fhir","fhirAuthorization":{"access_token":"theirs"},)"
      R"("prefetch":{"conditions":{"resourceType":"Bundle"}})";
  hospital.post(sign, order_sign({draft_order()}, more));
  ASSERT_EQ(hospital.bench.history->last.read.size(), 1U);
  EXPECT_EQ(hospital.bench.history->last.read[0].name, "conditions");
  EXPECT_EQ(hospital.bench.history->last.token.reveal(), "") << "the site did not allow it";
  hospital.client.token_used = true;
  hospital.open();
  hospital.post(sign, order_sign({draft_order()}, more));
  EXPECT_EQ(hospital.bench.history->last.token.reveal(), "theirs");
}

TEST(CdsServices, CallNoServerThatIsNotTheHospitals) {
  Hospital hospital;
  const auto response = hospital.post(
      sign, order_sign({draft_order()}, R"(,"fhirServer":"https://evil.example/fhir")"));
  EXPECT_EQ(response.status, 412);
  EXPECT_EQ(hospital.bench.history->asked, 0);
}

TEST(CdsServices, AnswerWhenTheRecordCannotBeRead) {
  Hospital hospital;
  hospital.bench.history->failures = {{ErrorCode::timed_out, "test", "slow"}};
  const auto response = hospital.post(sign, order_sign({draft_order()}));
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_TRUE(has(hospital.shown, "unread info")) << response.body;
}

TEST(CdsServices, DoNotWaitForTheRecordWhenTooManyDo) {
  Hospital hospital;
  hospital.waiting = 0;
  hospital.open();
  hospital.post(sign, order_sign({draft_order()}));
  EXPECT_LE(*hospital.bench.history->last.until, std::chrono::steady_clock::now());
}

TEST(CdsServices, TellTheClientWhatIsWrongWithItsCall) {
  Hospital hospital;
  EXPECT_EQ(hospital.post(sign, "{}").status, 400);
  EXPECT_EQ(hospital
                .post(sign, R"({"hook":"patient-view","hookInstance":"h",
      "context":{"patientId":"alder"}})")
                .status,
            400)
      << "another hook than the service's";
  EXPECT_EQ(hospital.post("ehr/cds-services/other", "{}").status, 404);
}

TEST(CdsServices, KeepFeedbackOnceAndNoFreeText) {
  Hospital hospital;
  hospital.bench.history->facts = flow::bundle({flow::patient(), flow::back_pain()});
  const auto response = hospital.post(sign, order_sign({draft_order()}));
  ASSERT_TRUE(has(hospital.shown, "missing warning")) << response.body;
  EXPECT_EQ(at(response.body, "/cards/0/overrideReasons/0/code"), "examined");
  const auto card = at(response.body, "/cards/0/uuid");
  const auto overridden = [&](const std::string& code) {
    return R"({"feedback":[{"card":")" + card + R"(","outcome":"overridden","overrideReason":)" +
           R"({"reason":{"code":")" + code + R"("},"userComment":"Mr. Alder is fine"}}]})";
  };
  EXPECT_EQ(hospital.post(sign + "/feedback", overridden("examined")).status, 200);
  EXPECT_EQ(hospital.post(sign + "/feedback", overridden("examined")).status, 200);
  EXPECT_EQ(hospital.feedback, std::vector<std::string>{"missing overridden"});
  EXPECT_EQ(audit_of(hospital, "AdviceFeedback"), "ehr " + card + " overridden:examined\n");
  // Not a code of ours: it may be anything.
  hospital.post(sign, order_sign({draft_order()}));
  const auto other = card.substr(0, 34) + "7f";
  auto body = overridden("Mr. Alder");
  body.replace(body.find(card), card.size(), other);
  EXPECT_EQ(hospital.post(sign + "/feedback", body).status, 200);
  EXPECT_NE(audit_of(hospital, "AdviceFeedback").find(other + " overridden:other"),
            std::string::npos);
  // No card of ours.
  EXPECT_EQ(hospital.post(sign + "/feedback", R"({"feedback":[{"card":"x","outcome":"accepted"}]})")
                .status,
            200);
  EXPECT_EQ(hospital.feedback.size(), 2U);
  EXPECT_EQ(hospital.post(sign + "/feedback", "{}", hospital.token(sign)).status, 400)
      << "the token may name the service as well";
}

TEST(CdsServices, LetBrowsersInFromConfiguredOriginsAlone) {
  Hospital hospital;
  const http::Fields ours = {{"Origin", "https://ehr.example"}};
  const http::Fields others = {{"Origin", "https://evil.example"}};
  const auto flight = hospital.options(sign, ours);
  EXPECT_EQ(flight.status, 204);
  EXPECT_EQ(header_of(flight, "Access-Control-Allow-Origin"), "https://ehr.example");
  EXPECT_NE(header_of(flight, "Access-Control-Allow-Headers").find("Authorization"),
            std::string::npos);
  EXPECT_EQ(header_of(hospital.options(sign, others), "Access-Control-Allow-Origin"), "");
  const auto answered = hospital.post(sign, order_sign({draft_order()}), std::nullopt, ours);
  EXPECT_EQ(header_of(answered, "Access-Control-Allow-Origin"), "https://ehr.example");
  EXPECT_EQ(header_of(answered, "Vary"), "Origin");
  EXPECT_EQ(header_of(hospital.get("ehr/cds-services", others), "Access-Control-Allow-Origin"), "");
}

}  // namespace
}  // namespace meridian::test
