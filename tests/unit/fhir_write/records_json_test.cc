// SPDX-License-Identifier: Apache-2.0
// What an HL7 v2 message says, written as FHIR and read again by the FHIR reader, is the same.
#include "fhir/write/records_json.h"

#include <algorithm>

#include "fhir/read/reader.h"
#include "unit/hl7v2_read/read_v2.h"
#include "unit/hl7v2_syntax/messages.h"

namespace meridian::fhir {
namespace {

RecordSet read_fhir(const std::string& json) {
  auto records = FhirReader().read({SourceId("v2"), "1", "application/fhir+json", json, {}});
  EXPECT_TRUE(records);
  return records ? std::move(*records) : RecordSet();
}

std::string counts_of(const RecordSet& records) {
  std::string text;
  const auto add = [&](const char* name, std::size_t count) {
    if (count > 0) text += std::string(name) + ' ' + std::to_string(count) + '\n';
  };
  add("patients", records.patients.size());
  add("practitioners", records.practitioners.size());
  add("coverages", records.coverages.size());
  add("encounters", records.encounters.size());
  add("conditions", records.conditions.size());
  add("observations", records.observations.size());
  add("procedures", records.procedures.size());
  add("medications", records.medications.size());
  add("allergies", records.allergies.size());
  add("imaging", records.imaging.size());
  add("documents", records.documents.size());
  add("orders", records.service_requests.size());
  add("tasks", records.tasks.size());
  add("appointments", records.appointments.size());
  return text;
}

/// Where the second text leaves the first: both from there on.
std::string difference(const std::string& one, const std::string& other) {
  constexpr std::size_t shown = 120;
  const auto at = static_cast<std::size_t>(
      std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first - one.begin());
  if (at == one.size() && one.size() == other.size()) return {};
  const auto from = at < shown / 2 ? 0 : at - shown / 2;
  return one.substr(from, shown) + "\n  became  " +
         other.substr(std::min(from, other.size()), shown);
}

/// The FHIR reader adds the text of a report's results to its narrative; the results are compared.
std::string without_results(RecordSet records) {
  for (auto& report : records.imaging) {
    if (!report.results.empty()) report.narrative.reveal().clear();
  }
  return collection_json(records);
}

const std::string referral =
    hl7v2::pid +
    "RF1|P^Pending^HL70283|U^Urgent^HL70280|ACU^Acupuncture^99LOC|||R-77|20260401|||"
    "M54.50^Low back pain^I10C\r"
    "PRD|RP|Halvorsen^Ingrid^^^^MD|||||2617349057^NPI\r"
    "DG1|1||M54.50^Low back pain^I10C||20251120\r"
    "AL1|1|DA|7980^penicillin^RXNORM\r"
    "IN1|1|HMO|77|High Mesa Health\r"
    "OBX|1|NM|72514-3^Pain severity^LN||6|{score}|||||F|||20260401\r";

TEST(RecordsJson, AReferralIsTheSameInBothForms) {
  const auto v2 = hl7v2::read("REF^I12^REF_I12", referral);
  const auto fhir = read_fhir(collection_json(v2));
  EXPECT_EQ(counts_of(fhir), counts_of(v2));
  ASSERT_EQ(fhir.patients.size(), 1u);
  EXPECT_EQ(fhir.patients[0].names[0].family.reveal(), "DOE");
  EXPECT_EQ(fhir.patients[0].birth_date.reveal().text, "1970-01-01");
  EXPECT_EQ(fhir.patients[0].gender, "female");
  EXPECT_EQ(fhir.patients[0].identifiers, v2.patients[0].identifiers);
  EXPECT_EQ(fhir.patients[0].ref, fhir_ref(v2.patients[0].ref));
  ASSERT_EQ(fhir.service_requests.size(), 1u);
  const auto& order = fhir.service_requests[0];
  const auto& said = v2.service_requests[0];
  EXPECT_EQ(order.ref, fhir_ref(said.ref));
  EXPECT_EQ(order.subject.target, fhir.patients[0].ref);
  EXPECT_EQ(order.identifiers, said.identifiers);
  EXPECT_EQ(order.status, said.status);
  EXPECT_EQ(order.priority, said.priority);
  EXPECT_EQ(order.code.codings, said.code.codings);
  EXPECT_EQ(order.authored.text, said.authored.text);
  ASSERT_EQ(fhir.conditions.size(), v2.conditions.size());
  EXPECT_EQ(fhir.conditions[0].code.codings, v2.conditions[0].code.codings);
  EXPECT_EQ(fhir.conditions[0].onset.text, v2.conditions[0].onset.text);
  ASSERT_EQ(fhir.observations.size(), 1u);
  EXPECT_EQ(fhir.observations[0].quantity.value, "6");
}

TEST(RecordsJson, WritingWhatWasReadIsWritingTheSame) {
  const auto once = collection_json(hl7v2::read("REF^I12^REF_I12", referral));
  EXPECT_EQ(collection_json(read_fhir(once)), once);
}

TEST(RecordsJson, LosesNothingOfAnyMessageOfTheTestData) {
  if (hl7v2::message_files().empty()) GTEST_SKIP() << "the test data is not here";
  std::size_t compared = 0;
  for (const auto& file : hl7v2::message_files()) {
    const auto bytes = hl7v2::bytes_of(file);
    for (const auto& one : hl7v2::split_batch(bytes).messages) {
      const auto v2 = hl7v2::read_message(one.bytes, hl7v2::settings());
      auto fhir = read_fhir(collection_json(v2));
      EXPECT_EQ(counts_of(fhir), counts_of(v2)) << file;
      EXPECT_EQ(difference(without_results(v2), without_results(fhir)), "") << file;
      ++compared;
    }
  }
  EXPECT_GE(compared, 700u);
}

TEST(RecordsJson, ARefThatFhirAllowsStaysAndAnotherGetsAStableName) {
  EXPECT_EQ(fhir_ref("Patient/17"), "Patient/17");
  const auto named = fhir_ref("Patient/FAC|7");
  EXPECT_TRUE(named.starts_with("Patient/m-")) << named;
  EXPECT_EQ(named, fhir_ref("Patient/FAC|7"));
  EXPECT_NE(named, fhir_ref("Patient/FAC|8"));
  EXPECT_LE(named.size(), std::string("Patient/").size() + 64);
}

}  // namespace
}  // namespace meridian::fhir
