// SPDX-License-Identifier: Apache-2.0
// A referral at a clinic that has a browser and nothing else.
#include "walk/fates.h"
#include "walk/inbox_staff.h"
#include "walk/surgeon_screen.h"

namespace meridian::sandbox {
namespace {

std::string day_of(Instant at) {
  return to_string(at).substr(0, 10);
}

/// The surgeon opens the chart and sees there where the referral stands.
void seen_in_the_ehr(Journey& journey, const std::string& patient) {
  const auto chart = ehr_page(journey.town(), 0, patient);
  if (chart.empty()) return;  // somebody else's EHR
  const auto page = view_in_chart(chart);
  journey.require(page.find("Willow Court Acupuncture") != std::string::npos,
                  "seen by the surgeon in the EHR");
}

}  // namespace

void in_browser(Journey& journey) {
  auto& town = journey.town();
  InboxStaff nurse(town, town.invite("Ana Ruiz", "ana.ruiz@willowcourt.example"));
  if (!journey.require(nurse.enrol() && nurse.sign_in(), "nurse signed in")) return;
  const auto id = journey.referral();
  if (!journey.require(nurse.lists(id, journey.patience()), "in the inbox")) return;
  const auto page = nurse.opens(id);
  journey.require(page.find("spare her the second injection") != std::string::npos,
                  "the surgeon's question is read");
  const auto now = system_now();
  journey.require(nurse.says(id, "accept", {}), "accepted in the browser");
  journey.shows({"accepted"}, "accepted");
  const auto tomorrow = day_of(now + std::chrono::hours(24));
  journey.require(nurse.says(id, "book", {{"date1", tomorrow}, {"time1", "10:30"}}), "booked");
  journey.shows({"scheduled"}, "scheduled");
  journey.require(
      nurse.says(id, "visit", {{"date1", day_of(now)}, {"NRS", "4"}, {"adverse", "none"}}),
      "visit recorded");
  journey.shows({"in_course"}, "visited");
  const std::string report =
      "Eight visits. Pain at rest from 7 to 4 of 10; she walks to the market again.";
  journey.require(nurse.says(id, "report", {{"text", report}, {"NRS", "4"}}), "report sent");
  journey.shows({"completed", "reported", "closed"}, "completed");
  note_in_record(journey, report + "\n\nAna Ruiz\n");
  journey.at_clinics({0, 0});
}

void waiting(Journey& journey) {
  auto& town = journey.town();
  InboxStaff desk(town, town.invite("Luis Ortega", "luis.ortega@willowcourt.example"));
  if (!journey.require(desk.enrol() && desk.sign_in(), "front desk signed in")) return;
  const auto id = journey.referral();
  if (!journey.require(desk.lists(id, journey.patience()), "new in the inbox")) return;
  // Nobody opens it: then it would not be new any more.
  seen_in_the_ehr(journey, "pat-solano");
  journey.at_clinics({0, 0});
  town.suggest("  sign in there", desk.email() + ", \"" + desk.password() + "\", code " +
                                      desk.recovery_codes(3) + ", each good once");
}

}  // namespace meridian::sandbox
