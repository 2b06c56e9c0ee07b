// SPDX-License-Identifier: Apache-2.0
// A site as its database and its content tell it: nothing is asked, sent or written.
#pragma once

#include <memory>
#include <string>

#include "flow/core.h"
#include "host/commands.h"
#include "host/config.h"
#include "knowledge/knowledge.h"
#include "store/store.h"

namespace meridian::host {

/// Life: opened, read from by one thread. `core` refers to the other members.
struct ReadSite {
  Config config;
  Knowledge knowledge;
  std::unique_ptr<store::Store> store;
  flow::Peers peers;  ///< who they are, and the readers; no other ports
  std::unique_ptr<flow::Core> core;
};

/// Opens the database beside a running serve. `rules`: a copy of fhir-profiles in place of the
/// site's; empty: the site's own. Null, and every fault on standard error, when configuration,
/// content or database cannot be used; content that loosens an emergency rule is a fault.
std::unique_ptr<ReadSite> open_read_site(const SiteCommand& command, const std::string& rules);

}  // namespace meridian::host
