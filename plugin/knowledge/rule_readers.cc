// SPDX-License-Identifier: Apache-2.0
// Red flags and contraindications into the RuleBook. The formats are described in
// fhir-profiles/README.md.
#include <algorithm>

#include "knowledge/readers.h"

namespace meridian {
namespace {

using Words = std::initializer_list<std::string_view>;

const Words red_flag_effects = {"emergency", "urgent", "routine", "hold", "ask", "modifier"};
const Words severities = {"absolute", "relative", "caution", "information", "none"};
const Words scopes = {"whole", "site", "limb", "spine", "level", "thorax", "electro", "needle"};
const Words record_kinds = {"condition", "procedure", "medication", "allergy", "imaging"};
const Words lanes = {"emergency", "spine_surgery", "rheumatology", "obstetric", "vascular"};

bool is_one_of(std::string_view word, const Words& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Reads the conditions of one kind of rule; the kinds differ in what an effect may be.
class ConditionReader {
 public:
  ConditionReader(const RuleScope& scope, bool red_flags) : scope_(scope), red_flags_(red_flags) {}

  RuleCodes codes(const JsonNode& node) const {
    node.only({"value_sets", "records", "window_days", "needs_date", "active_only", "at_least",
               "with_back_pain", "with_value_sets", "with_window_days", "seventh_characters",
               "ended_by", "covered_days", "lifted_by", "effect", "note"});
    RuleCodes codes;
    codes.value_sets = needed_sets(node);
    codes.records = records(node);
    codes.window_days = node.number("window_days");
    codes.needs_date = node.flag_or("needs_date", false);
    codes.active_only = node.flag_or("active_only", false);
    codes.at_least = node.number("at_least").value_or(1);
    if (codes.at_least < 1) node.fault("value", "expected 1 or more", "at_least");
    codes.with_back_pain = node.flag_or("with_back_pain", false);
    codes.with_value_sets = known_sets(node, "with_value_sets", scope_.terminology);
    codes.with_window_days = node.number("with_window_days");
    codes.seventh_characters = node.texts("seventh_characters");
    codes.ended_by = known_sets(node, "ended_by", scope_.terminology);
    codes.covered_days = node.number("covered_days");
    node.each("lifted_by", [&](const JsonNode& item) {
      item.only({"question", "value", "note"});
      codes.lifted_by.push_back(given(item));
    });
    codes.effect = effect(node);
    return codes;
  }

  RuleAnswer answer(const JsonNode& node) const {
    node.only({"question", "value", "effect", "note"});
    auto answer = given(node);
    answer.effect = effect(node);
    return answer;
  }

  RuleMeasure measure(const JsonNode& node) const {
    node.only({"value_sets", "at_least", "below", "unit", "window_days", "effect", "note"});
    RuleMeasure measure;
    measure.value_sets = needed_sets(node);
    measure.at_least = node.decimal("at_least");
    measure.below = node.decimal("below");
    if (!measure.at_least && !measure.below) node.fault("required", "expected at_least or below");
    measure.unit = node.text("unit");
    measure.window_days = node.number("window_days");
    measure.effect = effect(node);
    return measure;
  }

  RuleFinding finding(const JsonNode& node) const {
    node.only({"kinds", "window_days", "effect", "note"});
    RuleFinding finding{node.texts("kinds"), node.number("window_days"), effect(node)};
    if (red_flags_ && finding.effect != "hold" && finding.effect != "modifier") {
      node.fault("invalid", "what is read out of a narrative may hold, and no more", "effect");
    }
    if (finding.kinds.empty()) node.fault("required", "expected kinds of findings", "kinds");
    for (const auto& kind : finding.kinds) {
      if (scope_.findings.contains(kind)) continue;
      node.fault("not-found", "'" + kind + "' is not in imaging_findings.json", "kinds");
    }
    return finding;
  }

  RuleDue due(const JsonNode& node) const {
    node.only({"value_sets", "days_past", "days_ahead", "ended_by", "effect", "note"});
    return {needed_sets(node), node.number("days_past").value_or(0),
            node.number("days_ahead").value_or(0), known_sets(node, "ended_by", scope_.terminology),
            effect(node)};
  }

  RuleCare care(const JsonNode& node) const {
    node.only({"categories", "days", "instruments", "improved_percent", "effect", "note"});
    RuleCare care{node.texts("categories"), node.number("days").value_or(0),
                  node.texts("instruments"), node.number("improved_percent").value_or(0),
                  effect(node)};
    if (care.categories.empty()) node.fault("required", "expected categories", "categories");
    if (care.days < 1) node.fault("value", "expected 1 or more", "days");
    if (!care.instruments.empty() && care.improved_percent < 1) {
      node.fault("required", "by how much is better?", "improved_percent");
    }
    return care;
  }

  static RuleAct act(const JsonNode& node) {
    node.only({"effect", "who", "within_hours", "note"});
    return {word_of(node, "effect", {"emergency", "urgent", "hold", "routine"}),
            std::string(node.text("who")), node.number("within_hours")};
  }

  RuleAge age(const JsonNode& node) const {
    node.only({"from", "under", "effect", "note"});
    RuleAge age{node.number("from"), node.number("under"), effect(node)};
    if (!age.from && !age.under) node.fault("required", "expected from or under");
    return age;
  }

  RuleCombination combination(const JsonNode& node) const {
    node.only({"with", "age_from", "with_value_sets", "with_window_days", "effect", "note"});
    RuleCombination combination{node.texts("with"), node.number("age_from"),
                                known_sets(node, "with_value_sets", scope_.terminology),
                                node.number("with_window_days"), effect(node)};
    if (combination.with.empty() && !combination.age_from && combination.with_value_sets.empty()) {
      node.fault("required", "expected with, with_value_sets or age_from");
    }
    for (const auto& other : combination.with) {
      const auto equals = other.find('=');
      const bool known = equals == std::string::npos
                             ? scope_.rules.contains(other)
                             : scope_.questions.contains(other.substr(0, equals));
      if (!known) node.fault("not-found", "'" + other + "' is no rule or question", "with");
    }
    return combination;
  }

 private:
  std::vector<std::string> needed_sets(const JsonNode& node) const {
    auto names = known_sets(node, "value_sets", scope_.terminology);
    if (names.empty()) node.fault("required", "expected value sets", "value_sets");
    return names;
  }

  static std::vector<std::string> records(const JsonNode& node) {
    auto records = node.texts("records");
    if (records.empty()) node.fault("required", "expected a kind of record", "records");
    for (const auto& record : records) {
      if (is_one_of(record, record_kinds)) continue;
      node.fault("value", "'" + record + "' is no kind of record", "records");
    }
    return records;
  }

  RuleAnswer given(const JsonNode& node) const {
    RuleAnswer answer{std::string(node.text("question")), std::string(node.text("value")), {}};
    if (!scope_.questions.contains(answer.question)) {
      node.fault("not-found", "'" + answer.question + "' is not in screening.json", "question");
    }
    return answer;
  }

  /// A word of red flags; for contraindications one severity, two ("relative/absolute") or none.
  std::string effect(const JsonNode& node) const {
    if (red_flags_) return word_of(node, "effect", red_flag_effects);
    std::string effect(node.text_or("effect", {}));
    if (effect.empty()) return effect;
    const auto slash = effect.find('/');
    const bool known =
        is_one_of(std::string_view(effect).substr(0, slash), severities) &&
        (slash == std::string::npos || is_one_of(effect.substr(slash + 1), severities));
    if (!known) node.fault("value", "expected a severity, or two as needles/current", "effect");
    return effect;
  }

  const RuleScope& scope_;
  const bool red_flags_;
};

/// What red flags and contraindications have in common. Returns whether there is any condition.
template <typename Rule>
bool read_common(const JsonNode& node, const ConditionReader& reader, const RuleBook& book,
                 Rule& rule) {
  rule.id = node.text("id");
  rule.label = node.text("label");
  rule.action = node.text("action");
  rule.source = known_source(node, book);
  rule.decidable = node.flag_or("decidable", true);
  const auto all = [&](std::string_view key, auto& list, auto read) {
    node.each(key, [&](const JsonNode& item) { list.push_back((reader.*read)(item)); });
  };
  all("codes", rule.codes, &ConditionReader::codes);
  all("answers", rule.answers, &ConditionReader::answer);
  all("measures", rule.measures, &ConditionReader::measure);
  all("findings", rule.findings, &ConditionReader::finding);
  all("combinations", rule.combinations, &ConditionReader::combination);
  return !rule.codes.empty() || !rule.answers.empty() || !rule.measures.empty() ||
         !rule.findings.empty();
}

/// A rule with nothing to decide on must say so, or it would look as if it had been looked at.
void check_decidable(const JsonNode& node, bool decidable, bool has_condition) {
  if (decidable && !has_condition) {
    node.fault("invalid", "has nothing to decide on; say \"decidable\": false", "decidable");
  }
  if (!decidable && has_condition) {
    node.fault("invalid", "has something to decide on but is not decidable", "decidable");
  }
}

/// Somebody must act on whatever stops a referral, or it waits for nobody.
void check_acts(const JsonNode& node, const RedFlagRule& rule) {
  std::set<std::string> effects;
  const auto add = [&](const auto& clauses) {
    for (const auto& clause : clauses) {
      effects.insert(clause.effect == "ask" ? "hold" : clause.effect);
    }
  };
  add(rule.codes);
  add(rule.answers);
  add(rule.measures);
  add(rule.findings);
  add(rule.ages);
  add(rule.care);
  add(rule.combinations);
  for (const char* effect : {"emergency", "urgent", "hold"}) {
    const bool named = std::any_of(rule.acts.begin(), rule.acts.end(),
                                   [&](const RuleAct& act) { return act.effect == effect; });
    if (named || !effects.contains(effect)) continue;
    node.fault("required", "nobody is named who must act on effect " + std::string(effect), "acts");
  }
}

}  // namespace

void read_rule_ids(const JsonNode& root, std::string_view key, RuleScope& scope) {
  root.each(key, [&](const JsonNode& node) { scope.rules.emplace(node.text("id")); });
}

void read_red_flags(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.red_flags/1");
  root.only({"format", "red_flags", "note"});
  const ConditionReader reader(scope, true);
  std::set<std::string> seen;
  root.each("red_flags", [&](const JsonNode& node) {
    node.only({"id", "label", "action", "source", "also", "codes", "answers", "measures",
               "findings", "ages", "care", "combinations", "acts", "acupuncture", "lane",
               "decidable", "note"});
    RedFlagRule rule;
    const bool has_condition = read_common(node, reader, book, rule);
    node.each("ages", [&](const JsonNode& item) { rule.ages.push_back(reader.age(item)); });
    node.each("care", [&](const JsonNode& item) { rule.care.push_back(reader.care(item)); });
    node.each("acts",
              [&](const JsonNode& item) { rule.acts.push_back(ConditionReader::act(item)); });
    check_acts(node, rule);
    rule.acupuncture = word_of(node, "acupuncture", {"block", "hold", "caution", "allowed"});
    if (node.has("lane")) rule.lane = word_of(node, "lane", lanes);
    check_decidable(node, rule.decidable,
                    has_condition || !rule.ages.empty() || !rule.care.empty());
    if (!seen.insert(rule.id).second) node.fault("duplicate", "id stands twice", "id");
    book.red_flags.push_back(std::move(rule));
  });
}

void read_contraindications(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.contraindications/1");
  root.only({"format", "contraindications", "note"});
  const ConditionReader reader(scope, false);
  root.each("contraindications", [&](const JsonNode& node) {
    node.only({"id", "label", "action", "source", "also", "manual", "electro", "scope", "codes",
               "answers", "measures", "findings", "dues", "combinations", "under_age", "with_flag",
               "decidable", "note"});
    ContraindicationRule rule;
    const bool has_condition = read_common(node, reader, book, rule);
    rule.manual = word_of(node, "manual", severities);
    rule.electro = word_of(node, "electro", severities);
    rule.scope = word_of(node, "scope", scopes);
    rule.under_age = node.number("under_age");
    node.each("dues", [&](const JsonNode& item) { rule.dues.push_back(reader.due(item)); });
    if (node.has("with_flag")) {
      rule.with_flag = word_of(node, "with_flag", {"emergency", "urgent", "hold", "routine"});
    }
    check_decidable(
        node, rule.decidable,
        has_condition || rule.under_age || !rule.dues.empty() || !rule.with_flag.empty());
    book.contraindications.push_back(std::move(rule));
  });
}

}  // namespace meridian
