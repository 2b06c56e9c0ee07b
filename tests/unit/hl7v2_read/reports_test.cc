// SPDX-License-Identifier: Apache-2.0
// Radiology reports in every shape they come in.
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

const std::string obr =
    "OBR|1||F1^RIS|30679-5^MR Lumbar spine WO contrast^LN|||20260330|||||||||||||||||RAD|F\r";
const std::string row = "|TX|30679-5^MR Lumbar spine WO contrast^LN||";

const ImagingReport& report_of(const RecordSet& records) {
  EXPECT_EQ(records.imaging.size(), 1U) << issues_of(records);
  static const ImagingReport none;
  return records.imaging.empty() ? none : records.imaging[0];
}

TEST(Reports, RowsAreJoinedInTheirOrder) {
  const auto records =
      read("ORU^R01", pid + obr + "OBX|1" + row + "First \\T\\ second.||||||F\r" + "OBX|2" + row +
                          "||||||F\r" + "OBX|3|FT|30679-5||Third.\\.br\\Fourth.~Fifth.||||||F\r");
  EXPECT_EQ(report_of(records).narrative.reveal(), "First & second.\n\nThird.\nFourth.\nFifth.");
  EXPECT_EQ(report_of(records).conclusion.reveal(), "");
  EXPECT_TRUE(records.observations.empty());
  EXPECT_EQ(report_of(records).status, "final");
  EXPECT_EQ(report_of(records).ref, "DiagnosticReport/RIS.F1");
  EXPECT_EQ(issues_of(records), "");
}

TEST(Reports, TheImpressionIsKnownByTheSuffixOfObx3) {
  const auto records = read("ORU^R01", pid + obr + "OBX|1|TX|30679-5&GDT^MR^LN||Bulge.||||||F\r" +
                                           "OBX|2|TX|30679-5&IMP^MR^LN||1. Bulge.||||||F\r" +
                                           "OBX|3|TX|30679-5&IMP^MR^LN||2. Nothing else.||||||F\r" +
                                           "OBX|4|TX|30679-5&REC^MR^LN||None.||||||F\r");
  EXPECT_EQ(report_of(records).narrative.reveal(),
            "FINDINGS:\nBulge.\nIMPRESSION:\n1. Bulge.\n2. Nothing else.\nRECOMMENDATION:\nNone.");
  EXPECT_EQ(report_of(records).conclusion.reveal(), "1. Bulge.\n2. Nothing else.");
}

TEST(Reports, TheImpressionIsKnownByItsLoincCode) {
  const auto records = read("ORU^R01", pid + obr + "OBX|1|ST|18782-3^Findings^LN||Bulge.||||||F\r" +
                                           "OBX|2|ST|19005-8^Impression^LN||Minor.||||||F\r");
  EXPECT_EQ(report_of(records).narrative.reveal(), "FINDINGS:\nBulge.\nIMPRESSION:\nMinor.");
  EXPECT_EQ(report_of(records).conclusion.reveal(), "Minor.");
}

TEST(Reports, TheImpressionIsKnownByItsHeading) {
  const auto records =
      read("ORU^R01", pid + obr + "OBX|1" + row +
                          "Clinical history: pain.\\.br\\FINDINGS: bulge.\\.br\\** IMPRESSION "
                          "**\\.br\\One.\\.br\\Two.\\.br\\RECOMMENDATION: none.||||||F\r");
  EXPECT_EQ(report_of(records).conclusion.reveal(), "One.\nTwo.");
  const auto plain =
      read("ORU^R01",
           pid + obr + "OBX|1" + row +
               "FINDINGS: bulge.\\.br\\Impression\\.br\\One.\\.br\\Two.\\.br\\RECOMMENDATION: "
               "none.||||||F\r");
  EXPECT_EQ(report_of(plain).conclusion.reveal(), "One.\nTwo.");
}

TEST(Reports, AnAddendumIsPartOfTheNarrativeAndItsStatus) {
  const auto records =
      read("ORU^R01", pid + "OBR|1||F1^RIS|30679-5^MR^LN|||20260330|||||||||||||||||RAD|C\r" +
                          "OBX|1" + row + "IMPRESSION: bulge.||||||F\r" +
                          "OBX|2|TX|30679-5&ADT^MR^LN||Level is L5-S1.||||||C\r");
  EXPECT_EQ(report_of(records).status, "corrected");
  EXPECT_EQ(report_of(records).narrative.reveal(),
            "IMPRESSION: bulge.\nADDENDUM:\nLevel is L5-S1.");
  EXPECT_EQ(report_of(records).conclusion.reveal(), "bulge.");
}

TEST(Reports, ADocumentInTheMessageIsKept) {
  const auto records =
      read("ORU^R01",
           pid + obr + "OBX|1|ED|PDF^Report^L||RIS^application^pdf^Base64^JVBERi0xLjQ=||||||F\r" +
               "OBX|2|ED|TXT^Report^L||RIS^TEXT^^Base64^SU1QUkVTU0lPTjogYnVsZ2Uu||||||F\r" +
               "OBX|3|RP|IMG^Images^L||http://pacs.example.org/1||||||F\r");
  ASSERT_EQ(records.documents.size(), 3U);
  EXPECT_EQ(records.documents[0].content[0].content_type, "application/pdf");
  EXPECT_EQ(records.documents[0].content[0].data, "%PDF-1.4");
  EXPECT_EQ(records.documents[0].related[0].target, "DiagnosticReport/RIS.F1");
  EXPECT_EQ(report_of(records).narrative.reveal(), "IMPRESSION: bulge.");
  EXPECT_EQ(records.documents[2].content[0].url, "http://pacs.example.org/1");
  EXPECT_TRUE(has_issue(records, "OBX[1]-5")) << issues_of(records);
  EXPECT_TRUE(has_issue(records, "OBX[3]-5"));
}

TEST(Reports, WhatIsNotBase64IsAnIssueAtItsComponent) {
  const auto records =
      read("ORU^R01", pid + obr + "OBX|1|ED|P^R^L||^application^pdf^Base64^%%%||||||F\r" +
                          "OBX|2|ED|P^R^L||^application^pdf^Hex^00||||||F\r");
  EXPECT_TRUE(has_issue(records, "OBX[1]-5.5")) << issues_of(records);
  EXPECT_TRUE(has_issue(records, "OBX[2]-5.4"));
  EXPECT_TRUE(records.documents.empty());
}

TEST(Reports, LaboratoryResultsAreObservationsOfTheirReport) {
  const auto records = read(
      "ORU^R01",
      pid +
          "OBR|1|P1^EPIC|F2^LAB|5902-2^PT panel^LN|||20260330080000-0500|||||||||||||||||LAB|F\r" +
          "OBX|1|NM|6301-6^INR^LN||2.50|{INR}^ratio^UCUM|0.9-1.1|H|||F\r" +
          "OBX|2|SN|777-3^Platelets^LN||<^100|10*3/uL|||||P\r" +
          "OBX|3|SN|1^Range^L||1^2^-^4||||||F\r" + "OBX|4|CWE|2^Group^L||A^Group A^L||||||F\r" +
          "OBX|5|NM|3^Odd^L||high||||||Q\r");
  ASSERT_EQ(records.observations.size(), 5U);
  const auto& inr = records.observations[0];
  EXPECT_EQ(inr.ref, "Observation/C1.OBX.1");
  EXPECT_EQ(inr.quantity.value, "2.50");
  EXPECT_EQ(inr.quantity.code, "{INR}");
  EXPECT_EQ(inr.quantity.system, "http://unitsofmeasure.org");
  EXPECT_EQ(inr.effective.text, "2026-03-30T08:00:00-05:00");
  EXPECT_EQ(inr.interpretations[0].codings[0].code, "H");
  EXPECT_EQ(inr.based_on[0].target, "ServiceRequest/EPIC.P1");
  EXPECT_EQ(inr.provenance.path, "OBX[1]");
  EXPECT_EQ(*inr.provenance.message_id, "C1");
  EXPECT_EQ(records.observations[1].quantity.comparator, "<");
  EXPECT_EQ(records.observations[1].status, "preliminary");
  EXPECT_EQ(records.observations[2].text.reveal(), "12-4");
  EXPECT_EQ(records.observations[3].concept_value.codings[0].code, "A");
  EXPECT_EQ(records.observations[4].text.reveal(), "high");
  EXPECT_EQ(records.observations[4].status, "unknown");
  EXPECT_TRUE(has_issue(records, "OBX[5]-5"));
  EXPECT_TRUE(has_issue(records, "OBX[5]-11"));
  EXPECT_EQ(report_of(records).results.size(), 5U);
}

TEST(Reports, TwoExamsUnderOneNumberAreTwoReports) {
  const auto records =
      read("ORU^R01", pid + "ORC|RE||F1^RIS\rOBR|1||F1^RIS|1^A^L||||||||||||||||||||RAD|F\r" +
                          "OBX|1|TX|1^A^L||One.\rOBR|2||F1^RIS|2^B^L||||||||||||||||||||RAD|"
                          "F\rOBX|1|TX|2^B^L||Two.\r");
  ASSERT_EQ(records.imaging.size(), 2U);
  EXPECT_NE(records.imaging[0].ref, records.imaging[1].ref);
  EXPECT_EQ(records.imaging[0].narrative.reveal(), "One.");
  EXPECT_EQ(records.imaging[1].narrative.reveal(), "Two.");
}

}  // namespace
// Read from the beginning for each of them, this took hours.
TEST(Reports, AMillionRepetitionsAreReadInOneWalk) {
  std::string value;
  for (int i = 0; i < 1'000'000; ++i) value += "a~";
  const auto records =
      read("ORU^R01", pid + obr + "OBX|1|TX|30679-5&GDT^MR^LN||" + value + "||||||F\r");
  ASSERT_EQ(records.imaging.size(), 1U);
}

}  // namespace meridian::hl7v2
