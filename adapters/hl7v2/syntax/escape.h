// SPDX-License-Identifier: Apache-2.0
// Escape sequences, both ways. Source: HL7 v2.8.2 chapter 2.7
#pragma once

#include <string>
#include <string_view>

#include "hl7v2/syntax/message.h"

namespace meridian::hl7v2 {

/// Text without escapes. \F\ \S\ \T\ \R\ \E\ \P\ become the delimiters, \Xhh..\ its bytes (as
/// UTF-8, else ISO 8859-1), \.br\ \.ce\ and \.sp n\ line ends, \.sk n\ blanks; highlighting,
/// indents, fill modes and charset switches (\H\ \N\ \.in\ \.ti\ \.fi\ \.nf\ \C..\ \M..\) leave
/// nothing. What is no escape sequence stays as it is written. Line ends become LF.
std::string unescape(std::string_view raw, const Delimiters& delimiters);

/// Text as it may stand in a field: delimiters escaped, a line end as \.br\, other control
/// characters as \Xhh\. What the message has no delimiter for is left as it is.
std::string escape(std::string_view text, const Delimiters& delimiters);

}  // namespace meridian::hl7v2
