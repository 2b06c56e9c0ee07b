// SPDX-License-Identifier: Apache-2.0
// What the FHIR server of each system says that it can do, and how that differs: from what its
// dialect counts on, and from what it said when this program was started before.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "fhir/client/capabilities.h"
#include "port/site_view.h"
#include "store/store.h"

namespace meridian::host {

struct ServerStatement {
  std::string peer;
  std::shared_ptr<const fhir::Capabilities> said;  ///< null: it did not answer
  std::vector<std::string> lacks;                  ///< "Task create", of what the dialect counts on
  std::string changed;  ///< "2026-11-27: no longer Task create"; empty: never
};

/// Fills `changed`, keeps each statement, and logs what differs. Where the store fails nothing is
/// compared: the runtime does not depend on it.
void compare_statements(store::Store& store, std::vector<ServerStatement>& statements,
                        const Clock& clock = system_now);

/// Adds to the systems of a view what people should know of their servers.
void show_statements(const std::vector<ServerStatement>& statements, SiteView& view);

}  // namespace meridian::host
