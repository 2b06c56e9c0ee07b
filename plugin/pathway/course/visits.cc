// SPDX-License-Identifier: Apache-2.0
#include "pathway/course/visits.h"

#include <algorithm>
#include <tuple>

#include "pathway/anchors.h"
#include "pathway/referral_service.h"

namespace meridian {
namespace {

bool one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_needling(const std::string& category) {
  return category == "acupuncture" || category == "dry_needling";
}

/// The day as the source wrote it; only a whole day is a day of service.
std::optional<Day> day_of(const PartialDate& date) {
  const auto day = as_date(date);
  return day.precision == Precision::day ? day.first_day() : std::nullopt;
}

class VisitReader {
 public:
  explicit VisitReader(const RuleContext& context)
      : context_(context), today_(std::chrono::floor<Days>(context.at)) {}

  void read(const Procedure& procedure) {
    if (one_of(procedure.status, {"not-done", "entered-in-error", "preparation"})) return;
    const auto category = category_of(procedure, context_.terminology);
    const auto day = day_of(procedure.performed.start);
    if (!category || !is_needling(*category) || !day) return;
    if (!is_future(procedure.performed.start, context_.at)) {
      visits_.used[*day].insert(procedure.ref);
    }
  }

  void read(const Encounter& encounter) {
    if (!one_of(encounter.status, {"finished", "in-progress", "arrived", "triaged", "onleave"})) {
      return;
    }
    const auto day = day_of(encounter.period.start);
    if (!day || is_future(encounter.period.start, context_.at)) return;
    if (are_for_needling(encounter.types)) visits_.used[*day].insert(encounter.ref);
  }

  /// After the procedures and encounters: a visit that is documented is no longer open.
  void read(const Appointment& appointment) {
    const auto day = day_of(appointment.start);
    if (!day || !is_for_needling(appointment)) return;
    const bool came = one_of(appointment.status, {"fulfilled", "arrived", "checked-in"});
    if (came && *day <= today_) {
      visits_.used[*day].insert(appointment.ref);
    } else if (one_of(appointment.status, {"booked", "pending", "arrived", "checked-in"})) {
      const auto start = earliest(appointment.start);
      if (visits_.used.contains(*day)) return;
      if (*day > today_ || (start && *start >= context_.at)) {
        visits_.booked.push_back({appointment.ref, *day});
      } else {
        visits_.unaccounted.push_back(appointment.ref);
      }
    }
  }

  Visits take() {
    std::sort(visits_.booked.begin(), visits_.booked.end(), [](const auto& a, const auto& b) {
      return std::tie(a.day, a.ref) < std::tie(b.day, b.ref);
    });
    std::sort(visits_.unaccounted.begin(), visits_.unaccounted.end());
    return std::move(visits_);
  }

 private:
  /// The first type that is known decides; nothing when none is.
  std::optional<bool> told_by(const std::vector<Concept>& types) const {
    for (const auto& type : types) {
      const auto category = procedure_category(type, context_.terminology);
      if (category) return is_needling(*category);
      if (const auto service = mapped("referral-service", type, context_.terminology)) {
        return *service == "acupuncture";
      }
    }
    return std::nullopt;
  }

  bool are_for_needling(const std::vector<Concept>& types) const {
    return told_by(types).value_or(false);
  }

  bool is_for_needling(const Appointment& appointment) const {
    if (const auto told = told_by(appointment.service_types)) return *told;
    return std::any_of(appointment.based_on.begin(), appointment.based_on.end(),
                       [&](const Reference& order) { return orders_needling(order.target); });
  }

  bool orders_needling(const std::string& ref) const {
    const auto& orders = context_.chart.records.service_requests;
    return std::any_of(orders.begin(), orders.end(), [&](const ServiceRequest& order) {
      return order.ref == ref && referral_service(order, context_.terminology) == "acupuncture";
    });
  }

  const RuleContext& context_;
  const Day today_;
  Visits visits_;
};

}  // namespace

Visits visits_of(const RuleContext& context) {
  VisitReader reader(context);
  for (const auto& record : context.chart.records.procedures) reader.read(record);
  for (const auto& record : context.chart.records.encounters) reader.read(record);
  for (const auto& record : context.chart.records.appointments) reader.read(record);
  return reader.take();
}

DaysOfService running_course(const DaysOfService& used, int gap_days, Instant at) {
  DaysOfService course;
  auto next = std::chrono::floor<Days>(at);
  for (auto visit = used.rbegin(); visit != used.rend(); ++visit) {
    if (next - visit->first > Days(gap_days)) break;
    course.insert(*visit);
    next = visit->first;
  }
  return course;
}

std::vector<std::string> refs_of(const DaysOfService& days) {
  std::set<std::string> refs;
  for (const auto& [day, of_day] : days) refs.insert(of_day.begin(), of_day.end());
  return {refs.begin(), refs.end()};
}

}  // namespace meridian
