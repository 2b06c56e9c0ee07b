// SPDX-License-Identifier: Apache-2.0
// Referrals that reach their clinic, at once or later, and the one that must not.
#include "walk/fates.h"

namespace meridian::sandbox {
namespace {

using std::chrono::seconds;

constexpr seconds quiet_for{2};  ///< for something that should not come

/// The clinic says yes, and the record shows it.
void accepts(Journey& journey, const Json& task) {
  journey.clinic(0).accept(task);
  journey.shows({"accepted"}, "accepted");
}

/// The packet's own words on coverage.
std::string coverage_in_packet(const Json& task) {
  std::string text;
  for (const auto& input : task["input"].items()) {
    const std::string& line = input["valueString"].text();
    if (line.find("not covered") != std::string::npos) text += line + "\n";
  }
  return text;
}

/// The latest page about the order; null when there is none.
Json page_of(const Journey& journey) {
  Json alert;
  for (const auto& each : journey.town().pager().alerts()) {
    if (each["order"].text() == journey.order()) alert = each;
  }
  return alert;
}

}  // namespace

void page_acknowledged(Journey& journey) {
  const bool paged = wait_for(journey.patience(), [&] {
    journey.town().check_meridian();
    return !page_of(journey).is_null();
  });
  if (!journey.require(paged, "paged")) return;
  const Json alert = page_of(journey);
  auto& story = journey.town().story();
  story.tell("pager", "for " + alert["contact"].text() + ": " + alert["reason"].text());
  const std::string link = alert["acknowledge"].text();
  const Answer page = fetch({"GET", link, "", "text/html"});
  const bool named = page.body.find(journey.order()) != std::string::npos;
  journey.require(page.status == 200 && named, "alert page names the order");
  const Answer signed_off =
      fetch({"POST", link, "by=Dr.+Halvorsen", "application/x-www-form-urlencoded"});
  const bool thanked = signed_off.body.find("Acknowledged by") != std::string::npos &&
                       signed_off.body.find("Dr. Halvorsen") != std::string::npos;
  journey.require(signed_off.status == 200 && thanked, "acknowledged");
  story.tell("contact", "Dr. Halvorsen acknowledges the alert by its link");
}

void note_in_record(Journey& journey, const std::string& text) {
  std::string note;
  wait_for(journey.patience(), [&] {
    note = journey.hospital().note(journey.order(), text);
    return !note.empty();
  });
  if (!journey.require(!note.empty(), "consult note in the record")) return;
  journey.in_record(note);
  journey.town().story().tell("hospital", "the surgeon reads the clinic's note: " + note);
}

void completed(Journey& journey) {
  const auto task = journey.arrives(0);
  if (task) {
    accepts(journey, *task);
    journey.clinic(0).book(*task);
    journey.shows({"scheduled"}, "scheduled");
    journey.clinic(0).see_patient(*task);
    journey.shows({"in_course"}, "visited");
    journey.clinic(0).report(*task);
    journey.shows({"completed", "reported", "closed"}, "completed");
    note_in_record(journey, read_text(journey.town().settings().people / "consult-note.txt"));
  }
  journey.at_clinics({1, 0});
}

void held_and_released(Journey& journey) {
  journey.shows({"held"}, "held");
  journey.at_clinics({0, 0});
  journey.hospital().answer_questions("answer-teixeira.json",
                                      "nurse Nunez asks M.T. the missing questions: all no");
  if (const auto task = journey.arrives(0)) accepts(journey, *task);
  journey.at_clinics({1, 0});
}

void emergency(Journey& journey) {
  page_acknowledged(journey);
  journey.shows({"emergency"}, "in the record");
  journey.at_clinics({0, 0});
}

void clinic_down(Journey& journey) {
  auto& story = journey.town().story();
  journey.town().stop_clinic(0);
  story.tell("clinic", journey.clinic(0).name() + ": its server is down");
  journey.hospital().sign_order("abernathy.json", journey.order(),
                                "an order for acupuncture for R.A. (" + journey.order() + ")");
  journey.shows({"sending"}, "waiting");
  wait_for(quiet_for, [&] {
    journey.town().check_meridian();
    return false;
  });
  journey.town().start_clinic(0);
  story.tell("clinic", journey.clinic(0).name() + ": its server is up again");
  if (const auto task = journey.arrives(0)) accepts(journey, *task);
  journey.at_clinics({1, 0});
}

/// NCD 30.3.3: not before 12 weeks of pain; after a spine operation it is a clinician's question.
void not_covered(Journey& journey) {
  const std::string said = "12 weeks";
  const auto task = journey.arrives(0, "sent all the same");
  if (task) {
    const std::string packet = coverage_in_packet(*task);
    journey.require(packet.find(said) != std::string::npos, "the packet says it");
  }
  std::string record;
  const bool told = wait_for(journey.patience(), [&] {
    journey.town().check_meridian();
    record = journey.hospital().everything(journey.order());
    return record.find("Not covered by ") != std::string::npos &&
           record.find(said) != std::string::npos;
  });
  if (journey.require(told, "the record says it before the visit")) {
    const auto at = record.find("Not covered by ");
    journey.town().story().tell(
        "hospital", "the record says: " + record.substr(at, record.find('\n', at) - at));
  }
  if (task) accepts(journey, *task);
  journey.at_clinics({1, 0});
}

}  // namespace meridian::sandbox
