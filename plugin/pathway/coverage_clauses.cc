// SPDX-License-Identifier: Apache-2.0
#include "pathway/coverage_clauses.h"

#include <algorithm>
#include <string_view>

namespace meridian {
namespace {

/// A code of the episode or the order, with the record it stands in.
struct Stated {
  std::string ref;
  const Concept* coded;
};

class ClauseJudge {
 public:
  ClauseJudge(const CoverageCase& coverage_case, std::vector<Missing>& missing)
      : case_(coverage_case), context_(coverage_case.context), missing_(missing) {
    collect_stated();
    absence_known_ = completeness_of(case_.history, "conditions") == Completeness::complete &&
                     completeness_of(case_.history, "procedures") == Completeness::complete;
  }

  Verdict judge(const CoverageClause& clause) {
    if (!clause.question.empty()) {
      if (auto verdict = by_answer(clause)) return *verdict;
    }
    if (clause.test == "diagnosis_among") return diagnosis_among(clause);
    if (clause.test == "duration_at_least") return duration_at_least(clause);
    if (clause.test == "no_diagnosis_among") return no_diagnosis_among(clause);
    if (clause.test == "uncertain_with") return uncertain_with(clause);
    return {"uncertain", "this test is not known", {}};
  }

 private:
  void collect_stated() {
    const auto& records = context_.chart.records;
    const auto state = [&](const std::string& ref, const std::vector<Concept>& concepts) {
      for (const auto& coded : concepts) stated_.push_back({ref, &coded});
    };
    if (case_.episode != nullptr) {
      const auto listed = [](const std::vector<std::string>& refs, const std::string& ref) {
        return std::find(refs.begin(), refs.end(), ref) != refs.end();
      };
      for (const auto& condition : records.conditions) {
        if (listed(case_.episode->conditions, condition.ref)) {
          stated_.push_back({condition.ref, &condition.code});
        }
      }
      for (const auto& encounter : records.encounters) {
        if (listed(case_.episode->encounters, encounter.ref)) {
          state(encounter.ref, encounter.reason_codes);
        }
      }
    }
    if (case_.referral != nullptr) state(case_.referral->ref, case_.referral->reason_codes);
  }

  std::optional<Verdict> by_answer(const CoverageClause& clause) const {
    for (const auto* value : {"yes", "no"}) {
      if (const auto firing = match(RuleAnswer{clause.question, value, {}}, context_)) {
        Verdict verdict;
        const bool no = std::string_view(value) == "no";
        const bool open = clause.test == "uncertain_with";
        verdict.status = no ? "covered" : open ? "uncertain" : "not_covered";
        verdict.why = std::string("answered ") + value;
        verdict.evidence.insert(firing->evidence.begin(), firing->evidence.end());
        return verdict;
      }
    }
    return std::nullopt;
  }

  Verdict diagnosis_among(const CoverageClause& clause) const {
    Verdict verdict;
    for (const auto& stated : stated_) {
      for (const auto& name : clause.value_sets) {
        if (context_.terminology.contains(name, *stated.coded)) verdict.evidence.insert(stated.ref);
      }
    }
    if (!verdict.evidence.empty()) return verdict;
    const auto region = case_.episode == nullptr ? "" : case_.episode->body_region;
    for (const auto& stated : stated_) {
      if (meaning_of(*stated.coded, context_.terminology).back_pain()) {
        verdict.evidence.insert(stated.ref);
      }
    }
    const bool elsewhere = region == "cervical" || region == "thoracic";
    verdict.status = elsewhere ? "not_covered" : "uncertain";
    verdict.why = elsewhere ? "the pain is not in the low back"
                            : "no diagnosis of the list is coded; ask the biller";
    return verdict;
  }

  Verdict duration_at_least(const CoverageClause& clause) {
    const int days = clause.days.value_or(0);
    const auto onset = case_.episode == nullptr ? PartialDate{} : case_.episode->onset;
    if (onset.empty()) {
      Missing missing;
      missing.rule = clause.id;
      missing.source = "NCD";
      missing.text = "since when the back hurts: no onset is stated";
      missing.question = "episode.onset";
      missing.blocks_acupuncture = false;
      missing.doors = {"person"};
      missing_.push_back(std::move(missing));
      return {"uncertain", "no onset is stated", {}};
    }
    Verdict verdict;
    for (const auto& condition : context_.chart.records.conditions) {
      if (condition.onset == onset) verdict.evidence.insert(condition.ref);
    }
    const auto needed = Days(days);
    if (context_.at - *latest(onset) >= needed) return verdict;
    const bool surely_shorter = context_.at - *earliest(onset) < needed;
    verdict.status = surely_shorter ? "not_covered" : "uncertain";
    verdict.why = "onset " + onset.text + ", " + std::to_string(days) + " days are needed";
    return verdict;
  }

  bool in_time(const Fact& fact, const CoverageClause& clause) const {
    return !clause.days || fact.from.empty() || may_be_within(fact.from, *clause.days, context_.at);
  }

  bool in_episode(const std::string& ref) const {
    return std::any_of(stated_.begin(), stated_.end(),
                       [&](const Stated& stated) { return stated.ref == ref; });
  }

  static bool is_sequela(const Fact& fact) { return fact.seventh_character == 'S'; }

  /// Sets apart what excludes from what only raises the question.
  Verdict no_diagnosis_among(const CoverageClause& clause) const {
    Verdict fails;
    Verdict open;
    for (const auto& fact : context_.facts) {
      const bool excludes = fact.meaning.in_any(clause.value_sets);
      if (!excludes && !fact.meaning.in_any(clause.open_value_sets)) continue;
      if (!in_time(fact, clause)) continue;
      auto& side = excludes && fact.active && !is_sequela(fact) ? fails : open;
      side.evidence.insert(fact.ref);
    }
    if (!fails.evidence.empty()) {
      fails.status = "not_covered";
      return fails;
    }
    if (!open.evidence.empty()) {
      open.status = "uncertain";
      open.why = "a past record raises the question";
      return open;
    }
    return absence();
  }

  Verdict uncertain_with(const CoverageClause& clause) const {
    Verdict verdict;
    for (const auto& fact : context_.facts) {
      const bool raises =
          fact.meaning.in_any(clause.value_sets) || fact.meaning.in_any(clause.open_value_sets);
      const bool ended = fact.kind == FactKind::condition && !fact.active && !in_episode(fact.ref);
      if (raises && !ended && in_time(fact, clause)) verdict.evidence.insert(fact.ref);
    }
    if (verdict.evidence.empty()) return absence();
    verdict.status = "uncertain";
    verdict.why = "a person answers";
    return verdict;
  }

  /// Nothing was found: that is an answer only when everything was read.
  Verdict absence() const {
    if (absence_known_) return {};
    return {"uncertain", "conditions or procedures were not read completely", {}};
  }

  const CoverageCase& case_;
  const RuleContext& context_;
  std::vector<Stated> stated_;
  std::vector<Missing>& missing_;
  bool absence_known_ = false;
};

}  // namespace

Verdict judge_clause(const CoverageClause& clause, const CoverageCase& coverage_case,
                     std::vector<Missing>& missing) {
  return ClauseJudge(coverage_case, missing).judge(clause);
}

}  // namespace meridian
