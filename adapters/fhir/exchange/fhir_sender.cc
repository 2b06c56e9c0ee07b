// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/fhir_sender.h"

#include "fhir/exchange/bundle_out.h"
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

}  // namespace

Result<Receipt> FhirSender::send(const Rendered& letter, bool repeat) {
  const auto bundle = read_out_bundle(letter.bytes);
  if (!bundle) return bundle.error();
  if (bundle->type == "batch") return SingleRequests(client_, repeat).run(bundle->entries);
  return send_transaction(client_, letter, *bundle, repeat);
}

}  // namespace meridian::fhir
