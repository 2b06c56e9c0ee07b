// SPDX-License-Identifier: Apache-2.0
#include "flow/explain.h"

#include <algorithm>
#include <tuple>

#include "flow/explain_decision.h"
#include "flow/explain_log.h"

namespace meridian::flow {
namespace {

std::string head_of(const Core& core, const store::ReferralRow& row, bool patient_data) {
  const auto* what = row.direction == "to_surgeon" ? "a spine surgeon" : "acupuncture";
  std::string text = "Referral " + row.id.str() + ": " + row.order_ref + " of " +
                     name_of_peer(core, row.source.str()) + ", for " + what + ".\n";
  if (patient_data) text += "Patient: " + row.patient_ref + ".\n";
  text += "It stands at " + row.state + "; turn: " + (row.owner.empty() ? "nobody" : row.owner);
  if (!row.worklist.empty()) text += ", worklist " + row.worklist;
  if (!row.destination.empty()) text += "; with " + name_of_peer(core, row.destination.str());
  return text + ".\n";
}

std::string text_of(const Happening& happening) {
  const auto when = happening.at == Instant::max() ? "not yet" : to_string(happening.at);
  std::string text = "\n" + when + "  " + happening.what + "\n";
  for (const auto& detail : happening.details) text += "    " + detail + "\n";
  return text;
}

void append(std::vector<Happening>& all, std::vector<Happening> more) {
  for (auto& happening : more) all.push_back(std::move(happening));
}

}  // namespace

Result<std::vector<Happening>> told(const Core& core, const store::ReferralRow& row,
                                    const std::vector<store::DeliveryRow>& deliveries,
                                    bool patient_data) {
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  auto happenings = told_events(core, *events, patient_data);
  if (!happenings) return happenings.error();
  auto decision = told_decision(core, row, *events, patient_data);
  if (!decision) return decision.error();
  append(*happenings, std::move(*decision));
  append(*happenings, told_deliveries(core, deliveries, patient_data));
  std::stable_sort(happenings->begin(), happenings->end(),
                   [](const Happening& a, const Happening& b) {
                     return std::tie(a.at, a.rank) < std::tie(b.at, b.rank);
                   });
  return happenings;
}

Result<std::string> explain(const Core& core, const ReferralId& id, bool patient_data) {
  const auto row = core.store.referral(id);
  if (!row) return row.error();
  if (!*row) return Error{ErrorCode::not_found, "explain", "there is no such referral"};
  const auto deliveries = core.store.deliveries(id);
  if (!deliveries) return deliveries.error();
  const auto happenings = told(core, **row, *deliveries, patient_data);
  if (!happenings) return happenings.error();
  auto text = head_of(core, **row, patient_data);
  for (const auto& happening : *happenings) text += text_of(happening);
  return text;
}

}  // namespace meridian::flow
