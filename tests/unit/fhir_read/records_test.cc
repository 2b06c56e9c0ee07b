// SPDX-License-Identifier: Apache-2.0
// Each record type: where its FHIR elements go.
#include "unit/fhir_read/read_json.h"

namespace meridian {
namespace {

TEST(Records, EncounterKeepsReasonsDiagnosesAndParticipants) {
  const auto set = read_json(R"({"resourceType": "Encounter", "id": "e", "status": "finished",
    "class": {"code": "AMB"}, "type": [{"text": "visit"}], "subject": {"reference": "Patient/p"},
    "participant": [{"individual": {"reference": "Practitioner/x", "display": "Dr. X"}}],
    "reasonCode": [{"text": "back pain"}], "reasonReference": [{"reference": "Condition/c"}],
    "diagnosis": [{"condition": {"reference": "Condition/d"}, "rank": 1},
                  {"condition": {"reference": "Condition/f"}}],
    "serviceProvider": {"reference": "Organization/o"}})");
  const auto& encounter = set.encounters.at(0);
  EXPECT_EQ(encounter.types.at(0).text, "visit");
  EXPECT_EQ(encounter.participants.at(0).display, "Dr. X");
  EXPECT_EQ(encounter.reason_codes.at(0).text, "back pain");
  EXPECT_EQ(encounter.reason_references.at(0).target, "Condition/c");
  EXPECT_EQ(encounter.diagnoses.at(1).target, "Condition/f");
  EXPECT_EQ(encounter.service_provider.target, "Organization/o");
  EXPECT_EQ(listing(set), "");
}

TEST(Records, ConditionOnsetComesInFiveShapes) {
  const auto onset = [](const std::string& element) {
    auto set = read_json(R"({"resourceType": "Condition", "id": "c", "code": {"text": "x"},
      "subject": {"reference": "Patient/p"}, )" +
                         element + "}");
    EXPECT_EQ(listing(set), "");
    return std::move(set.conditions.at(0));
  };
  EXPECT_EQ(onset(R"("onsetDateTime": "2020-05")").onset.text, "2020-05");
  EXPECT_EQ(onset(R"("onsetPeriod": {"end": "2021", "start": "2020"})").onset.text, "2020");
  EXPECT_EQ(onset(R"("onsetAge": {"value": 52, "unit": "years", "code": "a"})").onset_text, "52 a");
  EXPECT_EQ(onset(R"("onsetRange": {"low": {"value": 3}, "high": {"value": 5, "code": "wk"}})")
                .onset_text,
            "3 5 wk");
  EXPECT_EQ(onset(R"("onsetString": "last spring")").onset_text, "last spring");
}

TEST(Records, ConditionIsAbatedByAnyAbatement) {
  for (const auto* element :
       {R"("abatementDateTime": "2020")", R"("abatementAge": {"value": 3})",
        R"("abatementString": "gone")", R"("abatementPeriod": {"end": "2020"})"}) {
    const auto set = read_json(R"({"resourceType": "Condition", "id": "c", "code": {"text": "x"},
      "subject": {"reference": "Patient/p"}, )" +
                               std::string(element) + "}");
    EXPECT_TRUE(set.conditions.at(0).abated) << element;
  }
}

TEST(Records, CodingsInAnyNumberAndConceptsOfWordsOnly) {
  const auto set = read_json(R"({"resourceType": "Condition", "id": "c",
    "subject": {"reference": "Patient/p"},
    "code": {"text": "sciatica", "coding": [
      {"system": "http://snomed.info/sct", "code": "23056005", "display": "Sciatica"},
      {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.3"},
      {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                      "valueCode": "masked"}]}]},
    "verificationStatus": {"coding": [{"system": "a", "code": "confirmed"},
                                      {"system": "b", "code": "other"}]},
    "severity": {"text": "moderate"}})");
  const auto& condition = set.conditions.at(0);
  ASSERT_EQ(condition.code.codings.size(), 2u) << "one that says only why there is none is none";
  EXPECT_EQ(condition.code.codings[1].code, "M54.3");
  EXPECT_EQ(condition.verification_status, "confirmed");
  EXPECT_EQ(condition.severity.text, "moderate");
  EXPECT_EQ(listing(set), "");
}

TEST(Records, ObservationValuesKeepTheirDecimalsAsWritten) {
  const auto value = [](const std::string& element) {
    auto set = read_json(R"({"resourceType": "Observation", "id": "o", "status": "final",
      "code": {"text": "x"}, )" +
                         element + "}");
    EXPECT_EQ(listing(set), "");
    return std::move(set.observations.at(0));
  };
  EXPECT_EQ(value(R"("valueQuantity": {"value": 1.50, "unit": "kg"})").quantity.value, "1.50");
  EXPECT_EQ(value(R"("valueQuantity": {"value": 1e-3, "comparator": "<"})").quantity.value, "1e-3");
  EXPECT_EQ(value(R"("valueQuantity": {"value": -0.10})").quantity.value, "-0.10");
  EXPECT_EQ(value(R"("valueInteger": 7)").quantity.value, "7");
  EXPECT_EQ(value(R"("valueBoolean": false)").boolean, false);
  EXPECT_EQ(value(R"("valueString": "line 1\nline \u0032 \ud83d\ude00")").text.reveal(),
            "line 1\nline 2 \U0001F600");
  EXPECT_EQ(value(R"("valueCodeableConcept": {"text": "yes"})").concept_value.text, "yes");
  EXPECT_EQ(value(R"("valueRange": {"low": {"value": 3}, "high": {"value": 5.0}})").text.reveal(),
            "3 5.0");
  EXPECT_EQ(value(R"("valueDateTime": "2020")").text.reveal(), "2020");
  EXPECT_EQ(value(R"("effectivePeriod": {"start": "2020", "end": "2021"})").effective.text, "2020");
  const auto panel = value(R"("component": [{"code": {"text": "a"}, "valueInteger": 3},
    {"code": {"text": "b"}, "valueQuantity": {"value": 4.0}}, {"valueString": "c"}])");
  ASSERT_EQ(panel.components.size(), 3u);
  EXPECT_EQ(panel.components[0].quantity.value, "3");
  EXPECT_EQ(panel.components[1].quantity.value, "4.0");
  EXPECT_EQ(panel.components[2].text, "c");
}

TEST(Records, DatesKeepTheirPrecision) {
  const auto precision = [](const std::string& date) {
    const auto set = read_json(R"({"resourceType": "Procedure", "id": "x", "status": "completed",
      "subject": {"reference": "Patient/p"}, "performedDateTime": ")" +
                               date + "\"}");
    EXPECT_EQ(set.procedures.at(0).performed.end, set.procedures.at(0).performed.start);
    return set.procedures.at(0).performed.start.precision;
  };
  EXPECT_EQ(precision("2020"), Precision::year);
  EXPECT_EQ(precision("2020-02"), Precision::month);
  EXPECT_EQ(precision("2020-02-29"), Precision::day);
  EXPECT_EQ(precision("2020-02-29T10:00:00+02:00"), Precision::instant);
  EXPECT_EQ(precision("2020-02-29T10:00:00"), Precision::local_time);
  EXPECT_EQ(precision("2021-02-29"), Precision::none);
}

TEST(Records, MedicationTakesItsCodeFromTheMedicationItRefersTo) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "MedicationRequest", "id": "m", "status": "active",
      "intent": "order", "subject": {"reference": "Patient/p"}, "authoredOn": "2024-01-01",
      "medicationReference": {"reference": "Medication/d"},
      "dispenseRequest": {"validityPeriod": {"start": "2024"},
        "expectedSupplyDuration": {"code": "wk", "value": 2, "unit": "weeks"}}}},
    {"resource": {"resourceType": "MedicationStatement", "id": "s", "status": "active",
      "contained": [{"resourceType": "Medication", "id": "i", "code": {"text": "inner"}}],
      "subject": {"reference": "Patient/p"}, "medicationReference": {"reference": "#i"},
      "effectivePeriod": {"start": "2023"}, "context": {"reference": "Encounter/e"}}},
    {"resource": {"resourceType": "Medication", "id": "d", "code": {"text": "warfarin"}}}]})");
  ASSERT_EQ(set.medications.size(), 2u);
  EXPECT_EQ(set.medications[0].code.text, "warfarin");
  EXPECT_EQ(set.medications[0].days_supply, 14);
  EXPECT_EQ(set.medications[0].effective.start.text, "2024");
  EXPECT_EQ(set.medications[1].code.text, "inner");
  EXPECT_TRUE(set.medications[1].is_statement);
  EXPECT_TRUE(set.medications[1].medication.contained);
  EXPECT_EQ(set.medications[1].encounter.target, "Encounter/e");
}

TEST(Records, AnOrderNotToGiveADrugIsSaid) {
  const auto read = [](const std::string& value) {
    return listing(read_json(R"({"resourceType": "MedicationRequest", "id": "m", "status": "active",
      "intent": "order", "subject": {"reference": "Patient/p"}, "doNotPerform": )" +
                             value + "}"));
  };
  EXPECT_EQ(read("false"), "");
  EXPECT_EQ(read("true"),
            "warning not-supported MedicationRequest.doNotPerform: may change the meaning of the "
            "resource and is not understood\n");
}

TEST(Records, PatientKeepsOnlyTheLinksThatReplaceIt) {
  const auto set = read_json(R"({"resourceType": "Patient", "id": "p", "active": false,
    "deceasedDateTime": "2020", "communication": [{"language": {"text": "de"}, "preferred": true}],
    "identifier": [{"type": {"coding": [{"code": "MR"}]}, "system": "urn:x", "value": "17"}],
    "link": [{"type": "seealso", "other": {"reference": "Patient/a"}},
             {"other": {"reference": "Patient/b"}, "type": "replaced-by"}]})");
  const auto& patient = set.patients.at(0);
  EXPECT_FALSE(patient.active);
  EXPECT_TRUE(patient.deceased);
  EXPECT_EQ(patient.languages.at(0).text, "de");
  EXPECT_EQ(patient.identifiers.at(0).type, "MR");
  ASSERT_EQ(patient.replaced_by.size(), 1u);
  EXPECT_EQ(patient.replaced_by[0].target, "Patient/b");
}

TEST(Records, CoveragePayorHasItsNameFromTheOrganization) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Coverage", "id": "c", "status": "active",
      "beneficiary": {"reference": "Patient/p"}, "payor": [{"reference": "#o"}],
      "contained": [{"resourceType": "Organization", "id": "o", "name": "Medicare"}]}},
    {"resource": {"resourceType": "Coverage", "id": "d", "status": "active",
      "beneficiary": {"reference": "Patient/p"}, "payor": [{"display": "Aetna"}]}}]})");
  EXPECT_EQ(set.coverages.at(0).payor_name, "Medicare");
  EXPECT_EQ(set.coverages.at(1).payor_name, "Aetna");
  EXPECT_EQ(set.organizations.at(0).ref, "Coverage/c#o");
}

TEST(Records, AnAdverseEventIsAConditionThatSaysWhatItIs) {
  const auto set = read_json(R"({"resourceType": "AdverseEvent", "id": "a", "actuality": "actual",
    "event": {"text": "Fainted"}, "subject": {"reference": "Patient/p"}, "date": "2026-11-12T10:00:00Z",
    "recordedDate": "2026-11-13",
    "seriousness": {"coding": [{"code": "serious"}]}, "severity": {"coding": [{"code": "mild"}]}})");
  const auto& event = set.conditions.at(0);
  EXPECT_EQ(event.ref, "AdverseEvent/a");
  EXPECT_EQ(event.subject.target, "Patient/p");
  EXPECT_EQ(event.code.text, "Fainted");
  EXPECT_EQ(event.onset.text, "2026-11-12T10:00:00Z");
  EXPECT_EQ(event.recorded.text, "2026-11-13");
  EXPECT_EQ(event.verification_status, "confirmed");
  EXPECT_EQ(event.severity.codings.at(0).code, "mild");
  ASSERT_EQ(event.categories.size(), 2U);
  EXPECT_EQ(event.categories[0].codings.at(0).code, "AdverseEvent");
  EXPECT_EQ(event.categories[1].codings.at(0).code, "serious");
  const auto near_miss = read_json(R"({"resourceType": "AdverseEvent", "id": "b",
    "actuality": "potential", "subject": {"reference": "Patient/p"}})");
  EXPECT_EQ(near_miss.conditions.at(0).verification_status, "refuted");
}

TEST(Records, ServiceRequestAndTaskAreReadWhole) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "ServiceRequest", "id": "s", "status": "active",
      "intent": "order", "priority": "urgent", "doNotPerform": true,
      "identifier": [{"value": "a"}], "requisition": {"value": "g"}, "code": {"text": "acu"},
      "subject": {"reference": "Patient/p"}, "occurrenceDateTime": "2024-05-01",
      "requester": {"reference": "PractitionerRole/r"}, "performer": [{"reference": "Organization/o"}],
      "locationReference": [{"reference": "Location/l"}], "insurance": [{"reference": "Coverage/c"}],
      "supportingInfo": [{"reference": "Observation/x"}], "bodySite": [{"text": "lumbar"}],
      "note": [{"text": "one"}, {"time": "2020", "text": "two"}], "orderDetail": [{"text": "d"}],
      "replaces": [{"reference": "ServiceRequest/old"}],
      "quantityQuantity": {"value": 12, "unit": "visits"}}},
    {"resource": {"resourceType": "Task", "id": "t", "status": "requested", "intent": "order",
      "focus": {"reference": "ServiceRequest/s"}, "for": {"reference": "Patient/p"},
      "groupIdentifier": {"value": "g"}, "businessStatus": {"text": "scheduled"},
      "executionPeriod": {"start": "2024"}, "output": [
        {"type": {"text": "note"}, "valueReference": {"reference": "DocumentReference/n"}},
        {"type": {"text": "visits"}, "valueInteger": 6}, {"valueString": "words"}]}}]})");
  const auto& request = set.service_requests.at(0);
  EXPECT_EQ(request.priority, "urgent");
  EXPECT_TRUE(request.do_not_perform);
  EXPECT_EQ(request.requisition.value.reveal(), "g");
  EXPECT_EQ(request.occurrence.start.text, "2024-05-01");
  EXPECT_EQ(request.requester.target, "PractitionerRole/r");
  EXPECT_EQ(request.locations.at(0).target, "Location/l");
  EXPECT_EQ(request.insurance.at(0).target, "Coverage/c");
  EXPECT_EQ(request.notes.reveal(), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(request.replaces.at(0).target, "ServiceRequest/old");
  EXPECT_EQ(request.quantity.value, "12");
  EXPECT_EQ(request.quantity.unit, "visits");
  const auto& task = set.tasks.at(0);
  EXPECT_EQ(task.focus.target, "ServiceRequest/s");
  EXPECT_EQ(task.patient.target, "Patient/p");
  EXPECT_EQ(task.business_status.text, "scheduled");
  EXPECT_EQ(task.outputs.at(0).reference.target, "DocumentReference/n");
  EXPECT_EQ(task.outputs.at(1).text, "6");
  EXPECT_EQ(task.outputs.at(2).text, "words");
  EXPECT_EQ(listing(set), "");
}

TEST(Records, QuestionnaireItemsAreFlattenedInOrder) {
  const auto set = read_json(R"({"resourceType": "QuestionnaireResponse", "id": "q",
    "status": "completed", "questionnaire": "http://x/q|1", "item": [
      {"linkId": "1", "item": [
        {"linkId": "1.1", "answer": [{"valueBoolean": true,
          "item": [{"linkId": "1.1.1", "answer": [{"valueDecimal": 1.50}]}]}], "text": "saddle"},
        {"linkId": "1.2", "answer": [{"valueCoding": {"system": "s", "code": "y"}},
                                     {"valueString": "words"}]}], "text": "group"},
      {"linkId": "2", "definition": "http://d#x",
       "answer": [{"valueQuantity": {"value": 3, "unit": "d"}}]}]})");
  const auto& items = set.questionnaire_responses.at(0).items;
  ASSERT_EQ(items.size(), 5u);
  EXPECT_EQ(items[0].link_id + " " + items[0].text, "1 group");
  EXPECT_EQ(items[1].link_id + " " + items[1].text, "1.1 saddle");
  EXPECT_EQ(items[1].values, std::vector<std::string>{"true"});
  EXPECT_EQ(items[2].values, std::vector<std::string>{"1.50"});
  EXPECT_EQ(items[3].values, (std::vector<std::string>{"y", "words"}));
  EXPECT_EQ(items[3].coded_values.at(0).system, "s");
  EXPECT_EQ(items[4].codes.at(0).system, "http://d#x");
  EXPECT_EQ(items[4].values, std::vector<std::string>{"3"});
  EXPECT_EQ(listing(set), "");
}

TEST(Records, TheDirectoryIsRead) {
  const auto set = read_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Location", "id": "l", "name": "Clinic", "position":
      {"longitude": -71.5, "latitude": 42.25}, "address": {"line": ["1 Main St"], "city": "Salem"}}},
    {"resource": {"resourceType": "PractitionerRole", "id": "r", "practitioner":
      {"reference": "Practitioner/x"}, "specialty": [{"text": "acupuncture"}], "active": false}},
    {"resource": {"resourceType": "HealthcareService", "id": "h", "providedBy":
      {"reference": "Organization/o"}, "endpoint": [{"reference": "Endpoint/e"}]}},
    {"resource": {"resourceType": "Endpoint", "id": "e", "status": "active",
      "connectionType": {"code": "hl7-fhir-rest"}, "address": "https://c.example/fhir",
      "payloadMimeType": ["application/fhir+json"]}},
    {"resource": {"resourceType": "Consent", "id": "c", "status": "active", "provision":
      {"type": "deny", "securityLabel": [{"code": "R"}], "provision": [{"type": "permit"}]}}},
    {"resource": {"resourceType": "Appointment", "id": "a", "status": "booked",
      "start": "2024-05-01T10:00:00Z", "participant": [{"actor": {"reference": "Patient/p"}}]}},
    {"resource": {"resourceType": "Communication", "id": "m", "status": "completed",
      "payload": [{"contentString": "hello"}], "recipient": [{"reference": "Practitioner/x"}]}}]})");
  EXPECT_DOUBLE_EQ(set.locations.at(0).latitude.value_or(0), 42.25);
  EXPECT_DOUBLE_EQ(set.locations.at(0).longitude.value_or(0), -71.5);
  EXPECT_EQ(set.locations.at(0).address.lines.reveal().at(0), "1 Main St");
  EXPECT_FALSE(set.practitioner_roles.at(0).active);
  EXPECT_EQ(set.healthcare_services.at(0).endpoints.at(0).target, "Endpoint/e");
  EXPECT_EQ(set.endpoints.at(0).mime_types.at(0), "application/fhir+json");
  EXPECT_EQ(set.consents.at(0).provision.type, "deny");
  EXPECT_EQ(set.consents.at(0).provision.labels.at(0).code, "R");
  EXPECT_EQ(set.consents.at(0).provision.provisions.at(0).type, "permit");
  EXPECT_EQ(set.appointments.at(0).participants.at(0).target, "Patient/p");
  EXPECT_EQ(set.communications.at(0).payload.reveal().at(0), "hello");
  EXPECT_TRUE(set.issues.empty()) << listing(set);
}

TEST(Records, AConsentKnowsWhatOfItIsNotRead) {
  const auto read = [](const std::string& inside, const std::string& beside = {}) {
    const auto set = *read_fhir(R"({"resourceType":"Bundle","type":"collection","entry":[
      {"resource":{"resourceType":"Consent","id":"c","status":"active",)" +
                                beside + R"("policyRule":{"coding":[{"code":"OPTIN"}]},
      "provision":{"type":"permit",)" +
                                inside + R"("purpose":[{"code":"TREAT"}]}}}]})");
    return set.consents.at(0);
  };
  EXPECT_FALSE(read("").has_limits);
  EXPECT_FALSE(read("").provision.has_limits);
  EXPECT_EQ(read("").provision.purposes.at(0).code, "TREAT");
  EXPECT_EQ(read("").policy_rule.codings.at(0).code, "OPTIN");
  for (const auto* limit : {R"("code":[{"text":"x"}],)", R"("dataPeriod":{"end":"2020"},)",
                            R"("modifierExtension":[{"url":"urn:not","valueBoolean":true}],)"}) {
    EXPECT_TRUE(read(limit).provision.has_limits) << limit;
    const auto nested = R"("provision":[{)" + std::string(limit) + R"("type":"deny"}],)";
    EXPECT_TRUE(read(nested).provision.provisions.at(0).has_limits) << limit;
  }
  const auto whole = read(
      R"("actor":[{"role":{"coding":[{"code":"IRCP"}]},"reference":{"reference":"CareTeam/x"}}],
        "action":[{"text":"collect"}],"class":[{"code":"x"}],
        "provision":[{"type":"deny","data":[{"meaning":"instance","reference":
        {"reference":"Condition/2"}}]}],)");
  EXPECT_EQ(whole.provision.actors.at(0).role.codings.at(0).code, "IRCP");
  EXPECT_EQ(whole.provision.actors.at(0).reference.target, "CareTeam/x");
  EXPECT_EQ(whole.provision.actions.at(0).text, "collect");
  EXPECT_EQ(whole.provision.classes.at(0).code, "x");
  EXPECT_EQ(whole.provision.provisions.at(0).data.at(0).reference.target, "Condition/2");
  EXPECT_TRUE(read("", R"("modifierExtension":[{"url":"urn:not"}],)").has_limits);
  EXPECT_TRUE(read("", R"("implicitRules":"urn:not",)").has_limits);
}

}  // namespace
}  // namespace meridian
