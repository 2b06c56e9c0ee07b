// SPDX-License-Identifier: Apache-2.0
#include "web/door.h"

#include <algorithm>

#include "base/log.h"
#include "base/loopback.h"
#include "http/uri.h"
#include "web/answer.h"

namespace meridian::web {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view scheme = "Bearer ";
constexpr std::string_view local_prefix = "here:";  // no configured id has a colon

struct LocalRole {
  Role role;
  std::string_view name;
};
constexpr LocalRole local_roles[] = {
    {Role::viewer, "here:viewer"}, {Role::staff, "here:staff"}, {Role::metrics, "here:metrics"}};

/// What an address is counted by: of IPv6 the network, of which one machine has all addresses.
std::string counted(const std::string& address) {
  int groups = 0;
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (address[i] == ':' && ++groups == 4) return address.substr(0, i);
  }
  return address;
}

std::string_view token_in(const Request& request) {
  const auto header = request.header("Authorization");
  if (header.size() <= scheme.size() ||
      !http::same_token(header.substr(0, scheme.size()), scheme)) {
    return {};
  }
  return header.substr(scheme.size());
}

Response not_recognised(bool token_given) {
  auto response = outcome(
      ErrorCode::unauthorized,
      token_given ? "this token is none of a [[client]]; compare it with the client's token_file"
                  : "send \"Authorization: Bearer TOKEN\" with the token of a [[client]] of the "
                    "configuration, or on this machine that in operator.token");
  response.headers.push_back({"WWW-Authenticate", "Bearer realm=\"meridian\""});
  return response;
}

Response locked() {
  auto response = outcome(ErrorCode::throttled,
                          "too many wrong tokens came from this address; correct the token and "
                          "try again in a minute");
  response.headers.push_back({"Retry-After", std::to_string(Failures::lock.count())});
  return response;
}

}  // namespace

void Failures::add(const std::string& address, Instant at) {
  const std::lock_guard guard(mutex_);
  const auto key = counted(address);
  if (counts_.size() >= most_addresses && !counts_.contains(key)) forget_oldest();
  auto& count = counts_[key];
  if (at - count.since > span) count = {0, at, count.locked_until};
  if (++count.failures < most) return;
  count = {0, at, at + lock};
  log(LogLevel::warning, "http.address_locked", {{"failures", most}});
}

bool Failures::is_locked(const std::string& address, Instant at) const {
  const std::lock_guard guard(mutex_);
  const auto found = counts_.find(counted(address));
  return found != counts_.end() && at < found->second.locked_until;
}

void Failures::forget_oldest() {
  counts_.erase(std::min_element(counts_.begin(), counts_.end(), [](const auto& a, const auto& b) {
    return a.second.since < b.second.since;
  }));
}

Door::Door(Callers callers, Clock clock) : callers_(std::move(callers)), clock_(std::move(clock)) {}

http::Gate Door::only(std::vector<Role> roles, Role here) {
  return [this, roles = std::move(roles), here](Request& request) {
    return admit(request, roles, here);
  };
}

std::optional<Response> Door::admit(Request& request, const std::vector<Role>& roles, Role here) {
  const bool token_given = !request.header("Authorization").empty();
  const bool local = is_local(request);
  // An engine with an old token on this machine must not lock out the operator beside it.
  if (!local && token_given && failures_.is_locked(request.peer, clock_())) return locked();
  const auto caller = recognise(request);
  if (!caller && !token_given && local && here != Role::none) {
    for (const auto& [role, name] : local_roles) {
      if (role == here) request.principal = name;
    }
    return std::nullopt;
  }
  if (!caller) {
    if (!token_given) return not_recognised(false);
    if (failures_.is_locked(request.peer, clock_())) return locked();
    failures_.add(request.peer, clock_());
    return not_recognised(true);
  }
  if (std::find(roles.begin(), roles.end(), caller->role) == roles.end()) {
    return outcome(ErrorCode::forbidden, "the role of client \"" + caller->name +
                                             "\" does not allow this; see role in its [[client]]");
  }
  if (caller->only_here && !local) {
    return outcome(
        ErrorCode::forbidden,
        "this token is good on the machine of Meridian only; elsewhere use a [[client]]");
  }
  request.principal = caller->name;
  return std::nullopt;
}

std::optional<Caller> Door::recognise(const Request& request) const {
  if (const auto token = token_in(request); !token.empty()) return callers_.by_token(token);
  return callers_.by_certificate({request.certificate_subject, request.certificate_key});
}

Caller Door::caller(const Request& request) const {
  if (request.principal.starts_with(local_prefix)) {
    for (const auto& [role, name] : local_roles) {
      if (request.principal == name) return {"this machine", role};
    }
  }
  return callers_.named(request.principal).value_or(Caller{});
}

bool is_local(const Request& request) {
  const bool passed_on = !request.header("Forwarded").empty() ||
                         !request.header("X-Forwarded-For").empty() ||
                         !request.header("X-Real-IP").empty() || !request.header("Via").empty();
  return !passed_on && is_loopback(request.peer);
}

}  // namespace meridian::web
