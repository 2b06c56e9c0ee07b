// SPDX-License-Identifier: Apache-2.0
// What somebody writes into a field who means harm.
#pragma once

#include <string>
#include <vector>

namespace meridian::test {

/// Stands in every attack, and in nothing else: where it is read, the value came through.
inline constexpr const char* mark = "Xq7z";

/// UTF-8, NUL among it: breakers of markup, attributes, templates and comments in one; addresses
/// that are programs; control and direction characters with header lines; a very long one.
const std::vector<std::string>& attacks();

}  // namespace meridian::test
