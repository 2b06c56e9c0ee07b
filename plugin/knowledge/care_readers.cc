// SPDX-License-Identifier: Apache-2.0
// Guidelines and what a packet must hold. The formats are described in fhir-profiles/README.md.
#include <algorithm>
#include <array>

#include "knowledge/knowledge.h"
#include "knowledge/readers.h"

namespace meridian {
namespace {

/// The words that pathway/packet_needs.h and pathway/answer_needs.h know.
constexpr std::array<std::string_view, 19> packet_words = {
    "order.reason",    "order.note",      "order.insurance",
    "order.requester", "patient.contact", "diagnosis",
    "onset",           "imaging",         "care",
    "course",          "scores",          "medications",
    "allergies",       "coverage",        "screen",
    "answer.note",     "answer.visits",   "answer.scores",
    "answer.adverse"};

GuidelinePosition position_of(const JsonNode& node, const RuleBook& book) {
  node.only({"phase", "position", "grade", "text", "note"});
  GuidelinePosition position;
  position.phase = node.text("phase");
  const auto& phases = book.guideline_phases;
  const bool known = std::any_of(phases.begin(), phases.end(), [&](const GuidelinePhase& phase) {
    return phase.id == position.phase;
  });
  if (!known) node.fault("not-found", "'" + position.phase + "' is not in phases", "phase");
  position.position = word_of(node, "position", {"first", "may", "not_yet", "not_offered"});
  position.grade = node.text_or("grade", {});
  position.text = node.text("text");
  return position;
}

Guideline guideline_of(const JsonNode& node, const RuleScope& scope, const RuleBook& book) {
  node.only({"id", "label", "source", "also", "pain_types", "positions", "ordered", "note"});
  Guideline guideline;
  guideline.id = node.text("id");
  guideline.label = node.text("label");
  guideline.source = known_source(node, book);
  guideline.pain_types = node.texts("pain_types");
  for (const auto& type : guideline.pain_types) {
    if (scope.pain_types.contains(type)) continue;
    node.fault("not-found", "'" + type + "' is no pain type", "pain_types");
  }
  node.each("positions",
            [&](const JsonNode& item) { guideline.positions.push_back(position_of(item, book)); });
  if (guideline.positions.empty()) node.fault("required", "says nothing at all", "positions");
  guideline.ordered = word_of(node, "ordered", {"state", "confirm"});
  return guideline;
}

void read_phases(const JsonNode& root, RuleBook& book) {
  root.each("phases", [&](const JsonNode& node) {
    node.only({"id", "below_days", "note"});
    GuidelinePhase phase{std::string(node.text("id")), node.number("below_days")};
    const bool after_the_last =
        !book.guideline_phases.empty() && !book.guideline_phases.back().below_days;
    const bool sooner = !book.guideline_phases.empty() && phase.below_days &&
                        phase.below_days <= book.guideline_phases.back().below_days;
    if (after_the_last || sooner) {
      node.fault("value", "phases come in the order of time, the last without below_days",
                 "below_days");
    }
    book.guideline_phases.push_back(std::move(phase));
  });
  if (book.guideline_phases.empty() || book.guideline_phases.back().below_days) {
    root.fault("required", "expected phases, the last without below_days", "phases");
  }
}

/// What holds must be able to: a required question, a needed history or the diagnosis.
bool can_hold(const PacketElement& element, const RuleBook& book) {
  for (const auto& question : book.screening) {
    if (question.id == element.question) return question.required;
  }
  const auto& found = element.found_in;
  return std::any_of(found.begin(), found.end(), [&](const std::string& word) {
    const auto& needed = book.needed_history;
    return word == "diagnosis" || word == "screen" ||
           std::find(needed.begin(), needed.end(), word) != needed.end();
  });
}

PacketElement element_of(const JsonNode& node, const RuleScope& scope, const RuleBook& book) {
  node.only({"id", "label", "source", "also", "services", "found_in", "value_sets", "question",
             "holds", "supplied_by", "note"});
  PacketElement element;
  element.id = node.text("id");
  element.label = node.text("label");
  element.source = known_source(node, book);
  element.services = node.texts("services");
  for (const auto& service : element.services) {
    if (service == "acupuncture" || service == "spine_surgery" || service == "back") continue;
    node.fault("value", "expected acupuncture, spine_surgery or back", "services");
  }
  if (element.services.empty()) node.fault("required", "whose packet?", "services");
  element.found_in = node.texts("found_in");
  for (const auto& word : element.found_in) {
    if (std::find(packet_words.begin(), packet_words.end(), word) != packet_words.end()) continue;
    node.fault("value", "'" + word + "' is no place where an element is found", "found_in");
  }
  element.value_sets = known_sets(node, "value_sets", scope.terminology);
  element.question = node.text_or("question", {});
  if (!element.question.empty() && !scope.questions.contains(element.question)) {
    node.fault("not-found", "'" + element.question + "' is not in screening.json", "question");
  }
  element.holds = node.flag_or("holds", false);
  if (element.holds && !can_hold(element, book)) {
    node.fault("invalid", "nothing holds for it: name a required question or a needed history",
               "holds");
  }
  element.supplied_by = node.text("supplied_by");
  return element;
}

}  // namespace

void read_guidelines(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.guidelines/1");
  root.only({"format", "default", "phases", "guidelines", "note"});
  read_phases(root, book);
  root.each("guidelines", [&](const JsonNode& node) {
    auto guideline = guideline_of(node, scope, book);
    for (const auto& other : book.guidelines) {
      if (other.id == guideline.id) node.fault("duplicate", "id stands twice", "id");
    }
    book.guidelines.push_back(std::move(guideline));
  });
  book.guideline = root.text("default");
  const bool known =
      std::any_of(book.guidelines.begin(), book.guidelines.end(),
                  [&](const Guideline& guideline) { return guideline.id == book.guideline; });
  if (!known) root.fault("not-found", "'" + book.guideline + "' is not listed", "default");
}

bool follow_guideline(std::string_view id, RuleBook& rules) {
  if (id.empty()) return true;
  const bool known = std::any_of(rules.guidelines.begin(), rules.guidelines.end(),
                                 [&](const Guideline& guideline) { return guideline.id == id; });
  if (known) rules.guideline = id;
  return known;
}

std::string guideline_names(const RuleBook& rules) {
  std::string names;
  for (const auto& guideline : rules.guidelines) names += " " + guideline.id;
  return names;
}

void read_packet(const JsonNode& root, const RuleScope& scope, RuleBook& book) {
  check_format(root, "meridian.packet/1");
  root.only({"format", "elements", "note"});
  std::set<std::string> seen;
  root.each("elements", [&](const JsonNode& node) {
    auto element = element_of(node, scope, book);
    if (!seen.insert(element.id).second) node.fault("duplicate", "id stands twice", "id");
    book.packet.push_back(std::move(element));
  });
}

}  // namespace meridian
