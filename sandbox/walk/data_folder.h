// SPDX-License-Identifier: Apache-2.0
// `sandbox/run --data DIR`: what Meridian says of each patient in a folder of FHIR files.
#pragma once

#include <filesystem>

namespace meridian::sandbox {

/// Runs `meridian normalize` and `meridian assess` on every .json, .ndjson and .jsonl below
/// `folder` and prints one line per patient: disposition and reasons. Counts the patients of each
/// file by itself and compares. Returns the exit status: 0 when none was lost and every file read.
int assess_folder(const std::filesystem::path& folder, const std::filesystem::path& programs,
                  const std::filesystem::path& work);

}  // namespace meridian::sandbox
