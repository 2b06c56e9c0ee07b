// SPDX-License-Identifier: Apache-2.0
#include "pathway/rule_match.h"

#include <algorithm>
#include <array>

#include "pathway/measures.h"

namespace meridian {
namespace {

constexpr int yes_counts_hours = 14 * 24;  ///< red_flags.json: new or worse within 14 days
constexpr int default_max_age_hours = 24;

const char* name_of(FactKind kind) {
  constexpr const char* names[] = {"condition", "procedure", "medication", "allergy", "imaging"};
  return names[static_cast<int>(kind)];
}

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// True when a later record ends what began then (delivery, explant).
bool ended(const PartialDate& from, const std::vector<std::string>& ended_by,
           const RuleContext& context) {
  if (ended_by.empty()) return false;
  const auto began = earliest(from);
  const auto others = context.facts_in(ended_by);
  return std::any_of(others.begin(), others.end(), [&](const Fact* other) {
    const auto when = earliest(other->from);
    return when && (!began || *when >= *began);
  });
}

bool in_window(const Fact& fact, const RuleCodes& codes, Instant at) {
  if (fact.from.empty()) return !codes.needs_date;
  return !codes.window_days || may_be_within(fact.from, *codes.window_days, at);
}

bool seventh_counts(const Fact& fact, const RuleCodes& codes) {
  if (codes.seventh_characters.empty() || fact.seventh_character == 0) return true;
  return contains(codes.seventh_characters, std::string(1, fact.seventh_character));
}

bool counts(const Fact& fact, const RuleCodes& codes, const RuleContext& context) {
  if (!codes.records.empty() && !contains(codes.records, name_of(fact.kind))) return false;
  if (codes.active_only && !codes.covered_days && !fact.active) return false;
  return seventh_counts(fact, codes) && in_window(fact, codes, context.at) &&
         !ended(fact.from, codes.ended_by, context);
}

/// The longest run of days with supply, within the window that ends at `at`.
int longest_supply(const RuleContext& context, const std::vector<const Fact*>& facts,
                   int window_days) {
  std::vector<std::pair<Day, Day>> runs;
  const auto today = std::chrono::floor<Days>(context.at);
  for (const auto& medication : context.chart.records.medications) {
    const bool counted = std::any_of(facts.begin(), facts.end(),
                                     [&](const Fact* fact) { return fact->ref == medication.ref; });
    const auto& date =
        medication.authored.empty() ? medication.effective.start : medication.authored;
    const auto first = date.first_day();
    if (!counted || !first || !medication.days_supply) continue;
    const Day begin = std::max(*first, today - Days(window_days));
    runs.emplace_back(begin, std::min(*first + Days(*medication.days_supply), today));
  }
  std::sort(runs.begin(), runs.end());
  int longest = 0;
  Day begin{};
  Day end{};
  for (const auto& [run_begin, run_end] : runs) {
    if (run_begin > end) begin = run_begin;
    end = std::max(end, run_end);
    longest = std::max(longest, static_cast<int>((end - begin).count()));
  }
  return longest;
}

/// Refs of the records a clause asks for beside its own: of any time for conditions, current for
/// medicines.
template <typename Clause>
std::set<std::string> companions(const Clause& codes, const std::set<std::string>& own,
                                 const RuleContext& context) {
  std::set<std::string> refs;
  for (const auto* fact : context.facts_in(codes.with_value_sets)) {
    if (own.contains(fact->ref)) continue;
    if (fact->kind == FactKind::medication && !fact->active) continue;
    const bool in_time = !codes.with_window_days || fact->from.empty() ||
                         may_be_within(fact->from, *codes.with_window_days, context.at);
    if (in_time) refs.insert(fact->ref);
  }
  return refs;
}

std::optional<Instant> window_end(const Fact& fact, std::optional<int> window_days) {
  const auto last = latest(fact.from);
  auto end = last && window_days ? std::optional(*last + Days(*window_days)) : std::nullopt;
  return sooner(end, fact.until);
}

int answer_hours(std::string_view question, std::string_view value, const RuleContext& context) {
  const auto* asked = question_of(context.rules, question);
  const int limit = asked == nullptr ? default_max_age_hours : asked->max_age_hours;
  return value == "yes" ? std::max(limit, yes_counts_hours) : limit;
}

/// The answer when it has this value and is young enough for it.
const Answer* given(std::string_view question, std::string_view value, const RuleContext& context) {
  const auto* answer = answer_to(context.answers, question);
  if (answer == nullptr || answer->value != value) return nullptr;
  const auto until = fresh_until(*answer, answer_hours(question, value, context));
  if (!until) return value == "yes" ? answer : nullptr;
  return *until >= (value == "yes" ? context.at : context.screened_at) ? answer : nullptr;
}

}  // namespace

RuleContext::RuleContext(const Chart& chart_, const RuleBook& rules_,
                         const Terminology& terminology_, const std::vector<Answer>& answers_,
                         Instant at_)
    : chart(chart_),
      rules(rules_),
      terminology(terminology_),
      at(at_),
      screened_at(at_),
      facts(facts_at(chart_, terminology_, at_)),
      answers(newest_answers(answers_, at_)),
      age(age_at(chart_.patient.birth_date.reveal(), at_)),
      back_pain(back_pain_at(facts, rules_.episode_gap_days, at_)) {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    for (const auto& name : facts[i].meaning.sets) facts_by_set[name].push_back(i);
  }
}

std::vector<const Fact*> RuleContext::facts_in(const std::vector<std::string>& value_sets) const {
  std::vector<const Fact*> found;
  for (const auto& name : value_sets) {
    const auto listed = facts_by_set.find(name);
    if (listed == facts_by_set.end()) continue;
    for (const auto position : listed->second) found.push_back(&facts[position]);
  }
  std::sort(found.begin(), found.end());  // one array: by address is by position
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::optional<Firing> match(const RuleCodes& codes, const RuleContext& context) {
  if (codes.with_back_pain && !context.back_pain) return std::nullopt;
  std::vector<const Fact*> found;
  std::set<std::string> distinct;
  for (const auto* fact : context.facts_in(codes.value_sets)) {
    if (!counts(*fact, codes, context)) continue;
    found.push_back(fact);
    distinct.insert(fact->code);
  }
  if (found.empty() || static_cast<int>(distinct.size()) < codes.at_least) return std::nullopt;
  if (codes.covered_days &&
      longest_supply(context, found, codes.window_days.value_or(366)) < *codes.covered_days) {
    return std::nullopt;
  }
  Firing firing;
  firing.effect = codes.effect;
  std::set<std::string> refs;
  for (const auto* fact : found) {
    refs.insert(fact->ref);
    firing.by_words = firing.by_words || fact->meaning.by_words;
    firing.until = sooner(firing.until, window_end(*fact, codes.window_days));
  }
  if (!codes.with_value_sets.empty()) {
    auto beside = companions(codes, refs, context);
    if (beside.empty()) return std::nullopt;
    refs.merge(beside);
  }
  firing.evidence.assign(refs.begin(), refs.end());
  return firing;
}

std::optional<Firing> match(const RuleAnswer& answer, const RuleContext& context) {
  const auto* found = given(answer.question, answer.value, context);
  if (found == nullptr) return std::nullopt;
  Firing firing;
  firing.effect = answer.effect;
  firing.evidence = {found->ref};
  firing.until = fresh_until(*found, answer_hours(answer.question, answer.value, context));
  return firing;
}

std::optional<Firing> match(const RuleMeasure& measure, const RuleContext& context) {
  const auto newest =
      newest_measure(context.chart.records.observations, measure.value_sets, measure.unit,
                     measure.window_days, context.terminology, context.at);
  if (!newest) return std::nullopt;
  if (measure.at_least && newest->value < *measure.at_least) return std::nullopt;
  if (measure.below && newest->value >= *measure.below) return std::nullopt;
  Firing firing;
  firing.effect = measure.effect;
  firing.evidence = {newest->ref};
  if (measure.window_days) firing.until = *latest(newest->at) + Days(*measure.window_days);
  return firing;
}

std::optional<Firing> match(const RuleFinding& clause, const RuleContext& context) {
  Firing firing;
  firing.effect = clause.effect;
  std::set<std::string> refs;
  for (const auto& report : context.chart.records.imaging) {
    const auto& date = report.effective.empty() ? report.issued : report.effective;
    const bool in_time =
        date.empty() || !clause.window_days || may_be_within(date, *clause.window_days, context.at);
    if (!in_time) continue;
    for (const auto& finding : report.findings) {
      const bool seen = finding.evidence && !finding.negated && !finding.historical;
      if (!seen || !contains(clause.kinds, finding.kind)) continue;
      refs.insert(report.ref);
      firing.sentences.push_back(finding.text.reveal());
    }
    const auto last = latest(date);
    if (refs.contains(report.ref) && last && clause.window_days) {
      firing.until = sooner(firing.until, *last + Days(*clause.window_days));
    }
  }
  if (refs.empty()) return std::nullopt;
  firing.evidence.assign(refs.begin(), refs.end());
  return firing;
}

std::optional<Firing> match(const RuleDue& due, const RuleContext& context) {
  constexpr std::array<std::string_view, 3> complete = {"final", "amended", "corrected"};
  const Observation* newest = nullptr;
  for (const auto& observation : context.chart.records.observations) {
    const bool final =
        std::find(complete.begin(), complete.end(), observation.status) != complete.end();
    // Most observations are numbers: what costs comes last.
    if (!final || observation.text.reveal().empty()) continue;
    if (is_future(observation.effective, context.at)) continue;
    if (!meaning_of(observation.code, context.terminology).in_any(due.value_sets)) continue;
    const auto when = earliest(observation.effective);
    if (newest == nullptr || (when && when > earliest(newest->effective))) newest = &observation;
  }
  if (newest == nullptr || ended(newest->effective, due.ended_by, context)) return std::nullopt;
  const auto day = parse_partial_date(newest->text.reveal());
  if (!day) return std::nullopt;
  const bool over = *latest(*day) < context.at - Days(due.days_past);
  const bool far = *earliest(*day) > context.at + Days(due.days_ahead);
  if (over || far) return std::nullopt;
  Firing firing;
  firing.effect = due.effect;
  firing.evidence = {newest->ref};
  firing.until = *latest(*day) + Days(due.days_past);
  return firing;
}

std::optional<Firing> match(const RuleAge& age, const RuleContext& context) {
  if (!context.age) return std::nullopt;
  if (age.from && context.age->most < *age.from) return std::nullopt;
  if (age.under && context.age->least >= *age.under) return std::nullopt;
  Firing firing;
  firing.effect = age.effect;
  firing.evidence = {context.chart.patient.ref};
  return firing;
}

std::optional<std::set<std::string>> match(const RuleCombination& combination,
                                           const FiredRules& fired, const RuleContext& context) {
  std::set<std::string> refs;
  bool holds = false;
  if (combination.age_from && context.age && context.age->most >= *combination.age_from) {
    holds = true;
    refs.insert(context.chart.patient.ref);
  }
  if (!combination.with_value_sets.empty()) {
    auto beside = companions(combination, {}, context);
    holds = holds || !beside.empty();
    refs.merge(beside);
  }
  for (const auto& other : combination.with) {
    const auto equals = other.find('=');
    if (equals != std::string::npos) {
      const auto* found = given(other.substr(0, equals), other.substr(equals + 1), context);
      if (found != nullptr) refs.insert(found->ref);
      holds = holds || found != nullptr;
    } else if (const auto rule = fired.by_id.find(other); rule != fired.by_id.end()) {
      refs.insert(rule->second.begin(), rule->second.end());
      holds = true;
    }
  }
  return holds ? std::optional(std::move(refs)) : std::nullopt;
}

bool all_answered_no(const std::string& rule, const RuleContext& context) {
  bool asked = false;
  for (const auto& question : context.rules.screening) {
    if (question.rule != rule || !question.required) continue;
    asked = true;
    if (given(question.id, "no", context) == nullptr) return false;
  }
  return asked;
}

bool lifted(const std::vector<RuleAnswer>& lifted_by, const RuleContext& context) {
  return std::any_of(lifted_by.begin(), lifted_by.end(), [&](const RuleAnswer& answer) {
    const auto* found = answer_to(context.answers, answer.question);
    if (found == nullptr || found->value != answer.value) return false;
    const auto* asked = question_of(context.rules, answer.question);
    const auto until =
        fresh_until(*found, asked == nullptr ? default_max_age_hours : asked->max_age_hours);
    return until && *until >= context.screened_at;
  });
}

std::optional<Instant> sooner(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

}  // namespace meridian
