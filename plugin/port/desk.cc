// SPDX-License-Identifier: Apache-2.0
#include "port/desk.h"

#include <openssl/crypto.h>

#include "base/hash.h"

namespace meridian {
namespace {

constexpr std::size_t signature_digits = 32;

Error refused() {
  return {ErrorCode::forbidden, "desk", "the caller's role does not allow this"};
}

}  // namespace

Desk::Desk(Operations& operations, std::string secret)
    : operations_(operations), secret_(std::move(secret)) {}

Result<std::string> Desk::submit(const Caller& caller, Envelope envelope) {
  const bool allowed =
      caller.role == Role::source || caller.role == Role::staff || caller.role == Role::admin;
  if (!allowed) return refused();
  return operations_.submit(std::move(envelope));
}

Result<std::vector<ReferralLine>> Desk::referrals(const Caller& caller, int limit) {
  if (caller.role == Role::none) return refused();
  return operations_.referrals(limit);
}

HealthReport Desk::health() {
  return operations_.health();
}

std::string Desk::alert_token(std::string_view alert_id) const {
  const auto mac = hmac_sha256(secret_, std::string("alert|") + std::string(alert_id));
  return std::string(alert_id) + "." + hex(mac).substr(0, signature_digits);
}

Result<std::string> Desk::alert_of(std::string_view token) const {
  const auto dot = token.find('.');
  const Error unknown{ErrorCode::not_found, "desk", "no such alert link"};
  if (dot == std::string_view::npos) return unknown;
  const auto id = token.substr(0, dot);
  const auto expected = alert_token(id);
  if (expected.size() != token.size() ||
      CRYPTO_memcmp(expected.data(), token.data(), token.size()) != 0) {
    return unknown;
  }
  return std::string(id);
}

Result<AlertView> Desk::alert(std::string_view token) {
  const auto id = alert_of(token);
  if (!id) return id.error();
  return operations_.alert(*id);
}

Result<void> Desk::acknowledge(std::string_view token, std::string_view by) {
  const auto id = alert_of(token);
  if (!id) return id.error();
  if (by.find_first_not_of(" \t") == std::string_view::npos) {
    return Error{ErrorCode::invalid, "desk", "who acknowledges must be named"};
  }
  return operations_.acknowledge(*id, by);
}

}  // namespace meridian
