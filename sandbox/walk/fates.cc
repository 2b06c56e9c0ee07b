// SPDX-License-Identifier: Apache-2.0
#include "walk/fates.h"

#include <algorithm>

namespace meridian::sandbox {
namespace {

/// One referral of the walk.
struct Plan {
  const char* name;  ///< of the order and of its file
  const char* patient;
  const char* expected;
  const char* said;  ///< what the surgeon's signature means; nothing when the fate signs by itself
  void (*follow)(Journey& journey);
  std::size_t hospital = 0;  ///< of the town's
};

/// Those with a text are signed at once and then looked after in this order: most of their way
/// they go beside each other. The clinic that goes down would stop the others, so it is last.
constexpr Plan plans[] = {
    {"okafor", "C.O.", "delivered, booked, visited, note in the record",
     "for C.O., on a blood thinner", completed},
    {"teixeira", "M.T.", "held for answers, released by them, delivered",
     "for M.T.; bladder and bowel were never asked", held_and_released},
    {"kowalczyk", "M.K.", "emergency, alert acknowledged, not sent",
     "is on record for M.K.; since yesterday numb in the saddle and unable to pass urine",
     emergency},
    {"marchetti", "G.M.", "declined, taken by the second clinic",
     "for G.M., all coded in SNOMED CT", declined_once},
    {"nakamura", "K.N.", "declined by both, with reasons for the surgeon",
     "for K.N., with the reason in words only", declined_by_all},
    {"lindqvist", "A.L.", "revoked before acceptance, cancelled", "for A.L., a spasm of the back",
     cancelled_early},
    {"osei", "K.O.", "revoked after booking, clinic confirms", "for K.O., 10 visits by the VA",
     cancelled_late},
    {"wexler", "H.W.", "not covered: said at once, sent all the same",
     "for H.W., Medicare, new pain beside an old fusion", not_covered},
    {"ramanathan", "P.R.", "patient record retired: held, not sent",
     "for P.R., who was registered twice", patient_unclear},
    {"sandoval", "E.S.", "fracture found later: clinic warned, then cleared",
     "for E.S., with a clean screen", fracture_found},
    {"fjeld", "A.F.", "diagnosis entered in error: clinic warned",
     "for A.F., for a back pain that he does not have", diagnosis_wrong},
    {"ferrante", "C.F.", "pregnant: held, signed off by a name, sent",
     "for C.F., 22 weeks pregnant", signed_off},
    {"szabo", "D.S.", "electroacupuncture: to the clinic that offers it",
     "for D.S., with electrical stimulation", with_current},
    {"dvorak", "I.D.", "wrong chart: held, the right one named, sent",
     "for I.D., in the chart of a namesake", wrong_chart},
    {"moreau", "L.M.", "clinic sends back, linked by the referral",
     "for L.M., who is to try needles", sent_back},
    {"ServiceRequest/qr-quill-surgeon", "N.Q.", "clinic to surgeon, urgent; linked by a person",
     nullptr, sent_urgently},
    {"vasquez", "J.V.", "second hospital: order posted, note in the record",
     "for J.V., by the engine of a hospital that is never searched for orders", completed, 1},
    {"nguyen", "T.N.", "second hospital: declined, taken by the second clinic",
     "for T.N., an auto mechanic's back", declined_once, 1},
    {"ServiceRequest/JCOH.7104", "T.W.", "hospital on HL7 v2: signed, booked, note", nullptr,
     from_v2_hospital},
    {"carvalho", "I.C.", "clinic on HL7 v2: accepted, booked, note in the record",
     "for I.C., with electrical stimulation, in Portuguese", to_v2_clinic},
    {"haugen-2", "I.H.", "repeat held, sent when the first is revoked", nullptr, repeated},
    {"eklund", "A.E.", "sent to another clinic by a person, the first told",
     "for A.E., who has moved across the river", redirected},
    {"whitlock", "J.W.", "order was a mistake: recalled, the clinic confirms",
     "for J.W., meant for the patient before her", recalled},
    {"adeyemi", "B.A.", "red flag at the first visit: back at once, acknowledged",
     "for B.A., whose leg is better than his back", safety_return},
    {"tanaka", "H.T.", "silent clinic: after its time, offered to the next",
     "for H.T., urgent: he drives a lorry", silent},
    {"medina", "C.M.", "clinic with a browser alone: accepted to report",
     "for C.M., who would rather speak Spanish", in_browser},
    {"solano", "R.S.", "waits in a clinic's inbox, for you to accept",
     "for R.S., on a blood thinner, who cannot sit through a meal", waiting},
    {"abernathy", "R.A.", "clinic down, delivered later, once", nullptr, clinic_down},
};

void load_others(Town& town) {
  for (const char* file :
       {"00-shared.json", "achterberg.json", "vandermolen.json", "ferreira-lund.json"}) {
    town.load_patient(0, file);
  }
  town.load_patient(1, "00-shared.json");
  town.story().tell("hospital", "three patients are on record who need no referral of ours");
}

/// Each clinic has what was to come to it and nothing more.
bool nothing_else(People& people) {
  bool good = true;
  for (std::size_t i = 0; i < people.clinics.size(); ++i) {
    const std::size_t tasks = people.clinics[i].all_tasks();
    const std::size_t expected = people.tasks_to_be[i];
    people.town.story().tell("clinic", people.clinics[i].name() + " has " + std::to_string(tasks) +
                                           " Tasks altogether, " + std::to_string(expected) +
                                           " were to come");
    good = good && tasks == expected;
  }
  return good;
}

/// From what is kept of each decision the same rules decide the same.
bool same_again(Town& town) {
  std::size_t equal = 0;
  std::string others;
  const auto lines = town.told_by("replay");
  for (const auto& line : lines) {
    const auto result = line["result"].text();
    if (result == "equal") ++equal;
    if (result == "changed" || result == "pruned") others += ", " + line["order"].text();
  }
  town.story().tell("meridian", "decided again what is on record: " + std::to_string(equal) +
                                    " decisions came out the same" +
                                    (others.empty() ? "" : ", and otherwise " + others.substr(2)));
  return equal > 0 && others.empty();
}

}  // namespace

bool walk_referrals(Town& town) {
  load_others(town);
  People people(town);
  std::vector<Journey> journeys;
  for (const auto& plan : plans) {
    auto& journey =
        journeys.emplace_back(people, plan.hospital, plan.name, plan.patient, plan.expected);
    if (plan.said == nullptr) continue;
    journey.hospital().sign_order(
        std::string(plan.name) + ".json", journey.order(),
        std::string("an order for acupuncture ") + plan.said + " (" + journey.order() + ")");
  }
  for (std::size_t i = 0; i < journeys.size(); ++i) {
    if (plans[i].follow == clinic_down && !town.can_stop_clinic(0)) continue;
    plans[i].follow(journeys[i]);
    journeys[i].close();
  }
  const bool nothing_more = nothing_else(people);
  const bool same = same_again(town);
  const auto fates = town.story().fates();
  return nothing_more && same &&
         std::ranges::all_of(fates, [](const Fate& fate) { return fate.good; });
}

}  // namespace meridian::sandbox
