// SPDX-License-Identifier: Apache-2.0
// One referral on one page: safety first, then who, why, what is known and what may be done.
#pragma once

#include <string>

#include "port/inbox.h"
#include "web/inbox_look.h"

namespace meridian::web {

/// HTML below the heading. `done` is the word of an act that was just said; empty: none.
std::string referral_html(const Speech& speech, const InboxReferral& referral,
                          std::string_view done);

/// Name, age and sex of the patient, as the h1 of each page about it.
std::string referral_heading(const Speech& speech, const InboxReferral& referral);

}  // namespace meridian::web
