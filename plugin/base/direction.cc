// SPDX-License-Identifier: Apache-2.0
#include "base/direction.h"

namespace meridian {

std::size_t direction_mark_at(std::string_view text, std::size_t i) {
  constexpr std::size_t size = 3;
  const auto begin = text.substr(i, size);
  if (begin.size() < size || begin[0] != '\xe2') return 0;
  const bool embeds = begin[1] == '\x80' && begin[2] >= '\xaa' && begin[2] <= '\xae';
  const bool isolates = begin[1] == '\x81' && begin[2] >= '\xa6' && begin[2] <= '\xa9';
  return embeds || isolates ? size : 0;
}

std::string without_direction_marks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto mark = direction_mark_at(text, i);
    if (mark == 0) out.push_back(text[i]);
    i += mark == 0 ? 1 : mark;
  }
  return out;
}

}  // namespace meridian
