// SPDX-License-Identifier: Apache-2.0
// A referral at a clinic that has a browser and nothing else.
#include "walk/fates.h"
#include "walk/inbox_staff.h"

namespace meridian::sandbox {
namespace {

std::string day_of(Instant at) {
  return to_string(at).substr(0, 10);
}

/// What whoever looks on needs to sign in as she does.
void leave_the_door_open(Town& town, InboxStaff& nurse) {
  town.suggest("the clinic's inbox", town.meridian_page() + "/sign-in   " + nurse.email() +
                                         "   \"" + nurse.password() + "\"   code " +
                                         nurse.recovery_code());
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
  leave_the_door_open(town, nurse);
}

}  // namespace meridian::sandbox
