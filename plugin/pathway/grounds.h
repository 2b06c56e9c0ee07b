// SPDX-License-Identifier: Apache-2.0
// What an assessment states about the patient, flat, so that a later look can be compared with it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/assessment.h"

namespace meridian {

/// One statement that a receiver acts on.
struct Ground {
  std::string kind;    ///< flag, caution, coverage, or missing: one that blocks acupuncture
  std::string rule;    ///< rule id; for missing the question's
  std::string weight;  ///< severity; "manual/electro"; covered, not_covered ...; open
  std::string text;
  std::string source;
  std::vector<std::string> evidence;  ///< sorted refs
  /// It rests on a record that the receiver may not have: its words are for the surgeon only.
  bool withheld = false;
};

/// What is said about a ground whose words the receiver may not have.
inline constexpr const char* withheld_words =
    "a statement that rests on records withheld by policy; ask the referring practice before "
    "treatment";

/// All statements, sorted; those of one kind, rule and weight together once.
std::vector<Ground> grounds_of(const Assessment& assessment);

/// How two looks differ. Evidence alone makes no difference here: a record that changed and still
/// says the same is the packet's matter.
struct Difference {
  std::vector<Ground> added;
  std::vector<Ground> gone;
  std::vector<std::pair<Ground, Ground>> changed;  ///< one rule, another weight: before and now

  bool empty() const { return added.empty() && gone.empty() && changed.empty(); }
};

/// Pure; the order of either list does not matter.
Difference compare(const std::vector<Ground>& before, const std::vector<Ground>& now);

/// "text [rule RF07, source ACR]". `for_surgeon`: also what the receiver may not have.
std::string in_words(const Ground& ground, bool for_surgeon);

/// "new: ...; no longer: ...; now relative/absolute, was caution/caution: ..."; "" for none.
std::string in_words(const Difference& difference, bool for_surgeon);

}  // namespace meridian
