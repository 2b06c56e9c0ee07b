// SPDX-License-Identifier: Apache-2.0
// Referrals whose record turns out to be otherwise after the clinic has them.
#include "walk/fates.h"

namespace meridian::sandbox {
namespace {

/// The clinic reads it on its own Task, the surgeon in the record, and Meridian lists it so.
void both_told(Journey& journey, const Json& task, const std::string& words,
               const std::string& worklist) {
  journey.require(journey.clinic(0).notes(task, words, journey.patience()), "clinic told");
  journey.shows({words}, "surgeon told");
  const bool listed = wait_for(journey.patience(), [&] {
    return journey.town().referral(journey.order())["worklist"].text() == worklist;
  });
  journey.require(listed, "listed as " + worklist);
}

}  // namespace

void fracture_found(Journey& journey) {
  auto& clinic = journey.clinic(0);
  if (const auto task = journey.arrives(0)) {
    clinic.accept(*task);
    journey.shows({"accepted"}, "accepted");
    journey.hospital().correct_record("correction-sandoval.json",
                                      "a film of today shows a compression fracture of E.S.");
    both_told(journey, *task, "do not treat before the referring surgeon", "decision-reopened");
    journey.require(clinic.stands(*task, "accepted", journey.patience()),
                    "clinic's Task left to the clinic");
    journey.hospital().correct_record("correction-sandoval-refuted.json",
                                      "the MRI of E.S. shows an old wedge and no fracture");
    both_told(journey, *task, "stands again", "awaiting-booking");
  }
  journey.at_clinics({1, 0});
}

void diagnosis_wrong(Journey& journey) {
  if (const auto task = journey.arrives(0)) {
    journey.clinic(0).accept(*task);
    journey.shows({"accepted"}, "accepted");
    journey.hospital().correct_record(
        "correction-fjeld.json",
        "the back pain of A.F. was entered in error: it is the hip, says Dr. Halvorsen");
    both_told(journey, *task, "what kind of back pain", "decision-reopened");
  }
  journey.at_clinics({1, 0});
}

}  // namespace meridian::sandbox
