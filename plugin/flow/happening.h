// SPDX-License-Identifier: Apache-2.0
// One thing that happened to a referral, in words.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace meridian::flow {

/// Of one instant: what people said comes before what was read, found, decided, done and answered.
enum class Rank { said, read, found, decided, done, sent, answered };

struct Happening {
  Instant at;
  Rank rank = Rank::said;
  std::string what;                  ///< one sentence
  std::vector<std::string> details;  ///< lines below it
};

/// "a, b and c"; "" for none.
inline std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace meridian::flow
