// SPDX-License-Identifier: Apache-2.0
// Reports by a template: a grade behind the name of a part, and tables.
#include <gtest/gtest.h>

#include "unit/pathway/imaging_labels.h"

namespace meridian::test {
namespace {

TEST(ImagingTemplates, AGradeBehindThePartIsAFinding) {
  EXPECT_EQ(findings_told("Spinal canal: mild at L3-4 and severe at L4-5."),
            "central_stenosis L3-L4, central_stenosis L4-L5");
  EXPECT_EQ(findings_told("Neural foramina: Severe bilateral at L5-S1."),
            "foraminal_stenosis L5-S1");
  EXPECT_EQ(findings_told("L4-5: Canal: severe. Foramina: mild right, moderate left."),
            "central_stenosis L4-L5, foraminal_stenosis L4-L5");
  EXPECT_EQ(findings_told("L5-S1: Right foraminal: moderate. Left foraminal: none."),
            "foraminal_stenosis L5-S1, foraminal_stenosis L5-S1 not");
}

TEST(ImagingTemplates, AGradeOfOtherWordsIsNone) {
  EXPECT_EQ(findings_told("Canal: mild epidural lipomatosis at L5."), "");
  EXPECT_EQ(findings_told("Facets: moderate at L4-5. Foramina: no narrowing."),
            "facet_degeneration L4-L5, foraminal_stenosis not");
}

TEST(ImagingTemplates, ARowOfATableIsOfItsLevel) {
  EXPECT_EQ(findings_told("Level | Disc | Canal | Foramen R | Foramen L\n"
                          "L3/4 | bulge | mild stenosis | mild | open\n"
                          "L5/S1 | normal | normal | - | severe\n\n"
                          "Conus normal."),
            "disc_bulge L3-L4, central_stenosis L3-L4, foraminal_stenosis L3-L4, "
            "foraminal_stenosis L3-L4 not, central_stenosis L5-S1 not, foraminal_stenosis L5-S1, "
            "conus_cord not");
}

TEST(ImagingTemplates, ATableMayHaveBordersAndEmptyCells) {
  EXPECT_EQ(findings_told("| Level | Disc | Facets |\n|---|---|---|\n"
                          "| L4-5 | | severe |\n| L5-S1 | extrusion | |"),
            "facet_degeneration L4-L5, disc_extrusion L5-S1");
}

TEST(ImagingTemplates, ABarElsewhereIsNoTable) {
  EXPECT_EQ(findings_told("L4-5 | disc bulge"), "disc_bulge L4-L5");
  EXPECT_EQ(findings_told("Name | Born | Sex\nNo fracture of L1."), "fracture_acute L1 not");
}

TEST(ImagingTemplates, WhatALesionMayBeHasItsLevel) {
  EXPECT_EQ(findings_told("Area in the right half of L4. Differential includes haemangioma and "
                          "metastasis."),
            "hemangioma L4, mass L4");
  EXPECT_EQ(findings_told("On review the area at L2 is fat. No metastasis."), "mass not");
}

}  // namespace
}  // namespace meridian::test
