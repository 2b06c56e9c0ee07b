// SPDX-License-Identifier: Apache-2.0
#include "pathway/screening.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "pathway/meaning.h"
#include "pathway/when.h"

namespace meridian {
namespace {

constexpr std::string_view value_map = "answer-value";

/// What one answer says: yes, no, or nothing that can be used.
using Said = std::optional<bool>;

class ValueReader {
 public:
  explicit ValueReader(const Terminology& terminology) : terminology_(terminology) {}

  /// Codes, displays and text together: nothing when those that can be read disagree.
  Said read(const Concept& coded) const {
    std::set<std::string> said;
    for (const auto& coding : coded.codings) {
      if (auto value = terminology_.translate(value_map, coding)) said.insert(std::move(*value));
      note_words(coding.display, said);
    }
    note_words(coded.text, said);
    if (said.size() != 1) return std::nullopt;
    if (*said.begin() == "yes") return true;
    if (*said.begin() == "no") return false;
    return std::nullopt;
  }

  Said read(const std::string& words) const { return read(Concept{{}, words}); }

  /// All values of an item together: nothing when one is unreadable or they disagree. `values`
  /// repeats the coded ones in words; when it holds more, codes and words stand side by side.
  Said read(const QuestionnaireResponse::Item& item) const {
    std::vector<Said> all;
    if (!item.coded_values.empty() && item.values.size() > item.coded_values.size()) return {};
    for (const auto& coding : item.coded_values) all.push_back(read(Concept{{coding}, {}}));
    if (all.empty()) {
      for (const auto& value : item.values) all.push_back(read(value));
    }
    const bool agree = !all.empty() && std::all_of(all.begin(), all.end(), [&](const Said& said) {
      return said == all[0];
    });
    return agree ? all[0] : std::nullopt;
  }

  /// A finding whose code is the statement and that carries no value at all is present.
  Said read(const Observation& observation) const {
    if (!observation.data_absent_reason.empty()) return std::nullopt;
    if (observation.boolean) return *observation.boolean;
    if (!observation.concept_value.empty()) return read(observation.concept_value);
    if (!observation.text.reveal().empty()) return read(observation.text.reveal());
    if (!observation.quantity.empty() || !observation.components.empty()) return std::nullopt;
    return true;
  }

  /// A component without a value says nothing: it may be there only to say why it is absent.
  Said read(const Observation::Component& component) const {
    if (!component.concept_value.empty()) return read(component.concept_value);
    return component.text.empty() ? std::nullopt : read(component.text);
  }

 private:
  void note_words(const std::string& words, std::set<std::string>& said) const {
    if (auto value = mapped(value_map, Concept{{}, words}, terminology_)) said.insert(*value);
  }

  const Terminology& terminology_;
};

class AnswerReader {
 public:
  AnswerReader(const RuleBook& rules, const Terminology& terminology)
      : rules_(rules), values_(terminology) {}

  void read(const QuestionnaireResponse& response) {
    if (response.status != "completed" && response.status != "amended") return;
    Answer answer;
    answer.subject = response.subject;
    answer.by = response.author;
    answer.at = response.authored;
    answer.via = "questionnaire";
    answer.ref = response.ref;
    const Place place{response.questionnaire, response.provenance.source_id};
    for (const auto& item : response.items) {
      if (const auto said = values_.read(item)) add_for(item, *said, place, answer);
      add_findings(item.coded_values, item.values.size() <= 1, place, answer);
    }
  }

  void read(const Observation& observation) {
    constexpr std::array<std::string_view, 3> complete = {"final", "amended", "corrected"};
    const auto& status = observation.status;
    if (std::find(complete.begin(), complete.end(), status) == complete.end()) return;
    Answer answer;
    answer.subject = observation.subject;
    answer.at = observation.effective;
    answer.via = "observation";
    answer.ref = observation.ref;
    const Place place{{}, observation.provenance.source_id};
    if (const auto said = values_.read(observation)) {
      add_coded(observation.code.codings, *said, place, answer);
    }
    add_findings(observation.concept_value.codings, true, place, answer);
    for (const auto& component : observation.components) {
      if (const auto said = values_.read(component)) {
        add_coded(component.code.codings, *said, place, answer);
      }
      add_findings(component.concept_value.codings, true, place, answer);
    }
  }

  std::vector<Answer> take() { return std::move(answers_); }

 private:
  /// Where a record comes from, for maps that hold only there.
  struct Place {
    std::string_view questionnaire;
    std::string_view source;
  };

  void add_for(const QuestionnaireResponse::Item& item, bool said, const Place& place,
               const Answer& answer) {
    if (question_of(rules_, item.link_id) != nullptr || is_course_question(item.link_id)) {
      add(item.link_id, said, answer);
      return;
    }
    add_mapped("linkId", item.link_id, said, place, answer);
    add_mapped("text", normalized_term(item.text), said, place, answer);
    for (const auto& coding : item.codes) {
      // An item's definition is an address and no code.
      const bool address = coding.code.empty();
      add_mapped(address ? "definition" : coding.system, address ? coding.system : coding.code,
                 said, place, answer);
    }
  }

  bool is_course_question(std::string_view id) const {
    const auto& questions = rules_.course.questions;
    return std::any_of(questions.begin(), questions.end(),
                       [&](const CourseQuestion& question) { return question.id == id; });
  }

  void add_coded(const std::vector<Coding>& codings, bool said, const Place& place,
                 const Answer& answer) {
    for (const auto& coding : codings) {
      add_mapped(coding.system, coding.code, said, place, answer);
    }
  }

  /// A coded answer may itself be the finding: "which of these do you have?" One that says no
  /// ("not pregnant") counts only `alone`: beside another answer it is contradicted or in doubt.
  void add_findings(const std::vector<Coding>& values, bool alone, const Place& place,
                    const Answer& answer) {
    const auto before = static_cast<std::ptrdiff_t>(answers_.size());
    add_coded(values, true, place, answer);
    if (alone) return;
    const auto says_no = [](const Answer& found) { return found.value == "no"; };
    answers_.erase(std::remove_if(answers_.begin() + before, answers_.end(), says_no),
                   answers_.end());
  }

  void add_mapped(std::string_view system, std::string_view code, bool said, const Place& place,
                  const Answer& answer) {
    if (code.empty()) return;
    for (const auto& map : rules_.answer_maps) {
      if (map.system != system || !holds_at(map, place)) continue;
      const bool same = system == "text" ? normalized_term(map.code) == code : map.code == code;
      if (same) add(map.question, said != map.inverted, answer);
    }
  }

  static bool holds_at(const AnswerMap& map, const Place& place) {
    if (!map.source.empty() && map.source != place.source) return false;
    if (map.questionnaire.empty()) return true;
    const bool versioned = map.questionnaire.find('|') != std::string::npos;
    const auto end = versioned ? std::string_view::npos : place.questionnaire.find('|');
    return map.questionnaire == place.questionnaire.substr(0, end);
  }

  void add(const std::string& question, bool said, Answer answer) {
    answer.question = question;
    answer.value = said ? "yes" : "no";
    answers_.push_back(std::move(answer));
  }

  const RuleBook& rules_;
  ValueReader values_;
  std::vector<Answer> answers_;
};

/// True when `a` is to be preferred over `b`.
bool newer(const Answer& a, const Answer& b) {
  const auto a_at = earliest(a.at);
  const auto b_at = earliest(b.at);
  if (a_at != b_at) return !b_at || (a_at && *a_at > *b_at);
  if (a.value != b.value) return a.value == "yes";
  return a.ref < b.ref;  // so that the order of the records does not matter
}

}  // namespace

std::vector<Answer> read_answers(const Chart& chart, const RuleBook& rules,
                                 const Terminology& terminology) {
  AnswerReader reader(rules, terminology);
  for (const auto& response : chart.records.questionnaire_responses) reader.read(response);
  for (const auto& observation : chart.records.observations) reader.read(observation);
  return reader.take();
}

std::vector<Answer> newest_answers(const std::vector<Answer>& answers, Instant at) {
  std::map<std::string, const Answer*> newest;
  for (const auto& answer : answers) {
    if (is_future(answer.at, at)) continue;
    const auto [entry, fresh] = newest.try_emplace(answer.question, &answer);
    if (!fresh && newer(answer, *entry->second)) entry->second = &answer;
  }
  std::vector<Answer> kept;
  kept.reserve(newest.size());
  for (const auto& [question, answer] : newest) kept.push_back(*answer);
  return kept;
}

const Answer* answer_to(const std::vector<Answer>& newest, std::string_view question) {
  for (const auto& answer : newest) {
    if (answer.question == question) return &answer;
  }
  return nullptr;
}

std::optional<Instant> fresh_until(const Answer& answer, int hours) {
  const auto given = earliest(answer.at);
  return given ? std::optional(*given + std::chrono::hours(hours)) : std::nullopt;
}

const ScreeningQuestion* question_of(const RuleBook& rules, std::string_view id) {
  for (const auto& question : rules.screening) {
    if (question.id == id) return &question;
  }
  return nullptr;
}

}  // namespace meridian
