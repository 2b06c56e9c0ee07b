// SPDX-License-Identifier: Apache-2.0
#include "pathway/course/after_failure.h"

#include <algorithm>
#include <set>

namespace meridian {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_conservative(const std::string& category) {
  return category == "acupuncture" || category == "dry_needling" || category == "manual_therapy" ||
         category == "physical_therapy" || category == "spine_injection";
}

/// One row against the case: fails, holds, or open for what is in `asks`.
struct Outcome {
  bool fails = false;
  std::vector<std::string> asks;
  std::set<std::string> evidence;
};

class Table {
 public:
  Table(const CourseCase& course_case, const Course& course, std::string_view at)
      : case_(course_case), course_(course), at_(at) {}

  CourseDecision decide() {
    CourseDecision decision;
    for (const auto& row : case_.context.rules.course.after_failure) {
      auto outcome = judge(row);
      if (outcome.fails) continue;
      if (outcome.asks.empty()) {
        decision.row = entry_of(row, outcome);
        decision.otherwise = row.to;
        break;
      }
      CourseDecision::Open open;
      static_cast<Entry&>(open) = entry_of(row, outcome);
      open.to = row.to;
      open.asks = std::move(outcome.asks);
      decision.open.push_back(std::move(open));
    }
    if (!decision.row) decision.otherwise = "hold";
    decision.to = decision.open.empty() ? decision.otherwise : "ask";
    return decision;
  }

 private:
  static Entry entry_of(const AfterFailureRule& row, const Outcome& outcome) {
    Entry entry;
    entry.rule = row.id;
    entry.source = row.source;
    entry.text = row.text;
    entry.evidence.assign(outcome.evidence.begin(), outcome.evidence.end());
    return entry;
  }

  Outcome judge(const AfterFailureRule& row) const {
    Outcome outcome;
    outcome.fails = (!row.at.empty() && !contains(row.at, at_)) ||
                    (!row.responses.empty() && !contains(row.responses, course_.response)) ||
                    !flagged(row, outcome) || !typed(row, outcome);
    if (outcome.fails) return outcome;
    if (row.care_days > 0) look_at_care(row, outcome);
    for (const auto& id : row.answered_yes) ask(id, outcome);
    return outcome;
  }

  bool flagged(const AfterFailureRule& row, Outcome& outcome) const {
    if (row.new_flag.empty() && row.flags.empty()) return true;
    bool found = false;
    const auto look = [&](const Flag& flag) {
      if (!row.flags.empty() && !contains(row.flags, flag.rule)) return;
      found = true;
      outcome.evidence.insert(flag.evidence.begin(), flag.evidence.end());
    };
    if (row.new_flag.empty()) {
      for (const auto& flag : case_.flags) look(flag);
    } else {
      for (const auto* flag : new_flags(case_, course_.began, row.new_flag)) look(*flag);
    }
    return found;
  }

  bool typed(const AfterFailureRule& row, Outcome& outcome) const {
    bool wanted = row.pain_types.empty();
    for (const auto& type : case_.pain_types) {
      if (contains(row.without_pain_types, type.type)) return false;
      if (!contains(row.pain_types, type.type)) continue;
      wanted = true;
      outcome.evidence.insert(type.basis.begin(), type.basis.end());
    }
    return wanted;
  }

  /// Since the first session of the episode that is on record; care elsewhere may not be.
  void look_at_care(const AfterFailureRule& row, Outcome& outcome) const {
    std::optional<Instant> first = Instant{course_.began};
    std::set<std::string> refs(course_.evidence.begin(), course_.evidence.end());
    for (const auto& [ref, begin] : care()) {
      first = sooner(first, begin);
      refs.insert(ref);
    }
    if (case_.context.at - *first >= Days(row.care_days)) {
      outcome.evidence.merge(refs);
    } else {
      outcome.asks.push_back("conservative care before this course, of " +
                             std::to_string(row.care_days) + " days or more: kind, dates, result");
    }
  }

  std::vector<std::pair<std::string, Instant>> care() const {
    std::vector<std::pair<std::string, Instant>> sessions;
    if (case_.episode == nullptr) return sessions;
    for (const auto& listed : case_.episode->procedures) {
      if (!is_conservative(listed.category)) continue;
      for (const auto& procedure : case_.context.chart.records.procedures) {
        const auto begin = earliest(procedure.performed.start);
        if (procedure.ref == listed.ref && begin) sessions.emplace_back(listed.ref, *begin);
      }
    }
    return sessions;
  }

  void ask(const std::string& id, Outcome& outcome) const {
    for (const auto& question : case_.context.rules.course.questions) {
      if (question.id != id) continue;
      const auto* answer = answer_to(case_.context.answers, id);
      const auto until = answer == nullptr ? std::optional<Instant>()
                                           : fresh_until(*answer, question.max_age_days * 24);
      if (!until || *until < case_.context.at) {
        outcome.asks.push_back(question.text);
      } else if (answer->value == "yes") {
        outcome.evidence.insert(answer->ref);
      } else {
        outcome.fails = true;
      }
    }
  }

  const CourseCase& case_;
  const Course& course_;
  const std::string_view at_;
};

}  // namespace

CourseDecision after_failure(const CourseCase& course_case, const Course& course,
                             std::string_view at) {
  return Table(course_case, course, at).decide();
}

std::optional<PreparedReturn> prepared_return(const CourseCase& course_case, const Course& course) {
  if (!course.decision || !course.decision->row) return std::nullopt;
  const auto& decision = *course.decision;
  if (decision.to != "surgeon" && decision.to != "urgent_surgeon") return std::nullopt;
  PreparedReturn prepared;
  prepared.service = "spine_surgery";
  prepared.urgency = decision.to == "surgeon" ? "routine" : "urgent";
  prepared.reason = decision.row->text + " [rule " + decision.row->rule + ", source " +
                    decision.row->source + "]";
  std::set<std::string> refs(decision.row->evidence.begin(), decision.row->evidence.end());
  refs.insert(course.evidence.begin(), course.evidence.end());
  for (const auto& event : course.adverse_events) {
    refs.insert(event.evidence.begin(), event.evidence.end());
  }
  if (const auto* episode = course_case.episode) {
    for (const auto& procedure : episode->procedures) {
      if (is_conservative(procedure.category)) refs.insert(procedure.ref);
    }
    for (const auto& score : episode->scores) refs.insert(score.ref);
    for (const auto& medication : episode->medications) refs.insert(medication.ref);
    for (const auto& image : episode->imaging) refs.insert(image.ref);
  }
  prepared.records.assign(refs.begin(), refs.end());
  return prepared;
}

}  // namespace meridian
