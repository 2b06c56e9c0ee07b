// SPDX-License-Identifier: Apache-2.0
// Reports by a template: a grade behind the name of a part, and tables.
#include <gtest/gtest.h>

#include "unit/pathway/imaging_reading.h"

namespace meridian::test {
namespace {

TEST(ImagingTemplates, AGradeBehindThePartIsAFinding) {
  EXPECT_EQ(read("Spinal canal: mild at L3-4 and severe at L4-5."),
            "central_stenosis L3-L4, central_stenosis L4-L5");
  EXPECT_EQ(read("Neural foramina: Severe bilateral at L5-S1."), "foraminal_stenosis L5-S1");
  EXPECT_EQ(read("L4-5: Canal: severe. Foramina: mild right, moderate left."),
            "central_stenosis L4-L5, foraminal_stenosis L4-L5");
  EXPECT_EQ(read("L5-S1: Right foraminal: moderate. Left foraminal: none."),
            "foraminal_stenosis L5-S1, foraminal_stenosis L5-S1 not");
}

TEST(ImagingTemplates, AGradeOfOtherWordsIsNone) {
  EXPECT_EQ(read("Canal: mild epidural lipomatosis at L5."), "");
  EXPECT_EQ(read("Facets: moderate at L4-5. Foramina: no narrowing."),
            "facet_degeneration L4-L5, foraminal_stenosis not");
}

TEST(ImagingTemplates, ARowOfATableIsOfItsLevel) {
  EXPECT_EQ(read("Level | Disc | Canal | Foramen R | Foramen L\n"
                 "L3/4 | bulge | mild stenosis | mild | open\n"
                 "L5/S1 | normal | normal | - | severe\n\n"
                 "Conus normal."),
            "disc_bulge L3-L4, central_stenosis L3-L4, foraminal_stenosis L3-L4, "
            "foraminal_stenosis L3-L4 not, central_stenosis L5-S1 not, foraminal_stenosis L5-S1, "
            "conus_cord not");
}

TEST(ImagingTemplates, ATableMayHaveBordersAndEmptyCells) {
  EXPECT_EQ(read("| Level | Disc | Facets |\n|---|---|---|\n"
                 "| L4-5 | | severe |\n| L5-S1 | extrusion | |"),
            "facet_degeneration L4-L5, disc_extrusion L5-S1");
}

TEST(ImagingTemplates, ABarElsewhereIsNoTable) {
  EXPECT_EQ(read("L4-5 | disc bulge"), "disc_bulge L4-L5");
  EXPECT_EQ(read("Name | Born | Sex\nNo fracture of L1."), "fracture_acute L1 not");
}

TEST(ImagingTemplates, WhatALesionMayBeHasItsLevel) {
  EXPECT_EQ(read("Area in the right half of L4. Differential includes haemangioma and "
                 "metastasis."),
            "hemangioma L4, mass L4");
  EXPECT_EQ(read("On review the area at L2 is fat. No metastasis."), "mass not");
}

TEST(ImagingTemplates, AHeadingBeforeLinesOfLevelsIsAtEachOfThem) {
  EXPECT_EQ(read("Disc bulge at:\nL2-3\nL3-4\nNo fracture."),
            "disc_bulge L2-L3, disc_bulge L3-L4, fracture_acute not");
  EXPECT_EQ(read("1. Severe stenosis:\n a. L3-4\n b. L4-5\n2. No cord compression."),
            "central_stenosis L3-L4, central_stenosis L4-L5, conus_cord not");
  EXPECT_EQ(read("1. Compression fractures:\n a. T8 - acute\n b. T12 - chronic"),
            "fracture_acute T8, fracture_old T12");
  EXPECT_EQ(read("MRI lumbar. L4-5 disc bulge. L5-S1. Disc extrusion."),
            "disc_bulge L4-L5, disc_extrusion L5-S1");
}

TEST(ImagingTemplates, TwoPartsThatShareTheirStenosisAreBothNarrow) {
  EXPECT_EQ(read("Severe central and moderate lateral recess stenosis at L4-5."),
            "central_stenosis L4-L5, lateral_recess_stenosis L4-L5");
  EXPECT_EQ(read("Moderate central and mild bilateral foraminal stenosis at L4-5."),
            "central_stenosis L4-L5, foraminal_stenosis L4-L5");
}

TEST(ImagingTemplates, AFindingAtTheHeadIsWhatItsGradesSay) {
  EXPECT_EQ(read("Canal stenosis: none at L3-4, severe at L4-5."),
            "central_stenosis L3-L4 not, central_stenosis L4-L5");
}

}  // namespace
}  // namespace meridian::test
