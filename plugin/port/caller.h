// SPDX-License-Identifier: Apache-2.0
// Who asks, and as what.
#pragma once

#include <string>

namespace meridian {

/// operations: hospital IT, also by the operator's token at the command line. metrics: only
/// numbers. clinician: a named person who signs off. clinic: a clinic's software or one of its
/// people, who read its referrals here and answer on them. auditor: reads who did what.
enum class Role {
  none,
  viewer,
  staff,
  contact,
  source,
  operations,
  admin,
  metrics,
  clinician,
  clinic,
  auditor
};

/// Who asks. Made by whoever authenticated the caller: the HTTP door, the C ABI, the command line.
struct Caller {
  std::string name;  ///< configured, or that of the person; never patient data
  Role role = Role::none;
  std::string source = {};  ///< the configured system it speaks for, and no other; "": any
  bool only_here = false;   ///< from this machine and no other: the operator's token
  std::string person = {};  ///< id of a person who signed in: what the audit calls them
};

}  // namespace meridian
