// SPDX-License-Identifier: Apache-2.0
// Groups the records of a chart into back-pain episodes.
#pragma once

#include <vector>

#include "model/episode.h"
#include "model/terminology.h"

namespace meridian {

struct EpisodeSettings {
  int gap_days = 180;  ///< a longer time without a back-pain record begins a new episode
};

/// The episodes of a chart, oldest first. Pure; any thread. The rules:
///
/// 1. A back-pain code is one in a `type.*` value set (not `type.chronic_pain_modifier`) or in
///    serious.cauda_equina, serious.cord_compression_myelopathy, serious.infection_spine,
///    serious.tumour_spine, serious.fracture or serious.spine_trauma, or in
///    coverage.pregnancy_pain. When no coding of a concept
///    is in any set, its display or text counts if it equals a term of a set.
/// 2. Anchors make or extend an episode: a Condition with a back-pain code that is neither refuted
///    nor entered in error; an Encounter whose reason or diagnosis is back pain, or that such a
///    Condition or an anchor Procedure names as its encounter (not cancelled, not in error); a
///    Procedure that is spine surgery, injection or imaging, or any whose reason is back pain or
///    whose body site is the spine (not "not-done", not in error); imaging of a spine region; an
///    order for acupuncture or spine surgery or with back pain as its reason (not an order of
///    imaging, not one contained in a report).
/// 3. Attached records never make an episode. By reference: a categorised Procedure, a Medication,
///    an imaging report, an imaging Observation or a referral made in an anchor encounter, based on
///    an anchor order or for an anchor condition; something with another stated reason stays out,
///    and imaging in an anchor visit only if nothing says what it shows. By time: acupuncture,
///    needling, manual and physical therapy without a reason, medication whose coded reason is back
///    pain, and outcome scores, from the first anchor (or the stated onset when that is earlier) to
///    `gap_days` after the last.
/// 4. A record's time is an Encounter's period, a Procedure's performed[x], an image's effective or
///    issued, an order's authoredOn; a Condition stands at its Encounter when that has a time, else
///    at its onset, else where it was recorded, and lasts until its abatement. An undated
///    Procedure, image or order stands at its Encounter. Grouping only; onset is rule 6.
/// 5. Anchors in the order of time; more than `gap_days` from the latest end so far to the next
///    start begins a new episode (counted between instants, inclusive). An anchor without time
///    joins the episode of an anchor that names it, else the latest, else it is one by itself. A
///    Condition that a later anchor names is listed in that later episode too.
/// 6. `onset` is the earliest onset stated by a listed Condition, as written, never a recording
///    date. `last_seen` is the latest end of an anchor, as the calendar day its source wrote.
/// 7. `body_region` is lumbar, thoracic, cervical or sacral when all that say agree, "multiple"
/// when
///    they do not, "spine" when none says.
/// 8. Pain types rest on codes alone, of listed Conditions and of the reasons of listed Encounters
///    and orders; value set to type by the concept map "pain-type". None: "undetermined", resting
///    on the anchors.
/// 9. Lists are sorted by time, then ref; undated members last.
/// 10. Procedure categories are the concept map "procedure-category"; an anchor Procedure that it
///    does not know is other_spine.
std::vector<Episode> build_episodes(const Chart& chart, const Terminology& terminology,
                                    const EpisodeSettings& settings = {});

}  // namespace meridian
