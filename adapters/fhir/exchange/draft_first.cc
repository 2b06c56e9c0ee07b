// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/draft_first.h"

#include "fhir/exchange/find_written.h"
#include "fhir/exchange/json_edit.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/single_requests.h"
#include "fhir/write/json_out.h"

namespace meridian::fhir {
namespace {

constexpr int stale_tries = 4;

/// The Task as it is at the receiver, which answered with it.
struct Found {
  std::string reference;
  std::string etag;
  bool before_packet = false;
};

Result<Found> read_task(FhirClient& client, const std::string& reference) {
  const auto answer = client.read(reference);
  if (!answer) return answer.error();
  if (answer->failure) return *answer->failure;
  return Found{reference, etag_of(*answer), is_before_packet(answer->body)};
}

/// The members by which the Task is found again, and what R4 asks of every Task.
std::string draft_of(const OutEntry& task) {
  JsonOut out;
  out.object().text("resourceType", "Task");
  if (const auto index = JsonIndex::parse(task.resource)) {
    for (const char* name : {"identifier", "code", "intent"}) {
      if (const auto* node = index->find(&index->root(), name)) out.raw(name, index->raw(*node));
    }
  }
  return out.text("status", "draft").end().str();
}

Result<Found> draft_at(FhirClient& client, const OutEntry& task) {
  const auto found = find_all(client, "Task", task.if_none_exist);
  if (!found) return found.error();
  if (found->size() > 1)
    return Error{ErrorCode::conflict, "send", "two Tasks carry our identifier"};
  if (!found->empty()) return read_task(client, found->front());
  const auto made = client.create("Task", draft_of(task), task.if_none_exist);
  if (!made) return made.error();
  if (made->failure) return *made->failure;
  return read_task(client, made->reference);
}

Result<std::string> without_conditions(const OutBundle& bundle, std::size_t task,
                                       const Found& draft) {
  JsonOut out;
  out.object().text("resourceType", "Bundle").text("type", "transaction").list("entry");
  for (std::size_t i = 0; i < bundle.entries.size(); ++i) {
    const auto& entry = bundle.entries[i];
    std::string resource = entry.resource;
    if (i == task) {
      JsonEdit edit;
      const auto id = draft.reference.substr(draft.reference.find('/') + 1);
      edit.set = {{"id", json_string(id)}};
      auto named = edit_resource(resource, edit);
      if (!named) return named.error();
      resource = std::move(named->bytes);
    }
    out.object().text("fullUrl", entry.full_url).raw("resource", resource).object("request");
    if (i == task) {
      out.text("method", "PUT").text("url", draft.reference).text("ifMatch", draft.etag);
    } else {
      out.text("method", entry.method).text("url", entry.url);
    }
    out.end().end();
  }
  return out.end().end().str();
}

}  // namespace

bool is_before_packet(std::string_view task) {
  const auto index = JsonIndex::parse(task);
  return index && index->string(index->root(), "status") == "draft" &&
         index->find(&index->root(), "focus") == nullptr;
}

Result<Receipt> send_draft_first(FhirClient& client, const OutBundle& bundle, std::size_t task) {
  Error stale{ErrorCode::stale, "send", "the draft kept changing"};
  for (int i = 0; i < stale_tries; ++i) {
    const auto draft = draft_at(client, bundle.entries[task]);
    if (!draft) return draft.error();
    if (!draft->before_packet) return Receipt{draft->reference, "already-there", {}};
    const auto bytes = without_conditions(bundle, task, *draft);
    if (!bytes) return bytes.error();
    const auto answer = client.transaction(*bytes, Repeat::unsafe);
    if (!answer) return answer.error();
    if (!answer->failure) return Receipt{draft->reference, "created", {}};
    if (answer->failure->code != ErrorCode::stale) return *answer->failure;
    stale = *answer->failure;  // of another try, which may have brought it meanwhile
  }
  return stale;
}

}  // namespace meridian::fhir
