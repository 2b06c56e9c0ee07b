// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/read/values.h"

#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

PartialDate date_in(const std::string& text, const std::string& msh7 = "20260401") {
  const std::string bytes = "MSH|^~\\&|A|F|||" + msh7 + "||ADT^A01|1|P|2.5\rZZZ|" + text + "\r";
  Issues issues;
  const auto message = parse(bytes, issues);
  const auto with = settings();
  const ReadOptions options;
  Context context(*message, with, options);
  return date_of(context, (*message)[1], 1);
}

TEST(Dates, AreAsExactAsTheyWereWritten) {
  EXPECT_EQ(date_in("2026").text, "2026");
  EXPECT_EQ(date_in("202604").text, "2026-04");
  EXPECT_EQ(date_in("20260401").text, "2026-04-01");
  EXPECT_EQ(date_in("2026040113").text, "2026-04-01");
  EXPECT_EQ(date_in("202604011305").precision, Precision::local_time);
  EXPECT_EQ(date_in("20260401130507.1234").text, "2026-04-01T13:05:07.123");
  EXPECT_EQ(date_in("20260401130507+0130").text, "2026-04-01T13:05:07+01:30");
  EXPECT_EQ(date_in("20260401130507+01:30").text, "2026-04-01T13:05:07+01:30");
  EXPECT_EQ(date_in("20260401130507-0500").precision, Precision::instant);
}

TEST(Dates, TakeTheZoneOfTheMessage) {
  EXPECT_EQ(date_in("20260401130507", "20260401120000-0600").text, "2026-04-01T13:05:07-06:00");
  EXPECT_EQ(date_in("20260401", "20260401120000-0600").text, "2026-04-01");
}

TEST(Dates, NonsenseIsEmpty) {
  for (const auto* text : {"20261301", "today", "2026040", "202", "20260401130507060", "00000000",
                           "\"\"", "", "2026-04-01", "20260230"}) {
    EXPECT_TRUE(date_in(text).empty()) << text << " " << date_in(text).text;
  }
}

TEST(Codes, BothCodingsAndTheWords) {
  const auto records =
      read("ADT^A04",
           pid +
               "DG1|1||M54.50^Low back pain^I10C^LBP^Lumbago^L^^^Back hurts\rDG1|2||^Only words\r"
               "DG1|3||X^Y^HL70052\rDG1|4||Z1\r");
  const auto& both = records.conditions[0].code;
  ASSERT_EQ(both.codings.size(), 2U);
  EXPECT_EQ(both.codings[0].system, "http://hl7.org/fhir/sid/icd-10-cm");
  EXPECT_EQ(both.codings[1].system, "urn:hl7v2:FAC:L");
  EXPECT_EQ(both.text, "Back hurts");
  EXPECT_EQ(records.conditions[1].code.text, "Only words");
  EXPECT_EQ(records.conditions[2].code.codings[0].system,
            "http://terminology.hl7.org/CodeSystem/v2-0052");
  EXPECT_EQ(records.conditions[3].code.codings[0].system, "urn:hl7v2:FAC");
}

TEST(Numbers, AuthoritiesMeanWhatTheyOrTheSiteSay) {
  auto with = settings();
  with.authorities["ADT1"] = "http://example.org/mrn";
  const auto records = read(
      "ADT^A28", "PID|1||1^^^ADT1~2^^^&1.2.3&ISO~3^^^X&http://x.org/id&URI~4^^^OTHER~5\r", with);
  const auto& ids = records.patients[0].identifiers;
  ASSERT_EQ(ids.size(), 5U);
  EXPECT_EQ(ids[0].system, "http://example.org/mrn");
  EXPECT_EQ(ids[1].system, "urn:oid:1.2.3");
  EXPECT_EQ(ids[2].system, "http://x.org/id");
  EXPECT_EQ(ids[3].system, "urn:hl7v2:OTHER");
  EXPECT_EQ(ids[4].system, "");
}

TEST(Charsets, AMessageInUtf16IsReadWithoutComplaint) {
  std::string wide = "\xFF\xFE";
  for (const char c : "MSH|^~\\&|APP|FAC|M|S|20260401||ADT^A04|C1|P|2.5.1\r" + pid) {
    wide += {c, '\0'};
  }
  RecordSet all;
  read_messages(wide, settings(), {}, [&](RecordSet records) { merge(all, std::move(records)); });
  EXPECT_EQ(issues_of(all), "");
  EXPECT_EQ(all.patients.size(), 1U);
}

}  // namespace
}  // namespace meridian::hl7v2
