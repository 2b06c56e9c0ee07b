// SPDX-License-Identifier: Apache-2.0
// One authorised request with its retries: the only place where credentials meet a URL.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fhir/client/response.h"
#include "fhir/client/smart_auth.h"
#include "fhir/client/transport.h"

namespace meridian::fhir::wire {

/// How a request may be repeated, and which precondition it carries.
struct CallRules {
  Repeat repeat = Repeat::unsafe;
  Precondition precondition = Precondition::none;
  /// Asked only when an unsafe request's answer was lost: true makes it harmless after all.
  std::function<bool()> recognised;
};

/// Thread-safe.
class Caller {
 public:
  /// Errors: misconfigured.
  static Result<std::unique_ptr<Caller>> create(const ClientSettings& settings,
                                                ClientSurroundings surroundings);

  /// Sends with credentials. A URL outside the base is refused with `untrusted` and never
  /// contacted. A 401 is answered once with a new token. What the server's own code says is
  /// closed to us, or used up for today, is forbidden whatever the status is, and not asked again.
  /// Errors: as FhirClient says.
  Result<CodedResponse> call(HttpRequest request, const CallRules& rules, SteadyTime deadline);

  /// "Type/id" below the base, or a path or absolute URL within it or below habits().also_below;
  /// `query` may be empty. Errors: invalid (not a reference), untrusted (outside of both).
  Result<Url> url_of(std::string_view reference, std::string_view query = {}) const;

  SteadyTime deadline() const { return std::chrono::steady_clock::now() + limits_.total; }
  const Url& base() const { return base_; }
  const ClientLimits& limits() const { return limits_; }
  const ServerHabits& habits() const { return habits_; }
  Instant now() const { return surroundings_.clock(); }
  SmartAuth* smart() { return smart_.get(); }  ///< null without SMART
  Transport& transport() { return *transport_; }

 private:
  Caller(const ClientSettings& settings, ClientSurroundings surroundings, Url base);
  /// One attempt; `tokenless` tells that it ended before the request, for want of a token.
  Result<HttpAnswer> send(HttpRequest request, bool repeatable, SteadyTime deadline,
                          bool& tokenless);

  bool is_served(const Url& url) const;

  Url base_;
  ClientLimits limits_;
  ServerHabits habits_;
  ClientSurroundings surroundings_;
  Sensitive<std::string> bearer_;  // fixed token; empty without
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<SmartAuth> smart_;
};

}  // namespace meridian::fhir::wire
