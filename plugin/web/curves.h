// SPDX-License-Identifier: Apache-2.0
// Pictures as SVG: traffic of a day, a funnel, the story of a referral. Each says in words what it
// shows; what it is made of stands beside it as text.
#pragma once

#include <string>

#include "port/site_view.h"
#include "web/operations_look.h"

namespace meridian::web {

/// In and out by the hour; the last hour is that of `now`. What was before `started` was not seen,
/// and is drawn as that and not as nothing.
std::string traffic_svg(const OperationsPage& page, const Traffic& traffic, Instant started,
                        Instant now);

/// How many came to each step.
std::string funnel_svg(const OperationsPage& page, const std::vector<FunnelLine>& funnel);

/// When what happened, a lane for each of hospital, Meridian and clinic; empty when there is
/// nothing to draw. Steps stand evenly, since days and seconds are in one story.
std::string story_svg(const OperationsPage& page, const std::vector<StoryEntry>& entries);

/// What the lane of a step is called: "hospital", "meridian", "clinic".
std::string lane_words(const OperationsPage& page, std::string_view lane);

}  // namespace meridian::web
