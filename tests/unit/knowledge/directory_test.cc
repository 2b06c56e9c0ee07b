// SPDX-License-Identifier: Apache-2.0
// A site's directory: it replaces what is built in, and every fault in it is named.
#include "unit/knowledge/site_content.h"

namespace meridian::test {
namespace {

namespace fs = std::filesystem;

TEST_F(SiteContent, ReplacesTheBuiltInContent) {
  edit("rules/book.json", "\"version\": \"0.1.0\"", "\"version\": \"site-7\"");
  edit("rules/book.json", "\"episode_gap_days\": 180", "\"episode_gap_days\": 90");
  edit("valuesets/ValueSet-type-sciatica.json", "\"23056005\"", "\"999000999\"");
  Issues issues;
  const auto loaded = load_knowledge(directory_, issues);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->rules.version, "site-7");
  EXPECT_EQ(loaded->rules.episode_gap_days, 90);
  EXPECT_TRUE(loaded->terminology.contains("type.sciatica", snomed("999000999")));
  EXPECT_FALSE(loaded->terminology.contains("type.sciatica", snomed("23056005")));
}

TEST_F(SiteContent, LoadsWithoutTheCptFolder) {
  fs::remove_all(directory_ / "cpt");
  Issues issues;
  const auto loaded = load_knowledge(directory_, issues);
  ASSERT_TRUE(loaded) << (issues.empty() ? "" : issues.front().path + issues.front().text);
  EXPECT_TRUE(loaded->terminology.value_sets(cpt("63030")).empty());
  EXPECT_TRUE(loaded->terminology.contains("procedure.spine_surgery", snomed("239542002")));
}

TEST_F(SiteContent, AFileTakenOutOfUseIsNotLoaded) {
  edit("valuesets/ValueSet-serious-sensory.json", "\"active\"", "\"retired\"");
  Issues issues;
  const auto loaded = load_knowledge(directory_, issues);
  EXPECT_FALSE(loaded) << "the clinic profile asks for it";
}

TEST_F(SiteContent, NamesAMissingDirectory) {
  fs::remove_all(directory_);
  expect_fault("exception " + directory_.generic_string() + ": cannot be read");
}

TEST_F(SiteContent, NamesAnEmptyDirectory) {
  fs::remove_all(directory_);
  fs::create_directory(directory_);
  expect_fault("not-found rules/red_flags.json: the file is missing");
}

TEST_F(SiteContent, NamesFileAndLineOfBrokenJson) {
  write("rules/screening.json",
        "{\n \"format\": \"meridian.screening/1\",\n \"questions\": [,]\n}\n");
  expect_fault("structure rules/screening.json:3: Invalid value.");
}

TEST_F(SiteContent, NamesAFileThatIsCutOff) {
  write("rules/coverage.json", "{\"format\": ");
  expect_fault("structure rules/coverage.json:1: ");
}

TEST_F(SiteContent, NamesTextThatIsNotUtf8) {
  write("rules/coverage.json", "{\"format\": \"\xff\"}");
  expect_fault("structure rules/coverage.json:1: ");
}

TEST_F(SiteContent, SurvivesDeepNesting) {
  write("valuesets/ValueSet-deep.json", std::string(200000, '['));
  expect_fault("structure valuesets/ValueSet-deep.json:1: ");
}

TEST_F(SiteContent, NamesAKeyThatARuleDoesNotKnow) {
  edit("rules/red_flags.json", "\"window_days\": 14", "\"window_day\": 14");
  expect_fault("invalid rules/red_flags.json: red_flags[0].codes[0].window_day: unknown key");
}

TEST_F(SiteContent, NamesAKeyThatStandsTwice) {
  edit("rules/red_flags.json", "\"needs_date\": true",
       "\"needs_date\": true, \"needs_date\": false");
  expect_fault(
      "duplicate rules/red_flags.json: red_flags[0].codes[0].needs_date: key stands twice");
}

TEST_F(SiteContent, NamesAValueSetThatARuleAsksForInVain) {
  edit("rules/red_flags.json", "flag.cauda_equina_alert", "flag.cauda_equina_alrt");
  expect_fault(
      "not-found rules/red_flags.json: red_flags[0].codes[0].value_sets: no value set "
      "'flag.cauda_equina_alrt', or it is empty");
}

TEST_F(SiteContent, NamesAQuestionThatIsNotAsked) {
  edit("rules/red_flags.json", "\"rf01.bladder\"", "\"rf01.blader\"");
  expect_fault("not-found rules/red_flags.json: red_flags[0].answers[0].question: 'rf01.blader'");
}

TEST_F(SiteContent, NamesASourceThatIsNotExplained) {
  edit("rules/contraindications.json", "\"WHO99\"", "\"WHO98\"");
  expect_fault("not-found rules/contraindications.json: contraindications[0].source: 'WHO98'");
}

TEST_F(SiteContent, NamesAWordThatIsNotOneOfTheKnown) {
  edit("rules/red_flags.json", "\"effect\": \"emergency\"", "\"effect\": \"soon\"");
  expect_fault(
      "value rules/red_flags.json: red_flags[0].codes[0].effect: expected one of emergency");
}

TEST_F(SiteContent, NamesAWrongTypeAndANegativeNumber) {
  edit("rules/red_flags.json", "\"window_days\": 14", "\"window_days\": \"14\"");
  edit("rules/book.json", "180", "-1");
  const auto found = faults();
  EXPECT_NE(found.find("red_flags[0].codes[0].window_days: expected a whole number"),
            std::string::npos);
  EXPECT_NE(found.find("rules/book.json: episode_gap_days"), std::string::npos);
}

TEST_F(SiteContent, ARuleWithNothingToDecideOnMustSaySo) {
  edit("rules/red_flags.json", R"("rf13.night-pain", "value": "yes", "effect": "modifier"}
   ],)",
       R"("rf13.night-pain", "value": "yes", "effect": "modifier"}
   ],
   "decidable": false,)");
  expect_fault("decidable: has something to decide on but is not decidable");
  edit("rules/red_flags.json", R"(
   "answers": [
    {"question": "rf13.night-pain", "value": "yes", "effect": "modifier"}
   ],
   "decidable": false,)",
       "");
  expect_fault("decidable: has nothing to decide on");
}

TEST_F(SiteContent, NamesACombinationWithARuleThatIsNotThere) {
  edit("rules/red_flags.json", "\"with\": [\"RF06\"", "\"with\": [\"RF60\"");
  expect_fault("combinations[0].with: 'RF60' is no rule or question");
}

TEST_F(SiteContent, NamesALimitThatIsNoNumberAndAMeasureWithoutOne) {
  edit("rules/red_flags.json", "\"at_least\": 38.0", "\"at_least\": \"38.0\"");
  const auto found = faults();
  EXPECT_NE(found.find("measures[0].at_least: expected a number"), std::string::npos) << found;
  EXPECT_NE(found.find("measures[0]: expected at_least or below"), std::string::npos) << found;
}

TEST_F(SiteContent, NamesASeverityThatIsNone) {
  edit("rules/contraindications.json", "\"relative/absolute\"", "\"relative/total\"");
  expect_fault("effect: expected a severity, or two as needles/current");
}

TEST_F(SiteContent, WhatStopsAReferralNamesWhoActs) {
  edit("rules/red_flags.json", R"({"effect": "urgent", "who": "vascular service")",
       R"({"effect": "routine", "who": "vascular service")");
  expect_fault("acts: nobody is named who must act on effect urgent");
}

TEST_F(SiteContent, AGuidelineSpeaksOfPhasesAndTypesThatThereAre) {
  edit("rules/guidelines.json", R"("phase": "acute", "position": "first")",
       R"("phase": "akut", "position": "first")");
  expect_fault("not-found rules/guidelines.json: guidelines[0].positions[0].phase: 'akut'");
}

TEST_F(SiteContent, AGuidelineThatIsTheDefaultIsListed) {
  edit("rules/guidelines.json", R"("default": "ACP_2017")", R"("default": "ACP_2007")");
  expect_fault("not-found rules/guidelines.json: default: 'ACP_2007' is not listed");
}

TEST_F(SiteContent, PhasesComeInTheOrderOfTime) {
  edit("rules/guidelines.json", "\"below_days\": 84", "\"below_days\": 28");
  expect_fault("phases[1].below_days: phases come in the order of time");
}

TEST_F(SiteContent, AnElementThatHoldsHasSomethingThatHolds) {
  edit("rules/packet.json", R"("question": "pk.allergy",)",
       R"("question": "pk.allergy", "holds": true,)");
  expect_fault("holds: nothing holds for it: name a required question or a needed history");
}

TEST_F(SiteContent, AnElementIsFoundWhereSomebodyLooks) {
  edit("rules/packet.json", R"("found_in": ["imaging"])", R"("found_in": ["images"])");
  expect_fault("found_in: 'images' is no place where an element is found");
}

TEST_F(SiteContent, NamesAKindOfHistoryThatNobodyGathers) {
  edit("rules/book.json", "\"medications\"", "\"medicines\"");
  expect_fault("value rules/book.json: needed_history: 'medicines' is no kind of history");
}

TEST_F(SiteContent, NamesAMapTargetThatItsCodeSystemDoesNotHave) {
  edit("conceptmaps/ConceptMap-pain-type.json", "\"code\": \"sciatica\"", "\"code\": \"siatica\"");
  expect_fault(
      "code-invalid conceptmaps/ConceptMap-pain-type.json: group[0].element[1].target[0].code: "
      "'siatica'");
}

TEST_F(SiteContent, NamesACodeThatStandsTwice) {
  edit("valuesets/ValueSet-type-sciatica.json", "\"M54.31\"", "\"M54.30\"");
  expect_fault(
      "duplicate valuesets/ValueSet-type-sciatica.json: compose.include[0].concept[1].code: code "
      "stands twice");
}

TEST_F(SiteContent, NamesACodeThatTwoFilesOfAMapTranslateDifferently) {
  edit("cpt/conceptmaps/ConceptMap-procedure-category-cpt.json", "http://www.ama-assn.org/go/cpt",
       "http://snomed.info/sct");
  edit("cpt/conceptmaps/ConceptMap-procedure-category-cpt.json", "\"63030\"", "\"44868003\"");
  expect_fault("element[39].code: another row gives the code another target");
}

TEST_F(SiteContent, NamesEachFaultOnce) {
  edit("valuesets/ValueSet-type-sciatica.json", "\"status\": \"active\",", "");
  const auto found = faults();
  const std::string fault = "required valuesets/ValueSet-type-sciatica.json: status: missing";
  const auto at = found.find(fault);
  ASSERT_NE(at, std::string::npos) << found;
  EXPECT_EQ(found.find(fault, at + 1), std::string::npos);
}

TEST_F(SiteContent, NamesAFilterThatItCannotFollow) {
  edit("valuesets/ValueSet-flag-cancer-active.json", "\"is-a\"", "\"regex\"");
  expect_fault(
      "not-supported valuesets/ValueSet-flag-cancer-active.json: compose.include[0].filter[0]");
}

TEST_F(SiteContent, NamesABlockThatIsNone) {
  edit("valuesets/ValueSet-flag-cancer-active.json", "\"value\": \"C00-C96\"",
       "\"value\": \"C96-C00\"");
  expect_fault("filter[0].value: expected a category such as C50");
}

TEST_F(SiteContent, NamesAnExclusionThatItWouldOtherwiseIgnore) {
  edit("valuesets/ValueSet-type-sciatica.json", "\"include\": [",
       "\"exclude\": [], \"include\": [");
  expect_fault("invalid valuesets/ValueSet-type-sciatica.json: compose.exclude: unknown key");
}

TEST_F(SiteContent, NamesALinkIdThatCouldBeOfAnyQuestionnaire) {
  edit("rules/answers.json", "\"answers\": [",
       R"("answers": [{"system": "linkId", "code": "1.2", "question": "rf01.saddle"},)");
  expect_fault("rules/answers.json: answers[0].questionnaire: a linkId means nothing without");
}

TEST_F(SiteContent, NamesAResourceThatDoesNotBelong) {
  write("valuesets/Patient.json", "{\"resourceType\": \"Patient\"}");
  expect_fault("not-supported valuesets/Patient.json: resourceType: expected ValueSet");
}

TEST_F(SiteContent, NamesFilesOutsideTheKnownFolders) {
  write("rulse/red_flags.json", "{}");
  write("rules/redflags.json", "{}");
  const auto found = faults();
  EXPECT_NE(found.find("not-supported rulse/red_flags.json"), std::string::npos);
  EXPECT_NE(found.find("not-supported rules/redflags.json"), std::string::npos);
}

TEST_F(SiteContent, ReportsAllFaultsAtOnce) {
  edit("rules/red_flags.json", "\"CES\"", "\"CS\"");
  edit("rules/coverage.json", "\"duration_at_least\"", "\"long_enough\"");
  edit("field-profiles/clinic-default.json", "\"sensitive.hiv\"", "\"sensitive.hvi\"");
  const auto found = faults();
  for (const char* file : {"rules/red_flags.json", "rules/coverage.json",
                           "field-profiles/clinic-default.json: excluded_value_sets"}) {
    EXPECT_NE(found.find(file), std::string::npos) << file;
  }
}

}  // namespace
}  // namespace meridian::test
