// SPDX-License-Identifier: Apache-2.0
#include "pathway/anchors.h"

#include <algorithm>
#include <set>

#include "pathway/meaning.h"
#include "pathway/referral_service.h"
#include "pathway/when.h"

namespace meridian {
namespace {

using Refs = std::set<std::string>;

bool any_in(const std::vector<Reference>& references, const Refs& refs) {
  return std::any_of(references.begin(), references.end(),
                     [&](const Reference& reference) { return refs.contains(reference.target); });
}

void set_time(Anchor& anchor, const PartialDate& start, const PartialDate& end) {
  const auto& last = latest(end) ? end : start;
  anchor.begin = earliest(start) ? earliest(start) : earliest(end);
  anchor.end = latest(last);
  anchor.last = last;
  if (anchor.begin && *anchor.end < *anchor.begin) {  // an end before its start is not believed
    anchor.end = latest(start);
    anchor.last = start;
  }
}

class AnchorFinder {
 public:
  AnchorFinder(const RecordSet& records, const Terminology& terminology)
      : records_(records), terminology_(terminology), positions_(positions_of(records)) {}

  std::vector<Anchor> find() {
    for (std::size_t i = 0; i < records_.conditions.size(); ++i) consider_condition(i);
    for (std::size_t i = 0; i < records_.procedures.size(); ++i) consider_procedure(i);
    for (std::size_t i = 0; i < records_.encounters.size(); ++i) consider_encounter(i);
    for (std::size_t i = 0; i < records_.imaging.size(); ++i) consider_imaging(i);
    for (std::size_t i = 0; i < records_.service_requests.size(); ++i) consider_referral(i);
    return std::move(anchors_);
  }

 private:
  Anchor& add(AnchorKind kind, std::size_t index, const std::string& ref) {
    Anchor anchor;
    anchor.kind = kind;
    anchor.index = index;
    anchor.ref = ref;
    anchors_.push_back(std::move(anchor));
    return anchors_.back();
  }

  void refer(Anchor& anchor, const std::vector<Reference>& references) const {
    for (const auto& reference : references) anchor.refers.push_back(reference.target);
  }

  void set_region(Anchor& anchor, const std::vector<Concept>& codes,
                  const std::vector<Concept>& sites) const {
    const auto from_site = region_of(sites, terminology_);
    const auto region = from_site ? from_site : region_of(codes, terminology_);
    anchor.region = region.value_or("");
  }

  /// The visit in which a record was made, when it is in the chart and has a time.
  const Encounter* dated_visit(const Reference& encounter) const {
    const auto found = positions_.encounters.find(encounter.target);
    if (found == positions_.encounters.end()) return nullptr;
    const auto& visit = records_.encounters[found->second];
    return visit.period.start.empty() && visit.period.end.empty() ? nullptr : &visit;
  }

  bool back_pain_reason(const std::vector<Concept>& codes,
                        const std::vector<Reference>& references) const {
    return any_back_pain(codes, terminology_) || any_in(references, conditions_);
  }

  void consider_condition(std::size_t index) {
    const auto& condition = records_.conditions[index];
    const auto& verification = condition.verification_status;
    if (verification == "refuted" || verification == "entered-in-error") return;
    if (!meaning_of(condition.code, terminology_).back_pain()) return;
    conditions_.insert(condition.ref);
    if (!condition.encounter.target.empty()) visits_.insert(condition.encounter.target);

    auto& anchor = add(AnchorKind::condition, index, condition.ref);
    set_region(anchor, {condition.code}, condition.body_sites);
    if (const auto* visit = dated_visit(condition.encounter)) {
      set_time(anchor, visit->period.start, visit->period.end);
    } else {
      set_time(anchor, condition.onset.empty() ? condition.recorded : condition.onset, {});
    }
    const auto abated = latest(condition.abatement);
    if (abated && (!anchor.end || *abated > *anchor.end)) {
      if (!anchor.begin) anchor.begin = earliest(condition.abatement);
      anchor.end = abated;
      anchor.last = condition.abatement;
    }
  }

  bool procedure_counts(const Procedure& procedure) const {
    if (procedure.status == "entered-in-error" || procedure.status == "not-done") return false;
    const auto category = category_of(procedure, terminology_);
    if (category == "spine_surgery" || category == "spine_injection" ||
        category == "spine_imaging") {
      return true;
    }
    return back_pain_reason(procedure.reason_codes, procedure.reason_references) ||
           region_of(procedure.body_sites, terminology_);
  }

  void consider_procedure(std::size_t index) {
    const auto& procedure = records_.procedures[index];
    if (!procedure_counts(procedure)) return;
    if (!procedure.encounter.target.empty()) visits_.insert(procedure.encounter.target);
    auto& anchor = add(AnchorKind::procedure, index, procedure.ref);
    refer(anchor, procedure.reason_references);
    set_region(anchor, {procedure.code}, procedure.body_sites);
    set_time(anchor, procedure.performed.start, procedure.performed.end);
    const auto* visit = anchor.begin ? nullptr : dated_visit(procedure.encounter);
    if (visit != nullptr) set_time(anchor, visit->period.start, visit->period.end);
  }

  void consider_encounter(std::size_t index) {
    const auto& encounter = records_.encounters[index];
    if (encounter.status == "entered-in-error" || encounter.status == "cancelled") return;
    const bool counts = back_pain_reason(encounter.reason_codes, encounter.reason_references) ||
                        any_in(encounter.diagnoses, conditions_) || visits_.contains(encounter.ref);
    if (!counts) return;
    auto& anchor = add(AnchorKind::encounter, index, encounter.ref);
    refer(anchor, encounter.reason_references);
    refer(anchor, encounter.diagnoses);
    set_region(anchor, encounter.reason_codes, {});
    set_time(anchor, encounter.period.start, encounter.period.end);
  }

  void consider_imaging(std::size_t index) {
    const auto& report = records_.imaging[index];
    if (report.status == "entered-in-error" || report.status == "cancelled") return;
    const auto region = imaging_region(report, terminology_);
    if (!region) return;
    auto& anchor = add(AnchorKind::imaging, index, report.ref);
    anchor.region = *region;
    set_time(anchor, report.effective.empty() ? report.issued : report.effective, {});
    const auto* visit = anchor.begin ? nullptr : dated_visit(report.encounter);
    if (visit != nullptr) set_time(anchor, visit->period.start, visit->period.end);
  }

  bool referral_counts(const ServiceRequest& request) const {
    if (request.status == "entered-in-error" || request.do_not_perform) return false;
    if (!request.contained_in.empty()) return false;  // a copy inside the answer to an order
    const auto category = procedure_category(request.code, terminology_);
    if (category == "spine_imaging") return false;
    if (category == "acupuncture" || category == "spine_surgery") return true;
    const auto service = referral_service(request, terminology_);
    return service == "acupuncture" || service == "spine_surgery" ||
           back_pain_reason(request.reason_codes, request.reason_references);
  }

  void consider_referral(std::size_t index) {
    const auto& request = records_.service_requests[index];
    if (!referral_counts(request)) return;
    auto& anchor = add(AnchorKind::referral, index, request.ref);
    refer(anchor, request.reason_references);
    set_region(anchor, request.reason_codes, request.body_sites);
    const auto& start = request.authored.empty() ? request.occurrence.start : request.authored;
    set_time(anchor, start, {});
    const auto* visit = anchor.begin ? nullptr : dated_visit(request.encounter);
    if (visit != nullptr) set_time(anchor, visit->period.start, visit->period.end);
  }

  const RecordSet& records_;
  const Terminology& terminology_;
  Positions positions_;
  Refs conditions_;  ///< back-pain conditions
  Refs visits_;      ///< encounters named by a back-pain condition or procedure
  std::vector<Anchor> anchors_;
};

}  // namespace

Positions positions_of(const RecordSet& records) {
  Positions positions;
  for (std::size_t i = 0; i < records.encounters.size(); ++i) {
    positions.encounters.emplace(records.encounters[i].ref, i);
  }
  for (std::size_t i = 0; i < records.conditions.size(); ++i) {
    positions.conditions.emplace(records.conditions[i].ref, i);
  }
  return positions;
}

std::vector<Anchor> find_anchors(const RecordSet& records, const Terminology& terminology) {
  return AnchorFinder(records, terminology).find();
}

bool is_imaging(const ImagingReport& report, const Terminology& terminology) {
  if (report.is_study || !report.modalities.empty()) return true;
  if (mapped("imaging-modality", report.code, terminology)) return true;
  return terminology.contains("imaging.category", report.categories);
}

std::optional<std::string> imaging_region(const ImagingReport& report,
                                          const Terminology& terminology) {
  if (const auto region = mapped("imaging-region", report.code, terminology)) {
    return region_of(report.code, terminology);
  }
  if (!is_imaging(report, terminology)) return std::nullopt;
  return region_of(report.body_sites, terminology);
}

std::optional<std::string> category_of(const Procedure& procedure, const Terminology& terminology) {
  return procedure_category(procedure.code, terminology);
}

}  // namespace meridian
