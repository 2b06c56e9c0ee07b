// SPDX-License-Identifier: Apache-2.0
// What an upgrade would do to a database, for either kind of store.
#pragma once

#include <string>

namespace meridian::store {

/// One migration of this build, and whether the database has it.
struct PlannedMigration {
  int number = 0;
  std::string name;
  bool applied = false;
};

}  // namespace meridian::store
