// SPDX-License-Identifier: Apache-2.0
// The assessment in words, line by line, as far as the receiver may know it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "port/ports.h"

namespace meridian::fhir {

/// One statement. `part` is a code of codes::part.
struct PacketLine {
  std::string part;
  std::string text;
};

/// Flags, cautions, what is missing, coverage, annotations, pain types, until when it holds, what
/// was withheld; each with rule and source. A statement that rests on a record which `withheld`
/// names is told without its rule and words, for these would say what the record is.
std::vector<PacketLine> packet_lines(const Letter& letter,
                                     const std::function<bool(const std::string& ref)>& withheld);

/// The lines as a page of plain text, with the order, for people.
std::string packet_page(const Letter& letter, const ServiceRequest& order,
                        const std::vector<PacketLine>& lines);

}  // namespace meridian::fhir
