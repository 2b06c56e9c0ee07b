// SPDX-License-Identifier: Apache-2.0
#include "fhir/endpoint/step.h"

#include <algorithm>
#include <charconv>

#include "fhir/endpoint/query.h"
#include "fhir/endpoint/task_change.h"
#include "fhir/exchange/codes.h"
#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/json_index.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

Refusal unreadable() {
  return {400, "structure", "the body is no JSON resource of FHIR, or names a member twice"};
}

/// "Type/id" of a reference to this server; "" for others.
std::string local(std::string_view written, std::string_view base) {
  if (written.size() > base.size() && written.starts_with(base) && written[base.size()] == '/') {
    written.remove_prefix(base.size() + 1);
  }
  const bool other =
      written.empty() || written.front() == '#' || written.find(':') != std::string_view::npos;
  if (other) return {};
  return std::string(written.substr(0, written.find("/_history/")));
}

/// The body is of the type that the address says, and of its id where it says one.
std::optional<Refusal> check_body(const Step& step) {
  const auto index = JsonIndex::parse(step.body, JsonIndex::Names::once);
  if (!index || index->root().kind != JsonNode::Kind::object) return unreadable();
  if (index->string(index->root(), "resourceType") != step.type) {
    return Refusal{400, "invalid", "resourceType of the body is not the type of the address"};
  }
  if (step.method == "PUT" && index->string(index->root(), "id") != step.id) {
    return Refusal{400, "invalid", "id of the resource is not the id of the address"};
  }
  return std::nullopt;
}

std::optional<Refusal> check_version(const Step& step, const Held& held) {
  if (step.if_match.empty()) {
    return Refusal{428, "required",
                   "send If-Match with the ETag that was read, as If-Match: W/\"3\""};
  }
  const auto version = version_of(step.if_match);
  if (!version) return Refusal{400, "invalid", "If-Match must be as W/\"3\""};
  if (*version == held.version()) return std::nullopt;
  return Refusal{412, "conflict",
                 "it has changed since: it is at version " + std::to_string(held.version()) +
                     "; read it again"};
}

}  // namespace

std::optional<int> version_of(std::string_view if_match) {
  if (if_match.starts_with("W/")) if_match.remove_prefix(2);
  if (if_match.size() < 3 || if_match.front() != '"' || if_match.back() != '"') return std::nullopt;
  int version = 0;
  const auto* end = if_match.data() + if_match.size() - 1;
  const auto read = std::from_chars(if_match.data() + 1, end, version);
  if (read.ec != std::errc() || read.ptr != end || version < 1) return std::nullopt;
  return version;
}

std::string referral_of(const Step& step, std::string_view base) {
  if (step.method != "POST") return std::string(referral_in(step.id));
  const auto index = JsonIndex::parse(step.body);
  std::string referral;
  if (!index) return referral;
  for (const auto& written : references_in(*index, index->root())) {
    const auto ref = local(written, base);
    const auto slash = ref.find('/');
    if (slash == std::string::npos) continue;
    const std::string one(referral_in(std::string_view(ref).substr(slash + 1)));
    if (one.empty() || one == referral) continue;
    if (!referral.empty()) return {};
    referral = one;
  }
  return referral;
}

std::optional<Refusal> Drafting::run(const std::vector<Step>& steps) {
  if (view_.task() == nullptr) return not_here();
  draft_.task = view_.task()->bytes();
  if (next_.empty()) {
    return Refusal{409, "business-rule",
                   "this referral is over for this clinic; nothing can be written any more"};
  }
  name(steps);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (auto refusal = take(steps[i], i)) return refusal;
  }
  for (const auto& part : draft_.parts) {
    if (part.is_new) add_output(part.ref);
  }
  return std::nullopt;
}

std::vector<Drafting::Subject> Drafting::subjects(const std::vector<Step>& steps) {
  if (found_.empty()) name(steps);
  std::vector<Subject> subjects;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    const bool is_new = step.method == "POST" && found_[i].empty();
    auto ref = step.type + "/" + step.id;
    if (step.method == "POST") ref = is_new ? new_ref(step, i) : found_[i];
    subjects.push_back({std::move(ref), is_new});
  }
  return subjects;
}

std::string Drafting::new_ref(const Step& step, std::size_t number) const {
  return step.type + "/" + part_id(view_.referral(), name_of_(number));
}

/// What will be made is named first, since entries of a transaction refer to each other.
void Drafting::name(const std::vector<Step>& steps) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    found_.emplace_back();
    if (step.method != "POST") continue;
    if (const auto wanted = identifier_in(step.if_none_exist)) {
      for (const auto& held : view_.all()) {
        const bool same = held.type == step.type && held.by_clinic;
        if (same && has_identifier(held.bytes(), *wanted)) found_.back() = held.ref();
      }
    }
    const auto ref = found_.back().empty() ? new_ref(step, i) : found_.back();
    if (!step.full_url.empty()) names_.emplace_back(step.full_url, ref);
  }
}

std::optional<Refusal> Drafting::take(const Step& step, std::size_t number) {
  if (step.method == "POST") return make(step, number);
  const auto* held = view_.find(step.type, step.id);
  if (held == nullptr) return not_here();
  if (held == view_.task()) return change_task(step);
  if (!held->by_clinic) {
    return Refusal{403, "forbidden",
                   "this was written by whoever referred; a clinic changes its Task and what it "
                   "made itself"};
  }
  return replace(step, *held);
}

std::optional<Refusal> Drafting::change_task(const Step& step) {
  if (auto refusal = check_version(step, *view_.task())) return refusal;
  AskedChange asked;
  if (step.method == "PATCH") {
    asked = change_by_patch(draft_.task, step.body);
  } else {
    if (auto refusal = check_body(step)) return refusal;
    asked = change_by_put(draft_.task, step.body);
  }
  if (asked.refusal) return asked.refusal;
  if (auto refusal = check_change(draft_.task, asked.change, next_)) return refusal;
  JsonEdit edit;
  for (const auto& [member, raw] : asked.change) {
    if (raw) {
      edit.set.emplace_back(member, *raw);
    } else {
      edit.drop.push_back(member);
    }
  }
  auto edited = edit_resource(draft_.task, edit);
  if (!edited) return unreadable();
  if (auto refusal = check_references(edited->bytes)) return refusal;
  edit = {};
  edit.reference = [this](std::string_view written) { return here(written); };
  edited = edit_resource(edited->bytes, edit);
  if (!edited) return unreadable();
  draft_.task = std::move(edited->bytes);
  draft_.changed = true;
  return std::nullopt;
}

std::optional<Refusal> Drafting::make(const Step& step, std::size_t number) {
  if (!clinic_makes(step.type)) {
    return Refusal{405, "not-supported",
                   "a clinic makes DocumentReference, Observation, Communication and Appointment"};
  }
  if (!step.if_none_exist.empty() && !identifier_in(step.if_none_exist)) {
    return Refusal{400, "not-supported", "If-None-Exist takes identifier=system|value"};
  }
  if (auto refusal = check_body(step)) return refusal;
  if (!found_[number].empty()) return std::nullopt;
  return put(new_ref(step, number), step, true);
}

std::optional<Refusal> Drafting::replace(const Step& step, const Held& held) {
  if (step.method == "PATCH") {
    return Refusal{405, "not-supported", "patch is for the Task; update this as a whole by PUT"};
  }
  if (auto refusal = check_version(step, held)) return refusal;
  if (auto refusal = check_body(step)) return refusal;
  return put(held.ref(), step, false);
}

std::optional<Refusal> Drafting::put(const std::string& ref, const Step& step, bool is_new) {
  if (auto refusal = check_references(step.body)) return refusal;
  JsonEdit edit;
  edit.set = {{"id", json_string(ref.substr(ref.find('/') + 1))}};
  edit.reference = [this](std::string_view written) { return here(written); };
  auto edited = edit_resource(step.body, edit);
  if (!edited) return unreadable();
  draft_.parts.push_back({ref, std::move(edited->bytes), is_new});
  draft_.changed = true;
  return std::nullopt;
}

/// The form that a reference is kept in: one to this server as "Type/id".
std::optional<std::string> Drafting::here(std::string_view written) const {
  for (const auto& [urn, ref] : names_) {
    if (urn == written) return ref;
  }
  const auto ref = local(written, base_);
  return ref.empty() ? std::string(written) : ref;
}

/// A reference to this server leads to something that the clinic can read.
std::optional<Refusal> Drafting::check_references(std::string_view resource) const {
  const auto index = JsonIndex::parse(resource);
  if (!index) return unreadable();
  for (const auto& written : references_in(*index, index->root())) {
    const auto kept = *here(written);
    if (kept.starts_with("urn:uuid:")) {
      return Refusal{422, "not-found", "a urn:uuid names no entry of the transaction"};
    }
    const auto ref = local(kept, base_);
    if (ref.empty() || view_.find(ref) != nullptr) continue;
    bool made = false;
    for (const auto& [urn, name] : names_) made = made || name == ref;
    if (made) continue;
    return Refusal{422, "not-found",
                   "a reference leads to nothing that is here for this client; refer to others by "
                   "identifier, display or a whole URL"};
  }
  return std::nullopt;
}

/// What a clinic's own server would show as output of its Task, unless the clinic did so itself.
void Drafting::add_output(const std::string& ref) {
  const bool note = ref.starts_with("DocumentReference/");
  if (!note && !ref.starts_with("Observation/")) return;
  const auto index = JsonIndex::parse(draft_.task);
  if (!index) return;
  const auto known = references_in(*index, index->root());
  if (std::find(known.begin(), known.end(), ref) != known.end()) return;
  JsonOut outputs;
  outputs.list();
  if (const auto* list = index->find(&index->root(), "output")) {
    for (const auto& output : index->children(*list)) outputs.raw_element(index->raw(output));
  }
  const Concept coded =
      note ? Concept{{codes::consult_note()}, ""} : Concept{{codes::part("outcome")}, "outcome"};
  outputs.object().concept_of("type", coded).reference("valueReference", ref).end();
  JsonEdit edit;
  edit.set = {{"output", outputs.end().str()}};
  if (auto edited = edit_resource(draft_.task, edit)) draft_.task = std::move(edited->bytes);
}

}  // namespace meridian::fhir
