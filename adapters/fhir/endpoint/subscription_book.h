// SPDX-License-Identifier: Apache-2.0
// The Subscriptions of one clinic, as the Desk keeps them: the same for every node.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/endpoint/subscription.h"
#include "port/desk.h"

namespace meridian::fhir {

/// All is borrowed. Errors are those of Desk::kept and Desk::keep, and those that are named.
class SubscriptionBook {
 public:
  static constexpr std::size_t most = 10;  ///< of one clinic

  SubscriptionBook(Desk& desk, const Caller& caller) : desk_(desk), caller_(caller) {}

  Result<std::vector<std::string>> ids() const;
  /// Errors: not_found.
  Result<Subscription> find(std::string_view id) const;
  /// Errors: too_large, when there are as many as one clinic may have.
  Result<void> add(const Subscription& one);
  /// `change` may be called again on what somebody else made of it meanwhile; false: leave it as it
  /// is. The value is what is there then. Errors: not_found.
  Result<Subscription> change(std::string_view id,
                              const std::function<bool(Subscription&)>& change);
  /// Errors: not_found.
  Result<void> remove(std::string_view id);

 private:
  Result<std::string> rewrite(const std::string& name,
                              const std::function<Result<std::string>(const std::string&)>& make);

  Desk& desk_;
  const Caller& caller_;
};

}  // namespace meridian::fhir
