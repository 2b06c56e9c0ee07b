// SPDX-License-Identifier: Apache-2.0
// Referrals that are declined, cancelled, repeated, or about nobody in particular.
#include "walk/fates.h"

namespace meridian::sandbox {
namespace {

/// A reason in words, and one as a code of the clinic's own.
Json full() {
  return Json::object({{"text", "at capacity until the end of January"}});
}

Json plan_not_accepted() {
  const Json coding = Json::object({{"system", "https://stonelantern.example/decline"},
                                    {"code", "SELF"},
                                    {"display", "no patients without insurance"}});
  return Json::object({{"coding", Json::array({coding})}});
}

bool has_all(const std::string& text, const std::vector<std::string>& words) {
  for (const auto& word : words) {
    if (text.find(word) == std::string::npos) return false;
  }
  return true;
}

/// Waits until all of it stands in the record, wherever it is.
void record_has(Journey& journey, const std::vector<std::string>& words, const std::string& what) {
  const bool there = wait_for(journey.patience(), [&] {
    journey.town().check_meridian();
    return has_all(journey.hospital().everything(journey.order()), words);
  });
  journey.require(there, what);
}

}  // namespace

void declined_once(Journey& journey) {
  if (const auto task = journey.arrives(0, "offered")) journey.clinic(0).decline(*task, full());
  if (const auto task = journey.arrives(1, "offered to the next")) {
    journey.clinic(1).accept(*task);
    journey.shows({"accepted"}, "accepted there");
  }
  record_has(journey, {"Quiet River Acupuncture declined: at capacity"},
             "the record says who declined and why");
  journey.at_clinics({1, 1});
}

void declined_by_all(Journey& journey) {
  if (const auto task = journey.arrives(0, "offered")) journey.clinic(0).decline(*task, full());
  if (const auto task = journey.arrives(1, "offered to the next")) {
    journey.clinic(1).decline(*task, plan_not_accepted());
  }
  journey.shows({"(declined)", ": declined."}, "declined");
  record_has(journey, {"at capacity", "no patients without insurance"},
             "both reasons in the record");
  journey.at_clinics({1, 1});
}

void cancelled_early(Journey& journey) {
  const auto task = journey.arrives(0);
  journey.hospital().revoke(journey.order(),
                            "A.L. called: the spasm is gone; Dr. Halvorsen revokes the order");
  if (task) {
    journey.require(journey.clinic(0).stands(*task, "cancelled", journey.patience()),
                    "cancelled at the clinic");
  }
  journey.shows({"cancelled"}, "cancelled in the record", "cancel_asked");
  journey.at_clinics({1, 0});
}

void cancelled_late(Journey& journey) {
  auto& clinic = journey.clinic(0);
  if (const auto task = journey.arrives(0)) {
    clinic.accept(*task);
    const Json appointment = clinic.book(*task);
    journey.shows({"scheduled"}, "scheduled");
    journey.hospital().revoke(journey.order(), "K.O. moves away; Dr. Halvorsen revokes the order");
    const auto asked = clinic.abort_asked(*task, journey.patience());
    journey.require(asked.has_value(), "clinic asked");
    journey.shows({"cancel_asked"}, "asking in the record");
    journey.require(clinic.stands(*task, "in-progress", journey.patience()),
                    "clinic's Task left to the clinic");
    if (asked) clinic.confirm_abort(*task, appointment, *asked);
    journey.shows({"cancelled"}, "confirmed in the record", "cancel_asked");
  }
  journey.at_clinics({1, 0});
}

/// The first order is delivered; the family doctor orders the same again.
void repeated(Journey& journey) {
  const std::string first = "ServiceRequest/sr-haugen-acupuncture";
  auto& hospital = journey.hospital();
  hospital.sign_order("haugen.json", first, "an order for acupuncture for I.H. (" + first + ")");
  hospital.sees(first, {"delivered"});
  journey.require(journey.receives(0, hospital.referral_id(first)).has_value(), "first delivered");
  hospital.sign_order("repeat-haugen.json", journey.order(),
                      "Dr. Oyelaran orders the same again (" + journey.order() + ")");
  journey.shows({first}, "held, naming the first");
  journey.at_clinics({0, 0});
  hospital.revoke(first, "Dr. Halvorsen leaves it to Dr. Oyelaran and revokes the first order");
  journey.require(hospital.sees(first, {"cancelled"}, "cancel_asked"), "first cancelled");
  journey.arrives(0, "second sent");
  journey.at_clinics({1, 0});
}

void patient_unclear(Journey& journey) {
  journey.shows({"the patient could not be resolved"}, "held for a person");
  journey.at_clinics({0, 0});
}

}  // namespace meridian::sandbox
