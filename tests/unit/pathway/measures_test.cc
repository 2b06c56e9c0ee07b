// SPDX-License-Identifier: Apache-2.0
#include "pathway/measures.h"

#include <gtest/gtest.h>

#include "unit/pathway/builders.h"

namespace meridian {
namespace {

using test::ChartBuilder;
using test::loinc;

Quantity quantity(const char* value, const char* code) {
  Quantity made;
  made.value = value;
  made.code = code;
  return made;
}

TEST(Measures, ConvertFahrenheit) {
  EXPECT_NEAR(in_unit(quantity("100.4", "[degF]"), "Cel").value(), 38.0, 1e-9);
  EXPECT_NEAR(in_unit(quantity("38.0", "Cel"), "Cel").value(), 38.0, 1e-9);
}

TEST(Measures, ConvertCellCountsOfAllCommonUnits) {
  EXPECT_NEAR(in_unit(quantity("19000", "/uL"), "10*9/L").value(), 19, 1e-9);
  EXPECT_NEAR(in_unit(quantity("19", "10*3/uL"), "10*9/L").value(), 19, 1e-9);
  Quantity by_text = quantity("19", "");
  by_text.unit = "K/uL";
  EXPECT_NEAR(in_unit(by_text, "10*9/L").value(), 19, 1e-9);
}

TEST(Measures, AreNotReadInAUnitNobodyKnowsOrAsABound) {
  EXPECT_FALSE(in_unit(quantity("19", "furlong"), "10*9/L"));
  EXPECT_FALSE(in_unit(quantity("19", ""), "10*9/L"));
  EXPECT_FALSE(in_unit(quantity("many", "10*9/L"), "10*9/L"));
  auto bound = quantity("20", "10*9/L");
  bound.comparator = "<";
  EXPECT_FALSE(in_unit(bound, "10*9/L"));
}

TEST(Measures, AnInrNeedsNoUnit) {
  EXPECT_NEAR(in_unit(quantity("2.5", ""), "{INR}").value(), 2.5, 1e-9);
  EXPECT_NEAR(in_unit(quantity("2.5", "{INR}"), "{INR}").value(), 2.5, 1e-9);
}

std::optional<Measured> platelets(const ChartBuilder& builder) {
  return newest_measure(builder.chart().records.observations, {"measure.platelets"}, "10*9/L", 30,
                        test::terminology(), test::now());
}

TEST(Measures, TheNewestFinalOneInTheWindowCounts) {
  ChartBuilder builder;
  builder.measure(loinc("777-3"), "90", "10*9/L", "2026-11-01");
  builder.measure(loinc("777-3"), "15", "10*9/L", "2026-11-15");
  builder.measure(loinc("777-3"), "5", "10*9/L", "2026-11-16").status = "preliminary";
  builder.measure(loinc("777-3"), "4", "10*9/L", "");
  builder.measure(loinc("777-3"), "3", "10*9/L", "2026-12-24");
  builder.measure(loinc("718-7"), "2", "10*9/L", "2026-11-19");
  const auto newest = platelets(builder);
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->ref, "Observation/2");
  EXPECT_EQ(newest->value, 15);
}

TEST(Measures, AnOldOneIsNoMeasure) {
  ChartBuilder builder;
  builder.measure(loinc("777-3"), "15", "10*9/L", "2026-10-19");
  EXPECT_FALSE(platelets(builder));
}

}  // namespace
}  // namespace meridian
