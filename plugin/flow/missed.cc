// SPDX-License-Identifier: Apache-2.0
#include "flow/missed.h"

#include <algorithm>

#include "routing/machine.h"

namespace meridian::flow {

Result<Missed> read_missed(store::Store& store, Instant since) {
  using routing::EventKind;
  constexpr EventKind kinds[] = {EventKind::reminded, EventKind::overdue, EventKind::passed_over,
                                 EventKind::lapsed};
  const auto walks = store.walks(since, store::Orderers::left_out);
  if (!walks) return walks.error();
  Missed missed;
  for (const auto& walk : *walks) {
    for (const auto& step : walk.steps) {
      const auto kind = routing::event_named(step.kind);
      const bool counts =
          kind && std::find(std::begin(kinds), std::end(kinds), *kind) != std::end(kinds);
      if (counts) ++missed[{walk.source.str(), step.kind}];
    }
  }
  return missed;
}

}  // namespace meridian::flow
