// SPDX-License-Identifier: Apache-2.0
// Marks that turn the direction of text around.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meridian {

/// Bytes of the mark that begins at `i`: an embedding, override or isolate, or the end of one
/// (U+202A to U+202E, U+2066 to U+2069, in UTF-8). 0: none begins there.
/// Source: Unicode Standard Annex #9, 2.1 to 2.5
std::size_t direction_mark_at(std::string_view text, std::size_t i);

/// Without such marks, all else as it is: letters that are written from the right still are, for
/// that is in the letters. One mark in a name would turn around what stands beside it.
std::string without_direction_marks(std::string_view text);

}  // namespace meridian
