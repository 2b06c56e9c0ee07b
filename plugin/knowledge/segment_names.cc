// SPDX-License-Identifier: Apache-2.0
#include "knowledge/segment_names.h"

#include "knowledge/content.h"
#include "knowledge/json_file.h"

namespace meridian {
namespace {

constexpr std::string_view names_file = "v2/segments/CodeSystem-v2-segments.json";

void read_names(const JsonNode& node, SegmentNames& names) {
  node.each("concept", [&](const JsonNode& item) {
    names.emplace(item.text("code"), item.text("display"));
    read_names(item, names);  // the fields of a segment
  });
}

}  // namespace

SegmentNames load_segment_names() {
  SegmentNames names;
  Issues built_in_is_good;  // which a test holds
  for (const auto& content : embedded_content()) {
    if (content.path != names_file) continue;
    const auto file = JsonFile::parse(content.path, content.text, built_in_is_good);
    if (!file) continue;
    file->read(built_in_is_good, [&](const JsonNode& root) { read_names(root, names); });
  }
  return names;
}

}  // namespace meridian
