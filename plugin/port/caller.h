// SPDX-License-Identifier: Apache-2.0
// Who asks, and as what.
#pragma once

#include <string>

namespace meridian {

/// operations: hospital IT at the command line. clinician: a named person who signs off.
enum class Role { none, viewer, staff, contact, source, operations, admin, clinician };

/// Who asks. Made by whoever authenticated the caller: the HTTP door, the C ABI, the command line.
struct Caller {
  std::string name;  ///< configured name, never patient data
  Role role = Role::none;
};

}  // namespace meridian
