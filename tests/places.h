// SPDX-License-Identifier: Apache-2.0
// Where tests and benchmarks find their files. One object knows: all others are the same in every
// folder that this tree is built in, so that each has them from the compiler's cache of the others.
#pragma once

#include <string>

namespace meridian::test {

/// The root of the source tree, and the folder of this build; absolute, without a slash at the end.
extern const char* const source_folder;
extern const char* const build_folder;

/// The folder of third-party test data: MERIDIAN_TEST_DATA of the environment, else of the build.
/// It may be absent.
std::string data_folder();

}  // namespace meridian::test
