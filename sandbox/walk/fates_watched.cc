// SPDX-License-Identifier: Apache-2.0
// Referrals that a clock or a person takes away from a clinic, or the clinic gives back in haste.
#include "walk/fates.h"

namespace meridian::sandbox {
namespace {

/// The first clinic is told that another one has the referral, and that one takes it.
void taken_by_the_second(Journey& journey, const std::optional<Json>& first,
                         const std::string& what) {
  if (const auto task = journey.arrives(1, what)) {
    journey.clinic(1).accept(*task);
    journey.shows({"accepted"}, "accepted there");
  }
  if (first) {
    journey.require(journey.clinic(0).stands(*first, "cancelled", journey.patience()),
                    "the first clinic told");
  }
  journey.at_clinics({1, 1});
}

}  // namespace

void silent(Journey& journey) {
  const auto task = journey.arrives(0, "offered");
  // The minute that the town's clock gives, and the minute after it in which that is noticed.
  wait_for(std::chrono::minutes(2), [&] {
    journey.town().check_meridian();
    return journey.clinic(1).tasks(journey.referral()) > 0;
  });
  taken_by_the_second(journey, task, "offered to the next");
}

void redirected(Journey& journey) {
  const auto task = journey.arrives(0, "offered");
  auto& town = journey.town();
  town.story().tell("meridian", "the front desk moves A.E.'s referral to the clinic near her");
  journey.require(town.redirect(journey.referral(), 1, "R. Solberg"), "moved by a person");
  taken_by_the_second(journey, task, "offered there");
}

void recalled(Journey& journey) {
  const auto task = journey.arrives(0);
  journey.hospital().take_back(journey.order(),
                               "Dr. Halvorsen sees that the order stands in the wrong chart");
  if (task) {
    auto& clinic = journey.clinic(0);
    journey.require(clinic.stands(*task, "entered-in-error", journey.patience()),
                    "taken back at the clinic");
    journey.shows({"recall_asked"}, "waiting for the clinic");
    clinic.confirm_recall(*task);
  }
  journey.shows({"entered-in-error"}, "confirmed in the record", "recall_asked");
  journey.at_clinics({1, 0});
}

void safety_return(Journey& journey) {
  auto& clinic = journey.clinic(0);
  if (const auto task = journey.arrives(0)) {
    clinic.accept(*task);
    clinic.book(*task);
    journey.shows({"scheduled"}, "scheduled");
    clinic.send_back_at_once(*task, "numb between the legs since this morning; not treated");
    page_acknowledged(journey);
    journey.shows({"safety_known"}, "known, in the record");
  }
  journey.at_clinics({1, 0});
}

}  // namespace meridian::sandbox
