// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/hash.h"

namespace meridian::fhir::wire {
namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || text.empty()) return std::nullopt;
  return value;
}

/// True when the server's own words say that the request is at fault.
bool blames_request(const Outcome& outcome) {
  constexpr std::string_view codes[] = {
      "invalid",      "structure",     "required",  "value",    "invariant", "business-rule",
      "code-invalid", "not-supported", "extension", "too-long", "duplicate"};
  return std::any_of(outcome.begin(), outcome.end(), [&](const OutcomeIssue& entry) {
    return std::find(std::begin(codes), std::end(codes), entry.issue.code) != std::end(codes);
  });
}

Error answered(ErrorCode code, Literal what, int status) {
  return Error{code, "fhir server", what, status};
}

Error client_error(int status, Precondition conditional) {
  const bool versioned = conditional == Precondition::if_match;
  switch (status) {
    case 400:
      return answered(ErrorCode::malformed, "the server refused the request", status);
    case 401:
      return answered(ErrorCode::unauthorized, "the server asks for other credentials", status);
    case 403:
      return answered(ErrorCode::forbidden, "the server does not allow it", status);
    case 404:
    case 410:
      return answered(ErrorCode::not_found, "the server does not have it", status);
    case 405:
    case 406:
    case 415:
      return answered(ErrorCode::unsupported, "the server does not do that", status);
    case 408:
      return answered(ErrorCode::timed_out, "the server waited too long for the request", status);
    case 409:
      if (versioned) return answered(ErrorCode::stale, "the version is no longer current", status);
      return answered(ErrorCode::conflict, "the server has something that contradicts it", status);
    case 412:
      if (conditional != Precondition::if_none_exist) {
        return answered(ErrorCode::stale, "the version is no longer current", status);
      }
      return answered(ErrorCode::conflict, "more than one resource fits If-None-Exist", status);
    case 413:
      return answered(ErrorCode::too_large, "the request is too large for the server", status);
    case 429:
      return answered(ErrorCode::throttled, "the server asks to slow down", status);
    default:
      return answered(ErrorCode::invalid, "the server refused the request", status);
  }
}

Error server_error(int status, const Outcome& outcome) {
  switch (status) {
    case 501:
    case 505:
      return answered(ErrorCode::unsupported, "the server does not do that", status);
    case 503:
    case 507:
      return answered(ErrorCode::unavailable, "the server is not available", status);
    case 504:
      return answered(ErrorCode::timed_out, "a gateway had no answer in time", status);
    default:
      if (status == 500 && blames_request(outcome)) {
        return answered(ErrorCode::invalid, "the server refused the request", status);
      }
      return answered(ErrorCode::interrupted, "the server failed; it may have been done", status);
  }
}

}  // namespace

std::optional<Instant> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  const auto d = number(text.substr(5, 2));
  const auto month_at = months.find(text.substr(8, 3));
  const auto y = number(text.substr(12, 4));
  const auto h = number(text.substr(17, 2));
  const auto m = number(text.substr(20, 2));
  const auto s = number(text.substr(23, 2));
  if (!d || !y || !h || !m || !s || month_at == std::string_view::npos || month_at % 3 != 0) {
    return std::nullopt;
  }
  const year_month_day date{year{*y}, month{static_cast<unsigned>(month_at / 3 + 1)},
                            day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return Instant{sys_days{date}} + hours{*h} + minutes{*m} + seconds{*s};
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, Instant now) {
  using namespace std::chrono;
  constexpr seconds most = hours{24};
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    const auto value = number(text);
    return value ? std::min<seconds>(seconds{*value}, most) : most;
  }
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp<seconds>(ceil<seconds>(*date - now), seconds{0}, most);
}

std::optional<Error> failure_of(int status, const Outcome& outcome, Precondition conditional) {
  if ((status >= 200 && status < 300) || status == 304) return std::nullopt;
  if (status >= 300 && status < 400) {
    return answered(ErrorCode::untrusted, "the server redirects; redirects are not followed",
                    status);
  }
  if (status >= 400 && status < 500) return client_error(status, conditional);
  if (status >= 500) return server_error(status, outcome);
  return answered(ErrorCode::malformed, "not a final HTTP status", status);
}

std::chrono::milliseconds full_jitter(const ClientLimits& limits, int attempt) {
  auto ceiling = limits.backoff_base.count();
  for (int i = 0; i < attempt && ceiling < limits.backoff_cap.count(); ++i) ceiling *= 2;
  ceiling = std::min<std::int64_t>(ceiling, limits.backoff_cap.count());
  std::array<std::uint8_t, 4> bytes;
  random_bytes(bytes);
  const std::uint64_t random =
      bytes[0] | bytes[1] << 8 | bytes[2] << 16 | std::uint64_t{bytes[3]} << 24;
  return std::chrono::milliseconds{
      static_cast<std::int64_t>(random * (static_cast<std::uint64_t>(ceiling) + 1) >> 32)};
}

void with_retries(const ClientLimits& limits, SteadyTime deadline, const Waiter& wait,
                  const std::function<bool()>& repeatable,
                  const std::function<Attempt()>& attempt) {
  for (int done = 0;; ++done) {
    const Attempt ended = attempt();
    if (!ended.failure || done + 1 >= limits.attempts) return;
    const RetryClass retry = error_row(ended.failure->code).retry;
    if (retry == RetryClass::permanent || ended.failure->code == ErrorCode::stopping) return;
    std::chrono::milliseconds pause = full_jitter(limits, done);
    if (ended.retry_after) pause = std::max<std::chrono::milliseconds>(pause, *ended.retry_after);
    if (std::chrono::steady_clock::now() + pause >= deadline) return;
    if (retry == RetryClass::ambiguous && !repeatable()) return;
    if (!wait(pause)) return;
  }
}

}  // namespace meridian::fhir::wire
