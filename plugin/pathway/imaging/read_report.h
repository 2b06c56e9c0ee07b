// SPDX-License-Identifier: Apache-2.0
// Findings out of the narrative of an imaging report.
#pragma once

#include <string_view>
#include <vector>

#include "model/clinical.h"
#include "model/imaging_vocabulary.h"
#include "pathway/imaging/cues.h"

namespace meridian::imaging {

/// What a narrative says. Nothing found means "not stated", never "normal".
struct ReportReading {
  std::vector<ImagingFinding> findings;  ///< in the order of the text
  /// Words of the serious tier that no phrase could read: for a person.
  std::vector<ImagingFinding> unread;
};

/// Sentence by sentence, one finding per kind, level and side; what a report says twice is one
/// finding, and the words of the impression and of an addendum outrank the others'. What stands in
/// the reason for the study, the history or an earlier study is historical. Technique and title are
/// no findings. Every finding keeps the sentence it was read from. Pure.
/// Source: reading rules of clinical/imaging_findings.json
ReportReading read_report(std::string_view narrative, const ImagingVocabulary& vocabulary);
/// The same with the meanings of that vocabulary, for many reports.
ReportReading read_report(std::string_view narrative, const ImagingVocabulary& vocabulary,
                          const Meanings& meanings);

/// True when the title or, without one, the text is about the spine: for reports whose code does
/// not say what was imaged.
bool about_the_spine(std::string_view narrative, const ImagingVocabulary& vocabulary);

/// Takes out what a report of another part of the body is not asked about; what names a level of
/// the spine stays.
void keep_any_region(ReportReading& reading, const ImagingVocabulary& vocabulary);

}  // namespace meridian::imaging
