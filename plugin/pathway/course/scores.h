// SPDX-License-Identifier: Apache-2.0
// Scores of pain and function against their baseline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/course.h"
#include "pathway/rule_match.h"

namespace meridian {

/// When the follow-up may have been taken: from the first day to the last.
struct ScoreWindow {
  Day from;
  Day to;
};

/// One score that can be compared.
struct Score {
  std::string ref;
  std::string code;     ///< tells versions of one instrument apart
  std::string written;  ///< as in the record
  double value = 0;
  Day day;
  Instant at;
};

/// The scores of an episode by instrument of the rules. A value that is no number or outside the
/// range is no score. Source: clinical/outcomes.json
class Scores {
 public:
  /// `episode` may be null: then there is none. The context must outlive it.
  Scores(const RuleContext& context, const Episode* episode);

  /// Each instrument that has a score, with what changed since the baseline, which is the newest
  /// score from CourseRules::baseline_days before the course to its first day. Compared is the
  /// newest later score of the window with the same code: another measure or another version of it
  /// is no follow-up. Improved: better by the points or by the percent; below low_baseline by the
  /// percent alone. Worse: worse by the points, or by the percent where there are none. Pure.
  std::vector<ScoreChange> changes(Day began, const ScoreWindow& window) const;

  /// In the order of CourseRules::instruments, each oldest first; empty where there is no score.
  const std::vector<std::vector<Score>>& by_instrument() const { return by_instrument_; }

 private:
  const CourseRules& rules_;
  std::vector<std::vector<Score>> by_instrument_;  ///< in the order of the rules, oldest first
};

/// improved, unchanged, worse or not_measured, from the primary measures alone: worse when one of
/// them is, improved when one is and none is worse.
std::string response_of(const std::vector<ScoreChange>& scores);

}  // namespace meridian
