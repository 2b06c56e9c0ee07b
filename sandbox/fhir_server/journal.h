// SPDX-License-Identifier: Apache-2.0
// Keeps the records of a sandbox server in a file, so that it can be stopped and started again.
#pragma once

#include <fstream>
#include <string>

#include "fhir_server/records.h"

namespace meridian::sandbox {

/// One JSON line per version, in the order written.
class Journal {
 public:
  Journal() = default;  ///< keeps nothing

  /// Opens or makes the file and restores what it holds into `records`.
  /// Throws std::runtime_error when the file cannot be opened or read.
  Journal(const std::string& file, Records& records);

  void append(const std::vector<VersionPtr>& versions);

 private:
  std::ofstream out_;
};

}  // namespace meridian::sandbox
