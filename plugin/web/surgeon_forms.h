// SPDX-License-Identifier: Apache-2.0
// What a surgeon can do about a referral: one form each, shown before anything is done.
#pragma once

#include <string>

#include "http/request.h"
#include "port/surgeon_view.h"
#include "web/surgeon_look.h"

namespace meridian::web {

struct SurgeonForm {
  SurgeonAct act = SurgeonAct::reply;
  std::string token;    ///< hidden field, HTML
  std::string back;     ///< path of the page
  std::string wrong;    ///< key of what is wrong with what was sent; empty: nothing
  std::string problem;  ///< HTML, why it was not done
  SurgeonGiven typed;   ///< kept from the sending before
};

std::string surgeon_form_html(const SurgeonSpeech& speech, const SurgeonReferral& referral,
                              const SurgeonForm& form);

/// What was sent, and the key of what is wrong with it; "" when nothing is.
struct SurgeonPosted {
  SurgeonGiven given;
  std::string wrong;
};
SurgeonPosted read_surgeon_form(SurgeonAct act, std::string_view referral,
                                const http::Fields& fields);

}  // namespace meridian::web
