// SPDX-License-Identifier: Apache-2.0
// Any bytes as the target and the query of a request: what is taken means one thing only.
#include <cstdint>
#include <string_view>

#include "fuzz/property.h"
#include "http/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  meridian::http::parse_target(text);
  if (const auto fields = meridian::http::parse_query(text)) {
    for (const auto& field : *fields) {
      const auto encoded = meridian::http::percent_encode(field.value);
      const auto again = meridian::http::parse_query("a=" + encoded);
      PROPERTY(again && again->size() == 1 && again->front().value == field.value);
    }
  }
  return 0;
}
