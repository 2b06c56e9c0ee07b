// SPDX-License-Identifier: Apache-2.0
#include "flow/matching.h"

#include <map>

namespace meridian::flow {

Result<routing::Loads> loads_of(const Core& core) {
  constexpr std::chrono::days week{7};
  constexpr std::chrono::days lately{90};
  const auto now = core.clock();
  const auto recent = core.store.loads(now - week);
  if (!recent) return recent.error();
  const auto past = core.store.loads(now - lately);
  if (!past) return past.error();
  std::map<DestinationId, routing::Load> loads;
  for (const auto& row : *past) {
    auto& load = loads[row.destination];
    load.destination = row.destination;
    load.answered = static_cast<int>(row.accepted + row.declined);
    load.mean_answer = std::chrono::duration_cast<std::chrono::minutes>(row.mean_answer);
  }
  for (const auto& row : *recent) {
    loads[row.destination].this_week = static_cast<int>(row.open + row.accepted);
  }
  routing::Loads list;
  for (auto& [id, load] : loads) list.push_back(std::move(load));
  return list;
}

routing::RouteFacts route_facts(const Core& core, const Ledger& ledger, const std::string& service,
                                const Facts& facts) {
  routing::RouteFacts asked;
  asked.service = service;
  asked.on = std::chrono::floor<std::chrono::days>(core.clock());
  for (const auto& patient : facts.known.patients) {
    if (patient.ref != ledger.row().patient_ref) continue;
    asked.patient = routing::patient_facts(patient, facts.known.coverages, asked.on);
  }
  asked.loads = facts.loads;
  asked.declined = ledger.declined_by();
  return asked;
}

}  // namespace meridian::flow
