// SPDX-License-Identifier: Apache-2.0
// Any bytes as HL7 v2: split, decoded, parsed and written again.
#include <cstdint>
#include <string>

#include "fuzz/property.h"
#include "hl7v2/syntax/batch.h"
#include "hl7v2/syntax/charset.h"
#include "hl7v2/syntax/draft.h"
#include "hl7v2/syntax/escape.h"

namespace {

using namespace meridian;
using namespace meridian::hl7v2;

void check_fields(const Segment& segment, const Delimiters& delimiters) {
  for (std::size_t f = 1; f <= segment.size(); ++f) {
    const auto field = segment.field(f);
    PROPERTY(field.repetitions() <= field.raw().size() + 1);
    const auto text = field.text();
    PROPERTY(field.is_null() || !text.empty() || field.raw().size() < 200 ||
             field.raw().find(delimiters.escape) != std::string_view::npos);
    field.component(2).subcomponent(3).value();
  }
}

void check(std::string_view bytes) {
  Issues issues;
  const auto message = parse(bytes, issues);
  PROPERTY(message.has_value() || has_errors(issues));
  if (!message) return;
  PROPERTY(Draft(*message).bytes() == bytes);
  for (std::size_t i = 0; i < message->size(); ++i)
    check_fields((*message)[i], message->delimiters());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(bytes);
  const auto batch = split_batch(bytes);
  for (const auto& one : batch.messages) {
    PROPERTY(bytes.substr(one.offset, one.bytes.size()) == one.bytes);
    check(one.bytes);
  }
  Decoded decoded;
  decode(bytes, "windows-1252", decoded);
  check(decoded.text);
  return 0;
}
