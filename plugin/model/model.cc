// SPDX-License-Identifier: Apache-2.0
// Names of the enumerations, and the small functions over whole record sets.
#include <set>
#include <utility>

#include "model/assessment.h"
#include "model/issue.h"
#include "model/record_set.h"

namespace meridian {
namespace {

template <typename T>
void append_new(std::vector<T>& into, std::vector<T>& from) {
  if (from.empty()) return;
  std::vector<T*> added;
  {
    std::set<std::pair<std::string_view, std::string_view>> seen;  // points into both lists
    for (const auto& record : into) seen.emplace(record.ref, record.version);
    for (auto& record : from) {
      const bool fresh = record.ref.empty() || seen.emplace(record.ref, record.version).second;
      if (fresh) added.push_back(&record);
    }
  }
  if (into.empty() && added.size() == from.size()) {
    into = std::move(from);  // the one message of most: its records stay where they are
    return;
  }
  for (auto* record : added) into.push_back(std::move(*record));
}

}  // namespace

const char* severity_name(Severity severity) {
  constexpr const char* names[] = {"information", "warning", "error", "fatal"};
  return names[static_cast<int>(severity)];
}

bool has_errors(const Issues& issues) {
  for (const auto& issue : issues) {
    if (issue.severity >= Severity::error) return true;
  }
  return false;
}

const char* completeness_name(Completeness completeness) {
  constexpr const char* names[] = {"complete", "partial", "failed", "withheld", "not-asked"};
  return names[static_cast<int>(completeness)];
}

const char* disposition_name(Disposition disposition) {
  constexpr const char* names[] = {"route_acupuncture", "route_surgeon", "hold", "urgent_surgeon",
                                   "emergency"};
  return names[static_cast<int>(disposition)];
}

Completeness completeness_of(const History& history, std::string_view kind) {
  for (const auto& query : history) {
    if (query.kind == kind) return query.completeness;
  }
  return Completeness::not_asked;
}

void merge(RecordSet& into, RecordSet from) {
  append_new(into.patients, from.patients);
  append_new(into.practitioners, from.practitioners);
  append_new(into.practitioner_roles, from.practitioner_roles);
  append_new(into.organizations, from.organizations);
  append_new(into.locations, from.locations);
  append_new(into.healthcare_services, from.healthcare_services);
  append_new(into.endpoints, from.endpoints);
  append_new(into.coverages, from.coverages);
  append_new(into.consents, from.consents);
  append_new(into.encounters, from.encounters);
  append_new(into.conditions, from.conditions);
  append_new(into.observations, from.observations);
  append_new(into.procedures, from.procedures);
  append_new(into.medications, from.medications);
  append_new(into.allergies, from.allergies);
  append_new(into.imaging, from.imaging);
  append_new(into.documents, from.documents);
  append_new(into.questionnaire_responses, from.questionnaire_responses);
  append_new(into.service_requests, from.service_requests);
  append_new(into.tasks, from.tasks);
  append_new(into.appointments, from.appointments);
  append_new(into.communications, from.communications);
  for (auto& span : from.resources) into.resources.push_back(std::move(span));
  for (auto& issue : from.issues) into.issues.push_back(std::move(issue));
}

}  // namespace meridian
