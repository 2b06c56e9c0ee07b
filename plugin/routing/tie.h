// SPDX-License-Identifier: Apache-2.0
// The ties between what a directory lists and what is configured.
#pragma once

#include <string>
#include <vector>

#include "model/record_set.h"
#include "routing/receivers_of.h"

namespace meridian::routing {

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
