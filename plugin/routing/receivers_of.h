// SPDX-License-Identifier: Apache-2.0
// Clinics and surgeons from a provider directory's records, and their ties to what is configured.
#pragma once

#include <string>
#include <vector>

#include "model/record_set.h"
#include "model/terminology.h"
#include "routing/receiver.h"

namespace meridian::routing {

/// A receiver as a directory lists it.
struct Listed {
  Receiver receiver;
  /// What a site may name it by: "HealthcareService/7", its location, organisation, role and
  /// practitioner likewise, "system|value" of their identifiers.
  std::vector<std::string> names;
  std::vector<std::string> addresses;  ///< of its endpoints
};

/// One per active HealthcareService and Location, and one per active PractitionerRole and Location
/// that names no service. Issues name what was passed over: a service that no referral is for, a
/// position that does not exist.
std::vector<Listed> receivers_of(const RecordSet& records, const Terminology& terminology,
                                 Issues& issues);

/// A configured system that can receive, and what the site states about it.
struct Connection {
  DestinationId id;
  std::string directory_name;  ///< its name in the directory, as Listed::names; empty: by address
  std::string address;         ///< base URL
  std::vector<std::string> services;
  Receiver stated;
  std::string where;  ///< "site.toml:12", for issues
};

/// Ties what is listed to what is configured: by directory_name, else by the address of an
/// endpoint. What the site states about agreement, pause, capacity and new patients counts, the
/// rest where the directory states nothing; which services it offers is the directory's word. A
/// system that nothing listed is tied to is a receiver by the site's word alone. Issues: a
/// directory_name that nothing has.
std::vector<Receiver> tie(std::vector<Listed> listed, const std::vector<Connection>& connections,
                          Issues& issues);

}  // namespace meridian::routing
