// SPDX-License-Identifier: Apache-2.0
// The JWT by which an EHR proves that it is who calls.
// Source: https://cds-hooks.hl7.org/2.0/#trusting-cds-clients
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "port/jwk_set.h"

namespace meridian::cds_hooks {

/// What the client of one hospital must say of itself.
struct Trust {
  std::string issuer;  ///< iss; empty: nobody is trusted
  std::string tenant;  ///< of an EHR whose customers share one issuer; empty: it names none
  std::string jku;     ///< where it may say that its keys are; empty: it must not say it
};

/// A token that holds, but for that it may have been used before.
struct Shown {
  std::string id;  ///< jti
  Instant until;   ///< when it is over for us: exp and the difference of clocks
};

/// The keys of the client that hold one of that name for that algorithm; null when there is none.
using KeysWith =
    std::function<std::shared_ptr<const JwkSet>(std::string_view kid, std::string_view algorithm)>;

constexpr std::chrono::seconds clock_difference{60};
constexpr std::chrono::hours longest_life{1};  ///< exp may be so far ahead

/// In this order, so that nobody makes us fetch or compute for a token that cannot hold: iss, alg,
/// jku, kid, signature, aud, exp, iat, nbf, tenant, jti. aud must name one of `called`, the URLs by
/// which the endpoint may be called. Errors: unauthorized; the text is for our log alone.
Result<Shown> check_token(std::string_view compact, const Trust& trust, const KeysWith& keys,
                          const std::vector<std::string>& called, Instant now);

}  // namespace meridian::cds_hooks
