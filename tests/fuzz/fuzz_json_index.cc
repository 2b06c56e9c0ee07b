// SPDX-License-Identifier: Apache-2.0
// Any bytes through the index that forwarded resources are cut by: spans nest, and a copy of the
// root is the text.
#include <cstdint>
#include <string_view>

#include "fhir/exchange/json_index.h"
#include "fuzz/property.h"

namespace {

using namespace meridian::fhir;

void check_node(const JsonIndex& index, const JsonNode& node) {
  PROPERTY(node.begin < node.end && node.end <= index.text().size());
  std::uint32_t at = node.begin;
  for (const auto& child : index.children(node)) {
    PROPERTY(child.key_begin > at && child.begin >= child.key_begin && child.end < node.end);
    at = child.end - 1;
    check_node(index, child);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto index = JsonIndex::parse(text);
  if (!index) return 0;
  check_node(*index, index->root());
  const auto again = JsonIndex::parse(index->raw(index->root()));
  PROPERTY(again.has_value());
  PROPERTY(again->raw(again->root()) == index->raw(index->root()));
  if (const auto entries = bundle_entries(text)) {
    for (const auto& entry : *entries) {
      PROPERTY(entry.resource.data() >= text.data() &&
               entry.resource.data() + entry.resource.size() <= text.data() + text.size());
    }
  }
  references_in(*index, index->root());
  return 0;
}
