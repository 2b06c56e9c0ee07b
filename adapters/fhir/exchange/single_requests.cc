// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/single_requests.h"

#include <algorithm>
#include <array>

#include "fhir/exchange/document_form.h"
#include "fhir/exchange/find_written.h"
#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/merge.h"

namespace meridian::fhir {
namespace {

constexpr int stale_tries = 4;

/// Task statuses in which the work has begun, and in which there is nothing left to cancel.
constexpr std::array begun = {std::string_view("in-progress"), std::string_view("on-hold"),
                              std::string_view("completed"), std::string_view("failed")};
constexpr std::array outcomes = {std::string_view("completed"), std::string_view("failed")};
constexpr std::array over = {std::string_view("cancelled"), std::string_view("rejected"),
                             std::string_view("entered-in-error")};

template <typename List>
bool has(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

Result<Response> succeeded(Result<Response> response) {
  if (response && response->failure) return *response->failure;
  return response;
}

}  // namespace

std::string etag_of(const Response& response) {
  if (!response.etag.empty()) return response.etag;
  const auto index = JsonIndex::parse(response.body);
  if (!index) return {};
  const auto version = index->string(index->at(index->root(), {"meta", "versionId"}));
  return version.empty() ? std::string() : "W/\"" + version + "\"";
}

namespace {

std::string status_of(std::string_view resource) {
  const auto index = JsonIndex::parse(resource);
  return index ? index->string(index->root(), "status") : std::string();
}

/// True when our Task at the receiver tells of something later than `body` does: a repeat of an old
/// status must not take the place of a newer one.
bool is_newer(const Response& current, std::string_view body) {
  const auto modified = [](std::string_view resource) {
    const auto index = JsonIndex::parse(resource);
    if (!index || index->string(index->root(), "resourceType") != "Task") return Instant{};
    return parse_instant(index->string(index->root(), "lastModified")).value_or(Instant{});
  };
  return modified(current.body) > modified(body);
}

/// The body under the id that it replaces. The receiver's own identifiers, such as its record
/// number of the patient, stay.
Result<std::string> in_place_of(std::string_view current, const std::string& reference,
                                std::string_view body) {
  JsonEdit edit;
  edit.set = {{"id", json_string(reference.substr(reference.find('/') + 1))}};
  const auto theirs = JsonIndex::parse(current);
  const auto ours = JsonIndex::parse(body);
  if (theirs && ours) {
    const auto* known = theirs->find(&theirs->root(), "identifier");
    const auto* sent = ours->find(&ours->root(), "identifier");
    const bool lists = known != nullptr && sent != nullptr &&
                       known->kind == JsonNode::Kind::array && sent->kind == JsonNode::Kind::array;
    if (lists) edit.set.emplace_back("identifier", joined(*ours, *sent, *theirs, *known));
  }
  auto named = edit_resource(body, edit);
  if (!named) return named.error();
  return std::move(named->bytes);
}

}  // namespace

Result<Receipt> SingleRequests::run(const std::vector<OutEntry>& entries) {
  for (const auto& entry : entries) {
    if (auto sent = send(entry); !sent) return sent.error();
  }
  return receipt_;
}

Result<void> SingleRequests::send(const OutEntry& entry) {
  if (entry.method == "GET") return look_up(entry);
  const auto body = with_known_references(entry);
  if (!body) return body.error();
  if (entry.method == "PATCH") return patch(entry, *body);
  return entry.method == "PUT" ? put(entry, *body) : create(entry, *body);
}

/// What is not there yet comes later in the batch.
Result<void> SingleRequests::look_up(const OutEntry& entry) {
  const auto mark = entry.url.find('?');
  if (mark == std::string::npos) return Error{ErrorCode::malformed, "send", "no search"};
  const auto found = find_all(client_, entry.url.substr(0, mark), entry.url.substr(mark + 1));
  if (!found) return found.error();
  if (found->size() > 1) {
    return Error{ErrorCode::conflict, "send", "two resources carry our identifier"};
  }
  if (!found->empty()) written_[entry.full_url] = found->front();
  return {};
}

/// References to what an earlier entry wrote; the receiver knows no urn:uuid of ours.
Result<std::string> SingleRequests::with_known_references(const OutEntry& entry) const {
  JsonEdit edit;
  edit.reference = [this](std::string_view written) -> std::optional<std::string> {
    const auto found = written_.find(written);
    return found == written_.end() ? std::string(written) : found->second;
  };
  auto edited = edit_resource(entry.resource, edit);
  if (!edited) return edited.error();
  return std::move(edited->bytes);
}

void SingleRequests::note(const OutEntry& entry, const std::string& reference, const char* proof) {
  written_[entry.full_url] = reference;
  const bool task = reference.starts_with("Task/") && !receipt_.reference.starts_with("Task/");
  if (receipt_.reference.empty() || task) receipt_.reference = reference;
  const std::string_view now(proof);
  if (receipt_.proof.empty() || now == "created" ||
      (now == "updated" && receipt_.proof == "already-there")) {
    receipt_.proof = now;
  }
}

Result<void> SingleRequests::create(const OutEntry& entry, const std::string& body) {
  const auto found = find_written(client_, rules_, entry.url, entry.if_none_exist, entry.resource);
  if (found && !found->empty()) {
    note(entry, found->front(), "already-there");
    return {};
  }
  if (!found) {
    const bool refused = error_row(found.error().code).retry == RetryClass::permanent;
    if (!refused) return found.error();
    // Without the search a second copy cannot be told from a first: only a first try may go on.
    if (repeat_) return Error{ErrorCode::unsupported, "send", "the receiver cannot be asked first"};
  }
  if (rules_.by_form(entry.url)) {
    const auto number = post_by_form(client_, rules_, body);
    if (!number) return number.error();
    note(entry, *number, "created");
    return {};
  }
  const auto made = succeeded(client_.create(entry.url, body, entry.if_none_exist));
  if (!made) return made.error();
  note(entry, made->reference, made->status == 200 ? "already-there" : "created");
  return {};
}

Result<void> SingleRequests::put(const OutEntry& entry, const std::string& body) {
  const auto mark = entry.url.find('?');
  if (mark == std::string::npos) return replace(entry.url, entry, body);
  if (const auto known = written_.find(entry.full_url); known != written_.end()) {
    return replace(known->second, entry, body);
  }
  const std::string type = entry.url.substr(0, mark);
  const std::string query = entry.url.substr(mark + 1);
  const auto found = find_all(client_, type, query);
  if (!found) return found.error();
  if (found->size() > 1) {
    return Error{ErrorCode::conflict, "send", "two resources carry our identifier"};
  }
  if (found->size() == 1) return replace(found->front(), entry, body);
  const auto made = succeeded(client_.create(type, body, query));
  if (!made) return made.error();
  note(entry, made->reference, "created");
  return {};
}

/// Puts the body in place of the current version, whichever that is by then.
Result<void> SingleRequests::replace(const std::string& reference, const OutEntry& entry,
                                     const std::string& body) {
  Error last{ErrorCode::stale, "send", "the resource kept changing"};
  for (int i = 0; i < stale_tries; ++i) {
    const auto current = succeeded(client_.read(reference));
    if (!current) return current.error();
    if (repeat_ && is_newer(*current, body)) {
      note(entry, reference, "already-there");
      return {};
    }
    const auto named = in_place_of(current->body, reference, body);
    if (!named) return named.error();
    const auto put = succeeded(client_.update(reference, *named, etag_of(*current)));
    if (put) {
      note(entry, reference, "updated");
      return {};
    }
    if (put.error().code != ErrorCode::stale) return put.error();
    last = put.error();
  }
  return last;
}

Result<void> SingleRequests::patch(const OutEntry& entry, const std::string& body) {
  std::string reference = entry.url;
  if (const auto mark = entry.url.find('?'); mark != std::string::npos) {
    const auto found = find_all(client_, entry.url.substr(0, mark), entry.url.substr(mark + 1));
    if (!found) return found.error();
    if (found->empty() && entry.if_match == if_there) return {};
    if (found->empty()) return Error{ErrorCode::not_found, "send", "nothing to change is there"};
    reference = found->front();
  }
  const auto wanted = status_of(entry.resource);
  const bool at_any_time = entry.if_match == "*";
  const bool cancels =
      wanted == "cancelled" || (at_any_time && !wanted.empty() && wanted != "entered-in-error");
  for (int i = 0; i < stale_tries; ++i) {
    const auto current = succeeded(client_.read(reference));
    if (!current) return current.error();
    const std::string status = status_of(current->body);
    // An outcome beats a cancel (BSeR TID 24).
    const bool ended = has(over, status) || (at_any_time && has(outcomes, status));
    if (cancels && ended) {
      note(entry, reference, "already-there");
      return {};
    }
    if (cancels && !at_any_time && has(begun, status)) {
      return Error{ErrorCode::conflict, "send", "the work has begun: a cancel must be asked for"};
    }
    const auto changed = merged(current->body, body);
    if (!changed) return changed.error();
    const auto put = succeeded(client_.update(reference, *changed, etag_of(*current)));
    if (put) {
      note(entry, reference, "updated");
      return {};
    }
    if (put.error().code != ErrorCode::stale) return put.error();
  }
  return Error{ErrorCode::stale, "send", "the resource kept changing"};
}

}  // namespace meridian::fhir
