// SPDX-License-Identifier: Apache-2.0
#include "host/fhir_clients.h"

#include <algorithm>
#include <fstream>

#include "fhir/client/call_budget.h"
#include "fhir/client/scopes.h"
#include "fhir/client/token_cache.h"
#include "host/egress_rules.h"

namespace meridian::host {
namespace {

constexpr std::string_view practice_place = "{practice}";

}  // namespace

FhirClients::FhirClients(const Config& config, Issues& issues)
    : config_(config),
      issues_(issues),
      egress_(egress_of(config)),
      tokens_(std::make_shared<fhir::TokenCache>()) {}

void FhirClients::add(Severity severity, const PeerConfig& given, std::string text) {
  issues_.push_back(
      {severity, "invalid", config_.file + ":" + std::to_string(given.line), std::move(text)});
}

/// All but how to sign in.
fhir::ClientSettings FhirClients::settings_of(const PeerConfig& given) const {
  fhir::ClientSettings settings;
  settings.base_url = given.fhir;
  settings.ca_file = config_.path_of(given.ca_file);
  settings.egress = egress_;
  if (const auto dialect = fhir::find_dialect(given.dialect)) settings.habits = dialect->habits;
  for (auto& [name, value] : settings.habits.every_search) {
    if (value == practice_place) value = given.practice;
  }
  return settings;
}

std::shared_ptr<fhir::CallBudget> FhirClients::budget_of(const fhir::ClientSettings& settings) {
  if (settings.habits.calls_per_minute <= 0) return nullptr;
  auto& budget = budgets_[settings.base_url];
  if (!budget) budget = std::make_shared<fhir::CallBudget>(settings.habits.calls_per_minute);
  return budget;
}

bool FhirClients::sign_in(const PeerConfig& given, fhir::ClientSettings& settings) {
  if (given.auth.kind == "bearer") {
    std::ifstream in(config_.path_of(given.auth.token_file));
    std::string token;
    if (!(in >> token)) {
      add(Severity::error, given, "token_file \"" + given.auth.token_file + "\" cannot be read");
      return false;
    }
    settings.auth = fhir::BearerAuth{Sensitive<std::string>(token)};
  } else if (given.auth.kind == "smart") {
    fhir::SmartBackendAuth auth;
    auth.client_id = given.auth.client_id;
    auth.key_file = config_.path_of(given.auth.key_file);
    auth.kid = given.auth.key_id;
    auth.algorithm = given.auth.algorithm;
    auth.scopes = given.auth.scopes;
    auth.issuer = given.auth.issuer;
    settings.auth = std::move(auth);
  }
  return true;
}

std::unique_ptr<fhir::FhirClient> FhirClients::make(const PeerConfig& given,
                                                    const fhir::ClientLimits& limits) {
  auto settings = settings_of(given);
  if (!sign_in(given, settings)) return nullptr;
  settings.limits = limits;
  fhir::ClientSurroundings surroundings;
  surroundings.tokens = tokens_;
  surroundings.budget = budget_of(settings);
  auto made = fhir::FhirClient::create(settings, std::move(surroundings));
  if (made) return std::move(*made);
  add(Severity::error, given, given.id + ": " + std::string(made.error().what.view()));
  return nullptr;
}

std::function<Result<std::unique_ptr<fhir::FhirClient>>(const Sensitive<std::string>&)>
FhirClients::with_token(const PeerConfig& given) {
  const auto plain = settings_of(given);
  return [plain, budget = budget_of(plain)](const Sensitive<std::string>& token) {
    auto settings = plain;
    settings.auth = fhir::BearerAuth{token};
    fhir::ClientSurroundings surroundings;
    surroundings.budget = budget;
    return fhir::FhirClient::create(settings, std::move(surroundings));
  };
}

bool FhirClients::fits(const PeerConfig& given, const fhir::Dialect& dialect) {
  const auto before = issues_.size();
  const auto name = "dialect \"" + dialect.id + "\" ";
  if (given.auth.kind == "smart") {
    const auto& known = dialect.algorithms;
    if (!known.empty() &&
        std::find(known.begin(), known.end(), given.auth.algorithm) == known.end()) {
      add(Severity::error, given,
          name + "does not sign in with " + given.auth.algorithm + "; set algorithm = \"" +
              known.front() + "\"");
    }
    for (const auto& scope : dialect.scopes_without) {
      if (!fhir::wire::missing_scopes(scope, given.auth.scopes).empty()) continue;
      add(Severity::error, given,
          name + "must not be asked for " + scope + ", and scopes = \"" + given.auth.scopes +
              "\" does; name the types one by one");
    }
  }
  const auto& always = dialect.habits.every_search;
  const bool asks = std::any_of(always.begin(), always.end(),
                                [](const auto& param) { return param.second == practice_place; });
  if (asks && given.practice.empty()) {
    add(Severity::error, given,
        name +
            "names a practice in each search; add practice = \"Organization/...\", as the "
            "server calls it");
  }
  return issues_.size() == before;
}

}  // namespace meridian::host
