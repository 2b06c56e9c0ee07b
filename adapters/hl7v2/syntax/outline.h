// SPDX-License-Identifier: Apache-2.0
// A message as a tree for people.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "hl7v2/syntax/message.h"

namespace meridian::hl7v2 {

/// What people call "PID" or "PID-3"; empty when it has no name.
using NameOf = std::function<std::string_view(std::string_view path)>;

/// One segment, by its index in the message: a line with its name, below it a line for each field
/// that says something, below that its repetitions, components and subcomponents, each with its
/// path as issues have it. Values are without escapes; `""` is shown as that. Further lines of a
/// value begin with "| "; what would move a terminal is shown as \xHH; of a long value the first
/// 4000 bytes. Holds patient data. Pure.
std::string outline(const Message& message, std::size_t segment, const NameOf& name_of);

/// All segments of a message.
std::string outline(const Message& message, const NameOf& name_of);

/// A segment around messages: FHS, BHS, BTS or FTS; the last two go by the delimiters of the header
/// before them.
std::string outline(std::string_view envelope_segment, const Delimiters& delimiters,
                    const NameOf& name_of);

}  // namespace meridian::hl7v2
