// SPDX-License-Identifier: Apache-2.0
#include "host/open_patients.h"

#include <set>

#include "base/log.h"
#include "routing/machine.h"

namespace meridian::host {

std::vector<std::string> open_patients(store::Store& store, const SourceId& source) {
  constexpr int most = 1'000'000;
  const auto rows = store.referrals(most);
  if (!rows) {
    log(LogLevel::warning, "poll.no_work_list", {{"source", source}, {"error", rows.error()}});
    return {};
  }
  std::set<std::string> patients;
  for (const auto& row : *rows) {
    const auto state = routing::state_named(row.state);
    const bool open = state && !routing::is_over(*state);
    if (open && row.source == source && row.patient_ref.starts_with("Patient/")) {
      patients.insert(row.patient_ref);
    }
  }
  return {patients.begin(), patients.end()};
}

}  // namespace meridian::host
