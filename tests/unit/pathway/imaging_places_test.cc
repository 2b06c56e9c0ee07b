// SPDX-License-Identifier: Apache-2.0
// At which level a finding is.
#include <gtest/gtest.h>

#include "unit/pathway/imaging_reading.h"

namespace meridian::test {
namespace {

TEST(ImagingPlaces, ADenialBehindAFindingHasNoLevelOfIts) {
  EXPECT_EQ(read("Bulge at L3-L4, no root contact."), "disc_bulge L3-L4, nerve_contact not");
  EXPECT_EQ(read("The focus in L3 is a haemangioma rather than a metastasis."),
            "hemangioma L3, mass not");
  EXPECT_EQ(read("Marrow oedema in T8 and T9 without a fracture line."), "fracture_acute not");
  EXPECT_EQ(read("A lucency in L2, no lytic lesion."), "mass not");
  EXPECT_EQ(read("L3-L4 bulge, no stenosis."), "disc_bulge L3-L4, central_stenosis L3-L4 not");
  EXPECT_EQ(read("Alignment is normal. At L4-L5 there is a protrusion. No central stenosis."),
            "disc_protrusion L4-L5, central_stenosis not");
}

TEST(ImagingPlaces, ALineThatBeginsWithADiscIsOfIt) {
  EXPECT_EQ(read("L5-S1 shallow protrusion. No root contact."),
            "disc_protrusion L5-S1, nerve_contact L5-S1 not");
  EXPECT_EQ(read("L4-L5: Schmorl node in the L5 endplate."), "schmorl_node L5");
  EXPECT_EQ(read("L4-L5: slip with bilateral pars defects."),
            "spondylolisthesis L4-L5, spondylolysis");
}

TEST(ImagingPlaces, TheWorstLevelIsThatOfAllToldBefore) {
  EXPECT_EQ(read("Multilevel disc bulges and facet arthropathy, worst at L4-L5."),
            "disc_bulge L4-L5, facet_degeneration L4-L5");
}

TEST(ImagingPlaces, TheFormerTheLatterAndBelow) {
  EXPECT_EQ(read("Disc bulges at L3-L4 and L4-L5, the former with a fissure."),
            "disc_bulge L3-L4, disc_bulge L4-L5, annular_fissure L3-L4");
  EXPECT_EQ(read("Disc bulges at L3-L4 and L4-L5, the latter with a fissure."),
            "disc_bulge L3-L4, disc_bulge L4-L5, annular_fissure L4-L5");
  EXPECT_EQ(read("Desiccation from L3-L4 downward."),
            "disc_signal_loss L3-L4, disc_signal_loss L4-L5, disc_signal_loss L5-S1");
}

TEST(ImagingPlaces, ALevelThatOnlyPlacesAnOperationIsItsOwn) {
  EXPECT_EQ(
      read("Adjacent segment stenosis at L3-L4 above the L4-S1 fusion, with facet arthropathy."),
      "central_stenosis L3-L4, postop_change L4-L5, postop_change L5-S1, facet_degeneration L3-L4");
}

TEST(ImagingPlaces, AnIllnessOfTheWholeSpineHasNoLevelOfAnother) {
  EXPECT_EQ(read("Fracture at T10-T11 in a patient with DISH."),
            "fracture_acute T10-T11, osteophyte");
  EXPECT_EQ(read("DISH from T6 to T8."), "osteophyte T6-T7, osteophyte T7-T8");
  EXPECT_EQ(read("Cervical spondylosis with a disc protrusion at C5-C6."),
            "osteophyte, disc_protrusion C5-C6");
}

TEST(ImagingPlaces, TheSacrumIsOneMoreOfAListOfLevels) {
  EXPECT_EQ(read("Mets in L1, L3, sacrum."), "mass L1, mass L3, mass");
  EXPECT_EQ(read("Metastases of the sacrum, L3 and T12."), "mass L3, mass T12, mass");
  EXPECT_EQ(read("Lytic deposits at T8 and in the right sacral wing."), "mass T8, mass");
  EXPECT_EQ(read("Insufficiency fractures of L5 and both sacral alae."),
            "fracture_acute L5, fracture_acute");
  EXPECT_EQ(read("Metastasis in L4. Sacrum normal."), "mass L4");
  EXPECT_EQ(read("Pelvis: Left sacral ala fracture, zone 1, and left superior pubic ramus "
                 "fracture."),
            "fracture_acute");
  EXPECT_EQ(read("Chordoma of sacrum, S3-S5, with presacral extension."),
            "mass S3, mass S4, mass S5");
}

TEST(ImagingPlaces, HowFarItWasLookedForIsNoLevel) {
  EXPECT_EQ(read("No fracture seen to C6."), "fracture_acute not");
  EXPECT_EQ(read("No fracture from T1 to T2."), "fracture_acute T1 not, fracture_acute T2 not");
}

TEST(ImagingPlaces, AScrewIsNotWhereARootIsTouched) {
  EXPECT_EQ(read("Right L5 screw breaches the medial wall and touches the traversing root."),
            "postop_change L5, nerve_contact");
}

TEST(ImagingPlaces, AConclusionBehindAColonHasNoLevel) {
  EXPECT_EQ(read("T12 fracture with preserved fat signal: osteoporotic, not metastatic."),
            "fracture_acute T12, mass not");
}

TEST(ImagingPlaces, LevelsAloneTellTheSameAgain) {
  EXPECT_EQ(read("Bone mets: Yes. T4, T11, L3."), "mass T4, mass T11, mass L3");
}

TEST(ImagingPlaces, LowerLevelsAreNotThoseToldBefore) {
  EXPECT_EQ(read("Facet degeneration at L4-L5. Osteophytes in the lower levels."),
            "facet_degeneration L4-L5, osteophyte");
}

TEST(ImagingPlaces, TwoForaminaAndOneOfTheSacrum) {
  EXPECT_EQ(read("Bilateral foraminal encroachment at L4 & L5 foramina."),
            "foraminal_stenosis L4-L5, foraminal_stenosis L5-S1");
  EXPECT_EQ(read("Perineural cyst in the right S1 foramen."), "tarlov_cyst S1");
}

TEST(ImagingPlaces, AnExceptionMayStandBeforeWhatIsNormal) {
  EXPECT_EQ(read("All discs except L5/S1 are of normal signal."), "disc_signal_loss L5-S1");
  EXPECT_EQ(read("Every disc but L4-5 is well hydrated."), "disc_signal_loss L4-L5");
}

TEST(ImagingPlaces, AListGoesOnBehindBrackets) {
  EXPECT_EQ(read("Spine metastases: T2 (lytic), T7 (soft tissue)."), "mass T2, mass T7");
  EXPECT_EQ(read("Haemangiomas of T3 (8 mm, typical) and L2."), "hemangioma T3, hemangioma L2");
}

TEST(ImagingPlaces, AListGoesOnBehindARange) {
  EXPECT_EQ(read("Metastatic infiltration Th5, 6 and 8."), "mass T5, mass T6, mass T8");
  EXPECT_EQ(read("Acute fractures at T5 through T6, plus L1."),
            "fracture_acute T5, fracture_acute T6, fracture_acute L1");
}

TEST(ImagingPlaces, LevelsThatStandEachBeforeWhatTheyHave) {
  EXPECT_EQ(read("L1/2 ok L2/3 ok L3/4 bulge L4/5 prolapse left L5/S1 ok"),
            "disc_bulge L3-L4, disc_herniation_nos L4-L5");
}

TEST(ImagingPlaces, ADeniedRangeIsEveryBodyOfIt) {
  EXPECT_EQ(read("VFA: no vertebral fracture from T4 to T6."),
            "fracture_acute T4 not, fracture_acute T5 not, fracture_acute T6 not");
  EXPECT_EQ(read("Old wedge of T12. No other vertebral fracture T4-L4."),
            "fracture_old T12, fracture_acute not");
  EXPECT_EQ(read("Sclerotic T10 focus can be regarded as benign and no malignant deposit is seen "
                 "elsewhere."),
            "mass not");
}

TEST(ImagingPlaces, NamesAndAbbreviationsOfOtherTongues) {
  EXPECT_EQ(read("BWK 12 fracture. Fracture LWK3."), "fracture_acute T12, fracture_acute L3");
  EXPECT_EQ(read("Modic 1 vs. infective spondylodiscitis L4/5."), "modic_1 L4-L5, infection");
  EXPECT_EQ(read("Anterolisthesis of the fourth on the fifth lumbar vertebra."),
            "spondylolisthesis L4-L5");
}

TEST(ImagingPlaces, AViewOfTheOdontoidIsNoLevel) {
  EXPECT_EQ(read("Cervical spine AP/lat/odontoid: no fracture."), "fracture_acute not");
  EXPECT_EQ(read("Lateral view: odontoid fracture."), "fracture_acute C2");
}

TEST(ImagingPlaces, WeightingsAreNoLevels) {
  EXPECT_EQ(read("Ill-defined hypodensity in T2, a lytic deposit."), "mass T2");
  EXPECT_EQ(read("Corticated line through the tip of the C6 spinous process, an old fracture."),
            "fracture_old C6");
}

TEST(ImagingPlaces, SingleLevelsAreVertebraePairsAreDiscs) {
  EXPECT_EQ(read("T6 and T7 are reduced in height."), "fracture_acute T6, fracture_acute T7");
  EXPECT_EQ(read("Loss of height at L4-L5."), "disc_height_loss L4-L5");
  EXPECT_EQ(read("Oedema in L3 and L4. The disc space is narrowed."), "disc_height_loss L3-L4");
  EXPECT_EQ(read("The lower two discs are dehydrated."), "disc_signal_loss");
}

TEST(ImagingPlaces, AListGoesOnOverWordsThatBeginNothing) {
  EXPECT_EQ(read("Metastases in the thoracic spine (T5, T8) and lumbar spine (L2)."),
            "mass T5, mass T8, mass L2");
  EXPECT_EQ(read("VFA: T7 grade 1, T9 grade 2 fractures."), "fracture_acute T7, fracture_acute T9");
  EXPECT_EQ(read("Left L4 and right L5 pars defects."), "spondylolysis L4, spondylolysis L5");
  EXPECT_EQ(read("Schmorl node of L4, L5 haemangioma."), "schmorl_node L4, hemangioma L5");
  EXPECT_EQ(read("Old fractures T7/T9/L1."), "fracture_old T7, fracture_old T9, fracture_old L1");
}

TEST(ImagingPlaces, FracturesAtAPairAreOfBothVertebrae) {
  EXPECT_EQ(read("L1-L2 transverse process fractures."), "fracture_acute L1, fracture_acute L2");
  EXPECT_EQ(read("Fracture dislocation at T6-T7."), "fracture_acute T6-T7");
}

TEST(ImagingPlaces, AnEndplateIsItsDiscForWhatLiesBetween) {
  EXPECT_EQ(read("Modic 2 of the inferior endplate of L4."), "modic_2_3 L4-L5");
  EXPECT_EQ(read("Fracture of the superior endplate of L3."), "fracture_acute L3");
}

TEST(ImagingPlaces, AGradeAndALevelTellTheLastAgain) {
  EXPECT_EQ(read("Severe canal stenosis at L3-L4; moderate at L4-L5."),
            "central_stenosis L3-L4, central_stenosis L4-L5");
  EXPECT_EQ(read("No facet arthropathy at L3-L4. Mild at L4-L5."),
            "facet_degeneration L3-L4 not, facet_degeneration L4-L5");
  EXPECT_EQ(read("Haemangioma in T11; another in L2."), "hemangioma T11, hemangioma L2");
}

TEST(ImagingPlaces, TheOtherSideIsAtTheSameLevel) {
  EXPECT_EQ(read("There is a pars defect at L5 on the left; none on the right."),
            "spondylolysis L5, spondylolysis L5 not");
}

TEST(ImagingPlaces, WhatFollowsIsToldOfTheVertebraBefore) {
  EXPECT_EQ(read("Burst fracture of L2. The canal is narrowed by 40 percent."),
            "fracture_acute L2, central_stenosis L2");
  EXPECT_EQ(read("Hyperintense focus in L4. Differential includes haemangioma and metastasis."),
            "hemangioma L4, mass L4");
  EXPECT_EQ(read("The extrusion at L4-L5 is behind L5. The thecal sac is compressed."),
            "disc_extrusion L4-L5, central_stenosis L4-L5");
}

TEST(ImagingPlaces, WhatADiscPressesOnIsARoot) {
  EXPECT_EQ(read("L5-S1 extrusion with compression of S1."), "disc_extrusion L5-S1");
}

TEST(ImagingPlaces, TheLevelAboveIsBesideTheOneToldBefore) {
  EXPECT_EQ(read("L5-S1 protrusion. Level above: broad bulge only."),
            "disc_protrusion L5-S1, disc_bulge L4-L5");
  EXPECT_EQ(read("Slip of L4 on L5, with a bulge at the level above."),
            "spondylolisthesis L4-L5, disc_bulge L3-L4");
}

TEST(ImagingPlaces, NamesOfLevelsInOtherWords) {
  EXPECT_EQ(read("The transitional vertebra is called L5."), "transitional_vertebra L5");
  EXPECT_EQ(read("There is a transitional vertebra, labelled L5."), "transitional_vertebra L5");
  EXPECT_EQ(read("Odontoid intact. No fracture."), "fracture_acute not");
}

TEST(ImagingPlaces, WhatIsDeniedExceptAtALevelIsThere) {
  EXPECT_EQ(read("Foramina are patent except at L5-S1 on the left."), "foraminal_stenosis L5-S1");
  EXPECT_EQ(read("The canal is patent apart from L4-L5."), "central_stenosis L4-L5");
  EXPECT_EQ(read("No disc bulge except at L4-L5."), "disc_bulge L4-L5");
  EXPECT_EQ(read("A spondylotic bar at C5-C6."), "osteophyte C5-C6");
}

TEST(ImagingPlaces, TheSacrumIsAPlaceOfItsOwn) {
  EXPECT_EQ(read("T12 fracture. Sacral ala fracture on the right."),
            "fracture_acute T12, fracture_acute");
  EXPECT_EQ(read("L1 metastasis. A further metastasis in the left hemisacrum."), "mass L1, mass");
}

TEST(ImagingPlaces, ADenialHasNoLevelOfTheFindingBehindIt) {
  EXPECT_EQ(read("No new fracture, old fracture of L2."), "fracture_acute not, fracture_old L2");
  EXPECT_EQ(read("No fracture or slip at L5-S1."),
            "fracture_acute L5-S1 not, spondylolisthesis L5-S1 not");
  EXPECT_EQ(read("Protrusion at C5-C6. No metastasis here."), "disc_protrusion C5-C6, mass not");
}

TEST(ImagingPlaces, ADefectBesideASlipIsOfTheVertebraThatSlips) {
  EXPECT_EQ(read("Lytic listhesis L4-L5 grade 1."), "spondylolisthesis L4-L5, spondylolysis L4");
}

TEST(ImagingPlaces, AListBehindAColonIsOfTheFindingBeforeIt) {
  EXPECT_EQ(read("Disc bulges at three levels: L2-L3, L3-L4 and L4-L5."),
            "disc_bulge L2-L3, disc_bulge L3-L4, disc_bulge L4-L5");
}

TEST(ImagingPlaces, NoLevelIsAboveTheFirstOrBelowTheLast) {
  EXPECT_EQ(read("Haemangioma of C1. The level above shows a bulge."), "hemangioma C1, disc_bulge");
  EXPECT_EQ(read("Tarlov cyst at S5. A bulge at the level below."), "tarlov_cyst S5, disc_bulge");
  EXPECT_EQ(read("Modic type 2 at the superior endplate of C1."), "modic_2_3 C1");
  EXPECT_EQ(read("Spondylolisthesis of S5."), "spondylolisthesis S5");
}

TEST(ImagingPlaces, ABruiseAtALevelDeniesNoFractureOfThatLevel) {
  EXPECT_EQ(read("Bone bruise at the T3-T5 bodies, no fracture line."), "fracture_acute not");
  EXPECT_EQ(read("At L1: no fracture."), "fracture_acute L1 not");
}

TEST(ImagingPlaces, ADiscNamedByTwoVertebraeKeepsItsLevelBehindAnotherLine) {
  EXPECT_EQ(read("L4-5: bulge. L5 S1: facet arthropathy."),
            "disc_bulge L4-L5, facet_degeneration L5-S1");
  EXPECT_EQ(read("L3-4: bulge with out stenosis."), "disc_bulge L3-L4, central_stenosis L3-L4 not");
}

TEST(ImagingPlaces, ASacrumAmongRegionsIsNoPlaceOfItsOwn) {
  EXPECT_EQ(read("Metastases of cervical, thoracic, lumbar vertebrae and sacrum. Metastasis T4."),
            "mass T4");
  EXPECT_EQ(read("Metastasis T4. Metastasis of the sacrum."), "mass T4, mass");
}

TEST(ImagingPlaces, TheLevelOfAnOperationBesideIsNotThatOfTheFinding) {
  EXPECT_EQ(read("Adjacent segment disease L2/3 above solid L3-L5 fusion: bulge, stenosis."),
            "disc_degeneration L2-L3, postop_change L3-L4, postop_change L4-L5, disc_bulge L2-L3, "
            "central_stenosis L2-L3");
  EXPECT_EQ(read("L3/4 adjacent to L4-S1 fusion: moderate central stenosis."),
            "postop_change L4-L5, postop_change L5-S1, central_stenosis L3-L4");
  EXPECT_EQ(read("L1-2 (above instrumented L2-L4): facet arthropathy."),
            "postop_change L2-L3, postop_change L3-L4, facet_degeneration L1-L2");
  EXPECT_EQ(read("Above the L4-L5 fusion the L3-4 disc bulges."),
            "postop_change L4-L5, disc_bulge L3-L4");
}

TEST(ImagingPlaces, AFractureLineThroughADiscIsOfTheDisc) {
  EXPECT_EQ(read("Through the fused T9/T10 disc space runs an oblique fracture extending to the "
                 "posterior elements of T10."),
            "fracture_acute T9-T10");
  EXPECT_EQ(read("C6/7: the fracture line runs through all three columns."),
            "fracture_acute C6-C7");
}

TEST(ImagingPlaces, ADenialHasNoLevelThatFollowsAComma) {
  EXPECT_EQ(read("To C6 no fracture."), "fracture_acute not");
  EXPECT_EQ(read("No metastasis, small limbus vertebra L4."), "mass not");
  EXPECT_EQ(read("No fracture, subluxation or dislocation C1 to C2."),
            "fracture_acute C1 not, fracture_acute C2 not");
}

TEST(ImagingPlaces, AClearOrSparedVertebraDeniesWhatWasToldOfOthers) {
  EXPECT_EQ(read("Metastases in L2 and L4. L3 clear."), "mass L2, mass L4, mass L3 not");
  EXPECT_EQ(read("Chronic wedge of T12. L2 spared."), "fracture_old T12, fracture_acute L2 not");
  EXPECT_EQ(read("T9: deposit, no cord contact.\nL1 to L3: clear."),
            "mass T9, conus_cord not, mass L1 not, mass L2 not, mass L3 not");
  EXPECT_EQ(read("Fracture of T8. L1 uptake of 2023 has resolved."), "fracture_acute T8");
  EXPECT_EQ(read("L4-5 disc bulge. L5-S1 clear."), "disc_bulge L4-L5");
}

TEST(ImagingPlaces, WhatIsHedgedOrOfAPedicleIsOfTheVertebraToldBefore) {
  EXPECT_EQ(read("Indeterminate focus in S2. Atypical haemangioma or metastasis."),
            "mass S2, hemangioma S2");
  EXPECT_EQ(read("Vertebra plana T6. Eosinophilic granuloma is favoured."),
            "fracture_acute T6, mass T6");
  EXPECT_EQ(read("Collapse of T8. Tumour in the right pedicle."), "fracture_acute T8, mass T8");
  EXPECT_EQ(read("Wedging of T8. MRI to exclude metastasis."), "fracture_acute T8, mass then");
}

TEST(ImagingPlaces, ASlipIsBelowTheLysisToldBefore) {
  EXPECT_EQ(read("Bilateral L5 pars defects. Grade 1 anterolisthesis."),
            "spondylolysis L5, spondylolisthesis L5-S1");
  EXPECT_EQ(read("Pars defects at L4. No slip."), "spondylolysis L4, spondylolisthesis not");
}

TEST(ImagingPlaces, AListGoesOnBehindWhatALevelHasBesides) {
  EXPECT_EQ(read("Facet arthropathy: L3/4 mild, L4/5 severe with a cyst, L5/S1 moderate."),
            "facet_degeneration L3-L4, facet_degeneration L4-L5, facet_degeneration L5-S1");
  EXPECT_EQ(read("Compression fractures T6 mild, L1 severe with retropulsion, L3 mild."),
            "fracture_acute T6, fracture_acute L1, fracture_acute L3");
  EXPECT_EQ(read("Fractures: odontoid type II. Right C6 superior facet. Left C7 transverse "
                 "process."),
            "fracture_acute C2, fracture_acute C6, fracture_acute C7");
  EXPECT_EQ(read("Metastatic deposits. T4 body. L2 body."), "mass T4, mass L2");
  EXPECT_EQ(read("Left foraminal stenosis L4/5. Same on the right at L5/S1."),
            "foraminal_stenosis L4-L5, foraminal_stenosis L5-S1");
}

TEST(ImagingPlaces, StagesAreOfTheirLevels) {
  EXPECT_EQ(read("Pfirrmann: L3-4 grade II, L4-5 grade IV, L5-S1 grade V."),
            "disc_degeneration L4-L5, disc_degeneration L5-S1");
  EXPECT_EQ(read("Pfirrmann grade 2 at L2/3, 3 at L3/4."), "disc_degeneration L3-L4");
}

TEST(ImagingPlaces, ALevelBesideThoseThatHaveItMayBeDenied) {
  EXPECT_EQ(read("Flavum thickened L2/3; not thickened L5/S1."),
            "ligamentum_flavum L2-L3, ligamentum_flavum L5-S1 not");
  EXPECT_EQ(read("Foramina narrowed L4/5, free L5/S1."),
            "foraminal_stenosis L4-L5, foraminal_stenosis L5-S1 not");
}

TEST(ImagingPlaces, TheLevelsOfScrewsAreNotThatOfTheFractureBehindThem) {
  EXPECT_EQ(read("Screws T12 and L2, L1 burst fracture."),
            "postop_change T12, postop_change L2, postop_change L1, fracture_acute L1");
  EXPECT_EQ(read("Disc heights reduced at L4-5."), "disc_height_loss L4-L5");
}

TEST(ImagingPlaces, ADiscThatIsOnlyNamedIsMeantByThisLevelAlone) {
  EXPECT_EQ(read("The last open disc space is numbered L4/5; here a right protrusion is seen."),
            "disc_protrusion L4-L5");
  EXPECT_EQ(read("The last disc is labelled L5-S1. There is a bulge."), "disc_bulge");
  EXPECT_EQ(read("Conus at L1/2, normal. Facet arthropathy."),
            "conus_cord not, facet_degeneration");
}

TEST(ImagingPlaces, MisheardLevels) {
  EXPECT_EQ(read("The tea 12 vertebra shows wedge compression."), "fracture_acute T12");
  EXPECT_EQ(read("There is a disc bulge at el four five."), "disc_bulge L4-L5");
  EXPECT_EQ(read("We see two fractures of L1."), "fracture_acute L1");
}

TEST(ImagingPlaces, ALevelBehindACommaIsThatOfItsOwnFinding) {
  EXPECT_EQ(read("Multilevel spondylosis, C5-C6 and C6-C7 discs narrowed."),
            "osteophyte, disc_height_loss C5-C6, disc_height_loss C6-C7");
  EXPECT_EQ(read("Spondylosis, C5-C6 protrusion."), "osteophyte, disc_protrusion C5-C6");
  EXPECT_EQ(read("Collapse of L3. Lytic lesions in all vertebrae."), "fracture_acute L3, mass");
}

TEST(ImagingPlaces, TheSecondHeadOfALineHasWhatFollowsIt) {
  EXPECT_EQ(read("L4-L5: protrusion, L5-S1: bulge, no root contact."),
            "disc_protrusion L4-L5, disc_bulge L5-S1, nerve_contact L5-S1 not");
  EXPECT_EQ(read("Canal stenosis:\nL2-3 none\nL3-4 mild\nL4-5 severe"),
            "central_stenosis L2-L3 not, central_stenosis L3-L4, central_stenosis L4-L5");
  EXPECT_EQ(read("L4/5: L5 roots free."), "nerve_contact L4-L5 not");
}

TEST(ImagingPlaces, AFurtherOneAndOneThatIsNotThere) {
  EXPECT_EQ(read("Deposits in L1 and L4 are unchanged, a new one has appeared in T9."),
            "mass L1, mass L4, mass T9");
  EXPECT_EQ(read("The fracture is of L3, not of L2."), "fracture_acute L3, fracture_acute L2 not");
  EXPECT_EQ(read("Sacral fracture with extension to the left L5/S1 facet."), "fracture_acute");
  EXPECT_EQ(read("T8 and L1 are dark. They are infiltrated by tumour."), "mass T8, mass L1");
  EXPECT_EQ(read("Two new foci, L3 body and right S1 ala; regarded as secondaries."),
            "mass L3, mass S1");
  EXPECT_EQ(read("Uptake in T7 (linear, fracture), L5 (facet)."), "fracture_acute T7");
  EXPECT_EQ(read("Extrusion: none. Protrusion: L4/5."),
            "disc_extrusion not, disc_protrusion L4-L5");
}

TEST(ImagingPlaces, ALevelBeforeWithIsNotThatOfWhatFollows) {
  EXPECT_EQ(read("Multilevel disc space narrowing C4-C6 with disc-osteophyte complexes."),
            "disc_height_loss C4-C5, disc_height_loss C5-C6, osteophyte C4-C5, osteophyte C5-C6");
  EXPECT_EQ(read("Minimally displaced left L3 and L4 transverse process fractures."),
            "fracture_acute L3, fracture_acute L4");
  EXPECT_EQ(read("Redundant roots above L4-5 due to severe stenosis."), "central_stenosis L4-L5");
}

TEST(ImagingPlaces, ARootTouchedAtOneVertebraIsOfNoDisc) {
  EXPECT_EQ(read("Sequestrated fragment behind the body of L4, displacing the left L4 root."),
            "disc_sequestration L4, nerve_contact");
  EXPECT_EQ(read("Severe foraminal narrowing at L5, contact with the exiting root."),
            "foraminal_stenosis L5-S1, nerve_contact L5-S1");
}

TEST(ImagingPlaces, ATumourInAForamenIsAtItsVertebra) {
  EXPECT_EQ(read("Enlarged left L2 foramen with dumbbell enhancing lesion, c/w schwannoma."),
            "mass L2");
  EXPECT_EQ(read("Severe narrowing of the L5 foramen. No metastasis."),
            "foraminal_stenosis L5-S1, mass not");
}

TEST(ImagingPlaces, ASacralFractureDeniedStaysBesideThoseOfVertebrae) {
  EXPECT_EQ(read("T12 burst fracture. No sacral fracture."),
            "fracture_acute T12, fracture_acute not");
  EXPECT_EQ(read("T12 burst fracture. No other fracture."), "fracture_acute T12");
}

TEST(ImagingPlaces, DiscsMayBeToldByNumbersAlone) {
  EXPECT_EQ(read("L2-3 bulge.\n3-4 bulge, mild.\n5-1 protrusion."),
            "disc_bulge L2-L3, disc_bulge L3-L4, disc_protrusion L5-S1");
  EXPECT_EQ(read("L2-3 bulge.\n3-4 weeks of rest."), "disc_bulge L2-L3");
}

TEST(ImagingPlaces, AWordOfAllLevelsHasNoneToldBefore) {
  EXPECT_EQ(read("Spondylolisthesis L4-L5. Lumbar spondylosis."),
            "spondylolisthesis L4-L5, osteophyte");
}

TEST(ImagingPlaces, TheOtherParsIsDeniedWithoutALevel) {
  EXPECT_EQ(read("Chronic right L5 spondylolysis. Left pars is intact."),
            "spondylolysis L5, spondylolysis not");
}

TEST(ImagingPlaces, ADefectBehindASlipToldInWordsIsOfTheVertebraThatSlips) {
  EXPECT_EQ(read("L5 slips 8 mm on S1, bilateral lysis."),
            "spondylolisthesis L5-S1, spondylolysis L5");
}

TEST(ImagingPlaces, TheLargestOfAListIsNotAllOfIt) {
  EXPECT_EQ(read("L2-3 to L4-5 bulges, the largest at L3-4."),
            "disc_bulge L2-L3, disc_bulge L3-L4, disc_bulge L4-L5");
  EXPECT_EQ(read("L3-L4 and L4-L5 show moderate stenosis; L5-S1 does not."),
            "central_stenosis L3-L4, central_stenosis L4-L5, central_stenosis L5-S1 not");
}

TEST(ImagingPlaces, ALevelNamedIsNotTheOneAboveIt) {
  EXPECT_EQ(read("Fusion at L5-S1. The L4-L5 level above demonstrates a bulge."),
            "postop_change L5-S1, disc_bulge L4-L5");
  EXPECT_EQ(read("Fusion L4-L5. The level above shows stenosis."),
            "postop_change L4-L5, central_stenosis L3-L4");
}

TEST(ImagingPlaces, WhatIsThroughoutMaySpareALevel) {
  EXPECT_EQ(read("Diffuse disc desiccation with sparing of L1-L2."),
            "disc_signal_loss, disc_signal_loss L1-L2 not");
  EXPECT_EQ(read("Disc desiccation at L3-L4 and L4-L5 with sparing of L5-S1."),
            "disc_signal_loss L3-L4, disc_signal_loss L4-L5, disc_signal_loss L5-S1 not");
}

TEST(ImagingPlaces, WhatIsAtThisLevelIsWhereItWasTold) {
  EXPECT_EQ(read("Pathological fracture of T9; epidural tumour at this level compresses the cord "
                 "with oedema from T8 to T10."),
            "fracture_acute T9, mass T9, conus_cord");
  EXPECT_EQ(read("Fracture of L1. There is canal stenosis at this level and disc bulges at L3/4."),
            "fracture_acute L1, central_stenosis L1, disc_bulge L3-L4");
}

TEST(ImagingPlaces, AVertebraOnT1IsNoImage) {
  EXPECT_EQ(read("Slight anterior slip of C4 on C5 and of C7 on T1."),
            "spondylolisthesis C4-C5, spondylolisthesis C7-T1");
  EXPECT_EQ(read("Focal lesion in L1, hyperintense on T1 and T2, haemangioma."), "hemangioma L1");
}

TEST(ImagingPlaces, GradesGoOnBehindALevelThatHasItsGrade) {
  EXPECT_EQ(read("L3-4 severe stenosis with effaced CSF, L4-5 moderate, L5-S1 mild."),
            "central_stenosis L3-L4, central_stenosis L4-L5, central_stenosis L5-S1");
  EXPECT_EQ(read("L4/5 disc degenerate, the rest well hydrated."),
            "disc_degeneration L4-L5, disc_signal_loss not");
}

}  // namespace
}  // namespace meridian::test
