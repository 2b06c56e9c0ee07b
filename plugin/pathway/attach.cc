// SPDX-License-Identifier: Apache-2.0
#include "pathway/attach.h"

#include <algorithm>
#include <set>

#include "pathway/meaning.h"
#include "pathway/referral_service.h"
#include "pathway/when.h"

namespace meridian {
namespace {

constexpr std::string_view dicom = "http://dicom.nema.org/resources/ontology/DCM";

std::string modality_of(const Concept& code, const std::vector<std::string>& dicom_codes,
                        const Terminology& terminology) {
  if (const auto modality = mapped("imaging-modality", code, terminology)) return *modality;
  if (dicom_codes.empty()) return {};
  const Coding coding{std::string(dicom), dicom_codes.front(), {}};
  return terminology.translate("dicom-modality", coding).value_or(dicom_codes.front());
}

bool is_therapy(const std::string& category) {
  return category == "acupuncture" || category == "dry_needling" || category == "manual_therapy" ||
         category == "physical_therapy";
}

bool wrong(const std::string& status) {
  return status == "entered-in-error" || status == "not-done" || status == "cancelled" ||
         status == "not-taken";
}

class Attacher {
 public:
  Attacher(const std::vector<Group>& groups, const Terminology& terminology, int window_days)
      : groups_(groups), terminology_(terminology), window_(window_days), result_(groups.size()) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      for (const auto& anchor : groups[i].anchors) home_.emplace(anchor.ref, i);
    }
  }

  void consider(const Procedure& procedure) {
    if (home_.contains(procedure.ref) || wrong(procedure.status)) return;
    const auto category = category_of(procedure, terminology_);
    const bool has_reason = !procedure.reason_codes.empty() || !procedure.reason_references.empty();
    if (!category || has_reason) return;
    auto home = home_of(procedure.encounter);
    if (!home) home = home_of(procedure.based_on);
    if (!home && is_therapy(*category)) home = home_at(procedure.performed.start);
    if (home) result_[*home].procedures.push_back(procedure_member(procedure, terminology_));
  }

  void consider(const Medication& medication) {
    if (wrong(medication.status)) return;
    const auto& date =
        medication.authored.empty() ? medication.effective.start : medication.authored;
    auto home = home_of(medication.reason_references);
    const bool has_reason =
        !medication.reason_codes.empty() || !medication.reason_references.empty();
    if (!home && !has_reason) home = home_of(medication.encounter);
    if (!home && any_back_pain(medication.reason_codes, terminology_)) home = home_at(date);
    if (!home) return;
    const auto classes = medication_classes(medication.code, terminology_);
    EpisodeMedication member{medication.ref, classes.empty() ? "" : classes.front()};
    result_[*home].medications.push_back({std::move(member), medication.ref, date});
  }

  void consider(const Observation& observation) {
    if (wrong(observation.status)) return;
    auto home = home_of(observation.encounter);
    if (!home) home = home_of(observation.based_on);
    if (const auto instrument = mapped("outcome-instrument", observation.code, terminology_)) {
      if (!home) home = home_at(observation.effective);
      if (!home) return;
      EpisodeScore score{observation.ref, *instrument, observation.quantity.value};
      result_[*home].scores.push_back({std::move(score), observation.ref, observation.effective});
    } else if (home) {
      add_image(observation, *home);
    }
  }

  void consider(const ImagingReport& report) {
    if (home_.contains(report.ref) || wrong(report.status)) return;
    if (!is_imaging(report, terminology_)) return;
    auto home = home_of(report.based_on);
    const bool says_nothing = report.code.codings.empty() && report.body_sites.empty();
    if (!home && says_nothing) home = home_of(report.encounter);
    if (home) result_[*home].imaging.push_back(imaging_member(report, terminology_));
  }

  void consider(const ServiceRequest& request) {
    if (home_.contains(request.ref) || wrong(request.status)) return;
    if (request.do_not_perform || !request.contained_in.empty()) return;
    if (!request.reason_codes.empty() || !request.reason_references.empty()) return;
    if (!referral_service(request, terminology_)) return;
    auto home = home_of(request.encounter);
    if (!home) home = home_of(request.based_on);
    if (home) result_[*home].referrals.push_back({request.ref, request.ref, request.authored});
  }

  std::vector<Attachments> take() { return std::move(result_); }

 private:
  using Home = std::optional<std::size_t>;

  Home home_of(const Reference& reference) const {
    const auto found = home_.find(reference.target);
    return found == home_.end() ? Home() : Home(found->second);
  }

  Home home_of(const std::vector<Reference>& references) const {
    for (const auto& reference : references) {
      if (const auto home = home_of(reference)) return home;
    }
    return std::nullopt;
  }

  /// The episode between whose first anchor and window end the date lies; else the one whose
  /// stated onset reaches back to it.
  Home home_at(const PartialDate& date) const {
    const auto at = earliest(date);
    if (!at) return std::nullopt;
    Home by_onset;
    for (std::size_t i = groups_.size(); i-- > 0;) {
      const auto& group = groups_[i];
      if (!group.end || *at > *group.end + Days(window_)) continue;
      if (*at >= *group.begin) return i;
      if (*at >= *group.window_begin) by_onset = i;
    }
    return by_onset;
  }

  void add_image(const Observation& observation, std::size_t home) {
    const auto region = mapped("imaging-region", observation.code, terminology_)
                            ? region_of(observation.code, terminology_)
                            : std::nullopt;
    if (!region) return;
    EpisodeImaging image{observation.ref, modality_of(observation.code, {}, terminology_), *region};
    result_[home].imaging.push_back({std::move(image), observation.ref, observation.effective});
  }

  const std::vector<Group>& groups_;
  const Terminology& terminology_;
  const int window_;
  std::map<std::string, std::size_t> home_;  ///< ref of an anchor to its group
  std::vector<Attachments> result_;
};

}  // namespace

Member<EpisodeImaging> imaging_member(const ImagingReport& report, const Terminology& terminology) {
  EpisodeImaging image{report.ref, modality_of(report.code, report.modalities, terminology),
                       imaging_region(report, terminology).value_or("")};
  return {std::move(image), report.ref,
          report.effective.empty() ? report.issued : report.effective};
}

Member<EpisodeProcedure> procedure_member(const Procedure& procedure,
                                          const Terminology& terminology) {
  EpisodeProcedure member{procedure.ref,
                          category_of(procedure, terminology).value_or("other_spine")};
  return {std::move(member), procedure.ref, procedure.performed.start};
}

std::vector<Attachments> attach(const std::vector<Group>& groups, const RecordSet& records,
                                const Terminology& terminology, int window_days) {
  Attacher attacher(groups, terminology, window_days);
  for (const auto& procedure : records.procedures) attacher.consider(procedure);
  for (const auto& medication : records.medications) attacher.consider(medication);
  for (const auto& observation : records.observations) attacher.consider(observation);
  for (const auto& report : records.imaging) attacher.consider(report);
  for (const auto& request : records.service_requests) attacher.consider(request);
  return attacher.take();
}

}  // namespace meridian
