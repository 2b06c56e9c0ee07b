// SPDX-License-Identifier: Apache-2.0
// How many people without back pain have a finding.
#pragma once

#include <optional>
#include <string>

#include "model/imaging_vocabulary.h"

namespace meridian::imaging {

/// "seen in about 60 of 100 people aged about 50 who have no back pain (Brinjikji 2015)", with what
/// limits it: the youngest or oldest row, a model estimate, an unverified row. Nothing for kinds
/// without a row, serious ones among them. `age` in years at the day of the image.
/// Source: Brinjikji 2015, AJNR 36:811; linear between its rows.
std::optional<std::string> prevalence_text(const std::string& kind, int age,
                                           const ImagingVocabulary& vocabulary);

}  // namespace meridian::imaging
