// SPDX-License-Identifier: Apache-2.0
#include "pathway/sign_off.h"

#include <algorithm>

#include "pathway/contraindications.h"
#include "pathway/guideline.h"
#include "pathway/missing.h"
#include "pathway/red_flags.h"

namespace meridian {
namespace {

constexpr const char* missing_severity = "missing";

std::string severity_of(const Flag& flag) {
  return flag.severity;
}
std::string severity_of(const Caution& caution) {
  return caution.manual + "/" + caution.electro;
}
std::string severity_of(const Missing&) {
  return missing_severity;
}

bool no_worse(const Flag& flag, const std::string& than) {
  return severity_rank(flag.severity) <= severity_rank(than);
}
bool no_worse(const Caution& caution, const std::string& than) {
  const auto slash = than.find('/');
  if (slash == std::string::npos) return false;
  return caution_rank(caution.manual) <= caution_rank(than.substr(0, slash)) &&
         caution_rank(caution.electro) <= caution_rank(than.substr(slash + 1));
}
bool no_worse(const Missing&, const std::string& than) {
  return than == missing_severity;
}

Hold hold_of(const Flag& flag, const RuleBook& rules) {
  const auto* rule = red_flag_rule(rules, flag.rule);
  const bool blocks = rule == nullptr || rule->acupuncture == "block";
  Hold hold{flag, severity_of(flag), flag.severity == "hold" && !blocks, {}};
  if (!hold.signable) hold.way = "the surgeon must see the patient first; the order must change";
  return hold;
}

Hold hold_of(const Caution& caution) {
  const bool relative = effective_manual(caution) == "relative" ||
                        (effective_manual(caution) != "absolute" && caution.electro == "relative");
  Hold hold{caution, severity_of(caution), relative, {}};
  if (!relative) hold.way = "only a changed plan or a corrected record lifts it";
  return hold;
}

/// A hold or a check point of a running course.
bool is_of_course(const Missing& missing, const CourseRules& rules) {
  const auto is_it = [&](const auto& rule) { return rule.id == missing.rule; };
  return std::any_of(rules.holds.begin(), rules.holds.end(), is_it) ||
         std::any_of(rules.check_points.begin(), rules.check_points.end(), is_it);
}

Hold hold_of(const Missing& missing, const RuleBook& rules) {
  const bool signable = missing.rule == "type.undetermined" ||
                        missing.rule == history_not_available || is_guideline_rule(missing.rule) ||
                        is_of_course(missing, rules.course);
  Hold hold{missing, severity_of(missing), signable, {}};
  if (!hold.signable) hold.way = "the answer or the record must come";
  return hold;
}

template <typename Statement>
bool covered(const SignOff::Covered& covers, const Statement& statement) {
  if (covers.rule != statement.rule || !no_worse(statement, covers.severity)) return false;
  const auto& known = covers.evidence;
  return std::all_of(statement.evidence.begin(), statement.evidence.end(),
                     [&](const std::string& ref) {
                       return std::find(known.begin(), known.end(), ref) != known.end();
                     });
}

/// "Dr. I. Varga, spine surgeon, 2026-11-20: second trimester, agreed with obstetrics".
std::string words_of(const SignOff& sign_off) {
  return sign_off.by + ", " + sign_off.role + ", " + to_string(sign_off.at).substr(0, 10) + ": " +
         sign_off.reason;
}

}  // namespace

std::vector<Hold> holds_of(const Assessment& assessment, const RuleBook& rules, bool electro) {
  std::vector<Hold> holds;
  for (const auto& flag : assessment.flags) {
    const bool holding = severity_rank(flag.severity) >= severity_rank("hold");
    if (holding && flag.signed_off.empty()) holds.push_back(hold_of(flag, rules));
  }
  for (const auto& caution : assessment.cautions) {
    const int current = electro ? caution_rank(caution.electro) : 0;
    const int rank = std::max(caution_rank(effective_manual(caution)), current);
    const auto* limit = caution.signed_off.empty() ? "relative" : "absolute";
    if (rank < caution_rank(limit)) continue;
    holds.push_back(hold_of(caution));
    if (current < caution_rank("absolute")) continue;
    holds.back().signable = false;
    holds.back().way = "current must be taken out of the order";
  }
  for (const auto& missing : assessment.missing) {
    if (missing.blocks_acupuncture && missing.signed_off.empty())
      holds.push_back(hold_of(missing, rules));
  }
  return holds;
}

std::optional<Instant> apply_sign_offs(const std::vector<SignOff>& sign_offs, const RuleBook& rules,
                                       Instant at, Assessment& assessment) {
  std::optional<Instant> until;
  const auto sign = [&](auto& statement, bool signable) {
    if (!signable) return;
    for (const auto& sign_off : sign_offs) {
      if (at > sign_off.until) continue;
      const bool covers = std::any_of(sign_off.covers.begin(), sign_off.covers.end(),
                                      [&](const auto& one) { return covered(one, statement); });
      if (!covers) continue;
      statement.signed_off = words_of(sign_off);
      if (!until || sign_off.until < *until) until = sign_off.until;
    }
  };
  for (auto& flag : assessment.flags) sign(flag, hold_of(flag, rules).signable);
  for (auto& caution : assessment.cautions) sign(caution, hold_of(caution).signable);
  for (auto& missing : assessment.missing) sign(missing, hold_of(missing, rules).signable);
  return until;
}

}  // namespace meridian
