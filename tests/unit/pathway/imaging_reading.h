// SPDX-License-Identifier: Apache-2.0
// What the words of a report are read as, for tests of the reading itself.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "pathway/imaging/read_report.h"
#include "unit/pathway/builders.h"

namespace meridian::test {

/// "disc_bulge L4-L5, central_stenosis L4-L5 not", in the order of the text.
inline std::string read(std::string_view narrative) {
  std::string all;
  for (const auto& finding : imaging::read_report(narrative, rules().imaging).findings) {
    if (!all.empty()) all += ", ";
    all += finding.kind;
    if (!finding.level.empty()) all += ' ' + finding.level;
    if (finding.negated) all += " not";
    if (finding.historical) all += " then";
  }
  return all;
}

/// Whether a serious finding of now is read, or a person is asked to read the text.
inline bool somebody_is_told(const std::string& text) {
  const auto reading = imaging::read_report(text, rules().imaging);
  return !reading.unread.empty() ||
         std::any_of(reading.findings.begin(), reading.findings.end(), [](const auto& finding) {
           const auto& tier = imaging_kind(rules().imaging, finding.kind)->tier;
           return tier == "serious" && !finding.negated && !finding.historical;
         });
}

}  // namespace meridian::test
