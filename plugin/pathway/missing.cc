// SPDX-License-Identifier: Apache-2.0
#include "pathway/missing.h"

#include <algorithm>

namespace meridian {
namespace {

constexpr const char* own_source = "SELF";

bool is_beside(const ScreeningQuestion& question, const FiredRules& fired) {
  const auto& rules = question.beside;
  return rules.empty() || std::any_of(rules.begin(), rules.end(), [&](const std::string& rule) {
           return fired.by_id.contains(rule);
         });
}

bool answered_by_record(const ScreeningQuestion& question, const RuleContext& context,
                        const std::set<std::string>& evidence) {
  const auto facts = context.facts_in(question.answered_by_value_sets);
  return std::any_of(facts.begin(), facts.end(),
                     [&](const Fact* fact) { return evidence.contains(fact->ref); });
}

bool absence_known(const ScreeningQuestion& question, const History& history) {
  const auto& kinds = question.absence_from;
  return !kinds.empty() && std::all_of(kinds.begin(), kinds.end(), [&](const std::string& kind) {
    return completeness_of(history, kind) == Completeness::complete;
  });
}

std::vector<std::string> doors_of(const ScreeningQuestion& question, const RuleBook& rules) {
  const std::string response = "ehr: QuestionnaireResponse ";
  std::vector<std::string> doors = {response + std::string(screening_questionnaire)};
  bool observed = false;
  for (const auto& map : rules.answer_maps) {
    if (map.question != question.id) continue;
    const bool item = map.system == "linkId" || map.system == "text" || map.system == "definition";
    observed = observed || (!item && map.questionnaire.empty());
    const auto door = response + map.questionnaire;
    const bool named = std::find(doors.begin(), doors.end(), door) != doors.end();
    if (!map.questionnaire.empty() && !named) doors.push_back(door);
  }
  if (observed) doors.emplace_back("ehr: Observation");
  doors.emplace_back("staff-form");
  return doors;
}

Missing unanswered(const ScreeningQuestion& question, const Answer* old,
                   const RuleContext& context) {
  Missing missing;
  missing.rule = question.rule;
  missing.source = question.source;
  missing.text = question.text;
  missing.question = question.id;
  missing.blocks_acupuncture = question.required;
  missing.doors = doors_of(question, context.rules);
  if (old != nullptr) {
    missing.evidence = {old->ref};
    missing.text += old->at.empty() ? " (the answer has no date)"
                                    : " (the answer of " + old->at.text + " is too old)";
  }
  return missing;
}

std::string words_for(const QueryResult& query) {
  std::string words = "the history of " + query.kind + " is ";
  words += query.completeness == Completeness::not_asked ? "not asked"
                                                         : completeness_name(query.completeness);
  if (!query.detail.empty()) words += ": " + query.detail;
  return words + ". What is not in it is unknown";
}

Missing unread(const QueryResult& query, bool blocks) {
  Missing missing;
  // The gather says of this kind that the source has nobody to ask: asking again is of no use.
  const bool nobody = query.completeness == Completeness::not_asked && query.at;
  missing.rule = nobody ? history_not_available : "history";
  missing.source = own_source;
  missing.text = words_for(query);
  missing.question = "history." + query.kind;
  missing.blocks_acupuncture = blocks;
  if (!nobody) missing.doors = {"gather-again"};
  return missing;
}

void add_history(const RuleContext& context, const History& history, std::vector<Missing>& items) {
  const auto& needed = context.rules.needed_history;
  for (const auto& kind : needed) {
    if (completeness_of(history, kind) == Completeness::complete) continue;
    QueryResult unlisted{kind, Completeness::not_asked, {}, {}};
    const auto found = std::find_if(history.begin(), history.end(),
                                    [&](const QueryResult& query) { return query.kind == kind; });
    items.push_back(unread(found == history.end() ? unlisted : *found, true));
  }
  for (const auto& query : history) {
    const bool is_needed = std::find(needed.begin(), needed.end(), query.kind) != needed.end();
    if (!is_needed && query.completeness != Completeness::complete) {
      items.push_back(unread(query, false));
    }
  }
}

}  // namespace

bool asked_of(const ScreeningQuestion& question, const RuleContext& context) {
  const auto& gender = context.chart.patient.gender;
  const bool gender_known = gender == "female" || gender == "male";
  if (!question.gender.empty() && gender_known && gender != question.gender) return false;
  if (!context.age) return true;
  if (question.age_from && context.age->most < *question.age_from) return false;
  return !question.age_to || context.age->least <= *question.age_to;
}

MissingItems missing_items(const RuleContext& context, const FiredRules& fired,
                           const std::set<std::string>& evidence, const History& history) {
  MissingItems result;
  for (const auto& question : context.rules.screening) {
    if (!asked_of(question, context) || !is_beside(question, fired)) continue;
    const auto* answer = answer_to(context.answers, question.id);
    const auto until =
        answer == nullptr ? std::optional<Instant>() : fresh_until(*answer, question.max_age_hours);
    if (until && *until >= context.screened_at) {
      if (question.required) result.until = sooner(result.until, until);
      continue;
    }
    if (answered_by_record(question, context, evidence)) continue;
    if (absence_known(question, history)) continue;
    result.items.push_back(unanswered(question, answer, context));
  }
  add_history(context, history, result.items);
  return result;
}

}  // namespace meridian
