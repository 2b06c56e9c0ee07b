// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "unit/sandbox/direct_client.h"

namespace meridian::test {
namespace {

using sandbox::Json;

class FhirSearch : public testing::Test {
 protected:
  FhirSearch() {
    put("Patient", "p1",
        R"("identifier":[{"system":"urn:mrn","value":"7"}],)"
        R"("name":[{"family":"Okafor","given":["Chidi"]}])");
    put("Patient", "p2", R"("name":[{"family":"Okonkwo"}])");
    put("ServiceRequest", "s1",
        R"("status":"active","subject":{"reference":"Patient/p1"},"authoredOn":"2026-11-01",)"
        R"("code":{"coding":[{"system":"urn:a","code":"1"},{"system":"urn:b","code":"2"}]})");
    put("ServiceRequest", "s2",
        R"("status":"revoked","subject":{"reference":"http://clinic.example/fhir/Patient/p2"},)"
        R"("authoredOn":"2026-11-10T08:00:00Z","code":{"coding":[{"code":"1"}]})");
    put("Task", "t1",
        R"("status":"requested","for":{"reference":"Patient/p1"},)"
        R"("basedOn":[{"reference":"ServiceRequest/s1"}],"focus":{"reference":"ServiceRequest/s1"})");
    put("Encounter", "e1",
        R"("period":{"start":"2026-03-01","end":"2026-03-31"},"subject":{"reference":"Patient/p1"})");
    put("Encounter", "e2", R"("period":{"start":"2026-05-01"})");
  }

  void put(const std::string& type, const std::string& id, const std::string& members) {
    const std::string body =
        R"({"resourceType":")" + type + R"(","id":")" + id + "\"," + members + "}";
    ASSERT_EQ(client.status("PUT", "/" + type + "/" + id, body), 201) << body;
  }

  DirectClient client;
};

TEST_F(FhirSearch, FindsByTokenWithAndWithoutSystem) {
  EXPECT_EQ(client.ids("/ServiceRequest?code=1"), "s1 s2");
  EXPECT_EQ(client.ids("/ServiceRequest?code=urn:a%7C1"), "s1");
  EXPECT_EQ(client.ids("/ServiceRequest?code=%7C1"), "s2") << "a code without any system";
  EXPECT_EQ(client.ids("/ServiceRequest?code=urn:b%7C"), "s1") << "any code of a system";
  EXPECT_EQ(client.ids("/ServiceRequest?code=urn:c%7C1,urn:b%7C2"), "s1") << "either";
  EXPECT_EQ(client.ids("/ServiceRequest?status=active&code=urn:b%7C1"), "") << "both";
  EXPECT_EQ(client.ids("/Patient?identifier=urn:mrn%7C7"), "p1");
  EXPECT_EQ(client.ids("/ServiceRequest?status:not=active"), "s2");
  EXPECT_EQ(client.ids("/Patient?identifier:missing=true"), "p2");
}

TEST_F(FhirSearch, FindsByReferenceHoweverItIsWritten) {
  EXPECT_EQ(client.ids("/ServiceRequest?patient=p1"), "s1");
  EXPECT_EQ(client.ids("/ServiceRequest?subject=Patient/p2"), "s2");
  EXPECT_EQ(client.ids("/ServiceRequest?subject:Patient=p2"), "s2");
  EXPECT_EQ(client.ids("/ServiceRequest?subject=http://clinic.example/fhir/Patient/p1"), "s1");
  EXPECT_EQ(client.ids("/ServiceRequest?patient=Patient/p"), "");
  EXPECT_EQ(client.ids("/Task?patient=p1"), "t1");
  EXPECT_EQ(client.ids("/Task?based-on=ServiceRequest/s1"), "t1");
  EXPECT_EQ(client.ids("/Task?focus=s1"), "t1");
}

TEST_F(FhirSearch, ComparesDatesByWhatTheyCover) {
  EXPECT_EQ(client.ids("/ServiceRequest?authored=2026-11"), "s1 s2");
  EXPECT_EQ(client.ids("/ServiceRequest?authored=2026-11-01"), "s1");
  EXPECT_EQ(client.ids("/ServiceRequest?authored=ge2026-11-10"), "s2");
  EXPECT_EQ(client.ids("/ServiceRequest?authored=gt2026-11-10T08:00:00Z"), "");
  EXPECT_EQ(client.ids("/ServiceRequest?authored=lt2026-11-10T09:00:00%2B02:00"), "s1");
  EXPECT_EQ(client.ids("/ServiceRequest?authored=ge2026-11-01&authored=lt2026-11-05"), "s1");
  EXPECT_EQ(client.ids("/Encounter?date=ge2026-03-15"), "e1 e2") << "an open end lasts";
  EXPECT_EQ(client.ids("/Encounter?date=2026-03"), "e1");
  EXPECT_EQ(client.ids("/Encounter?date=lt2026-04-01"), "e1");
}

TEST_F(FhirSearch, FindsWhatWasWrittenSince) {
  EXPECT_EQ(client.ids("/Encounter?_lastUpdated=ge2026-11-20T10:00:05Z"), "e1 e2");
  EXPECT_EQ(client.ids("/Encounter?_lastUpdated=gt2026-11-20T10:00:05Z"), "e2");
  client.send("PUT", "/Encounter/e1", R"({"resourceType":"Encounter","id":"e1"})");
  EXPECT_EQ(client.ids("/Encounter?_sort=_lastUpdated"), "e2 e1");
  EXPECT_EQ(client.ids("/Encounter?_sort=-_lastUpdated"), "e1 e2");
}

TEST_F(FhirSearch, FindsNamesByTheirBeginning) {
  EXPECT_EQ(client.ids("/Patient?family=oko"), "p2");
  EXPECT_EQ(client.ids("/Patient?name=chi"), "p1");
  EXPECT_EQ(client.ids("/Patient?family:exact=okafor"), "");
}

TEST_F(FhirSearch, IncludesWhatAMatchRefersToOnce) {
  const Json bundle =
      client.json("GET", "/Task?_include=Task:focus&_include=Task:patient&_include=Task:based-on");
  ASSERT_EQ(bundle["entry"].size(), 3U);
  EXPECT_EQ(bundle["total"].text(), "1") << "includes are not counted";
  EXPECT_EQ(bundle["entry"][1]["search"]["mode"].text(), "include");
}

TEST_F(FhirSearch, WarnsAboutParametersItDoesNotKnowUnlessAskedToBeStrict) {
  const Json bundle = client.json("GET", "/Task?colour=blue");
  ASSERT_EQ(bundle["entry"].size(), 2U);
  EXPECT_EQ(bundle["entry"][1]["search"]["mode"].text(), "outcome");
  EXPECT_EQ(bundle["entry"][1]["resource"]["issue"][0]["severity"].text(), "warning");
  EXPECT_EQ(client.status("GET", "/Task?colour=blue", "", {{"Prefer", "handling=strict"}}), 400);
}

TEST_F(FhirSearch, RefusesValuesThatMakeNoSense) {
  EXPECT_EQ(client.status("GET", "/ServiceRequest?authored=yesterday"), 400);
  EXPECT_EQ(client.status("GET", "/ServiceRequest?authored=2026-02-30"), 400);
  EXPECT_EQ(client.status("GET", "/Specimen?_lastUpdated=xx2026"), 400);
  EXPECT_EQ(client.status("GET", "/ServiceRequest?_count=many"), 400);
  EXPECT_EQ(client.status("GET", "/ServiceRequest?code:below=1"), 400);
}

TEST_F(FhirSearch, CountsWithoutListing) {
  const Json bundle = client.json("GET", "/Encounter?_summary=count");
  EXPECT_EQ(bundle["total"].text(), "2");
  EXPECT_TRUE(bundle["entry"].is_null());
}

TEST_F(FhirSearch, TakesASearchAsAForm) {
  const Json bundle = client.json("POST", "/ServiceRequest/_search", "status=active&patient=p1",
                                  {{"Content-Type", "application/x-www-form-urlencoded"}});
  EXPECT_EQ(bundle["total"].text(), "1");
}

TEST_F(FhirSearch, PagesThroughEverythingOnceWhateverIsWrittenMeanwhile) {
  for (int i = 10; i < 17; ++i) put("Specimen", "x" + std::to_string(i), R"("status":"available")");
  std::string seen;
  std::string target = "/Specimen?_count=3";
  int pages = 0;
  while (!target.empty() && pages < 10) {
    const Json bundle = client.json("GET", target);
    ++pages;
    for (const auto& entry : bundle["entry"].items()) {
      seen += entry["resource"]["id"].text() + " ";
    }
    put("Specimen", "w" + std::to_string(pages), R"("status":"available")");
    const std::string next = bundle["link"][0]["url"].text();
    EXPECT_EQ(bundle["total"].text(), "7");
    EXPECT_TRUE(next.empty() || next.starts_with(DirectClient::base)) << next;
    target = next.empty() ? "" : next.substr(std::string(DirectClient::base).size());
  }
  EXPECT_EQ(seen, "x10 x11 x12 x13 x14 x15 x16 ");
  EXPECT_EQ(pages, 3);
}

TEST_F(FhirSearch, RefusesAPageThatIsGone) {
  EXPECT_EQ(client.status("GET", "?_getpages=nothing&_getpagesoffset=3"), 410);
}

}  // namespace
}  // namespace meridian::test
