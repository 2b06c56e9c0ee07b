// SPDX-License-Identifier: Apache-2.0
#include "pathway/course/scores.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace meridian {
namespace {

std::optional<Score> read(const Observation& observation, const OutcomeInstrument& instrument) {
  const auto day = as_date(observation.effective).first_day();
  const auto number = observation.quantity.number();
  const bool dated = observation.effective.precision >= Precision::day;
  if (!day || !dated || !number || !observation.quantity.comparator.empty()) return std::nullopt;
  if (*number < instrument.lowest || *number > instrument.highest) return std::nullopt;
  const auto& codings = observation.code.codings;
  return Score{observation.ref,
               codings.empty() ? "" : codings.front().code,
               observation.quantity.value,
               *number,
               *day,
               *latest(observation.effective)};
}

bool can_count(const Observation& observation, Instant at) {
  const auto& status = observation.status;
  return status != "registered" && status != "preliminary" && status != "cancelled" &&
         !is_future(observation.effective, at);
}

/// By how much it is better; negative when it is worse.
double better_by(const OutcomeInstrument& instrument, double baseline, double now) {
  return instrument.lower_is_better ? baseline - now : now - baseline;
}

/// 6 - 4.2 is 30 percent of 6, though not in binary.
bool reaches(double change, double limit) {
  constexpr double rounding = 1e-9;
  return change >= limit - rounding;
}

/// Any change of a baseline of 0 is more than any share of it.
bool by_percent(const OutcomeInstrument& instrument, double change, double baseline) {
  return instrument.percent && change > 0 && reaches(change, baseline * *instrument.percent / 100);
}

std::string state_of(const OutcomeInstrument& instrument, double baseline, double now) {
  const double better = better_by(instrument, baseline, now);
  const double worse = -better;
  const bool is_worse = instrument.points ? reaches(worse, *instrument.points)
                                          : by_percent(instrument, worse, baseline);
  if (is_worse) return "worse";
  const bool low = instrument.low_baseline && baseline < *instrument.low_baseline;
  const bool by_points = instrument.points && !low && reaches(better, *instrument.points);
  return by_points || by_percent(instrument, better, baseline) ? "improved" : "unchanged";
}

std::string words_of(const OutcomeInstrument& instrument, const ScoreChange& change, bool low) {
  std::string text =
      instrument.id + " " + change.baseline + ", now " + change.now + ": " + change.state;
  if (low) text += " (low baseline: judged by percent alone)";
  if (!instrument.primary) text += " (no primary measure: shown, decides nothing)";
  return text;
}

class Comparison {
 public:
  Comparison(const OutcomeInstrument& instrument, Day began, int baseline_days,
             const ScoreWindow& window)
      : instrument_(instrument), began_(began), baseline_days_(baseline_days), window_(window) {}

  ScoreChange compare(const std::vector<Score>& scores) {
    ScoreChange change;
    change.rule = instrument_.id;
    change.source = instrument_.source;
    change.primary = instrument_.primary;
    change.state = "not_measured";
    for (const auto& score : scores) {
      if (score.day > began_ || score.day < began_ - Days(baseline_days_)) continue;
      baseline_ = &score;
    }
    for (const auto& score : scores) {
      const bool later = score.day > began_ && score.day >= window_.from && score.day <= window_.to;
      if (!later) continue;
      if (baseline_ == nullptr || score.code == baseline_->code) now_ = &score;
      other_ = other_ || (baseline_ != nullptr && score.code != baseline_->code);
    }
    fill(change);
    return change;
  }

 private:
  void fill(ScoreChange& change) const {
    if (baseline_ != nullptr) {
      change.baseline = baseline_->written;
      change.evidence.push_back(baseline_->ref);
    }
    if (now_ != nullptr) {
      change.now = now_->written;
      change.evidence.push_back(now_->ref);
    }
    if (baseline_ == nullptr) {
      change.text = instrument_.id + ": no score was taken before the course to compare with";
    } else if (now_ == nullptr) {
      change.text = instrument_.id + (other_ ? ": the later score is of another version"
                                             : ": not measured again in time");
    } else {
      change.state = state_of(instrument_, baseline_->value, now_->value);
      const bool low = instrument_.low_baseline && baseline_->value < *instrument_.low_baseline;
      change.text = words_of(instrument_, change, low);
    }
  }

  const OutcomeInstrument& instrument_;
  const Day began_;
  const int baseline_days_;
  const ScoreWindow window_;
  const Score* baseline_ = nullptr;
  const Score* now_ = nullptr;
  bool other_ = false;
};

}  // namespace

Scores::Scores(const RuleContext& context, const Episode* episode)
    : rules_(context.rules.course), by_instrument_(rules_.instruments.size()) {
  if (episode == nullptr || episode->scores.empty()) return;
  std::map<std::string_view, std::string_view> listed;
  for (const auto& score : episode->scores) listed[score.ref] = score.instrument;
  for (const auto& observation : context.chart.records.observations) {
    const auto of = listed.find(observation.ref);
    if (of == listed.end() || !can_count(observation, context.at)) continue;
    for (std::size_t i = 0; i < rules_.instruments.size(); ++i) {
      if (rules_.instruments[i].id != of->second) continue;
      if (auto score = read(observation, rules_.instruments[i])) {
        by_instrument_[i].push_back(std::move(*score));
      }
    }
  }
  for (auto& scores : by_instrument_) {
    std::sort(scores.begin(), scores.end(), [](const Score& a, const Score& b) {
      return std::tie(a.at, a.ref) < std::tie(b.at, b.ref);
    });
  }
}

std::vector<ScoreChange> Scores::changes(Day began, const ScoreWindow& window) const {
  std::vector<ScoreChange> found;
  for (std::size_t i = 0; i < rules_.instruments.size(); ++i) {
    if (by_instrument_[i].empty()) continue;
    Comparison comparison(rules_.instruments[i], began, rules_.baseline_days, window);
    found.push_back(comparison.compare(by_instrument_[i]));
  }
  return found;
}

std::string response_of(const std::vector<ScoreChange>& scores) {
  const auto any = [&](const char* state) {
    return std::any_of(scores.begin(), scores.end(), [&](const ScoreChange& change) {
      return change.primary && change.state == state;
    });
  };
  for (const char* state : {"worse", "improved", "unchanged"}) {
    if (any(state)) return state;
  }
  return "not_measured";
}

}  // namespace meridian
