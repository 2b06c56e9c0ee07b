// SPDX-License-Identifier: Apache-2.0
// What a browser keeps for us between the steps of a launch, and while a view is open.
//
// The view is in a frame of another site, so its cookies are SameSite=None and Secure, and
// Partitioned: browsers that keep no third-party cookies keep those, each for one top-level site.
// One that keeps none at all is told before the EHR's launch is used up. Everything is sealed:
// nothing is kept on our side, every node reads it, and no cookie is good for another path.
// Source: RFC 6265bis, https://datatracker.ietf.org/doc/draft-cutler-httpbis-partitioned-cookies/
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "http/request.h"
#include "port/launched.h"

namespace meridian::fhir {

/// A launch that waits for the EHR's answer.
struct Pending {
  std::string source;
  std::string verifier;
  std::string nonce;
};

/// Immutable; any thread.
class LaunchCookies {
 public:
  /// Secure and Partitioned need https, as a frame of an EHR does.
  LaunchCookies(std::string secret, bool https) : secret_(std::move(secret)), https_(https) {}

  http::Field keep_nothing() const;  ///< only tries whether cookies are kept
  bool keeps(const http::Request& request) const;

  /// `handle` names the launch; each has a cookie of its own.
  http::Field keep(const std::string& handle, const Pending& pending, Instant now) const;
  std::optional<Pending> pending(const http::Request& request, const std::string& handle,
                                 Instant now) const;
  http::Field forget(const std::string& handle) const;

  http::Field keep(const Launched& launched, Instant until) const;
  /// Of the view in the request's path.
  std::optional<Launched> launched(const http::Request& request, Instant now) const;

 private:
  std::string name(std::string_view of) const;
  http::Field made(std::string_view of, std::string_view value, std::string_view path,
                   std::chrono::seconds life) const;

  std::string secret_;
  bool https_;
};

}  // namespace meridian::fhir
