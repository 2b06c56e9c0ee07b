// SPDX-License-Identifier: Apache-2.0
#include "pathway/lanes.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "pathway/contraindications.h"
#include "pathway/guideline.h"
#include "pathway/red_flags.h"

namespace meridian {
namespace {

/// Pain types that acupuncture may take by itself: routing_rules.json step 7.
constexpr std::array<std::string_view, 6> acupuncture_types = {
    "nonspecific_muscular", "sacroiliac", "degenerative",
    "disc_displacement",    "sciatica",   "disc_with_radiculopathy"};

struct TypeLane {
  std::string_view type;
  std::string_view service;
  std::string_view urgency;
};

/// routing_rules.json step 5 and the lanes of pain_types.json, where a code alone decides.
constexpr std::array<TypeLane, 4> type_lanes = {{{"failed_back", "spine_surgery", "routine"},
                                                 {"inflammatory", "rheumatology", "routine"},
                                                 {"pregnancy_related", "obstetric", "routine"},
                                                 {"tumour", "oncology", "urgent"}}};

int urgency_rank(std::string_view urgency) {
  return urgency == "emergency" ? 2 : urgency == "urgent" ? 1 : 0;
}

class LaneList {
 public:
  void add(std::string_view service, std::string_view urgency, const std::string& rule,
           std::string_view modality = {}) {
    if (service.empty()) return;
    auto found = std::find_if(lanes_.begin(), lanes_.end(),
                              [&](const Lane& lane) { return lane.service == service; });
    if (found == lanes_.end()) {
      lanes_.push_back(Lane{std::string(service), std::string(urgency), std::string(modality), {}});
      found = std::prev(lanes_.end());
    }
    if (urgency_rank(urgency) > urgency_rank(found->urgency)) found->urgency = urgency;
    auto& rules = found->rules;
    if (std::find(rules.begin(), rules.end(), rule) == rules.end()) rules.push_back(rule);
  }

  std::vector<Lane> take() {
    std::stable_sort(lanes_.begin(), lanes_.end(), [](const Lane& a, const Lane& b) {
      return std::tuple(-urgency_rank(a.urgency), std::string_view(a.service)) <
             std::tuple(-urgency_rank(b.urgency), std::string_view(b.service));
    });
    return std::move(lanes_);
  }

 private:
  std::vector<Lane> lanes_;
};

void add_flag_lanes(const Assessment& assessment, const RuleBook& rules, LaneList& lanes) {
  for (const auto& flag : assessment.flags) {
    const auto* rule = red_flag_rule(rules, flag.rule);
    const std::string service = rule == nullptr ? "" : rule->lane;
    if (flag.severity == "emergency") {
      lanes.add("emergency", "emergency", flag.rule);
      if (service != "emergency") lanes.add(service, "urgent", flag.rule);
    } else if (flag.severity == "urgent" || flag.severity == "routine") {
      lanes.add(service, flag.severity, flag.rule);
    }
  }
}

bool suits_acupuncture(const PainType& type) {
  return std::find(acupuncture_types.begin(), acupuncture_types.end(), type.type) !=
         acupuncture_types.end();
}

}  // namespace

bool acupuncture_blocked(const Assessment& assessment, const RuleBook& rules) {
  const bool by_flag =
      std::any_of(assessment.flags.begin(), assessment.flags.end(), [&](const Flag& flag) {
        const auto* rule = red_flag_rule(rules, flag.rule);
        const int rank = severity_rank(flag.severity);
        if (rank >= severity_rank("urgent")) return true;  // until the surgeon has cleared it
        return rank == severity_rank("hold") && rule != nullptr && rule->acupuncture == "block";
      });
  return by_flag || std::any_of(assessment.cautions.begin(), assessment.cautions.end(),
                                [](const Caution& caution) {
                                  return effective_manual(caution) == "absolute";
                                });
}

bool current_barred(const Assessment& assessment) {
  return std::any_of(assessment.cautions.begin(), assessment.cautions.end(),
                     [](const Caution& caution) {
                       return caution_rank(caution.electro) >= caution_rank("relative");
                     });
}

std::vector<Lane> lanes_of(const Assessment& assessment, const Bound& bound,
                           const RuleBook& rules) {
  LaneList lanes;
  add_flag_lanes(assessment, rules, lanes);
  for (const auto& type : assessment.pain_types) {
    for (const auto& lane : type_lanes) {
      if (lane.type == type.type) lanes.add(lane.service, lane.urgency, "type." + type.type);
    }
  }
  if (bound.service == "spine_surgery") {
    lanes.add("spine_surgery", bound.urgent ? "urgent" : "routine", "order");
    return lanes.take();
  }
  if (acupuncture_blocked(assessment, rules)) return lanes.take();
  const bool barred = current_barred(assessment);
  const std::string_view modality = barred ? "manual" : bound.electro ? "electro" : "";
  if (bound.ordered) lanes.add("acupuncture", "routine", "order", modality);
  for (const auto& type : assessment.pain_types) {
    if (!suits_acupuncture(type)) continue;
    if (guideline_opens(assessment.guideline)) {
      lanes.add("acupuncture", "routine", "type." + type.type, modality);
    } else {
      lanes.add("conservative", "routine", assessment.guideline.rule);
    }
  }
  return lanes.take();
}

}  // namespace meridian
