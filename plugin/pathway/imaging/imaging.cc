// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/imaging.h"

#include <algorithm>

#include "pathway/anchors.h"
#include "pathway/attach.h"
#include "pathway/imaging/read_report.h"

namespace meridian {
namespace {

bool is_wrong(const ImagingReport& report) {
  return report.status == "entered-in-error" || report.status == "cancelled";
}

/// The code says it; where no code is known, the text does.
bool is_of_the_spine(const ImagingReport& report, const RuleBook& rules,
                     const Terminology& terminology) {
  if (imaging_region(report, terminology)) return true;
  return imaging::about_the_spine(report.code.text + '\n' + report.narrative.reveal(),
                                  rules.imaging);
}

}  // namespace

void read_imaging(Chart& chart, const RuleBook& rules, const Terminology& terminology) {
  if (chart.records.imaging.empty()) return;
  const imaging::Meanings meanings(rules.imaging);
  for (auto& report : chart.records.imaging) {
    if (is_wrong(report) || report.narrative.reveal().empty()) continue;
    if (!is_imaging(report, terminology) && !imaging_region(report, terminology)) continue;
    auto reading = imaging::read_report(report.narrative.reveal(), rules.imaging, meanings);
    if (!is_of_the_spine(report, rules, terminology)) {
      imaging::keep_any_region(reading, rules.imaging);
    }
    const bool ultrasound = imaging_member(report, terminology).value.modality == "US";
    for (auto& finding : reading.findings) {
      finding.evidence = !ultrasound || imaging_kind(rules.imaging, finding.kind)->by_ultrasound;
    }
    report.findings = std::move(reading.findings);
    report.unread = std::move(reading.unread);
  }
}

}  // namespace meridian
