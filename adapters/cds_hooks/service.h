// SPDX-License-Identifier: Apache-2.0
// The CDS services of each hospital whose EHR asks. {base} is https://.../cds/{source}.
//
//   GET  {base}/cds-services                 open: what there is, with prefetch templates
//   POST {base}/cds-services/{id}            a call; cards, or none: {"cards":[]}
//   POST {base}/cds-services/{id}/feedback   what became of cards
//
// The id of a service is the name of its hook. Browsers of configured origins may call (CORS).
// Source: https://cds-hooks.hl7.org/2.0/
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cds_hooks/token_check.h"
#include "http/router.h"
#include "model/values.h"
#include "port/desk.h"

namespace meridian::cds_hooks {

/// The EHR of one hospital, as a client.
struct Client {
  std::string source;  ///< id of the [[hospital]]
  Trust trust;
  KeysWith keys;
  std::string fhir_base;    ///< of the hospital; a call from another server is refused
  bool token_used = false;  ///< what is missing is read with the token of the call, not with ours
  std::chrono::milliseconds within{800};  ///< the answer is due then, however little is known
  std::vector<std::string> origins = {};  ///< of browsers: "https://ehr.example"
  std::vector<Query> queries = {};        ///< offered as prefetch templates
};

/// What the services need. `desk` is borrowed and outlives the routes.
struct ServiceParts {
  Desk& desk;
  std::vector<Client> clients;
  std::function<std::string()> base;  ///< "https://meridian.example/cds", once it listens
  std::string site;                   ///< for people
  std::vector<Coding> reasons;        ///< why somebody may go on in spite of a card
  /// So many calls at a time may wait for an EHR's FHIR server; others are answered from what they
  /// bring. Fewer than the door's threads, so that a slow server stalls nobody else.
  int waiting = 12;
  std::function<void(const Advice&)> on_card = [](const Advice&) {};
  std::function<void(Advice::Topic, bool accepted)> on_feedback = [](Advice::Topic, bool) {};
  Clock clock = system_now;
};

/// Adds the routes. A call without a token that holds gets 401 and no word why; the log has it.
void add_services(http::Router& router, ServiceParts parts);

}  // namespace meridian::cds_hooks
