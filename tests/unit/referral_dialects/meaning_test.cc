// SPDX-License-Identifier: Apache-2.0
// What is written of a state in one dialect or another is read back as that state; and who knows
// the standard and nothing else loses what the dialect's file says it loses, and no more.
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

#include "fhir/exchange/fhir_renderer.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/task_course.h"
#include "fhir/read/reader.h"
#include "knowledge/knowledge.h"
#include "routing/clinic_events.h"
#include "unit/referral_dialects/histories.h"

namespace meridian::fhir {
namespace {

const Terminology& terminology() {
  static const Knowledge content = [] {
    Issues issues;
    auto loaded = load_knowledge(issues);
    if (!loaded) throw std::runtime_error("the built-in content cannot be read");
    return std::move(*loaded);
  }();
  return content.terminology;
}

/// States that are a clinic's word, by the event that makes them.
std::map<std::string, routing::EventKind> clinics_words() {
  std::map<std::string, routing::EventKind> words;
  for (const auto& row : routing::event_rows) {
    if (row.actor == routing::Actor::clinic && row.does == routing::Does::says) {
      words.emplace(routing::state_name(row.to), row.kind);
    }
  }
  return words;
}

/// The Tasks of a status letter, in the order in which they are written.
std::vector<Task> tasks_of(const ReferralDialect& dialect, const test::History& told,
                           const std::string& state) {
  Letter letter;
  letter.kind = Letter::Kind::status;
  letter.referral_id = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";
  letter.source_order = "ServiceRequest/5";
  letter.source_patient = "Patient/17";
  // The status that a plain peer is told, which is COW's.
  letter.task_status = course_to(*find_referral_dialect("cow"), {}, state).form.status;
  letter.business_status = state;
  letter.told = told;
  letter.at = parse_instant("2026-03-05T16:00:00Z").value();
  const FhirRenderer renderer(std::make_shared<Capabilities>(), {}, dialect);
  const auto rendered = renderer.render(letter, {});
  if (!rendered) return {};
  return read_fhir(rendered->bytes)->tasks;
}

TEST(Meaning, OfEachStateIsReadBackFromEachDialect) {
  const auto words = clinics_words();
  for (const auto& id : referral_dialect_ids()) {
    const auto dialect = find_referral_dialect(id);
    std::set<test::History> different;  // each once: this renders and reads
    for (const auto& history : test::histories()) {
      if (history.size() > 1 && history.size() < 4) different.insert(history);
    }
    for (const auto& history : different) {
      const auto& state = history.back();
      const auto tasks = tasks_of(*dialect, {history.begin(), history.end() - 1}, state);
      ASSERT_FALSE(tasks.empty());
      const auto& codings = tasks.back().business_status.codings;
      ASSERT_FALSE(codings.empty()) << id << " " << state;
      EXPECT_EQ(codings.back().code, state) << id << ": our word stands beside theirs";
    }
  }
  EXPECT_GT(words.size(), 12U);
}

TEST(Meaning, OfAClinicsWordComesBackAsTheEventThatMakesIt) {
  const auto words = clinics_words();
  for (const auto& id : referral_dialect_ids()) {
    const auto dialect = find_referral_dialect(id);
    for (const auto& [state, event] : words) {
      const auto tasks = tasks_of(*dialect, {"sending", "delivered"}, state);
      ASSERT_FALSE(tasks.empty());
      const auto read = routing::clinic_event(tasks.back(), {}, terminology());
      ASSERT_TRUE(read) << id << " " << state;
      EXPECT_EQ(routing::row_of(*read).to, routing::row_of(event).to)
          << id << " " << state << ": " << routing::event_name(*read);
    }
  }
}

/// A form as a peer writes it that knows the standard and nothing else.
Task bare(const ReferralDialect& dialect, const std::string& key) {
  Task task;
  const auto space = key.find(' ');
  task.status = key.substr(0, space);
  if (space == std::string::npos) return task;
  task.business_status.codings.push_back({dialect.system, key.substr(space + 1), ""});
  return task;
}

TEST(Meaning, ThatAFileGivesToAFormIsTheOneThatWeReadFromAClinic) {
  const auto words = clinics_words();
  for (const auto& dialect : test::strict_dialects()) {
    for (const auto& [form, state] : dialect.reads) {
      const auto said = routing::clinic_event(bare(dialect, form), {}, terminology());
      const bool sent = state == "sending";  // a clinic's Task that is not answered
      const bool ours = words.count(state) == 0 && !sent;
      if (ours) {  // draft, a cancel that was asked for, a mistake: nothing or an end
        EXPECT_TRUE(!said || routing::is_final(routing::row_of(*said).to)) << dialect.id << form;
        continue;
      }
      ASSERT_TRUE(said) << dialect.id << " " << form;
      EXPECT_EQ(routing::state_name(routing::row_of(*said).to), sent ? "delivered" : state)
          << dialect.id << " " << form;
    }
  }
}

TEST(Meaning, IsLostAsTheFileSaysAndInNoOtherWay) {
  for (const auto& dialect : test::strict_dialects()) {
    std::map<std::string, std::set<std::string>> read_as;
    for (const auto& history : test::histories()) {
      TaskCourse course;
      for (const auto& state : history) {
        course = course_on(dialect, course, state);
        const auto read = dialect.read(course.form);
        EXPECT_FALSE(read.empty()) << dialect.id << " " << state;
        if (read != state) read_as[state].insert(course.stays ? "before" : read);
      }
    }
    std::map<std::string, std::set<std::string>> said;
    for (const auto& [state, loss] : dialect.lost) {
      said[state] = {loss.as.begin(), loss.as.end()};
      EXPECT_FALSE(loss.words.empty()) << dialect.id << " " << state;
    }
    for (const auto& row : routing::state_rows) {
      EXPECT_EQ(said[row.name], read_as[row.name]) << dialect.id << " " << row.name;
    }
  }
}

/// What a Task says besides its state.
std::string fields_of(const Task& task) {
  std::string text = task.intent + "|" + task.focus.target + "|" + task.patient.target + "|" +
                     task.execution.start.text + "|" + task.execution.end.text + "|" +
                     task.status_reason.text + "|" + task.owner.display;
  for (const auto& coding : task.code.codings) text += "|" + coding.code;
  for (const auto& order : task.based_on) text += "|" + order.target;
  for (const auto& output : task.outputs) text += "|" + output.text;
  for (const auto& note : task.notes.reveal()) text += "|" + note;
  return text;
}

TEST(Meaning, OfTheOtherFieldsOfATaskIsTheSameInEachDialect) {
  const auto plain = find_referral_dialect("plain");
  for (const auto& dialect : test::strict_dialects()) {
    for (const auto& row : routing::state_rows) {
      const bool reason_due =
          std::find(dialect.reason_for.begin(), dialect.reason_for.end(),
                    course_to(dialect, {}, row.name).form.status) != dialect.reason_for.end();
      auto theirs = tasks_of(dialect, {}, row.name).back();
      const auto ours = tasks_of(*plain, {}, row.name).back();
      if (reason_due) {
        EXPECT_FALSE(theirs.status_reason.text.empty()) << dialect.id << " " << row.name;
        theirs.status_reason = {};
      }
      if (theirs.status == "completed" || ours.status != "completed") {
        EXPECT_EQ(fields_of(theirs), fields_of(ours)) << dialect.id << " " << row.name;
      }
    }
  }
}

}  // namespace
}  // namespace meridian::fhir
