// SPDX-License-Identifier: Apache-2.0
// Who has claimed a row, and until when.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace meridian::store {

/// Who claims, and for how long.
struct Claim {
  std::string_view owner;
  std::chrono::milliseconds lease;
};

/// A token that whoever ends a claimed row must show; not to be guessed.
std::string new_lease();

}  // namespace meridian::store
