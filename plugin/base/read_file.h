// SPDX-License-Identifier: Apache-2.0
// A whole file as bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace meridian {

/// Nothing when it cannot be opened or read to its end, or is a folder.
std::optional<std::string> read_file(const std::filesystem::path& path);

}  // namespace meridian
