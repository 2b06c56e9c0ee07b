// SPDX-License-Identifier: Apache-2.0
// The files of adapters/dialects/referral as they were when the program was built.
#pragma once

#include <cstddef>
#include <string_view>

namespace meridian::fhir::referral {

struct DialectFile {
  std::string_view id;
  std::string_view json;
};

extern const DialectFile dialect_files[];
extern const std::size_t dialect_file_count;

}  // namespace meridian::fhir::referral
