// SPDX-License-Identifier: Apache-2.0
#include "pathway/course/holds.h"

#include <algorithm>
#include <set>

#include "pathway/meaning.h"

namespace meridian {
namespace {

using Refs = std::set<std::string>;

bool one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class HoldReader {
 public:
  HoldReader(const CourseCase& course_case, Day began)
      : case_(course_case), context_(course_case.context), began_(began) {}

  Refs refs_of(const CourseHoldRule& rule) const {
    if (rule.test == "surgery_scheduled") return planned(rule.value_sets);
    if (rule.test == "medication_changed") return changed(rule.value_sets);
    Refs refs;
    for (const auto* flag : new_flags(case_, began_, "hold")) {
      refs.insert(flag->evidence.begin(), flag->evidence.end());
    }
    return refs;
  }

 private:
  bool is(const Concept& coded, const std::vector<std::string>& value_sets) const {
    return meaning_of(coded, context_.terminology).in_any(value_sets);
  }

  bool is_over(const PartialDate& date) const {
    const auto last = latest(date);
    return last && *last < context_.at - Days(1);
  }

  Refs planned(const std::vector<std::string>& value_sets) const {
    Refs refs;
    const auto& records = context_.chart.records;
    for (const auto& order : records.service_requests) {
      const bool open = one_of(order.status, {"active", "on-hold"}) && !order.do_not_perform &&
                        order.contained_in.empty();
      const auto& when = order.occurrence;
      const bool over = is_over(when.end.empty() ? when.start : when.end);
      if (open && !over && is(order.code, value_sets)) refs.insert(order.ref);
    }
    for (const auto& procedure : records.procedures) {
      const auto& start = procedure.performed.start;
      const bool future = is_future(start, context_.at);
      const bool to_come = procedure.status == "preparation" ||
                           (future && !one_of(procedure.status, {"not-done", "entered-in-error"}));
      if (to_come && !is_over(start) && is(procedure.code, value_sets)) refs.insert(procedure.ref);
    }
    for (const auto& appointment : records.appointments) {
      const bool booked = one_of(appointment.status, {"booked", "pending", "arrived"});
      if (!booked || is_over(appointment.start)) continue;
      const auto& types = appointment.service_types;
      const bool surgery = std::any_of(types.begin(), types.end(),
                                       [&](const Concept& type) { return is(type, value_sets); });
      if (surgery) refs.insert(appointment.ref);
    }
    return refs;
  }

  static const PartialDate& begin_of(const Medication& medication) {
    return medication.authored.empty() ? medication.effective.start : medication.authored;
  }

  /// What tells one medicine from another: its code, else its words.
  static std::string name_of(const Medication& medication) {
    const auto& codings = medication.code.codings;
    return codings.empty() ? normalized_term(medication.code.text) : codings.front().code;
  }

  std::optional<Instant> ended(const Medication& medication) const {
    const bool stopped = one_of(medication.status, {"stopped", "completed", "on-hold"});
    if (!stopped) return std::nullopt;
    const auto end = latest(medication.effective.end);
    if (end) return std::min(*end, context_.at);
    return latest(medication.last_updated);
  }

  Refs changed(const std::vector<std::string>& value_sets) const {
    const Instant since = case_.released_at.value_or(Instant{began_});
    std::set<std::string> before;
    std::set<std::string> still;
    std::vector<const Medication*> medicines;
    for (const auto& medication : context_.chart.records.medications) {
      if (one_of(medication.status, {"entered-in-error", "cancelled", "draft"})) continue;
      if (is_future(begin_of(medication), context_.at)) continue;
      const auto meaning = medication_meaning(medication.code, context_.terminology);
      if (!meaning.in_any(value_sets)) continue;
      medicines.push_back(&medication);
      const auto begin = earliest(begin_of(medication));
      const auto end = ended(medication);
      if ((!begin || *begin <= since) && (!end || *end > since)) before.insert(name_of(medication));
      if (one_of(medication.status, {"active", "unknown", ""})) still.insert(name_of(medication));
    }
    Refs refs;
    for (const auto* medication : medicines) {
      const auto name = name_of(*medication);
      const auto begin = earliest(begin_of(*medication));
      const auto end = ended(*medication);
      const bool started = begin && *begin > since && !before.contains(name);
      const bool gone = end && *end > since && before.contains(name) && !still.contains(name);
      if (started || gone) refs.insert(medication->ref);
    }
    return refs;
  }

  const CourseCase& case_;
  const RuleContext& context_;
  const Day began_;
};

}  // namespace

std::vector<Entry> course_holds(const CourseCase& course_case, Day began) {
  std::vector<Entry> holds;
  const HoldReader reader(course_case, began);
  for (const auto& rule : course_case.context.rules.course.holds) {
    const auto refs = reader.refs_of(rule);
    if (refs.empty()) continue;
    Entry hold;
    hold.rule = rule.id;
    hold.source = rule.source;
    hold.text = rule.text;
    hold.evidence.assign(refs.begin(), refs.end());
    holds.push_back(std::move(hold));
  }
  return holds;
}

}  // namespace meridian
