// SPDX-License-Identifier: Apache-2.0
// One sentence of a report: which findings it speaks of, and what it says of each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/imaging_vocabulary.h"
#include "pathway/imaging/ages.h"
#include "pathway/imaging/cues.h"
#include "pathway/imaging/finding_levels.h"
#include "pathway/imaging/report_text.h"

namespace meridian::imaging {

/// A finding a sentence speaks of; one for each level.
struct Mention {
  std::size_t kind = 0;  ///< of ImagingVocabulary::kinds
  std::string level;
  std::string side;
  std::string certainty;
  bool negated = false;
  bool historical = false;
  bool requested = false;  ///< asked for by the referrer
  bool weak = false;       ///< by words that give way to a denial of the same
  bool recent = false;     ///< some word of its sentence says that something is recent
};

/// A sentence read. `place` is the last level it names, which later sentences may mean too.
struct Statement {
  std::vector<Mention> mentions;
  std::vector<std::size_t> unread;  ///< kinds of the serious tier whose words no phrase could read
  std::optional<Place> place;
  bool heads = false;                ///< that level is a heading of its line
  bool of_extent = false;            ///< all its findings are of kinds without a level
  bool named = false;                ///< the place is only named, and no finding's
  bool of_bone = false;              ///< a vertebra it names has a finding
  bool fragment = false;             ///< it lists levels, and begins no line
  bool only_place = false;           ///< the sentence is nothing but a level: a heading
  std::vector<std::size_t> answers;  ///< kinds that are not there, if they were asked for
  /// "None is seen.", "L2-L3 spared.", "none on the right": it denies what was told last, at its
  /// places or on this side.
  bool absent = false;
  bool absent_of_heading = false;  ///< only what a heading named: "L5-S1 clear"
  std::string absent_side;
  bool affirmed = false;    ///< "Yes, at L1.": what was asked just before is there
  bool shows = false;       ///< "Thin bright crescent, 3 mm.": what was asked just before may be
  bool of_patient = false;  ///< "Fever, CRP 140.": what was asked just before the referrer asked
  std::vector<Place> places;
  std::vector<Place> listed;    ///< of a sentence of nothing else: "Moderate at L3-L4."
  bool grades = false;          ///< what was told last is there, too
  bool elliptic = false;        ///< it says something of what was told last: "the T9 one has grown"
  bool alike = false;           ///< and all that was told beside it: "C6-C7 the same"
  std::vector<AgedLevel> aged;  ///< of what was told last: "those of T9 and L1 are old"
  std::optional<bool> rest;     ///< of all that was told last: "both are old"
};

/// `carried` is the level that findings without one of their own mean, where their kind lies
/// between vertebrae. Pure.
Statement read_statement(const ReportText& text, const Sentence& sentence,
                         const ImagingVocabulary& vocabulary, const Meanings& meanings,
                         const CarriedPlace& carried);

}  // namespace meridian::imaging
