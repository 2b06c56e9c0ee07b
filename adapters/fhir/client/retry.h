// SPDX-License-Identifier: Apache-2.0
// Whether, and after how long, a request is sent again.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "fhir/client/client_settings.h"
#include "fhir/client/http_message.h"
#include "fhir/client/outcome.h"

namespace meridian::fhir::wire {

/// Retry-After in seconds or as an HTTP date; a date that has passed is 0, more than a day is a
/// day. Source: RFC 9110 section 10.2.3.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, Instant now);

/// An HTTP date, "Fri, 20 Nov 2026 10:15:00 GMT". Source: RFC 9110 section 5.6.7 (IMF-fixdate).
std::optional<Instant> parse_http_date(std::string_view text);

/// What an HTTP status means to a sender; unset for 2xx and 304. A 500 is ambiguous, unless the
/// outcome blames the request: some servers say 500 for a missing element.
/// `conditional` is the precondition that was sent: it tells the kinds of 409 and 412 apart.
enum class Precondition { none, if_match, if_none_exist };
std::optional<Error> failure_of(int status, const Outcome& outcome, Precondition conditional);

/// A wait before the next attempt, drawn evenly from 0..min(cap, base * 2^attempt).
/// `attempt` counts from 0.
std::chrono::milliseconds full_jitter(const ClientLimits& limits, int attempt);

/// How one attempt ended.
struct Attempt {
  std::optional<Error> failure;                     ///< unset when there is nothing to repeat
  std::optional<std::chrono::seconds> retry_after;  ///< asked for by the peer
};

/// Runs attempts until one has no failure, its failure is not to be repeated, attempts or time are
/// used up, or the waiter says stop. Transient failures are repeated always, ambiguous ones only
/// when `repeatable()` says so, which is asked then. A wait that would not end before the deadline
/// is not begun.
void with_retries(const ClientLimits& limits, SteadyTime deadline, const Waiter& wait,
                  const std::function<bool()>& repeatable, const std::function<Attempt()>& attempt);

}  // namespace meridian::fhir::wire
