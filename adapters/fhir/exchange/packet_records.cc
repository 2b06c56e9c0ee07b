// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/packet_records.h"

#include <algorithm>

#include "fhir/exchange/element_policy.h"
#include "fhir/exchange/identifiers.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

bool allows(const FieldProfile& profile, const std::string& type, std::string_view element) {
  const auto found = profile.allowed.find(type);
  if (found == profile.allowed.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(),
                     [&](const std::string& name) { return name == element || name == "*"; });
}

/// The bytes of a span, or nothing when it does not lie in the letter's raw bytes.
std::optional<std::string_view> slice(const Letter& letter, const ResourceSpan& span) {
  const std::string_view raw(letter.raw);
  if (span.offset > raw.size() || span.size > raw.size() - span.offset) return std::nullopt;
  const auto bytes = raw.substr(span.offset, span.size);
  if (bytes.empty() || bytes.front() != '{') return std::nullopt;
  return bytes;
}

bool is_copy_of_ours(std::string_view resource) {
  const auto index = JsonIndex::parse(resource);
  const JsonNode* list = index ? index->find(&index->root(), "identifier") : nullptr;
  if (list == nullptr || list->kind != JsonNode::Kind::array) return false;
  for (const auto& node : index->children(*list)) {
    if (index->string(node, "system").starts_with(identifier_root)) return true;
  }
  return false;
}

/// False for what a receiver with records of its own does not get as a copy: the patient and,
/// while nobody knows which record is the patient's, whatever would be filed there.
bool goes_along(const Letter& letter, const std::string& ref) {
  if (!letter.patient_there) return true;
  const auto type = ref.substr(0, ref.find('/'));
  if (type == "Patient") return false;
  return !letter.patient_there->empty() || ref == letter.source_order ||
         names_people_or_places(type);
}

}  // namespace

const ServiceRequest* order_of(const Letter& letter) {
  const auto& orders = letter.records.service_requests;
  const auto found = std::find_if(orders.begin(), orders.end(), [&](const auto& candidate) {
    return candidate.ref == letter.source_order;
  });
  return found == orders.end() ? nullptr : &*found;
}

Result<PacketRecords> PacketRecords::choose(const Letter& letter, const FieldProfile& profile) {
  PacketRecords records(letter, profile);
  for (const auto& ref : letter.include) {
    if (records.sends(ref) || !goes_along(letter, ref)) continue;
    if (auto taken = records.take(ref); !taken) return taken.error();
  }
  records.name_patient();
  return records;
}

/// A patient that the receiver knows goes by the receiver's reference; and what the order calls its
/// patient means the one that a person said it means.
void PacketRecords::name_patient() {
  const auto* order = order_of(*letter_);
  if (order == nullptr) return;
  const auto& subject = order->subject;
  const auto& there = letter_->patient_there;
  if (there && !there->empty()) {
    names_.insert_or_assign(subject.target, *there);
    const auto* span = span_of(subject.target);
    if (span != nullptr && !span->full_url.empty()) names_.insert_or_assign(span->full_url, *there);
  }
  if (const auto name = urn(subject.target); !name.empty()) names_.emplace(subject.written, name);
}

/// Tries the edit once, so that references to what cannot be sent are known before any is written.
Result<void> PacketRecords::take(const std::string& ref) {
  const ResourceSpan* span = span_of(ref);
  if (span == nullptr) return {};
  const auto bytes = slice(*letter_, *span);
  if (!bytes) return Error{ErrorCode::malformed, "render", "raw bytes are not the records'"};
  // What the sender has from the receiver's side would come back as a second record there.
  if (letter_->patient_there && ref != letter_->source_order && is_copy_of_ours(*bytes)) return {};
  JsonEdit edit;
  edit.profile = profile_;
  const auto tried = edit_resource(*bytes, edit);
  if (!tried || tried->meaning_lost) {
    removed_.push_back(ref);
    return {};
  }
  sent_.push_back(ref);
  const std::string urn = urn_of(letter_->referral_id, ref);
  names_.emplace(ref, urn);
  if (!span->full_url.empty()) names_.emplace(span->full_url, urn);
  return {};
}

std::string PacketRecords::urn(const std::string& ref) const {
  const auto found = names_.find(ref);
  return found == names_.end() ? std::string() : found->second;
}

const ResourceSpan* PacketRecords::span_of(const std::string& ref) const {
  for (const auto& span : letter_->records.resources) {
    if (!span.id.empty() && span.type + "/" + span.id == ref) return &span;
  }
  return nullptr;
}

/// An absolute URL means a resource of the packet only when that came under this very URL.
std::optional<std::string> PacketRecords::renamed(std::string_view written) const {
  const auto history = written.find("/_history/");
  const auto found = names_.find(written.substr(0, history));
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

Result<std::string> PacketRecords::bytes(const std::string& ref, JsonEdit edit) {
  const auto raw = slice(*letter_, *span_of(ref));
  if (!raw) return Error{ErrorCode::malformed, "render", "raw bytes are not the records'"};
  edit.profile = profile_;
  edit.reference = [this](std::string_view written) { return renamed(written); };
  edit.drop.emplace_back("id");
  inline_medication(*raw, edit);
  auto edited = edit_resource(*raw, edit);
  if (!edited) return edited.error();
  for (const auto& path : edited->removed) {
    const auto dot = path.find('.');
    removed_.push_back(ref + (dot == std::string::npos ? std::string() : path.substr(dot)));
  }
  return std::move(edited->bytes);
}

/// A prescription that names its drug by reference gets the drug's code in its place: the code is
/// what the receiver needs, and one resource less leaves.
void PacketRecords::inline_medication(std::string_view resource, JsonEdit& edit) const {
  const auto index = JsonIndex::parse(resource);
  if (!index) return;
  const JsonNode& root = index->root();
  const std::string type = index->string(root, "resourceType");
  const JsonNode* reference = index->find(&root, "medicationReference");
  if (reference == nullptr || !allows(*profile_, type, "medicationCodeableConcept")) return;
  const auto use = [&](const JsonIndex& from, const JsonNode& medication) {
    const JsonNode* code = from.find(&medication, "code");
    if (code == nullptr) return;
    edit.set.emplace_back("medicationCodeableConcept", std::string(from.raw(*code)));
    edit.drop.emplace_back("medicationReference");
  };
  const std::string written = index->string(*reference, "reference");
  if (const JsonNode* contained = index->find(&root, "contained");
      contained != nullptr && written.starts_with('#')) {
    for (const auto& node : index->children(*contained)) {
      if ("#" + index->string(node, "id") == written) return use(*index, node);
    }
  }
  for (const auto& span : letter_->records.resources) {
    if (span.type + "/" + span.id != written && span.full_url != written) continue;
    const auto bytes = slice(*letter_, span);
    if (!bytes) continue;
    const auto medication = JsonIndex::parse(*bytes);
    if (medication) return use(*medication, medication->root());
  }
}

}  // namespace meridian::fhir
