// SPDX-License-Identifier: Apache-2.0
#include "model/latest.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace meridian {
namespace {

constexpr std::size_t width = 15;

std::string padded(const std::string& digits) {
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

bool has_number(const Record& record) {
  const auto& version = record.version;
  return !version.empty() && version.size() <= width &&
         version.find_first_not_of("0123456789") == std::string::npos;
}

/// Where an older version stood in its message.
using Dropped = std::set<std::pair<std::string, std::size_t>>;

template <typename T>
void keep_latest_of(std::vector<T>& list, Dropped& dropped) {
  std::map<std::string, std::size_t> places;
  std::vector<T> kept;
  kept.reserve(list.size());
  for (auto& record : list) {
    if (record.ref.empty()) {
      kept.push_back(std::move(record));
      continue;
    }
    const auto [place, fresh] = places.try_emplace(record.ref, kept.size());
    if (fresh) {
      kept.push_back(std::move(record));
      continue;
    }
    auto& known = kept[place->second];
    if (is_later(record, known)) std::swap(known, record);
    dropped.emplace(record.ref, record.provenance.offset);
  }
  list = std::move(kept);
}

}  // namespace

std::string version_sequence(const Record& record) {
  if (has_number(record)) return padded(record.version);
  if (const auto at = record.last_updated.instant()) {
    return padded(std::to_string(at->time_since_epoch().count()));
  }
  return record.version;
}

bool is_later(const Record& a, const Record& b) {
  if (has_number(a) && has_number(b)) return padded(a.version) > padded(b.version);
  const auto a_at = a.last_updated.instant();
  const auto b_at = b.last_updated.instant();
  if (a_at && b_at) return *a_at > *b_at;
  return version_sequence(a) > version_sequence(b);  // one that says when beats one that does not
}

void keep_latest(RecordSet& records) {
  Dropped dropped;
  keep_latest_of(records.patients, dropped);
  keep_latest_of(records.practitioners, dropped);
  keep_latest_of(records.practitioner_roles, dropped);
  keep_latest_of(records.organizations, dropped);
  keep_latest_of(records.locations, dropped);
  keep_latest_of(records.healthcare_services, dropped);
  keep_latest_of(records.endpoints, dropped);
  keep_latest_of(records.coverages, dropped);
  keep_latest_of(records.consents, dropped);
  keep_latest_of(records.encounters, dropped);
  keep_latest_of(records.conditions, dropped);
  keep_latest_of(records.observations, dropped);
  keep_latest_of(records.procedures, dropped);
  keep_latest_of(records.medications, dropped);
  keep_latest_of(records.allergies, dropped);
  keep_latest_of(records.imaging, dropped);
  keep_latest_of(records.documents, dropped);
  keep_latest_of(records.questionnaire_responses, dropped);
  keep_latest_of(records.service_requests, dropped);
  keep_latest_of(records.tasks, dropped);
  keep_latest_of(records.appointments, dropped);
  keep_latest_of(records.communications, dropped);
  if (dropped.empty()) return;
  std::erase_if(records.resources, [&](const ResourceSpan& span) {
    return dropped.contains({span.type + "/" + span.id, span.offset});
  });
}

}  // namespace meridian
