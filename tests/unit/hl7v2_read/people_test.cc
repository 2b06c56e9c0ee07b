// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"
#include "hl7v2/read/record_id.h"
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

TEST(RecordId, IsReadableWhereFhirAllowsItAndAnotherOneForEveryNumber) {
  EXPECT_EQ(record_id("STLUKE", "40023"), "STLUKE.40023");
  EXPECT_EQ(record_id("1.2.840", "E-77"), "1.2.840.E-77");
  EXPECT_EQ(record_id("STLUKE", ""), "");
  const std::vector<std::pair<std::string, std::string>> not_plain = {
      {"EPIC_ADT", "7"}, {"", "7"}, {"A", "B.7"}, {"A", "7\xc3\xa4"}};
  for (const auto& [scope, number] : not_plain) {
    const auto id = record_id(scope, number);
    EXPECT_TRUE(id.starts_with("m-")) << id;
    EXPECT_EQ(id.size(), 42U);
    EXPECT_EQ(id, record_id(scope, number));
  }
  EXPECT_NE(record_id("A.B", "7"), record_id("A", "B.7"));
  EXPECT_EQ(record_id(std::string(32, 'a'), std::string(31, '1')).size(), 64U);
  EXPECT_TRUE(record_id(std::string(33, 'a'), std::string(31, '1')).starts_with("m-"));
}

TEST(RecordId, WithAKeyItHidesTheNumberAndIsTheSameEachTime) {
  EXPECT_EQ(hidden_id("", "STLUKE", "40023"), "STLUKE.40023");
  EXPECT_EQ(hidden_id("key", "STLUKE", ""), "");
  const auto id = hidden_id("key", "STLUKE", "40023");
  EXPECT_EQ(id, "m-" + hex(hmac_sha256("key", "STLUKE|40023")).substr(0, 40));
  EXPECT_NE(id, hidden_id("another", "STLUKE", "40023"));
  EXPECT_NE(id, hidden_id("key", "STLUKE", "40024"));
  EXPECT_NE(id, hidden_id("key", "LAKEVIEW", "40023"));
}

TEST(RecordId, WithAKeyOnlyAnOrderShowsItsNumberAndEveryMessageMeansTheSamePatient) {
  auto with = settings();
  with.name_key = "key";
  const std::string visit = "PV1|1|O|||||||||||||||||V50\r";
  const auto adt = read("ADT^A04", pid + visit, with);
  const auto oru = read("ORU^R01",
                        pid + visit +
                            "OBR|1|P60^ORD|R60^RAD|MR^MRI L-spine^L\r"
                            "OBX|1|TX|MR||Normal.||||||F\r",
                        with);
  const auto orm = read("ORM^O01", pid + visit + "ORC|NW|P61^ORD\rOBR|1|P61^ORD||A^B^L\r", with);
  const auto mdm = read(
      "MDM^T02", pid + visit + "TXA|1|CN|TX|20261201||||||||D62^DOC\rOBX|1|TX|X||Words.\r", with);
  const auto patient = "Patient/" + hidden_id("key", "FAC", "7");
  for (const auto* records : {&adt, &oru, &orm, &mdm}) {
    EXPECT_EQ(records->patients.at(0).ref, patient);
    EXPECT_EQ(records->encounters.at(0).ref, "Encounter/" + hidden_id("key", "FAC", "V50"));
  }
  EXPECT_EQ(oru.imaging.at(0).ref, "DiagnosticReport/" + hidden_id("key", "RAD", "R60"));
  EXPECT_EQ(mdm.documents.at(0).ref, "DocumentReference/" + hidden_id("key", "DOC", "D62"));
  EXPECT_EQ(orm.service_requests.at(0).ref, "ServiceRequest/ORD.P61");
}

TEST(People, APatientIsNamedByTheRecordNumber) {
  const auto records = read("ADT^A28",
                            "PID|1|old|9^^^SSA^SS~7^^^FAC^MR||DOE^JANE^Q||197001|F|||1 A "
                            "ST^^B^IA^50309||^PRN^PH^^1^515^5550100~^NET^Internet^j@example.org\r");
  const auto& patient = records.patients.at(0);
  EXPECT_EQ(patient.ref, "Patient/FAC.7");
  EXPECT_EQ(patient.identifiers.size(), 2U);
  EXPECT_EQ(patient.identifiers[1].type, "MR");
  EXPECT_EQ(patient.birth_date.reveal().text, "1970-01");
  EXPECT_EQ(patient.gender, "female");
  EXPECT_EQ(display_name(patient.names.at(0)), "JANE Q DOE");
  EXPECT_EQ(patient.telecom.at(0).value.reveal(), "1-515-5550100");
  EXPECT_EQ(patient.telecom.at(1).value.reveal(), "j@example.org");
  EXPECT_EQ(patient.telecom.at(1).system, "email");
}

TEST(People, WithoutAnAuthorityANumberIsItsSendersOwn) {
  EXPECT_EQ(read("ADT^A28", "PID|1||7||DOE^JANE\r").patients[0].ref,
            "Patient/m-82d781be4bbcc02d26b03d95509d5706c7cc591f");
  auto with = settings();
  with.authorities["@APP.FAC"] = "http://example.org/mrn";
  EXPECT_EQ(read("ADT^A28", "PID|1||7||DOE^JANE\r", with).patients[0].identifiers[0].system,
            "http://example.org/mrn");
}

TEST(People, NoNumberAtAllIsAnIssue) {
  const auto records = read("ADT^A28", "PID|1||||DOE^JANE||19701301|Q\r");
  EXPECT_EQ(records.patients[0].ref, "Patient/C1.PID");
  EXPECT_TRUE(has_issue(records, "PID-3")) << issues_of(records);
  EXPECT_TRUE(has_issue(records, "PID-7"));
  EXPECT_TRUE(has_issue(records, "PID-8"));
  EXPECT_TRUE(has_issue(read("ADT^A01", "PV1|1|O\r"), "PID"));
}

TEST(People, AMergeIsALinkThatCanBeTakenBack) {
  const auto records = read("ADT^A40", pid + "MRG|3^^^FAC^MR\rPV1|1|O\r");
  ASSERT_EQ(records.patients.size(), 2U);
  EXPECT_EQ(records.patients[1].ref, "Patient/FAC.3");
  EXPECT_FALSE(records.patients[1].active);
  EXPECT_EQ(records.patients[1].replaced_by.at(0).target, "Patient/FAC.7");
  EXPECT_TRUE(records.encounters.empty());
  EXPECT_TRUE(has_issue(read("ADT^A40", pid + "MRG|7^^^FAC^MR\r"), "MRG-1"));
  EXPECT_TRUE(has_issue(read("ADT^A40", pid + "MRG|\r"), "MRG-1"));
}

Encounter visit(const std::string& event, const std::string& rest = "") {
  const auto records = read("ADT^" + event, "EVN||20260401101000-0500||||20260401100000-0500\r" +
                                                pid + "PV1|1|E|||||||||||||||||V1" + rest + "\r");
  return records.encounters.size() == 1 ? records.encounters[0] : Encounter();
}

TEST(Visits, TheEventGivesTheStatus) {
  EXPECT_EQ(visit("A01").status, "in-progress");
  EXPECT_EQ(visit("A01").period.start.text, "2026-04-01T10:00:00-05:00");
  EXPECT_EQ(visit("A03").status, "finished");
  EXPECT_EQ(visit("A03").period.end.text, "2026-04-01T10:00:00-05:00");
  EXPECT_EQ(visit("A05").status, "planned");
  EXPECT_EQ(visit("A11").status, "cancelled");
  EXPECT_EQ(visit("A13", std::string(25, '|') + "20260330|20260331").period.end.text, "");
  EXPECT_EQ(visit("A08", std::string(25, '|') + "20260330|20260331").status, "finished");
  EXPECT_EQ(visit("A04").ref, "Encounter/FAC.V1");
  EXPECT_EQ(visit("A04").class_code.code, "EMER");
}

TEST(Visits, ClassNMeansNoVisit) {
  EXPECT_TRUE(read("ADT^A31", pid + "PV1|1|N\r").encounters.empty());
  EXPECT_EQ(read("ADT^A01", pid + "PV1|1|C\r").encounters.at(0).class_code.system,
            "http://terminology.hl7.org/CodeSystem/v2-0004");
}

TEST(Visits, DiagnosesBelongToThemInWhateverOrder) {
  const std::string dg1 = "DG1|1||M54.50^LBP^I10||20260301|W\r";
  const std::string pv1 = "PV1|1|O|||||||||||||||||V1\r";
  for (const auto& order : {pv1 + dg1, dg1 + pv1}) {
    const auto records = read("ADT^A04", pid + order);
    EXPECT_EQ(records.encounters.at(0).diagnoses.at(0).target, "Condition/C1.DG1");
    EXPECT_EQ(records.conditions.at(0).verification_status, "provisional");
    EXPECT_EQ(records.conditions.at(0).recorded.text, "2026-03-01");
    EXPECT_TRUE(records.conditions.at(0).onset.empty());
  }
}

TEST(Clinical, AllergiesProceduresAndInsurance) {
  const auto records =
      read("ADT^A04", pid + "AL1|1|DA|7980^Penicillin^RXNORM|SV||20200101\rAL1|2|DA\r" +
                          "PR1|1||63030^Discectomy^C4||20240105\r" +
                          "IN1|1|B1^Basic|BC01|Blue Shield||||||||20260101|20261231\r");
  ASSERT_EQ(records.allergies.size(), 1U);
  EXPECT_EQ(records.allergies[0].criticality, "high");
  EXPECT_EQ(records.allergies[0].categories.at(0), "medication");
  EXPECT_TRUE(has_issue(records, "AL1[2]-3"));
  EXPECT_EQ(records.procedures.at(0).status, "completed");
  EXPECT_EQ(records.coverages.at(0).payor_name, "Blue Shield");
  EXPECT_EQ(records.coverages[0].period.end.text, "2026-12-31");
}

}  // namespace
}  // namespace meridian::hl7v2
