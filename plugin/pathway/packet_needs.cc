// SPDX-License-Identifier: Apache-2.0
#include "pathway/packet_needs.h"

#include <algorithm>
#include <array>
#include <set>

#include "pathway/missing.h"

namespace meridian {
namespace {

constexpr std::array<std::string_view, 4> conservative = {"physical_therapy", "manual_therapy",
                                                          "acupuncture", "dry_needling"};
constexpr std::array<std::string_view, 2> needling = {"acupuncture", "dry_needling"};

/// Where an element was found; no refs where what was found is a member of the order.
struct Found {
  bool there = false;
  std::set<std::string> refs;

  void add(const std::string& ref) {
    there = true;
    if (!ref.empty()) refs.insert(ref);
  }
};

// How each word is looked for.

void order_reason(const PacketCase& packet, Found& found) {
  const auto& order = packet.referral;
  if (!order.reason_codes.empty() || !order.reason_references.empty()) found.add(order.ref);
}

void order_note(const PacketCase& packet, Found& found) {
  if (!packet.referral.notes.reveal().empty()) found.add(packet.referral.ref);
}

void order_insurance(const PacketCase& packet, Found& found) {
  if (!packet.referral.insurance.empty()) found.add(packet.referral.ref);
}

void order_requester(const PacketCase& packet, Found& found) {
  if (!packet.referral.requester.empty()) found.add(packet.referral.ref);
}

void patient_contact(const PacketCase& packet, Found& found) {
  const auto& patient = packet.context.chart.patient;
  if (!patient.telecom.empty()) found.add(patient.ref);
}

void diagnosis(const PacketCase& packet, Found& found) {
  for (const auto& type : packet.assessment.pain_types) {
    if (type.type == "undetermined") continue;
    for (const auto& ref : type.basis) found.add(ref);
  }
}

void onset(const PacketCase& packet, Found& found) {
  const auto* episode = packet.context.episode;
  found.there = found.there || (episode != nullptr && !episode->onset.empty());
}

void imaging(const PacketCase& packet, Found& found) {
  if (packet.context.episode == nullptr) return;
  for (const auto& image : packet.context.episode->imaging) found.add(image.ref);
}

template <std::size_t n>
void sessions(const PacketCase& packet, const std::array<std::string_view, n>& kinds,
              Found& found) {
  if (packet.context.episode == nullptr) return;
  for (const auto& procedure : packet.context.episode->procedures) {
    const bool counts = std::find(kinds.begin(), kinds.end(), procedure.category) != kinds.end();
    if (counts) found.add(procedure.ref);
  }
}

void care(const PacketCase& packet, Found& found) {
  sessions(packet, conservative, found);
}

void course(const PacketCase& packet, Found& found) {
  sessions(packet, needling, found);
}

void scores(const PacketCase& packet, Found& found) {
  if (packet.context.episode == nullptr) return;
  for (const auto& score : packet.context.episode->scores) {
    if (!score.value.empty()) found.add(score.ref);
  }
}

/// Which of them go is the field profile's business: the list as a whole is there, and only when
/// all of it was read.
void medications(const PacketCase& packet, Found& found) {
  if (completeness_of(packet.history, "medications") != Completeness::complete) return;
  found.there =
      found.there ||
      std::any_of(packet.context.facts.begin(), packet.context.facts.end(), [](const Fact& fact) {
        return fact.kind == FactKind::medication && fact.active;
      });
}

void allergies(const PacketCase& packet, Found& found) {
  for (const auto& fact : packet.context.facts) {
    if (fact.kind == FactKind::allergy && fact.active) found.add(fact.ref);
  }
}

void coverage(const PacketCase& packet, Found& found) {
  for (const auto& record : packet.context.chart.records.coverages) {
    if (record.status.empty() || record.status == "active") found.add(record.ref);
  }
}

/// The first question of the safety screen that nothing answers; null when all are answered.
const Missing* first_open(const std::vector<Missing>& missing) {
  const auto found = std::find_if(missing.begin(), missing.end(), [](const Missing& item) {
    return item.blocks_acupuncture && item.rule.starts_with("RF");
  });
  return found == missing.end() ? nullptr : &*found;
}

void screen(const PacketCase& packet, Found& found) {
  found.there = first_open(packet.assessment.missing) == nullptr;
}

struct Word {
  std::string_view name;
  void (*look)(const PacketCase&, Found&);
  /// Kind of history that says, read completely, that there is none; empty: none does.
  std::string_view history;
};

constexpr std::array<Word, 15> packet_words = {{{"order.reason", order_reason, ""},
                                                {"order.note", order_note, ""},
                                                {"order.insurance", order_insurance, ""},
                                                {"order.requester", order_requester, ""},
                                                {"patient.contact", patient_contact, ""},
                                                {"diagnosis", diagnosis, ""},
                                                {"onset", onset, ""},
                                                {"imaging", imaging, "imaging"},
                                                {"care", care, ""},
                                                {"course", course, "procedures"},
                                                {"scores", scores, ""},
                                                {"medications", medications, "medications"},
                                                {"allergies", allergies, "allergies"},
                                                {"coverage", coverage, "coverage"},
                                                {"screen", screen, ""}}};

const Word* word_named(std::string_view name) {
  const auto* found = std::find_if(packet_words.begin(), packet_words.end(),
                                   [&](const Word& word) { return word.name == name; });
  return found == packet_words.end() ? nullptr : found;
}

class Needs {
 public:
  explicit Needs(const PacketCase& packet) : packet_(packet), context_(packet.context) {}

  PacketItem item_for(const PacketElement& element) const {
    PacketItem item;
    item.rule = "packet." + element.id;
    item.source = element.source;
    item.element = element.id;
    item.supplied_by = element.supplied_by;
    const auto found = on_record(element);
    item.evidence.assign(found.refs.begin(), found.refs.end());
    if (found.there) {
      item.state = "there";
      item.text = element.label + ": on record";
    } else if (!by_answer(element, item) && !by_absence(element, item)) {
      item.state = "missing";
      item.holds = element.holds && packet_.service == "acupuncture";
      item.question = asking(element);
      item.text = element.label + ": not known. It can come from " + element.supplied_by;
    }
    return item;
  }

 private:
  Found on_record(const PacketElement& element) const {
    Found found;
    for (const auto& name : element.found_in) {
      if (const auto* word = word_named(name)) word->look(packet_, found);
    }
    for (const auto* fact : context_.facts_in(element.value_sets)) {
      if (fact->active) found.add(fact->ref);
    }
    return found;
  }

  /// The screen as a whole is asked for by each of its questions.
  std::string asking(const PacketElement& element) const {
    const auto& words = element.found_in;
    if (std::find(words.begin(), words.end(), "screen") == words.end()) return element.question;
    const auto open = first_open(packet_.assessment.missing);
    return open == nullptr ? element.question : open->question;
  }

  bool by_answer(const PacketElement& element, PacketItem& item) const {
    if (element.question.empty()) return false;
    for (const auto* value : {"yes", "no"}) {
      const auto firing = match(RuleAnswer{element.question, value, {}}, context_);
      if (!firing) continue;
      const auto* answer = answer_to(context_.answers, element.question);
      item.state = value == std::string_view("yes") ? "answered" : "none";
      item.text = element.label + ": answered " + value + ", " + as_date(answer->at).text;
      if (item.state == "answered") item.text += "; no record says more";
      // As everywhere, a no is said in words alone; the record of a yes goes with the packet.
      if (item.state == "answered") item.evidence = firing->evidence;
      return true;
    }
    return false;
  }

  /// None, by histories that were read completely.
  bool by_absence(const PacketElement& element, PacketItem& item) const {
    std::vector<std::string> kinds;
    for (const auto& name : element.found_in) {
      const auto* word = word_named(name);
      if (word != nullptr && !word->history.empty()) kinds.emplace_back(word->history);
    }
    const auto* question = question_of(context_.rules, element.question);
    if (kinds.empty() && question != nullptr) kinds = question->absence_from;
    const bool read = std::all_of(kinds.begin(), kinds.end(), [&](const std::string& kind) {
      return completeness_of(packet_.history, kind) == Completeness::complete;
    });
    if (kinds.empty() || !read) return false;
    item.state = "none";
    item.text = element.label + ": none on record, which was read completely";
    return true;
  }

  const PacketCase& packet_;
  const RuleContext& context_;
};

bool concerns(const PacketElement& element, const PacketCase& packet) {
  const auto& services = element.services;
  if (std::find(services.begin(), services.end(), packet.service) == services.end()) return false;
  const auto* question = question_of(packet.context.rules, element.question);
  return question == nullptr || asked_of(*question, packet.context);
}

}  // namespace

bool is_packet_word(std::string_view word) {
  return word_named(word) != nullptr;
}

std::vector<PacketItem> packet_items(const PacketCase& packet_case) {
  std::vector<PacketItem> items;
  const Needs needs(packet_case);
  for (const auto& element : packet_case.context.rules.packet) {
    if (concerns(element, packet_case)) items.push_back(needs.item_for(element));
  }
  return items;
}

std::set<std::string> known_questions(const std::vector<PacketItem>& items, const RuleBook& rules) {
  std::set<std::string> known;
  for (const auto& element : rules.packet) {
    const bool there = std::any_of(items.begin(), items.end(), [&](const PacketItem& item) {
      return item.element == element.id && item.state != "missing";
    });
    if (there && !element.question.empty()) known.insert(element.question);
  }
  return known;
}

}  // namespace meridian
