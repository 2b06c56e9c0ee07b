// SPDX-License-Identifier: Apache-2.0
#include "pathway/care.h"

#include <algorithm>
#include <cstdlib>

namespace meridian {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

const Procedure* procedure_of(const RecordSet& records, const std::string& ref) {
  for (const auto& procedure : records.procedures) {
    if (procedure.ref == ref) return &procedure;
  }
  return nullptr;
}

std::optional<double> number_of(const std::string& decimal) {
  char* end = nullptr;
  const double value = std::strtod(decimal.c_str(), &end);
  return end == decimal.c_str() || *end != 0 ? std::nullopt : std::optional(value);
}

/// The newest score of the instrument against its first one; scores of an episode are in the order
/// of time.
bool improved(const Episode& episode, const std::string& instrument, int percent) {
  std::optional<double> first;
  std::optional<double> newest;
  for (const auto& score : episode.scores) {
    if (score.instrument != instrument) continue;
    const auto value = number_of(score.value);
    if (!value) continue;
    if (!first) first = value;
    newest = value;
  }
  return first && *first > 0 && (*first - *newest) * 100 >= *first * percent;
}

}  // namespace

std::optional<CareSpan> care_span(const Episode& episode,
                                  const std::vector<std::string>& categories,
                                  const RecordSet& records, Instant at) {
  CareSpan span;
  for (const auto& entry : episode.procedures) {
    if (!contains(categories, entry.category)) continue;
    const auto* procedure = procedure_of(records, entry.ref);
    if (procedure == nullptr || is_future(procedure->performed.start, at)) continue;
    span.refs.push_back(entry.ref);
    const auto& day = procedure->performed.start;
    if (day.empty()) continue;
    if (span.first.empty() || *earliest(day) < *earliest(span.first)) span.first = day;
    if (span.last.empty() || *earliest(day) > *earliest(span.last)) span.last = day;
  }
  if (span.refs.empty()) return std::nullopt;
  if (!span.first.empty()) {
    const auto lasted = *earliest(span.last) - *earliest(span.first);
    span.days = static_cast<int>(std::chrono::floor<Days>(lasted).count());
  }
  return span;
}

std::optional<Firing> match(const RuleCare& care, const RuleContext& context) {
  if (context.episode == nullptr || !context.back_pain) return std::nullopt;
  const auto span = care_span(*context.episode, care.categories, context.chart.records, context.at);
  if (!span || span->days < care.days) return std::nullopt;
  const bool better = std::any_of(
      care.instruments.begin(), care.instruments.end(), [&](const std::string& instrument) {
        return improved(*context.episode, instrument, care.improved_percent);
      });
  if (better) return std::nullopt;
  Firing firing;
  firing.effect = care.effect;
  firing.evidence = span->refs;
  std::sort(firing.evidence.begin(), firing.evidence.end());
  return firing;
}

}  // namespace meridian
