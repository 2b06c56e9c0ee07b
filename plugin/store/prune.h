// SPDX-License-Identifier: Apache-2.0
// Takes bodies away that are kept no longer.
#pragma once

#include <string>

#include "base/result.h"
#include "store/rows.h"
#include "store/session.h"

namespace meridian::store {

/// See Store::prune.
Result<Pruning> prune(Session& session, const Retention& retention, const Pruning& so_far);

/// ",a,b,": what a statement finds ",x," in.
template <typename List, typename Text>
std::string within_commas(const List& list, Text text_of) {
  std::string text = ",";
  for (const auto& one : list) {
    text += text_of(one);
    text += ',';
  }
  return text;
}

inline std::string ended_states(const Retention& retention) {
  return within_commas(retention.ended, [](const std::string& state) { return state; });
}

inline std::string held_ids(const Retention& retention) {
  return within_commas(retention.held, [](const ReferralId& id) { return id.str(); });
}

}  // namespace meridian::store
