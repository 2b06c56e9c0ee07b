// SPDX-License-Identifier: Apache-2.0
// What a chart says at one instant, in the one shape that the rules look at.
#pragma once

#include <string>
#include <vector>

#include "model/episode.h"
#include "pathway/meaning.h"
#include "pathway/when.h"

namespace meridian {

enum class FactKind { condition, procedure, medication, allergy, imaging };

/// A coded or worded statement about the patient that is not known to be wrong.
struct Fact {
  FactKind kind = FactKind::condition;
  std::string ref;   ///< the record it was read from
  Meaning meaning;   ///< value sets it is in
  std::string code;  ///< first code, else the normalized words: tells different facts apart
  PartialDate from;  ///< onset, else recorded; performed; authored. Empty when undated
  std::optional<Instant> until;  ///< when a supply of medicine is used up
  bool active = false;           ///< at the instant the facts were read for
  /// ICD-10-CM codes of seven characters: the last one (A initial, D later, S sequela); else 0.
  char seventh_character = 0;
};

/// Every fact of the chart at `at`. Left out: records refuted, entered in error, not done or
/// cancelled, mere proposals, and records made more than a day after `at`. A record of another
/// person is not in a chart at all. A condition is active by its status, unless an abatement date
/// says otherwise for `at`; a record that cannot carry a status is active. Reasons of encounters
/// that are open or at most 14 days old and of open orders count as conditions. A medicine is
/// active while its order is, or until seven days after its supply ends. Pure.
std::vector<Fact> facts_at(const Chart& chart, const Terminology& terminology, Instant at);

/// True when a fact means back pain and is active or began within `days` before `at`.
bool back_pain_at(const std::vector<Fact>& facts, int days, Instant at);

}  // namespace meridian
