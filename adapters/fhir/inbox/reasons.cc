// SPDX-License-Identifier: Apache-2.0
#include "fhir/inbox/reasons.h"

#include "fhir/exchange/json_index.h"

namespace meridian::fhir {
namespace {

struct Reasons {
  std::string system;
  std::vector<InboxReason> list;
};

Reasons read() {
  Reasons reasons;
  const auto index = JsonIndex::parse(reasons_file);
  if (!index) return reasons;  // a test reads it
  reasons.system = index->string(index->root(), "url");
  const auto* concepts = index->find(&index->root(), "concept");
  if (concepts == nullptr) return reasons;
  for (const auto& one : index->children(*concepts)) {
    InboxReason reason{index->string(one, "code"), index->string(one, "display"), {}};
    reason.es = reason.en;
    if (const auto* others = index->find(&one, "designation")) {
      for (const auto& other : index->children(*others)) {
        if (index->string(other, "language") == "es") reason.es = index->string(other, "value");
      }
    }
    reasons.list.push_back(std::move(reason));
  }
  return reasons;
}

const Reasons& reasons() {
  static const Reasons once = read();
  return once;
}

}  // namespace

const std::vector<InboxReason>& decline_reasons() {
  return reasons().list;
}

std::optional<Coding> decline_coding(std::string_view code) {
  for (const auto& reason : reasons().list) {
    if (reason.code == code) return Coding{reasons().system, reason.code, reason.en};
  }
  return std::nullopt;
}

}  // namespace meridian::fhir
