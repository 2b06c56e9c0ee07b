// SPDX-License-Identifier: Apache-2.0
// What happens to a resource when it has been read: its ref, and what it contains.
#include "fhir/read/resources.h"

#include <utility>

#include "base/hash.h"
#include "fhir/read/records.h"

namespace meridian::fhir_read {
namespace {

/// The id in "urn:uuid:<id>" or ".../<type>/<id>"; empty when the URL says none for that type.
std::string_view id_in_url(std::string_view url, std::string_view type) {
  for (const std::string_view scheme : {"urn:uuid:", "urn:oid:"}) {
    if (url.starts_with(scheme)) return url.substr(scheme.size());
  }
  const auto slash = url.rfind('/');
  if (slash == std::string_view::npos) return {};
  const auto before = url.substr(0, slash);
  if (!before.ends_with(type)) return {};
  return url.substr(slash + 1);
}

/// An id for a resource that has none: the same bytes give the same one, and no server could have
/// given it, because '~' is no character of a FHIR id.
std::string made_up_id(std::string_view bytes) {
  return "~" + hex(sha256(bytes)).substr(0, 16);
}

/// Contained records are "<ref of the container>#<id>", and follow it in the lists.
void move_contained(Context& context, const std::string& container) {
  const auto adopt = [&](Record& record) {
    record.ref.insert(0, container);
    auto& in = record.contained_in.emplace_back();
    in.written = container;
    in.target = container;
  };
  for_each_record(context.contained, adopt);
  for (auto& drug : context.contained_drugs) {
    adopt(drug);
    context.drugs.push_back(std::move(drug));
  }
  context.contained_drugs.clear();
  append_records(context.out, context.contained);
}

}  // namespace

void finish_pending(Context& context, std::string&& full_url) {
  const Pending pending = std::exchange(context.pending, Pending{});
  auto& span = context.out.resources[pending.span];
  span.full_url = std::move(full_url);
  if (span.id.empty()) span.id = id_in_url(span.full_url, span.type);
  if (span.id.empty() && pending.record != nullptr) {
    span.id = made_up_id(context.message.substr(span.offset, span.size));
    context.notes.add(Severity::warning, "required", pending.record->provenance.path,
                      "no id, and no fullUrl that gives one; called " + quoted(span.id) + " here");
  }
  const bool has_contained = std::exchange(context.has_contained, false);
  if (pending.record == nullptr && !has_contained) return;
  std::string ref;
  ref.reserve(span.type.size() + 1 + span.id.size());
  ref.append(span.type).append(1, '/').append(span.id);
  if (!has_contained) {
    pending.record->ref = std::move(ref);
    return;
  }
  if (pending.record != nullptr) pending.record->ref = ref;
  move_contained(context, ref);  // the record may move
}

}  // namespace meridian::fhir_read
