// SPDX-License-Identifier: Apache-2.0
// The lists of a RecordSet as one sequence.
#pragma once

#include <tuple>

#include "model/record_set.h"

namespace meridian::fhir_read {

/// Every list of records, in the order of the struct.
constexpr std::tuple record_lists{
    &RecordSet::patients,         &RecordSet::practitioners, &RecordSet::practitioner_roles,
    &RecordSet::organizations,    &RecordSet::locations,     &RecordSet::healthcare_services,
    &RecordSet::endpoints,        &RecordSet::coverages,     &RecordSet::consents,
    &RecordSet::encounters,       &RecordSet::conditions,    &RecordSet::observations,
    &RecordSet::procedures,       &RecordSet::medications,   &RecordSet::allergies,
    &RecordSet::imaging,          &RecordSet::documents,     &RecordSet::questionnaire_responses,
    &RecordSet::service_requests, &RecordSet::tasks,         &RecordSet::appointments,
    &RecordSet::communications,
};

/// Calls `visit(list pointer)` for each list.
template <typename Visit>
void for_each_list(Visit visit) {
  std::apply([&](auto... lists) { (visit(lists), ...); }, record_lists);
}

/// Calls `visit(record)` for every record.
template <typename Visit>
void for_each_record(RecordSet& set, Visit visit) {
  for_each_list([&](auto list) {
    for (auto& record : set.*list) visit(record);
  });
}

}  // namespace meridian::fhir_read
