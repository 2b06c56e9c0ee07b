// SPDX-License-Identifier: Apache-2.0
// What happens in the walk, printed as it happens, and its table at the end.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.h"

namespace meridian::sandbox {

/// How one referral ended.
struct Fate {
  std::string referral;  ///< Meridian's id
  std::string order;     ///< "ServiceRequest/..." at the hospital
  std::string patient;   ///< initials
  std::string expected;
  std::string seen;
  int steps = 0;          ///< how many are in `seen`
  std::string delivered;  ///< how many Tasks each clinic has of it: "1 + 0"
  std::string record;     ///< where the hospital's record shows it
  std::string meridian;   ///< its state as `meridian referrals` lists it
  bool good = false;
};

/// Thread-safe.
class Story {
 public:
  /// Prints "10:15:02  clinic     books an appointment" and remembers it.
  void tell(const std::string& who, const std::string& what);

  void add(Fate fate);
  std::vector<Fate> fates() const;

  /// For a terminal of 160 columns: long cells are cut, and what came out wrong is said in full
  /// below.
  std::string table() const;
  std::string html() const;  ///< the same as a page, with all that was told

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<Fate> fates_;
};

/// Looks every 50 ms until `look` is true. False when `within` has passed.
bool wait_for(std::chrono::milliseconds within, const std::function<bool()>& look);

}  // namespace meridian::sandbox
