// SPDX-License-Identifier: Apache-2.0
#include "pathway/assess.h"

#include <algorithm>
#include <set>

#include "pathway/annotations.h"
#include "pathway/contraindications.h"
#include "pathway/course/adverse_events.h"
#include "pathway/course/course.h"
#include "pathway/course/ledger.h"
#include "pathway/coverage.h"
#include "pathway/guideline.h"
#include "pathway/imaging/notes.h"
#include "pathway/lanes.h"
#include "pathway/missing.h"
#include "pathway/packet_needs.h"
#include "pathway/red_flags.h"
#include "pathway/referral_service.h"
#include "pathway/sign_off.h"

namespace meridian {
namespace {

const Episode* episode_of(const AssessInput& input) {
  if (input.episode != nullptr || input.episodes.empty()) return input.episode;
  if (input.referral != nullptr) {
    for (const auto& episode : input.episodes) {
      const auto& refs = episode.referrals;
      if (std::find(refs.begin(), refs.end(), input.referral->ref) != refs.end()) return &episode;
    }
  }
  return &input.episodes.back();
}

Bound bound_of(const AssessInput& input) {
  Bound bound{"acupuncture", false, false, false};
  if (input.referral == nullptr) return bound;
  const auto& referral = *input.referral;
  bound.ordered = true;
  if (referral_service(referral, input.terminology) == "spine_surgery") {
    bound.service = "spine_surgery";
  }
  bound.electro = orders_electro(referral, input.terminology);
  bound.urgent =
      referral.priority == "urgent" || referral.priority == "asap" || referral.priority == "stat";
  return bound;
}

std::vector<PainType> pain_types(const AssessInput& input, const Episode* episode) {
  if (episode != nullptr && !episode->pain_types.empty()) return episode->pain_types;
  PainType none{"undetermined", {}};
  if (input.referral != nullptr) none.basis.push_back(input.referral->ref);
  return {none};
}

/// "undetermined" alone is for a clinician to settle before acupuncture.
void add_undetermined(Assessment& assessment) {
  const auto& types = assessment.pain_types;
  if (types.size() != 1 || types.front().type != "undetermined") return;
  Missing missing;
  missing.rule = "type.undetermined";
  missing.source = "SELF";
  missing.text = "no diagnosis code says what kind of back pain this is";
  missing.evidence = types.front().basis;
  missing.question = "episode.pain-type";
  missing.doors = {"person"};
  assessment.missing.push_back(std::move(missing));
}

void add_guideline_doubt(Assessment& assessment, const Bound& bound, const RuleBook& rules) {
  if (!bound.ordered || bound.service != "acupuncture") return;
  auto doubt = guideline_doubt(assessment.guideline, rules);
  if (doubt) assessment.missing.push_back(std::move(*doubt));
}

/// What the packet has needs no asking, unless another rule wants the answer itself.
void add_packet(const AssessInput& input, const RuleContext& context, const Bound& bound,
                Assessment& assessment) {
  if (input.referral == nullptr) return;
  assessment.packet =
      packet_items({context, *input.referral, bound.service, assessment, input.history});
  const auto known = known_questions(assessment.packet, context.rules);
  std::erase_if(assessment.missing, [&](const Missing& missing) {
    return missing.rule == packet_rule && known.contains(missing.question);
  });
}

/// A record that says the patient has died is settled by a person before anything is sent.
void add_deceased(Assessment& assessment, const Patient& patient) {
  if (!patient.deceased) return;
  Missing missing;
  missing.rule = "identity";
  missing.source = "SELF";
  missing.text = "the record says that the patient has died; is this the right patient?";
  missing.evidence = {patient.ref};
  missing.question = "patient.identity";
  missing.doors = {"person"};
  assessment.missing.push_back(std::move(missing));
}

bool any_severity(const Assessment& assessment, const char* severity) {
  return std::any_of(assessment.flags.begin(), assessment.flags.end(),
                     [&](const Flag& flag) { return flag.severity == severity; });
}

bool urgent_for_surgeon(const Assessment& assessment, const RuleBook& rules) {
  return std::any_of(assessment.flags.begin(), assessment.flags.end(), [&](const Flag& flag) {
    const auto* rule = red_flag_rule(rules, flag.rule);
    return flag.severity == "urgent" && rule != nullptr && rule->lane == "spine_surgery";
  });
}

bool held(const Assessment& assessment, const Bound& bound) {
  const bool by_flag =
      std::any_of(assessment.flags.begin(), assessment.flags.end(), [](const Flag& flag) {
        return flag.signed_off.empty() && severity_rank(flag.severity) >= severity_rank("hold");
      });
  const bool by_missing =
      std::any_of(assessment.missing.begin(), assessment.missing.end(), [](const Missing& missing) {
        return missing.signed_off.empty() && missing.blocks_acupuncture;
      });
  const bool by_caution = std::any_of(
      assessment.cautions.begin(), assessment.cautions.end(), [&](const Caution& caution) {
        const int electro = bound.electro ? caution_rank(caution.electro) : 0;
        const int manual = caution_rank(effective_manual(caution));
        // Signed for needles is not signed for current that must not be.
        const auto* limit = caution.signed_off.empty() ? "relative" : "absolute";
        return std::max(manual, electro) >= caution_rank(limit);
      });
  return by_flag || by_missing || by_caution;
}

bool has_lane(const Assessment& assessment, const char* service) {
  return std::any_of(assessment.lanes.begin(), assessment.lanes.end(),
                     [&](const Lane& lane) { return lane.service == service; });
}

Disposition disposition_of(const Assessment& assessment, const Bound& bound,
                           const RuleBook& rules) {
  if (any_severity(assessment, "emergency")) return Disposition::emergency;
  const bool urgent = urgent_for_surgeon(assessment, rules);
  if (bound.service == "spine_surgery") {
    return urgent || bound.urgent ? Disposition::urgent_surgeon : Disposition::route_surgeon;
  }
  if (urgent) return Disposition::urgent_surgeon;
  if (held(assessment, bound)) return Disposition::hold;
  if (has_lane(assessment, "acupuncture")) return Disposition::route_acupuncture;
  return has_lane(assessment, "spine_surgery") ? Disposition::route_surgeon : Disposition::hold;
}

void add_course(const AssessInput& input, const RuleContext& context, const Episode* episode,
                const Visits& visits, Assessment& assessment) {
  assessment.course = watch_course(
      {context, episode, visits, assessment.flags, assessment.pain_types, input.screened_at});
  if (assessment.course) {
    auto questions = course_questions(*assessment.course, input.rules.course);
    for (auto& item : questions) assessment.missing.push_back(std::move(item));
  }
  const auto* course = assessment.course ? &*assessment.course : nullptr;
  assessment.ledger = visit_ledger({context, visits, programs_of(context), course, input.referral});
}

void add_coverage(const AssessInput& input, const RuleContext& context, const Episode* episode,
                  Assessment& assessment) {
  auto coverage =
      coverage_answers({context, episode, input.referral, input.history, &*assessment.ledger});
  assessment.coverage = std::move(coverage.answers);
  for (auto& item : coverage.missing) assessment.missing.push_back(std::move(item));
}

std::set<std::string> evidence_of(const Assessment& assessment) {
  std::set<std::string> refs;
  for (const auto& flag : assessment.flags) {
    refs.insert(flag.evidence.begin(), flag.evidence.end());
  }
  for (const auto& caution : assessment.cautions) {
    refs.insert(caution.evidence.begin(), caution.evidence.end());
  }
  return refs;
}

bool is_open(const ServiceRequest& request) {
  const auto& status = request.status;
  return !request.do_not_perform && request.contained_in.empty() &&
         (status == "active" || status == "draft" || status == "on-hold");
}

}  // namespace

Assessment assess(const AssessInput& input) {
  RuleContext context(input.chart, input.rules, input.terminology, input.answers, input.at);
  context.screened_at = std::min(input.at, input.screened_at.value_or(input.at));
  const auto* episode = episode_of(input);
  context.episode = episode;
  const auto bound = bound_of(input);
  const auto fired = fired_rules(context);

  Assessment assessment;
  assessment.rules_version = input.rules.version;
  if (input.referral != nullptr) assessment.referral = input.referral->ref;
  assessment.pain_types = pain_types(input, episode);

  const auto visits = visits_of(context);
  auto flags = red_flags(context, fired);
  assessment.flags =
      with_adverse_events(std::move(flags.flags), serious_adverse_events(context, visits.used));
  auto cautions = contraindications(context, fired, assessment.flags);
  assessment.cautions = std::move(cautions.cautions);
  auto missing = missing_items(context, fired, evidence_of(assessment), input.history);
  assessment.missing = std::move(missing.items);
  for (auto& item : unread_imaging(context)) assessment.missing.push_back(std::move(item));
  assessment.guideline = guideline_answer(context, assessment.pain_types);
  add_undetermined(assessment);
  add_guideline_doubt(assessment, bound, input.rules);
  add_deceased(assessment, input.chart.patient);
  assessment.valid_until = sooner(flags.until, sooner(cautions.until, missing.until));

  add_course(input, context, episode, visits, assessment);
  add_coverage(input, context, episode, assessment);
  assessment.annotations = annotations(context, input.episodes, episode, assessment.pain_types);
  for (auto& note : imaging_notes(context)) assessment.annotations.push_back(std::move(note));
  add_packet(input, context, bound, assessment);
  const auto signed_until = apply_sign_offs(input.sign_offs, input.rules, input.at, assessment);
  assessment.valid_until = sooner(assessment.valid_until, signed_until);
  assessment.lanes = lanes_of(assessment, bound, input.rules);
  assessment.disposition = disposition_of(assessment, bound, input.rules);
  return assessment;
}

std::vector<Assessment> assess_chart(const AssessInput& input) {
  const auto judge = [&](const ServiceRequest* referral, const Episode* episode) {
    return assess({.chart = input.chart,
                   .episodes = input.episodes,
                   .referral = referral,
                   .episode = episode,
                   .history = input.history,
                   .answers = input.answers,
                   .terminology = input.terminology,
                   .rules = input.rules,
                   .at = input.at});
  };
  std::vector<Assessment> assessments;
  for (const auto& request : input.chart.records.service_requests) {
    const auto service = referral_service(request, input.terminology);
    if (!is_open(request) || (service != "acupuncture" && service != "spine_surgery")) continue;
    assessments.push_back(judge(&request, nullptr));
  }
  if (!assessments.empty()) return assessments;
  for (const auto& episode : input.episodes) assessments.push_back(judge(nullptr, &episode));
  return assessments;
}

}  // namespace meridian
