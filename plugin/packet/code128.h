// SPDX-License-Identifier: Apache-2.0
// A number as a bar code that every hand scanner reads: Code 128, set B.
#pragma once

#include <string_view>
#include <vector>

namespace meridian::packet {

/// Widths in modules of bars and spaces in turn, beginning with a bar: start, characters, check
/// digit, stop. Empty when `text` is empty or has a character that is not printable ASCII. The
/// quiet zone of 10 modules on both sides is the printer's. Source: ISO/IEC 15417.
std::vector<int> code128(std::string_view text);

}  // namespace meridian::packet
