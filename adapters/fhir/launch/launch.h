// SPDX-License-Identifier: Apache-2.0
// The launch of the surgeon's view by an EHR, as an app of SMART App Launch 2.2.
//
//   GET  /smart/launch?iss=&launch=     the EHR opens it; leads to the EHR's sign-in
//   GET  /smart/callback?code=&state=   and back; leads to /smart/view/{view}
//
// Source: http://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/launch/hospital.h"
#include "http/router.h"
#include "port/desk.h"
#include "port/launched.h"

namespace meridian::fhir {

/// What a person reads when a launch stops. `key`: frame.tab, refused.hospital, refused.ehr,
/// refused.denied, refused.sign-in, refused.patient, refused.role. `link`: to the same launch in a
/// tab of its own; else "".
using LaunchPage =
    std::function<http::Response(const http::Request& request, int status, std::string_view key,
                                 const std::string& frames, const std::string& link)>;

struct LaunchParts {
  Desk& desk;  ///< borrowed; takes each answer of an EHR once
  std::vector<LaunchHospital> hospitals;
  std::function<std::string()> public_url;  ///< "https://meridian.example", once it listens
  std::string secret;                       ///< seals what browsers keep; the same on all nodes
  LaunchPage page;
  int waiting = 8;  ///< so many launches at a time may wait for an EHR
  Clock clock = system_now;
};

/// Who a request of a view is; see web/surgeon.h. Any thread.
using LaunchedOf = std::function<std::optional<Launched>(const http::Request&)>;

/// Adds both routes. A launch is good for as long as the EHR's token and at most an hour.
LaunchedOf add_launch(http::Router& router, LaunchParts parts);

}  // namespace meridian::fhir
