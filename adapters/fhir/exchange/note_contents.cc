// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/note_contents.h"

#include <algorithm>

#include "fhir/exchange/json_index.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

/// Without parameters, in lower case.
std::string plain_media(std::string type) {
  type.resize(std::min(type.find(';'), type.size()));
  while (type.ends_with(' ')) type.pop_back();
  for (auto& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type;
}

bool takes(const JsonIndex& index, const JsonNode& attachment, const WriteBack& rules) {
  if (rules.one_content && index.string(attachment, "data").empty()) return false;
  if (rules.media.empty()) return true;
  const auto media = plain_media(index.string(attachment, "contentType"));
  return std::find(rules.media.begin(), rules.media.end(), media) != rules.media.end();
}

}  // namespace

NoteContents note_contents(std::string_view attachments, const WriteBack& rules) {
  NoteContents out;
  const auto index = JsonIndex::parse(attachments);
  if (!index) return out;
  std::string all;
  for (const auto& node : index->children(index->root())) {
    if (!takes(*index, node, rules)) {
      const auto title = index->string(node, "title");
      out.left_out.push_back(title.empty() ? index->string(node, "contentType") : title);
    } else if (rules.one_content) {
      out.documents.push_back("[" + std::string(index->raw(node)) + "]");
    } else {
      all += (all.empty() ? "" : ",") + std::string(index->raw(node));
    }
  }
  if (!all.empty()) out.documents.push_back("[" + all + "]");
  return out;
}

std::string with_marked_titles(std::string_view attachments, std::string_view mark) {
  const auto index = JsonIndex::parse(attachments);
  if (!index) return std::string(attachments);
  JsonOut list;
  list.list();
  for (const auto& node : index->children(index->root())) {
    list.object();
    for (const auto& member : index->children(node)) {
      if (member.key != "title") list.raw(member.key, index->raw(member));
    }
    const auto title = index->string(node, "title");
    list.text("title", title.empty() ? std::string(mark) : title + " " + std::string(mark)).end();
  }
  return list.end().str();
}

}  // namespace meridian::fhir
