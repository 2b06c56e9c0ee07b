// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/view.h"

#include <algorithm>
#include <array>

#include "fhir/endpoint/query.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/merge.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

constexpr std::size_t referral_size = 26;  // keyed_id()

constexpr std::array clinics_members = {
    std::string_view("status"),         std::string_view("statusReason"),
    std::string_view("businessStatus"), std::string_view("executionPeriod"),
    std::string_view("lastModified"),   std::string_view("note"),
    std::string_view("output")};

constexpr std::array clinics_types = {
    std::string_view("DocumentReference"), std::string_view("Observation"),
    std::string_view("Communication"), std::string_view("Appointment")};

/// An outcome is not undone by a cancel that crossed it (BSeR TID 24).
constexpr std::array over = {std::string_view("completed"), std::string_view("failed"),
                             std::string_view("rejected"), std::string_view("cancelled"),
                             std::string_view("entered-in-error")};

template <typename List>
bool has(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// The members of meta but for those that are the server's.
std::string other_meta(const JsonIndex& index) {
  JsonOut meta;
  meta.object();
  if (const auto* node = index.find(&index.root(), "meta")) {
    for (const auto& member : index.children(*node)) {
      if (member.key == "versionId" || member.key == "lastUpdated") continue;
      meta.raw(member.key, index.raw(member));
    }
  }
  return meta.end().str();
}

std::string status_of(std::string_view resource) {
  const auto index = JsonIndex::parse(resource);
  return index ? index->string(index->root(), "status") : std::string();
}

}  // namespace

bool is_for_clinic(std::string_view task_member) {
  return has(clinics_members, task_member);
}

bool clinic_makes(std::string_view type) {
  return has(clinics_types, type);
}

std::string_view referral_in(std::string_view id) {
  const auto referral = id.substr(0, id.find('-'));
  const bool ours =
      referral.size() == referral_size && std::all_of(referral.begin(), referral.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
      });
  return ours ? referral : std::string_view();
}

std::string part_id(std::string_view referral, std::string_view name) {
  return std::string(referral) + "-" + short_hash(name);
}

std::string Held::json(int version) const {
  const auto number = version == 0 ? this->version() : version;
  const auto& one = versions[static_cast<std::size_t>(number) - 1];
  const auto index = JsonIndex::parse(one.bytes);
  if (!index) return one.bytes;  // it was read when it was put here
  const auto rest = other_meta(*index);
  auto meta = JsonOut()
                  .object()
                  .text("versionId", std::to_string(number))
                  .text("lastUpdated", to_string(one.at))
                  .end()
                  .str();
  if (rest.size() > 2) meta = meta.substr(0, meta.size() - 1) + "," + rest.substr(1);
  JsonEdit edit;
  edit.set = {{"meta", meta}};
  const auto edited = edit_resource(one.bytes, edit);
  return edited ? edited->bytes : one.bytes;
}

Result<View> View::of(const Shelf& shelf) {
  View view(shelf.referral);
  for (const auto& entry : shelf.entries) {
    if (auto applied = view.apply(entry); !applied) return applied.error();
  }
  return view;
}

Result<void> View::apply(const ShelfEntry& entry) {
  return entry.ours ? apply_ours(entry) : apply_clinics(entry);
}

const Held* View::find(std::string_view type, std::string_view id) const {
  for (const auto& held : held_) {
    if (held.type == type && held.id == id) return &held;
  }
  return nullptr;
}

const Held* View::find(std::string_view ref) const {
  const auto slash = ref.find('/');
  if (slash == std::string_view::npos) return nullptr;
  return find(ref.substr(0, slash), ref.substr(slash + 1));
}

/// What a server would do with the requests, one after the other.
Result<void> View::apply_ours(const ShelfEntry& entry) {
  const auto bundle = read_out_bundle(entry.bytes);
  if (!bundle) return bundle.error();
  for (const auto& request : bundle->entries) name(request);
  for (const auto& request : bundle->entries) {
    if (auto done = carry_out(request, entry); !done) return done;
  }
  return {};
}

/// Each resource is named before any is put here, since they refer to each other.
void View::name(const OutEntry& request) {
  if (request.full_url.empty() || names_.count(request.full_url) != 0) return;
  const auto mark = request.url.find('?');
  const auto type = request.url.substr(0, std::min(mark, request.url.find('/')));
  const auto query =
      mark == std::string::npos ? request.if_none_exist : request.url.substr(mark + 1);
  auto ref = found_by(type, query);
  if (ref.empty() && (request.method == "POST" || request.method == "PUT")) {
    const bool itself = query == referral_identifier(referral_).query();
    ref = type + "/" + (itself ? referral_ : part_id(referral_, request.full_url));
  }
  if (!ref.empty()) names_[request.full_url] = std::move(ref);
}

/// "Type/id" of the resource with the identifier of the query; "" when there is none.
std::string View::found_by(std::string_view type, std::string_view query) const {
  const auto wanted = identifier_in(query);
  if (!wanted) return {};
  for (const auto& held : held_) {
    if (held.type == type && has_identifier(held.bytes(), *wanted)) return held.ref();
  }
  return {};
}

Result<void> View::carry_out(const OutEntry& request, const ShelfEntry& entry) {
  if (request.method == "GET") return {};
  const auto mark = request.url.find('?');
  if (request.method == "PATCH") {
    const auto ref = mark == std::string::npos
                         ? request.url
                         : found_by(request.url.substr(0, mark), request.url.substr(mark + 1));
    return find(ref) == nullptr ? Result<void>() : patch(ref, request.resource, entry);
  }
  const auto named = names_.find(request.full_url);
  const auto ref = named == names_.end() ? request.url : named->second;
  const bool there = find(ref) != nullptr;
  if (there && request.method == "POST") return {};
  return put(ref, request.resource, entry);
}

Result<void> View::patch(const std::string& ref, const std::string& changes,
                         const ShelfEntry& entry) {
  const auto& current = find(ref)->bytes();
  const bool ends = !status_of(changes).empty();
  if (ends && has(over, status_of(current))) return {};
  auto bytes = merged(current, changes);
  if (!bytes) return bytes.error();
  return put(ref, *bytes, entry);
}

Result<void> View::apply_clinics(const ShelfEntry& entry) {
  const auto index = JsonIndex::parse(entry.bytes);
  if (!index) return index.error();
  const auto entries = bundle_entries(entry.bytes);
  if (!entries) return entries.error();
  requests_.push_back({entry.id, index->string(index->at(index->root(), {"identifier", "value"}))});
  for (const auto& one : *entries) {
    Result<void> done;
    if (one.type == "Task" && one.id == referral_) {
      done = take_task(one.resource, entry);
    } else if (clinic_makes(one.type)) {
      const auto* held = find(one.type, one.id);
      // What came along was ours.
      if (held == nullptr || held->by_clinic) done = put(one.ref(), one.resource, entry);
    }
    if (!done) return done;
  }
  return {};
}

/// Only what is the clinic's to write, since ours may have changed at the same moment.
Result<void> View::take_task(std::string_view task, const ShelfEntry& entry) {
  const auto* held = this->task();
  if (held == nullptr) return {};
  const auto theirs = JsonIndex::parse(task);
  if (!theirs) return theirs.error();
  const auto current = JsonIndex::parse(held->bytes());
  if (!current) return current.error();
  JsonEdit edit;
  for (const auto member : clinics_members) {
    const auto* now = theirs->find(&theirs->root(), member);
    const auto* before = current->find(&current->root(), member);
    if (now == nullptr) {
      if (before != nullptr && member != "note") edit.drop.emplace_back(member);
    } else {
      const bool both = member == "note" && before != nullptr;
      edit.set.emplace_back(
          member, both ? joined(*current, *before, *theirs, *now) : std::string(theirs->raw(*now)));
    }
  }
  const auto edited = edit_resource(held->bytes(), edit);
  if (!edited) return edited.error();
  // Each message is a version: its key names the next one.
  return put(held->ref(), edited->bytes, entry, true);
}

/// The bytes become the latest version, unless nothing changed; or even then.
Result<void> View::put(const std::string& ref, std::string_view bytes, const ShelfEntry& entry,
                       bool always) {
  const auto index = JsonIndex::parse(bytes);
  if (!index) return index.error();
  const auto slash = ref.find('/');
  JsonEdit edit;
  edit.set = {{"id", json_string(ref.substr(slash + 1))}};
  if (index->find(&index->root(), "meta") != nullptr) {
    const auto meta = other_meta(*index);
    if (meta.size() > 2) {
      edit.set.emplace_back("meta", meta);
    } else {
      edit.drop.emplace_back("meta");
    }
  }
  edit.reference = [this](std::string_view written) -> std::optional<std::string> {
    const auto named = names_.find(written);
    return named == names_.end() ? std::string(written) : named->second;
  };
  auto edited = edit_resource(bytes, edit);
  if (!edited) return edited.error();
  auto held =
      std::find_if(held_.begin(), held_.end(), [&](const Held& one) { return one.ref() == ref; });
  if (held == held_.end()) {
    held = held_.insert(held, {ref.substr(0, slash), ref.substr(slash + 1), {}, !entry.ours, {}});
  } else if (!always && held->bytes() == edited->bytes) {
    return {};
  }
  held->versions.push_back({std::move(edited->bytes), entry.at});
  held->changed_by = entry.id;
  return {};
}

}  // namespace meridian::fhir
