// SPDX-License-Identifier: Apache-2.0
// Instants in UTC with millisecond resolution, and their FHIR form.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace meridian {

/// A point in time, UTC, milliseconds since 1970-01-01T00:00:00Z.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// A calendar day.
using Day = std::chrono::sys_days;

/// Gives the time; passed in wherever time is needed, so that tests can set it.
using Clock = std::function<Instant()>;

/// The system's clock. Not for pure stages.
Instant system_now();

/// "2026-11-20T10:15:00.000Z". Source: http://hl7.org/fhir/R4/datatypes.html#instant
std::string to_string(Instant at);

/// "2026-11-20".
std::string to_string(Day day);

/// Reads a FHIR instant or dateTime that has a zone; nothing else. Leap second 60 counts as 59.
std::optional<Instant> parse_instant(std::string_view text);

/// Reads "YYYY-MM-DD"; rejects days that do not exist.
std::optional<Day> parse_day(std::string_view text);

}  // namespace meridian
