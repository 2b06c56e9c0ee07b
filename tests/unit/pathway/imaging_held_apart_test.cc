// SPDX-License-Identifier: Apache-2.0
// The part of the labelled reports that nobody looked at while rules were built: it is only
// counted, by the goals: see tests/golden/imaging/README.md.
// MERIDIAN_IMAGING_SET=FOLDER counts that folder in its place and shows what was read wrongly.
#include <cstdlib>

#include <gtest/gtest.h>

#include "unit/pathway/imaging_labels.h"

namespace meridian::test {
namespace {

TEST(ImagingLabels, PartHeldApartMeetsTheGoals) {
  const char* other = std::getenv("MERIDIAN_IMAGING_SET");
  expect_goals(other ? measure(other, true) : measure("held_apart_14", false));
}

}  // namespace
}  // namespace meridian::test
