// SPDX-License-Identifier: Apache-2.0
#include "flow/siblings.h"

#include "flow/aliases.h"
#include "flow/ledger.h"

namespace meridian::flow {
namespace {

constexpr std::chrono::hours repeat_window{90 * 24};

/// `older`: only those that came before it.
Result<std::vector<store::ReferralRow>> siblings(const Core& core, const store::ReferralRow& row,
                                                 bool older) {
  std::vector<store::ReferralRow> rows;
  const auto ids = core.store.find_shared("patient", patient_alias(row.source, row.patient_ref));
  if (!ids) return ids.error();
  for (const auto& id : *ids) {
    if (id == row.id && older) break;
    if (id == row.id) continue;
    auto sibling = core.store.referral(id);
    if (!sibling) return sibling.error();
    if (*sibling && (*sibling)->direction == row.direction) rows.push_back(std::move(**sibling));
  }
  return rows;
}

bool is_open(const store::ReferralRow& row) {
  const auto state = routing::state_named(row.state);
  return state && !routing::is_over(*state) && *state != routing::State::recall_asked;
}

}  // namespace

Result<std::optional<store::ReferralRow>> repeated_by(const Core& core,
                                                      const store::ReferralRow& row) {
  auto rows = siblings(core, row, true);
  if (!rows) return rows.error();
  for (auto& sibling : *rows) {
    const bool recent = row.created_at - sibling.created_at <= repeat_window;
    if (recent && is_open(sibling)) return std::optional(std::move(sibling));
  }
  return std::optional<store::ReferralRow>();
}

Result<void> wake_siblings(const Core& core, const store::ReferralRow& ended,
                           store::Changes& changes) {
  const auto rows = siblings(core, ended, false);
  if (!rows) return rows.error();
  for (const auto& sibling : *rows) {
    // One that is not held yet may be about to be, by a look at the referral as it was.
    const bool waits = sibling.state == routing::state_name(routing::State::held) ||
                       sibling.state == routing::state_name(routing::State::noted);
    if (!waits) continue;
    changes.works.push_back(
        {"assess", sibling.id, core.clock(), "{}", "assess|" + sibling.id.str()});
  }
  return {};
}

}  // namespace meridian::flow
