// SPDX-License-Identifier: Apache-2.0
#include "pathway/answer_needs.h"

#include <algorithm>
#include <array>
#include <set>

#include "pathway/course/adverse_events.h"
#include "pathway/meaning.h"

namespace meridian {
namespace {

using Refs = std::set<std::string>;

bool is_wrong(std::string_view status) {
  return status == "entered-in-error" || status == "cancelled" || status == "not-done" ||
         status == "refuted";
}

void add_notes(const RecordSet& answer, Refs& refs) {
  for (const auto& document : answer.documents) {
    if (!is_wrong(document.status) && !document.content.empty()) refs.insert(document.ref);
  }
}

void add_visits(const RecordSet& answer, const Terminology& terminology, Refs& refs) {
  for (const auto& procedure : answer.procedures) {
    if (is_wrong(procedure.status)) continue;
    const auto category = procedure_category(procedure.code, terminology);
    if (category == "acupuncture" || category == "dry_needling") refs.insert(procedure.ref);
  }
}

void add_scores(const RecordSet& answer, const Terminology& terminology, Refs& refs) {
  for (const auto& observation : answer.observations) {
    const bool said = !is_wrong(observation.status) && !observation.quantity.empty();
    if (said && mapped("outcome-instrument", observation.code, terminology)) {
      refs.insert(observation.ref);
    }
  }
}

void add_coded(const RecordSet& answer, const std::vector<std::string>& value_sets,
               const Terminology& terminology, Refs& refs) {
  const auto among = [&](const Concept& coded) {
    return meaning_of(coded, terminology).in_any(value_sets);
  };
  for (const auto& condition : answer.conditions) {
    const bool said = among(condition.code) ||
                      std::any_of(condition.categories.begin(), condition.categories.end(), among);
    if (!is_wrong(condition.verification_status) && said) refs.insert(condition.ref);
  }
  for (const auto& observation : answer.observations) {
    const bool said = among(observation.code) || among(observation.concept_value);
    if (!is_wrong(observation.status) && said) refs.insert(observation.ref);
  }
}

Refs found_for(const PacketElement& element, const RecordSet& answer,
               const std::vector<std::string>& adverse, const Terminology& terminology) {
  Refs refs;
  for (const auto& word : element.found_in) {
    if (word == "answer.note") add_notes(answer, refs);
    if (word == "answer.visits") add_visits(answer, terminology, refs);
    if (word == "answer.scores") add_scores(answer, terminology, refs);
    if (word == "answer.adverse") add_coded(answer, adverse, terminology, refs);
  }
  return refs;
}

}  // namespace

bool is_answer_word(std::string_view word) {
  constexpr std::array<std::string_view, 4> words = {"answer.note", "answer.visits",
                                                     "answer.scores", "answer.adverse"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<PacketItem> answer_items(const RecordSet& answer, const RuleBook& rules,
                                     const Terminology& terminology) {
  std::vector<PacketItem> items;
  const auto adverse = adverse_event_sets(rules.course);
  for (const auto& element : rules.packet) {
    const auto& services = element.services;
    if (std::find(services.begin(), services.end(), "back") == services.end()) continue;
    const auto refs = found_for(element, answer, adverse, terminology);
    PacketItem item;
    item.rule = "packet." + element.id;
    item.source = element.source;
    item.element = element.id;
    item.supplied_by = element.supplied_by;
    item.state = refs.empty() ? "missing" : "there";
    item.text = element.label;
    item.evidence.assign(refs.begin(), refs.end());
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace meridian
