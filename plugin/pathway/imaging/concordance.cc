// SPDX-License-Identifier: Apache-2.0
#include "pathway/imaging/concordance.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "pathway/imaging/levels.h"
#include "pathway/meaning.h"

namespace meridian {
namespace {

constexpr int days_per_month = 30;

void add_side(const std::string& side, std::set<std::string>& sides) {
  if (side == "left" || side == "bilateral") sides.insert("left");
  if (side == "right" || side == "bilateral") sides.insert("right");
}

/// Sides and single vertebra names ("left L5 radiculopathy") among the words of a condition.
void read_words(std::string_view text, Symptoms& symptoms) {
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find_first_of(" ,;()", begin), text.size());
    const auto word = text.substr(begin, end - begin);
    const auto lower = normalized_term(word);
    add_side(lower == "bilaterally" ? "bilateral" : lower, symptoms.sides);
    const auto level = imaging::level_at(word);
    if (level && level->row.size() == 1 && level->size == word.size()) {
      symptoms.roots.insert(imaging::names_of({{level->row}}, false).front());
    }
    begin = end + 1;
  }
}

bool transitional(const ImagingReport& report) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [](const ImagingFinding& finding) {
                       return finding.kind == "transitional_vertebra" && !finding.negated;
                     });
}

bool too_old(const ImagingReport& report, const RuleContext& context) {
  const auto& date = report.effective.empty() ? report.issued : report.effective;
  const int days = context.rules.imaging.concordance_months * days_per_month;
  return !date.empty() && !may_be_within(date, days, context.at);
}

/// central and foraminal root of the disc; empty when the table has no row for it.
std::set<std::string> roots_of(const ImagingFinding& finding, const ImagingVocabulary& vocabulary) {
  for (const auto& row : vocabulary.roots) {
    if (row.disc != finding.level) continue;
    if (finding.kind == "foraminal_stenosis") return {row.foraminal};
    if (finding.kind == "lateral_recess_stenosis") return {row.central};
    return {row.central, row.foraminal};  // the zone is not stated: both count
  }
  return {};
}

/// By how many roots the nearest of each lie apart.
int roots_apart(const std::set<std::string>& a, const std::set<std::string>& b) {
  constexpr std::array<std::string_view, 6> order = {"L1", "L2", "L3", "L4", "L5", "S1"};
  int apart = static_cast<int>(order.size());
  for (const auto& one : a) {
    for (const auto& other : b) {
      const auto* first = std::find(order.begin(), order.end(), one);
      const auto* second = std::find(order.begin(), order.end(), other);
      if (first == order.end() || second == order.end()) continue;
      apart = std::min(apart, static_cast<int>(std::abs(first - second)));
    }
  }
  return apart;
}

}  // namespace

Symptoms symptoms_of(const RuleContext& context) {
  Symptoms symptoms;
  std::set<std::string_view> painful;
  for (const auto& fact : context.facts) {
    if (!fact.active || fact.meaning.sets.empty()) continue;
    if (fact.meaning.in("flag.neurogenic_claudication")) symptoms.claudication = true;
    if (fact.meaning.back_pain() || fact.meaning.in("flag.motor_deficit_alert")) {
      painful.insert(fact.ref);
    }
  }
  for (const auto& condition : context.chart.records.conditions) {
    if (!painful.contains(condition.ref)) continue;
    for (const auto& site : condition.body_sites) {
      add_side(mapped("body-side", site, context.terminology).value_or(""), symptoms.sides);
    }
    add_side(mapped("body-side", condition.code, context.terminology).value_or(""), symptoms.sides);
    read_words(condition.code.text, symptoms);
    for (const auto& coding : condition.code.codings) read_words(coding.display, symptoms);
  }
  return symptoms;
}

std::string concordance(const ImagingFinding& finding, const ImagingReport& report,
                        const Symptoms& symptoms, const RuleContext& context) {
  if (!finding.evidence) return "indeterminate: ultrasound";
  if (transitional(report))
    return "indeterminate: transitional vertebra, levels are not comparable";
  if (too_old(report, context)) return "indeterminate: the image is too old";
  if (finding.kind == "central_stenosis" && symptoms.claudication) {
    return "concordant: a narrow canal with neurogenic claudication";
  }
  if (symptoms.sides.empty()) return "indeterminate: the side of the symptoms is not stated";
  const auto& side = finding.side;
  if (side.empty()) return "indeterminate: the side of the finding is not stated";
  const bool any_side = side == "central" || side == "bilateral" || symptoms.sides.size() > 1;
  if (!any_side && !symptoms.sides.contains(side)) return "discordant: the other side";
  if (symptoms.roots.empty()) return "indeterminate: no root, dermatome or muscle is stated";
  const auto roots = roots_of(finding, context.rules.imaging);
  if (roots.empty()) return "indeterminate: no root is known for this level";
  const int apart = roots_apart(roots, symptoms.roots);
  if (apart == 0) return "partial: side and stated root agree, no examination on record";
  if (apart == 1) return "partial: the side agrees, the stated root is one off";
  return "discordant: another root than the stated one";
}

}  // namespace meridian
