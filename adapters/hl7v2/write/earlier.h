// SPDX-License-Identifier: Apache-2.0
// The message that a letter follows, as far as it is written again: numbers, people, the patient.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hl7v2/syntax/charset.h"
#include "hl7v2/syntax/message.h"
#include "hl7v2/write/message_out.h"

namespace meridian::hl7v2 {

/// Reads Letter::earlier. Whatever is no HL7 v2 is no message: nothing is copied from it.
class Earlier {
 public:
  /// `bytes` is borrowed.
  Earlier(const Writing& writing, std::string_view bytes);

  bool empty() const { return !message_; }
  /// "REF", "ORM", "OMG"; empty without a message.
  std::string type() const;
  /// A field as we write it, escaped with our delimiters; "" when there is none.
  std::string field(std::string_view segment, std::size_t number) const;
  /// The first segment of the name with the fields from 1 to `last`; nothing when there is none.
  std::optional<Row> row(std::string_view segment, std::size_t last) const;
  /// All segments of the name.
  std::vector<Row> rows(std::string_view segment, std::size_t last) const;

 private:
  std::string again(const Part& field) const;
  Row copy(const Segment& segment, std::size_t last) const;

  const Writing& writing_;
  Decoded decoded_;
  std::optional<Message> message_;
};

}  // namespace meridian::hl7v2
