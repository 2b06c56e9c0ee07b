// SPDX-License-Identifier: Apache-2.0
#include "pathway/guideline.h"

#include <algorithm>
#include <set>

namespace meridian {
namespace {

constexpr std::string_view rule_prefix = "guideline.";

const Guideline* followed(const RuleBook& rules) {
  for (const auto& guideline : rules.guidelines) {
    if (guideline.id == rules.guideline) return &guideline;
  }
  return nullptr;
}

const std::string& phase_after(int days, const std::vector<GuidelinePhase>& phases) {
  static const std::string none;
  for (const auto& phase : phases) {
    if (!phase.below_days || days < *phase.below_days) return phase.id;
  }
  return none;
}

/// Empty when the onset is not stated, or its date may mean more than one phase.
std::string phase_of(const RuleContext& context) {
  if (context.episode == nullptr || context.episode->onset.empty()) return {};
  const auto& onset = context.episode->onset;
  const auto days_since = [&](Instant began) {
    return static_cast<int>(std::chrono::floor<Days>(context.at - began).count());
  };
  const auto& phases = context.rules.guideline_phases;
  const auto& longest = phase_after(days_since(*earliest(onset)), phases);
  const auto& shortest = phase_after(days_since(*latest(onset)), phases);
  return longest == shortest ? longest : std::string();
}

const GuidelinePosition* position_in(const Guideline& guideline, const std::string& phase) {
  for (const auto& position : guideline.positions) {
    if (position.phase == phase) return &position;
  }
  return nullptr;
}

/// The position of every phase, when it is one.
const GuidelinePosition* position_of_all(const Guideline& guideline, std::size_t phases) {
  const auto& all = guideline.positions;
  const bool one = all.size() == phases &&
                   std::all_of(all.begin(), all.end(), [&](const GuidelinePosition& each) {
                     return each.position == all.front().position;
                   });
  return one && !all.empty() ? &all.front() : nullptr;
}

/// The types that the guideline speaks of, with the records behind them.
std::set<std::string> spoken_of(const Guideline& guideline, const std::vector<PainType>& types) {
  std::set<std::string> refs;
  for (const auto& type : types) {
    const auto& listed = guideline.pain_types;
    if (std::find(listed.begin(), listed.end(), type.type) == listed.end()) continue;
    refs.insert(type.basis.begin(), type.basis.end());
  }
  return refs;
}

}  // namespace

GuidelineAnswer guideline_answer(const RuleContext& context, const std::vector<PainType>& types) {
  GuidelineAnswer answer;
  answer.position = "silent";
  const auto* guideline = followed(context.rules);
  if (guideline == nullptr) return answer;
  answer.rule = std::string(rule_prefix) + guideline->id;
  answer.source = guideline->source;
  answer.guideline = guideline->id;
  answer.phase = phase_of(context);
  const auto refs = spoken_of(*guideline, types);
  if (refs.empty()) {
    answer.text = guideline->label + " says nothing about acupuncture for this kind of pain";
    return answer;
  }
  answer.evidence.assign(refs.begin(), refs.end());
  const auto* position = answer.phase.empty()
                             ? position_of_all(*guideline, context.rules.guideline_phases.size())
                             : position_in(*guideline, answer.phase);
  if (position != nullptr) {
    answer.position = position->position;
    answer.text = guideline->label + ": " + position->text;
    if (!position->grade.empty()) answer.text += " (" + position->grade + ")";
  } else if (answer.phase.empty()) {
    answer.position = "unknown";
    answer.text = guideline->label + ": how long the pain lasts is not stated; it depends on that";
  } else {
    answer.text =
        guideline->label + " says nothing about acupuncture for " + answer.phase + " pain";
  }
  return answer;
}

bool guideline_opens(const GuidelineAnswer& answer) {
  return answer.position != "not_offered" && answer.position != "not_yet" &&
         answer.position != "unknown";
}

std::optional<Missing> guideline_doubt(const GuidelineAnswer& answer, const RuleBook& rules) {
  const auto* guideline = followed(rules);
  if (guideline == nullptr || guideline->ordered != "confirm") return std::nullopt;
  if (guideline_opens(answer)) return std::nullopt;
  Missing missing;
  missing.rule = answer.rule;
  missing.source = answer.source;
  missing.text = answer.text + ". A named person says that acupuncture is wanted all the same";
  missing.evidence = answer.evidence;
  missing.question = "guideline.wanted";
  missing.doors = {"person"};
  return missing;
}

bool is_guideline_rule(std::string_view rule) {
  return rule.starts_with(rule_prefix);
}

}  // namespace meridian
