// SPDX-License-Identifier: Apache-2.0
#include "fhir/exchange/task_course.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "fhir/exchange/codes.h"

namespace meridian::fhir {
namespace {

using Keys = std::vector<std::string>;

TaskForm form_of(const std::string& key) {
  const auto space = key.find(' ');
  if (space == std::string::npos) return {key, {}};
  return {key.substr(0, space), key.substr(space + 1)};
}

bool may_pass(const Showing& showing, const std::string& key) {
  const auto& through = showing.through;
  return !through || std::find(through->begin(), through->end(), key) != through->end();
}

/// The shortest way from one key to another without its ends; nothing when there is none. Of ways
/// of one length the one that comes first in the file.
std::optional<Keys> way(const ReferralDialect& dialect, const std::string& from,
                        const Showing& showing) {
  const auto to = dialect.step_key(showing.form);
  if (from == to) return Keys{};
  std::map<std::string, std::string> came_from = {{from, from}};
  std::deque<std::string> open = {from};
  while (!open.empty()) {
    const auto at = open.front();
    open.pop_front();
    for (const auto& next : dialect.steps.at(at)) {
      if (!came_from.emplace(next, at).second) continue;
      if (next == to) {
        Keys keys;
        for (auto key = at; key != from; key = came_from.at(key)) keys.insert(keys.begin(), key);
        return keys;
      }
      // The first step of a Task is no claim: whoever makes one sends it.
      if (may_pass(showing, next) || from.empty()) open.push_back(next);
    }
  }
  return std::nullopt;
}

std::optional<TaskCourse> by_showing(const ReferralDialect& dialect, const TaskCourse& from,
                                     const Showing& showing) {
  TaskCourse course{std::max(from.task, 1), {}, showing.form, false};
  if (showing.stays != Showing::Stays::no) {
    const bool over = dialect.is_over(from.form);
    if (from.task == 0 || (over && showing.stays == Showing::Stays::open)) return std::nullopt;
    course.form = from.form;
    course.stays = true;
    return course;
  }
  const auto keys = way(dialect, from.task == 0 ? "" : dialect.step_key(from.form), showing);
  if (!keys) return std::nullopt;
  for (const auto& key : *keys) course.steps.push_back(form_of(key));
  return course;
}

}  // namespace

TaskCourse course_on(const ReferralDialect& dialect, const TaskCourse& from,
                     std::string_view state) {
  const auto& showings = dialect.shown.at(std::string(state));
  for (const auto& showing : showings) {
    if (auto course = by_showing(dialect, from, showing)) return *course;
  }
  // A new Task; where the state has no word in it, the first step is all.
  TaskCourse fresh{from.task + 1, {}, form_of(dialect.steps.at("").front()), true};
  for (const auto& showing : showings) {
    if (const auto course = by_showing(dialect, {}, showing)) {
      fresh.steps = course->steps;
      fresh.form = course->form;
      fresh.stays = false;
      break;
    }
  }
  return fresh;
}

TaskCourse course_to(const ReferralDialect& dialect, const std::vector<std::string>& told,
                     std::string_view state) {
  TaskCourse course;
  for (const auto& before : told) course = course_on(dialect, course, before);
  return course_on(dialect, course, state);
}

TaskCourse course_of(const ReferralDialect& dialect, const Letter& letter) {
  if (dialect.shown.count(letter.business_status) == 0) {
    return {1, {}, {letter.task_status, {}}, false};
  }
  return course_to(dialect, letter.told, letter.business_status);
}

Concept business_status(const ReferralDialect& dialect, const TaskForm& form,
                        const std::string& word) {
  Concept said;
  if (!form.code.empty()) said.codings.push_back({dialect.system, form.code, ""});
  if (word.empty()) return said;
  const auto ours = codes::state(word);
  said.codings.insert(said.codings.end(), ours.codings.begin(), ours.codings.end());
  said.text = ours.text;
  return said;
}

Concept status_reason(const ReferralDialect& dialect, const TaskForm& form,
                      const std::string& words) {
  const auto& due = dialect.reason_for;
  const bool asked = std::find(due.begin(), due.end(), form.status) != due.end();
  if (words.empty() && asked) return {{}, "no reason was given"};
  return {{}, words};
}

}  // namespace meridian::fhir
