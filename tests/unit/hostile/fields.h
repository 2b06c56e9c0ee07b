// SPDX-License-Identifier: Apache-2.0
// Every place of a message where a text stands, found and not listed.
#pragma once

#include <string>
#include <vector>

namespace meridian::test {

/// JSON pointers of all strings, in their order.
std::vector<std::string> json_fields(const std::string& json);
/// The text at that pointer; "" when there is none.
std::string json_text(const std::string& json, const std::string& pointer);
/// With another text there.
std::string with_json(const std::string& json, const std::string& pointer,
                      const std::string& value);

/// A field, component or sub-component of an HL7 v2 message of the usual delimiters, but for the
/// delimiters themselves: its place in the text, and its name ("PID-5.1").
struct Hl7Field {
  std::string name;
  std::size_t begin = 0;
  std::size_t size = 0;
};
/// Every one that is not empty.
std::vector<Hl7Field> hl7_fields(const std::string& message);
/// With another text there, escaped as HL7 v2 2.7 has it.
std::string with_hl7(const std::string& message, const Hl7Field& field, const std::string& value);

}  // namespace meridian::test
