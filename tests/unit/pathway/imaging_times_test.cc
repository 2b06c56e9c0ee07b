// SPDX-License-Identifier: Apache-2.0
// When what a report says was so: the age of fractures, what was known before, operations.
#include <gtest/gtest.h>

#include "unit/pathway/imaging_reading.h"

namespace meridian::test {
namespace {

TEST(ImagingTimes, WhatWasNotThereThenIsRecent) {
  EXPECT_EQ(read("L2 lower plate depressed, not there in 2019."), "fracture_acute L2");
  EXPECT_EQ(read("L2 biconcave, L4 upper endplate depressed, neither present in 2020."),
            "fracture_acute L2, fracture_acute L4");
  EXPECT_EQ(read("The epidural haematoma has almost gone, 2 mm remaining."), "epidural_haematoma");
}

TEST(ImagingTimes, AnOperationThatDatesAFindingWasDone) {
  EXPECT_EQ(read("Cord compression at T5 persists after laminectomy."),
            "conus_cord, postop_change T5 then");
  EXPECT_EQ(read("Fluid at the L4-L5 laminectomy site."), "postop_change L4-L5");
}

TEST(ImagingTimes, AWedgeWithoutADateIsAFractureOfUnknownAge) {
  EXPECT_EQ(read("Biconcave deformity of T8."), "fracture_acute T8");
  EXPECT_EQ(read("Old wedge deformity of T8."), "fracture_old T8");
}

TEST(ImagingTimes, AnAgeIsOfTheLevelThatItStandsBeside) {
  EXPECT_EQ(read("Fractures: L1 old, L2 new."), "fracture_old L1, fracture_acute L2");
  EXPECT_EQ(read("Cemented T12 and L1 fractures, and a fresh one at L3."),
            "postop_change T12-L1, fracture_old T12, fracture_old L1, fracture_acute L3");
  EXPECT_EQ(read("Acute fracture of T12; T9 and L1 are old."),
            "fracture_acute T12, fracture_old T9, fracture_old L1");
  EXPECT_EQ(read("Bulge at L4-L5. L1 is old."), "disc_bulge L4-L5") << "no kind that has an age";
}

TEST(ImagingTimes, AnOldFractureBesideSomethingRecentGoesToAPerson) {
  EXPECT_TRUE(somebody_is_told("Fractures: L1 old, L2 new, L3 old."));
  EXPECT_TRUE(somebody_is_told("Healed L1 fracture. New bulge, acute L3 fracture."));
  EXPECT_TRUE(
      imaging::read_report("Old L1 fracture, no acute oedema.", rules().imaging).unread.empty());
}

TEST(ImagingTimes, WhatWasKnownAndIsWorseGoesToAPersonOrIsOfNow) {
  EXPECT_EQ(read("Known wedge deformity of L1, now worse."), "fracture_acute L1");
  EXPECT_EQ(read("Known wedge deformity of L1, unchanged."), "fracture_old L1");
  EXPECT_EQ(read("L1 compression fracture, not significantly changed."), "fracture_old L1");
  EXPECT_EQ(read("L1 compression fracture, not seen on the previous study."), "fracture_acute L1");
  EXPECT_EQ(read("Stable burst fracture of L1."), "fracture_acute L1");
  EXPECT_EQ(read("L1 fracture reported on the 2026 CT, now with more height loss."),
            "fracture_acute L1");
  EXPECT_EQ(read("Cauda equina has no room."), "cauda_equina_compression");
  EXPECT_EQ(read("Known AAA under surveillance, today 4.7 cm."), "aortic_aneurysm");
}

TEST(ImagingTimes, AFractureOfThePastIsAnOldOne) {
  EXPECT_EQ(read("L3 fracture in 1999."), "fracture_old L3 then");
  EXPECT_EQ(read("Compression deformity of L1 is new from 2022."), "fracture_acute L1");
  EXPECT_EQ(read("Wedge deformity of T12. No acute fracture."), "fracture_acute T12");
}

TEST(ImagingTimes, AFractureToldAgainWithItsAgeIsOld) {
  EXPECT_EQ(read("Fractures of T6 and T8. The T8 fracture shows oedema.\nChronic fracture of T6."),
            "fracture_acute T8, fracture_old T6");
  EXPECT_EQ(read("Vertebra plana of T9 in a 7 year old."), "fracture_acute T9");
}

TEST(ImagingTimes, WhatAnOperationLeftIsThereWheneverItWas) {
  EXPECT_EQ(read("Interbody cages placed in 2020."), "postop_change");
  EXPECT_EQ(read("Laminectomy of L4 in 2016."), "postop_change L4 then");
}

TEST(ImagingTimes, EachOfSeveralFracturesHasItsOwnAge) {
  EXPECT_EQ(read("Old L1 and new L3 fractures."), "fracture_old L1, fracture_acute L3");
  EXPECT_EQ(read("Fractures of L1 and L3, the former old, the latter acute."),
            "fracture_old L1, fracture_acute L3");
  EXPECT_EQ(read("Fractures of T12 and L1, one of which (L1) acute and the other old."),
            "fracture_old T12, fracture_acute L1");
  EXPECT_EQ(read("Vertebral fractures: known D12 and L2, new L4."),
            "fracture_old T12, fracture_old L2, fracture_acute L4");
  EXPECT_EQ(read("Compression fractures at T8 (chronic), L1 (acute) and L3 (chronic)."),
            "fracture_old T8, fracture_acute L1, fracture_old L3");
  EXPECT_EQ(read("The L1 fracture is new, the L3 fracture is old."),
            "fracture_acute L1, fracture_old L3");
  EXPECT_EQ(read("Multiple old vertebral fractures T5 to T7 and an acute one at L1."),
            "fracture_old T5, fracture_old T6, fracture_old T7, fracture_acute L1");
  EXPECT_EQ(read("Fresh fracture of L2 in addition to the known ones of T12 and L1."),
            "fracture_acute L2, fracture_old T12, fracture_old L1");
}

TEST(ImagingTimes, AnAgeSaidOfAllIsOfEachThatHasNoneOfItsOwn) {
  EXPECT_EQ(
      read("T8 moderate wedge fracture, L1 mild biconcave fracture, both unchanged from 2022."),
      "fracture_old T8, fracture_old L1");
  EXPECT_EQ(read("Fractures of T6, T8 and L1, only L1 being acute."),
            "fracture_old T6, fracture_old T8, fracture_acute L1");
  EXPECT_EQ(read("Compression fractures T7, T8 and L2, none of them acute."),
            "fracture_old T7, fracture_old T8, fracture_old L2");
  EXPECT_EQ(read("Fractures at T9 and T11. The one at T11 is recent, the other is old."),
            "fracture_acute T11, fracture_old T9");
  EXPECT_EQ(read("No new fracture; known ones at T8 and L3 look the same as last year."),
            "fracture_acute not, fracture_old T8, fracture_old L3");
}

TEST(ImagingTimes, OneMoreFractureHasAnAgeOfItsOwn) {
  EXPECT_EQ(read("Fractures of T8 and T12, both old, and a third, at L4."),
            "fracture_old T8, fracture_old T12, fracture_acute L4");
  EXPECT_EQ(read("Compression fracture L2, three weeks old."), "fracture_acute L2");
}

TEST(ImagingTimes, WhatIsFreshInAnOldFractureIsToldBesideIt) {
  EXPECT_EQ(read("Old L1 fracture with a fresh component."), "fracture_acute L1, fracture_old L1");
  EXPECT_EQ(read("Acute on chronic compression at T12, there is oedema in the upper half."),
            "fracture_acute T12, fracture_old T12");
  EXPECT_EQ(read("Known L2 fracture, now worse."), "fracture_acute L2");
  EXPECT_EQ(read("Refracture of the cemented L1."), "fracture_acute L1, postop_change L1");
}

TEST(ImagingTimes, AnAgeMayBeConcluded) {
  EXPECT_EQ(read("No uptake at T8, therefore the wedge there is old."), "fracture_old T8");
  EXPECT_EQ(read("Wedge fractures at T7 and T9 known from last year's MRI."),
            "fracture_old T7, fracture_old T9");
  EXPECT_EQ(read("The T12 wedge is the same. The L2 biconcave deformity is new."),
            "fracture_old T12, fracture_acute L2");
  EXPECT_EQ(read("L1 fracture seen previously shows increased sclerosis, healing."),
            "fracture_acute L1");
}

TEST(ImagingTimes, WhatWasNotThereThenMayBeNow) {
  EXPECT_EQ(read("Compression fracture not seen on the lateral chest film is now evident at T9."),
            "fracture_acute T9");
  EXPECT_EQ(read("L2 fracture not present in March, now clearly visible."), "fracture_acute L2");
  EXPECT_EQ(read("The previously described T10 compression fracture is no longer appreciated."),
            "fracture_acute T10 not");
  EXPECT_EQ(read("Previous scan had shown cord oedema at C5; now resolved."), "conus_cord not");
  EXPECT_EQ(read("Previously drained abscess has recurred."), "infection");
}

TEST(ImagingTimes, AHaematomaOfAnOperationShowsTheOperation) {
  EXPECT_EQ(read("Postoperative epidural haematoma at L4-L5."),
            "postop_change L4-L5, epidural_haematoma");
  EXPECT_EQ(read("Epidural haematoma at L4-L5 evacuated in 2015."),
            "epidural_haematoma then, postop_change L4-L5 then");
  EXPECT_EQ(read("Epidural haematoma, day 2 after laminectomy."),
            "epidural_haematoma, postop_change");
  EXPECT_EQ(read("Fever after laminectomy."), "postop_change then");
}

TEST(ImagingTimes, NewPainIsNoNewFinding) {
  EXPECT_EQ(read("Hx of osteomyelitis of T10 in 2016, now with new back pain."), "infection then");
  EXPECT_EQ(read("Known myeloma, now with new lesion at T5."), "mass T5");
  EXPECT_EQ(read("Prior L2-3 discitis is now healed."), "infection not");
  EXPECT_EQ(read("Spondylodiscitis of T8-T9 partly healed."), "infection");
}

TEST(ImagingTimes, AnAgeMayStandBehindWordsBetweenCommas) {
  EXPECT_EQ(read("The deformities of T12 and L1, by contrast, are clearly old."),
            "fracture_old T12, fracture_old L1");
  EXPECT_EQ(read("Wedge deformities D12, L1; D12 shows STIR oedema (recent), L1 is sclerotic & "
                 "old."),
            "fracture_acute T12, fracture_old L1");
  EXPECT_EQ(read("Neither acute nor old vertebral fractures."),
            "fracture_acute not, fracture_old not");
}

TEST(ImagingTimes, WhatIsKnownAndNotLookedAtIsOfThen) {
  EXPECT_EQ(read("Patient has known 4.5 cm AAA. Aorta is outside FOV."), "aortic_aneurysm then");
  EXPECT_EQ(read("Known AAA measures 5.2 cm. Suprarenal aorta not included."), "aortic_aneurysm");
}

TEST(ImagingTimes, TheAgeOfAllFracturesIsOfThoseToldBefore) {
  EXPECT_EQ(
      read("Wedging of T8. Wedging of T12. Osteoporosis. The vertebral fractures are chronic."),
      "fracture_old T8, fracture_old T12");
  EXPECT_EQ(read("Wedging of T8. Acute L1 fracture. The compression fractures are old."),
            "fracture_old T8, fracture_acute L1");
  EXPECT_EQ(read("Hx of L1 fracture. Further loss of height of L1 since May."),
            "fracture_acute L1");
}

TEST(ImagingTimes, TheYearOfAnOperationDatesTheOperationAlone) {
  EXPECT_EQ(read("New discitis at L3-4 after fusion in 2020."),
            "infection, postop_change L3-L4 then");
  EXPECT_EQ(read("Recurrent disc at L4-L5 after discectomy in 2019."),
            "recurrent_herniation L4-L5, postop_change L4-L5 then");
}

TEST(ImagingTimes, AnOperationOnATumourWasDoneAndTheTumourIsGone) {
  EXPECT_EQ(read("After removal of the C2 meningioma no residual tumour."),
            "postop_change C2 then, mass not");
  EXPECT_EQ(read("Ependymoma resected in 2014, no recurrence."), "postop_change then, mass not");
  EXPECT_EQ(read("Following debulking of the sacral chordoma there is a residual mass."),
            "postop_change then, mass");
  EXPECT_EQ(read("Appearances may represent low-grade postoperative discitis."),
            "postop_change then, infection");
}

TEST(ImagingTimes, NoComplicationOfAnOperationIsOfThen) {
  EXPECT_EQ(read("No postoperative complication."), "postop_change then");
  EXPECT_EQ(read("No complications after surgery."), "postop_change then");
  EXPECT_EQ(read("Postoperative radiographs after lumbar interbody fusion. Alignment maintained."),
            "postop_change then");
  EXPECT_EQ(read("Laminectomy three weeks ago."), "postop_change then");
}

TEST(ImagingTimes, AnAgeIsOfItsOwnLevelBehindAComma) {
  EXPECT_EQ(read("Old fractures of T7 and T8, T11 looks recent."),
            "fracture_old T7, fracture_old T8, fracture_acute T11");
  EXPECT_EQ(read("Known fracture L1, L2 new."), "fracture_old L1, fracture_acute L2");
  EXPECT_EQ(read("Several deformities: T6 and T9 chronic, L3 fresh."),
            "fracture_old T6, fracture_old T9, fracture_acute L3");
  EXPECT_EQ(read("Non-acute compression fracture T10."), "fracture_old T10");
  EXPECT_EQ(read("Sacral ala stress fracture with callus."), "fracture_acute");
}

TEST(ImagingTimes, ASuspicionThatIsTheFirstSentenceIsTheRequest) {
  EXPECT_EQ(read("CES suspected. Canal capacious."),
            "cauda_equina_compression then, central_stenosis not");
  EXPECT_EQ(read("Suspected discitis. MRI shows degenerative change only."), "infection then");
  EXPECT_EQ(read("Suspected intradural haemorrhage in the lumbar sac, layering."),
            "epidural_haematoma");
}

TEST(ImagingTimes, WhatIsKnownAndNotOnTheImagesIsOfThen) {
  EXPECT_EQ(read("Known AAA under surveillance; not included on these slabs."),
            "aortic_aneurysm then");
  EXPECT_EQ(read("Previously described cord oedema is less marked."), "conus_cord");
}

TEST(ImagingTimes, AnIllnessAtTheBeginningIsWhyTheStudyWasDone) {
  EXPECT_EQ(read("Myeloma work-up, WB MRI: no focal or diffuse marrow infiltration in the spine."),
            "mass not");
  EXPECT_EQ(read("Lymphoma, end of treatment PET-CT. No avid bone lesion."), "mass not");
  EXPECT_EQ(read("Myeloma restaging. Stable lytic lesion in L3."), "mass L3");
}

TEST(ImagingTimes, WhatRecursNotIsTheTumourThatWasResected) {
  EXPECT_EQ(read("Resected L1 meningioma 2018; the surgical bed shows no recurrence."),
            "postop_change, mass not");
}

TEST(ImagingTimes, AnOperationThatIsPlannedDatesNothing) {
  EXPECT_EQ(read("Planned decompression for severe stenosis L4/5."), "central_stenosis L4-L5");
  EXPECT_EQ(read("After two operations L5/S1 persistent pain."), "postop_change L5-S1 then");
}

TEST(ImagingTimes, AVertebraNamedWithItsEndplateHasOneAge) {
  EXPECT_EQ(read("Known T12 superior endplate fracture has progressed."), "fracture_acute T12");
  EXPECT_EQ(read("Previously reported L1 compression fracture has increased, 40% vs 20%."),
            "fracture_acute L1");
}

TEST(ImagingTimes, ATreatedTumourThatStillShowsIsOfNow) {
  EXPECT_EQ(read("Plasmacytoma L4 treated 2016, sclerotic rim. No new lesion."), "mass L4");
  EXPECT_EQ(read("Spinal subdural haematoma was queried; the patient could not tolerate the scan."),
            "epidural_haematoma then");
}

TEST(ImagingTimes, TheReportOfAnotherIsNotOfNow) {
  EXPECT_EQ(read("Outside report: metastasis of L3. We see a haemangioma. No suspicious lesion."),
            "hemangioma, mass not");
  EXPECT_EQ(read("Outside report says AAA. Aorta 2.0 cm, no aneurysm."), "aortic_aneurysm not");
}

TEST(ImagingTimes, ASyndromeOfTheClinicIsAsked) {
  EXPECT_EQ(read("Central cord syndrome clinically. The cord has normal calibre and no oedema."),
            "conus_cord not");
}

TEST(ImagingTimes, WhatATitleAsksIsAsked) {
  EXPECT_EQ(read("MRI LUMBAR - ?cauda equina syndrome. Cauda equina is NOT compressed."),
            "cauda_equina_compression not");
  EXPECT_EQ(read("L1 wedge: ?fracture."), "fracture_acute L1");
  EXPECT_EQ(read("Question: fracture? Answer: no."), "fracture_acute not");
}

TEST(ImagingTimes, AnIllnessInTheHistoryEndsAtTheComma) {
  EXPECT_EQ(read("History of prostate cancer, PSA 200, sclerotic lesions L1 and L3."),
            "mass L1, mass L3");
  EXPECT_EQ(read("History of breast cancer with bone metastases."), "mass then");
}

TEST(ImagingTimes, AnEarlierStudyOrItsAppearanceDatesAFracture) {
  EXPECT_EQ(read("Wedging of T7. This was present on the chest film of January 2020."),
            "fracture_old T7");
  EXPECT_EQ(read("Fracture of L1 was not present on the CT of May 2023."), "fracture_acute L1");
  EXPECT_EQ(read("Anterior wedging T12. The appearances are longstanding."), "fracture_old T12");
  EXPECT_EQ(read("Compression fracture of L1. The appearances are of recent fracture."),
            "fracture_acute L1");
}

TEST(ImagingTimes, AKnownFractureThatCollapsesFurtherIsRecent) {
  EXPECT_EQ(read("Further collapse of the known T7 fracture, now 70%."), "fracture_acute T7");
  EXPECT_EQ(read("The known L1 fracture has sunk further."), "fracture_acute L1");
  EXPECT_EQ(read("No further collapse of the known T7 fracture."), "fracture_old T7");
  EXPECT_EQ(read("Known T11 fracture has healed, edema gone."), "fracture_old T11");
  EXPECT_EQ(read("L1 wedged by 6 mm. It was not there on the outside radiographs of last fall."),
            "fracture_acute L1");
}

TEST(ImagingTimes, WhatTheReferrerIsConcernedOf) {
  EXPECT_EQ(read("Concern for cauda equina syndrome per ED. No cauda equina compression."),
            "cauda_equina_compression not");
  EXPECT_EQ(read("Clin. info: slipped disc L4/5 2018, treated conservatively."),
            "disc_herniation_nos L4-L5 then");
  EXPECT_EQ(read("Cord contusion on a background of congenitally narrow canal."),
            "conus_cord, central_stenosis");
}

TEST(ImagingTimes, AnAgeMayStandBehindADenial) {
  EXPECT_EQ(read("Loss of height of T8. No oedema. This is chronic."), "fracture_old T8");
  EXPECT_EQ(read("Wedging of L1. Pars defects of L5. These are old."),
            "fracture_acute L1, spondylolysis L5");
}

TEST(ImagingTimes, WhatWasNotThereBeforeIsThereNow) {
  EXPECT_EQ(read("Collapse of T9 that was not there in the March study."), "fracture_acute T9");
  EXPECT_EQ(read("Biconcave L3, not present on the film two years ago."), "fracture_acute L3");
}

}  // namespace
}  // namespace meridian::test
