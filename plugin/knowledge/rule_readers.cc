// SPDX-License-Identifier: Apache-2.0
// Red flags and contraindications into the RuleBook. The formats are described in
// fhir-profiles/README.md.
#include <algorithm>

#include "knowledge/readers.h"

namespace meridian {
namespace {

const std::initializer_list<std::string_view> red_flag_effects = {
    "emergency", "urgent", "routine", "hold", "ask", "modifier"};
const std::initializer_list<std::string_view> severities = {"absolute", "relative", "caution",
                                                            "information", "none"};
const std::initializer_list<std::string_view> scopes = {"whole", "site",   "limb",    "spine",
                                                        "level", "thorax", "electro", "needle"};
const std::initializer_list<std::string_view> record_kinds = {"condition", "procedure",
                                                              "medication", "allergy", "imaging"};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<std::string> records_of(const JsonNode& clause) {
  auto records = clause.texts("records");
  if (records.empty()) clause.fault("required", "expected at least one kind of record", "records");
  for (const auto& record : records) {
    if (!is_one_of(record, record_kinds)) {
      clause.fault("value", "'" + record + "' is no kind of record", "records");
    }
  }
  return records;
}

/// `has_effect`: clauses of red flags say what they do, those of contraindications do not.
RuleCodes clause_of(const JsonNode& node, const RuleScope& scope, bool has_effect) {
  node.only({"value_sets", "records", "window_days", "needs_date", "active_only", "at_least",
             "with_back_pain", "with_value_sets", "with_window_days", "seventh_characters",
             "effect", "note"});
  RuleCodes codes;
  codes.value_sets = known_sets(node, "value_sets", scope.terminology);
  if (codes.value_sets.empty()) node.fault("required", "expected value sets", "value_sets");
  codes.records = records_of(node);
  codes.window_days = node.number("window_days");
  codes.needs_date = node.flag_or("needs_date", false);
  codes.active_only = node.flag_or("active_only", false);
  codes.at_least = node.number("at_least").value_or(1);
  if (codes.at_least < 1) node.fault("value", "expected 1 or more", "at_least");
  codes.with_back_pain = node.flag_or("with_back_pain", false);
  codes.with_value_sets = known_sets(node, "with_value_sets", scope.terminology);
  codes.with_window_days = node.number("with_window_days");
  codes.seventh_characters = node.texts("seventh_characters");
  if (has_effect) codes.effect = word_of(node, "effect", red_flag_effects);
  if (!has_effect && node.has("effect")) node.fault("invalid", "unknown key", "effect");
  return codes;
}

RuleAnswer answer_of(const JsonNode& node, const RuleScope& scope, bool has_effect) {
  node.only({"question", "value", "effect", "note"});
  RuleAnswer answer;
  answer.question = node.text("question");
  answer.value = node.text("value");
  if (!scope.questions.contains(answer.question)) {
    node.fault("not-found", "'" + answer.question + "' is not in screening.json", "question");
  }
  if (has_effect) answer.effect = word_of(node, "effect", red_flag_effects);
  if (!has_effect && node.has("effect")) node.fault("invalid", "unknown key", "effect");
  return answer;
}

/// What red flags and contraindications have in common.
template <typename Rule>
void read_common(const JsonNode& node, const RuleScope& scope, const RuleBook& book,
                 bool has_effect, Rule& rule) {
  rule.id = node.text("id");
  rule.label = node.text("label");
  rule.action = node.text("action");
  rule.source = known_source(node, book);
  rule.decidable = node.flag_or("decidable", true);
  node.each("codes", [&](const JsonNode& clause) {
    rule.codes.push_back(clause_of(clause, scope, has_effect));
  });
  node.each("answers", [&](const JsonNode& answer) {
    rule.answers.push_back(answer_of(answer, scope, has_effect));
  });
}

/// A rule with nothing to decide on must say so, or it would look as if it had been looked at.
template <typename Rule>
void check_decidable(const JsonNode& node, const Rule& rule, bool has_basis) {
  if (rule.decidable && !has_basis) {
    node.fault("invalid", "has no codes and no answers; say \"decidable\": false", "decidable");
  }
  if (!rule.decidable && has_basis) {
    node.fault("invalid", "has codes or answers but is not decidable", "decidable");
  }
}

}  // namespace

void read_red_flags(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.red_flags/1");
  root.only({"format", "red_flags", "note"});
  std::set<std::string> seen;
  root.each("red_flags", [&](const JsonNode& node) {
    node.only({"id", "label", "action", "source", "also", "codes", "answers", "acupuncture", "lane",
               "decidable", "note"});
    RedFlagRule rule;
    read_common(node, scope, book, true, rule);
    rule.acupuncture = word_of(node, "acupuncture", {"block", "hold", "caution", "allowed"});
    if (node.has("lane")) {
      rule.lane = word_of(node, "lane",
                          {"emergency", "spine_surgery", "rheumatology", "obstetric", "vascular"});
    }
    check_decidable(node, rule, !rule.codes.empty() || !rule.answers.empty());
    if (!seen.insert(rule.id).second) node.fault("duplicate", "id stands twice", "id");
    book.red_flags.push_back(std::move(rule));
  });
}

void read_contraindications(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.contraindications/1");
  root.only({"format", "contraindications", "note"});
  root.each("contraindications", [&](const JsonNode& node) {
    node.only({"id", "label", "action", "source", "also", "manual", "electro", "scope", "codes",
               "answers", "under_age", "decidable", "note"});
    ContraindicationRule rule;
    read_common(node, scope, book, false, rule);
    rule.manual = word_of(node, "manual", severities);
    rule.electro = word_of(node, "electro", severities);
    rule.scope = word_of(node, "scope", scopes);
    rule.under_age = node.number("under_age");
    check_decidable(node, rule, !rule.codes.empty() || !rule.answers.empty() || rule.under_age);
    book.contraindications.push_back(std::move(rule));
  });
}

}  // namespace meridian
