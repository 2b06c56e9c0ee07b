// SPDX-License-Identifier: Apache-2.0
// Version and times, sources, questions, answers, coverage and field profiles. The formats are
// described in fhir-profiles/README.md.
#include <algorithm>
#include <array>

#include "knowledge/readers.h"

namespace meridian {

void check_format(const JsonNode& root, std::string_view format) {
  const auto found = root.text("format");
  if (!found.empty() && found != format) {
    root.fault("value", "expected " + std::string(format), "format");
  }
}

std::string word_of(const JsonNode& node, std::string_view key,
                    std::initializer_list<std::string_view> words) {
  const auto word = node.text(key);
  if (word.empty() || std::find(words.begin(), words.end(), word) != words.end()) {
    return std::string(word);
  }
  std::string expected = "expected one of";
  for (const auto known : words) expected += ' ' + std::string(known);
  node.fault("value", std::move(expected), key);
  return {};
}

std::vector<std::string> known_sets(const JsonNode& node, std::string_view key,
                                    const Terminology& terminology) {
  auto names = node.texts(key);
  for (const auto& name : names) {
    if (!terminology.has_value_set(name)) {
      node.fault("not-found", "no value set '" + name + "', or it is empty", key);
    }
  }
  return names;
}

std::vector<std::string> history_kinds(const JsonNode& node, std::string_view key) {
  constexpr std::array<std::string_view, 10> known = {
      "order",      "encounters",  "conditions", "observations", "imaging",
      "procedures", "medications", "allergies",  "coverage",     "answers"};
  auto kinds = node.texts(key);
  for (const auto& kind : kinds) {
    if (std::find(known.begin(), known.end(), kind) == known.end()) {
      node.fault("value", "'" + kind + "' is no kind of history", key);
    }
  }
  return kinds;
}

std::string known_source(const JsonNode& node, const RuleBook& book) {
  std::vector<std::string> ids = node.texts("also");
  std::string source(node.text("source"));
  if (!source.empty()) ids.push_back(source);
  for (const auto& id : ids) {
    if (!book.sources.contains(id)) {
      node.fault("not-found", "'" + id + "' is not in sources.json", "source");
    }
  }
  return source;
}

void read_book(const JsonNode& root, RuleBook& book) {
  check_format(root, "meridian.book/1");
  root.only({"format", "version", "date", "episode_gap_days", "emergency_ack_minutes",
             "needed_history", "note"});
  book.version = root.text("version");
  root.text("date");
  book.episode_gap_days = root.number("episode_gap_days").value_or(0);
  book.emergency_ack_minutes = root.number("emergency_ack_minutes").value_or(0);
  book.needed_history = history_kinds(root, "needed_history");
  if (book.episode_gap_days < 1) root.fault("value", "expected 1 or more", "episode_gap_days");
  if (book.emergency_ack_minutes < 1) {
    root.fault("value", "expected 1 or more", "emergency_ack_minutes");
  }
}

void read_sources(const JsonNode& root, RuleBook& book) {
  check_format(root, "meridian.sources/1");
  root.only({"format", "sources", "note"});
  root.member("sources", [&](const JsonNode& sources) {
    sources.members([&](const JsonNode& node) {
      node.only({"title", "citation", "url", "note"});
      const std::string id(node.key());
      book.sources[id] = {id, std::string(node.text("title")),
                          std::string(node.text_or("url", {}))};
    });
  });
}

void read_screening(const JsonNode& root, RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.screening/1");
  root.only({"format", "questions", "note"});
  root.each("questions", [&](const JsonNode& node) {
    node.only({"id", "text", "rule", "source", "also", "max_age_hours", "required", "gender",
               "age_from", "age_to", "answered_by_value_sets", "absence_from", "beside", "note"});
    ScreeningQuestion question;
    question.id = node.text("id");
    question.text = node.text("text");
    question.rule = node.text("rule");
    question.source = known_source(node, book);
    question.max_age_hours = node.number("max_age_hours").value_or(0);
    if (question.max_age_hours < 1) node.fault("value", "expected 1 or more", "max_age_hours");
    question.required = node.flag_or("required", true);
    if (node.has("gender")) question.gender = word_of(node, "gender", {"female", "male"});
    question.age_from = node.number("age_from");
    question.age_to = node.number("age_to");
    question.answered_by_value_sets = known_sets(node, "answered_by_value_sets", scope.terminology);
    question.absence_from = history_kinds(node, "absence_from");
    question.beside = node.texts("beside");
    if (!scope.questions.insert(question.id).second)
      node.fault("duplicate", "id stands twice", "id");
    book.screening.push_back(std::move(question));
  });
}

void read_answers(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.answers/1");
  root.only({"format", "answers", "note"});
  root.each("answers", [&](const JsonNode& node) {
    node.only({"system", "code", "question", "inverted", "questionnaire", "source", "note"});
    AnswerMap map{std::string(node.text("system")),
                  std::string(node.text("code")),
                  std::string(node.text("question")),
                  node.flag_or("inverted", false),
                  std::string(node.text_or("questionnaire", {})),
                  std::string(node.text_or("source", {}))};
    if (!scope.questions.contains(map.question)) {
      node.fault("not-found", "'" + map.question + "' is not in screening.json", "question");
    }
    const bool placed = !map.questionnaire.empty() || !map.source.empty();
    if (map.system == "linkId" && !placed) {
      node.fault("required", "a linkId means nothing without its questionnaire; name it, or source",
                 "questionnaire");
    }
    book.answer_maps.push_back(std::move(map));
  });
}

namespace {

CoverageClause clause_of(const JsonNode& node, const RuleScope& scope) {
  node.only({"id", "test", "text", "value_sets", "open_value_sets", "question", "days", "note"});
  CoverageClause clause;
  clause.id = node.text("id");
  clause.test =
      word_of(node, "test",
              {"diagnosis_among", "duration_at_least", "no_diagnosis_among", "uncertain_with"});
  clause.text = node.text("text");
  clause.value_sets = known_sets(node, "value_sets", scope.terminology);
  clause.open_value_sets = known_sets(node, "open_value_sets", scope.terminology);
  clause.question = node.text_or("question", {});
  if (!clause.question.empty() && !scope.questions.contains(clause.question)) {
    node.fault("not-found", "'" + clause.question + "' is not in screening.json", "question");
  }
  clause.days = node.number("days");
  const bool needs_days = clause.test == "duration_at_least";
  if (needs_days && !clause.days) node.fault("required", "missing", "days");
  if (!needs_days && clause.value_sets.empty()) node.fault("required", "missing", "value_sets");
  return clause;
}

}  // namespace

void read_coverage(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.coverage/1");
  root.only({"format", "programs", "note"});
  root.each("programs", [&](const JsonNode& node) {
    node.only({"id", "name", "source", "also", "payer_types", "payer_names", "clauses", "visits",
               "within_days", "extension_visits", "yearly_visits", "yearly_reset",
               "stop_when_not_improving", "visit_note", "note"});
    CoverageProgram program;
    program.id = node.text("id");
    program.name = node.text_or("name", program.id);
    if (program.name.find(": ") != std::string::npos) {
      node.fault("value", "a name ends where \": \" stands", "name");
    }
    program.source = known_source(node, book);
    program.payer_types = node.texts("payer_types");
    program.payer_names = node.texts("payer_names");
    program.visits = node.number("visits").value_or(0);
    program.within_days = node.number("within_days").value_or(0);
    program.extension_visits = node.number("extension_visits").value_or(0);
    program.yearly_visits = node.number("yearly_visits").value_or(0);
    if (node.has("yearly_reset")) {
      program.yearly_reset =
          word_of(node, "yearly_reset", {"rolling_365", "eleven_full_months", "calendar_year"});
    }
    program.stop_when_not_improving = node.flag_or("stop_when_not_improving", false);
    program.visit_note = node.text_or("visit_note", {});
    if (program.visits > 0 && program.within_days < 1) {
      node.fault("required", "visits need the days in which they count", "within_days");
    }
    node.each("clauses",
              [&](const JsonNode& clause) { program.clauses.push_back(clause_of(clause, scope)); });
    book.coverage.push_back(std::move(program));
  });
}

FieldProfile read_field_profile(const JsonNode& root, const Terminology& terminology) {
  check_format(root, "meridian.field_profile/1");
  root.only({"format", "id", "version", "allowed", "excluded_labels", "excluded_value_sets",
             "condition_value_sets", "medication_value_sets", "released_labels", "note"});
  FieldProfile profile;
  profile.id = root.text("id");
  profile.version = root.text("version");
  root.member("allowed", [&](const JsonNode& allowed) {
    allowed.members(
        [&](const JsonNode& type) { profile.allowed[std::string(type.key())] = type.as_texts(); });
  });
  if (profile.allowed.empty()) root.fault("required", "nothing would ever be sent", "allowed");
  profile.excluded_labels = root.texts("excluded_labels");
  profile.excluded_value_sets = known_sets(root, "excluded_value_sets", terminology);
  profile.condition_value_sets = known_sets(root, "condition_value_sets", terminology);
  profile.medication_value_sets = known_sets(root, "medication_value_sets", terminology);
  root.each("released_labels", [&](const JsonNode& node) {
    node.only({"label", "value_sets", "notice", "source"});
    profile.released_labels.push_back({std::string(node.text("label")),
                                       known_sets(node, "value_sets", terminology),
                                       std::string(node.text_or("notice", {}))});
    if (node.text("source").empty()) node.fault("required", "whose law is it?", "source");
  });
  return profile;
}

}  // namespace meridian
