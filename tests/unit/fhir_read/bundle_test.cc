// SPDX-License-Identifier: Apache-2.0
// Bundles, single resources and NDJSON into records.
#include <sstream>

#include <gtest/gtest.h>

#include "fhir/read/reader.h"

namespace meridian {
namespace {

RecordSet read(std::string_view json) {
  auto records = read_fhir(json);
  EXPECT_TRUE(records) << records.error().what.view() << " at " << records.error().detail;
  return records ? std::move(*records) : RecordSet{};
}

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
  const auto set = read(small_bundle);
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
  const auto set = read(small_bundle);
  ASSERT_EQ(set.resources.size(), 5u);
  EXPECT_FALSE(set.resources[1].mapped);
  EXPECT_EQ(set.resources[1].id, "c9");
  EXPECT_EQ(small_bundle.substr(set.resources[1].offset, set.resources[1].size),
            R"({"resourceType": "Claim", "id": "c9", "total": {"value": 1}})");
  EXPECT_EQ(set.resources[2].path, "Bundle.entry[2].resource");
  EXPECT_EQ(set.resources[2].full_url, "http://h.example/fhir/Encounter/e1");
  EXPECT_EQ(set.resources[2].method, "POST");
  EXPECT_EQ(small_bundle.substr(set.resources[2].offset, 8), R"({"id": ")");
}

}  // namespace
}  // namespace meridian
