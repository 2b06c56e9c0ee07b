// SPDX-License-Identifier: Apache-2.0
// What the built-in rules must hold together.
#include <algorithm>
#include <set>

#include "knowledge/content.h"
#include "knowledge/json_file.h"
#include "unit/knowledge/embedded.h"

namespace meridian::test {
namespace {

const RedFlagRule& red_flag(std::string_view id) {
  const auto& rules = embedded().rules.red_flags;
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const RedFlagRule& rule) { return rule.id == id; });
  static const RedFlagRule none;
  EXPECT_NE(found, rules.end()) << id;
  return found == rules.end() ? none : *found;
}

std::string numbered(const char* prefix, int number) {
  return prefix + std::string(number < 10 ? "0" : "") + std::to_string(number);
}

TEST(Rules, AllTwentyRedFlagsAndTwentyContraindicationsAreThere) {
  std::set<std::string> found;
  for (const auto& rule : embedded().rules.red_flags) found.insert(rule.id);
  for (const auto& rule : embedded().rules.contraindications) found.insert(rule.id);
  for (int i = 1; i <= 20; ++i) {
    EXPECT_TRUE(found.contains(numbered("RF", i))) << i;
    EXPECT_TRUE(found.contains(numbered("AC", i))) << i;
  }
  EXPECT_EQ(found.size(), 40U);
}

template <typename Rules>
void expect_sets_exist(const Rules& rules) {
  for (const auto& rule : rules) {
    for (const auto& clause : rule.codes) {
      EXPECT_FALSE(clause.value_sets.empty()) << rule.id;
      for (const auto* names : {&clause.value_sets, &clause.with_value_sets}) {
        for (const auto& name : *names) {
          EXPECT_TRUE(embedded().terminology.has_value_set(name)) << rule.id << ' ' << name;
        }
      }
    }
  }
}

TEST(Rules, EveryValueSetOfARuleExistsAndIsNotEmpty) {
  expect_sets_exist(embedded().rules.red_flags);
  expect_sets_exist(embedded().rules.contraindications);
}

TEST(Rules, EverySourceIsExplained) {
  const auto& book = embedded().rules;
  for (const auto& rule : book.red_flags)
    EXPECT_TRUE(book.sources.contains(rule.source)) << rule.id;
  for (const auto& rule : book.contraindications) {
    EXPECT_TRUE(book.sources.contains(rule.source)) << rule.id;
  }
  for (const auto& [id, source] : book.sources) EXPECT_FALSE(source.title.empty()) << id;
}

TEST(Rules, EveryPainTypeValueSetHasARowInThePainTypeMap) {
  const auto& terminology = embedded().terminology;
  const std::string system = "http://meridian-referral.org/fhir/CodeSystem/value-set";
  std::set<std::string> types;
  for (const char* name :
       {"type.nonspecific_muscular", "type.sciatica", "type.disc_displacement",
        "type.disc_with_radiculopathy", "type.radiculopathy_other", "type.sacroiliac",
        "type.disc_degeneration", "type.degenerative_spondylosis_facet", "type.stenosis",
        "type.spondylolisthesis_spondylolysis", "type.failed_back_post_surgical",
        "type.inflammatory_axspa", "type.deformity", "serious.fracture", "serious.infection_spine",
        "serious.tumour_spine", "serious.cauda_equina", "contra.pregnancy_back_pain"}) {
    EXPECT_TRUE(terminology.has_value_set(name)) << name;
    const auto type = terminology.translate("pain-type", {system, name, {}});
    EXPECT_TRUE(type) << name;
    types.insert(type.value_or(""));
  }
  EXPECT_EQ(types.size(), 17U) << "18 types but undetermined";
  EXPECT_FALSE(terminology.translate("pain-type", {system, "type.chronic_pain_modifier", {}}));
}

TEST(Rules, OneNewCaudaEquinaCodeIsAnEmergency) {
  const auto& rule = red_flag("RF01");
  ASSERT_FALSE(rule.codes.empty());
  const auto& alarm = rule.codes.front();
  EXPECT_EQ(alarm.effect, "emergency");
  EXPECT_EQ(alarm.window_days, 14);
  EXPECT_TRUE(alarm.needs_date);
  EXPECT_EQ(alarm.at_least, 1);
  EXPECT_EQ(rule.acupuncture, "block");
  EXPECT_EQ(rule.answers.size(), 5U);
}

TEST(Rules, EverythingThatRaisesAnAlarmIsBlockedForAcupuncture) {
  for (const auto& rule : embedded().rules.red_flags) {
    const bool emergency = std::any_of(rule.codes.begin(), rule.codes.end(),
                                       [](const auto& c) { return c.effect == "emergency"; });
    if (emergency) {
      EXPECT_EQ(rule.acupuncture, "block") << rule.id;
    }
  }
}

TEST(Rules, TheQuestionsOfCaudaEquinaWeaknessAndFeverExpireAfterADay) {
  int asked = 0;
  for (const auto& question : embedded().rules.screening) {
    if (!question.id.starts_with("rf01.") && !question.id.starts_with("rf02.") &&
        !question.id.starts_with("rf05.")) {
      continue;
    }
    ++asked;
    EXPECT_TRUE(question.required) << question.id;
    EXPECT_EQ(question.max_age_hours, 24) << question.id;
  }
  EXPECT_EQ(asked, 8);
}

TEST(Rules, TheQuestionnairesAskEveryQuestionAndNoOther) {
  std::set<std::string> asked;
  for (const auto& file : embedded_content()) {
    if (!file.path.starts_with("questionnaires/")) continue;
    const std::string key = "\"linkId\": \"";
    for (auto at = file.text.find(key); at != std::string::npos; at = file.text.find(key, at + 1)) {
      const auto begin = at + key.size();
      asked.insert(file.text.substr(begin, file.text.find('"', begin) - begin));
    }
  }
  std::set<std::string> known;
  for (const auto& question : embedded().rules.screening) known.insert(question.id);
  for (const auto& question : embedded().rules.course.questions) known.insert(question.id);
  EXPECT_EQ(asked, known);
}

TEST(Rules, PregnancyIsAskedOnlyOfWomenFrom12To55) {
  const auto& questions = embedded().rules.screening;
  const auto found = std::find_if(questions.begin(), questions.end(), [](const auto& question) {
    return question.id == "ac01.pregnancy";
  });
  ASSERT_NE(found, questions.end());
  EXPECT_EQ(found->gender, "female");
  EXPECT_EQ(found->age_from, 12);
  EXPECT_EQ(found->age_to, 55);
}

TEST(Rules, FeverIsMeasuredInDegreesCelsius) {
  const auto& rule = red_flag("RF05");
  ASSERT_EQ(rule.measures.size(), 1U);
  EXPECT_EQ(rule.measures[0].at_least, 38.0);
  EXPECT_EQ(rule.measures[0].unit, "Cel");
  EXPECT_TRUE(embedded().terminology.contains("measure.temperature", loinc("8310-5")));
}

TEST(Rules, APregnancyEndsWithALaterDelivery) {
  const auto& rules = embedded().rules.contraindications;
  ASSERT_FALSE(rules.empty());
  ASSERT_EQ(rules.front().id, "AC01");
  EXPECT_EQ(rules.front().codes.front().ended_by, std::vector<std::string>{"contra.pregnancy_end"});
  const auto& terminology = embedded().terminology;
  EXPECT_TRUE(terminology.contains("contra.pregnancy_end", icd("Z37.0")));
  EXPECT_TRUE(terminology.contains("contra.pregnancy_end", icd("Z33.2")));
  EXPECT_FALSE(terminology.contains("contra.pregnancy_end", icd("Z33.1")));
  EXPECT_TRUE(terminology.contains("contra.pregnancy", snomed("72892002")));
}

TEST(Rules, APacemakerBarsCurrentAndNotNeedles) {
  const auto& rules = embedded().rules.contraindications;
  const auto found =
      std::find_if(rules.begin(), rules.end(), [](const auto& rule) { return rule.id == "AC08"; });
  ASSERT_NE(found, rules.end());
  EXPECT_EQ(found->manual, "none");
  EXPECT_EQ(found->electro, "absolute");
}

TEST(Rules, AnAnticoagulantIsACaution) {
  int found = 0;
  for (const auto& rule : embedded().rules.contraindications) {
    if (rule.id == "AC02" && rule.label == "Anticoagulant") {
      EXPECT_EQ(rule.manual, "caution");
      ++found;
    }
  }
  EXPECT_EQ(found, 1);
}

TEST(Rules, TheMedicareProgrammeHasItsFiveClauses) {
  const auto& programs = embedded().rules.coverage;
  ASSERT_FALSE(programs.empty());
  EXPECT_EQ(programs.front().id, "CMS_NCD_30_3_3");
  std::set<std::string> clauses;
  for (const auto& clause : programs.front().clauses) clauses.insert(clause.id);
  EXPECT_EQ(clauses, (std::set<std::string>{"C1", "C2", "C3", "C4", "C5"}));
}

TEST(Rules, TheClinicProfileDeniesByDefault) {
  const auto& profiles = embedded().field_profiles;
  ASSERT_TRUE(profiles.contains("clinic-default"));
  const auto& profile = profiles.at("clinic-default");
  EXPECT_FALSE(profile.allowed.contains("DocumentReference"));
  EXPECT_FALSE(profile.allowed.contains("Encounter"));
  for (const auto& [type, elements] : profile.allowed) {
    for (const char* free_text : {"note", "text", "presentedForm", "extension", "contained"}) {
      // But for what the surgeon asks the clinic.
      const bool question = type == "ServiceRequest" && std::string_view(free_text) == "note";
      EXPECT_EQ(std::count(elements.begin(), elements.end(), free_text), question ? 1 : 0) << type;
    }
  }
  for (const char* label : {"R", "V", "HIV", "SUD", "PSY", "42CFRPart2"}) {
    const auto& labels = profile.excluded_labels;
    EXPECT_NE(std::find(labels.begin(), labels.end(), label), labels.end()) << label;
  }
}

TEST(Rules, TheQuestionnaireAsksEveryQuestionAndNoOther) {
  Issues issues;
  for (const auto& file : embedded_content()) {
    if (file.path != "questionnaires/Questionnaire-meridian-screening.json") continue;
    const auto json = JsonFile::parse(file.path, file.text, issues);
    ASSERT_TRUE(json);
    std::set<std::string> asked;
    json->read(issues, [&](const JsonNode& root) {
      EXPECT_EQ(root.text("url"), screening_questionnaire);
      root.each("item", [&](const JsonNode& item) {
        EXPECT_TRUE(asked.insert(std::string(item.text("linkId"))).second);
        EXPECT_EQ(item.text("type"), "boolean") << item.text("linkId");
        EXPECT_FALSE(item.text("text").empty());
      });
    });
    std::set<std::string> wanted;
    for (const auto& question : embedded().rules.screening) wanted.insert(question.id);
    EXPECT_EQ(asked, wanted);
    return;
  }
  FAIL() << "there is no questionnaire";
}

}  // namespace
}  // namespace meridian::test
