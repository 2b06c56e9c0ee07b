// SPDX-License-Identifier: Apache-2.0
#include "host/sign_in_ways.h"

#include "fhir/client/fetch_json.h"
#include "host/clients.h"
#include "host/egress_rules.h"
#include "oidc/provider.h"
#include "web/passkey_pages.h"
#include "web/provider_pages.h"

namespace meridian::host {
namespace {

fhir::ClientLimits limits_of_sign_in() {
  fhir::ClientLimits limits;
  limits.attempt = std::chrono::seconds(10);  // somebody waits
  return limits;
}

std::unique_ptr<oidc::Provider> provider_of(const Config& config) {
  const auto& given = config.sign_in;
  if (given.issuer.empty()) return nullptr;
  oidc::ProviderSettings settings;
  settings.issuer = given.issuer;
  settings.client_id = given.client_id;
  if (!given.client_secret_file.empty()) {
    auto secret = read_secret(config.path_of(given.client_secret_file));
    if (secret) settings.client_secret = std::move(*secret);  // else check_sign_in says so
  }
  settings.scopes = given.scopes;
  settings.acr = given.acr;
  const auto ca_file = config.path_of(given.ca_file);
  const auto egress = egress_of(config);
  settings.get = [ca_file, egress](const std::string& url) {
    return fhir::fetch_json(url, ca_file, limits_of_sign_in(), egress);
  };
  settings.post = [ca_file, egress](const std::string& url,
                                    const std::string& form) -> Result<oidc::Answer> {
    auto answer = fhir::post_form(url, form, ca_file, limits_of_sign_in(), egress);
    if (!answer) return answer.error();
    return oidc::Answer{answer->status, std::move(answer->body)};
  };
  return std::make_unique<oidc::Provider>(std::move(settings));
}

}  // namespace

SignInWays::SignInWays(const flow::Core& core, const Config& config, const store::SecretKey& key)
    : secret_(store::derive_key(key, "meridian sign-in").view()),
      provider_name_(config.sign_in.name),
      linked_(core),
      passkeys_(core),
      provider_(provider_of(config)) {}

web::SignInOffers SignInWays::shown() {
  return {provider_ ? provider_name_ : std::string(), &passkeys_};
}

void SignInWays::add_pages(http::Router& router, People& people, const web::PageDoor& door,
                           std::function<std::string()> public_url) {
  web::add_passkey_pages(router, passkeys_, people, door);
  if (provider_) {
    web::add_provider_pages(router,
                            {*provider_, linked_, people, door, secret_, std::move(public_url)});
  }
}

void check_provider(const Config& config, Issues& issues) {
  const auto provider = provider_of(config);
  if (!provider) return;
  const auto add = [&](const std::string& text) {
    issues.push_back({Severity::error, "security",
                      config.file + ":" + std::to_string(config.sign_in.line),
                      "[sign_in] issuer \"" + config.sign_in.issuer + "\" " + text});
  };
  const auto asked = provider->asked_at();
  if (!asked) return add("does not answer: " + std::string(asked.error().what.view()));
  const auto egress = egress_of(config);
  for (const auto& url : *asked) {
    if (const auto said = unnamed(*egress, url); !said.empty()) add(said);
  }
}

void check_sign_in(const Config& config, Issues& issues) {
  const auto& given = config.sign_in;
  if (given.issuer.empty()) return;
  const auto where = config.file + ":" + std::to_string(given.line);
  if (!given.client_secret_file.empty()) {
    const auto secret = read_secret(config.path_of(given.client_secret_file));
    if (!secret) {
      issues.push_back({Severity::error, "invalid", where,
                        "[sign_in] client_secret_file \"" + given.client_secret_file +
                            "\": " + std::string(secret.error().what.view())});
    }
  }
  if (config.public_url.empty()) {
    issues.push_back({Severity::error, "invalid", where,
                      "[sign_in] needs [site] public_url: it is where the provider sends people "
                      "back to"});
  }
}

}  // namespace meridian::host
