// SPDX-License-Identifier: Apache-2.0
// One JSON text through RapidJSON's SAX parser into the handler.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "fhir/read/context.h"

namespace meridian::fhir_read {

/// How the parsing of one text ended.
struct Parsed {
  bool complete = false;   ///< well-formed to the end and within the limits
  bool limit = false;      ///< stopped by a limit, not by bad syntax
  std::size_t offset = 0;  ///< of the byte in the message where it broke off
  Literal reason = "";     ///< why it broke off
};

/// Reads one resource or Bundle. `text` is part of the message and begins `base` bytes into it; it
/// must be valid UTF-8. What was read before a break stays in the context.
Parsed parse_text(std::string_view text, std::size_t base, Context& context);

}  // namespace meridian::fhir_read
