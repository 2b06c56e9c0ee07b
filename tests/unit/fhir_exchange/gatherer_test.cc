// SPDX-License-Identifier: Apache-2.0
// How complete a history is, is said kind by kind, and never more than was seen.
#include <gtest/gtest.h>

#include "fhir/exchange/collection.h"
#include "fhir/exchange/fhir_gatherer.h"
#include "fhir/exchange/patient_match.h"
#include "fhir/read/reader.h"
#include "unit/fhir_exchange/fhir_peer.h"

namespace meridian::fhir {
namespace {

using test::FhirPeer;
using test::Reply;
using test::Seen;

class GathererTest : public ::testing::Test {
 protected:
  GathererTest() {
    hospital_.put(R"({"resourceType":"Patient","id":"p1","birthDate":"1961-05-09",)"
                  R"("gender":"female","identifier":[{"system":"urn:mrn","value":"204"}]})");
    hospital_.put(R"({"resourceType":"Practitioner","id":"d3","name":[{"family":"Brandvold"}]})");
    hospital_.put(R"({"resourceType":"PractitionerRole","id":"r7",)"
                  R"("practitioner":{"reference":"Practitioner/d3"}})");
    hospital_.put(R"({"resourceType":"ServiceRequest","id":"s1","status":"active",)"
                  R"("intent":"order","subject":{"reference":"Patient/p1"},)"
                  R"("requester":{"reference":"PractitionerRole/r7"}})");
    for (const char* id : {"c1", "c2", "c3"}) {
      hospital_.put(R"({"resourceType":"Condition","id":")" + std::string(id) +
                    R"(","subject":{"reference":"Patient/p1"}})");
    }
    request_.patient_ref = "Patient/p1";
    request_.order_ref = "ServiceRequest/s1";
  }

  Result<Gathered> gather(int page_size = 100) {
    GathererSettings settings;
    settings.base_url = hospital_.base();
    settings.dialect = *find_dialect("r4");
    settings.clock = [] { return test::fixed_now; };
    settings.page_size = page_size;
    const auto client = hospital_.client();
    return FhirGatherer(*client, settings).gather(request_);
  }

  void answer(const std::string& path, int status) {
    hospital_.instead = [=](const Seen& seen) -> std::optional<Reply> {
      if (seen.target.starts_with("/fhir/" + path)) {
        return test::json(status, R"({"resourceType":"OperationOutcome"})");
      }
      return std::nullopt;
    };
  }

  FhirPeer hospital_;
  GatherRequest request_;
};

/// An allergy under a label.
Reply labelled() {
  return test::json(200, R"({"resourceType":"Bundle","type":"searchset","entry":[{"resource":)"
                         R"({"resourceType":"AllergyIntolerance","id":"al","meta":{"security":[)"
                         R"({"code":"42CFRPart2"}]},"patient":{"reference":"Patient/p1"}}}]})");
}

TEST_F(GathererTest, ReadsTheOrderItsPeopleAndEveryKind) {
  const auto gathered = gather();
  ASSERT_TRUE(gathered) << gathered.error().what.view();
  EXPECT_TRUE(gathered->patient_resolved);
  for (const char* kind : {"order", "encounters", "conditions", "observations", "imaging",
                           "procedures", "medications", "allergies", "coverage", "answers"}) {
    EXPECT_EQ(completeness_of(gathered->history, kind), Completeness::complete) << kind;
  }
  const auto records = read_fhir(gathered->facts.bytes);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->conditions.size(), 3U);
  EXPECT_EQ(records->practitioners.size(), 1U);
  EXPECT_EQ(records->service_requests.front().requester.target, "PractitionerRole/r7");
}

TEST_F(GathererTest, ReadsConsentsAllOrNone) {
  bool broken = false;
  hospital_.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (seen.target.starts_with("/fhir/AllergyIntolerance")) return labelled();
    if (!seen.target.starts_with("/fhir/Consent")) return std::nullopt;
    if (broken && seen.target.find("page2") != std::string::npos) {
      return test::json(500, R"({"resourceType":"OperationOutcome"})");
    }
    const auto next = seen.target.find("page2") != std::string::npos
                          ? std::string()
                          : R"("link":[{"relation":"next","url":"/fhir/Consent?page2"}],)";
    return test::json(200, R"({"resourceType":"Bundle","type":"searchset",)" + next +
                               R"("entry":[{"resource":{"resourceType":"Consent","id":"c)" +
                               std::to_string(next.size()) + R"(","status":"active"}}]})");
  };
  EXPECT_EQ(read_fhir(gather()->facts.bytes)->consents.size(), 2U);
  broken = true;
  const auto gathered = gather();
  EXPECT_EQ(read_fhir(gathered->facts.bytes)->consents.size(), 0U);
  for (const auto& query : gathered->history) {
    EXPECT_EQ(query.completeness, Completeness::complete) << query.kind;
  }
}

TEST_F(GathererTest, AsksForNoConsentWhereNothingIsLabelled) {
  int asked = 0;
  bool labels = false;
  hospital_.instead = [&](const Seen& seen) -> std::optional<Reply> {
    asked += seen.target.starts_with("/fhir/Consent") ? 1 : 0;
    if (labels && seen.target.starts_with("/fhir/AllergyIntolerance")) return labelled();
    return std::nullopt;
  };
  ASSERT_TRUE(gather());
  EXPECT_EQ(asked, 0);
  labels = true;
  ASSERT_TRUE(gather());
  EXPECT_EQ(asked, 1);
}

TEST_F(GathererTest, GivesTheSameBytesForTheSameHistory) {
  EXPECT_EQ(gather()->facts.bytes, gather()->facts.bytes);
}

TEST_F(GathererTest, KeepsTheBytesOfEachResource) {
  hospital_.instead = [](const Seen& seen) -> std::optional<Reply> {
    if (!seen.target.starts_with("/fhir/Observation")) return std::nullopt;
    return test::json(200, R"({"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":)"
                           R"("http://x/Observation/1","resource":{"resourceType":"Observation",)"
                           R"( "id":"1","valueQuantity":{"value":1.50}, "x":"\u00b5"}}]})");
  };
  EXPECT_NE(gather()->facts.bytes.find(
                R"({"fullUrl":"http://x/Observation/1","resource":{"resourceType":"Observation",)"
                R"( "id":"1","valueQuantity":{"value":1.50}, "x":"\u00b5"}})"),
            std::string::npos);
}

TEST_F(GathererTest, FollowsEveryPage) {
  const auto gathered = gather(1);
  ASSERT_TRUE(gathered);
  EXPECT_EQ(completeness_of(gathered->history, "conditions"), Completeness::complete);
  EXPECT_EQ(read_fhir(gathered->facts.bytes)->conditions.size(), 3U);
}

TEST_F(GathererTest, AFailedQueryFailsItsOwnKindOnly) {
  answer("Procedure", 500);
  const auto gathered = gather();
  ASSERT_TRUE(gathered);
  EXPECT_TRUE(gathered->patient_resolved);
  EXPECT_EQ(completeness_of(gathered->history, "procedures"), Completeness::failed);
  EXPECT_EQ(completeness_of(gathered->history, "conditions"), Completeness::complete);
  EXPECT_EQ(completeness_of(gathered->history, "imaging"), Completeness::complete);
}

TEST_F(GathererTest, AKindOfTwoSearchesIsPartialWhenOneOfThemFailed) {
  answer("ImagingStudy", 500);
  EXPECT_EQ(completeness_of(gather()->history, "imaging"), Completeness::partial);
}

TEST_F(GathererTest, ASecondPageThatFailsMakesTheKindPartialAndKeepsTheFirst) {
  hospital_.instead = [](const Seen& seen) -> std::optional<Reply> {
    if (seen.target.starts_with("/fhir/Condition?patient")) {
      return test::json(
          200,
          R"({"resourceType":"Bundle","type":"searchset","link":[{"relation":)"
          R"("next","url":"gone?page=2"}],"entry":[{"resource":{"resourceType":)"
          R"("Condition","id":"c1","code":{"text":"x"},"subject":{"reference":"Patient/p1"}}}]})");
    }
    return std::nullopt;
  };
  const auto gathered = gather();
  ASSERT_TRUE(gathered);
  EXPECT_EQ(completeness_of(gathered->history, "conditions"), Completeness::partial);
  EXPECT_EQ(read_fhir(gathered->facts.bytes)->conditions.size(), 1U);
}

TEST_F(GathererTest, WhatIsAboutAnotherPatientIsLeftOutAndSaid) {
  hospital_.instead = [](const Seen& seen) -> std::optional<Reply> {
    if (!seen.target.starts_with("/fhir/Condition")) return std::nullopt;
    return test::json(200,
                      R"({"resourceType":"Bundle","type":"searchset","entry":[)"
                      R"({"resource":{"resourceType":"Condition","id":"c1","subject":)"
                      R"({"reference":"Patient/p1"}}},{"resource":{"resourceType":"Condition",)"
                      R"("id":"x9","subject":{"reference":"Patient/other"}}}]})");
  };
  const auto gathered = gather();
  ASSERT_TRUE(gathered);
  EXPECT_EQ(completeness_of(gathered->history, "conditions"), Completeness::partial);
  EXPECT_EQ(gathered->facts.bytes.find("x9"), std::string::npos);
}

TEST_F(GathererTest, ADrugThatIsAReferenceComesAlongOrTheKindIsPartial) {
  hospital_.put(R"({"resourceType":"Medication","id":"m1","code":{"text":"apixaban"}})");
  hospital_.put(R"({"resourceType":"MedicationRequest","id":"mr1","status":"active",)"
                R"("intent":"order","medicationReference":{"reference":"Medication/m1"},)"
                R"("subject":{"reference":"Patient/p1"}})");
  EXPECT_NE(gather()->facts.bytes.find("apixaban"), std::string::npos);
  hospital_.instead = [this](const Seen& seen) -> std::optional<Reply> {
    if (seen.target.starts_with("/fhir/Medication/")) return test::json(403, "{}");
    if (!seen.target.starts_with("/fhir/MedicationRequest")) return std::nullopt;
    return test::json(200, R"({"resourceType":"Bundle","type":"searchset","entry":[{"resource":)" +
                               hospital_.read("MedicationRequest/mr1").dump() + "}]}");
  };
  EXPECT_EQ(completeness_of(gather()->history, "medications"), Completeness::partial);
}

TEST_F(GathererTest, APatientWhoIsNotThereMakesTheWholeHistoryFailed) {
  request_.patient_ref = "Patient/nobody";
  const auto gathered = gather();
  ASSERT_TRUE(gathered);
  EXPECT_FALSE(gathered->patient_resolved);
  for (const auto& query : gathered->history) {
    EXPECT_EQ(query.completeness, Completeness::failed) << query.kind;
    EXPECT_EQ(query.detail, "patient");
  }
  EXPECT_FALSE(gathered->history.empty());
}

TEST_F(GathererTest, AnOrderForSomebodyElseMeansThatThePatientIsNotKnown) {
  hospital_.put(R"({"resourceType":"Patient","id":"p2"})");
  request_.patient_ref = "Patient/p2";
  const auto gathered = gather();
  ASSERT_TRUE(gathered);
  EXPECT_FALSE(gathered->patient_resolved);
  EXPECT_EQ(gathered->facts.bytes.find("c1"), std::string::npos);
}

TEST_F(GathererTest, AServerThatIsDownIsAnErrorAndNoHistory) {
  answer("Patient", 503);
  const auto gathered = gather();
  ASSERT_FALSE(gathered);
  EXPECT_EQ(error_row(gathered.error().code).retry, RetryClass::transient);
}

TEST_F(GathererTest, ByIdentifierExactlyOnePatientMustBeFound) {
  request_.patient_ref.clear();
  request_.identifiers = {{"urn:mrn", Sensitive<std::string>("204"), ""}};
  EXPECT_TRUE(gather()->patient_resolved);
  hospital_.put(R"({"resourceType":"Patient","id":"twin",)"
                R"("identifier":[{"system":"urn:mrn","value":"204"}]})");
  EXPECT_FALSE(gather()->patient_resolved);
}

TEST_F(GathererTest, AMergedPatientIsNotTaken) {
  hospital_.put(R"({"resourceType":"Patient","id":"p9"})");
  hospital_.put(R"({"resourceType":"Patient","id":"p1","link":[{"type":"replaced-by",)"
                R"("other":{"reference":"Patient/p9"}}]})");
  EXPECT_FALSE(gather()->patient_resolved);
}

TEST_F(GathererTest, TakesASandboxPatientWhole) {
  FhirPeer sandbox;
  sandbox.load("hospital/00-shared.json");
  sandbox.load("hospital/okafor.json");
  const auto orders = sandbox.ids("ServiceRequest?status=active");
  const auto order = "ServiceRequest/" + orders.substr(0, orders.find(' '));
  GathererSettings settings;
  settings.base_url = sandbox.base();
  settings.dialect = *find_dialect("r4");
  const auto client = sandbox.client();
  GatherRequest request;
  request.order_ref = order;
  request.patient_ref = sandbox.read(order)["subject"]["reference"].text();
  const auto gathered = FhirGatherer(*client, settings).gather(request);
  ASSERT_TRUE(gathered);
  EXPECT_TRUE(gathered->patient_resolved);
  for (const auto& query : gathered->history) {
    EXPECT_EQ(query.completeness, Completeness::complete) << query.kind << " " << query.detail;
  }
  const auto records = read_fhir(gathered->facts.bytes);
  ASSERT_TRUE(records);
  EXPECT_FALSE(has_errors(records->issues));
  EXPECT_EQ(records->patients.size(), 1U);
  EXPECT_FALSE(records->medications.empty());
  EXPECT_FALSE(records->practitioners.empty());
}

TEST(PatientMatch, DatesContradictOnlyAsFarAsBothAreExact) {
  GatherRequest request;
  request.birth_date = Sensitive(*parse_partial_date("1961-05"));
  EXPECT_FALSE(contradicts(R"({"resourceType":"Patient","birthDate":"1961-05-09"})", request));
  EXPECT_FALSE(contradicts(R"({"resourceType":"Patient","birthDate":"1961"})", request));
  EXPECT_FALSE(contradicts(R"({"resourceType":"Patient"})", request));
  EXPECT_TRUE(contradicts(R"({"resourceType":"Patient","birthDate":"1961-06-09"})", request));
}

TEST(PatientMatch, SexContradictsWhenBothAreKnownAndAnIdentifierWhenItsSystemIsTheSame) {
  GatherRequest request;
  request.gender = "female";
  EXPECT_TRUE(contradicts(R"({"resourceType":"Patient","gender":"male"})", request));
  EXPECT_FALSE(contradicts(R"({"resourceType":"Patient","gender":"unknown"})", request));
  request.identifiers = {{"urn:mrn", Sensitive<std::string>("1"), ""}};
  EXPECT_TRUE(contradicts(
      R"({"resourceType":"Patient","identifier":[{"system":"urn:mrn","value":"2"}]})", request));
  EXPECT_FALSE(contradicts(
      R"({"resourceType":"Patient","identifier":[{"system":"urn:ssn","value":"2"}]})", request));
}

TEST(Collection, KeepsTheLatestVersionAtTheFirstPlace) {
  Collection collection("http://ehr");
  ASSERT_TRUE(collection.add(R"({"resourceType":"A","id":"1","meta":{"versionId":"9"}})"));
  ASSERT_TRUE(collection.add(R"({"resourceType":"B","id":"1"})"));
  ASSERT_TRUE(collection.add(R"({"resourceType":"A","id":"1","meta":{"versionId":"10"}})"));
  ASSERT_TRUE(collection.add(R"({"resourceType":"A","id":"1","meta":{"versionId":"8"}})"));
  EXPECT_EQ(collection.json(),
            R"({"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://ehr/A/1",)"
            R"("resource":{"resourceType":"A","id":"1","meta":{"versionId":"10"}}},)"
            R"({"fullUrl":"http://ehr/B/1","resource":{"resourceType":"B","id":"1"}}]})");
}

TEST(Collection, PlainRefTakesVersionAndBaseAway) {
  EXPECT_EQ(plain_ref("https://ehr/fhir/Task/9/_history/2"), "Task/9");
  EXPECT_EQ(plain_ref("Task/9"), "Task/9");
  EXPECT_EQ(plain_ref("#c"), "");
  EXPECT_EQ(plain_ref("urn:uuid:1"), "");
  EXPECT_EQ(plain_ref(""), "");
}

/// A page with what the hospital has, as its EHR would bring it.
std::string page(const std::string& entries, const std::string& more = {}) {
  return R"({"resourceType":"Bundle","type":"searchset")" + more + R"(,"entry":[)" + entries + "]}";
}

const std::string one_condition =
    R"({"resource":{"resourceType":"Condition","id":"c9","subject":{"reference":"Patient/p1"}}})";

std::chrono::steady_clock::time_point soon() {
  return std::chrono::steady_clock::now() + std::chrono::minutes(1);
}

TEST_F(GathererTest, NamesItsQueriesSoThatTheirAnswersCanBeBrought) {
  GathererSettings settings;
  settings.dialect = *find_dialect("r4");
  const auto client = hospital_.client();
  std::string all;
  for (const auto& query : FhirGatherer(*client, settings).queries()) {
    all += query.name + " " + query.text + "\n";
  }
  EXPECT_NE(all.find("patient Patient/{patient}\n"), std::string::npos) << all;
  EXPECT_NE(all.find("conditions Condition?patient={patient}\n"), std::string::npos);
  EXPECT_NE(all.find("imaging-2 ImagingStudy?patient={patient}\n"), std::string::npos);
}

TEST_F(GathererTest, WhatIsBroughtCompleteIsNotAskedFor) {
  request_.until = soon();
  request_.read = {{"conditions", page(one_condition)}};
  const auto gathered = gather();
  ASSERT_TRUE(gathered);
  EXPECT_EQ(requests(hospital_, "GET", "/fhir/Condition"), 0U);
  EXPECT_GT(requests(hospital_, "GET", "/fhir/Procedure"), 0U);
  EXPECT_EQ(completeness_of(gathered->history, "conditions"), Completeness::complete);
  EXPECT_NE(gathered->facts.bytes.find("\"c9\""), std::string::npos);
}

TEST_F(GathererTest, WhatIsBroughtIncompleteIsAskedFor) {
  request_.until = soon();
  for (const auto& half :
       {page(one_condition, R"(,"link":[{"relation":"next","url":"Condition?page=2"}])"),
        page(one_condition, R"(,"total":3)"), std::string("null"),
        std::string(R"({"resourceType":"OperationOutcome","issue":[]})")}) {
    request_.read = {{"conditions", half}};
    const auto gathered = gather();
    ASSERT_TRUE(gathered);
    EXPECT_NE(gathered->facts.bytes.find("\"c3\""), std::string::npos) << half;
    EXPECT_EQ(completeness_of(gathered->history, "conditions"), Completeness::complete);
  }
}

TEST_F(GathererTest, WhatIsBroughtOfSomebodyElseIsLeftOut) {
  request_.until = soon();
  auto foreign = one_condition;
  foreign.replace(foreign.find("Patient/p1"), 10, "Patient/p2");
  request_.read = {{"conditions", page(foreign)},
                   {"patient", R"({"resourceType":"Patient","id":"p2"})"}};
  const auto gathered = gather();
  ASSERT_TRUE(gathered);
  EXPECT_EQ(gathered->facts.bytes.find("\"c9\""), std::string::npos);
  EXPECT_EQ(gathered->facts.bytes.find("Patient/p2"), std::string::npos);
  EXPECT_EQ(completeness_of(gathered->history, "conditions"), Completeness::partial);
}

TEST_F(GathererTest, WhatIsNotReadInTimeIsSaidAndWhatIsBroughtStays) {
  request_.until = std::chrono::steady_clock::now();
  request_.order_ref.clear();
  request_.read = {{"conditions", page(one_condition)}};
  const auto gathered = gather();
  ASSERT_TRUE(gathered) << gathered.error().what.view();
  EXPECT_TRUE(gathered->patient_resolved);
  EXPECT_EQ(requests(hospital_, "GET", "/fhir/"), 0U);
  EXPECT_EQ(completeness_of(gathered->history, "conditions"), Completeness::complete);
  EXPECT_EQ(completeness_of(gathered->history, "procedures"), Completeness::failed);
  for (const auto& query : gathered->history) {
    EXPECT_EQ(query.detail, query.kind == "conditions" ? "" : "not-in-time") << query.kind;
  }
}

TEST_F(GathererTest, AsksWithTheTokenThatIsGivenWhereThatIsAllowed) {
  request_.token = Sensitive<std::string>("theirs");
  GathererSettings settings;
  settings.base_url = hospital_.base();
  settings.dialect = *find_dialect("r4");
  const auto own = hospital_.client();
  EXPECT_TRUE(FhirGatherer(*own, settings).gather(request_));
  EXPECT_EQ(hospital_.server().seen().front().headers.count("authorization"), 0U) << "not allowed";
  std::string shown;
  settings.client_with = [&](const Sensitive<std::string>& token) {
    shown = token.reveal();
    ClientSettings theirs;
    theirs.base_url = hospital_.base();
    theirs.auth = BearerAuth{token};
    return FhirClient::create(theirs);
  };
  const auto before = hospital_.server().seen().size();
  EXPECT_TRUE(FhirGatherer(*own, settings).gather(request_));
  EXPECT_EQ(shown, "theirs");
  EXPECT_EQ(hospital_.server().seen().at(before).headers.at("authorization"), "Bearer theirs");
}

}  // namespace
}  // namespace meridian::fhir
