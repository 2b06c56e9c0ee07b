// SPDX-License-Identifier: Apache-2.0
// The formats meridian.episode/1 and meridian.assessment/1: one JSON object per patient.
// Source: DESIGN section 5.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/assessment.h"
#include "model/episode.h"

namespace meridian::report {

/// One line without its line end. Holds patient data.
std::string episode_line(const Chart& chart, const std::vector<Episode>& episodes,
                         const Issues& issues);

/// The same, and the assessments: one per referral, else one per episode.
std::string assessment_line(const Chart& chart, const std::vector<Episode>& episodes,
                            const std::vector<Assessment>& assessments, const Issues& issues);

/// The line of an input that is about no patient: patient is null, the issues are not lost.
std::string nobody_line(std::string_view format, const Issues& issues);

/// One assessment alone, as the store keeps it.
std::string assessment_json(const Assessment& assessment);

/// Until when a stored assessment holds; nothing when it does not say or cannot be read.
std::optional<Instant> valid_until_of(const std::string& assessment_json);

}  // namespace meridian::report
