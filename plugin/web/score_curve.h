// SPDX-License-Identifier: Apache-2.0
// The scores of one measure as a picture, with the table it is made of.
#pragma once

#include <string>

#include "port/surgeon_view.h"
#include "web/surgeon_look.h"

namespace meridian::web {

/// A <figure> without script or style attribute; `visits` are drawn as ticks along the time.
std::string curve_html(const SurgeonSpeech& speech, const SurgeonCurve& curve,
                       const std::vector<Day>& visits);

}  // namespace meridian::web
