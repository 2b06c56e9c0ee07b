// SPDX-License-Identifier: Apache-2.0
#include "pathway/contraindications.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace meridian {
namespace {

struct Severities {
  std::string manual;
  std::string electro;
};

/// "relative/absolute", one word for both, or nothing for the rule's own.
Severities severities_of(const std::string& effect, const ContraindicationRule& rule) {
  if (effect.empty()) return {rule.manual, rule.electro};
  const auto slash = effect.find('/');
  if (slash == std::string::npos) return {effect, effect};
  return {effect.substr(0, slash), effect.substr(slash + 1)};
}

std::optional<Firing> under_age(const ContraindicationRule& rule, const RuleContext& context) {
  if (!rule.under_age) return std::nullopt;
  RuleAge age;
  age.under = rule.under_age;
  return match(age, context);
}

/// What holds beside any red flag of that severity, on the records behind it.
std::optional<Firing> with_flag(const ContraindicationRule& rule, const std::vector<Flag>& flags) {
  if (rule.with_flag.empty()) return std::nullopt;
  std::set<std::string> refs;
  for (const auto& flag : flags) {
    if (flag.severity == rule.with_flag) refs.insert(flag.evidence.begin(), flag.evidence.end());
  }
  if (refs.empty()) return std::nullopt;
  Firing firing;
  firing.evidence.assign(refs.begin(), refs.end());
  return firing;
}

void combine(const ContraindicationRule& rule, const FiredRules& fired, const RuleContext& context,
             std::vector<Firing>& firings) {
  std::vector<Firing> own = firings;
  std::erase_if(own, [](const Firing& firing) { return !firing.sentences.empty(); });
  if (own.empty()) return;
  for (const auto& combination : rule.combinations) {
    auto beside = match(combination, fired, context);
    if (!beside) continue;
    Firing stronger = own.front();
    stronger.effect = combination.effect;
    beside->insert(stronger.evidence.begin(), stronger.evidence.end());
    stronger.evidence.assign(beside->begin(), beside->end());
    firings.push_back(std::move(stronger));
  }
}

Caution caution_of(const ContraindicationRule& rule, const Firing& firing) {
  Caution caution;
  caution.rule = rule.id;
  caution.source = rule.source;
  caution.text = rule.label + ". " + rule.action;
  caution.evidence = firing.evidence;
  auto [manual, electro] = severities_of(firing.effect, rule);
  caution.manual = std::move(manual);
  caution.electro = std::move(electro);
  caution.scope = rule.scope;
  return caution;
}

/// How much of the body a scope reaches; a wider one includes a narrower one.
int reach(const std::string& scope) {
  if (scope == "whole") return 3;
  if (scope == "spine") return 2;
  return 1;
}

bool exceeds(const Caution& a, const Caution& b) {
  return a.rule == b.rule && caution_rank(a.manual) >= caution_rank(b.manual) &&
         caution_rank(a.electro) >= caution_rank(b.electro) && reach(a.scope) >= reach(b.scope);
}

void add_evidence(Caution& into, const Caution& from) {
  std::set<std::string> refs(into.evidence.begin(), into.evidence.end());
  refs.insert(from.evidence.begin(), from.evidence.end());
  into.evidence.assign(refs.begin(), refs.end());
}

void add(std::vector<Caution>& cautions, Caution caution) {
  for (auto& known : cautions) {
    if (exceeds(known, caution)) {
      add_evidence(known, caution);
      return;
    }
    if (exceeds(caution, known)) {
      add_evidence(caution, known);
      known = std::move(caution);
      return;
    }
  }
  cautions.push_back(std::move(caution));
}

}  // namespace

int caution_rank(const std::string& severity) {
  constexpr std::array<std::string_view, 5> ranks = {"none", "information", "caution", "relative",
                                                     "absolute"};
  const auto found = std::find(ranks.begin(), ranks.end(), severity);
  return found == ranks.end() ? 3 : static_cast<int>(found - ranks.begin());
}

std::vector<Firing> firings_of(const ContraindicationRule& rule, const RuleContext& context) {
  std::vector<Firing> firings;
  if (!rule.decidable) return firings;
  const auto add_all = [&](const auto& clauses) {
    for (const auto& clause : clauses) {
      if (auto firing = match(clause, context)) firings.push_back(std::move(*firing));
    }
  };
  add_all(rule.codes);
  add_all(rule.answers);
  add_all(rule.measures);
  add_all(rule.findings);
  add_all(rule.dues);
  if (auto firing = under_age(rule, context)) firings.push_back(std::move(*firing));
  return firings;
}

Contraindications contraindications(const RuleContext& context, const FiredRules& fired,
                                    const std::vector<Flag>& flags) {
  Contraindications result;
  for (std::size_t i = 0; i < context.rules.contraindications.size(); ++i) {
    const auto& rule = context.rules.contraindications[i];
    auto firings = fired.contraindications[i];
    combine(rule, fired, context, firings);
    if (auto firing = with_flag(rule, flags)) firings.push_back(std::move(*firing));
    for (const auto& firing : firings) {
      result.until = sooner(result.until, firing.until);
      add(result.cautions, caution_of(rule, firing));
    }
  }
  std::stable_sort(
      result.cautions.begin(), result.cautions.end(), [](const Caution& a, const Caution& b) {
        const auto key = [](const Caution& caution) {
          return std::tuple(std::string_view(caution.rule), -caution_rank(caution.manual),
                            -caution_rank(caution.electro));
        };
        return key(a) < key(b);
      });
  return result;
}

std::string effective_manual(const Caution& caution) {
  if (caution.manual != "absolute") return caution.manual;
  if (caution.scope == "whole" || caution.scope == "spine" || caution.scope == "electro") {
    return caution.manual;
  }
  return caution.scope == "site" ? "relative" : "caution";
}

}  // namespace meridian
