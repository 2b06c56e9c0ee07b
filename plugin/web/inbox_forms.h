// SPDX-License-Identifier: Apache-2.0
// The forms on which a clinic says something of a referral, one a page.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "http/request.h"
#include "port/inbox.h"
#include "web/inbox_look.h"

namespace meridian::web {

/// What a form shows besides its fields.
struct FormShown {
  InboxAct act = InboxAct::accept;
  std::string form;             ///< InboxGiven::form
  std::string token;            ///< HTML of the hidden field that proves who made the form
  http::Fields entered;         ///< what was typed before
  std::set<std::string> wrong;  ///< names of fields that must be put right
  std::string problem;          ///< HTML of what stands above; empty: nothing
};

std::string form_html(const Speech& speech, const InboxReferral& referral,
                      const std::vector<InboxReason>& reasons, const FormShown& shown);

/// A posted form. `wrong` names the fields that cannot be taken.
struct Posted {
  InboxGiven given;
  std::set<std::string> wrong;
};
Posted read_form(const Speech& speech, InboxAct act, const http::Fields& fields);

/// What was typed, to be kept by hand where it can be sent no more; empty when nothing was.
std::string written_html(const Speech& speech, const http::Fields& entered);

}  // namespace meridian::web
