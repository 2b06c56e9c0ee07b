// SPDX-License-Identifier: Apache-2.0
#include "pathway/join_charts.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace meridian {
namespace {

/// Which charts are of one patient: each points at another of its group, the first one at itself.
class Groups {
 public:
  explicit Groups(std::size_t size) : parent_(size) {
    for (std::size_t i = 0; i < size; ++i) parent_[i] = i;
  }

  std::size_t first_of(std::size_t index) {
    while (parent_[index] != index) index = parent_[index] = parent_[parent_[index]];
    return index;
  }

  void join(std::size_t a, std::size_t b) {
    a = first_of(a);
    b = first_of(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

template <typename T>
void fill(T& newer, const T& older) {
  if (newer.empty()) newer = older;
}

void fill(Concept& newer, const Concept& older) {
  if (newer.empty()) newer = older;
}

template <typename T>
void fill_record(T&, const T&) {}

void fill_record(Encounter& newer, const Encounter& older) {
  fill(newer.class_code.code, older.class_code.code);
  fill(newer.class_code.system, older.class_code.system);
  fill(newer.types, older.types);
  fill(newer.period.start, older.period.start);
  fill(newer.reason_codes, older.reason_codes);
  fill(newer.reason_references, older.reason_references);
  fill(newer.diagnoses, older.diagnoses);
  fill(newer.participants, older.participants);
}

/// The word that ends an order often says nothing else of it.
void fill_record(ServiceRequest& newer, const ServiceRequest& older) {
  if (!older.authored.empty()) newer.authored = older.authored;
  fill(newer.code, older.code);
  fill(newer.priority, older.priority);
  fill(newer.categories, older.categories);
  fill(newer.reason_codes, older.reason_codes);
  fill(newer.reason_references, older.reason_references);
  fill(newer.encounter, older.encounter);
}

/// Of two that cannot be compared, the one that came later is newer.
template <typename T>
bool is_newer(const T& record, const T& than) {
  if (record.version.empty() || than.version.empty()) return true;
  if (record.version.size() != than.version.size()) {
    return record.version.size() > than.version.size();
  }
  return record.version >= than.version;
}

template <typename T>
void append(std::vector<T>& into, std::vector<T> from) {
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (std::size_t i = 0; i < into.size(); ++i) {
    known.emplace(std::pair(into[i].provenance.source_id, into[i].ref), i);
  }
  for (auto& record : from) {
    const auto [place, fresh] =
        known.try_emplace(std::pair(record.provenance.source_id, record.ref), into.size());
    if (fresh) {
      into.push_back(std::move(record));
      continue;
    }
    auto& old = into[place->second];
    if (!is_newer(record, old)) std::swap(old, record);
    fill_record(record, old);
    old = std::move(record);
  }
}

void append(RecordSet& into, RecordSet from) {
  append(into.coverages, std::move(from.coverages));
  append(into.consents, std::move(from.consents));
  append(into.encounters, std::move(from.encounters));
  append(into.conditions, std::move(from.conditions));
  append(into.observations, std::move(from.observations));
  append(into.procedures, std::move(from.procedures));
  append(into.medications, std::move(from.medications));
  append(into.allergies, std::move(from.allergies));
  append(into.imaging, std::move(from.imaging));
  append(into.documents, std::move(from.documents));
  append(into.questionnaire_responses, std::move(from.questionnaire_responses));
  append(into.service_requests, std::move(from.service_requests));
  append(into.tasks, std::move(from.tasks));
  append(into.appointments, std::move(from.appointments));
  append(into.communications, std::move(from.communications));
}

/// The first one keeps its ref; what it does not say is filled, and its demographics follow the
/// newer message of the same source.
void append(Patient& into, const Patient& from) {
  for (const auto& identifier : from.identifiers) {
    const auto& mine = into.identifiers;
    const auto same = [&](const Identifier& one) {
      return one.system == identifier.system && one.value == identifier.value;
    };
    if (std::none_of(mine.begin(), mine.end(), same)) into.identifiers.push_back(identifier);
  }
  const bool corrects = from.ref == into.ref && is_newer(from, into);
  if (into.gender.empty() || (corrects && !from.gender.empty())) into.gender = from.gender;
  const auto& birth = from.birth_date.reveal();
  if (into.birth_date.reveal().empty() || (corrects && !birth.empty())) {
    into.birth_date = from.birth_date;
  }
  fill(into.names, from.names);
  fill(into.addresses, from.addresses);
  fill(into.telecom, from.telecom);
  fill(into.languages, from.languages);
  into.deceased = into.deceased || from.deceased;
}

/// A day and a month contradict each other only where they cannot both be true.
bool contradict(const Patient& a, const Patient& b) {
  if (!a.gender.empty() && !b.gender.empty() && a.gender != b.gender && a.gender != "unknown" &&
      b.gender != "unknown") {
    return true;
  }
  const auto& one = a.birth_date.reveal();
  const auto& other = b.birth_date.reveal();
  if (!one.first_day() || !other.first_day()) return false;
  return *one.last_day() < *other.first_day() || *other.last_day() < *one.first_day();
}

class Joiner {
 public:
  Joiner(std::vector<Chart> charts, Issues& issues)
      : charts_(std::move(charts)), issues_(issues), groups_(charts_.size()) {}

  std::vector<Chart> run() {
    for (std::size_t i = 0; i < charts_.size(); ++i) join_same_ref(i);
    for (std::size_t i = 0; i < charts_.size(); ++i) join_replaced(i);
    for (std::size_t i = 0; i < charts_.size(); ++i) join_same_identifier(i);
    return take();
  }

 private:
  void join_same_ref(std::size_t index) {
    const auto& patient = charts_[index].patient;
    const auto [known, fresh] = by_ref_.try_emplace(ref_of(patient), index);
    if (!fresh) groups_.join(known->second, index);
  }

  void join_replaced(std::size_t index) {
    const auto& patient = charts_[index].patient;
    if (!patient.replaced_by.empty()) replaced_.insert(ref_of(patient));
    for (const auto& link : patient.replaced_by) {
      const auto by = by_ref_.find(std::pair(patient.provenance.source_id, link.target));
      if (by != by_ref_.end()) groups_.join(by->second, index);
    }
  }

  void join_same_identifier(std::size_t index) {
    const auto& patient = charts_[index].patient;
    for (const auto& identifier : patient.identifiers) {
      const auto& value = identifier.value.reveal();
      if (identifier.system.empty() || value.empty()) continue;
      const auto [known, fresh] =
          by_identifier_.try_emplace(identifier.system + '|' + value, index);
      if (fresh || groups_.first_of(known->second) == groups_.first_of(index)) continue;
      if (contradict(charts_[known->second].patient, patient)) {
        issues_.push_back({Severity::error, "conflict", patient.ref,
                           "has an identifier of " + charts_[known->second].patient.ref +
                               ", but another birth date or sex; kept apart for a person to see"});
      } else {
        groups_.join(known->second, index);
      }
    }
  }

  /// The patient that stays is not one that was replaced.
  std::vector<Chart> take() {
    std::map<std::size_t, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < charts_.size(); ++i) members[groups_.first_of(i)].push_back(i);
    std::vector<Chart> joined;
    for (auto& [first, list] : members) {
      std::stable_partition(list.begin(), list.end(), [&](std::size_t i) {
        return !replaced_.contains(ref_of(charts_[i].patient));
      });
      Chart chart = std::move(charts_[list.front()]);
      for (auto i = list.begin() + 1; i != list.end(); ++i) {
        append(chart.patient, charts_[*i].patient);
        append(chart.records, std::move(charts_[*i].records));
      }
      joined.push_back(std::move(chart));
    }
    return joined;
  }

  using SourceAndRef = std::pair<std::string, std::string>;

  static SourceAndRef ref_of(const Patient& patient) {
    return {patient.provenance.source_id, patient.ref};
  }

  std::vector<Chart> charts_;
  Issues& issues_;
  Groups groups_;
  std::map<SourceAndRef, std::size_t> by_ref_;
  std::set<SourceAndRef> replaced_;
  std::map<std::string, std::size_t> by_identifier_;
};

}  // namespace

std::vector<Chart> join_charts(std::vector<Chart> charts, Issues& issues) {
  return Joiner(std::move(charts), issues).run();
}

}  // namespace meridian
