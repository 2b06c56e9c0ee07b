// SPDX-License-Identifier: Apache-2.0
// Deadlines by the site's calendar: its time zone, its working days, its holidays.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/wall_clock.h"
#include "routing/machine.h"

namespace meridian::routing {

/// Offsets of a time zone. Immutable; any thread.
class Zone;

class Calendar {
 public:
  /// UTC, Monday to Friday, no holidays.
  Calendar();
  /// `time_zone`: a name of the IANA database, "America/New_York". `works`: from Sunday on.
  /// Nothing when there is no such zone, or no day to work on.
  static std::optional<Calendar> of(std::string_view time_zone, std::array<bool, 7> works,
                                    std::set<Day> holidays);

  /// The instant so long after `begin`. Minutes and hours pass at all times; days keep the time of
  /// day on the site's clock. Business days are counted from the next working day's beginning where
  /// `begin` is on none, and end on a working day.
  Instant after(Instant begin, Span span) const;

  /// The next instant after `begin` at which the site's clock shows this time of day.
  Instant next(std::chrono::minutes time_of_day, Instant begin) const;

  /// True on a working day that is no holiday; `day` is the site's.
  bool works_on(Day day) const;

  /// What the clock on the wall shows, as if it were UTC; and back. A time that summer time skips
  /// or repeats is one of the two that it may mean.
  Instant to_local(Instant at) const;
  Instant from_local(Instant local) const;
  /// The same for whoever writes to people; its zone as it was given here.
  WallClock wall() const;

 private:
  std::string name_ = "UTC";
  std::shared_ptr<const Zone> zone_;
  std::array<bool, 7> works_{false, true, true, true, true, true, false};
  std::set<Day> holidays_;
};

/// "30min", "4h", "14d" or "5bd" (business days), up to 10000. Nothing for anything else.
std::optional<Span> parse_span(std::string_view text);

}  // namespace meridian::routing
