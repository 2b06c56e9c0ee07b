// SPDX-License-Identifier: Apache-2.0
// Passkeys in the rows of people, and signing in with them.
#pragma once

#include <string>

#include "flow/core.h"
#include "port/passkeys.h"

namespace meridian::flow {

inline constexpr std::chrono::minutes passkey_challenge_life{5};
inline constexpr std::size_t most_passkeys = 10;  ///< of one person

/// Thread-safe. Borrows the core, whose page_link says what people know us by.
class RuntimePasskeys : public Passkeys {
 public:
  explicit RuntimePasskeys(const Core& core) : core_(core) {}

  std::string challenge() override;
  Result<std::string> sign_in(const PasskeyShown& shown) override;
  Result<PasskeyOffer> offer(const Caller& caller) override;
  Result<void> add(const Caller& caller, const PasskeyMade& made, std::string_view name) override;
  Result<std::vector<PasskeyLine>> list(const Caller& caller) override;
  Result<void> remove(const Caller& caller, std::string_view id) override;

 private:
  PasskeySite site() const;

  const Core& core_;
};

}  // namespace meridian::flow
