// SPDX-License-Identifier: Apache-2.0
// Which words are which kind of finding, and which are none.
#include <gtest/gtest.h>

#include "unit/pathway/imaging_labels.h"

namespace meridian::test {
namespace {

TEST(ImagingReading, ACompressedVertebraIsAFractureWithoutTheWord) {
  EXPECT_EQ(findings_told("Pathologic compression of L2 cannot be excluded."), "fracture_acute L2");
  EXPECT_EQ(findings_told("T11 and T12 are compressed."), "fracture_acute T11, fracture_acute T12");
  EXPECT_EQ(findings_told("T6 and T7 reduced in height."), "fracture_acute T6, fracture_acute T7");
  EXPECT_EQ(findings_told("Compression garment in place."), "");
  EXPECT_EQ(findings_told("Lytic area in L2, threatening fracture."), "mass L2");
  EXPECT_EQ(findings_told("Odontoid process intact."), "") << "nobody spoke of a fracture";
}

TEST(ImagingReading, ALesionIsWhatTheReportSaysItIs) {
  EXPECT_EQ(findings_told("Two lesions in L3."), "mass L3");
  EXPECT_EQ(findings_told("Lesion in L3. Typical haemangioma L3."), "hemangioma L3");
  EXPECT_EQ(findings_told("Suspicious lesion in L3. Haemangioma L3."), "mass L3, hemangioma L3");
  EXPECT_EQ(findings_told("MS plaques in the cord. The lesion at T9 is new."), "cord_other");
  EXPECT_EQ(findings_told("The foraminal lesion at L4-5 is cystic."), "");
  EXPECT_EQ(findings_told("No structural lesion of the SI joints."), "");
}

TEST(ImagingReading, WhatExplainsAFindingMayBeOneItself) {
  EXPECT_EQ(findings_told("Migrated fragment L4-L5, sequestered."), "disc_sequestration L4-L5");
  EXPECT_EQ(findings_told("T2 signal in the cord at T8 is Gibbs artifact."), "");
}

TEST(ImagingReading, WhatIsWornAndInflamedIsInflamedUnlessOnAnotherSide) {
  EXPECT_EQ(findings_told("SI joints with erosions and sclerosis."), "sacroiliitis");
  EXPECT_EQ(findings_told("Left sacroiliitis. Degenerative right SI joint."),
            "sacroiliitis, si_degeneration");
}

TEST(ImagingReading, AProlapseThatIsAskedForIsAnsweredByAnExtrusion) {
  EXPECT_EQ(findings_told("Query disc prolapse. L4-L5 extrusion."), "disc_extrusion L4-L5");
}

TEST(ImagingReading, ACollectionDeniedBesideBloodIsNoAbscess) {
  EXPECT_EQ(findings_told("No extradural collection or haemorrhage."),
            "infection not, epidural_haematoma not");
}

}  // namespace
}  // namespace meridian::test
