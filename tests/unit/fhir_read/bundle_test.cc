// SPDX-License-Identifier: Apache-2.0
// Bundles, single resources and NDJSON into records.
#include <sstream>

#include "unit/fhir_read/read_json.h"

namespace meridian {
namespace {

constexpr std::string_view small_bundle = R"({
  "resourceType": "Bundle", "type": "collection",
  "link": [{"relation": "self", "url": "http://x/a"}, {"url": "http://x/b", "relation": "next"}],
  "entry": [
    {"fullUrl": "urn:uuid:aa", "resource": {"resourceType": "Patient", "id": "p1",
      "name": [{"family": "Okafor", "given": ["Ngozi", "Ada"]}], "birthDate": "1979-03"}},
    {"resource": {"resourceType": "Claim", "id": "c9", "total": {"value": 1}}},
    {"resource": {"id": "e1", "status": "finished", "resourceType": "Encounter",
      "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
      "subject": {"reference": "urn:uuid:aa"}, "period": {"start": "2024-05-01T10:00:00+02:00"}},
     "fullUrl": "http://h.example/fhir/Encounter/e1", "request": {"method": "POST"}},
    {"resource": {"resourceType": "Condition", "id": "d1", "subject": {"reference": "Patient/p1"},
      "clinicalStatus": {"coding": [{"code": "active"}]}, "onsetDateTime": "2023",
      "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.50"}],
               "text": "low back pain"},
      "encounter": {"reference": "http://h.example/fhir/Encounter/e1"}}},
    {"resource": {"resourceType": "ServiceRequest", "id": "s1", "status": "active",
      "intent": "order", "subject": {"reference": "Patient/p1"},
      "reasonReference": [{"reference": "Condition/d1"}]}}
  ]})";

TEST(Bundle, GivesRecordsInOrderWithReferencesResolved) {
  const auto set = read_json(small_bundle);
  EXPECT_EQ(set.bundle_type, "collection");
  EXPECT_EQ(set.next_link, "http://x/b");
  ASSERT_EQ(set.patients.size(), 1u);
  EXPECT_EQ(set.patients[0].ref, "Patient/p1");
  EXPECT_EQ(set.patients[0].birth_date.reveal().precision, Precision::month);
  EXPECT_EQ(display_name(set.patients[0].names[0]), "Ngozi Ada Okafor");
  ASSERT_EQ(set.encounters.size(), 1u);
  EXPECT_EQ(set.encounters[0].ref, "Encounter/e1");
  EXPECT_EQ(set.encounters[0].class_code.code, "AMB");
  EXPECT_EQ(set.encounters[0].subject.target, "Patient/p1");
  ASSERT_EQ(set.conditions.size(), 1u);
  EXPECT_EQ(set.conditions[0].clinical_status, "active");
  EXPECT_EQ(set.conditions[0].encounter.target, "Encounter/e1");
  EXPECT_EQ(set.conditions[0].onset.text, "2023");
  ASSERT_EQ(set.service_requests.size(), 1u);
  EXPECT_EQ(set.service_requests[0].reason_references[0].target, "Condition/d1");
  EXPECT_TRUE(set.issues.empty());
}

TEST(Bundle, ListsEveryResourceWithTheBytesItStandsIn) {
  const auto set = read_json(small_bundle);
  ASSERT_EQ(set.resources.size(), 5u);
  EXPECT_FALSE(set.resources[1].mapped);
  EXPECT_EQ(set.resources[1].id, "c9");
  EXPECT_EQ(small_bundle.substr(set.resources[1].offset, set.resources[1].size),
            R"({"resourceType": "Claim", "id": "c9", "total": {"value": 1}})");
  EXPECT_EQ(set.resources[2].full_url, "http://h.example/fhir/Encounter/e1");
  EXPECT_EQ(set.resources[2].method, "POST");
  EXPECT_EQ(small_bundle.substr(set.resources[2].offset, 8), R"({"id": ")");
}

TEST(Bundle, HoldsBundlesWhoseEntriesAreReadToo) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "batch-response", "entry": [
    {"response": {"status": "200"}, "resource": {"resourceType": "Bundle", "type": "searchset",
      "link": [{"relation": "next", "url": "http://x/2"}],
      "entry": [{"fullUrl": "http://x/Patient/p", "resource":
        {"resourceType": "Patient", "id": "p"}}]}},
    {"resource": {"resourceType": "Patient", "id": "q"}}]})");
  ASSERT_EQ(set.patients.size(), 2u);
  EXPECT_EQ(set.patients[0].provenance.path, "Bundle.entry[0].resource.entry[0].resource");
  EXPECT_EQ(set.patients[1].provenance.path, "Bundle.entry[1].resource");
  EXPECT_EQ(set.bundle_type, "batch-response");
  EXPECT_EQ(set.next_link, "") << "the next page of an inner search is not ours to follow";
}

TEST(Bundle, TurnsOperationOutcomesAmongItsEntriesIntoIssues) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "searchset", "entry": [
    {"search": {"mode": "outcome"}, "resource": {"resourceType": "OperationOutcome", "issue": [
      {"severity": "warning", "code": "suppressed", "diagnostics": "break the glass",
       "details": {"coding": [{"code": "4130", "display": "Policy"}]}}]}}]})");
  ASSERT_EQ(set.issues.size(), 1u);
  EXPECT_EQ(listing(set),
            "warning suppressed Bundle.entry[0].resource.issue[0]: "
            "the sender says: Policy. break the glass\n");
}

TEST(Bundle, GivesACodeToAnOperationOutcomeThatHasNone) {
  for (const std::string code : {"", R"("code": "",)", R"("code": "\u0000",)"}) {
    const auto set = read_json(R"({"resourceType": "OperationOutcome", "issue": [{)" + code +
                               R"("severity": "error", "diagnostics": "no such patient"}]})");
    EXPECT_EQ(listing(set),
              "error processing OperationOutcome.issue[0]: the sender says: no such patient\n")
        << code;
  }
}

TEST(Resource, KeepsVersionLabelsAndWhereItCameFrom) {
  ReadOptions options{.source_id = "north", .message_id = "m1"};
  const auto set = read_fhir(R"( {"resourceType": "Patient", "id": "p", "meta": {
      "versionId": "7", "lastUpdated": "2024-01-02T03:04:05Z",
      "security": [{"system": "http://s", "code": "R"}]}})",
                             options);
  ASSERT_TRUE(set);
  const auto& patient = set->patients.at(0);
  EXPECT_EQ(patient.version, "7");
  EXPECT_EQ(patient.last_updated.precision, Precision::instant);
  EXPECT_EQ(patient.security.at(0).code, "R");
  EXPECT_EQ(patient.provenance.source_id, "north");
  EXPECT_EQ(*patient.provenance.message_id, "m1");
  EXPECT_EQ(patient.provenance.path, "Patient");
  EXPECT_EQ(patient.provenance.offset, 1u);
  EXPECT_EQ(set->bundle_type, "");
}

TEST(Resource, TakesItsTypeFromAnyPositionInTheObject) {
  const auto set = read_json(R"({"name": [{"text": "x"}], "contained": [
    {"name": "inner", "resourceType": "Organization", "id": "o"}],
    "id": "p", "resourceType": "Patient"})");
  ASSERT_EQ(set.patients.size(), 1u);
  EXPECT_EQ(set.patients[0].names.at(0).text.reveal(), "x");
  EXPECT_EQ(set.organizations.at(0).ref, "Patient/p#o");
}

TEST(Resource, KeepsIdsLongerThanFhirAllows) {
  const std::string id(109, 'x');
  const auto set = read_json(R"({"resourceType": "Patient", "id": ")" + id + "\"}");
  EXPECT_EQ(set.patients.at(0).ref, "Patient/" + id);
  EXPECT_EQ(listing(set), "");
}

TEST(Ndjson, IsReadLineByLineAndABrokenLineSpoilsNoOther) {
  const auto set = read_json(
      "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n"
      "\n"
      "{\"resourceType\":\"Patient\",\"id\":}\n"
      "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"status\":1,"
      "\"class\":{},\"subject\":{\"reference\":\"Patient/a\"}}\r\n");
  EXPECT_EQ(set.patients.size(), 1u);
  EXPECT_EQ(set.encounters.at(0).subject.target, "Patient/a");
  EXPECT_EQ(listing(set),
            "error structure line 3: malformed JSON: not a JSON value, at byte 68\n"
            "error structure line 4: Encounter.status: expected a string, found a number '1'\n");
}

TEST(Ndjson, StreamsOneLineAtATime) {
  std::istringstream stream(
      "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n\n"
      "{\"resourceType\":\"Patient\",\"birthDate\":\"x\",\"id\":\"b\"}");
  std::vector<std::string> seen;
  const auto done = read_ndjson(stream, {}, [&](NdjsonLine line) {
    seen.push_back(std::to_string(line.number) + " " + line.records->patients.at(0).ref);
    for (const auto& issue : line.records->issues) seen.push_back(issue.path);
    return true;
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(seen,
            (std::vector<std::string>{"1 Patient/a", "3 Patient/b", "line 3: Patient.birthDate"}));
}

TEST(Ndjson, StopsAtALineAboveTheLimit) {
  std::istringstream stream("{}\n{\"a\": \"" + std::string(200, 'x') + "\"}\n{}\n");
  int lines = 0;
  ReadOptions options{.max_bytes = 100};
  const auto done = read_ndjson(stream, options, [&](const NdjsonLine&) { return ++lines > 0; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::too_large);
  EXPECT_EQ(done.error().detail, 2);
  EXPECT_EQ(lines, 1);
}

TEST(Ndjson, IsNotSeenInOnePrettyPrintedObject) {
  EXPECT_FALSE(looks_like_ndjson("{\n  \"a\": [\n{}\n]}"));
  EXPECT_FALSE(looks_like_ndjson("{}"));
  EXPECT_FALSE(looks_like_ndjson(""));
  EXPECT_TRUE(looks_like_ndjson("{}\n{\"a\":"));
}

TEST(FhirReader, TakesFhirJsonMediaTypes) {
  const FhirReader reader;
  EXPECT_TRUE(reader.takes("application/fhir+json; charset=utf-8"));
  EXPECT_TRUE(reader.takes("application/json+fhir"));
  EXPECT_TRUE(reader.takes("application/fhir+ndjson"));
  EXPECT_FALSE(reader.takes("application/fhir+xml"));
  EXPECT_FALSE(reader.takes("x-application/hl7-v2+er7"));
}

}  // namespace
}  // namespace meridian
