// SPDX-License-Identifier: Apache-2.0
#include "flow/surgeon_charts.h"

#include <algorithm>

#include "flow/identity.h"
#include "flow/judgement.h"
#include "flow/past.h"
#include "pathway/charts.h"
#include "pathway/course/scores.h"
#include "pathway/course/visits.h"
#include "pathway/episodes.h"

namespace meridian::flow {
namespace {

/// The one with the order in it, else the last one.
const Episode* episode_with(const std::vector<Episode>& episodes, const std::string& order) {
  for (const auto& episode : episodes) {
    const auto& orders = episode.referrals;
    if (std::find(orders.begin(), orders.end(), order) != orders.end()) return &episode;
  }
  return episodes.empty() ? nullptr : &episodes.back();
}

void draw(const Core& core, const store::ReferralRow& row, const Chart& chart,
          SurgeonReferral& referral) {
  const auto episodes = build_episodes(chart, core.terminology, {core.rules.episode_gap_days});
  const std::vector<Answer> none;  // no chart depends on an answer
  RuleContext context(chart, core.rules, core.terminology, none, core.clock());
  context.episode = episode_with(episodes, row.order_ref);
  const Scores scores(context, context.episode);
  for (std::size_t i = 0; i < scores.by_instrument().size(); ++i) {
    const auto& instrument = core.rules.course.instruments[i];
    SurgeonCurve curve{
        instrument.id, instrument.lowest, instrument.highest, instrument.lower_is_better, {}};
    for (const auto& score : scores.by_instrument()[i]) {
      curve.scores.push_back({score.day, score.value, score.written});
    }
    if (!curve.scores.empty()) referral.curves.push_back(std::move(curve));
  }
  const auto visits = visits_of(context);
  for (const auto& [day, refs] : visits.used) referral.visits.push_back(day);
  for (const auto& booking : visits.booked) referral.booked.push_back(booking.day);
}

}  // namespace

Result<void> add_charts(const Core& core, const store::ReferralRow& row,
                        const std::vector<store::EventRow>& events, SurgeonReferral& referral) {
  const auto stored = core.store.latest_facts(row.id);
  if (!stored) return stored.error();
  if (!*stored) return {};
  const auto request = gather_request(core, row, events);
  if (!request) return request.error();
  const auto& facts_row = **stored;
  auto records = read_stored(
      core, {row.source, facts_row.id, facts_row.media_type, facts_row.body, facts_row.at});
  if (!records) return records.error();
  Facts facts;
  facts.records = std::move(*records);
  if (auto known = know(core, row, events, *request, facts); !known) return known.error();
  for (const auto& chart : split_charts(std::move(facts.known)).charts) {
    if (chart.patient.ref == row.patient_ref) draw(core, row, chart, referral);
  }
  return {};
}

}  // namespace meridian::flow
