// SPDX-License-Identifier: Apache-2.0
#include "pathway/course/ledger.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "pathway/course/course.h"
#include "pathway/referral_service.h"

namespace meridian {
namespace {

constexpr int year_days = 365;
constexpr const char* known_to_us = " Visits known to us; other clinics may have more.";

using std::chrono::year_month_day;

/// A visit on a day, and why it is what it is.
struct Verdict {
  int number = 0;
  std::string status = "covered";
  std::string why;
};

/// The first day of the month that begins after eleven full months.
Day after_eleven_months(Day first) {
  const year_month_day day{first};
  return Day{(day.year() / day.month() / 1) + std::chrono::months(12)};
}

/// The days that count together with a visit on `day` by the programme's year.
std::set<Day> days_of_year(const std::set<Day>& used, const std::string& reset, Day day) {
  Day from = day - Days(year_days - 1);
  if (reset == "calendar_year") from = Day{year_month_day{day}.year() / 1 / 1};
  if (reset == "eleven_full_months") {
    from = day;
    Day end{};
    for (const auto& each : used) {
      if (each >= day) break;
      if (each >= end) {
        from = each;
        end = after_eleven_months(each);
      }
    }
    if (day >= end) from = day;
  }
  return {used.lower_bound(from), used.lower_bound(day)};
}

Day last_day_of_year(Day first, const std::string& reset) {
  if (reset == "calendar_year") return Day{year_month_day{first}.year() / 12 / 31};
  if (reset == "eleven_full_months") return after_eleven_months(first) - Days(1);
  return first + Days(year_days - 1);
}

std::string many(int count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// The visits of one programme.
class Counter {
 public:
  Counter(const CoverageProgram& program, const LedgerCase& ledger_case)
      : program_(program), case_(ledger_case) {
    for (const auto& [day, refs] : case_.visits.used) used_.insert(day);
  }

  Allowance count() {
    const Day today = std::chrono::floor<Days>(case_.context.at);
    Allowance allowance;
    allowance.rule = program_.id;
    allowance.source = program_.source;
    // A visit of today is used; the next one is judged as if it were tomorrow.
    const auto counted = counted_before(today + Days(1));
    allowance.used = static_cast<int>(counted.size());
    if (program_.visits > 0) allowance.limit = program_.visits;
    if (!counted.empty() && program_.within_days > 0) {
      allowance.phase_until = *counted.begin() + Days(program_.within_days - 1);
    }
    if (!counted.empty() && program_.yearly_visits > 0) {
      allowance.year_until = last_day_of_year(*counted.begin(), program_.yearly_reset);
    }
    remain(counted, today + Days(1), allowance);
    say(today, allowance);
    return allowance;
  }

 private:
  std::set<Day> counted_before(Day day) const {
    if (program_.yearly_visits > 0) return days_of_year(used_, program_.yearly_reset, day);
    DaysOfService days;
    for (const auto& each : used_) {
      if (each < day) days[each];
    }
    std::set<Day> counted;
    const auto course = running_course(days, case_.context.rules.course.gap_days, Instant{day});
    for (const auto& [each, refs] : course) counted.insert(each);
    return counted;
  }

  bool in_phase(const std::set<Day>& counted, Day day) const {
    return program_.within_days == 0 || counted.empty() ||
           day < *counted.begin() + Days(program_.within_days);
  }

  /// Visits that the first phase took, the others were further ones.
  int of_phase(const std::set<Day>& counted) const {
    const auto within = std::count_if(counted.begin(), counted.end(),
                                      [&](Day each) { return in_phase(counted, each); });
    return std::min(static_cast<int>(within), program_.visits);
  }

  std::string response() const { return case_.course == nullptr ? "" : case_.course->response; }

  /// A check point found that the course does not help.
  bool stopped() const {
    return program_.stop_when_not_improving && case_.course != nullptr && is_stopped(*case_.course);
  }

  Verdict judge(Day day) const {
    const auto counted = counted_before(day);
    const int used = static_cast<int>(counted.size());
    Verdict verdict{used + 1, "covered", ""};
    if (program_.yearly_visits > 0 && used >= program_.yearly_visits) {
      verdict.status = "not_covered";
      verdict.why = many(program_.yearly_visits, "visit") + " a year are used";
    } else if (stopped()) {
      verdict.status = "not_covered";
      verdict.why = "treatment stops while the patient is not improving";
    } else if (program_.visits > 0 && (used >= program_.visits || !in_phase(counted, day))) {
      extend(counted, verdict);
    } else if (program_.visits > 0) {
      verdict.why =
          "one of " + many(program_.visits, "visit") + " in " + many(program_.within_days, "day");
    } else if (program_.yearly_visits == 0) {
      verdict.status = "unknown";
      verdict.why = "the limits are not known";
    }
    return verdict;
  }

  void extend(const std::set<Day>& counted, Verdict& verdict) const {
    const int further = static_cast<int>(counted.size()) - of_phase(counted);
    const auto phase = many(program_.visits, "visit") + " in " + many(program_.within_days, "day");
    verdict.status = "not_covered";
    if (program_.extension_visits == 0) {
      verdict.why = "the " + phase + " are over";
    } else if (further >= program_.extension_visits) {
      verdict.why =
          "the " + phase + " and " + many(program_.extension_visits, "further visit") + " are used";
    } else if (response() == "improved") {
      verdict.status = "covered";
      verdict.why = "one of " + many(program_.extension_visits, "further visit") +
                    ", with documented improvement";
    } else if (response() == "unchanged" || response() == "worse") {
      verdict.why = "further visits need improvement, and the scores show none";
    } else {
      verdict.status = "uncertain";
      verdict.why = "the " + phase + " are over; " +
                    many(program_.extension_visits, "further visit") +
                    " need documented improvement, and no score shows it";
    }
  }

  void remain(const std::set<Day>& counted, Day next, Allowance& allowance) const {
    if (program_.visits == 0 && program_.yearly_visits == 0) return;
    const int used = static_cast<int>(counted.size());
    const int year = program_.yearly_visits > 0 ? program_.yearly_visits - used
                                                : std::numeric_limits<int>::max();
    const bool first = program_.visits > 0 && in_phase(counted, next);
    const int phase = first ? std::max(0, program_.visits - used) : 0;
    const int further = std::max(0, used - of_phase(counted));
    const int more = std::max(0, program_.extension_visits - further);
    const int limited = program_.visits > 0 ? phase + more : year;
    allowance.remaining_if_improving = std::max(0, std::min(limited, year));
    const bool improving = response() == "improved";
    const int sure = program_.visits == 0 ? year : improving ? phase + more : phase;
    allowance.remaining = stopped() ? 0 : std::max(0, std::min(sure, year));
  }

  /// The booked visits one after the other, then the sentence about the next.
  void say(Day today, Allowance& allowance) {
    for (const auto& booking : case_.visits.booked) {
      const auto verdict = judge(booking.day);
      allowance.booked.push_back({booking.ref, booking.day, verdict.number, verdict.status});
      if (allowance.text.empty()) tell(booking.day, verdict, true, allowance);
      used_.insert(booking.day);
    }
    if (allowance.text.empty()) tell(today + Days(1), judge(today + Days(1)), false, allowance);
    if (!program_.visit_note.empty()) allowance.text += " Also: " + program_.visit_note + ".";
  }

  static void tell(Day day, const Verdict& verdict, bool booked, Allowance& allowance) {
    allowance.status = verdict.status;
    allowance.text = booked ? "The visit of " + to_string(day) : std::string("The next visit");
    allowance.text += " is number " + std::to_string(verdict.number) + ": " +
                      (verdict.status == "not_covered" ? "not covered" : verdict.status);
    if (!verdict.why.empty()) allowance.text += ", " + verdict.why;
    allowance.text += std::string(".") + known_to_us;
  }

  const CoverageProgram& program_;
  const LedgerCase& case_;
  std::set<Day> used_;  ///< and, in their turn, the booked ones
};

/// An authorisation says itself how many and until when.
Allowance allowance_of(const Authorization& granted, const std::string& order,
                       const LedgerCase& ledger_case) {
  const Day today = std::chrono::floor<Days>(ledger_case.context.at);
  const auto from = as_date(granted.period.start).first_day();
  const auto until = as_date(granted.period.end).last_day();
  Allowance allowance;
  allowance.rule = "authorization";
  allowance.source = "SELF";
  allowance.evidence = {order};
  allowance.authorised = granted.visits;
  allowance.phase_until = until;
  for (const auto& [day, refs] : ledger_case.visits.used) {
    const bool within = (!from || day >= *from) && (!until || day <= *until);
    if (within) ++allowance.used;
  }
  const auto status_of = [&](Day day, int number) {
    const bool outside = (from && day < *from) || (until && day > *until);
    const bool past = granted.visits && number > *granted.visits;
    return outside || past ? "not_covered" : granted.visits ? "covered" : "uncertain";
  };
  int number = allowance.used;
  for (const auto& booking : ledger_case.visits.booked) {
    allowance.booked.push_back(
        {booking.ref, booking.day, ++number, status_of(booking.day, number)});
  }
  const bool any = !allowance.booked.empty();
  const int next = allowance.used + 1;
  const Day day = any ? allowance.booked.front().day : today;
  allowance.status = any ? allowance.booked.front().status : status_of(today, next);
  if (granted.visits) {
    const bool over = until && today > *until;
    allowance.remaining = over ? 0 : std::max(0, *granted.visits - allowance.used);
  }
  allowance.text =
      (any ? "The visit of " + to_string(day) : std::string("The next visit")) + " is number " +
      std::to_string(next) + " of " +
      (granted.visits ? std::to_string(*granted.visits) : std::string("no stated number")) +
      " that were authorised" + (until ? ", until " + to_string(*until) : "") + ": " +
      (allowance.status == "not_covered" ? "not covered" : allowance.status) + "." + known_to_us;
  return allowance;
}

/// Visits that an order asks for; nothing when it asks for no whole number of them.
std::optional<int> ordered_visits(const ServiceRequest& order) {
  constexpr std::array<std::string_view, 6> units = {"",          "{visit}", "{visits}",
                                                     "{session}", "visits",  "sessions"};
  const auto number = order.quantity.number();
  const auto& unit = order.quantity.code.empty() ? order.quantity.unit : order.quantity.code;
  const bool counts = std::find(units.begin(), units.end(), unit) != units.end();
  const bool whole = number && *number >= 1 && *number <= 1000 && std::floor(*number) == *number;
  return counts && whole ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

/// Counted from the day of the order on.
Allowance ordered_allowance(const ServiceRequest& order, int visits,
                            const LedgerCase& ledger_case) {
  const auto from = as_date(order.authored).first_day();
  Allowance allowance;
  allowance.rule = "order";
  allowance.source = "SELF";
  allowance.evidence = {order.ref};
  allowance.status = "unknown";
  allowance.limit = visits;
  for (const auto& [day, refs] : ledger_case.visits.used) {
    if (!from || day >= *from) ++allowance.used;
  }
  allowance.remaining = std::max(0, visits - allowance.used);
  allowance.text = "The next visit is number " + std::to_string(allowance.used + 1) + " of " +
                   std::to_string(visits) + " that were ordered";
  if (allowance.used >= visits) allowance.text += ": more than were ordered";
  allowance.text += std::string("; this says nothing about cover.") + known_to_us;
  return allowance;
}

void add_ordered(const LedgerCase& ledger_case, std::vector<Allowance>& allowances) {
  const auto add = [&](const ServiceRequest& order) {
    const auto visits = ordered_visits(order);
    if (visits) allowances.push_back(ordered_allowance(order, *visits, ledger_case));
  };
  if (ledger_case.referral != nullptr) return add(*ledger_case.referral);
  for (const auto& order : ledger_case.context.chart.records.service_requests) {
    const auto service = referral_service(order, ledger_case.context.terminology);
    if (service == "acupuncture" && order.status == "active") add(order);
  }
}

void add_authorisations(const LedgerCase& ledger_case, std::vector<Allowance>& allowances) {
  const auto add = [&](const ServiceRequest& order) {
    for (const auto& granted : order.authorizations) {
      if (!granted.visits && granted.period.end.empty()) continue;
      allowances.push_back(allowance_of(granted, order.ref, ledger_case));
    }
  };
  if (ledger_case.referral != nullptr) return add(*ledger_case.referral);
  for (const auto& order : ledger_case.context.chart.records.service_requests) {
    const auto service = referral_service(order, ledger_case.context.terminology);
    if (service == "acupuncture") add(order);
  }
}

}  // namespace

VisitLedger visit_ledger(const LedgerCase& ledger_case) {
  VisitLedger ledger;
  const auto& visits = ledger_case.visits;
  ledger.used = static_cast<int>(visits.used.size());
  ledger.scheduled = static_cast<int>(visits.booked.size());
  ledger.evidence = refs_of(visits.used);
  ledger.unaccounted = visits.unaccounted;
  for (const auto* program : ledger_case.programs) {
    ledger.allowances.push_back(Counter(*program, ledger_case).count());
  }
  add_authorisations(ledger_case, ledger.allowances);
  if (ledger.allowances.empty()) {
    Allowance unknown;
    unknown.rule = "coverage";
    unknown.source = "SELF";
    unknown.status = "unknown";
    unknown.used = ledger.used;
    unknown.text = "How many visits are covered is not known: check the plan before the next one.";
    ledger.allowances.push_back(std::move(unknown));
  }
  add_ordered(ledger_case, ledger.allowances);
  return ledger;
}

}  // namespace meridian
