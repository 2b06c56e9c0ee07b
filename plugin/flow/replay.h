// SPDX-License-Identifier: Apache-2.0
// Decides once more what was decided: the same records, answers and sign-offs, at the same instant,
// under the rules and code lists of the core that is given.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "flow/core.h"
#include "pathway/grounds.h"
#include "store/rows.h"

namespace meridian::flow {

enum class Outcome {
  equal,
  changed,
  pruned,     ///< something that it rested on is not kept any more
  undecided,  ///< nothing was ever decided
};

const char* outcome_name(Outcome outcome);

/// One referral, decided once more.
struct Replayed {
  Outcome outcome = Outcome::undecided;
  std::string missing;        ///< pruned: what is not kept
  std::optional<Instant> at;  ///< when it was decided
  std::string content;        ///< digest of the clinical content that decided; "" when not kept
  std::string build;          ///< and the version of the program
  std::string before;         ///< disposition; "emergency" for a message that alarmed by itself
  std::string now;            ///< disposition under these rules
  Difference difference;      ///< statements that came, went or weigh otherwise
  std::vector<std::pair<Ground, Ground>>
      otherwise;           ///< the same, by other records or in other words
  std::string assessment;  ///< as it would be stored now; "" when nothing was assessed
};

/// Reads the store and writes nothing. Of `core` it uses store, readers, terminology and rules. The
/// choice of the receiver is not made again: what it saw of directory and loads is not kept. Pruned
/// is an outcome; errors: store errors, a reader's.
Result<Replayed> replay(const Core& core, const store::ReferralRow& row);

/// One line for the command line, without patient data: the words of `core`'s rules and refs.
std::string replayed_json(const Core& core, const store::ReferralRow& row,
                          const Replayed& replayed);

}  // namespace meridian::flow
