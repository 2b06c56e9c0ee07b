// SPDX-License-Identifier: Apache-2.0
#include "pathway/course/adverse_events.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "pathway/red_flags.h"

namespace meridian {
namespace {

constexpr std::array<std::string_view, 4> grades = {"mild", "moderate", "not_graded", "serious"};

/// What nobody graded may be bad: it stands between moderate and serious.
std::ptrdiff_t rank(std::string_view grade) {
  return std::find(grades.begin(), grades.end(), grade) - grades.begin();
}

class EventReader {
 public:
  EventReader(const RuleContext& context, const DaysOfService& used, Day since)
      : context_(context), used_(used), since_(since) {}

  void read(const Condition& condition) {
    const bool wrong = condition.verification_status == "refuted" ||
                       condition.verification_status == "entered-in-error";
    const auto& date = condition.onset.empty() ? condition.recorded : condition.onset;
    if (wrong || !in_time(date)) return;
    const auto* rule = rule_for(condition.code, date);
    auto grade = mapped_grade(condition.severity);
    for (const auto& category : condition.categories) {
      if (rule == nullptr) rule = rule_for(category, date);
      const auto stated = mapped_grade(category);
      if (stated && (!grade || rank(*stated) > rank(*grade))) grade = stated;
    }
    if (rule != nullptr) add(*rule, condition.ref, date, grade);
  }

  void read(const Observation& observation) {
    constexpr std::array<std::string_view, 3> complete = {"final", "amended", "corrected"};
    const auto& status = observation.status;
    if (std::find(complete.begin(), complete.end(), status) == complete.end()) return;
    if (!in_time(observation.effective)) return;
    const auto* rule = rule_for(observation.code, observation.effective);
    if (rule == nullptr || is_denied(observation)) return;
    auto grade = mapped_grade(observation.concept_value);
    if (!grade) grade = mapped_grade(Concept{{}, observation.text.reveal()});
    add(*rule, observation.ref, observation.effective, grade);
  }

  std::vector<AdverseEvent> take() {
    std::sort(events_.begin(), events_.end(), [](const AdverseEvent& a, const AdverseEvent& b) {
      return std::tuple(a.on, -rank(a.grade), a.evidence) <
             std::tuple(b.on, -rank(b.grade), b.evidence);
    });
    return std::move(events_);
  }

 private:
  std::optional<std::string> mapped_grade(const Concept& coded) const {
    return mapped("adverse-grade", coded, context_.terminology);
  }

  /// Days from the last visit before the record to it; nothing without one.
  std::optional<int> days_after_visit(const PartialDate& date) const {
    const auto day = as_date(date).first_day();
    if (!day) return std::nullopt;
    auto visit = used_.upper_bound(*day);
    if (visit == used_.begin()) return std::nullopt;
    return static_cast<int>((*day - std::prev(visit)->first).count());
  }

  bool in_time(const PartialDate& date) const {
    const auto last = latest(date);
    return (!last || *last >= Instant{since_}) && !is_future(date, context_.at);
  }

  bool is_denied(const Observation& observation) const {
    return observation.boolean == false || !observation.data_absent_reason.empty() ||
           mapped("answer-value", observation.concept_value, context_.terminology) == "no";
  }

  /// The first rule that counts a record of this code and date, or null.
  const AdverseEventRule* rule_for(const Concept& coded, const PartialDate& date) const {
    const auto meaning = meaning_of(coded, context_.terminology);
    for (const auto& rule : context_.rules.course.adverse_events) {
      if (!meaning.in_any(rule.value_sets)) continue;
      const auto days = days_after_visit(date);
      if (!rule.within_days || (days && *days <= *rule.within_days)) return &rule;
    }
    return nullptr;
  }

  void add(const AdverseEventRule& rule, const std::string& ref, const PartialDate& date,
           const std::optional<std::string>& stated) {
    events_.push_back(event_of(rule, ref, date, days_after_visit(date), stated));
  }

  static AdverseEvent event_of(const AdverseEventRule& rule, const std::string& ref,
                               const PartialDate& date, std::optional<int> days,
                               const std::optional<std::string>& stated) {
    AdverseEvent event;
    event.rule = "adverse";
    event.source = rule.source;
    event.text = rule.text;
    event.evidence = {ref};
    event.grade = rule.grade;
    const bool open = rule.grade == "not_graded";
    if (stated && (open || rank(*stated) > rank(rule.grade))) event.grade = *stated;
    event.on = date.text;
    if (rule.within_days) {
      event.text += ", recorded " + std::to_string(*days) +
                    " days after a visit; whether needling was the cause is for a clinician";
    }
    return event;
  }

  const RuleContext& context_;
  const DaysOfService& used_;
  const Day since_;
  std::vector<AdverseEvent> events_;
};

}  // namespace

std::vector<AdverseEvent> adverse_events(const RuleContext& context, const DaysOfService& used,
                                         Day since) {
  EventReader reader(context, used, since);
  for (const auto& record : context.chart.records.conditions) reader.read(record);
  for (const auto& record : context.chart.records.observations) reader.read(record);
  return reader.take();
}

std::vector<Flag> serious_adverse_events(const RuleContext& context, const DaysOfService& used) {
  const auto& rules = context.rules.course;
  const auto since = std::chrono::floor<Days>(context.at) - Days(rules.serious_days);
  std::vector<Flag> flags;
  for (auto& event : adverse_events(context, used, since)) {
    if (event.grade != "serious") continue;
    if (!flags.empty()) {
      flags.front().evidence.push_back(event.evidence.front());
      continue;
    }
    Flag flag;
    flag.rule = "adverse.serious";
    flag.source = event.source;
    flag.text = "serious adverse event: " + event.text;
    flag.evidence = event.evidence;
    flag.severity = "emergency";
    flag.action = rules.serious_action;
    flags.push_back(std::move(flag));
  }
  return flags;
}

std::vector<std::string> adverse_event_sets(const CourseRules& rules) {
  std::vector<std::string> sets;
  for (const auto& rule : rules.adverse_events) {
    sets.insert(sets.end(), rule.value_sets.begin(), rule.value_sets.end());
  }
  return sets;
}

std::vector<Flag> with_adverse_events(std::vector<Flag> flags, std::vector<Flag> serious) {
  for (auto& flag : serious) flags.push_back(std::move(flag));
  std::stable_sort(flags.begin(), flags.end(), [](const Flag& a, const Flag& b) {
    return severity_rank(a.severity) > severity_rank(b.severity);
  });
  return flags;
}

}  // namespace meridian
