// SPDX-License-Identifier: Apache-2.0
// What the findings of reports do to an assessment: nothing, save for the serious tier.
#include "pathway/imaging/imaging.h"

#include <gtest/gtest.h>

#include "pathway/imaging/concordance.h"
#include "pathway/imaging/prevalence.h"
#include "pathway/imaging/read_report.h"
#include "unit/pathway/builders.h"

namespace meridian::test {
namespace {

const Concept lumbar_mri = loinc("24968-0");

/// A plain order and one report of the lumbar spine, cleared otherwise.
Chart chart_with(const std::string& narrative, std::string_view day = "2026-11-01",
                 const Concept& code = lumbar_mri, const char* modality = "MR") {
  auto builder = plain_acupuncture_order();
  auto& report = builder.imaging(code, day);
  report.modalities = {modality};
  report.narrative.reveal() = narrative;
  Chart chart = builder.chart();
  read_imaging(chart, rules(), terminology());
  return chart;
}

Assessment assess_report(const std::string& narrative, std::string_view day = "2026-11-01") {
  return assess_cleared(chart_with(narrative, day));
}

const Entry* note(const Assessment& assessment, const std::string& rule) {
  for (const auto& entry : assessment.annotations) {
    if (entry.rule == rule) return &entry;
  }
  return nullptr;
}

TEST(ImagingTiers, CommonFindingsAreAnnotatedAndChangeNothing) {
  const auto without = assess_report("");
  const auto with = assess_report(
      "L4-L5: Disc bulge, facet arthropathy and severe central canal stenosis with impingement of "
      "the L5 root.");
  EXPECT_EQ(with.disposition, Disposition::route_acupuncture);
  EXPECT_EQ(with.disposition, without.disposition);
  EXPECT_EQ(with.flags.size(), without.flags.size());
  EXPECT_EQ(with.lanes.size(), without.lanes.size());
  ASSERT_NE(note(with, "imaging.disc_bulge"), nullptr);
  EXPECT_EQ(note(with, "imaging.disc_bulge")->source, "BRIN15A");
  EXPECT_EQ(note(with, "imaging.disc_bulge")->evidence,
            std::vector<std::string>{"DiagnosticReport/1"});
}

TEST(ImagingTiers, ANormalReportBlocksNothing) {
  const auto assessment = assess_report("Normal lumbar spine MRI. No fracture, no mass.");
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
  EXPECT_TRUE(assessment.missing.empty());
}

struct Serious {
  const char* text;
  const char* rule;
};

class SeriousTier : public ::testing::TestWithParam<Serious> {};

TEST_P(SeriousTier, HoldsForAPersonWhoIsShownTheSentence) {
  const auto& serious = GetParam();
  const auto assessment = assess_report(serious.text);
  const auto* raised = flag(assessment, serious.rule);
  ASSERT_NE(raised, nullptr) << serious.text;
  EXPECT_EQ(raised->severity, "hold") << serious.text;
  EXPECT_NE(raised->text.find(std::string("read this report: \"") + serious.text + '"'),
            std::string::npos)
      << raised->text;
  EXPECT_TRUE(raised->action.starts_with("Read the report")) << raised->action;
  EXPECT_EQ(assessment.disposition, Disposition::hold) << serious.text;
  for (const char* service : {"emergency", "spine_surgery", "vascular"}) {
    EXPECT_EQ(lane(assessment, service), nullptr) << serious.text << ' ' << service;
  }
}

INSTANTIATE_TEST_SUITE_P(
    ImagingTiers, SeriousTier,
    ::testing::Values(Serious{"Discitis at L3-L4.", "RF05"},
                      Serious{"Possible epidural abscess.", "RF05"},
                      Serious{"Acute epidural hematoma at L2.", "RF16"},
                      Serious{"Acute compression fracture of L1.", "RF07"},
                      Serious{"Lytic lesion in L3 suspicious for metastasis.", "RF04"},
                      Serious{"Cord compression at T10.", "RF03"},
                      Serious{"Large extrusion with compression of the cauda equina.", "RF01"},
                      Serious{"Abdominal aortic aneurysm, 5 cm.", "RF15"}));

TEST(ImagingTiers, ASentenceTakesNothingFromWhatIsCoded) {
  auto builder = plain_acupuncture_order();
  builder.imaging(lumbar_mri, "2026-11-18").narrative.reveal() =
      "No compression of the cauda equina. No discitis.";
  builder.condition(icd("G83.4"), "2026-11-17");
  Chart chart = builder.chart();
  read_imaging(chart, rules(), terminology());
  EXPECT_EQ(assess_cleared(chart).disposition, Disposition::emergency);
}

TEST(ImagingTiers, NegatedHistoricalAndOldOnesDoNotRaiseTheAlarm) {
  for (const char* text :
       {"No fracture. No discitis or epidural abscess. No suspicious lesion.",
        "INDICATION: rule out cauda equina compression.\nFINDINGS: L4-5 disc bulge.",
        "COMPARISON: MRI of 2020 showed discitis at L3-L4.\nFINDINGS: Fused L3-L4."}) {
    EXPECT_EQ(assess_report(text).disposition, Disposition::route_acupuncture) << text;
  }
  EXPECT_EQ(assess_report("Acute compression fracture of L1.", "2019-03-01").disposition,
            Disposition::route_acupuncture);
  EXPECT_EQ(assess_report("Discitis at L3-L4.", "2026-03-01").disposition, Disposition::hold);
}

TEST(ImagingTiers, WhatCouldNotBeReadGoesToAPerson) {
  // "haematoma" without a place is no finding, and nobody may overlook it.
  const auto assessment = assess_report("Large haematoma as described.");
  const auto* item = missing(assessment, "imaging.report");
  ASSERT_NE(item, nullptr);
  EXPECT_TRUE(item->blocks_acupuncture);
  EXPECT_EQ(item->doors, std::vector<std::string>{"person"});
  EXPECT_EQ(assessment.disposition, Disposition::hold);
}

TEST(ImagingTiers, WhatIsDeniedNeedsNoReader) {
  const auto assessment = assess_report("No abscess or haematoma. No psoas haematoma.");
  EXPECT_EQ(missing(assessment, "imaging.report"), nullptr);
}

TEST(ImagingTiers, UltrasoundShowsNeitherDiscNorCanal) {
  const auto chart = chart_with("L4-L5 disc extrusion. Paraspinal abscess.", "2026-11-01",
                                words("US lumbar spine"), "US");
  ASSERT_EQ(chart.records.imaging[0].findings.size(), 2U);
  EXPECT_FALSE(chart.records.imaging[0].findings[0].evidence);
  const auto assessment = assess_cleared(chart);
  EXPECT_EQ(flag(assessment, "RF05"), nullptr);
  EXPECT_NE(missing(assessment, "imaging.report"), nullptr);
}

TEST(ImagingTiers, ReportsOfOtherPartsOfTheBodyAreSetAside) {
  const auto knee = chart_with("MRI RIGHT KNEE. Fracture of the tibial plateau.", "2026-11-01",
                               words("MRI knee"));
  EXPECT_TRUE(knee.records.imaging[0].findings.empty());
  const auto abdomen =
      chart_with("CT ABDOMEN. Aortic aneurysm of 6 cm.", "2026-11-01", words("CT abdomen"), "CT");
  EXPECT_EQ(abdomen.records.imaging[0].findings.size(), 1U);
}

TEST(ImagingReading, ASpanLeadsBackToTheWords) {
  const std::string text =
      "FINDINGS: Alignment is normal. At L4-L5 a small disc bulge. Nothing else.";
  const auto findings = imaging::read_report(text, rules().imaging).findings;
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(text.substr(findings[0].span_begin, findings[0].span_size),
            "At L4-L5 a small disc bulge.");
  EXPECT_EQ(findings[0].text.reveal(), "At L4-L5 a small disc bulge.");
}

TEST(ImagingReading, AnAddendumCorrects) {
  const auto findings =
      imaging::read_report("FINDINGS: No fracture at L2.\nADDENDUM: Fracture of L2 is seen.",
                           rules().imaging)
          .findings;
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_FALSE(findings[0].negated);
  EXPECT_EQ(findings[0].section, "addendum");
}

TEST(ImagingReading, ANegationInTheImpressionTakesNoSeriousFindingAway) {
  const auto findings =
      imaging::read_report("FINDINGS: Discitis at L3-L4.\nIMPRESSION: No discitis at L3-L4.",
                           rules().imaging)
          .findings;
  EXPECT_TRUE(std::any_of(findings.begin(), findings.end(),
                          [](const ImagingFinding& finding) { return !finding.negated; }));
}

TEST(ImagingReading, BytesThatAreNoTextAreRead) {
  for (const char* text :
       {"", "\xFF\xFE\x00", "L4-", "(((", "?", "no", "L4-L5:", "\n\n\n", "L4-L5-S1-S2-S3"}) {
    EXPECT_TRUE(imaging::read_report(text, rules().imaging).findings.empty()) << text;
  }
}

TEST(Prevalence, IsReadBetweenTheRows) {
  const auto text = [](const char* kind, int age) {
    return imaging::prevalence_text(kind, age, rules().imaging).value_or("none");
  };
  EXPECT_NE(text("disc_bulge", 50).find("about 60 of 100 people aged about 50 "),
            std::string::npos);
  EXPECT_NE(text("disc_bulge", 45).find("about 55 of 100"), std::string::npos);
  EXPECT_NE(text("disc_protrusion", 33).find("about 32 of 100"), std::string::npos);
  EXPECT_NE(text("disc_bulge", 16).find("youngest row"), std::string::npos);
  EXPECT_NE(text("disc_bulge", 91).find("oldest row"), std::string::npos);
  EXPECT_NE(text("facet_degeneration", 25).find("model estimate"), std::string::npos);
  EXPECT_EQ(text("disc_bulge", 65).find("to be checked"), std::string::npos);
  for (const char* kind :
       {"disc_extrusion", "central_stenosis", "spondylolysis", "mass", "infection"}) {
    EXPECT_EQ(text(kind, 50), "none") << kind;
  }
}

TEST(Prevalence, ARowThatIsToBeCheckedIsSaidToBe) {
  auto vocabulary = rules().imaging;
  const auto bulge =
      std::ranges::find(vocabulary.prevalence, "disc_bulge", &ImagingPrevalence::kind);
  ASSERT_NE(bulge, vocabulary.prevalence.end());
  const auto sixty = std::ranges::find(bulge->rows, 60, &ImagingPrevalence::Row::age);
  ASSERT_NE(sixty, bulge->rows.end());
  sixty->unverified = true;
  const auto text = [&](int age) {
    return *imaging::prevalence_text("disc_bulge", age, vocabulary);
  };
  EXPECT_NE(text(65).find("to be checked"), std::string::npos);
  EXPECT_EQ(text(45).find("to be checked"), std::string::npos);
}

std::string agreement(const std::string& report, const Concept& diagnosis) {
  auto builder = plain_acupuncture_order();
  builder.condition(diagnosis, "2026-06-01");
  builder.imaging(lumbar_mri, "2026-11-01").narrative.reveal() = report;
  Chart chart = builder.chart();
  read_imaging(chart, rules(), terminology());
  const RuleContext context(chart, rules(), terminology(), {}, now());
  const auto& image = chart.records.imaging[0];
  const auto text = concordance(image.findings.front(), image, symptoms_of(context), context);
  return text.substr(0, text.find(':'));
}

Concept diagnosis(const char* code, const char* words) {
  auto coded = icd(code);
  coded.text = words;
  return coded;
}

TEST(Concordance, NeedsSideAndRoot) {
  const auto left_l5 = diagnosis("M54.16", "Left L5 radiculopathy");
  EXPECT_EQ(agreement("Left L4-L5 disc extrusion.", left_l5), "partial");
  EXPECT_EQ(agreement("Right L4-L5 disc extrusion.", left_l5), "discordant");
  EXPECT_EQ(agreement("Left L2-L3 disc extrusion.", left_l5), "discordant");
  EXPECT_EQ(agreement("Left L4-L5 disc extrusion.", diagnosis("M54.16", "Radiculopathy")),
            "indeterminate");
  EXPECT_EQ(agreement("Left L4-L5 disc extrusion. Lumbarized S1.", left_l5), "indeterminate");
  EXPECT_EQ(agreement("Severe central canal stenosis at L4-L5.",
                      diagnosis("M48.062", "Stenosis with claudication")),
            "concordant");
}

}  // namespace
}  // namespace meridian::test
