// SPDX-License-Identifier: Apache-2.0
// What the built-in value sets and maps must say.
#include "knowledge/content.h"

#include <algorithm>

#include "places.h"
#include "unit/knowledge/embedded.h"

namespace meridian::test {
namespace {

TEST(Content, IsBuiltInWithoutAnyIssue) {
  EXPECT_GT(embedded().terminology.size(), 2000U);
  EXPECT_FALSE(embedded().rules.version.empty());
}

TEST(Content, BuiltInFilesAreThoseOfTheFolder) {
  Issues issues;
  const auto built_in = embedded_content();
  const auto on_disk =
      directory_content(std::string(test::source_folder) + "/fhir-profiles", issues);
  EXPECT_TRUE(issues.empty());
  ASSERT_EQ(built_in.size(), on_disk.size());
  for (std::size_t i = 0; i < on_disk.size(); ++i) {
    EXPECT_EQ(built_in[i].path, on_disk[i].path);
    EXPECT_TRUE(built_in[i].text == on_disk[i].text) << on_disk[i].path;
  }
}

TEST(Content, ALowBackPainCodeIsFoundWithAndWithoutItsDotAndInItsRetiredForm) {
  const auto& terminology = embedded().terminology;
  for (const char* code : {"M54.50", "M5450", "m54.59", "M54.5", "M545"}) {
    EXPECT_TRUE(terminology.contains("type.nonspecific_muscular", icd(code))) << code;
  }
  EXPECT_TRUE(terminology.contains("type.nonspecific_muscular", snomed("278860009")));
  EXPECT_FALSE(terminology.contains("type.nonspecific_muscular", icd("M54.2")));
}

TEST(Content, ADeviceInTheHandIsNoBackSurgery) {
  const auto& terminology = embedded().terminology;
  EXPECT_TRUE(terminology.contains("type.failed_back_post_surgical", icd("T84.216A")));
  for (const char* code : {"T84.210A", "T84.213D", "T84.228S", "T84.298A"}) {
    EXPECT_TRUE(terminology.value_sets(icd(code)).empty()) << code;
  }
}

TEST(Content, AFamilyHoldsEveryCodeUnderItAndTheListedOnesToo) {
  const auto& terminology = embedded().terminology;
  for (const char* code : {"C50.911", "C00.0", "C7A.00", "C96.9"}) {
    EXPECT_TRUE(terminology.contains("flag.cancer_active", icd(code))) << code;
  }
  EXPECT_TRUE(terminology.contains("flag.cancer_active", icd("C79.51")));
  EXPECT_TRUE(terminology.contains("serious.tumour_spine", icd("C79.51")));
  for (const char* code : {"C97", "D16.6", "Z85.3", "B99"}) {
    EXPECT_FALSE(terminology.contains("flag.cancer_active", icd(code))) << code;
  }
}

TEST(Content, CptNumbersJoinTheValueSetsOfTheirKind) {
  const auto& terminology = embedded().terminology;
  EXPECT_TRUE(terminology.contains("procedure.spine_surgery", cpt("63030")));
  EXPECT_TRUE(terminology.contains("procedure.spine_surgery", snomed("239542002")));
  EXPECT_TRUE(terminology.contains("procedure.electroacupuncture", cpt("97813")));
  EXPECT_FALSE(terminology.contains("procedure.electroacupuncture", cpt("97810")));
}

TEST(Content, EveryProcedureHasACategory) {
  const auto& terminology = embedded().terminology;
  const auto category = [&](const Coding& coding) {
    return terminology.translate("procedure-category", coding).value_or("none");
  };
  EXPECT_EQ(category(cpt("63030")), "spine_surgery");
  EXPECT_EQ(category(cpt("64483")), "spine_injection");
  EXPECT_EQ(category(cpt("97811")), "acupuncture");
  EXPECT_EQ(category(cpt("20561")), "dry_needling");
  EXPECT_EQ(category(cpt("98941")), "manual_therapy");
  EXPECT_EQ(category(cpt("97110")), "physical_therapy");
  EXPECT_EQ(category(cpt("72148")), "spine_imaging");
  EXPECT_EQ(category(snomed("229064008")), "physical_therapy");
  EXPECT_EQ(category(words("Epidural injection of steroid")), "spine_injection");
}

TEST(Content, AnUltrasoundOfAJointOrAnMriOfThePelvisIsNoSpineImage) {
  const auto& terminology = embedded().terminology;
  for (const char* code : {"76881", "76882", "72195", "72197", "77080"}) {
    EXPECT_EQ(terminology.translate("procedure-category", cpt(code)), "other_spine") << code;
    EXPECT_FALSE(terminology.translate("imaging-region", cpt(code))) << code;
  }
}

TEST(Content, ImagesHaveModalityAndRegion) {
  const auto& terminology = embedded().terminology;
  EXPECT_EQ(terminology.translate("imaging-modality", loinc("24968-0")), "MR");
  EXPECT_EQ(terminology.translate("imaging-region", loinc("24968-0")), "lumbar");
  EXPECT_EQ(terminology.translate("imaging-region", loinc("37340-7")), "lumbar");
  EXPECT_EQ(terminology.translate("imaging-region", loinc("87922-1")), "multiple");
  EXPECT_EQ(terminology.translate("imaging-modality", cpt("72100")), "XR");
  EXPECT_EQ(terminology.translate("imaging-modality", words("MRI Lumbar Spine")), "MR");
  const Coding digital{"http://dicom.nema.org/resources/ontology/DCM", "DX", {}};
  EXPECT_EQ(terminology.translate("dicom-modality", digital), "XR");
}

TEST(Content, SitesHaveRegionAndLevel) {
  const auto& terminology = embedded().terminology;
  EXPECT_EQ(terminology.translate("body-site-level", snomed("84020006")), "L4-L5");
  EXPECT_EQ(terminology.translate("body-site-level", snomed("715056000")), "L5-S1");
  EXPECT_EQ(terminology.translate("body-site-level", snomed("39723000")), "SI");
  EXPECT_EQ(terminology.translate("body-region", snomed("715056000")), "lumbar");
  EXPECT_EQ(terminology.translate("body-region", icd("M54.16")), "lumbar");
  EXPECT_EQ(terminology.translate("body-region", icd("M53.3")), "sacral");
  EXPECT_FALSE(terminology.translate("body-region", snomed("818982008")));
}

TEST(Content, MedicationsAreFoundByIngredientAndByWord) {
  const auto& terminology = embedded().terminology;
  const Coding apixaban{"http://www.nlm.nih.gov/research/umls/rxnorm", "1364430", {}};
  EXPECT_EQ(terminology.translate("medication-class", apixaban), "anticoagulant_oral");
  const Coding brand{"http://meridian-referral.org/fhir/CodeSystem/medication-name", "eliquis", {}};
  EXPECT_EQ(terminology.translate("medication-name", brand), "anticoagulant_oral");
}

TEST(Content, ReferralsSayTheirService) {
  const auto& terminology = embedded().terminology;
  EXPECT_EQ(terminology.translate("referral-service", snomed("183608005")), "acupuncture");
  EXPECT_EQ(terminology.translate("referral-service", snomed("44868003")), "acupuncture");
  EXPECT_EQ(terminology.translate("referral-service", snomed("770695002")), "spine_surgery");
  EXPECT_EQ(terminology.translate("referral-service", snomed("306290009")), "other");
}

TEST(Content, ScoresOfAnotherScaleAreAnotherInstrument) {
  const auto& terminology = embedded().terminology;
  EXPECT_EQ(terminology.translate("outcome-instrument", loinc("91148-7")), "PEG");
  EXPECT_EQ(terminology.translate("outcome-instrument", loinc("71959-1")), "PROMIS_PF");
  EXPECT_EQ(terminology.translate("outcome-instrument", loinc("71960-9")), "PROMIS_PF_RAW");
}

}  // namespace
}  // namespace meridian::test
