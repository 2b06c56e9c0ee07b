// SPDX-License-Identifier: Apache-2.0
#include "pathway/charts.h"

#include <gtest/gtest.h>

#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::ChartBuilder;
using test::icd;
using test::to;

RecordSet records_of(ChartBuilder builder) {
  RecordSet records = builder.records();
  records.patients.push_back(builder.patient());
  return records;
}

TEST(Charts, HoldEachRecordOfTheirPatientOnce) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"));
  builder.procedure(test::cpt("97810"));
  builder.coverage("Medicare");
  const auto split = split_charts(records_of(builder));
  ASSERT_EQ(split.charts.size(), 1u);
  EXPECT_EQ(split.charts[0].patient.gender, "female");
  EXPECT_EQ(split.charts[0].records.conditions.size(), 1u);
  EXPECT_EQ(split.charts[0].records.procedures.size(), 1u);
  EXPECT_EQ(split.charts[0].records.coverages.size(), 1u);
  EXPECT_TRUE(split.issues.empty());
}

TEST(Charts, KeepTheOrderOfTheInput) {
  ChartBuilder builder;
  auto records = records_of(builder);
  Patient second;
  second.ref = "Patient/2";
  records.patients.insert(records.patients.begin(), second);
  const auto split = split_charts(records);
  ASSERT_EQ(split.charts.size(), 2u);
  EXPECT_EQ(split.charts[0].patient.ref, "Patient/2");
}

TEST(Charts, AreMadeForPatientsThatAreOnlyReferredTo) {
  ChartBuilder builder;
  builder.imaging(test::loinc("24971-4")).subject = to("Patient/known-by-name-only");
  RecordSet records = builder.records();
  const auto split = split_charts(records);
  ASSERT_EQ(split.charts.size(), 1u);
  EXPECT_EQ(split.charts[0].patient.ref, "Patient/known-by-name-only");
  EXPECT_TRUE(split.charts[0].patient.birth_date.reveal().empty());
}

TEST(Charts, LeaveOutRecordsOfRelativesAndOfNobodyAndSayWhere) {
  ChartBuilder builder;
  builder.condition(icd("C79.51")).subject = to("RelatedPerson/mother");
  auto& nobody = builder.condition(icd("G83.4"));
  nobody.subject = Reference{};
  nobody.provenance.path = "Bundle.entry[7].resource";
  const auto split = split_charts(records_of(builder));
  ASSERT_EQ(split.charts.size(), 1u);
  EXPECT_TRUE(split.charts[0].records.conditions.empty());
  ASSERT_EQ(split.issues.size(), 2u);
  EXPECT_EQ(split.issues[0].code, "not-found");
  EXPECT_EQ(split.issues[1].code, "required");
  EXPECT_EQ(split.issues[1].path, "Bundle.entry[7].resource.subject");
}

TEST(Charts, NameTheElementThatShouldHaveNamedThePatient) {
  ChartBuilder builder;
  builder.allergy(test::snomed("419788000")).patient = Reference{};
  builder.coverage("Medicare").beneficiary = Reference{};
  const auto split = split_charts(records_of(builder));
  ASSERT_EQ(split.issues.size(), 2u);
  EXPECT_TRUE(split.issues[0].path.ends_with(".beneficiary"));
  EXPECT_TRUE(split.issues[1].path.ends_with(".patient"));
}

Identifier mrn(const char* value) {
  return Identifier{"urn:oid:2.16.840.1.113883.19.5", Sensitive<std::string>(value), "MR"};
}

Reference by_identifier(const char* value) {
  Reference reference;
  reference.identifier = mrn(value);
  return reference;
}

TEST(Charts, ResolveASubjectByIdentifierWhenOnePatientCarriesIt) {
  ChartBuilder builder;
  builder.patient().identifiers = {mrn("4711")};
  builder.condition(icd("M54.50")).subject = by_identifier("4711");
  const auto split = split_charts(records_of(builder));
  EXPECT_EQ(split.charts[0].records.conditions.size(), 1u);
}

TEST(Charts, DoNotGuessBetweenTwoPatientsOfOneIdentifier) {
  ChartBuilder builder;
  builder.patient().identifiers = {mrn("4711")};
  builder.condition(icd("M54.50")).subject = by_identifier("4711");
  auto records = records_of(builder);
  Patient twin;
  twin.ref = "Patient/2";
  twin.identifiers = {mrn("4711")};
  records.patients.push_back(twin);
  const auto split = split_charts(records);
  EXPECT_TRUE(split.charts[0].records.conditions.empty());
  EXPECT_TRUE(split.charts[1].records.conditions.empty());
  EXPECT_EQ(split.issues.size(), 1u);
}

}  // namespace
}  // namespace meridian
