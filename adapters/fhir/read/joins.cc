// SPDX-License-Identifier: Apache-2.0
#include "fhir/read/joins.h"

#include <algorithm>
#include <unordered_map>

#include "fhir/read/narrative.h"

namespace meridian::fhir_read {
namespace {

template <typename T>
std::unordered_map<std::string_view, T*> by_ref(std::vector<T>& records) {
  std::unordered_map<std::string_view, T*> index;
  for (auto& record : records) index.emplace(record.ref, &record);
  return index;
}

/// "Impression: no fracture", or the words alone when the observation has no name.
std::string words_of(const Observation& observation) {
  const auto& code = observation.code;
  std::string name = code.text;
  for (const auto& coding : code.codings) {
    if (name.empty()) name = coding.display;
  }
  const auto& words = observation.text.reveal();
  return name.empty() ? words : name + ": " + words;
}

void take_over(ImagingReport& report, const ImagingReport& study) {
  for (const auto& modality : study.modalities) {
    auto& known = report.modalities;
    if (std::find(known.begin(), known.end(), modality) == known.end()) known.push_back(modality);
  }
  report.body_sites.insert(report.body_sites.end(), study.body_sites.begin(),
                           study.body_sites.end());
  if (report.code.empty()) report.code = study.code;
  if (report.effective.empty()) report.effective = study.effective;
}

}  // namespace

void join_drugs(Context& context) {
  if (context.drugs.empty()) return;
  const auto drugs = by_ref(context.drugs);
  for (auto& medication : context.out.medications) {
    if (!medication.code.empty()) continue;
    const auto found = drugs.find(medication.medication.target);
    if (found != drugs.end()) medication.code = found->second->code;
  }
}

void join_results(Context& context) {
  std::unordered_map<std::string_view, const Observation*> worded;
  for (const auto& observation : context.out.observations) {
    if (!observation.text.reveal().empty() && observation.quantity.empty()) {
      worded.emplace(observation.ref, &observation);
    }
  }
  if (worded.empty()) return;
  for (auto& report : context.out.imaging) {
    for (const auto& result : report.results) {
      const auto found = worded.find(result.target);
      if (found != worded.end()) {
        append_paragraph(report.narrative.reveal(), words_of(*found->second));
      }
    }
  }
}

void join_studies(Context& context) {
  auto& imaging = context.out.imaging;
  std::unordered_map<std::string_view, const ImagingReport*> studies;
  for (const auto& record : imaging) {
    if (record.is_study) studies.emplace(record.ref, &record);
  }
  if (studies.empty()) return;
  std::vector<bool> mentioned(imaging.size());
  for (auto& report : imaging) {
    for (const auto& reference : report.studies) {
      const auto found = studies.find(reference.target);
      if (report.is_study || found == studies.end()) continue;
      take_over(report, *found->second);
      mentioned[found->second - imaging.data()] = true;
    }
  }
  std::size_t index = 0;
  std::erase_if(imaging, [&](const ImagingReport&) { return mentioned[index++]; });
}

void join_payors(Context& context) {
  if (context.out.coverages.empty()) return;
  const auto organizations = by_ref(context.out.organizations);
  for (auto& coverage : context.out.coverages) {
    for (const auto& payor : coverage.payors) {
      if (!coverage.payor_name.empty()) break;
      coverage.payor_name = payor.display;
      const auto found = organizations.find(payor.target);
      if (payor.display.empty() && found != organizations.end()) {
        coverage.payor_name = found->second->name;
      }
    }
  }
}

}  // namespace meridian::fhir_read
