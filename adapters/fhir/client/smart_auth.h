// SPDX-License-Identifier: Apache-2.0
// SMART Backend Services: finds the token endpoint, asks for tokens, keeps them.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "fhir/client/client_settings.h"
#include "fhir/client/retry.h"
#include "fhir/client/smart_key.h"
#include "fhir/client/token_cache.h"
#include "fhir/client/transport.h"

namespace meridian::fhir::wire {

/// What .well-known/smart-configuration says; lists are empty when it does not say.
struct SmartConfiguration {
  std::string token_endpoint;
  std::set<std::string> algorithms;
  std::set<std::string> grant_types;
};

/// What the token server has to do with its surroundings; all outlive the SmartAuth.
struct SmartSurroundings {
  Transport& transport;
  ClientLimits limits;
  Clock clock;
  Waiter waiter;
  std::shared_ptr<TokenCache> tokens;
  bool allow_plain_http = false;
  std::chrono::seconds renewal_gap{0};  ///< ServerHabits::token_gap
  std::shared_ptr<const Egress> egress;
};

/// What the token server said beside the token or the error.
struct TokenNotes {
  Issues said;  ///< its own words; never log them
  std::optional<std::chrono::seconds> retry_after;
};

/// Thread-safe. Source: http://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html
class SmartAuth {
 public:
  /// `base` is the FHIR server's URL, the issuer unless the settings name one. Errors:
  /// misconfigured (key, algorithm, client_id, URLs).
  static Result<std::unique_ptr<SmartAuth>> create(SmartBackendAuth settings, const Url& base,
                                                   SmartSurroundings surroundings);

  /// A valid token, cached or new. Errors: unauthorized, forbidden, misconfigured, unsupported as
  /// the server's OAuth error says, none of which is asked for again before minimum_gap; those of
  /// Transport::send; malformed.
  Result<Token> token(SteadyTime deadline);

  /// Forgets a token that the FHIR server refused.
  void discard(const Token& token) { surroundings_.tokens->discard(cache_key_, token); }

  /// Reads the configuration again. Errors: not_found, malformed, untrusted (the token endpoint is
  /// not https), those of Transport::send.
  Result<SmartConfiguration> discover(SteadyTime deadline);

  /// Asks for a token whatever is cached, once, without retries.
  Result<Token> request_token(SteadyTime deadline, TokenNotes& notes);

  /// True when a token may be asked for there, which its server named.
  bool may_ask(const std::string& url) const;

  const SmartBackendAuth& settings() const { return settings_; }

 private:
  SmartAuth(SmartBackendAuth settings, SmartKey key, Url issuer, SmartSurroundings surroundings);
  Result<std::string> token_url(SteadyTime deadline);
  Result<HttpRequest> token_request(const std::string& url) const;
  Result<Token> read_token(const HttpAnswer& answer, Instant asked_at, TokenNotes& notes) const;
  Result<Token> fetch(SteadyTime deadline);

  SmartBackendAuth settings_;
  SmartKey key_;
  Url issuer_;
  SmartSurroundings surroundings_;
  std::string cache_key_;
  std::mutex mutex_;
  std::string discovered_;  // token endpoint; empty until discovery succeeded
};

/// An issue when a Date header differs from `now` by more than a minute.
std::optional<Issue> clock_skew(std::string_view date_header, Instant now);

}  // namespace meridian::fhir::wire
