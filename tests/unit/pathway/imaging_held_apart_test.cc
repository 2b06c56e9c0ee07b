// SPDX-License-Identifier: Apache-2.0
// The part of the labelled reports that nobody looked at while rules were built: it is only
// counted. It fails until all goals are met: see tests/golden/imaging/README.md.
// MERIDIAN_IMAGING_SET=FOLDER counts that folder in its place and shows what was read wrongly.
#include <cstdlib>

#include <gtest/gtest.h>

#include "unit/pathway/imaging_labels.h"

namespace meridian::test {
namespace {

TEST(ImagingLabels, PartHeldApartIsReadAsLabelled) {
  const char* other = std::getenv("MERIDIAN_IMAGING_SET");
  expect_read_as_labelled(other ? measure(other, true) : measure("held_apart_15", false));
}

}  // namespace
}  // namespace meridian::test
