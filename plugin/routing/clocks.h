// SPDX-License-Identifier: Apache-2.0
// By when something must happen in a state, and what is done when it did not. Pure.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "routing/calendar.h"

namespace meridian::routing {

using Deadlines = std::array<Deadline, deadline_limit>;

/// A deadline as an instant.
struct Ring {
  Instant due;
  Then then = Then::nothing;
};

/// The deadlines of all states: those of the table, or what the site put in their place.
class Clocks {
 public:
  Clocks() = default;
  Clocks(Calendar calendar, std::map<State, Deadlines> changed)
      : calendar_(std::move(calendar)), changed_(std::move(changed)) {}

  const Deadlines& of(State state) const;
  const Calendar& calendar() const { return calendar_; }

  /// Deadline number `step`, from 0, of a state that began at `since`; past the last one that comes
  /// again and again. Nothing in a state that is final.
  std::optional<Ring> ring(State state, bool urgent, Instant since, int step) const;

  /// Until when a state that began at `since` stands: then it goes to another clinic or lapses, or
  /// its last deadline passes. Nothing in a state that is final. For State::delivered it is how
  /// long an offer stands.
  std::optional<Instant> stands_until(State state, bool urgent, Instant since) const;

 private:
  Calendar calendar_;
  std::map<State, Deadlines> changed_;
};

/// "remind", "escalate", "next_clinic", "lapse".
const char* then_name(Then then);

/// Reads a site's deadlines of a state: "remind 2bd" or, with another value for urgent ones,
/// "remind 2bd 4h". What must not be: no deadline, more than four, one that does not come after the
/// one before, or something behind a lapse. Nothing, then.
std::optional<Deadlines> parse_deadlines(const std::vector<std::string>& lines);

}  // namespace meridian::routing
