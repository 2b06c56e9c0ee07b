// SPDX-License-Identifier: Apache-2.0
#include "pathway/charts.h"

#include <map>
#include <string_view>
#include <utility>

#include "model/latest.h"

namespace meridian {
namespace {

constexpr std::string_view patient_prefix = "Patient/";

const Reference& subject_of(const Encounter& record) {
  return record.subject;
}
const Reference& subject_of(const Condition& record) {
  return record.subject;
}
const Reference& subject_of(const Observation& record) {
  return record.subject;
}
const Reference& subject_of(const Procedure& record) {
  return record.subject;
}
const Reference& subject_of(const Medication& record) {
  return record.subject;
}
const Reference& subject_of(const AllergyIntolerance& record) {
  return record.patient;
}
const Reference& subject_of(const ImagingReport& record) {
  return record.subject;
}
const Reference& subject_of(const Document& record) {
  return record.subject;
}
const Reference& subject_of(const QuestionnaireResponse& record) {
  return record.subject;
}
const Reference& subject_of(const ServiceRequest& record) {
  return record.subject;
}
const Reference& subject_of(const Task& record) {
  return record.patient;
}
const Reference& subject_of(const Communication& record) {
  return record.subject;
}
const Reference& subject_of(const Coverage& record) {
  return record.beneficiary;
}
const Reference& subject_of(const Consent& record) {
  return record.patient;
}

/// An appointment names its patient among the participants.
const Reference& subject_of(const Appointment& record) {
  static const Reference none;
  for (const auto& participant : record.participants) {
    if (participant.target.starts_with(patient_prefix)) return participant;
  }
  return none;
}

class Splitter {
 public:
  void add_patient(Patient patient) {
    const auto [entry, fresh] = by_ref_.try_emplace(patient.ref, result_.charts.size());
    for (const auto& identifier : patient.identifiers) {
      const auto key = key_of(identifier);
      if (key.empty()) continue;
      const auto [known, is_new] = by_identifier_.try_emplace(key, entry->second);
      if (!is_new && known->second != entry->second) known->second = ambiguous;
    }
    if (fresh) result_.charts.emplace_back();
    result_.charts[entry->second].patient = std::move(patient);
  }

  template <typename T>
  void add_all(std::vector<T>& from, std::vector<T> RecordSet::*list, const char* element) {
    for (auto& record : from) {
      if (auto* chart = chart_of(subject_of(record))) {
        (chart->records.*list).push_back(std::move(record));
      } else {
        refuse(record, subject_of(record), element);
      }
    }
  }

  Charts take() { return std::move(result_); }

 private:
  static constexpr std::size_t ambiguous = static_cast<std::size_t>(-1);

  static std::string key_of(const Identifier& identifier) {
    const auto& value = identifier.value.reveal();
    return value.empty() ? std::string() : identifier.system + '|' + value;
  }

  Chart* chart_of(const Reference& subject) {
    if (const auto known = by_ref_.find(subject.target); known != by_ref_.end()) {
      return &result_.charts[known->second];
    }
    if (subject.target.starts_with(patient_prefix)) {
      Patient known_by_reference_only;
      known_by_reference_only.ref = subject.target;
      add_patient(std::move(known_by_reference_only));
      return &result_.charts.back();
    }
    if (!subject.target.empty()) return nullptr;
    const auto match = by_identifier_.find(key_of(subject.identifier));
    const bool one = match != by_identifier_.end() && match->second != ambiguous;
    return one ? &result_.charts[match->second] : nullptr;
  }

  void refuse(const Record& record, const Reference& subject, const char* element) {
    Issue issue;
    issue.severity = Severity::warning;
    issue.path = record.provenance.path + "." + element;
    if (subject.empty() && subject.target.empty()) {
      issue.code = "required";
      issue.text = "the record names no patient; expected a reference to one. It was left out";
    } else {
      issue.code = "not-found";
      issue.text = "'" + (subject.target.empty() ? subject.written : subject.target) +
                   "' is no patient that could be resolved. The record was left out";
    }
    result_.issues.push_back(std::move(issue));
  }

  Charts result_;
  std::map<std::string, std::size_t> by_ref_;
  std::map<std::string, std::size_t> by_identifier_;
};

}  // namespace

Charts split_charts(RecordSet records) {
  keep_latest(records);
  Splitter splitter;
  for (auto& patient : records.patients) splitter.add_patient(std::move(patient));
  splitter.add_all(records.coverages, &RecordSet::coverages, "beneficiary");
  splitter.add_all(records.consents, &RecordSet::consents, "patient");
  splitter.add_all(records.encounters, &RecordSet::encounters, "subject");
  splitter.add_all(records.conditions, &RecordSet::conditions, "subject");
  splitter.add_all(records.observations, &RecordSet::observations, "subject");
  splitter.add_all(records.procedures, &RecordSet::procedures, "subject");
  splitter.add_all(records.medications, &RecordSet::medications, "subject");
  splitter.add_all(records.allergies, &RecordSet::allergies, "patient");
  splitter.add_all(records.imaging, &RecordSet::imaging, "subject");
  splitter.add_all(records.documents, &RecordSet::documents, "subject");
  splitter.add_all(records.questionnaire_responses, &RecordSet::questionnaire_responses, "subject");
  splitter.add_all(records.service_requests, &RecordSet::service_requests, "subject");
  splitter.add_all(records.tasks, &RecordSet::tasks, "for");
  splitter.add_all(records.appointments, &RecordSet::appointments, "participant");
  splitter.add_all(records.communications, &RecordSet::communications, "subject");
  return splitter.take();
}

}  // namespace meridian
