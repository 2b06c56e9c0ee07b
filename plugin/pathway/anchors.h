// SPDX-License-Identifier: Apache-2.0
// The records of a chart that make or extend a back-pain episode.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/episode.h"
#include "model/terminology.h"

namespace meridian {

enum class AnchorKind { encounter, condition, imaging, procedure, referral };

/// One record that makes or extends an episode.
struct Anchor {
  AnchorKind kind = AnchorKind::condition;
  std::size_t index = 0;  ///< into the list of its kind in Chart::records
  std::string ref;
  std::optional<Instant> begin;     ///< nothing when the record has no time
  std::optional<Instant> end;       ///< latest instant it may mean
  PartialDate last;                 ///< what `end` was read from, as written
  std::vector<std::string> refers;  ///< refs of the records it names as reason or diagnosis
  std::string region;               ///< empty when unknown
};

/// Refs to positions in the lists of a chart.
struct Positions {
  std::map<std::string, std::size_t> encounters;
  std::map<std::string, std::size_t> conditions;
};

Positions positions_of(const RecordSet& records);

/// Rules 2 and 4 of pathway/episodes.h, in the order encounter, condition, imaging, procedure,
/// referral. Pure.
std::vector<Anchor> find_anchors(const RecordSet& records, const Terminology& terminology);

/// True for a report or study that is imaging, not a laboratory report or a note.
bool is_imaging(const ImagingReport& report, const Terminology& terminology);

/// Region of what was imaged; nothing when it is not known to be the spine.
std::optional<std::string> imaging_region(const ImagingReport& report,
                                          const Terminology& terminology);

/// Category of a procedure by code or words; nothing when it is not mapped.
std::optional<std::string> category_of(const Procedure& procedure, const Terminology& terminology);

}  // namespace meridian
