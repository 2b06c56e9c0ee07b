// SPDX-License-Identifier: Apache-2.0
// What a receiver's Task says in the words of each dialect, by the built-in concept map.
#include "routing/clinic_events.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "knowledge/knowledge.h"

namespace meridian::routing {
namespace {

using K = EventKind;

const Terminology& terminology() {
  static const Knowledge content = [] {
    Issues issues;
    auto loaded = load_knowledge(issues);
    if (!loaded) throw std::runtime_error("the built-in content cannot be read");
    return std::move(*loaded);
  }();
  return content.terminology;
}

constexpr const char* bser = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS";
constexpr const char* cow = "http://hl7.org/fhir/uv/cow/CodeSystem/temp";

std::optional<EventKind> said(const std::string& status, const Concept& business = {},
                              const std::vector<Appointment>& appointments = {}) {
  Task task;
  task.status = status;
  task.business_status = business;
  return clinic_event(task, appointments, terminology());
}

Concept code(const char* system, const char* value) {
  return {{{system, value, ""}}, ""};
}

Appointment appointment(const char* status, const char* start = "") {
  Appointment one;
  one.status = status;
  one.start.text = start;
  return one;
}

TEST(ClinicEvent, IsReadFromTheStatusAlone) {
  EXPECT_EQ(said("requested"), K::clinic_received);
  EXPECT_EQ(said("accepted"), K::clinic_accepted);
  EXPECT_EQ(said("in-progress"), K::clinic_accepted);
  EXPECT_EQ(said("on-hold"), K::clinic_on_hold);
  EXPECT_EQ(said("rejected"), K::clinic_declined);
  EXPECT_EQ(said("failed"), K::clinic_declined);
  EXPECT_EQ(said("completed"), K::clinic_reported);
  EXPECT_EQ(said("cancelled"), K::clinic_cancelled);
  EXPECT_EQ(said("draft"), std::nullopt);
}

TEST(ClinicEvent, OfBserIsRefinedByItsCodes) {
  EXPECT_EQ(said("in-progress", code(bser, "5.1.1")), K::clinic_scheduled);
  EXPECT_EQ(said("in-progress", code(bser, "5.1.2")), K::clinic_no_show);
  EXPECT_EQ(said("in-progress", code(bser, "5.1.3")), K::clinic_appointment_cancelled);
  EXPECT_EQ(said("in-progress", code(bser, "5.1.4")), K::clinic_visited);
  EXPECT_EQ(said("in-progress", code("", "5.1.2")), K::clinic_no_show) << "without its system";
  EXPECT_EQ(said("received", code(bser, "2.0")), K::clinic_received);
  EXPECT_EQ(said("in-progress", code(bser, "5.2")), std::nullopt) << "our own cancel, read back";
  EXPECT_EQ(said("in-progress", code(bser, "5.4")), std::nullopt) << "as STU1 had it";
}

TEST(ClinicEvent, OfCowAndOthersLikewise) {
  EXPECT_EQ(said("received", code(cow, "awaiting-information")), K::clinic_asked);
  EXPECT_EQ(said("on-hold", code(cow, "awaiting-information")), K::clinic_asked) << "SDOH-CC";
  EXPECT_EQ(said("accepted", {{}, "Waitlisted"}), K::clinic_waitlisted) << "words alone";
  EXPECT_EQ(said("accepted", {{}, "unreachable"}), K::clinic_unreachable);
  EXPECT_EQ(said("in-progress", {{}, "extension_asked"}), K::clinic_extension_asked);
  EXPECT_EQ(said("rejected", code(cow, "visit-complete")), K::clinic_declined) << "it ended";
}

TEST(ClinicEvent, OfOurOwnWordBesideAStandardsCodeIsOurs) {
  constexpr const char* own = "http://meridian-referral.org/fhir/CodeSystem/referral-state";
  const Concept both{{{bser, "3.0", ""}, {own, "waitlisted", ""}}, ""};
  EXPECT_EQ(said("accepted", both), K::clinic_waitlisted);
  EXPECT_EQ(said("received", {{{bser, "2.0", ""}, {own, "on_hold", ""}}, ""}), K::clinic_on_hold);
}

TEST(ClinicEvent, OfARedFlagIsHeardWhateverTheStatusIs) {
  for (const char* status : {"received", "rejected", "failed", "in-progress", "completed"}) {
    EXPECT_EQ(said(status, {{}, "safety-return"}), K::clinic_safety_return) << status;
  }
  Task task;
  task.status = "rejected";
  task.status_reason = {{{"", "safety-return", ""}}, ""};
  EXPECT_EQ(clinic_event(task, {}, terminology()), K::clinic_safety_return);
}

TEST(ClinicEvent, FollowsTheAppointments) {
  EXPECT_EQ(said("accepted", {}, {appointment("booked")}), K::clinic_scheduled);
  EXPECT_EQ(said("in-progress", {}, {appointment("noshow")}), K::clinic_no_show) << "SIU S26";
  EXPECT_EQ(said("in-progress", {}, {appointment("cancelled")}), K::clinic_appointment_cancelled);
  EXPECT_EQ(said("in-progress", code(bser, "5.1.1"), {appointment("noshow")}), K::clinic_no_show)
      << "what was written at the booking still stands there";
  EXPECT_EQ(said("in-progress", {}, {appointment("noshow"), appointment("booked")}),
            K::clinic_scheduled)
      << "the next one is booked";
  EXPECT_EQ(said("in-progress", code(bser, "5.1.4"), {appointment("cancelled")}),
            K::clinic_visited);
}

TEST(ClinicEvent, OfAnAppointmentAloneIsWhatBecameOfTheVisit) {
  const auto alone = [](const char* status, const std::vector<Appointment>& appointments) {
    Task task;
    task.status = status;
    return clinic_event(task, appointments, terminology(), News::appointment);
  };
  for (const char* status : {"requested", "accepted", "in-progress"}) {
    EXPECT_EQ(alone(status, {appointment("booked")}), K::clinic_scheduled) << status;
    EXPECT_EQ(alone(status, {appointment("fulfilled")}), K::clinic_visited) << status;
    EXPECT_EQ(alone(status, {appointment("noshow")}), K::clinic_no_show) << status;
    EXPECT_EQ(alone(status, {appointment("cancelled")}), K::clinic_appointment_cancelled) << status;
    EXPECT_EQ(alone(status, {appointment("entered-in-error")}), K::clinic_appointment_cancelled);
    EXPECT_EQ(alone(status, {appointment("proposed")}), std::nullopt) << status;
  }
  EXPECT_EQ(alone("completed", {appointment("fulfilled")}), std::nullopt) << "it is over";
  const auto past = appointment("fulfilled", "2026-11-24T09:00:00Z");
  const auto next = appointment("booked", "2026-12-01T09:00:00Z");
  EXPECT_EQ(alone("in-progress", {past, next}), K::clinic_visited) << "the visit is the news";
  EXPECT_EQ(alone("in-progress", {next, past}), K::clinic_scheduled) << "the booking is";
  EXPECT_EQ(said("in-progress", code(bser, "5.1.1"), {past}), K::clinic_visited);
  EXPECT_EQ(said("in-progress", code(bser, "5.1.1"), {past, next}), K::clinic_scheduled);
  const auto mistake = appointment("entered-in-error", "2026-12-08T09:00:00Z");
  EXPECT_EQ(said("in-progress", {}, {past, mistake}), K::clinic_visited) << "it never was";
}

TEST(OrderEvent, OfAPauseIsNoRevocation) {
  ServiceRequest order;
  order.status = "on-hold";
  EXPECT_EQ(order_event(order), K::order_on_hold);
  order.status = "draft";
  EXPECT_EQ(order_event(order), std::nullopt);
}

}  // namespace
}  // namespace meridian::routing
