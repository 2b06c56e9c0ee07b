// SPDX-License-Identifier: Apache-2.0
// The JWT by which a client proves who it is at our token endpoint.
// Source: http://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html, RFC
// 7523.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "port/jwk_set.h"

namespace meridian::fhir {

/// An assertion that holds, but for that it may have been used before.
struct Assertion {
  std::string client;  ///< iss and sub
  std::string id;      ///< jti
  Instant until;       ///< exp
};

constexpr std::chrono::seconds longest_assertion{300};
constexpr std::chrono::seconds clock_difference{30};  ///< that clocks may have

/// `keys` by client. Errors: unauthorized, whose text says to whoever runs the client what is
/// wrong; nothing of what was sent is in it.
Result<Assertion> check_assertion(std::string_view jws,
                                  const std::map<std::string, JwkSet, std::less<>>& keys,
                                  std::string_view token_url, Instant now);

}  // namespace meridian::fhir
