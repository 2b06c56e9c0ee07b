// SPDX-License-Identifier: Apache-2.0
// How imaging reports are read, and what a finding in one is worth: rules/imaging_*.json in memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/phrasebook.h"

namespace meridian {

/// One kind of finding. Source: fhir-profiles/rules/imaging_findings.json
struct ImagingKind {
  std::string id;
  std::string label;  ///< for people: "disc bulge"
  std::string tier;   ///< serious, serious_non_urgent, needs_concordance, age_common, context,
                      ///< numbering_warning, incidental_followup
  /// disc: between two vertebrae; slip: the same, where one vertebra means the two; foramen: the
  /// same, where one below the neck means the disc below it; vertebra; none
  std::string levels;
  std::string sides;  ///< none; two: left, right, bilateral; three: and central
  std::string source;
  std::string note;  ///< what it means for the reader, empty for nothing
  /// Kinds that are this one when a word of it is said of them: an old fracture is no recent one.
  std::vector<std::string> instead_of;
  std::vector<std::string> finer;  ///< kinds that say the same more exactly, at the same level
  bool by_ultrasound = false;      ///< an ultrasound report is evidence for it
  bool any_region = false;         ///< also read out of reports of other parts of the body
};

/// Share of people without back pain who have a finding, by age.
struct ImagingPrevalence {
  struct Row {
    int age = 0;
    int percent = 0;
    bool model = false;  ///< nobody of that age was examined
    bool unverified = false;
  };
  std::string kind;       ///< of ImagingKind
  std::vector<Row> rows;  ///< by age
};

/// Which roots a lesion of a disc reaches, and where each root is felt.
struct RootOfDisc {
  std::string disc;     ///< L4-L5
  std::string central;  ///< central, subarticular, lateral recess: L5
  std::string foraminal;
};

struct ImagingVocabulary {
  /// Tags: finding:, weak:, clear:, not:, serious:, part:, change:, kept:, when:, denied:,
  /// explained: and plain:KIND, section:ROLE, cue:NAME, side:NAME, region:spine, region:other,
  /// place:NUMBER
  Phrasebook phrases;
  std::unordered_map<std::string, std::string> spelling;  ///< a word misspelled, or short: its word
  std::vector<std::vector<std::string>> places;           ///< levels of place:NUMBER
  std::vector<ImagingKind> kinds;
  std::vector<ImagingPrevalence> prevalence;
  std::string prevalence_source;
  std::vector<RootOfDisc> roots;
  std::string roots_source;
  int concordance_months = 12;  ///< older images say nothing about level and side any more
};

/// The kind of that id, or null.
const ImagingKind* imaging_kind(const ImagingVocabulary& vocabulary, const std::string& id);

}  // namespace meridian
