// SPDX-License-Identifier: Apache-2.0
// People who sign in at the site's OpenID provider.
#pragma once

#include <string>

#include "flow/core.h"
#include "port/sign_in_provider.h"

namespace meridian::flow {

/// A sign-in at the provider takes no longer than this.
inline constexpr std::chrono::minutes provider_sign_in_life{15};

/// Thread-safe. Borrows the core.
class RuntimeLinkedPeople : public LinkedPeople {
 public:
  explicit RuntimeLinkedPeople(const Core& core) : core_(core) {}

  Result<std::string> sign_in(const JwtPart& claims, std::string_view once) override;
  Result<std::string> enrol(std::string_view link, const JwtPart& claims,
                            std::string_view once) override;

 private:
  const Core& core_;
};

/// How a person's row names who they are at an issuer. Neither has a space in it, or it is nobody.
std::string identity_at(std::string_view issuer, std::string_view subject);

/// Whoever is linked to that identity and was not removed; nothing for "".
Result<std::optional<store::PersonRow>> person_linked_to(const Core& core,
                                                         std::string_view identity);

}  // namespace meridian::flow
