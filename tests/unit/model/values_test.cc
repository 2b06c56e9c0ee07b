// SPDX-License-Identifier: Apache-2.0
// Decimals as written, names for people, references.
#include "model/values.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

Quantity quantity(std::string value) {
  Quantity made;
  made.value = std::move(value);
  return made;
}

TEST(Quantity, KeepsTheDecimalAsWritten) {
  EXPECT_EQ(quantity("1.50").value, "1.50");
  EXPECT_DOUBLE_EQ(*quantity("1.50").number(), 1.5);
}

TEST(Quantity, GivesTheNumberForComparing) {
  EXPECT_DOUBLE_EQ(*quantity("-0.25").number(), -0.25);
  EXPECT_DOUBLE_EQ(*quantity("3.85e1").number(), 38.5);
  EXPECT_DOUBLE_EQ(*quantity("0").number(), 0);
}

TEST(Quantity, IsNoNumberWhenItIsNotOneInWhole) {
  for (const auto* text : {"", "high", "12 mg", "1,5", "1.5.2", " 1", "1 "}) {
    EXPECT_FALSE(quantity(text).number()) << text;
  }
}

TEST(DisplayName, PrefersTheNameAsWritten) {
  HumanName name;
  name.family = Sensitive<std::string>("Okonkwo");
  name.given = Sensitive<std::vector<std::string>>({"Adaeze", "M."});
  EXPECT_EQ(display_name(name), "Adaeze M. Okonkwo");
  name.text = Sensitive<std::string>("Dr. Adaeze Okonkwo");
  EXPECT_EQ(display_name(name), "Dr. Adaeze Okonkwo");
}

TEST(DisplayName, TakesAFamilyNameAlone) {
  HumanName name;
  name.family = Sensitive<std::string>("Brandt");
  EXPECT_EQ(display_name(name), "Brandt");
}

TEST(Reference, WithOnlyAnIdentifierIsNotEmpty) {
  Reference reference;
  EXPECT_TRUE(reference.empty());
  reference.identifier.value = Sensitive<std::string>("A-17");
  EXPECT_FALSE(reference.empty());
}

TEST(Concept, WithOnlyTextIsNotEmpty) {
  Concept coded;
  EXPECT_TRUE(coded.empty());
  coded.text = "low back pain";
  EXPECT_FALSE(coded.empty());
}

}  // namespace
}  // namespace meridian
