// SPDX-License-Identifier: Apache-2.0
// What a surgeon is told of the treatment so far: procedures, scores and medication of the
// episodes.
#pragma once

#include <string>
#include <vector>

#include "model/episode.h"
#include "model/record_set.h"
#include "model/terminology.h"

namespace meridian::packet {

/// Conservative treatment, scores and medication of the episodes, and adverse events of
/// acupuncture; the field profile decides what goes. Refs may come twice.
std::vector<std::string> course_of(const Chart& chart, const std::vector<Episode>& episodes,
                                   const Terminology& terminology);

/// Adds those that are among the records and not among the candidates yet.
void add_course(const RecordSet& records, const std::vector<std::string>& course,
                std::vector<std::string>& candidates);

}  // namespace meridian::packet
