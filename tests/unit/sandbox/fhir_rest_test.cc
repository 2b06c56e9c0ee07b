// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "unit/sandbox/direct_client.h"

namespace meridian::test {
namespace {

using sandbox::Json;

const std::string task = R"({"resourceType":"Task","status":"requested","intent":"order"})";

std::string with_identifier(const std::string& value) {
  return R"({"resourceType":"Task","status":"requested","intent":"order",)"
         R"("identifier":[{"system":"urn:m","value":")" +
         value + "\"}]}";
}

TEST(FhirRest, GivesANewResourceItsOwnIdAndAVersion) {
  DirectClient client;
  const auto made =
      client.send("POST", "/Task", R"({"resourceType":"Task","id":"mine","status":"draft"})");
  EXPECT_EQ(made.status, 201);
  const Json body = *Json::parse(made.body);
  EXPECT_NE(body["id"].text(), "mine");
  EXPECT_EQ(body["meta"]["versionId"].text(), "1");
  EXPECT_EQ(http::find_header(made.headers, "ETag"), "W/\"1\"");
  EXPECT_EQ(http::find_header(made.headers, "Location"),
            std::string(DirectClient::base) + "/Task/" + body["id"].text() + "/_history/1");
}

TEST(FhirRest, KeepsDecimalsAsWritten) {
  DirectClient client;
  client.send("PUT", "/Observation/o",
              R"({"resourceType":"Observation","id":"o","valueQuantity":{"value":1.50}})");
  EXPECT_EQ(client.json("GET", "/Observation/o")["valueQuantity"]["value"].text(), "1.50");
}

TEST(FhirRest, ReadsEachVersionAndTheHistory) {
  DirectClient client;
  client.send("PUT", "/Task/t", R"({"resourceType":"Task","id":"t","status":"requested"})");
  client.send("PUT", "/Task/t", R"({"resourceType":"Task","id":"t","status":"accepted"})");
  EXPECT_EQ(client.json("GET", "/Task/t/_history/1")["status"].text(), "requested");
  EXPECT_EQ(client.json("GET", "/Task/t")["status"].text(), "accepted");
  EXPECT_EQ(client.json("GET", "/Task/t/_history")["total"].text(), "2");
  EXPECT_EQ(client.status("GET", "/Task/t/_history/3"), 404);
}

TEST(FhirRest, TellsUnknownFromDeleted) {
  DirectClient client;
  client.send("PUT", "/Task/t", R"({"resourceType":"Task","id":"t"})");
  EXPECT_EQ(client.status("DELETE", "/Task/t"), 204);
  EXPECT_EQ(client.status("GET", "/Task/t"), 410);
  EXPECT_EQ(client.status("GET", "/Task/never"), 404);
  EXPECT_EQ(client.status("GET", "/Tusk/t"), 404);
}

TEST(FhirRest, RefusesAnUpdateOfAnOlderVersion) {
  DirectClient client;
  const std::string body = R"({"resourceType":"Task","id":"t","status":"requested"})";
  EXPECT_EQ(client.status("PUT", "/Task/t", body, {{"If-Match", "W/\"1\""}}), 412)
      << "nothing to match yet";
  EXPECT_EQ(client.status("PUT", "/Task/t", body), 201);
  EXPECT_EQ(client.status("PUT", "/Task/t", body, {{"If-Match", "W/\"1\""}}), 200);
  EXPECT_EQ(client.status("PUT", "/Task/t", body, {{"If-Match", "W/\"1\""}}), 412);
  EXPECT_EQ(client.json("GET", "/Task/t")["meta"]["versionId"].text(), "2");
}

TEST(FhirRest, CreatesOnceUnderACondition) {
  DirectClient client;
  const http::Fields once = {{"If-None-Exist", "identifier=urn:m|1"}};
  EXPECT_EQ(client.status("POST", "/Task", with_identifier("1"), once), 201);
  const auto again = client.send("POST", "/Task", with_identifier("1"), once);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(client.json("GET", "/Task?_summary=count")["total"].text(), "1");
  client.send("POST", "/Task", with_identifier("1"));
  EXPECT_EQ(client.status("POST", "/Task", with_identifier("1"), once), 412) << "two fit now";
}

TEST(FhirRest, RefusesAConditionThatItDoesNotUnderstand) {
  DirectClient client;
  EXPECT_EQ(client.status("POST", "/Task", task, {{"If-None-Exist", "colour=blue"}}), 400)
      << "ignoring it would create twice or find a stranger";
  EXPECT_EQ(client.status("POST", "/Task", task, {{"If-None-Exist", "identifier="}}), 400);
}

TEST(FhirRest, UpdatesUnderACondition) {
  DirectClient client;
  EXPECT_EQ(client.status("PUT", "/Task?identifier=urn:m|1", with_identifier("1")), 201);
  EXPECT_EQ(client.status("PUT", "/Task?identifier=urn:m|1", with_identifier("1")), 200);
  EXPECT_EQ(client.json("GET", "/Task?_summary=count")["total"].text(), "1");
}

TEST(FhirRest, RefusesWhatIsNotTheResourceTheUrlNames) {
  DirectClient client;
  EXPECT_EQ(client.status("POST", "/Patient", task), 400);
  EXPECT_EQ(client.status("PUT", "/Task/a", R"({"resourceType":"Task","id":"b"})"), 400);
  EXPECT_EQ(client.status("POST", "/Task", "{"), 400);
  EXPECT_EQ(client.status("POST", "/Task", "[]"), 400);
  EXPECT_EQ(client.status("POST", "/Task", "<Task/>", {{"Content-Type", "application/xml"}}), 415);
  EXPECT_EQ(client.status("GET", "/Task", "", {{"Accept", "application/fhir+xml"}}), 406);
}

TEST(FhirRest, RefusesAReferenceThatLeadsNowhereAndForgetsTheAttempt) {
  DirectClient client;
  const auto refused = client.send(
      "POST", "/Task", R"({"resourceType":"Task","for":{"reference":"Patient/nobody"}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("OperationOutcome"), std::string::npos);
  EXPECT_EQ(client.json("GET", "/Task?_summary=count")["total"].text(), "0");
}

TEST(FhirRest, TellsEveryErrorAsAnOperationOutcome) {
  DirectClient client;
  for (const auto& target : {"/Task/x", "/Tusk", "/nothing/at/all/here"}) {
    const Json outcome = client.json("GET", target);
    EXPECT_EQ(outcome["resourceType"].text(), "OperationOutcome") << target;
    EXPECT_NE(outcome["issue"][0]["code"].text(), "") << target;
  }
}

TEST(FhirRest, CanRefuseNewTasksAndSaysSoInItsCapabilities) {
  sandbox::ServerSettings settings;
  settings.no_create = {"Task"};
  DirectClient client(settings);
  EXPECT_EQ(client.status("POST", "/Task", task), 405);
  EXPECT_EQ(client.status("PUT", "/Task/t", R"({"resourceType":"Task","id":"t"})"), 405);
  const Json statement = client.json("GET", "/metadata");
  for (const auto& resource : statement["rest"][0]["resource"].items()) {
    std::string codes;
    for (const auto& each : resource["interaction"].items()) codes += each["code"].text() + " ";
    const bool creates = codes.find("create ") != std::string::npos;
    EXPECT_EQ(creates, resource["type"].text() != "Task") << resource["type"].text();
  }
}

TEST(FhirRest, WantsTheTokenForAllButTheCapabilities) {
  sandbox::ServerSettings settings;
  settings.token = "secret";
  DirectClient client(settings);
  EXPECT_EQ(client.status("GET", "/metadata"), 200);
  EXPECT_EQ(client.status("GET", "/Task"), 401);
  EXPECT_EQ(client.status("GET", "/Task", "", {{"Authorization", "Bearer wrong"}}), 401);
  EXPECT_EQ(client.status("GET", "/Task", "", {{"Authorization", "Bearer secret"}}), 200);
}

TEST(FhirRest, FailsEachNthRequestWithoutDoingItOrAfterDoingIt) {
  sandbox::ServerSettings settings;
  settings.fail_every = 2;
  DirectClient failing(settings);
  EXPECT_EQ(failing.status("POST", "/Task", task), 201);
  EXPECT_EQ(failing.status("POST", "/Task", task), 503);
  EXPECT_EQ(failing.json("GET", "/Task?_summary=count")["total"].text(), "1");

  settings.fail_every = 0;
  settings.lose_every = 2;
  DirectClient losing(settings);
  EXPECT_EQ(losing.status("POST", "/Task", task), 201);
  EXPECT_EQ(losing.status("POST", "/Task", task), 502);
  EXPECT_EQ(losing.json("GET", "/Task?_summary=count")["total"].text(), "2");
}

TEST(FhirRest, AnswersAKnownVersionWith304) {
  DirectClient client;
  client.send("PUT", "/Task/t", R"({"resourceType":"Task","id":"t"})");
  EXPECT_EQ(client.status("GET", "/Task/t", "", {{"If-None-Match", "W/\"1\""}}), 304);
  EXPECT_EQ(client.status("GET", "/Task/t", "", {{"If-None-Match", "W/\"2\""}}), 200);
}

}  // namespace
}  // namespace meridian::test
