// SPDX-License-Identifier: Apache-2.0
// Value sets and maps: how a code is found, and how words are compared.
#include "model/terminology.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

constexpr const char* icd10cm = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr const char* snomed = "http://snomed.info/sct";

Concept with(std::vector<Coding> codings) {
  return Concept{std::move(codings), ""};
}

TEST(Terminology, FindsAnIcd10CodeWithAndWithoutItsDotInAnyCase) {
  Terminology terms;
  terms.add("type.low_back", {icd10cm, "M54.50", ""});
  EXPECT_TRUE(terms.contains("type.low_back", Coding{icd10cm, "M5450", ""}));
  EXPECT_TRUE(terms.contains("type.low_back", Coding{icd10cm, "m54.50", ""}));
  EXPECT_FALSE(terms.contains("type.low_back", Coding{icd10cm, "M54.5", ""}));
}

TEST(Terminology, ACodeOfAnotherSystemIsAnotherCode) {
  Terminology terms;
  terms.add("set", {snomed, "279039007", ""});
  EXPECT_FALSE(terms.contains("set", Coding{icd10cm, "279039007", ""}));
  EXPECT_FALSE(terms.contains("set", Coding{"", "279039007", ""}));
  EXPECT_FALSE(terms.contains("set", Coding{snomed, "279.039007", ""})) << "dots mean something";
}

TEST(Terminology, ACodeMayBeInSeveralSetsAndIsCountedOnce) {
  Terminology terms;
  terms.add("a", {snomed, "1", ""});
  terms.add("b", {snomed, "1", ""});
  terms.add("a", {snomed, "1", ""});
  EXPECT_EQ(terms.value_sets({snomed, "1", ""}), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(terms.value_sets({snomed, "2", ""}).empty());
}

TEST(Terminology, AFamilyHoldsEveryCodeBelowItsCategory) {
  Terminology terms;
  terms.add_family("cancer", "C50");
  EXPECT_TRUE(terms.contains("cancer", Coding{icd10cm, "C50.911", ""}));
  EXPECT_TRUE(terms.contains("cancer", Coding{icd10cm, "c50", ""}));
  EXPECT_FALSE(terms.contains("cancer", Coding{icd10cm, "C51.0", ""}));
  EXPECT_FALSE(terms.contains("cancer", Coding{snomed, "C50", ""}));
}

TEST(Terminology, ACodeListedByItselfStaysInItsFamily) {
  Terminology terms;
  terms.add_family("cancer", "C50");
  terms.add("breast", {icd10cm, "C50.9", ""});
  EXPECT_TRUE(terms.contains("cancer", Coding{icd10cm, "C50.9", ""}));
  EXPECT_TRUE(terms.contains("breast", Coding{icd10cm, "C50.9", ""}));
}

TEST(Terminology, AnyCodingOfAConceptIsEnough) {
  Terminology terms;
  terms.add("set", {snomed, "1", ""});
  const Concept other = with({{"urn:local", "X", ""}});
  const Concept both = with({{"urn:local", "X", ""}, {snomed, "1", ""}});
  EXPECT_FALSE(terms.contains("set", other));
  EXPECT_TRUE(terms.contains("set", both));
  EXPECT_TRUE(terms.contains("set", std::vector<Concept>{other, both}));
  EXPECT_FALSE(terms.contains("set", std::vector<Concept>{}));
}

TEST(Terminology, TheFirstCodingThatAMapKnowsDecides) {
  Terminology terms;
  terms.add_map("category", {snomed, "1", ""}, "acupuncture");
  terms.add_map("category", {snomed, "2", ""}, "spine_surgery");
  terms.add_map("other", {snomed, "3", ""}, "wrong map");
  EXPECT_EQ(
      terms.translate("category", with({{snomed, "3", ""}, {snomed, "2", ""}, {snomed, "1", ""}})),
      "spine_surgery");
  EXPECT_EQ(terms.translate("category", with({{snomed, "3", ""}})), std::nullopt);
  EXPECT_EQ(terms.translate("category", Concept{}), std::nullopt);
}

TEST(Terminology, KnowsWhichSetsItHas) {
  Terminology terms;
  terms.add("a", {snomed, "1", ""});
  terms.add_family("b", "C50");
  EXPECT_TRUE(terms.has_value_set("a"));
  EXPECT_TRUE(terms.has_value_set("b"));
  EXPECT_FALSE(terms.has_value_set("c"));
}

TEST(NormalizedTerm, MakesWordsOfOneMeaningEqual) {
  EXPECT_EQ(normalized_term("Low back pain (finding)"), "low back pain");
  EXPECT_EQ(normalized_term("  Fusion of  lumbar-spine "), "fusion lumbar spine");
  EXPECT_EQ(normalized_term("Rückenschmerz"), "rückenschmerz");
  EXPECT_EQ(normalized_term("(disorder)"), "");
  EXPECT_EQ(normalized_term(""), "");
}

TEST(NormalizedTerm, AClosingBracketWithoutAnOpeningOneIsHarmless) {
  EXPECT_EQ(normalized_term("pain)"), "pain");
}

}  // namespace
}  // namespace meridian
