// SPDX-License-Identifier: Apache-2.0
// What a packet may hold before the profile is asked.
#include <algorithm>

#include "packet/coded.h"
#include "packet/field_profile.h"

namespace meridian::packet {
namespace {

/// Refs in the order they were asked for, each once, and only those that are there.
class Candidates {
 public:
  explicit Candidates(const RecordSet& records) : records_(records) {
    for_each_list(records, [&](const auto& list) {
      for (const auto& record : list) known_.push_back(record.ref);
    });
    std::sort(known_.begin(), known_.end());
  }

  /// An answer's ref may name an item inside its record: "QuestionnaireResponse/1#rf01.saddle".
  void add(const std::string& ref) {
    const auto record = ref.substr(0, ref.find('#'));
    const bool there = std::binary_search(known_.begin(), known_.end(), record);
    const bool taken = std::find(refs_.begin(), refs_.end(), record) != refs_.end();
    if (there && !taken) refs_.push_back(record);
  }
  void add(const Reference& reference) { add(reference.target); }
  void add(const std::vector<Reference>& references) {
    for (const auto& reference : references) add(reference);
  }

  void add_people(const Reference& person) {
    add(person);
    for (const auto& role : records_.practitioner_roles) {
      if (role.ref != person.target) continue;
      add(role.practitioner);
      add(role.organization);
    }
  }

  void add_order(const ServiceRequest& order) {
    add(order.ref);
    add(order.subject);
    add_people(order.requester);
    add(order.insurance);
    for (const auto& coverage : records_.coverages) {
      const bool current = coverage.status.empty() || coverage.status == "active";
      if (current && coverage.beneficiary.target == order.subject.target) add(coverage.ref);
    }
    add(order.reason_references);
    add(order.supporting_info);
  }

  template <typename Entries>
  void add_evidence(const Entries& entries) {
    for (const auto& entry : entries) {
      for (const auto& ref : entry.evidence) add(ref);
    }
  }

  std::vector<std::string> take() { return std::move(refs_); }

 private:
  const RecordSet& records_;
  std::vector<std::string> known_;
  std::vector<std::string> refs_;
};

}  // namespace

std::vector<std::string> packet_candidates(const RecordSet& records, const std::string& order_ref,
                                           const Assessment& assessment) {
  Candidates candidates(records);
  for (const auto& order : records.service_requests) {
    if (order.ref == order_ref) candidates.add_order(order);
  }
  for (const auto& type : assessment.pain_types) {
    for (const auto& ref : type.basis) candidates.add(ref);
  }
  candidates.add_evidence(assessment.flags);
  candidates.add_evidence(assessment.cautions);
  candidates.add_evidence(assessment.coverage);
  candidates.add_evidence(assessment.annotations);
  candidates.add_evidence(assessment.packet);
  return candidates.take();
}

}  // namespace meridian::packet
