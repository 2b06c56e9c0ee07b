// SPDX-License-Identifier: Apache-2.0
// The FHIR server that clinics with software of their own read and write: [base] is /fhir/r4.
//
//   GET    /fhir/r4/metadata                            open
//   GET    /fhir/r4/.well-known/smart-configuration     open
//   POST   /fhir/r4/token                               a signed assertion
//   GET    /fhir/r4/{type}                              search
//   POST   /fhir/r4/{type}/_search                      the same, its parameters as a form
//   GET    /fhir/r4/{type}/{id}                         read; also with /_history/{version}
//   POST   /fhir/r4, POST /fhir/r4/{type}               transaction, create
//   PUT    /fhir/r4/{type}/{id}, PATCH /fhir/r4/{type}/{id}
//   and for /fhir/r4/Subscription also DELETE, $status, $events, $resend (subscription_door.h)
//
// What a clinic reads is what was delivered to it and what it wrote (view.h); what it writes
// becomes a message of the clinic (writes.h). Everything is asked of the Desk, which knows one
// clinic at a time.
#pragma once

#include <functional>
#include <string>

#include "fhir/endpoint/smart.h"
#include "fhir/endpoint/subscription_door.h"
#include "http/router.h"
#include "port/access_tokens.h"
#include "port/desk.h"

namespace meridian::fhir {

/// What the endpoint needs. `desk` and `tokens` are borrowed and outlive the routes.
struct EndpointParts {
  Desk& desk;
  const AccessTokens& tokens;
  ClientKeys keys;                                     ///< of clients that sign in
  http::Gate gate;                                     ///< lets in callers of role clinic alone
  std::function<Caller(const http::Request&)> caller;  ///< whom the gate let in
  std::function<std::string()> base;  ///< "https://meridian.example/fhir/r4", once it listens
  std::string version;                ///< of the software
  Clock clock = system_now;
  MayTell may_tell = [](std::string_view, std::string_view) { return false; };
};

/// Adds the routes; before others below /fhir/{source}.
void add_endpoint(http::Router& router, EndpointParts parts);

}  // namespace meridian::fhir
