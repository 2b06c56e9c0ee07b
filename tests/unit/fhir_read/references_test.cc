// SPDX-License-Identifier: Apache-2.0
// References: what they point at, in the batch or by their form.
#include "fhir/read/references.h"

#include "unit/fhir_read/read_json.h"

namespace meridian {
namespace {

using fhir_read::type_and_id;

TEST(References, AreReadByTheirForm) {
  EXPECT_EQ(type_and_id("Patient/1"), "Patient/1");
  EXPECT_EQ(type_and_id("Patient/1/_history/4"), "Patient/1");
  EXPECT_EQ(type_and_id("https://h.example/fhir/r4/Patient/a-1.b"), "Patient/a-1.b");
  EXPECT_EQ(type_and_id("https://h.example/fhir/Patient/1/_history/4"), "Patient/1");
  EXPECT_EQ(type_and_id("https://h.example/fhir"), "");
  EXPECT_EQ(type_and_id("https://h.example"), "");
  EXPECT_EQ(type_and_id("Patient"), "");
  EXPECT_EQ(type_and_id("Patient/"), "");
  EXPECT_EQ(type_and_id("/1"), "");
  EXPECT_EQ(type_and_id("patient/1"), "");
  EXPECT_EQ(type_and_id("Patient?identifier=a|b/c"), "");
  EXPECT_EQ(type_and_id("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"), "");
}

TEST(References, ByUuidOrUrlFindTheEntryOfThatFullUrl) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "transaction", "entry": [
    {"resource": {"resourceType": "Condition", "id": "c", "code": {"text": "x"},
      "subject": {"reference": "urn:uuid:1"}, "encounter": {"reference": "http://a/b/c"}}},
    {"resource": {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {}},
     "fullUrl": "http://a/b/c"},
    {"resource": {"resourceType": "Patient"}, "fullUrl": "urn:uuid:1"}]})");
  EXPECT_EQ(set.patients.at(0).ref, "Patient/1");
  EXPECT_EQ(set.conditions.at(0).subject.target, "Patient/1");
  EXPECT_EQ(set.conditions.at(0).encounter.target, "Encounter/e");
  EXPECT_EQ(listing(set), "");
}

TEST(References, ToNowhereAreSaidAndNoError) {
  const auto set = read_json(R"({"resourceType": "Condition", "id": "c", "code": {"text": "x"},
      "subject": {"reference": "urn:uuid:2"}, "encounter": {"reference": "#e"}})");
  ASSERT_EQ(set.conditions.size(), 1u);
  EXPECT_EQ(set.conditions[0].subject.target, "");
  EXPECT_EQ(
      listing(set),
      "information not-found Condition.subject: 'urn:uuid:2' refers to nothing in this input\n"
      "information not-found Condition.encounter: '#e' refers to nothing in this input\n");
}

TEST(References, BySearchAreKeptAsIdentifiersAndResolvedInTheBatch) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "transaction", "entry": [
    {"resource": {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {},
      "subject": {"reference": "Patient/p"}, "participant": [{"individual": {"reference":
        "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|99"}}],
      "serviceProvider": {"reference": "Organization?identifier=urn:x|7"}}},
    {"resource": {"resourceType": "Practitioner", "id": "d", "identifier": [
      {"system": "http://hl7.org/fhir/sid/us-npi", "value": "99"}]}}]})");
  const auto& encounter = set.encounters.at(0);
  EXPECT_EQ(encounter.participants.at(0).identifier.value.reveal(), "99");
  EXPECT_EQ(encounter.participants.at(0).target, "Practitioner/d");
  EXPECT_EQ(encounter.service_provider.identifier.system, "urn:x");
  EXPECT_EQ(encounter.service_provider.target, "");
  EXPECT_EQ(listing(set), "");
}

TEST(References, InAContainedResourceReachItsSiblingsAndItsContainer) {
  const auto set = read_json(R"({"resourceType": "ServiceRequest", "id": "s", "status": "active",
    "intent": "order", "subject": {"reference": "#p"}, "requester": {"reference": "#r"},
    "contained": [{"resourceType": "Patient", "id": "p"},
      {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "#d"},
       "organization": {"reference": "Organization/o"}},
      {"resourceType": "Practitioner", "id": "d"},
      {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"},
       "basedOn": [{"reference": "#"}]}]})");
  EXPECT_EQ(set.service_requests.at(0).subject.target, "ServiceRequest/s#p");
  EXPECT_TRUE(set.service_requests.at(0).subject.contained);
  const auto& role = set.practitioner_roles.at(0);
  EXPECT_EQ(role.ref, "ServiceRequest/s#r");
  EXPECT_EQ(role.contained_in.at(0).target, "ServiceRequest/s");
  EXPECT_EQ(role.practitioner.target, "ServiceRequest/s#d");
  EXPECT_EQ(role.organization.target, "Organization/o");
  EXPECT_EQ(role.provenance.path, "ServiceRequest.contained[1]");
  EXPECT_EQ(set.observations.at(0).based_on.at(0).target, "ServiceRequest/s");
  EXPECT_EQ(listing(set), "");
}

TEST(References, LogicalOnesKeepTheirIdentifier) {
  const auto set = read_json(R"({"resourceType": "Condition", "id": "c", "code": {"text": "x"},
      "subject": {"identifier": {"system": "urn:mrn", "value": "5"}, "display": "somebody"}})");
  EXPECT_EQ(set.conditions.at(0).subject.identifier.value.reveal(), "5");
  EXPECT_EQ(set.conditions.at(0).subject.display, "somebody");
}

}  // namespace
}  // namespace meridian
