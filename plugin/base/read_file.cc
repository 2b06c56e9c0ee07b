// SPDX-License-Identifier: Apache-2.0
#include "base/read_file.h"

#include <fstream>
#include <sstream>

namespace meridian {

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::error_code no_answer;
  if (std::filesystem::is_directory(path, no_answer)) return std::nullopt;  // it opens, then throws
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  if (!in) return std::nullopt;
  if (in.peek() != std::ifstream::traits_type::eof()) bytes << in.rdbuf();
  if (in.bad() || bytes.fail()) return std::nullopt;
  return std::move(bytes).str();
}

}  // namespace meridian
