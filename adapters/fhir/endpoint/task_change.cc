// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/task_change.h"

#include <algorithm>
#include <array>

#include "fhir/endpoint/json_patch.h"

namespace meridian::fhir {
namespace {

using Kind = JsonNode::Kind;

/// Members that are the server's on the way in.
constexpr std::array servers = {std::string_view("id"), std::string_view("meta"),
                                std::string_view("text"), std::string_view("implicitRules"),
                                std::string_view("language")};

bool is_servers(std::string_view member) {
  return std::find(servers.begin(), servers.end(), member) != servers.end();
}

Refusal unreadable() {
  return {400, "structure", "the body is no JSON object of FHIR"};
}

AskedChange no(Refusal refusal) {
  return {{}, std::move(refusal)};
}

Refusal not_the_clinics(std::string_view member) {
  return {422, "business-rule",
          "Task." + std::string(member) +
              " is not the clinic's to change; it may change status, statusReason, businessStatus, "
              "executionPeriod, note and output"};
}

/// What the value of a member must be; literal: not looked at.
Kind kind_of(std::string_view member) {
  if (member == "status" || member == "lastModified") return Kind::string;
  return member == "note" || member == "output" ? Kind::array : Kind::object;
}

/// Elements of output and note, as far as others read them.
bool is_well_formed(const JsonIndex& index, std::string_view member, const JsonNode& element) {
  if (element.kind != Kind::object) return false;
  if (member == "note") return !index.string(element, "text").empty();
  bool value = false;
  for (const auto& child : index.children(element)) value = value || child.key.starts_with("value");
  const auto* type = index.find(&element, "type");
  return value && type != nullptr && type->kind == Kind::object;
}

std::optional<Refusal> check_member(const std::string& member, const std::string& raw) {
  const auto index = JsonIndex::parse(raw);
  const Refusal wrong{422, "structure", "Task." + member + " is not what FHIR R4 has there"};
  if (!index || index->root().kind != kind_of(member)) return wrong;
  if (index->root().kind != Kind::array) return std::nullopt;
  bool any = false;
  for (const auto& element : index->children(index->root())) {
    if (!is_well_formed(*index, member, element)) return wrong;
    any = true;
  }
  return any ? std::nullopt : std::optional(wrong);  // FHIR has no empty lists
}

std::string words_of(const std::vector<std::string>& list) {
  std::string words;
  for (const auto& one : list) words += (words.empty() ? "" : ", ") + one;
  return words;
}

}  // namespace

bool is_same_json(const JsonIndex& a_index, const JsonNode& a, const JsonIndex& b_index,
                  const JsonNode& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::string) return a_index.string(&a) == b_index.string(&b);
  if (a.kind == Kind::number || a.kind == Kind::literal) return a_index.raw(a) == b_index.raw(b);
  const auto theirs = b_index.children(b);
  if (a.kind == Kind::array) {
    auto at = theirs.begin();
    for (const auto& element : a_index.children(a)) {
      if (!(at != theirs.end()) || !is_same_json(a_index, element, b_index, *at)) return false;
      ++at;
    }
    return !(at != theirs.end());
  }
  std::size_t members = 0;
  for (const auto& member : a_index.children(a)) {
    const auto* other = b_index.find(&b, member.key);
    if (other == nullptr || !is_same_json(a_index, member, b_index, *other)) return false;
    ++members;
  }
  for (const auto& member : theirs) members -= member.key.empty() ? 0 : 1;
  return members == 0;
}

AskedChange change_by_put(std::string_view current, std::string_view wanted) {
  const auto now = JsonIndex::parse(current);
  const auto then = JsonIndex::parse(wanted, JsonIndex::Names::once);
  if (!now || !then || then->root().kind != Kind::object) return no(unreadable());
  AskedChange asked;
  for (const auto& member : then->children(then->root())) {
    const auto* before = now->find(&now->root(), member.key);
    if (is_servers(member.key)) continue;
    if (before != nullptr && is_same_json(*now, *before, *then, member)) continue;
    if (!is_for_clinic(member.key)) return no(not_the_clinics(member.key));
    asked.change[std::string(member.key)] = std::string(then->raw(member));
  }
  for (const auto& member : now->children(now->root())) {
    if (is_servers(member.key) || then->find(&then->root(), member.key) != nullptr) continue;
    if (!is_for_clinic(member.key)) return no(not_the_clinics(member.key));
    asked.change[std::string(member.key)] = std::nullopt;
  }
  return asked;
}

AskedChange change_by_patch(std::string_view current, std::string_view patch) {
  auto patched = apply_patch(current, patch);
  if (patched.failure == PatchFailure::malformed) {
    return no({400, "structure",
               "the patch is no list of operations with op, path and value; op is add, replace, "
               "remove or test"});
  }
  if (patched.failure == PatchFailure::refused) {
    return no({422, "invalid", "a path of the patch is not there, or a test did not hold"});
  }
  for (const auto& [member, value] : patched.members) {
    if (!is_for_clinic(member)) return no(not_the_clinics(member));
  }
  return {std::move(patched.members), std::nullopt};
}

std::optional<Refusal> check_change(std::string_view current, const TaskChange& change,
                                    const std::vector<std::string>& next) {
  const auto now = JsonIndex::parse(current);
  if (!now) return unreadable();
  if (next.empty()) {
    return Refusal{409, "business-rule",
                   "this referral is over for this clinic; nothing can be changed any more"};
  }
  for (const auto& [member, raw] : change) {
    if (!raw) {
      if (member == "status") return Refusal{422, "required", "Task.status must be there"};
      continue;
    }
    if (auto refusal = check_member(member, *raw)) return refusal;
  }
  const auto found = change.find("status");
  if (found == change.end()) return std::nullopt;
  const auto index = JsonIndex::parse(*found->second);
  const auto status = index->string(&index->root());
  const bool same = status == now->string(now->root(), "status");
  if (same || std::find(next.begin(), next.end(), status) != next.end()) return std::nullopt;
  return Refusal{409, "business-rule",
                 "Task.status may be one of: " + words_of(next) + "; it is " +
                     now->string(now->root(), "status")};
}

}  // namespace meridian::fhir
