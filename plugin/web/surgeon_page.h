// SPDX-License-Identifier: Apache-2.0
// The referrals of one patient, as HTML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "port/surgeon_view.h"
#include "web/surgeon_look.h"

namespace meridian::web {

/// What is open comes first. `base` is the page's own path; forms are below it. `done`: the word of
/// an act that was just done; empty for none.
std::string surgeon_html(const SurgeonSpeech& speech, std::vector<SurgeonReferral> referrals,
                         const std::string& base, std::string_view done);

/// Title, state and next step of one referral, as its forms repeat it.
std::string standing_html(const SurgeonSpeech& speech, const SurgeonReferral& referral);

/// What waits for the person: alarms, what holds it, what is prepared, what is asked.
std::string waiting_html(const SurgeonSpeech& speech, const SurgeonReferral& referral);

}  // namespace meridian::web
