// SPDX-License-Identifier: Apache-2.0
// The surgeon's view inside the EHR, behind a SMART launch.
//
//   GET        /smart/view/{view}                    this patient's referrals
//   GET, POST  /smart/view/{view}/{referral}/{act}   one form each
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "http/router.h"
#include "port/desk.h"
#include "port/launched.h"
#include "web/inbox_look.h"

namespace meridian::web {

struct SurgeonPages {
  Desk& desk;
  /// Whose view a request is; nothing when it has none, or not any more. Any thread.
  std::function<std::optional<Launched>(const http::Request&)> launched;
  std::function<std::string(std::string_view source)> hospital_name;
  std::string secret;  ///< signs the tokens of forms
  WallClock wall;
  Clock clock = system_now;
  Translation spanish = {};  ///< of what rules say
};

/// Adds the routes. A POST is taken from a form of the same view alone (CSRF).
void add_surgeon(http::Router& router, SurgeonPages pages);

}  // namespace meridian::web
