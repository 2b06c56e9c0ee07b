// SPDX-License-Identifier: Apache-2.0
// The imaging reports of a chart, read.
#pragma once

#include "model/episode.h"
#include "model/rulebook.h"
#include "model/terminology.h"

namespace meridian {

/// Fills `findings` and `unread` of every imaging report of the chart from its narrative. Reports
/// of other parts of the body, preliminary ones that were taken back, and texts that are no imaging
/// are set aside. Findings of an ultrasound that it cannot show are kept, but are no evidence
/// (source: AIUM 2019). Called once, when a chart has been made. Pure.
void read_imaging(Chart& chart, const RuleBook& rules, const Terminology& terminology);

}  // namespace meridian
