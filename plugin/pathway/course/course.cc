// SPDX-License-Identifier: Apache-2.0
#include "pathway/course/course.h"

#include <algorithm>

#include "pathway/course/adverse_events.h"
#include "pathway/course/after_failure.h"
#include "pathway/course/holds.h"
#include "pathway/course/scores.h"
#include "pathway/red_flags.h"

namespace meridian {
namespace {

/// The dates of these records; one without a date is not in it.
std::map<std::string, PartialDate> dates_of(const std::set<std::string>& refs,
                                            const RuleContext& context) {
  std::map<std::string, PartialDate> dates;
  const auto note = [&](const std::string& ref, const PartialDate& date) {
    if (!date.empty() && refs.contains(ref)) dates[ref] = date;
  };
  for (const auto& fact : context.facts) note(fact.ref, fact.from);
  for (const auto& answer : context.answers) note(answer.ref, answer.at);
  for (const auto& observation : context.chart.records.observations) {
    note(observation.ref, observation.effective);
  }
  for (const auto& report : context.chart.records.imaging) {
    note(report.ref, report.effective.empty() ? report.issued : report.effective);
  }
  return dates;
}

class Watch {
 public:
  Watch(const CourseCase& course_case, DaysOfService days)
      : case_(course_case),
        rules_(course_case.context.rules.course),
        days_(std::move(days)),
        scores_(course_case.context, course_case.episode),
        today_(std::chrono::floor<Days>(course_case.context.at)) {}

  Course look() {
    course_.began = days_.begin()->first;
    course_.visits = static_cast<int>(days_.size());
    course_.day = static_cast<int>((today_ - course_.began).count());
    course_.evidence = refs_of(days_);
    course_.holds = course_holds(case_, course_.began);
    course_.adverse_events = adverse_events(case_.context, case_.visits.used, course_.began);
    flagged_ = !new_flags(case_, course_.began, "hold").empty();
    for (std::size_t i = 0; i < rules_.check_points.size(); ++i) add(i);
    conclude();
    return std::move(course_);
  }

 private:
  /// When a check point was or, at the latest, will be reached.
  Day day_of(const CheckPointRule& rule) const {
    const Day by_day = course_.began + Days(rule.day);
    if (course_.visits < rule.visit) return by_day;
    return std::min(by_day, std::next(days_.begin(), rule.visit - 1)->first);
  }

  bool reached(std::size_t index) const {
    return index < rules_.check_points.size() && day_of(rules_.check_points[index]) <= today_;
  }

  std::vector<ScoreChange> scores_in(const ScoreWindow& window) const {
    return scores_.changes(course_.began, window);
  }

  void add(std::size_t index) {
    const auto& rule = rules_.check_points[index];
    CheckPoint point;
    point.rule = rule.id;
    point.source = rule.source;
    point.text = rule.text;
    point.state = "ahead";
    point.on = day_of(rule);
    if (reached(index)) judge(index, rule, point);
    course_.check_points.push_back(std::move(point));
  }

  void judge(std::size_t index, const CheckPointRule& rule, CheckPoint& point) {
    point.reached_by = *point.on == course_.began + Days(rule.day) ? "day" : "visit";
    const bool last = !reached(index + 1);
    const Day to = last ? today_ : day_of(rules_.check_points[index + 1]) - Days(1);
    auto scores = scores_in({*point.on - Days(rules_.score_max_age_days), std::max(to, *point.on)});
    point.response = last && flagged_ ? "worse" : response_of(scores);
    const bool measured = point.response != "not_measured";
    point.state = measured ? "done" : last ? "due" : "missed";
    point.action = point.response == "improved"    ? rule.improved
                   : point.response == "unchanged" ? rule.unchanged
                   : point.response == "worse"     ? rule.worse
                                                   : "measure";
    for (const auto& score : scores) {
      point.evidence.insert(point.evidence.end(), score.evidence.begin(), score.evidence.end());
    }
    if (!last) return;
    at_ = rule.id;
    course_.scores = std::move(scores);
    course_.response = point.response;
    course_.action = point.action;
  }

  /// Before the first check point only getting worse counts.
  void look_early() {
    const auto from = today_ - Days(rules_.score_max_age_days);
    course_.scores = scores_in({from, today_});
    const bool worse = flagged_ || response_of(course_.scores) == "worse";
    course_.response = worse ? "worse" : "too_early";
    course_.action = worse ? "hold" : "continue";
    if (worse && !rules_.check_points.empty()) at_ = rules_.check_points.front().id;
  }

  void conclude() {
    if (at_.empty()) look_early();
    if (!is_stopped(course_)) return;
    course_.decision = after_failure(case_, course_, at_);
    course_.prepared = prepared_return(case_, course_);
  }

  const CourseCase& case_;
  const CourseRules& rules_;
  const DaysOfService days_;
  const Scores scores_;
  const Day today_;
  bool flagged_ = false;
  std::string at_;  ///< the last check point reached
  Course course_;
};

Missing question_of(const Entry& entry, std::string question, std::string text) {
  Missing missing;
  missing.rule = entry.rule;
  missing.source = entry.source;
  missing.text = std::move(text);
  missing.evidence = entry.evidence;
  missing.question = std::move(question);
  missing.doors = {"person"};
  return missing;
}

std::string destination(const CourseDecision& decision) {
  std::string text = "; the decision table says: " + decision.to;
  if (decision.row) text += " [" + decision.row->rule + "]";
  return text;
}

}  // namespace

std::vector<const Flag*> new_flags(const CourseCase& course_case, Day began,
                                   const std::string& severity) {
  std::vector<const Flag*> found;
  std::set<std::string> refs;
  for (const auto& flag : course_case.flags) {
    const bool holds = severity_rank(flag.severity) >= severity_rank(severity);
    if (!holds || !flag.signed_off.empty()) continue;
    found.push_back(&flag);
    refs.insert(flag.evidence.begin(), flag.evidence.end());
  }
  if (found.empty()) return found;
  const auto dates = dates_of(refs, course_case.context);
  const auto is_old = [&](const std::string& ref) {
    const auto date = dates.find(ref);
    return date != dates.end() && *latest(date->second) < Instant{began};
  };
  std::erase_if(found, [&](const Flag* flag) {
    return std::all_of(flag->evidence.begin(), flag->evidence.end(), is_old);
  });
  return found;
}

bool is_stopped(const Course& course) {
  return course.action == "decision_table" || course.action == "hold";
}

std::optional<Course> watch_course(const CourseCase& course_case) {
  const auto& context = course_case.context;
  auto days = running_course(course_case.visits.used, context.rules.course.gap_days, context.at);
  if (days.empty()) return std::nullopt;
  return Watch(course_case, std::move(days)).look();
}

std::vector<Missing> course_questions(const Course& course, const CourseRules& rules) {
  std::vector<Missing> items;
  const auto is_flag = [&](const Entry& hold) {
    return std::any_of(rules.holds.begin(), rules.holds.end(), [&](const CourseHoldRule& rule) {
      return rule.id == hold.rule && rule.test == "new_flag";
    });
  };
  for (const auto& hold : course.holds) {
    if (!is_flag(hold)) items.push_back(question_of(hold, "course." + hold.rule, hold.text));
  }
  const CheckPoint* last = nullptr;
  for (const auto& point : course.check_points) {
    if (point.state != "ahead") last = &point;
  }
  if (last == nullptr && !course.check_points.empty() && is_stopped(course)) {
    last = &course.check_points.front();
  }
  if (last == nullptr) return items;
  if (is_stopped(course)) {
    auto text = "the course of acupuncture stops, " + course.response + " at " + last->text;
    if (course.decision) text += destination(*course.decision);
    items.push_back(question_of(*last, "course." + last->rule, std::move(text)));
  } else if (last->state == "due") {
    items.push_back(
        question_of(*last, "course." + last->rule,
                    "no score was taken to compare with the baseline at " + last->text));
    items.back().blocks_acupuncture = false;
    items.back().doors = {"ehr: Observation"};
  }
  return items;
}

}  // namespace meridian
