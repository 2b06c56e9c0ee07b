// SPDX-License-Identifier: Apache-2.0
// How words of a report reach: questions, denials, places.
#include <gtest/gtest.h>

#include "pathway/imaging/read_report.h"
#include "unit/pathway/builders.h"

namespace meridian::test {
namespace {

/// "disc_bulge L4-L5, central_stenosis L4-L5 not", in the order of the text.
std::string read(std::string_view narrative) {
  std::string all;
  for (const auto& finding : imaging::read_report(narrative, rules().imaging).findings) {
    if (!all.empty()) all += ", ";
    all += finding.kind;
    if (!finding.level.empty()) all += ' ' + finding.level;
    if (finding.negated) all += " not";
    if (finding.historical) all += " then";
  }
  return all;
}

TEST(ImagingReading, WordsThatOnlyDenyStateNothing) {
  EXPECT_EQ(read("No epidural collection."), "infection not, epidural_haematoma not");
  EXPECT_EQ(read("No cord compression, epidural collection or fracture."),
            "conus_cord not, infection not, epidural_haematoma not, fracture_acute not");
  EXPECT_EQ(read("The epidural collection is smaller."), "");
}

TEST(ImagingReading, AQuestionReachesTheNextWords) {
  EXPECT_EQ(read("?discitis - the L4-L5 disc bulges."), "infection then, disc_bulge L4-L5");
  EXPECT_EQ(read("Sudden pain, epidural haematoma?"), "epidural_haematoma then");
  EXPECT_EQ(read("The aorta is dilated, ?aneurysm."), "aortic_aneurysm");
}

TEST(ImagingReading, TheReasonForTheStudyEndsWithItsLine) {
  EXPECT_EQ(read("Hx: back pain, discitis\nThere is a disc bulge at L4-L5."),
            "infection then, disc_bulge L4-L5");
}

TEST(ImagingReading, MultilevelChangesAreOfNoOneLevel) {
  EXPECT_EQ(read("Multilevel spondylosis, severe canal stenosis at C4-C5."),
            "osteophyte, central_stenosis C4-C5");
}

TEST(ImagingReading, AForamenIsBelowItsVertebra) {
  EXPECT_EQ(read("The left L5 foramen is narrowed."), "foraminal_stenosis L5-S1");
  EXPECT_EQ(read("The left C6 foramen is narrowed."), "foraminal_stenosis");
}

TEST(ImagingReading, HowFarACollectionReachesIsNoPlace) {
  EXPECT_EQ(read("Epidural haematoma from L1 to L4 with severe canal stenosis."),
            "epidural_haematoma, central_stenosis");
  EXPECT_EQ(read("Epidural haematoma at L3-L4 with severe canal stenosis."),
            "epidural_haematoma, central_stenosis L3-L4");
}

TEST(ImagingReading, DemyelinationIsNoCompression) {
  EXPECT_EQ(read("Hyperintense cord lesion at C3 consistent with demyelination."), "cord_other");
  EXPECT_EQ(read("Hyperintense cord lesion at C3."), "conus_cord");
}

TEST(ImagingReading, AStoneIsToldBesideWhatIsDenied) {
  EXPECT_EQ(read("Left renal calculus. No hydronephrosis."),
            "hydronephrosis_other, hydronephrosis_other not");
}

TEST(ImagingReading, SlippedPairsAreListed) {
  EXPECT_EQ(read("Retrolisthsis of L2 on L3 and L3 on L4."),
            "spondylolisthesis L2-L3, spondylolisthesis L3-L4");
}

TEST(ImagingReading, TitlesMayNameTwoParts) {
  EXPECT_TRUE(imaging::about_the_spine("CT HEAD AND CERVICAL SPINE", rules().imaging));
  EXPECT_FALSE(imaging::about_the_spine("CT HEAD", rules().imaging));
}

TEST(ImagingReading, OfAnotherPartOfTheBodyWhatNamesALevelStays) {
  auto reading = imaging::read_report("CT CHEST. Compression fracture of T8. Disc degeneration.",
                                      rules().imaging);
  imaging::keep_any_region(reading, rules().imaging);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings.front().level, "T8");
}

}  // namespace
}  // namespace meridian::test
