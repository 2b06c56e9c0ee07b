// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/merge.h"

#include <algorithm>
#include <vector>

#include "fhir/exchange/json_edit.h"

namespace meridian::fhir {
namespace {

/// What tells an element of a list from others: a note's text, an identifier's system and value.
std::string mark_of(const JsonIndex& index, const JsonNode& element) {
  return index.string(element, "text") + index.string(element, "system") + "|" +
         index.string(element, "value");
}

}  // namespace

std::string joined(const JsonIndex& first_index, const JsonNode& first,
                   const JsonIndex& second_index, const JsonNode& second) {
  std::vector<std::string> marks;
  std::string list;
  const auto add = [&](const JsonIndex& index, const JsonNode& element) {
    const auto mark = mark_of(index, element);
    if (std::find(marks.begin(), marks.end(), mark) != marks.end()) return;
    marks.push_back(mark);
    list += (list.empty() ? "" : ",") + std::string(index.raw(element));
  };
  for (const auto& element : first_index.children(first)) add(first_index, element);
  for (const auto& element : second_index.children(second)) add(second_index, element);
  return "[" + list + "]";
}

Result<std::string> merged(std::string_view resource, std::string_view changes) {
  const auto index = JsonIndex::parse(changes);
  if (!index) return index.error();
  const auto current = JsonIndex::parse(resource);
  if (!current) return current.error();
  JsonEdit edit;
  for (const auto& member : index->children(index->root())) {
    if (member.key == "resourceType") continue;
    const auto* notes = member.key == "note" ? current->find(&current->root(), "note") : nullptr;
    edit.set.emplace_back(std::string(member.key), notes != nullptr
                                                       ? joined(*current, *notes, *index, member)
                                                       : std::string(index->raw(member)));
  }
  auto edited = edit_resource(resource, edit);
  if (!edited) return edited.error();
  return std::move(edited->bytes);
}

}  // namespace meridian::fhir
