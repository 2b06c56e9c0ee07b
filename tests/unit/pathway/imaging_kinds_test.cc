// SPDX-License-Identifier: Apache-2.0
// Which words are which kind of finding, and which are none.
#include <gtest/gtest.h>

#include "unit/pathway/imaging_reading.h"

namespace meridian::test {
namespace {

TEST(ImagingReading, ACompressedVertebraIsAFractureWithoutTheWord) {
  EXPECT_EQ(read("Pathologic compression of L2 cannot be excluded."), "fracture_acute L2");
  EXPECT_EQ(read("T11 and T12 are compressed."), "fracture_acute T11, fracture_acute T12");
  EXPECT_EQ(read("T6 and T7 reduced in height."), "fracture_acute T6, fracture_acute T7");
  EXPECT_EQ(read("Compression garment in place."), "");
  EXPECT_EQ(read("Lytic area in L2, threatening fracture."), "mass L2");
  EXPECT_EQ(read("Odontoid process intact."), "") << "nobody spoke of a fracture";
}

TEST(ImagingReading, ALesionIsWhatTheReportSaysItIs) {
  EXPECT_EQ(read("Two lesions in L3."), "mass L3");
  EXPECT_EQ(read("Lesion in L3. Typical haemangioma L3."), "hemangioma L3");
  EXPECT_EQ(read("Suspicious lesion in L3. Haemangioma L3."), "mass L3, hemangioma L3");
  EXPECT_EQ(read("MS plaques in the cord. The lesion at T9 is new."), "cord_other");
  EXPECT_EQ(read("The foraminal lesion at L4-5 is cystic."), "");
  EXPECT_EQ(read("No structural lesion of the SI joints."), "");
}

TEST(ImagingReading, WhatExplainsAFindingMayBeOneItself) {
  EXPECT_EQ(read("Migrated fragment L4-L5, sequestered."), "disc_sequestration L4-L5");
  EXPECT_EQ(read("T2 signal in the cord at T8 is Gibbs artifact."), "");
}

TEST(ImagingReading, WhatIsWornAndInflamedIsInflamedUnlessOnAnotherSide) {
  EXPECT_EQ(read("SI joints with erosions and sclerosis."), "sacroiliitis");
  EXPECT_EQ(read("Left sacroiliitis. Degenerative right SI joint."),
            "sacroiliitis, si_degeneration");
}

TEST(ImagingReading, ACauseMayBeDeniedAndNotWhatItCaused) {
  EXPECT_EQ(read("A neoplastic cause of the L2 collapse is doubtful."),
            "mass L2 not, fracture_acute L2");
  EXPECT_EQ(read("Metastatic aetiology of the L1 collapse is improbable."),
            "mass L1 not, fracture_acute L1");
  EXPECT_EQ(read("A tumour as the cause of the L1 fracture is unlikely."),
            "mass L1 not, fracture_acute L1");
}

TEST(ImagingReading, ADeformityHasTheAgeThatItsSentenceTells) {
  EXPECT_EQ(read("Wedging of L1, likely old fracture."), "fracture_old L1");
  EXPECT_EQ(read("Biconcave L3, Genant 2, known since 2019."), "fracture_old L3");
  EXPECT_EQ(read("Acute on chronic fracture of L1."), "fracture_acute L1, fracture_old L1");
  EXPECT_EQ(read("T12 fracture, cemented."), "fracture_old T12, postop_change T12");
}

TEST(ImagingReading, WhatTheReferrerKnewIsOfThen) {
  EXPECT_EQ(read("Known infrarenal aneurysm, for MRI of the lumbar spine."),
            "aortic_aneurysm then");
  EXPECT_EQ(read("Known AAA, 5.2 cm, no leak."), "aortic_aneurysm");
  EXPECT_EQ(read("Breast cancer with bone metastases on treatment; MRI for back pain."),
            "mass then");
  EXPECT_EQ(read("Old laminectomy."), "postop_change then");
}

TEST(ImagingReading, AnIndentedConusIsNotNormalByItsSignal) {
  EXPECT_EQ(read("Conus mildly indented, normal signal."), "conus_cord");
  EXPECT_EQ(read("Conus compressed, normal signal."), "conus_cord");
}

TEST(ImagingReading, AProlapseThatIsAskedForIsAnsweredByAnExtrusion) {
  EXPECT_EQ(read("Query disc prolapse. L4-L5 extrusion."), "disc_extrusion L4-L5");
}

TEST(ImagingReading, ACollectionDeniedBesideBloodIsNoAbscess) {
  EXPECT_EQ(read("No extradural collection or haemorrhage."),
            "infection not, epidural_haematoma not");
}

TEST(ImagingReading, ASunkenPlateIsAFractureAndASunkenCageIsNone) {
  EXPECT_EQ(read("Settlement of the superior plateau of T12."), "fracture_acute T12");
  EXPECT_EQ(read("Settling of the upper endplate of L2, 20 %."), "fracture_acute L2");
  EXPECT_EQ(read("Compression of corpus Th12."), "fracture_acute T12");
  EXPECT_EQ(read("Absence of vertebral settlement."), "fracture_acute not");
  EXPECT_EQ(read("Cage has subsided into the upper endplate of L5."), "postop_change L4-L5");
  EXPECT_EQ(read("Disc settling at L5-S1."), "");
}

TEST(ImagingReading, ATumourHasContinentalNames) {
  EXPECT_EQ(read("Tumour recidive at L3."), "mass L3");
  EXPECT_EQ(read("Space requirement in the canal at T8."), "mass T8");
  EXPECT_EQ(read("Mass prolapse L4/5."), "disc_herniation_nos L4-L5");
  EXPECT_EQ(read("Aneurysmatic bone cyst C4."), "mass C4");
  EXPECT_EQ(read("D12 and L1 destroyed. Cold abscess."), "infection");
}

TEST(ImagingReading, ARootIsNamedByItsNumberAlone) {
  EXPECT_EQ(read("Right far lateral protrusion L3/4 touching exiting L3."),
            "disc_protrusion L3-L4, nerve_contact L3-L4");
  EXPECT_EQ(read("L5 root is squashed in the recess."), "nerve_contact");
  EXPECT_EQ(read("Roots of the cauda are squashed together."), "cauda_equina_compression");
}

TEST(ImagingReading, AnIndentedSacIsNotNarrowedByTheForamina) {
  EXPECT_EQ(read("Diffuse disc bulge L4-5 indenting thecal sac, neural foramina narrowed."),
            "disc_bulge L4-L5, foraminal_stenosis L4-L5");
  EXPECT_EQ(read("Dural sac indented and narrowed at L4-5."), "central_stenosis L4-L5");
  EXPECT_EQ(read("Canal appears clear of blood."), "epidural_haematoma not");
}

TEST(ImagingReading, ADiscIsLowCollapsedOrHydrated) {
  EXPECT_EQ(read("Disc of L4-L5 low and dehydrated."),
            "disc_signal_loss L4-L5, disc_height_loss L4-L5");
  EXPECT_EQ(read("L4/5 hydrated."), "disc_signal_loss L4-L5 not");
  EXPECT_EQ(read("C5/6 bar, moderate canal stenosis."), "osteophyte C5-C6, central_stenosis C5-C6");
}

TEST(ImagingReading, BloodOfTheMuscleThatStaysOutOfTheCanalIsDenied) {
  EXPECT_EQ(read("Hematoma within the paraspinal muscles, no intracanalicular extension."),
            "epidural_haematoma not");
  EXPECT_EQ(read("Iliac artery aneurysm 2 cm."), "");
}

TEST(ImagingReading, AFractureIsNotOldByWhatIsOldBesideIt) {
  EXPECT_EQ(read("Fracture across the fused segment C6."), "fracture_acute C6");
  EXPECT_EQ(read("Non-healed fracture T12."), "fracture_acute T12");
  EXPECT_EQ(read("T12 fracture with chronic back pain."), "fracture_acute T12");
  EXPECT_EQ(read("L1 fracture in an old lady."), "fracture_acute L1");
  EXPECT_EQ(read("Old fracture L2, chronic low back pain."), "fracture_old L2");
  EXPECT_EQ(read("Insufficiency fractures of the sacral alae and pubic bones."), "fracture_acute");
}

TEST(ImagingReading, AProlapseThatMigratedIsAnExtrusion) {
  EXPECT_EQ(read("Prolapse L4-5, migrated caudally."), "disc_extrusion L4-L5");
  EXPECT_EQ(read("L5-S1 HNP with cephalad migration."), "disc_extrusion L5-S1");
  EXPECT_EQ(read("L4-5 herniation, no migration."), "disc_herniation_nos L4-L5");
}

TEST(ImagingReading, AnOrganAtTheHeadOfALineHasWhatFollows) {
  EXPECT_EQ(read("Kidneys: simple cysts."), "hydronephrosis_other");
  EXPECT_EQ(read("Adrenals: 2 cm nodule on the left."), "hydronephrosis_other");
  EXPECT_EQ(read("Kidneys: no cysts."), "");
  EXPECT_EQ(read("fractures L 5-8 ribs laterally."), "");
}

TEST(ImagingReading, LesionsOfTheCordThatArePlaquesAreNoDamageOfNow) {
  EXPECT_EQ(read("Lesion in the right hemicord at T8, consistent with demyelination."),
            "cord_other");
  EXPECT_EQ(read("Short segment T2 lesions in the cord at C2 and T8, all unchanged."),
            "cord_other");
  EXPECT_EQ(read("Cord signal at C5-6, unchanged, likely myelomalacia."), "cord_other");
  EXPECT_EQ(read("Cord atrophy and gliosis at T8-T9."), "cord_other");
}

TEST(ImagingReading, ContactWithoutDisplacementIsContact) {
  EXPECT_EQ(read("Disc touches without displacing the S1 root."), "nerve_contact");
  EXPECT_EQ(read("Disc touches, without deviating, both S1 roots."), "nerve_contact");
  EXPECT_EQ(read("Protrusion at L4-5 without contact to the root."),
            "disc_protrusion L4-L5, nerve_contact L4-L5 not");
}

TEST(ImagingReading, ALesionOfTheCordThatMayBeAnythingIsTold) {
  EXPECT_EQ(read("Hyperintense cord lesion at T3, demyelination or ischaemia."),
            "conus_cord, cord_other");
}

TEST(ImagingReading, WhatHasRegressedIsThereUnlessItIsOfADisc) {
  EXPECT_EQ(read("The L2 metastasis has partially regressed."), "mass L2");
  EXPECT_EQ(read("The mass has regressed completely."), "mass not");
  EXPECT_EQ(read("Extrusion L4-5 has regressed."), "disc_extrusion L4-L5 not");
}

TEST(ImagingReading, AnOperationToldByHowItLooksIsSeenNow) {
  EXPECT_EQ(read("Previous fusion, looks solid."), "postop_change");
  EXPECT_EQ(read("Ependymoma at the conus has been resected; no residual tumour."),
            "postop_change then, mass not");
}

TEST(ImagingKinds, ACordThatIsDentedButNotCompressedIsReached) {
  EXPECT_EQ(read("Bulge at C5-6 flattening but not displacing the spinal cord."),
            "disc_bulge C5-C6, conus_cord");
  EXPECT_EQ(read("Disc at C5-6 which flattens but does not compress the cord."), "conus_cord");
  EXPECT_EQ(read("Bulge at C5-6 touching but not compressing the cord."),
            "disc_bulge C5-C6, conus_cord not");
}

TEST(ImagingKinds, OedemaWithoutAFractureDeniesItThere) {
  EXPECT_EQ(read("Marrow edema T12 without fracture."), "fracture_acute T12 not");
  EXPECT_EQ(read("Marrow oedema of L2, no fracture line."), "fracture_acute L2 not");
  EXPECT_EQ(read("Compression fracture T12, no edema - old."), "fracture_old T12");
}

TEST(ImagingKinds, ACommaBeforeAUnitIsADecimalPoint) {
  EXPECT_EQ(read("Infrarenal aorta with a diameter of 3,4 cm."), "aortic_aneurysm");
  EXPECT_EQ(read("Aorta 2,8 cm."), "");
}

TEST(ImagingKinds, AFractureIsToldByWhatBroke) {
  EXPECT_EQ(read("Crumpled L1."), "fracture_acute L1");
  EXPECT_EQ(read("The upper end plate of L1 has caved in."), "fracture_acute L1");
  EXPECT_EQ(read("The atlas is broken at two places."), "fracture_acute C1");
  EXPECT_EQ(read("There is nothing broken."), "fracture_acute not");
  EXPECT_EQ(read("Nerve root avulsion C7."), "");
}

TEST(ImagingKinds, ATumourIsToldByWhatItDidToTheBone) {
  EXPECT_EQ(read("T6 replaced, collapsed by half."), "fracture_acute T6, mass T6");
  EXPECT_EQ(read("Treated metastasis L2, sclerotic."), "mass L2");
  EXPECT_EQ(read("Area of altered signal in L3, secondary nature to be considered."), "mass L3");
  EXPECT_EQ(read("Features are against malignancy."), "mass not");
}

TEST(ImagingKinds, CordCaudaAndRootsAreToldByTheirShapeAndRoom) {
  EXPECT_EQ(read("Cord bowed backwards."), "conus_cord");
  EXPECT_EQ(read("The cord keeps its round contour."), "conus_cord not");
  EXPECT_EQ(read("Cord well surrounded by CSF at all levels."), "conus_cord not");
  EXPECT_EQ(read("Cauda equina wedged between fragment and lamina."), "cauda_equina_compression");
  EXPECT_EQ(read("The cauda equina swims in CSF."), "cauda_equina_compression not");
  EXPECT_EQ(read("Left S1 and S2 roots encased."), "nerve_contact");
  EXPECT_EQ(read("Peridural haemorrhage L2."), "epidural_haematoma");
}

TEST(ImagingKinds, WordsOfOtherLanguagesAreKnown) {
  EXPECT_EQ(read("Osteochondrosis and disc luxation."), "disc_degeneration, disc_extrusion");
  EXPECT_EQ(read("Arthrosis of the small joints L4-5."), "facet_degeneration L4-L5");
  EXPECT_EQ(read("Interarticular portion defect L5."), "spondylolysis L5");
}

TEST(ImagingKinds, AWordCutInTwoByDictationIsOne) {
  EXPECT_EQ(read("Osteo myelitis L3."), "infection");
  EXPECT_EQ(read("Central canal steno sis at L3-4."), "central_stenosis L3-L4");
}

TEST(ImagingKinds, OtherPartsAndTestsAreNoFindings) {
  EXPECT_EQ(read("Median nerve compression at the wrist."), "");
  EXPECT_EQ(read("Straightened lumbar curve due to muscle spasm."), "");
  EXPECT_EQ(read("Tumour markers raised."), "");
  EXPECT_EQ(read("Septic arthritis of the hip."), "");
}

TEST(ImagingKinds, TheHeightOfALevelIsOfTheDiscAndThatOfABodyOfTheBody) {
  EXPECT_EQ(read("L5-S1 height reduced."), "disc_height_loss L5-S1");
  EXPECT_EQ(read("L4-L5 is reduced in height."), "disc_height_loss L4-L5");
  EXPECT_EQ(read("T12 height is reduced by 30%."), "fracture_acute T12");
}

TEST(ImagingKinds, ARootThatADiscDisplacesIsTouched) {
  EXPECT_EQ(read("The right S1 root is displaced posteriorly by the L5/S1 disc protrusion."),
            "nerve_contact L5-S1, disc_protrusion L5-S1");
  EXPECT_EQ(read("Left L5 root is swollen and displaced by the L4/5 disc."), "nerve_contact L4-L5");
  EXPECT_EQ(read("No nerve root or cauda equina compression."),
            "nerve_contact not, cauda_equina_compression not");
  EXPECT_EQ(read("The cord is draped over the C5/6 osteophyte."), "conus_cord, osteophyte C5-C6");
}

TEST(ImagingKinds, EndplatesAndDiscsByTypeAndSignal) {
  EXPECT_EQ(
      read("Endplate signal change at L4/5, Modic type 1 on the left and type 2 on the right."),
      "modic_1 L4-L5, modic_2_3 L4-L5");
  EXPECT_EQ(read("Reactive endplate changes, type 1, at C5/6."), "modic_1 C5-C6");
  EXPECT_EQ(read("Reduction in signal and height of the L4/5 disc."),
            "disc_signal_loss L4-L5, disc_height_loss L4-L5");
  EXPECT_EQ(read("L5/S1: degenerate with a bulge."), "disc_degeneration L5-S1, disc_bulge L5-S1");
}

}  // namespace
}  // namespace meridian::test
