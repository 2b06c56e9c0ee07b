// SPDX-License-Identifier: Apache-2.0
// Patient data that cannot be printed or logged by accident.
#pragma once

#include <utility>

namespace meridian {

/// Holds patient data. It has no operator<< and no conversion; reading it is a visible call.
template <typename T>
class Sensitive {
 public:
  Sensitive() = default;
  explicit Sensitive(T value) : value_(std::move(value)) {}

  const T& reveal() const { return value_; }
  T& reveal() { return value_; }

  friend bool operator==(const Sensitive&, const Sensitive&) = default;

 private:
  T value_{};
};

}  // namespace meridian
