// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "unit/sandbox/direct_client.h"

namespace meridian::test {
namespace {

using sandbox::Json;

/// A referral as it is delivered: patient, order and task that point at each other.
std::string referral(const std::string& last_entry = "") {
  return R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"urn:uuid:3","resource":{"resourceType":"Task","status":"requested",
      "identifier":[{"system":"urn:m","value":"r1"}],
      "focus":{"reference":"urn:uuid:2"},"for":{"reference":"urn:uuid:1"},
      "basedOn":[{"reference":"urn:uuid:2"}]},
     "request":{"method":"POST","url":"Task","ifNoneExist":"identifier=urn:m|r1"}},
    {"fullUrl":"urn:uuid:2","resource":{"resourceType":"ServiceRequest","status":"active",
      "identifier":[{"system":"urn:m","value":"r1"}],"subject":{"reference":"urn:uuid:1"}},
     "request":{"method":"POST","url":"ServiceRequest","ifNoneExist":"identifier=urn:m|r1"}},
    {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient",
      "identifier":[{"system":"urn:mrn","value":"7"}]},
     "request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=urn:mrn|7"}})" +
         last_entry + "]}";
}

std::string count(DirectClient& client, const std::string& type) {
  return client.json("GET", "/" + type + "?_summary=count")["total"].text();
}

TEST(FhirTransaction, RewritesReferencesBetweenEntriesInAnyOrder) {
  DirectClient client;
  const Json response = client.json("POST", "", referral());
  ASSERT_EQ(response["type"].text(), "transaction-response");
  ASSERT_EQ(response["entry"].size(), 3U);
  EXPECT_EQ(response["entry"][0]["response"]["status"].text(), "201 Created");
  const Json bundle = client.json("GET", "/Task?_include=Task:focus&_include=Task:patient");
  ASSERT_EQ(bundle["entry"].size(), 3U) << "both references lead to what was created";
  const std::string location = response["entry"][0]["response"]["location"].text();
  EXPECT_TRUE(location.starts_with(std::string(DirectClient::base) + "/Task/")) << location;
}

TEST(FhirTransaction, ChangesNothingWhenItIsRepeated) {
  DirectClient client;
  const Json first = client.json("POST", "", referral());
  const Json second = client.json("POST", "", referral());
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(second["entry"][i]["response"]["status"].text(), "200 OK");
    EXPECT_EQ(second["entry"][i]["response"]["location"].text(),
              first["entry"][i]["response"]["location"].text());
  }
  EXPECT_EQ(count(client, "Task") + count(client, "ServiceRequest") + count(client, "Patient"),
            "111");
}

struct Broken {
  const char* name;
  const char* entry;
  int status;
};

class RolledBack : public testing::TestWithParam<Broken> {};

TEST_P(RolledBack, LeavesNoTrace) {
  DirectClient client;
  const auto response = client.send("POST", "", referral(GetParam().entry));
  EXPECT_EQ(response.status, GetParam().status) << response.body;
  const Json outcome = *Json::parse(response.body);
  EXPECT_EQ(outcome["resourceType"].text(), "OperationOutcome");
  EXPECT_EQ(count(client, "Task") + count(client, "ServiceRequest") + count(client, "Patient"),
            "000");
}

INSTANTIATE_TEST_SUITE_P(
    FhirTransaction, RolledBack,
    testing::Values(
        Broken{
            "WrongType",
            R"(,{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Task"}})",
            400},
        Broken{"ReferenceToNowhere",
               R"(,{"resource":{"resourceType":"Task","focus":{"reference":"ServiceRequest/x"}},
                   "request":{"method":"POST","url":"Task"}})",
               400},
        Broken{"UnknownUrn",
               R"(,{"resource":{"resourceType":"Task","focus":{"reference":"urn:uuid:9"}},
                   "request":{"method":"POST","url":"Task"}})",
               400},
        Broken{"StaleVersion",
               R"(,{"resource":{"resourceType":"Basic","id":"b"},
                   "request":{"method":"PUT","url":"Basic/b","ifMatch":"W/\"4\""}})",
               412},
        Broken{"NoRequest", R"(,{"resource":{"resourceType":"Task"}})", 400},
        Broken{"UnknownMethod", R"(,{"request":{"method":"BREW","url":"Task/1"}})", 400},
        Broken{
            "WrittenTwice",
            R"(,{"resource":{"resourceType":"Basic","id":"b"},"request":{"method":"PUT","url":"Basic/b"}},
                  {"resource":{"resourceType":"Basic","id":"b"},"request":{"method":"PUT","url":"Basic/b"}})",
            400}),
    [](const auto& each) { return each.param.name; });

TEST(FhirTransaction, NamesTheEntryThatWasRefused) {
  DirectClient client;
  const Json outcome = client.json(
      "POST", "",
      referral(
          R"(,{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Task"}})"));
  EXPECT_EQ(outcome["issue"][0]["expression"][0].text(), "Bundle.entry[3]");
}

TEST(FhirTransaction, ABatchTellsEachEntrysFateAlone) {
  DirectClient client;
  const Json response = client.json("POST", "", R"({"resourceType":"Bundle","type":"batch","entry":[
    {"resource":{"resourceType":"Basic","id":"b"},"request":{"method":"PUT","url":"Basic/b"}},
    {"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Task"}},
    {"resource":{"resourceType":"Basic","identifier":[{"system":"s","value":"1"}]},
     "request":{"method":"PUT","url":"Basic?identifier=s|1"}},
    {"request":{"method":"GET","url":"Basic?_summary=false"}}]})");
  EXPECT_EQ(response["entry"][0]["response"]["status"].text(), "201 Created");
  EXPECT_EQ(response["entry"][1]["response"]["status"].text(), "400 Bad Request");
  EXPECT_FALSE(response["entry"][1]["response"]["outcome"].is_null());
  EXPECT_EQ(response["entry"][2]["response"]["status"].text(), "201 Created");
  EXPECT_EQ(response["entry"][3]["resource"]["total"].text(), "2");
  EXPECT_EQ(count(client, "Task"), "0");
}

TEST(FhirTransaction, ResolvesConditionalReferences) {
  DirectClient client;
  client.send("POST", "", referral());
  const std::string body =
      R"({"resourceType":"Appointment","participant":[{"actor":{"reference":"Patient?identifier=urn:mrn|7"}}]})";
  const Json made = client.json("POST", "/Appointment", body);
  EXPECT_TRUE(made["participant"][0]["actor"]["reference"].text().starts_with("Patient/1"));
  EXPECT_EQ(client.status("POST", "/Appointment",
                          R"({"resourceType":"Appointment","participant":[
                              {"actor":{"reference":"Patient?identifier=urn:mrn|8"}}]})"),
            412);
}

TEST(FhirTransaction, RefusesBundlesThatAreNoRequest) {
  DirectClient client;
  EXPECT_EQ(client.status("POST", "", R"({"resourceType":"Bundle","type":"collection"})"), 400);
  EXPECT_EQ(client.status("POST", "", R"({"resourceType":"Patient"})"), 400);
  sandbox::ServerSettings settings;
  settings.transactions = false;
  DirectClient hospital(settings);
  EXPECT_EQ(hospital.status("POST", "", referral()), 405);
}

}  // namespace
}  // namespace meridian::test
