// SPDX-License-Identifier: Apache-2.0
// Who asks, and as what.
#pragma once

#include <string>

namespace meridian {

/// operations: hospital IT, also by the operator's token at the command line. metrics: only
/// numbers. clinician: a named person who signs off. clinic: software of a clinic that reads its
/// referrals here and answers on them.
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
  clinic
};

/// Who asks. Made by whoever authenticated the caller: the HTTP door, the C ABI, the command line.
struct Caller {
  std::string name;  ///< configured name, never patient data
  Role role = Role::none;
  std::string source = {};  ///< the configured system it speaks for, and no other; "": any
  bool only_here = false;   ///< from this machine and no other: the operator's token
};

}  // namespace meridian
