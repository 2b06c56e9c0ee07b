// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/fhir_sender.h"

#include "fhir/exchange/bundle_out.h"
#include "fhir/exchange/draft_first.h"
#include "fhir/exchange/find_written.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/single_requests.h"

namespace meridian::fhir {
namespace {

/// The entry whose id at the receiver is the receipt.
std::size_t task_entry(const OutBundle& bundle) {
  for (std::size_t i = 0; i < bundle.entries.size(); ++i) {
    if (bundle.entries[i].url == "Task") return i;
  }
  return 0;
}

/// "Task/9" out of "https://clinic.example/fhir/Task/9/_history/1".
std::string reference_in(std::string location) {
  location.resize(std::min(location.find("/_history/"), location.size()));
  const auto id = location.rfind('/');
  if (id == std::string::npos || id == 0) return location;
  const auto type = location.rfind('/', id - 1);
  return type == std::string::npos ? location : location.substr(type + 1);
}

/// What the transaction's answer says of one entry; an empty reference when it does not say.
Receipt receipt_in(std::string_view answer, std::size_t entry) {
  Receipt receipt;
  receipt.proof = "created";
  const auto index = JsonIndex::parse(answer);
  if (!index) return receipt;
  const JsonNode* list = index->find(&index->root(), "entry");
  if (list == nullptr) return receipt;
  std::size_t at = 0;
  for (const auto& node : index->children(*list)) {
    if (at++ != entry) continue;
    receipt.reference = reference_in(index->string(index->at(node, {"response", "location"})));
    if (receipt.reference.empty()) {  // an answer of the kind "return=representation"
      const JsonNode* resource = index->find(&node, "resource");
      const auto id = resource ? index->string(*resource, "id") : std::string();
      if (!id.empty()) receipt.reference = index->string(*resource, "resourceType") + "/" + id;
    }
    const auto status = index->string(index->at(node, {"response", "status"}));
    if (status.starts_with("200")) receipt.proof = "already-there";
  }
  return receipt;
}

Result<Receipt> send_transaction(FhirClient& client, const Rendered& letter,
                                 const OutBundle& bundle, bool repeat) {
  if (bundle.entries.empty()) return Error{ErrorCode::malformed, "send", "an empty transaction"};
  const std::size_t at = task_entry(bundle);
  const OutEntry& task = bundle.entries[at];
  if (repeat) {
    const auto found = find_all(client, task.url, task.if_none_exist);
    if (!found) return found.error();
    if (!found->empty()) return Receipt{found->front(), "already-there", {}};
  }
  const auto answer = client.transaction(letter.bytes, Repeat::unsafe);
  if (!answer) return answer.error();
  if (answer->failure) return *answer->failure;
  Receipt receipt = receipt_in(answer->body, at);
  if (!receipt.reference.empty()) return receipt;
  const auto found = find_all(client, task.url, task.if_none_exist);
  if (found && !found->empty()) receipt.reference = found->front();
  return receipt;
}

/// The Task that a letter brings, and the search that finds it; nothing for a letter without one.
struct SentTask {
  const OutEntry* entry = nullptr;
  std::string query;
  bool ours = false;  ///< we keep it up to date: its state is what we said last
};

SentTask task_in(const OutBundle& bundle) {
  for (const auto& entry : bundle.entries) {
    if (entry.resource.empty() || !entry.url.starts_with("Task")) continue;
    if (entry.url == "Task") return {&entry, entry.if_none_exist, false};
    if (entry.method == "PUT" && entry.url.starts_with("Task?")) {
      return {&entry, entry.url.substr(5), true};
    }
  }
  return {};
}

/// Status and business status, as far as they are ours to say.
std::string state_in(std::string_view task) {
  const auto index = JsonIndex::parse(task);
  if (!index) return {};
  const auto& root = index->root();
  const auto* business = index->at(root, {"businessStatus"});
  const auto* codings = business ? index->find(business, "coding") : nullptr;
  std::string state = index->string(root, "status");
  if (codings == nullptr) return state;
  for (const auto& coding : index->children(*codings)) {
    state += "|" + index->string(coding, "code");
  }
  return state;
}

}  // namespace

Result<Standing> FhirSender::look(const Rendered& letter) {
  const auto bundle = read_out_bundle(letter.bytes);
  if (!bundle) return bundle.error();
  const auto task = task_in(*bundle);
  if (task.entry == nullptr || task.query.empty()) return Standing::unknown;
  const auto found = find_all(client_, "Task", task.query);
  if (!found) return found.error();
  if (found->empty()) return Standing::missing;
  if (found->size() > 1) return Standing::doubled;
  if (!task.ours && !draft_first(*bundle)) return Standing::there;
  const auto now = client_.read(found->front());
  if (!now) return now.error();
  if (now->failure) return *now->failure;
  if (!task.ours) return is_before_packet(now->body) ? Standing::missing : Standing::there;
  return state_in(now->body) == state_in(task.entry->resource) ? Standing::there : Standing::other;
}

Result<Receipt> FhirSender::send(const Rendered& letter, bool repeat) {
  const auto bundle = read_out_bundle(letter.bytes);
  if (!bundle) return bundle.error();
  if (bundle->type == "batch") return SingleRequests(client_, repeat, rules_).run(bundle->entries);
  if (draft_first(*bundle)) return send_draft_first(client_, *bundle, task_entry(*bundle));
  return send_transaction(client_, letter, *bundle, repeat);
}

bool FhirSender::draft_first(const OutBundle& bundle) const {
  const auto most = rules_.conditional_entries;
  return most != 0 && bundle.entries.size() > most && bundle.type == "transaction" &&
         bundle.entries[task_entry(bundle)].url == "Task";
}

}  // namespace meridian::fhir
