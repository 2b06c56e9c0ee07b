// SPDX-License-Identifier: Apache-2.0
// How long bodies are kept: messages as they came, what was gathered, what was sent. What happened,
// what was decided and why, and the audit stay. Source: HIPAA asks for six years of documentation
// (45 CFR 164.316(b)(2)), not of each copy of a record; minimum necessary (164.502(b)) asks for
// less.
#pragma once

#include <optional>

#include "flow/core.h"

namespace meridian::flow {

/// What the last walk did, as it is kept.
struct LastRetention {
  Instant at;
  std::int64_t bodies = 0;  ///< that it took away
  std::int64_t bytes = 0;   ///< of the database afterwards
  bool over = false;        ///< larger than the site wants: the rest is needed, held or too young
};

/// Nothing before the first walk. Errors: store errors.
Result<std::optional<LastRetention>> last_retention(store::Store& store);

/// A walk that is under way.
struct PruneWalk {
  store::Retention what;
  store::Pruning place;
  std::int64_t bodies = 0;  ///< of the walks before
  std::size_t age = 0;      ///< the next of the ages that are tried when it is too large
};

/// Walks through the bodies a few times a day, whichever node does it, and takes away what is kept
/// no longer. While the database is larger than the site wants, again and again what is younger,
/// down to the least age. Each call is one step.
class Retainer {
 public:
  /// True while a walk is under way. Errors: store errors; the walk begins anew a minute later.
  Result<bool> look(const Core& core);

 private:
  Result<bool> begin(const Core& core);
  Result<bool> step(const Core& core);
  Result<bool> end(const Core& core);

  std::optional<Instant> looked_;
  std::optional<PruneWalk> walk_;
};

}  // namespace meridian::flow
