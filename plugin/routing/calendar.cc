// SPDX-License-Identifier: Apache-2.0
#include "routing/calendar.h"

#include <algorithm>
#include <charconv>

#include <unicode/timezone.h>

namespace meridian::routing {

class Zone {
 public:
  explicit Zone(std::unique_ptr<icu::TimeZone> zone) : zone_(std::move(zone)) {}

  /// `local`: the instant is what the clock on the wall shows.
  std::chrono::milliseconds offset(Instant at, bool local) const {
    std::int32_t raw = 0;
    std::int32_t summer = 0;
    UErrorCode error = U_ZERO_ERROR;
    const auto milliseconds = static_cast<double>(at.time_since_epoch().count());
    zone_->getOffset(milliseconds, static_cast<UBool>(local), raw, summer, error);
    return std::chrono::milliseconds(raw + summer);
  }

 private:
  std::unique_ptr<icu::TimeZone> zone_;
};

namespace {

using std::chrono::days;

Day day_of(Instant local) {
  return std::chrono::floor<days>(local);
}

}  // namespace

Calendar::Calendar() = default;

std::optional<Calendar> Calendar::of(std::string_view time_zone, std::array<bool, 7> works,
                                     std::set<Day> holidays) {
  const auto name = icu::UnicodeString::fromUTF8({time_zone.data(), int(time_zone.size())});
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(name));
  const bool known = zone && *zone != icu::TimeZone::getUnknown();
  if (!known ||
      std::none_of(works.begin(), works.end(), [](bool works_then) { return works_then; })) {
    return std::nullopt;
  }
  Calendar calendar;
  calendar.name_ = time_zone;
  calendar.zone_ = std::make_shared<const Zone>(std::move(zone));
  calendar.works_ = works;
  calendar.holidays_ = std::move(holidays);
  return calendar;
}

bool Calendar::works_on(Day day) const {
  return works_[std::chrono::weekday(day).c_encoding()] && !holidays_.contains(day);
}

Instant Calendar::to_local(Instant at) const {
  return zone_ ? at + zone_->offset(at, false) : at;
}

Instant Calendar::from_local(Instant local) const {
  return zone_ ? local - zone_->offset(local, true) : local;
}

WallClock Calendar::wall() const {
  return {[site = *this](Instant at) { return site.to_local(at); },
          [site = *this](Instant local) { return site.from_local(local); }, name_};
}

Instant Calendar::after(Instant begin, Span span) const {
  if (span.unit == Span::minutes) return begin + std::chrono::minutes(span.amount);
  if (span.unit == Span::hours) return begin + std::chrono::hours(span.amount);
  auto local = to_local(begin);
  if (span.unit == Span::days) return from_local(local + days(span.amount));
  const auto to_work = [&] {
    constexpr int most = 400;  // a calendar that is all holidays ends somewhere
    for (int i = 0; i < most && !works_on(day_of(local)); ++i) local += days(1);
  };
  if (!works_on(day_of(local))) local = day_of(local);
  to_work();
  for (int i = 0; i < span.amount; ++i) {
    local += days(1);
    to_work();
  }
  return from_local(local);
}

Instant Calendar::next(std::chrono::minutes time_of_day, Instant begin) const {
  auto local = Instant(day_of(to_local(begin))) + time_of_day;
  while (from_local(local) <= begin) local += days(1);
  return from_local(local);
}

std::optional<Span> parse_span(std::string_view text) {
  constexpr int most = 10'000;
  int amount = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, amount);
  if (read.ec != std::errc() || amount < 1 || amount > most) return std::nullopt;
  const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
  if (unit == "min") return Span{amount, Span::minutes};
  if (unit == "h") return Span{amount, Span::hours};
  if (unit == "d") return Span{amount, Span::days};
  if (unit == "bd") return Span{amount, Span::business_days};
  return std::nullopt;
}

}  // namespace meridian::routing
