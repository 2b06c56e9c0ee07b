// SPDX-License-Identifier: Apache-2.0
// Where an EHR signs its users in, asked of the EHR itself and kept for an hour.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "fhir/launch/hospital.h"

namespace meridian::fhir {

/// Source: http://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html
struct SignInPlaces {
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string issuer;    ///< iss of its id_tokens
  std::string jwks_uri;  ///< where the keys are that sign them
};

/// Out of smart-configuration, and of openid-configuration where that has issuer or jwks_uri alone.
/// Errors: malformed (no such document), untrusted (a place without TLS, or one that does not do
/// PKCE with S256: a code that somebody saw could be used).
Result<SignInPlaces> read_places(const std::string& smart, const std::string& openid);

/// Any thread; blocks while an EHR is asked.
class EhrSignIn {
 public:
  static constexpr std::chrono::hours fresh{1};
  explicit EhrSignIn(Clock clock) : clock_(std::move(clock)) {}

  /// Errors: those of read_places and of a connection.
  Result<SignInPlaces> places_of(const LaunchHospital& hospital);

 private:
  struct Known {
    SignInPlaces places;
    Instant read_at;
  };

  Clock clock_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;  ///< by LaunchHospital::source
};

}  // namespace meridian::fhir
