// SPDX-License-Identifier: Apache-2.0
// Which words are which kind of finding, and which are none.
#include <gtest/gtest.h>

#include "unit/pathway/imaging_reading.h"

namespace meridian::test {
namespace {

TEST(ImagingKinds, ACompressedVertebraIsAFractureWithoutTheWord) {
  EXPECT_EQ(read("Pathologic compression of L2 cannot be excluded."), "fracture_acute L2");
  EXPECT_EQ(read("T11 and T12 are compressed."), "fracture_acute T11, fracture_acute T12");
  EXPECT_EQ(read("T6 and T7 reduced in height."), "fracture_acute T6, fracture_acute T7");
  EXPECT_EQ(read("Compression garment in place."), "");
  EXPECT_EQ(read("Lytic area in L2, threatening fracture."), "mass L2");
  EXPECT_EQ(read("Odontoid process intact."), "") << "nobody spoke of a fracture";
}

TEST(ImagingKinds, ALesionIsWhatTheReportSaysItIs) {
  EXPECT_EQ(read("Two lesions in L3."), "mass L3");
  EXPECT_EQ(read("Lesion in L3. Typical haemangioma L3."), "hemangioma L3");
  EXPECT_EQ(read("Suspicious lesion in L3. Haemangioma L3."), "mass L3, hemangioma L3");
  EXPECT_EQ(read("MS plaques in the cord. The lesion at T9 is new."), "cord_other");
  EXPECT_EQ(read("The foraminal lesion at L4-5 is cystic."), "");
  EXPECT_EQ(read("No structural lesion of the SI joints."), "");
}

TEST(ImagingKinds, WhatExplainsAFindingMayBeOneItself) {
  EXPECT_EQ(read("Migrated fragment L4-L5, sequestered."), "disc_sequestration L4-L5");
  EXPECT_EQ(read("T2 signal in the cord at T8 is Gibbs artifact."), "");
}

TEST(ImagingKinds, WhatIsWornAndInflamedIsInflamedUnlessOnAnotherSide) {
  EXPECT_EQ(read("SI joints with erosions and sclerosis."), "sacroiliitis");
  EXPECT_EQ(read("Left sacroiliitis. Degenerative right SI joint."),
            "sacroiliitis, si_degeneration");
}

TEST(ImagingKinds, ACauseMayBeDeniedAndNotWhatItCaused) {
  EXPECT_EQ(read("A neoplastic cause of the L2 collapse is doubtful."),
            "mass L2 not, fracture_acute L2");
  EXPECT_EQ(read("Metastatic aetiology of the L1 collapse is improbable."),
            "mass L1 not, fracture_acute L1");
  EXPECT_EQ(read("A tumour as the cause of the L1 fracture is unlikely."),
            "mass L1 not, fracture_acute L1");
}

TEST(ImagingKinds, ADeformityHasTheAgeThatItsSentenceTells) {
  EXPECT_EQ(read("Wedging of L1, likely old fracture."), "fracture_old L1");
  EXPECT_EQ(read("Biconcave L3, Genant 2, known since 2019."), "fracture_old L3");
  EXPECT_EQ(read("Acute on chronic fracture of L1."), "fracture_acute L1, fracture_old L1");
  EXPECT_EQ(read("T12 fracture, cemented."), "fracture_old T12, postop_change T12");
}

TEST(ImagingKinds, WhatTheReferrerKnewIsOfThen) {
  EXPECT_EQ(read("Known infrarenal aneurysm, for MRI of the lumbar spine."),
            "aortic_aneurysm then");
  EXPECT_EQ(read("Known AAA, 5.2 cm, no leak."), "aortic_aneurysm");
  EXPECT_EQ(read("Breast cancer with bone metastases on treatment; MRI for back pain."),
            "mass then");
  EXPECT_EQ(read("Old laminectomy."), "postop_change then");
}

TEST(ImagingKinds, AnIndentedConusIsNotNormalByItsSignal) {
  EXPECT_EQ(read("Conus mildly indented, normal signal."), "conus_cord");
  EXPECT_EQ(read("Conus compressed, normal signal."), "conus_cord");
}

TEST(ImagingKinds, AProlapseThatIsAskedForIsAnsweredByAnExtrusion) {
  EXPECT_EQ(read("Query disc prolapse. L4-L5 extrusion."), "disc_extrusion L4-L5");
}

TEST(ImagingKinds, ACollectionDeniedBesideBloodIsNoAbscess) {
  EXPECT_EQ(read("No extradural collection or haemorrhage."),
            "infection not, epidural_haematoma not");
}

TEST(ImagingKinds, ASunkenPlateIsAFractureAndASunkenCageIsNone) {
  EXPECT_EQ(read("Settlement of the superior plateau of T12."), "fracture_acute T12");
  EXPECT_EQ(read("Settling of the upper endplate of L2, 20 %."), "fracture_acute L2");
  EXPECT_EQ(read("Compression of corpus Th12."), "fracture_acute T12");
  EXPECT_EQ(read("Absence of vertebral settlement."), "fracture_acute not");
  EXPECT_EQ(read("Cage has subsided into the upper endplate of L5."), "postop_change L4-L5");
  EXPECT_EQ(read("Disc settling at L5-S1."), "");
}

TEST(ImagingKinds, ATumourHasContinentalNames) {
  EXPECT_EQ(read("Tumour recidive at L3."), "mass L3");
  EXPECT_EQ(read("Space requirement in the canal at T8."), "mass T8");
  EXPECT_EQ(read("Mass prolapse L4/5."), "disc_herniation_nos L4-L5");
  EXPECT_EQ(read("Aneurysmatic bone cyst C4."), "mass C4");
  EXPECT_EQ(read("D12 and L1 destroyed. Cold abscess."), "infection");
}

TEST(ImagingKinds, ARootIsNamedByItsNumberAlone) {
  EXPECT_EQ(read("Right far lateral protrusion L3/4 touching exiting L3."),
            "disc_protrusion L3-L4, nerve_contact L3-L4");
  EXPECT_EQ(read("L5 root is squashed in the recess."), "nerve_contact");
  EXPECT_EQ(read("Roots of the cauda are squashed together."), "cauda_equina_compression");
}

TEST(ImagingKinds, AnIndentedSacIsNotNarrowedByTheForamina) {
  EXPECT_EQ(read("Diffuse disc bulge L4-5 indenting thecal sac, neural foramina narrowed."),
            "disc_bulge L4-L5, foraminal_stenosis L4-L5");
  EXPECT_EQ(read("Dural sac indented and narrowed at L4-5."), "central_stenosis L4-L5");
  EXPECT_EQ(read("Canal appears clear of blood."), "epidural_haematoma not");
}

TEST(ImagingKinds, ADiscIsLowCollapsedOrHydrated) {
  EXPECT_EQ(read("Disc of L4-L5 low and dehydrated."),
            "disc_signal_loss L4-L5, disc_height_loss L4-L5");
  EXPECT_EQ(read("L4/5 hydrated."), "disc_signal_loss L4-L5 not");
  EXPECT_EQ(read("C5/6 bar, moderate canal stenosis."), "osteophyte C5-C6, central_stenosis C5-C6");
}

TEST(ImagingKinds, BloodOfTheMuscleThatStaysOutOfTheCanalIsDenied) {
  EXPECT_EQ(read("Hematoma within the paraspinal muscles, no intracanalicular extension."),
            "epidural_haematoma not");
  EXPECT_EQ(read("Iliac artery aneurysm 2 cm."), "");
}

TEST(ImagingKinds, AFractureIsNotOldByWhatIsOldBesideIt) {
  EXPECT_EQ(read("Fracture across the fused segment C6."), "fracture_acute C6");
  EXPECT_EQ(read("Non-healed fracture T12."), "fracture_acute T12");
  EXPECT_EQ(read("T12 fracture with chronic back pain."), "fracture_acute T12");
  EXPECT_EQ(read("L1 fracture in an old lady."), "fracture_acute L1");
  EXPECT_EQ(read("Old fracture L2, chronic low back pain."), "fracture_old L2");
  EXPECT_EQ(read("Insufficiency fractures of the sacral alae and pubic bones."), "fracture_acute");
}

TEST(ImagingKinds, AProlapseThatMigratedIsAnExtrusion) {
  EXPECT_EQ(read("Prolapse L4-5, migrated caudally."), "disc_extrusion L4-L5");
  EXPECT_EQ(read("L5-S1 HNP with cephalad migration."), "disc_extrusion L5-S1");
  EXPECT_EQ(read("L4-5 herniation, no migration."), "disc_herniation_nos L4-L5");
}

TEST(ImagingKinds, AnOrganAtTheHeadOfALineHasWhatFollows) {
  EXPECT_EQ(read("Kidneys: simple cysts."), "hydronephrosis_other");
  EXPECT_EQ(read("Adrenals: 2 cm nodule on the left."), "hydronephrosis_other");
  EXPECT_EQ(read("Kidneys: no cysts."), "");
  EXPECT_EQ(read("fractures L 5-8 ribs laterally."), "");
}

TEST(ImagingKinds, LesionsOfTheCordThatArePlaquesAreNoDamageOfNow) {
  EXPECT_EQ(read("Lesion in the right hemicord at T8, consistent with demyelination."),
            "cord_other");
  EXPECT_EQ(read("Short segment T2 lesions in the cord at C2 and T8, all unchanged."),
            "cord_other");
  EXPECT_EQ(read("Cord signal at C5-6, unchanged, likely myelomalacia."), "cord_other");
  EXPECT_EQ(read("Cord atrophy and gliosis at T8-T9."), "cord_other");
}

TEST(ImagingKinds, ContactWithoutDisplacementIsContact) {
  EXPECT_EQ(read("Disc touches without displacing the S1 root."), "nerve_contact");
  EXPECT_EQ(read("Disc touches, without deviating, both S1 roots."), "nerve_contact");
  EXPECT_EQ(read("Protrusion at L4-5 without contact to the root."),
            "disc_protrusion L4-L5, nerve_contact L4-L5 not");
}

TEST(ImagingKinds, ALesionOfTheCordThatMayBeAnythingIsTold) {
  EXPECT_EQ(read("Hyperintense cord lesion at T3, demyelination or ischaemia."),
            "conus_cord, cord_other");
}

TEST(ImagingKinds, WhatHasRegressedIsThereUnlessItIsOfADisc) {
  EXPECT_EQ(read("The L2 metastasis has partially regressed."), "mass L2");
  EXPECT_EQ(read("The mass has regressed completely."), "mass not");
  EXPECT_EQ(read("Extrusion L4-5 has regressed."), "disc_extrusion L4-L5 not");
}

TEST(ImagingKinds, AnOperationToldByHowItLooksIsSeenNow) {
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

TEST(ImagingKinds, AHaematomaThatPressesLiesInTheCanal) {
  EXPECT_EQ(read("Large posterior haematoma compressing the theca and cauda equina roots."),
            "epidural_haematoma, central_stenosis, cauda_equina_compression");
  EXPECT_EQ(read("Haematoma effaces the theca at L3-4."), "epidural_haematoma");
  EXPECT_EQ(read("Psoas haematoma displacing the kidney."), "");
  EXPECT_EQ(read("SAH noted in the thecal sac, layering at S2."), "epidural_haematoma");
}

TEST(ImagingKinds, ABodyThatCollapsedInTumourOrInfectionIsAFractureBesideIt) {
  EXPECT_EQ(read("L4 replaced by tumour with loss of height."), "mass L4, fracture_acute L4");
  EXPECT_EQ(read("Osteomyelitis T6 with collapse."), "infection, fracture_acute T6");
  EXPECT_EQ(read("L1 infiltrated and collapsed."), "mass L1, fracture_acute L1");
  EXPECT_EQ(read("T8 almost completely collapsed."), "fracture_acute T8");
  EXPECT_EQ(read("T5-T6 wedging with >10 mm height loss."), "fracture_acute T5, fracture_acute T6")
      << "of the bodies, not of their disc";
}

TEST(ImagingKinds, NoEvidenceOfDiseaseDeniesATumour) {
  EXPECT_EQ(read("No evidence of disease in the spine."), "mass not");
  EXPECT_EQ(read("Previously avid lesions in T4 and L2 no longer show uptake."),
            "mass T4 not, mass L2 not");
}

TEST(ImagingKinds, WhatIsOfAnImplantOrAnotherPartIsNoFinding) {
  EXPECT_EQ(read("Posterior instrumentation intact without fracture or loosening."),
            "postop_change");
  EXPECT_EQ(read("Metal artefact from hip prosthesis."), "");
  EXPECT_EQ(read("Cord displaced to the left but signal preserved."), "conus_cord");
  EXPECT_EQ(read("Old cord contusion at C5."), "cord_other");
  EXPECT_EQ(read("Cord pulsates normally."), "conus_cord not");
  EXPECT_EQ(read("L2 focus has not grown: atypical haemangioma, not a metastasis."),
            "hemangioma L2, mass not");
  EXPECT_EQ(read("Since the corpectomy the cord has re-expanded."), "postop_change then");
}

TEST(ImagingKinds, DictationMishears) {
  EXPECT_EQ(read("At L4/5 there is a left disc per fusion contacting the left L5 nerve root."),
            "disc_protrusion L4-L5, nerve_contact L4-L5");
  EXPECT_EQ(read("Mild fast set arthropathy at L4-5."), "facet_degeneration L4-L5");
  EXPECT_EQ(read("The air water is normal in calibre."), "aortic_aneurysm not");
}

TEST(ImagingKinds, TwoKindsShareOneNoun) {
  EXPECT_EQ(read("No synovial or Tarlov cyst seen."), "synovial_cyst not, tarlov_cyst not");
  EXPECT_EQ(read("C5-C6: mild canal and moderate bilat NFN."),
            "central_stenosis C5-C6, foraminal_stenosis C5-C6");
  EXPECT_EQ(read("Modic type II changes L5-S1, type I at L3-4."), "modic_2_3 L5-S1, modic_1 L3-L4");
}

TEST(ImagingKinds, ATumourOfTheCaudaDoesNotCompressIt) {
  EXPECT_EQ(read("Ovoid lesion in the cauda equina at L2-L3, schwannoma."), "mass L2-L3");
  EXPECT_EQ(read("No compressive lesion of the cauda equina."), "cauda_equina_compression not");
}

TEST(ImagingKinds, ABreakOfTheParsIsNoFractureOfTheBody) {
  EXPECT_EQ(read("Acute bilateral L5 pars stress injury, incomplete left fracture."),
            "spondylolysis L5, spondylolysis L5");
  EXPECT_EQ(read("In the right pars of L5 oedema without fracture line, stress reaction."),
            "spondylolysis L5");
}

TEST(ImagingKinds, RetropulsionAloneIsOfTheFractureToldBefore) {
  EXPECT_EQ(read("Chronic L2 compression, stable. Mild retropulsion."), "fracture_old L2");
  EXPECT_EQ(read("Retropulsion into the canal."), "fracture_acute");
}

TEST(ImagingKinds, AVertebraInAListOfOtherBonesIsBroken) {
  EXPECT_EQ(read("Fractures of the left first rib and C7 transverse process."),
            "fracture_acute C7");
  EXPECT_EQ(read("Fractures of the sternum, right third rib, and T5 vertebral body."),
            "fracture_acute T5");
  EXPECT_EQ(read("Fracture of the right occipital condyle, anterior arch C1 and dens."),
            "fracture_acute C1, fracture_acute C2");
  EXPECT_EQ(read("Left sacral ala and superior and inferior pubic rami fractures."),
            "fracture_acute");
  EXPECT_EQ(read("Fractures of the posterior 8th through 10th left ribs."), "");
}

TEST(ImagingKinds, AVesselOrAVariantInTheBoneIsNoFracture) {
  EXPECT_EQ(read("Lucency in the T1 lamina is a vascular channel rather than fracture."),
            "fracture_acute not");
  EXPECT_EQ(read("Lucent line in the C2 lateral mass is a normal variant."), "");
  EXPECT_EQ(read("Linear lucency through the left T1 transverse process."), "fracture_acute T1");
}

TEST(ImagingKinds, WordsOfDiscsEndplatesAndPedicles) {
  EXPECT_EQ(read("T2 signal of the discs is preserved."), "disc_signal_loss not");
  EXPECT_EQ(read("Discogenic endplate marrow changes, predominantly fatty, at L5-S1."),
            "modic_2_3 L5-S1");
  EXPECT_EQ(read("L3: Right pedicle lesion."), "mass L3");
  EXPECT_EQ(read("Intradural lesion adjacent to the conus, possible ependymoma."), "mass");
  EXPECT_EQ(read("Holocord edema."), "conus_cord");
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

TEST(ImagingKinds, DescriptionsThatAreTheFinding) {
  EXPECT_EQ(read("L1: burst, 40% height loss."), "fracture_acute L1");
  EXPECT_EQ(read("Vertical lucency through the right sacral ala."), "fracture_acute");
  EXPECT_EQ(read("Odontoid type 2, acute."), "fracture_acute C2");
  EXPECT_EQ(read("The medial wall of the L4 pedicle is fractured around the screw."),
            "fracture_acute L4");
  EXPECT_EQ(read("Broken L5 screw."), "postop_change L5");
  EXPECT_EQ(read("Posterosuperior disc fragment at L4/5."), "disc_sequestration L4-L5");
  EXPECT_EQ(read("New cord signal at C3-4."), "conus_cord");
  EXPECT_EQ(read("Disc rotates the cord slightly."), "conus_cord");
  EXPECT_EQ(read("Bright line in the cord is Gibbs, not myelopathy."), "conus_cord not");
  EXPECT_EQ(read("The sac is indented at C4-5, cord not deformed."), "conus_cord not");
  EXPECT_EQ(read("Aorta: bulges to 3.3 cm below the renals."), "aortic_aneurysm");
  EXPECT_EQ(read("Aorto-bi-iliac aneurysm noted incidentally."), "aortic_aneurysm");
  EXPECT_EQ(read("US aorta: maximum AP diameter inner to inner 3.4 cm."), "aortic_aneurysm");
}

TEST(ImagingKinds, WordsOfOrdinaryReports) {
  EXPECT_EQ(read("No tumour and the canal's clear."), "mass not, central_stenosis not");
  EXPECT_EQ(read("Canal: wide."), "central_stenosis not");
  EXPECT_EQ(read("The discs L3-L4 and L4-L5 are low."),
            "disc_height_loss L3-L4, disc_height_loss L4-L5");
  EXPECT_EQ(read("Degenerated dark disks L4 to S1."),
            "disc_degeneration L4-L5, disc_degeneration L5-S1, disc_signal_loss L4-L5, "
            "disc_signal_loss L5-S1");
  EXPECT_EQ(read("The thecal sac is pressed flat."), "central_stenosis");
  EXPECT_EQ(read("Subarachnoid blood in keeping with known aneurysmal subarachnoid hemorrhage."),
            "epidural_haematoma");
}

TEST(ImagingKinds, WhatIsLessLikelyIsBesideWhatIsLikely) {
  EXPECT_EQ(read("Intradural nodule at T11, likely schwannoma, meningioma less likely."),
            "mass T11");
  EXPECT_EQ(read("Sclerotic focus in L2, metastasis less likely."), "mass L2 not");
}

TEST(ImagingKinds, TheImpressionNamesWhatWasSeen) {
  EXPECT_EQ(read("FINDINGS: Uptake in T4 and L2.\nIMPRESSION: Bone metastases."),
            "mass T4, mass L2");
  EXPECT_EQ(read("FINDINGS: Uptake in T4 and L2.\nIMPRESSION: No metastases."), "mass not");
}

TEST(ImagingKinds, LesionsByWhatTheyDoAndMassesOfOrgans) {
  EXPECT_EQ(read("The lesion in the pedicle of T9 has doubled in size since March."), "mass T9");
  EXPECT_EQ(read("The right pedicle of T12 is not visualised."), "mass T12");
  EXPECT_EQ(read("Cortical breach of L4 by soft tissue."), "mass L4");
  EXPECT_EQ(read("L3 met."), "mass L3");
  EXPECT_EQ(read("Previously noted L2 metastasis now involves the pedicle."), "mass L2");
  EXPECT_EQ(read("6 cm mass in the upper pole of the left kidney."), "");
  EXPECT_EQ(read("Calcified psoas from old TB."), "");
}

TEST(ImagingKinds, WhatIsBrokenReducedOrReachedIsTheFinding) {
  EXPECT_EQ(read("The fused column is broken straight across at C6-7."), "fracture_acute C6-C7");
  EXPECT_EQ(read("Vertebral heights: L1 reduced 20 percent, L2 reduced 35 percent."),
            "fracture_acute L1, fracture_acute L2");
  EXPECT_EQ(read("The anterior superior corner of L3 is sheared off."), "fracture_acute L3");
  EXPECT_EQ(read("Corner osteophyte sheared."), "osteophyte");
  EXPECT_EQ(read("Pathologic compression at T9."), "fracture_acute T9");
  EXPECT_EQ(read("AP cord diameter reduced by a third at C4-5."), "conus_cord");
  EXPECT_EQ(read("The cord diameter is not reduced."), "conus_cord not");
  EXPECT_EQ(read("CSF anterior to the cord is effaced, cord is of normal shape."),
            "conus_cord not");
  EXPECT_EQ(read("The aorta tapers poorly and reaches 3.2 cm."), "aortic_aneurysm");
}

TEST(ImagingKinds, DiscsAndCanalsByWordsOfEveryDay) {
  EXPECT_EQ(read("L5-S1 desiccated and collapsed."),
            "disc_signal_loss L5-S1, disc_height_loss L5-S1");
  EXPECT_EQ(read("Normal signal and height of the L4-5 disc."),
            "disc_height_loss L4-L5 not, disc_signal_loss L4-L5 not");
  EXPECT_EQ(read("Canal stenosis grade: L3-4 mild, L5-S1 none."),
            "central_stenosis L3-L4, central_stenosis L5-S1 not");
  EXPECT_EQ(read("The canal is compressed at L4-5."), "central_stenosis L4-L5");
  EXPECT_EQ(read("Free passage of the nerve roots."), "nerve_contact not");
}

TEST(ImagingKinds, BloodInTheCanal) {
  for (const char* said : {
           "Hematorachis L1-L5.",
           "SSEH C5 to T2.",
           "SDH ventral to the spine from C5 to T3, 4 mm.",
           "Blood-fluid level at the bottom of the thecal sac.",
           "Haematocrit effect in the caudal sac.",
           "Epidural fluid with a haematocrit level, L3 to L5, i.e. blood.",
           "Deoxyhaemoglobin in the dorsal epidural space.",
           "The dorsal extradural material remains bright, hence it's blood and not fat.",
           "The collection in the canal behind C5 does not enhance and follows blood.",
           "Haematoma, dorsal epidural, T4.",
           "Clot, mixed age, fills the right lateral epidural space at C2-3.",
           "Paraspinal haematoma with an epidural part at L3.",
           "Wound haematoma at L4 extending into the canal.",
           "Residual haematoma posterior to the dura after evacuation, 4 mm deep, L3.",
           "Small ventral epidural hematoma behind L5 has resorbed partly, 3 mm remaining.",
           "Epidural haematoma not yet fully resorbed.",
           "Evacuation of the epidural haematoma at T6 is recommended.",
       }) {
    EXPECT_EQ(read(said), "epidural_haematoma") << said;
  }
  EXPECT_EQ(read("Haematoma in the surgical bed, mass effect on the sac."),
            "epidural_haematoma, postop_change");
  EXPECT_EQ(read("Extradural haematoma not compressing the cord."),
            "epidural_haematoma, conus_cord not");
  EXPECT_EQ(read("Wound haematoma does not reach the dura."), "");
  EXPECT_EQ(read("Haematoma in the iliacus compressing the femoral nerve."), "");
  EXPECT_EQ(read("No CSF leak or epidural haematoma."), "epidural_haematoma not");
  EXPECT_EQ(read("Epidural steroid injection, no CSF or blood return."), "");
  EXPECT_EQ(read("Epidural haematoma of May fully resorbed."), "epidural_haematoma not");
}

TEST(ImagingKinds, TheCaudaEquinaHasNoSpace) {
  for (const char* said : {
           "The cauda equina roots can no longer be told apart.",
           "The cauda equina cannot be traced past the disc.",
           "No space remains around the roots of the cauda equina.",
           "No CSF is seen between the roots of the cauda equina.",
           "Impacted cauda equina.",
           "Cauda equina: tight.",
           "Compression: conus none; cauda equina yes.",
           "Imaging supports the clinical suspicion of cauda equina syndrome.",
       }) {
    EXPECT_EQ(read(said), "cauda_equina_compression") << said;
  }
  EXPECT_EQ(read("The roots of the cauda equina can be told apart."),
            "cauda_equina_compression not");
  EXPECT_EQ(read("Safety-netting for cauda equina given."), "");
  EXPECT_EQ(read("Sensitivity to cauda equina compression is limited on CT."), "");
}

}  // namespace
}  // namespace meridian::test
