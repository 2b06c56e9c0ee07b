// SPDX-License-Identifier: Apache-2.0
// Every way that a Task goes at a peer is legal there. The tables of BSeR and AU eRequesting are
// tests/golden/referral_steps, written from the standards and not from our files.
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "fhir/exchange/task_course.h"
#include "places.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/referral_dialects/histories.h"

namespace meridian::fhir {
namespace {

using Steps = std::set<std::pair<std::string, std::string>>;

/// Lines "from > to, to"; # begins a remark.
Steps steps_of(const std::string& name) {
  Steps steps;
  std::istringstream lines(test::read_file(std::filesystem::path(test::source_folder) /
                                           "tests/golden/referral_steps" / name));
  for (std::string line; std::getline(lines, line);) {
    const auto arrow = line.find(" > ");
    if (line.empty() || line[0] == '#' || arrow == std::string::npos) continue;
    std::istringstream rest(line.substr(arrow + 3));
    for (std::string to; std::getline(rest, to, ',');) {
      steps.emplace(line.substr(0, arrow), to.substr(to.find_first_not_of(' ')));
    }
  }
  EXPECT_FALSE(steps.empty()) << name;
  return steps;
}

std::string words_of(const TaskForm& form) {
  return form.code.empty() ? form.status : form.status + " " + form.code;
}

/// Steps of all walks that `legal` does not know; `key` says what of a form counts.
template <typename Key>
std::set<std::string> strange_steps(const ReferralDialect& dialect, const Steps& legal,
                                    const Key& key) {
  std::set<std::string> strange;
  for (const auto& history : test::histories()) {
    TaskCourse course;
    for (const auto& state : history) {
      const auto next = course_on(dialect, course, state);
      std::string at = next.task == course.task ? key(course.form) : "none";
      auto forms = next.steps;
      forms.push_back(next.form);
      for (const auto& form : forms) {
        const auto to = key(form);
        if (at != to && legal.count({at, to}) == 0) strange.insert(at + " > " + to);
        at = to;
      }
      course = next;
    }
  }
  return strange;
}

TEST(TaskPath, AtABserPeerTakesItsTransitionsAlone) {
  const auto dialect = find_referral_dialect("bser");
  EXPECT_EQ(strange_steps(*dialect, steps_of("bser.txt"), words_of), std::set<std::string>());
}

TEST(TaskPath, AtACowPeerTakesThoseOfAuERequestingAndMistakes) {
  const auto dialect = find_referral_dialect("cow");
  const auto status = [](const TaskForm& form) { return form.status; };
  EXPECT_EQ(strange_steps(*dialect, steps_of("au.txt"), status), std::set<std::string>());
}

TEST(TaskPath, AtAnSdohPeerHasNoStatusThatItForbids) {
  const auto dialect = find_referral_dialect("sdoh");
  const auto status = [](const TaskForm& form) { return form.status; };
  EXPECT_EQ(strange_steps(*dialect, steps_of("sdoh.txt"), status), std::set<std::string>());
  for (const auto& [from, next] : dialect->steps) {
    EXPECT_NE(from, "received");
    EXPECT_NE(from, "ready");
  }
}

TEST(TaskPath, PutsTheStepsBetweenThatNobodyTold) {
  const auto way = [](const char* id, const test::History& told, const char* state) {
    const auto course = course_to(*find_referral_dialect(id), told, state);
    std::string words = std::to_string(course.task) + ":";
    for (const auto& form : course.steps) words += " " + words_of(form) + ",";
    return words + " " + words_of(course.form);
  };
  EXPECT_EQ(way("bser", {}, "scheduled"), "1: received 2.0, accepted 3.0, in-progress 5.1.1");
  EXPECT_EQ(way("bser", {"sending", "accepted"}, "declined"), "1: rejected 4.0");
  EXPECT_EQ(way("bser", {"sending", "scheduled", "no_show"}, "reported"),
            "1: in-progress 5.1.1, completed 7.0");
  EXPECT_EQ(way("bser", {"sending", "cancel_asked"}, "reported"), "1: completed 7.0")
      << "TID 24: the outcome wins";
  EXPECT_EQ(way("cow", {"sending", "delivered"}, "declined"), "1: rejected");
  EXPECT_EQ(way("cow", {"sending", "accepted"}, "declined"), "1: in-progress, failed");
  EXPECT_EQ(way("cow", {"sending", "scheduled", "on_hold"}, "declined"), "1: in-progress, failed");
  EXPECT_EQ(way("cow", {"sending", "accepted"}, "need_info"), "1: accepted awaiting-information");
  EXPECT_EQ(way("cow", {"sending", "scheduled"}, "cancel_asked"), "1: in-progress visit-scheduled")
      << "after the work has begun it is asked for";
  EXPECT_EQ(way("sdoh", {"sending", "delivered"}, "need_info"), "1: on-hold");
  EXPECT_EQ(way("sdoh", {"sending", "scheduled"}, "cancelled"), "1: cancelled");
  EXPECT_EQ(way("cow", {"sending", "declined"}, "sending"), "2: requested")
      << "a Task that is over stays over; the next clinic gets a new one";
  EXPECT_EQ(way("cow", {"sending", "declined", "sending"}, "accepted"), "2: accepted");
}

TEST(TaskPath, SaysNothingOfAClinicThatNobodyAsked) {
  for (const auto& dialect : test::strict_dialects()) {
    for (const char* state : {"noted", "held", "emergency"}) {
      const auto course = course_to(dialect, {}, state);
      EXPECT_EQ(course.form.status, "draft") << dialect.id << " " << state;
      EXPECT_TRUE(course.steps.empty());
    }
    EXPECT_TRUE(course_to(dialect, {"noted", "held"}, "on_hold").stays) << dialect.id;
  }
}

}  // namespace
}  // namespace meridian::fhir
