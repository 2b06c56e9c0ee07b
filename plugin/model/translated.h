// SPDX-License-Identifier: Apache-2.0
// A phrase of the clinical content in two languages.
#pragma once

#include <string>

namespace meridian {

/// `english` as the rules and the pathway write it; {0}, {1} are places for what varies, in this
/// order there and in any order in `other`.
struct Translated {
  std::string english;
  std::string other;
};

}  // namespace meridian
