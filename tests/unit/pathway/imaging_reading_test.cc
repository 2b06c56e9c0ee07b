// SPDX-License-Identifier: Apache-2.0
// How words of a report reach: questions, denials, places.
#include "unit/pathway/imaging_reading.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "places.h"

namespace meridian::test {
namespace {

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

TEST(ImagingReading, WhatACollectionNarrowsIsNarrowAsFarAsItReaches) {
  EXPECT_EQ(read("Epidural haematoma from L1 to L4 with severe canal stenosis."),
            "epidural_haematoma, central_stenosis L1-L2, central_stenosis L2-L3, "
            "central_stenosis L3-L4");
  EXPECT_EQ(read("Epidural haematoma at L3-L4 with severe canal stenosis."),
            "epidural_haematoma, central_stenosis L3-L4");
}

TEST(ImagingReading, DemyelinationIsNoCompression) {
  EXPECT_EQ(read("Hyperintense cord lesion at C3 consistent with demyelination."), "cord_other");
  EXPECT_EQ(read("Hyperintense cord lesion at C3."), "conus_cord");
}

TEST(ImagingReading, AStoneStandsForItsKindWhateverElseIsDenied) {
  EXPECT_EQ(read("Left renal calculus. No hydronephrosis."), "hydronephrosis_other");
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

TEST(ImagingReading, OfAnotherPartOfTheBodyWhatNamesTheSpineStays) {
  auto reading = imaging::read_report(
      "CT PELVIS. Conclusion: Sacral insufficiency fractures. Fracture.", rules().imaging);
  imaging::keep_any_region(reading, rules().imaging);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings.front().kind, "fracture_acute");
  reading = imaging::read_report("CT CHEST. A mass.", rules().imaging);
  imaging::keep_any_region(reading, rules().imaging);
  EXPECT_TRUE(reading.findings.empty());
}

TEST(ImagingReading, AStatementBehindACommaIsNotDenied) {
  EXPECT_EQ(read("No fracture, cord compressed."), "fracture_acute not, conus_cord");
  EXPECT_EQ(read("No fracture, cord compression or mass."),
            "fracture_acute not, conus_cord not, mass not");
  EXPECT_EQ(read("L1 fracture, oedema resolved."), "fracture_acute L1");
}

TEST(ImagingReading, ADenialThatIsDeniedIsNone) {
  EXPECT_EQ(read("Cord is not normal."), "conus_cord");
  EXPECT_EQ(read("I cannot say there is no discitis."), "infection");
  EXPECT_EQ(read("Absence of fracture cannot be assumed at C7."), "fracture_acute C7");
}

TEST(ImagingReading, DictatedMarksAreMarks) {
  EXPECT_EQ(read("no fracture period aorta ectatic comma 3.2 cm period"),
            "fracture_acute not, aortic_aneurysm");
  EXPECT_EQ(read("no cord compression period there is a fracture of L1 period"),
            "conus_cord not, fracture_acute L1");
}

TEST(ImagingReading, AWideAortaIsNotDeniedByAWord) {  // LABELS.md: 3 cm or more is an aneurysm
  EXPECT_EQ(read("Aorta 3.3 cm. No aneurysm."), "aortic_aneurysm");
  EXPECT_EQ(read("Aorta 2.8 cm, mildly ectatic. No aneurysm."), "aortic_aneurysm not");
  EXPECT_EQ(read("Aorta normal in calibre, 4 cm renal cyst."),
            "aortic_aneurysm not, hydronephrosis_other");
}

TEST(ImagingReading, ALipomaOfTheCanalIsAMass) {
  EXPECT_EQ(read("Filum terminale lipoma, incidental."), "mass");
  EXPECT_EQ(read("Intrathecal lipoma, 12 mm."), "mass");
  EXPECT_EQ(read("Lipoma of the back, subcutaneous."), "");
}

TEST(ImagingReading, AQuestionThatNothingAnswersGoesToAPerson) {
  const auto unread = [](std::string_view narrative) {
    return imaging::read_report(narrative, rules().imaging).unread.size();
  };
  EXPECT_EQ(unread("The facet at L3, ?sarcoma."), 1U);
  EXPECT_EQ(unread("Soft tissue at L3, ?sarcoma."), 0U) << "read: possibly there";
  EXPECT_EQ(unread("History: ?sarcoma.\nFindings: Disc bulge at L4-L5."), 0U);
  EXPECT_EQ(unread("Rule out fracture. No fracture."), 0U);
  EXPECT_EQ(unread("Epidural abscess is unlikely."), 1U) << "denied, and not excluded";
  EXPECT_EQ(unread("No epidural abscess."), 0U);
  EXPECT_EQ(unread("Disc extrusion is unlikely."), 0U) << "nothing serious";
}

/// What a golden file has, one text a line.
std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file(std::string(test::source_folder) + "/tests/golden/imaging/built_with/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  EXPECT_FALSE(lines.empty()) << name;
  return lines;
}

TEST(ImagingReading, SeriousThingsInRareWordsReachSomebody) {
  for (const auto* name : {"told.txt", "told_strange.txt"}) {
    for (const auto& text : lines_of(name)) EXPECT_TRUE(somebody_is_told(text)) << text;
  }
}

TEST(ImagingReading, CommonSentencesTroubleNobody) {
  for (const auto& text : lines_of("quiet.txt")) EXPECT_FALSE(somebody_is_told(text)) << text;
}

TEST(ImagingReading, WhatIsDeniedAndToldOnWithoutItsNameGoesToAPerson) {
  for (const auto* text : {"No intradural mass. Extradural one at T12.",
                           "No hip fracture, but the left sacral ala is.",
                           "Tumour resected in 2020; 6 mm nodule at the resection margin.",
                           "No fracture in the thoracic spine; in the lumbar one L1 and L2."}) {
    EXPECT_TRUE(somebody_is_told(text)) << text;
  }
  for (const auto* text : {"No intradural mass. No other one at T12.", "No new fracture at L1.",
                           "Cord free, no larger one at L1."}) {
    EXPECT_FALSE(somebody_is_told(text)) << text;
  }
}

TEST(ImagingReading, AStructureOfWhichSomethingOddIsSaidGoesToAPerson) {
  for (const auto* text : {"Left half of T5 missing.", "No listhesis; the S2 body looks eaten.",
                           "The conus is odd.", "Grey matter bright."}) {
    EXPECT_TRUE(somebody_is_told(text)) << text;
  }
  for (const auto* text : {"No enhancement of the endplates.", "Increased lumbar lordosis.",
                           "The conus ends at L1."}) {
    EXPECT_FALSE(somebody_is_told(text)) << text;
  }
}

TEST(ImagingReading, DegenerativeChangeAloneIsNoStructure) {
  EXPECT_EQ(read("Mild degenerative changes of the lumbar spine."), "");
  EXPECT_EQ(read("Mild lumbar spondylosis."), "osteophyte");
}

TEST(ImagingReading, WhatIsAskedWithoutAHeaderIsAnsweredByWhatIsSeen) {
  EXPECT_EQ(read("MRI cervical spine. Myelopathy?\nThe cord is flattened at C5-C6."), "conus_cord");
}

TEST(ImagingReading, TheSpineAmongOtherPartsDoesNotBeginTheFindings) {
  EXPECT_EQ(read("CTA AORTA\nClinical: tearing pain. ?dissection.\nType B dissection.\n"
                 "Spine: scoliosis."),
            "aortic_aneurysm, scoliosis");
}

TEST(ImagingReading, WhatADenialPresupposesIsThere) {
  EXPECT_EQ(read("No epidural haemorrhage at the level of the T6 fracture."),
            "epidural_haematoma not, fracture_acute T6");
  EXPECT_EQ(read("No sign of the abscess."), "infection not");
}

TEST(ImagingReading, AClauseOfItsOwnAndADashEndADenial) {
  EXPECT_EQ(read("Although no stenosis, cord compression."), "central_stenosis not, conus_cord");
  EXPECT_EQ(read("No scoliosis - discitis."), "scoliosis not, infection");
  EXPECT_EQ(read("Fracture - none."), "fracture_acute not");
}

TEST(ImagingReading, ADoubtThatIsDeniedIsNone) {
  const auto reading = imaging::read_report("No finding suspicious for discitis.", rules().imaging);
  ASSERT_EQ(reading.findings.size(), 1U);
  EXPECT_EQ(reading.findings.front().certainty, "definite");
  EXPECT_TRUE(reading.unread.empty());
}

TEST(ImagingReading, ADoubtBehindACommaIsNotDenied) {
  EXPECT_EQ(read("Oedema below the endplate of L5 without a line, representing an early "
                 "insufficiency fracture."),
            "fracture_acute L5");
  EXPECT_EQ(read("L5-S1: no bulge, facets worn."),
            "disc_bulge L5-S1 not, facet_degeneration L5-S1");
  EXPECT_EQ(read("Bulge at L2-L3 without stenosis, extrusion at L4-L5."),
            "disc_bulge L2-L3, central_stenosis L2-L3 not, disc_extrusion L4-L5");
  EXPECT_EQ(
      read("Although the canal is narrow at L3-L4, crowding of the cauda equina is not seen."),
      "central_stenosis L3-L4, cauda_equina_compression not");
}

TEST(ImagingReading, WhatMayNotBeDeniedGoesToAPerson) {
  const auto reading = imaging::read_report("No neurology, cord compression.", rules().imaging);
  EXPECT_EQ(reading.unread.size(), 1U);
  const auto list = imaging::read_report("No fracture, cord compression.", rules().imaging);
  EXPECT_TRUE(list.unread.empty());
}

TEST(ImagingReading, WhatSymptomsAskIsAskedAndStillGoesToAPerson) {
  const auto text = "Weight loss and night pain, malignancy must be excluded.";
  EXPECT_EQ(read(text), "mass then");
  EXPECT_EQ(imaging::read_report(text, rules().imaging).unread.size(), 1U);
  EXPECT_EQ(read("Rule out cauda equina compression. None is seen."),
            "cauda_equina_compression not");
}

TEST(ImagingReading, WordsAroundTheReferrersQuestionArePartOfItUnlessOfAnImage) {
  const auto unread = [](std::string_view text) {
    return imaging::read_report(text, rules().imaging).unread.size();
  };
  EXPECT_EQ(unread("Rising CRP, query discitis."), 0U);
  EXPECT_GT(unread("Fluid in the disc with CRP 200, query discitis."), 0U);
}

TEST(ImagingReading, LevelsListedBehindAColonAndSpared) {
  EXPECT_EQ(read("Compression fractures: T6, T8, L2."),
            "fracture_acute T6, fracture_acute T8, fracture_acute L2");
  EXPECT_EQ(read("Severe canal stenosis at L4-L5. L2-L3 spared."),
            "central_stenosis L4-L5, central_stenosis L2-L3 not");
}

TEST(ImagingReading, AFractureOfTheSpineToldWithAnotherIsRead) {
  EXPECT_EQ(read("Sacral and right pubic insufficiency fractures."), "fracture_acute");
  EXPECT_EQ(read("Fractures of both pubic rami."), "");
}

TEST(ImagingReading, AnAnswerDeniesWhatWasAsked) {
  EXPECT_EQ(read("Query infection: no imaging sign of it today."), "infection not");
  EXPECT_EQ(read("Question: fracture? Answer: no fracture line."), "fracture_acute not");
  EXPECT_EQ(read("MRI requested to exclude epidural abscess: none."), "infection not");
}

TEST(ImagingReading, TheReasonForTheStudyEndsWithItsSentenceOnTheLastLine) {
  EXPECT_EQ(read("Indication: known AAA. The aneurysm measures 6.1 cm."), "aortic_aneurysm");
  EXPECT_EQ(read("Indication: r/o fracture. No fracture. Bulge at L4-L5."),
            "fracture_acute not, disc_bulge L4-L5");
}

TEST(ImagingReading, ALineIsWrappedOnlyWhereTheNextWordWouldNotFit) {
  EXPECT_EQ(
      read("History: pacemaker, bilateral leg pain, walking is limited, in 2016 a fall\n"
           "After intrathecal contrast there is a near complete block, severe canal stenosis."),
      "central_stenosis");
}

TEST(ImagingReading, WhatCannotBeJudgedIsForAPerson) {
  const auto reading =
      imaging::read_report("A small abscess cannot be commented on.", rules().imaging);
  EXPECT_TRUE(reading.findings.empty());
  EXPECT_EQ(reading.unread.size(), 1U);
}

TEST(ImagingReading, ADenialIsOfItsOwnSubjectAndTime) {
  EXPECT_EQ(read("Gas in the L5-S1 disc makes infection unlikely."),
            "disc_degeneration L5-S1, infection not");
  EXPECT_EQ(read("Loss of height of T12, was not present 03/22."), "fracture_acute T12");
  EXPECT_EQ(read("No evidence of: fracture, infection."), "fracture_acute not, infection not");
  EXPECT_EQ(read("I doubt that there is cord compression."), "conus_cord not");
}

TEST(ImagingReading, ANormalPartAnswersWhatWasAsked) {
  EXPECT_EQ(read("Fever, ?epidural abscess. The epidural fat is clean."), "infection not");
  EXPECT_EQ(read("The epidural fat is clean."), "");
  EXPECT_EQ(read("Known multiple myeloma, on maintenance."), "mass then");
}

TEST(ImagingReading, ADenialEndsWhereEachItemHasItsOwn) {
  EXPECT_EQ(read("No cord compression, no cauda equina compression, mets T5 and L2."),
            "conus_cord not, cauda_equina_compression not, mass T5, mass L2");
  EXPECT_EQ(read("No fracture, mass, infection."), "fracture_acute not, mass not, infection not");
  EXPECT_EQ(read("No canal stenosis, only foraminal narrowing."),
            "central_stenosis not, foraminal_stenosis");
  EXPECT_EQ(read("Currently no recurrent haemorrhage, laminectomy defect T3-T5."),
            "epidural_haematoma not, postop_change T3-T4, postop_change T4-T5");
  EXPECT_EQ(
      read("The lesion in L3 is not a metastasis, it follows fat and represents a haemangioma."),
      "mass L3 not, hemangioma L3");
}

TEST(ImagingReading, AComparisonAndACauseMayDeny) {
  EXPECT_EQ(read("Endplate signal change, more in keeping with osteochondrosis than with "
                 "spondylodiscitis."),
            "disc_degeneration, infection not");
  EXPECT_EQ(read("A neoplastic cause is considered unlikely."), "mass not");
  EXPECT_EQ(read("Differential includes an epidural haematoma and, less likely, an abscess."),
            "epidural_haematoma, infection not");
  EXPECT_EQ(read("No abnormal uptake in the spine to suggest metastasis."), "mass not");
}

TEST(ImagingReading, WhatIsAskedInOtherWords) {
  EXPECT_EQ(read("Rule out epidural abscess vs haematoma."),
            "infection then, epidural_haematoma then");
  EXPECT_EQ(read("OOH MR ?CES."), "cauda_equina_compression then");
  EXPECT_EQ(read("US: aorta obscured by gas, ?AAA not excluded."), "aortic_aneurysm");
  EXPECT_EQ(read("MRI performed for suspicion of sacroiliitis."), "sacroiliitis then");
  EXPECT_EQ(read("Question: cauda equina compression? No."), "cauda_equina_compression not");
  EXPECT_EQ(read("High risk of cord injury."), "");
}

TEST(ImagingReading, AQuestionBehindWhatTheImageShowsIsTheReporters) {
  EXPECT_EQ(read("Lucency in T9, ? metastasis."), "mass T9");
  EXPECT_EQ(read("Soft tissue at L3, ?sarcoma."), "mass L3");
  EXPECT_EQ(read("Fluid in the disc space, ?discitis."), "infection");
  EXPECT_EQ(read("Back pain and fever. ?discitis"), "infection then");
}

TEST(ImagingReading, AQuestionAroundAFindingIsAnswered) {
  EXPECT_EQ(read("MRI L-spine ?CES: no compression of the cauda equina."),
            "cauda_equina_compression not");
  EXPECT_EQ(read("CES protocol MRI. Nothing to indicate cauda equina compression."),
            "cauda_equina_compression not");
  EXPECT_EQ(read("Clinically CES. No evidence of cauda equina syndrome radiologically."),
            "cauda_equina_compression not");
  EXPECT_EQ(read("CT L-spine ?fracture: no fracture seen."), "fracture_acute not");
  EXPECT_EQ(read("Mildly ectatic aorta 2.8 cm. No aneurysm."), "aortic_aneurysm not");
}

TEST(ImagingReading, AnAnswerInTheNextSentence) {
  EXPECT_EQ(read("The referrer asks for fracture. There is none."), "fracture_acute not");
  EXPECT_EQ(read("Is there cord compression? Yes, at T6."), "conus_cord");
  EXPECT_EQ(read("Fracture? Yes, of L1."), "fracture_acute L1");
  EXPECT_EQ(read("Concern for epidural abscess. None identified."), "infection not");
  EXPECT_EQ(read("The previous CT showed a haematoma in the canal, today not any more."),
            "epidural_haematoma not");
}

TEST(ImagingReading, LessLikelyAndThanDeny) {
  EXPECT_EQ(read("Enhancing mass at T11, DDx metastases, less likely abscess."),
            "mass T11, infection not");
  EXPECT_EQ(read("The focus in L4 is more likely a haemangioma than a metastasis."),
            "hemangioma L4, mass not");
  EXPECT_EQ(read("Not favoured to represent metastasis."), "mass not");
  EXPECT_EQ(read("A fracture is neither confirmed nor excluded."), "fracture_acute not");
}

TEST(ImagingReading, BehindTheOneThingDeniedWhatIsPlacedIsThere) {
  EXPECT_EQ(read("No fracture, spondylolysis L5 bilaterally."),
            "fracture_acute not, spondylolysis L5");
  EXPECT_EQ(read("No malignancy, benign haemangioma T8."), "mass not, hemangioma T8");
  EXPECT_EQ(read("No fracture or listhesis, facet arthropathy L4-5."),
            "fracture_acute not, spondylolisthesis not, facet_degeneration L4-L5");
  EXPECT_EQ(read("No aneurysm, renal cyst left 3 cm."),
            "aortic_aneurysm not, hydronephrosis_other");
  EXPECT_EQ(read("No fracture, listhesis or lysis."),
            "fracture_acute not, spondylolisthesis not, spondylolysis not");
  EXPECT_EQ(read("No fracture, epidural haematoma 8 mm thick."),
            "fracture_acute not, epidural_haematoma");
  EXPECT_EQ(read("No fracture, incidentally a haemangioma in L2."),
            "fracture_acute not, hemangioma L2");
  EXPECT_EQ(read("No stenosis, mild bulge only."), "central_stenosis not, disc_bulge");
}

TEST(ImagingReading, ADenialTakesNoLevelOfWhatIsToldBehindIt) {
  EXPECT_EQ(read("No stenosis, no herniation, disc desiccation L5-S1."),
            "central_stenosis not, disc_herniation_nos not, disc_signal_loss L5-S1");
  EXPECT_EQ(read("Root compression L5 left, cauda not affected."),
            "nerve_contact, cauda_equina_compression not");
}

TEST(ImagingReading, WhatIsNormalBesideTheConusIsNotTheConus) {
  EXPECT_EQ(read("Conus lies at L1-2, normal nerve root movement, no tethering."),
            "cord_other not");
  EXPECT_EQ(read("No cauda equina syndrome, the nerve roots lie free in the sac."),
            "cauda_equina_compression not");
}

TEST(ImagingReading, AlmostGoneIsThere) {
  EXPECT_EQ(read("The epidural haematoma has almost completely resolved."), "epidural_haematoma");
  EXPECT_EQ(read("Metastases have virtually disappeared."), "mass");
  EXPECT_EQ(read("Cord oedema completely resolved."), "conus_cord not");
}

TEST(ImagingReading, WhatIsUnchangedIsThere) {
  EXPECT_EQ(read("No instability, grade 1 slip at L4/5 unchanged."), "spondylolisthesis L4-L5");
  EXPECT_EQ(read("Abscess not enlarged."), "infection");
}

TEST(ImagingReading, AdviceBehindAConditionIsAdvice) {
  EXPECT_EQ(read("No fracture seen; if pain persists suggest MRI to exclude insufficiency fracture "
                 "of the sacrum."),
            "fracture_acute");
  EXPECT_EQ(read("If infection is suspected, contrast MRI is advised."), "");
}

TEST(ImagingReading, NilSeenAnswersTheQuestion) {
  EXPECT_EQ(read("?# L1. Nil seen."), "fracture_acute not");
  EXPECT_EQ(read("CSF can still be seen surrounding the nerve roots of the cauda equina."),
            "cauda_equina_compression not");
  EXPECT_EQ(read("Disc desiccation L4/5 with preservation of disc height."),
            "disc_signal_loss L4-L5, disc_height_loss L4-L5 not");
}

TEST(ImagingReading, WhatTheReaderAsksOfWhatHeSeesMayBeThere) {
  EXPECT_EQ(read("?small dorsal epidural bleed at T10, 3 mm thick."), "epidural_haematoma");
  EXPECT_EQ(read("?AAA on the scout, not fully covered. Ultrasound suggested."), "aortic_aneurysm");
  EXPECT_EQ(read("Discitis? Fluid in the L2/3 disc and eroded endplates."), "infection");
  EXPECT_EQ(read("Question of infection around the L5 screws: lucency, oedema."),
            "infection, postop_change L5");
  EXPECT_EQ(read("Back pain, ?discitis."), "infection then");
  EXPECT_EQ(read("?discitis. Fevers, CRP 140."), "infection then");
  EXPECT_EQ(read("Query AAA. Aorta 21 mm."), "aortic_aneurysm not");
}

TEST(ImagingReading, WhatIsLackingIsNoDenial) {
  EXPECT_EQ(read("No visible CSF around the cauda equina at L4-L5."), "cauda_equina_compression");
  EXPECT_EQ(read("Absence of CSF around the cauda equina."), "cauda_equina_compression");
  EXPECT_EQ(read("No normal marrow remains at L3."), "mass L3");
  EXPECT_EQ(read("L1 is no longer of normal height."), "fracture_acute L1");
  EXPECT_EQ(read("Endplates are no longer defined at L3-4, disc fluid."), "infection");
  EXPECT_EQ(read("Fracture not appreciated on radiographs is present at S1."), "fracture_acute S1");
  EXPECT_EQ(read("No CSF leak is seen around the roots."), "");
}

TEST(ImagingReading, WhatIsSaidOrFavouredBehindADenialIsThere) {
  EXPECT_EQ(read("No fracture, aorta dilated to 4 cm."), "fracture_acute not, aortic_aneurysm");
  EXPECT_EQ(read("No stenosis, conus bright on T2."), "central_stenosis not, conus_cord");
  EXPECT_EQ(read("No free fluid, aorta 3.6 cm."), "aortic_aneurysm");
  EXPECT_EQ(read("Epidural tissue without a drainable pocket, phlegmon favored."), "infection");
  EXPECT_EQ(read("No fracture, cord compression or mass."),
            "fracture_acute not, conus_cord not, mass not");
}

TEST(ImagingReading, ATextMayEndWithALevelOfAList) {
  EXPECT_EQ(read("Disc bulges at L3-4, L4-5"), "disc_bulge L3-L4, disc_bulge L4-L5");
  EXPECT_EQ(read("Old fractures of T7 and T11"), "fracture_old T7, fracture_old T11");
  EXPECT_EQ(read("L4, L5"), "");
}

}  // namespace
}  // namespace meridian::test
