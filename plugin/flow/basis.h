// SPDX-License-Identifier: Apache-2.0
// What a sent decision rests on and what its receiver knows, kept inside the stored decision.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pathway/grounds.h"
#include "port/envelope.h"

namespace meridian::flow {

/// What the stored assessment was made from. With it and the bodies in the store it can be made
/// again, under these rules or others.
struct Inputs {
  std::string facts;                  ///< id of what was gathered
  std::vector<std::string> recalled;  ///< earlier facts, taken for what could not be read
  std::size_t events = 0;             ///< so many of the referral's log were there
  bool resolved = true;               ///< it was about exactly one patient
  Instant at;
  std::optional<Instant> screened_at;  ///< see AssessInput::screened_at
  std::string content;                 ///< digest of the clinical content
  std::string build;
};

struct Basis {
  std::optional<Inputs> inputs;        ///< nothing: it was never assessed
  std::optional<Instant> released_at;  ///< nothing: it was never released
  /// Ids of the last look that read all it needed, and of those since that found something.
  std::vector<std::string> facts;
  std::vector<Ground> grounds;                 ///< as the receiver was told them
  std::map<std::string, std::string> records;  ///< ref and digest, as the receiver has them
  std::vector<std::string> open;               ///< reasons for which the decision is open again
  std::string words;  ///< what the surgeon is told while it is open, and when it is settled
  /// Since when a prepared referral to the surgeon waits for a named person, and which one.
  std::optional<Instant> return_offered_at{};
  std::string return_offered{};
  std::string settled_in;  ///< the state it was settled in, until which is left the words hold
};

/// Out of a referral's decision; an empty one when it holds none or cannot be read.
Basis read_basis(const std::string& decision);

/// The decision with this basis in place of the one it holds. A decision that is no JSON object
/// comes back as it is.
std::string with_basis(const std::string& decision, const Basis& basis);

/// Ref and digest of what the packet made of each record.
std::map<std::string, std::string> digests_of(const Rendered& packet);

}  // namespace meridian::flow
