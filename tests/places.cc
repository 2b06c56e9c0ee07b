// SPDX-License-Identifier: Apache-2.0
#include "places.h"

#include <cstdlib>

namespace meridian::test {

const char* const source_folder = MERIDIAN_SOURCE_DIR;
const char* const build_folder = MERIDIAN_BINARY_DIR;

std::string data_folder() {
  const char* set = std::getenv("MERIDIAN_TEST_DATA");
  return set != nullptr ? set : MERIDIAN_DEFAULT_TEST_DATA;
}

}  // namespace meridian::test
