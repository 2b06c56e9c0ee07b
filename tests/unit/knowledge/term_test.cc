// SPDX-License-Identifier: Apache-2.0
// Wrong codes often have right words.
#include "unit/knowledge/embedded.h"

namespace meridian::test {
namespace {

TEST(Term, IgnoresCasePunctuationTheTagInBracketsAndTheWordOf) {
  EXPECT_EQ(normalized_term("Spondylolisthesis, grade 2 (disorder)"), "spondylolisthesis grade 2");
  EXPECT_EQ(normalized_term("MRI of  Lumbar-Spine"), "mri lumbar spine");
  EXPECT_EQ(normalized_term("(finding)"), "");
  EXPECT_EQ(normalized_term("no bracket)"), "no bracket");
}

TEST(Term, FindsTheValueSetOfAConceptByItsWords) {
  const auto& terminology = embedded().terminology;
  EXPECT_TRUE(terminology.contains("type.spondylolisthesis_spondylolysis",
                                   words("Spondylolisthesis grade 2")));
  EXPECT_TRUE(terminology.contains("type.radiculopathy_other", words("lumbar radiculopathy")));
  EXPECT_TRUE(terminology.contains("procedure.imaging", words("MRI Lumbar Spine")));
}

TEST(Term, OurOwnWordsForCptAndTaxonomyAreNoTerms) {
  const auto& terminology = embedded().terminology;
  EXPECT_TRUE(terminology.value_sets(words("further level (add-on)")).empty());
  EXPECT_TRUE(terminology.value_sets(words("neurology")).empty());
}

TEST(Term, AFamilyDoesNotMatchAnotherSystem) {
  const auto& terminology = embedded().terminology;
  EXPECT_TRUE(terminology.value_sets({"http://example.org/local", "C50.911", {}}).empty());
  EXPECT_TRUE(terminology.value_sets(icd("")).empty());
  EXPECT_TRUE(terminology.value_sets(icd("C")).empty());
}

}  // namespace
}  // namespace meridian::test
