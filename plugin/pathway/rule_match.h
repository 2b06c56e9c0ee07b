// SPDX-License-Identifier: Apache-2.0
// Whether one condition of a rule holds: codes, answers, measures, ages and combinations.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/rulebook.h"
#include "pathway/facts.h"
#include "pathway/screening.h"

namespace meridian {

/// Everything a rule looks at, read once. Refers to the chart, rules and terminology it was made
/// from: they must outlive it.
struct RuleContext {
  RuleContext(const Chart& chart, const RuleBook& rules, const Terminology& terminology,
              const std::vector<Answer>& answers, Instant at);

  const Chart& chart;
  const RuleBook& rules;
  const Terminology& terminology;
  Instant at;
  Instant screened_at;  ///< when an answer must have been young enough: `at`, or the release
  std::vector<Fact> facts;
  /// Positions in `facts` by value set: most records mean nothing to any rule.
  std::map<std::string, std::vector<std::size_t>, std::less<>> facts_by_set;
  std::vector<Answer> answers;  ///< newest per question
  std::optional<Age> age;
  bool back_pain = false;            ///< a back-pain record is active or within the episode gap
  const Episode* episode = nullptr;  ///< what is assessed; null where there is none

  /// Facts in any of the value sets, in the order of `facts`.
  std::vector<const Fact*> facts_in(const std::vector<std::string>& value_sets) const;
};

/// A condition of a rule that holds.
struct Firing {
  std::string effect;
  std::vector<std::string> evidence;  ///< sorted refs
  std::optional<Instant> until;       ///< when the window or answer it rests on runs out
  bool by_words = false;              ///< a record counts by its words, its code is unknown
  /// The sentences of reports that it was read out of; empty for what is coded. One with sentences
  /// is no ground of another rule and of no combination.
  std::vector<std::string> sentences;
};

/// The record counts of `codes` (see RuleCodes). `ask` is not resolved here.
std::optional<Firing> match(const RuleCodes& codes, const RuleContext& context);

/// A yes counts for its own age limit, at least for 14 days, and when undated; a no for its limit.
std::optional<Firing> match(const RuleAnswer& answer, const RuleContext& context);

std::optional<Firing> match(const RuleMeasure& measure, const RuleContext& context);

/// Read in a report as seen, not negated, not historical, and not by ultrasound where that shows
/// nothing.
std::optional<Firing> match(const RuleFinding& finding, const RuleContext& context);

/// The day is read from valueDateTime as written.
std::optional<Firing> match(const RuleDue& due, const RuleContext& context);

/// Uncertain birth dates count when they may be in the range.
std::optional<Firing> match(const RuleAge& age, const RuleContext& context);

/// What of each rule of the book holds by itself, without combinations.
struct FiredRules {
  std::vector<std::vector<Firing>> red_flags;  ///< in the order of the rule book
  std::vector<std::vector<Firing>> contraindications;
  /// Ids of the rules that hold on more than sentences, each with the refs behind it.
  std::map<std::string, std::set<std::string>> by_id;
};

/// The refs behind what makes the combination hold; nothing when it does not.
std::optional<std::set<std::string>> match(const RuleCombination& combination,
                                           const FiredRules& fired, const RuleContext& context);

/// True when every required screening question of the rule has a fresh no.
bool all_answered_no(const std::string& rule, const RuleContext& context);

/// True when one of the answers is given, and fresh.
bool lifted(const std::vector<RuleAnswer>& lifted_by, const RuleContext& context);

/// The earlier of two instants of which either may be missing.
std::optional<Instant> sooner(std::optional<Instant> a, std::optional<Instant> b);

}  // namespace meridian
