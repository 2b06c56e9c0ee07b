// SPDX-License-Identifier: Apache-2.0
// An OpenID provider: discovery, the authorization code flow with PKCE, and its keys.
// Source: OpenID Connect Core 1.0 section 3.1, Discovery 1.0, RFC 7636, RFC 9207,
// OpenID Connect RP-Initiated Logout 1.0.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.h"
#include "port/jwk_set.h"
#include "port/sign_in_provider.h"

namespace meridian::oidc {

/// What the provider said, of any status.
struct Answer {
  int status = 0;
  std::string body;
};

struct ProviderSettings {
  std::string issuer;  ///< as in its tokens, to the letter
  std::string client_id;
  std::string client_secret;  ///< empty: a public client
  std::string scopes = "openid";
  std::vector<std::string> acr;  ///< asked for; empty: nothing is
  /// GET of a JSON text, and POST of a form: https, or http on the loopback, without redirects.
  std::function<Result<std::string>(const std::string& url)> get;
  std::function<Result<Answer>(const std::string& url, const std::string& form)> post;
};

/// Discovery and keys are read at the first question and again after an hour; keys at once for one
/// that is not among them, but not more often than `pause`.
class Provider : public SignInProvider {
 public:
  static constexpr std::chrono::hours fresh{1};
  static constexpr std::chrono::seconds pause{30};

  explicit Provider(ProviderSettings settings, Clock clock = system_now)
      : settings_(std::move(settings)), clock_(std::move(clock)) {}

  Result<std::string> address(const ProviderAsked& asked) override;
  Result<JwtPart> claims(const ProviderAsked& asked, const ProviderAnswered& answered) override;
  Result<std::string> sign_out_address(std::string_view back) override;

  /// The addresses that we ask besides the issuer's own document: of tokens, and of keys.
  Result<std::vector<std::string>> asked_at();

 private:
  struct Places {
    std::string authorize;
    std::string token;
    std::string keys;
    std::string sign_out;       ///< empty: it has none
    bool names_itself = false;  ///< each answer in the browser says by whom it is
  };
  Result<Places> places();
  Result<std::shared_ptr<const JwkSet>> keys(const Places& places, const std::string& id_token);
  Result<std::string> id_token(const Places& places, const ProviderAsked& asked,
                               const std::string& code);

  ProviderSettings settings_;
  Clock clock_;
  std::mutex mutex_;
  Places places_;
  Instant places_at_{};
  std::shared_ptr<const JwkSet> keys_;
  Instant keys_at_{};
};

}  // namespace meridian::oidc
