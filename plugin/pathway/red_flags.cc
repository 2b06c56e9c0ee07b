// SPDX-License-Identifier: Apache-2.0
#include "pathway/red_flags.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "pathway/care.h"
#include "pathway/contraindications.h"

namespace meridian {
namespace {

/// `ask` and `lifted_by` end here: what the effect of a clause is, given the answers.
std::string settled_effect(const RuleCodes& codes, const std::string& rule,
                           const RuleContext& context) {
  const bool open = codes.effect == "ask" || codes.effect == "hold";
  if (open && lifted(codes.lifted_by, context)) return "modifier";
  if (codes.effect != "ask") return codes.effect;
  return all_answered_no(rule, context) ? "modifier" : "hold";
}

std::vector<Firing> firings_of(const RedFlagRule& rule, const RuleContext& context) {
  std::vector<Firing> firings;
  if (!rule.decidable) return firings;
  for (const auto& codes : rule.codes) {
    if (auto firing = match(codes, context)) {
      firing->effect = settled_effect(codes, rule.id, context);
      firings.push_back(std::move(*firing));
    }
  }
  for (const auto& answer : rule.answers) {
    if (auto firing = match(answer, context)) firings.push_back(std::move(*firing));
  }
  for (const auto& measure : rule.measures) {
    if (auto firing = match(measure, context)) firings.push_back(std::move(*firing));
  }
  for (const auto& finding : rule.findings) {
    if (auto firing = match(finding, context)) firings.push_back(std::move(*firing));
  }
  for (const auto& age : rule.ages) {
    if (auto firing = match(age, context)) firings.push_back(std::move(*firing));
  }
  for (const auto& care : rule.care) {
    if (auto firing = match(care, context)) firings.push_back(std::move(*firing));
  }
  return firings;
}

/// What a combination adds: the same evidence with a stronger effect.
void combine(const RedFlagRule& rule, const FiredRules& fired, const RuleContext& context,
             std::vector<Firing>& firings) {
  std::vector<Firing> own = firings;
  std::erase_if(own, [](const Firing& firing) { return !firing.sentences.empty(); });
  if (own.empty()) return;
  for (const auto& combination : rule.combinations) {
    auto beside = match(combination, fired, context);
    if (!beside) continue;
    Firing stronger;
    stronger.effect = combination.effect;
    std::set<std::string>& refs = *beside;
    for (const auto& firing : own) {
      refs.insert(firing.evidence.begin(), firing.evidence.end());
      stronger.until = sooner(stronger.until, firing.until);
    }
    stronger.evidence.assign(refs.begin(), refs.end());
    firings.push_back(std::move(stronger));
  }
}

Flag flag_of(const RedFlagRule& rule, const std::string& severity) {
  Flag flag;
  flag.rule = rule.id;
  flag.source = rule.source;
  flag.text = rule.label;
  flag.severity = severity;
  flag.action = rule.action;
  for (const auto& act : rule.acts) {
    if (act.effect != severity) continue;
    flag.who = act.who;
    flag.within_hours = act.within_hours;
  }
  return flag;
}

/// What was read out of a report may be misread: a person reads it before anything follows.
void quote(const std::vector<std::string>& sentences, const RedFlagRule& rule, Flag& flag) {
  if (sentences.empty()) return;
  constexpr std::string_view lead = "; read this report:";
  if (flag.text.find(lead) == std::string::npos) flag.text += lead;
  for (const auto& sentence : sentences) {
    const auto quoted = " \"" + sentence + "\"";
    if (flag.text.find(quoted) == std::string::npos) flag.text += quoted;
  }
  flag.action = "Read the report: a program found these words and may misread them. If it is so: " +
                rule.action;
}

/// Firings of one rule to flags, strongest first, each ref once.
void add_flags(const RedFlagRule& rule, const std::vector<Firing>& firings,
               std::vector<Flag>& flags) {
  std::map<int, Flag, std::greater<>> by_rank;
  for (const auto& firing : firings) {
    const int rank = severity_rank(firing.effect);
    auto& flag = by_rank.try_emplace(rank, flag_of(rule, firing.effect)).first->second;
    flag.evidence.insert(flag.evidence.end(), firing.evidence.begin(), firing.evidence.end());
    if (firing.by_words) flag.text = rule.label + " (by its words: the code is not known)";
    quote(firing.sentences, rule, flag);
  }
  std::set<std::string> shown;
  for (auto& [rank, flag] : by_rank) {
    std::set<std::string> refs(flag.evidence.begin(), flag.evidence.end());
    flag.evidence.clear();
    for (const auto& ref : refs) {
      if (shown.insert(ref).second) flag.evidence.push_back(ref);
    }
    if (!flag.evidence.empty()) flags.push_back(std::move(flag));
  }
}

}  // namespace

int severity_rank(const std::string& severity) {
  constexpr std::array<std::string_view, 5> ranks = {"modifier", "routine", "hold", "urgent",
                                                     "emergency"};
  const auto found = std::find(ranks.begin(), ranks.end(), severity);
  return found == ranks.end() ? 2 : static_cast<int>(found - ranks.begin());
}

FiredRules fired_rules(const RuleContext& context) {
  FiredRules fired;
  const auto add = [&](const auto& rules, std::vector<std::vector<Firing>>& all) {
    for (const auto& rule : rules) {
      for (const auto& firing : all.emplace_back(firings_of(rule, context))) {
        if (!firing.sentences.empty()) continue;
        fired.by_id[rule.id].insert(firing.evidence.begin(), firing.evidence.end());
      }
    }
  };
  add(context.rules.red_flags, fired.red_flags);
  add(context.rules.contraindications, fired.contraindications);
  return fired;
}

RedFlags red_flags(const RuleContext& context, const FiredRules& fired) {
  RedFlags result;
  for (std::size_t i = 0; i < context.rules.red_flags.size(); ++i) {
    const auto& rule = context.rules.red_flags[i];
    auto firings = fired.red_flags[i];
    combine(rule, fired, context, firings);
    for (const auto& firing : firings) result.until = sooner(result.until, firing.until);
    add_flags(rule, firings, result.flags);
  }
  std::stable_sort(result.flags.begin(), result.flags.end(), [](const Flag& a, const Flag& b) {
    return std::tuple(-severity_rank(a.severity), std::string_view(a.rule)) <
           std::tuple(-severity_rank(b.severity), std::string_view(b.rule));
  });
  return result;
}

const RedFlagRule* red_flag_rule(const RuleBook& rules, std::string_view id) {
  for (const auto& rule : rules.red_flags) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

}  // namespace meridian
