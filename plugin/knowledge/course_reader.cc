// SPDX-License-Identifier: Apache-2.0
// How a course of acupuncture is watched, into the RuleBook. The format is described in
// fhir-profiles/README.md.
#include <algorithm>

#include "knowledge/readers.h"

namespace meridian {
namespace {

int at_least_one(const JsonNode& node, std::string_view key) {
  const int number = node.number(key).value_or(0);
  if (number < 1) node.fault("value", "expected 1 or more", key);
  return number;
}

OutcomeInstrument instrument_of(const JsonNode& node, const RuleBook& book) {
  node.only({"id", "source", "also", "lowest", "highest", "lower_is_better", "points", "percent",
             "low_baseline", "primary", "note"});
  OutcomeInstrument instrument;
  instrument.id = node.text("id");
  instrument.source = known_source(node, book);
  instrument.lowest = node.decimal("lowest").value_or(0);
  instrument.highest = node.decimal("highest").value_or(0);
  if (instrument.highest <= instrument.lowest) node.fault("value", "expected a range", "highest");
  instrument.lower_is_better = node.flag_or("lower_is_better", true);
  instrument.points = node.decimal("points");
  instrument.percent = node.decimal("percent");
  instrument.low_baseline = node.decimal("low_baseline");
  instrument.primary = node.flag_or("primary", false);
  const auto counts = [](const std::optional<double>& limit) { return limit.value_or(0) > 0; };
  if (!counts(instrument.points) && !counts(instrument.percent)) {
    node.fault("required", "expected points or percent above 0", "points");
  }
  return instrument;
}

CheckPointRule check_point_of(const JsonNode& node, const RuleBook& book) {
  node.only(
      {"id", "source", "also", "visit", "day", "improved", "unchanged", "worse", "text", "note"});
  const auto leads_to = [&](std::string_view key) {
    return word_of(node, key, {"continue", "reopen_diagnosis", "hold", "decision_table", "end"});
  };
  CheckPointRule rule;
  rule.id = node.text("id");
  rule.source = known_source(node, book);
  rule.text = node.text("text");
  rule.visit = at_least_one(node, "visit");
  rule.day = at_least_one(node, "day");
  rule.improved = leads_to("improved");
  rule.unchanged = leads_to("unchanged");
  rule.worse = leads_to("worse");
  if (rule.worse == "continue" || rule.worse == "end") {
    node.fault("invalid", "what is worse does not simply go on or end", "worse");
  }
  return rule;
}

CourseHoldRule hold_of(const JsonNode& node, const RuleScope& scope, const RuleBook& book) {
  node.only({"id", "source", "also", "test", "value_sets", "text", "note"});
  CourseHoldRule rule;
  rule.id = node.text("id");
  rule.source = known_source(node, book);
  rule.text = node.text("text");
  rule.test = word_of(node, "test", {"surgery_scheduled", "medication_changed", "new_flag"});
  rule.value_sets = known_sets(node, "value_sets", scope.terminology);
  if (rule.value_sets.empty() && rule.test != "new_flag") {
    node.fault("required", "expected value sets", "value_sets");
  }
  return rule;
}

AdverseEventRule adverse_of(const JsonNode& node, const RuleScope& scope, const RuleBook& book) {
  node.only({"grade", "source", "also", "value_sets", "within_days", "text", "note"});
  AdverseEventRule rule;
  rule.grade = word_of(node, "grade", {"mild", "moderate", "serious", "not_graded"});
  rule.source = known_source(node, book);
  rule.text = node.text("text");
  rule.value_sets = known_sets(node, "value_sets", scope.terminology);
  if (rule.value_sets.empty()) node.fault("required", "expected value sets", "value_sets");
  rule.within_days = node.number("within_days");
  return rule;
}

/// Faults for each of the words that is not known.
template <typename Known>
void check_each(const JsonNode& node, std::string_view key, const std::vector<std::string>& words,
                const Known& known, const char* what) {
  for (const auto& word : words) {
    if (!known(word)) node.fault("not-found", "'" + word + "' is no " + what, key);
  }
}

AfterFailureRule row_of(const JsonNode& node, const RuleScope& scope, const RuleBook& book) {
  node.only({"id", "source", "also", "to", "at", "responses", "new_flag", "flags", "pain_types",
             "without_pain_types", "care_days", "answered_yes", "text", "note"});
  AfterFailureRule row;
  row.id = node.text("id");
  row.source = known_source(node, book);
  row.text = node.text("text");
  row.to = word_of(node, "to",
                   {"emergency", "urgent_surgeon", "surgeon", "pain_or_physical_therapy",
                    "conservative_other", "hold"});
  row.at = node.texts("at");
  row.responses = node.texts("responses");
  if (node.has("new_flag")) {
    row.new_flag = word_of(node, "new_flag", {"emergency", "urgent", "hold"});
  }
  row.flags = node.texts("flags");
  row.pain_types = node.texts("pain_types");
  row.without_pain_types = node.texts("without_pain_types");
  row.care_days = node.number("care_days").value_or(0);
  row.answered_yes = node.texts("answered_yes");
  const auto& points = book.course.check_points;
  check_each(
      node, "at", row.at,
      [&](const std::string& id) {
        return std::any_of(points.begin(), points.end(),
                           [&](const CheckPointRule& point) { return point.id == id; });
      },
      "check point");
  check_each(
      node, "responses", row.responses,
      [](const std::string& word) {
        return word == "improved" || word == "unchanged" || word == "worse";
      },
      "response");
  check_each(
      node, "flags", row.flags, [&](const std::string& id) { return scope.rules.contains(id); },
      "rule");
  check_each(
      node, "answered_yes", row.answered_yes,
      [&](const std::string& id) { return scope.questions.contains(id); }, "question");
  return row;
}

}  // namespace

void read_course_questions(const JsonNode& root, RuleScope& scope, RuleBook& book) {
  root.each("questions", [&](const JsonNode& node) {
    node.only({"id", "source", "also", "max_age_days", "text", "note"});
    CourseQuestion question{std::string(node.text("id")), std::string(node.text("text")),
                            known_source(node, book), at_least_one(node, "max_age_days")};
    if (!scope.questions.insert(question.id).second) {
      node.fault("duplicate", "id stands twice", "id");
    }
    book.course.questions.push_back(std::move(question));
  });
}

void read_course(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.course/1");
  root.only({"format", "gap_days", "baseline_days", "score_max_age_days", "serious_days",
             "serious_action", "instruments", "check_points", "holds", "adverse_events",
             "questions", "after_failure", "note"});
  auto& course = book.course;
  course.gap_days = at_least_one(root, "gap_days");
  course.baseline_days = at_least_one(root, "baseline_days");
  course.score_max_age_days = at_least_one(root, "score_max_age_days");
  course.serious_days = at_least_one(root, "serious_days");
  course.serious_action = root.text("serious_action");
  root.each("instruments",
            [&](const JsonNode& node) { course.instruments.push_back(instrument_of(node, book)); });
  root.each("check_points", [&](const JsonNode& node) {
    course.check_points.push_back(check_point_of(node, book));
    const auto& points = course.check_points;
    if (points.size() < 2) return;
    const auto& before = points[points.size() - 2];
    if (points.back().visit <= before.visit || points.back().day <= before.day) {
      node.fault("value", "expected a later visit and day than the check point before", "visit");
    }
  });
  root.each("holds",
            [&](const JsonNode& node) { course.holds.push_back(hold_of(node, scope, book)); });
  root.each("adverse_events", [&](const JsonNode& node) {
    course.adverse_events.push_back(adverse_of(node, scope, book));
  });
  root.each("after_failure", [&](const JsonNode& node) {
    course.after_failure.push_back(row_of(node, scope, book));
  });
}

}  // namespace meridian
