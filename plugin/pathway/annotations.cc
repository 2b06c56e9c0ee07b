// SPDX-License-Identifier: Apache-2.0
#include "pathway/annotations.h"

#include <algorithm>

namespace meridian {
namespace {

Entry entry_of(const char* rule, std::string text, std::vector<std::string> evidence) {
  Entry entry;
  entry.rule = rule;
  entry.source = "SELF";
  entry.text = std::move(text);
  std::sort(evidence.begin(), evidence.end());
  entry.evidence = std::move(evidence);
  return entry;
}

std::string day_of(const PartialDate& date) {
  return date.empty() ? "undated" : as_date(date).text;
}

void add_surgery(const RuleContext& context, std::vector<Entry>& entries) {
  for (const auto& fact : context.facts) {
    if (fact.kind != FactKind::procedure || !fact.meaning.in("procedure.spine_surgery")) continue;
    entries.push_back(
        entry_of("history.surgery", "spine surgery on record, " + day_of(fact.from), {fact.ref}));
  }
}

/// What people call a type, where no code says so: it supports and decides nothing.
void add_words(const RuleContext& context, const std::vector<PainType>& types,
               std::vector<Entry>& entries) {
  const auto look = [&](const std::string& ref, const Concept& coded) {
    const auto type = mapped("pain-type-words", coded, context.terminology);
    const bool coded_already =
        type && std::any_of(types.begin(), types.end(),
                            [&](const auto& each) { return each.type == *type; });
    if (!type || coded_already) return;
    entries.push_back(entry_of(
        "type.words", "words on record that often mean " + *type + "; no code says so", {ref}));
  };
  const auto& records = context.chart.records;
  for (const auto& condition : records.conditions) {
    const auto& verification = condition.verification_status;
    const bool wrong = verification == "refuted" || verification == "entered-in-error";
    if (!wrong) look(condition.ref, condition.code);
  }
  for (const auto& encounter : records.encounters) {
    for (const auto& reason : encounter.reason_codes) look(encounter.ref, reason);
  }
  for (const auto& order : records.service_requests) {
    for (const auto& reason : order.reason_codes) look(order.ref, reason);
  }
}

void add_opioids(const RuleContext& context, std::vector<Entry>& entries) {
  std::vector<std::string> refs;
  for (const auto& fact : context.facts) {
    if (fact.active && fact.meaning.in("medication.opioid")) refs.push_back(fact.ref);
  }
  if (refs.empty()) return;
  entries.push_back(entry_of("history.opioid", "opioid order current or just ended", refs));
}

void add_conservative_care(const Episode& episode, std::vector<Entry>& entries) {
  for (const char* category :
       {"physical_therapy", "manual_therapy", "acupuncture", "dry_needling", "spine_injection"}) {
    std::vector<std::string> refs;
    for (const auto& procedure : episode.procedures) {
      if (procedure.category == category) refs.push_back(procedure.ref);
    }
    if (refs.empty()) continue;
    std::string text(category);
    std::replace(text.begin(), text.end(), '_', ' ');
    text += " in this episode: " + std::to_string(refs.size());
    entries.push_back(entry_of("episode.care", std::move(text), std::move(refs)));
  }
}

/// A region of the map imaging-region as people say it.
std::string said(const std::string& region) {
  if (region == "multiple") return "several parts of the spine";
  return region == "spine" ? "the spine" : "the " + region + " spine";
}

void add_scores_and_images(const Episode& episode, std::vector<Entry>& entries) {
  for (const auto& score : episode.scores) {
    if (score.value.empty()) continue;
    entries.push_back(entry_of("episode.score", score.instrument + " " + score.value, {score.ref}));
  }
  for (const auto& image : episode.imaging) {
    const auto what = image.modality.empty() ? std::string("image") : image.modality;
    entries.push_back(entry_of("episode.imaging", what + " of " + said(image.region) + " on record",
                               {image.ref}));
  }
}

void add_course(const RuleContext& context, const std::vector<Episode>& episodes,
                const Episode& episode, std::vector<Entry>& entries) {
  if (!episode.onset.empty()) {
    const auto days = std::chrono::floor<Days>(context.at - *earliest(episode.onset)).count();
    entries.push_back(entry_of(
        "episode.duration",
        "onset stated " + episode.onset.text + ", at most " + std::to_string(days) + " days ago",
        episode.conditions));
  }
  if (episodes.size() > 1) {
    entries.push_back(entry_of("episode.earlier",
                               std::to_string(episodes.size()) + " episodes of back pain on record",
                               {}));
  }
}

}  // namespace

std::vector<Entry> annotations(const RuleContext& context, const std::vector<Episode>& episodes,
                               const Episode* episode, const std::vector<PainType>& types) {
  std::vector<Entry> entries;
  add_words(context, types, entries);
  add_surgery(context, entries);
  add_opioids(context, entries);
  if (episode != nullptr) {
    add_conservative_care(*episode, entries);
    add_scores_and_images(*episode, entries);
    add_course(context, episodes, *episode, entries);
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.rule, a.evidence, a.text) < std::tie(b.rule, b.evidence, b.text);
  });
  return entries;
}

}  // namespace meridian
