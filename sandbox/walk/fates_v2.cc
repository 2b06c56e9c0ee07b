// SPDX-License-Identifier: Apache-2.0
// Referrals of which one end speaks HL7 v2 and nothing else.
#include <sstream>

#include "walk/fates.h"

namespace meridian::sandbox {
namespace {

std::string read_message(const Journey& journey, const std::string& file) {
  return read_text(journey.town().settings().data / file);
}

/// Waits for a message of the type with these words; "" when it does not come.
std::string comes(Journey& journey, V2Site& to, const std::string& type,
                  const std::vector<std::string>& words) {
  std::string message;
  wait_for(journey.patience(), [&] {
    journey.town().check_meridian();
    message = to.received(type, words);
    return !message.empty();
  });
  return message;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// What the people at the hospital without FHIR see: answers to their referral.
std::string is_told(Journey& journey, const std::string& type,
                    const std::vector<std::string>& words, const std::string& what) {
  auto message = comes(journey, journey.town().feed(), type, words);
  if (!journey.require(!message.empty(), what)) return message;
  const auto said = first_line(texts_of(message, "NTE", 3));
  journey.town().story().tell(
      "feed", "is sent " + field_of(message, "MSH", 9) + (said.empty() ? "" : ": " + said));
  return message;
}

void sends(Journey& journey, const std::string& file, const std::string& what) {
  auto& town = journey.town();
  const bool taken = town.feed().send(read_message(journey, "juniper-creek/" + file));
  journey.require(taken, what);
  town.story().tell("feed", what + (taken ? ", acknowledged AA" : ", NOT acknowledged"));
}

/// The clinic that speaks v2 reads its referral aloud.
void read_aloud(Journey& journey, const std::string& message) {
  auto& story = journey.town().story();
  story.tell("clinic", "Tidewater is sent " + field_of(message, "MSH", 9) + ": " +
                           field_of(message, "PID", 5) + ", " + field_of(message, "OBR", 4));
  std::istringstream lines(texts_of(message, "DG1", 3));
  for (std::string line; std::getline(lines, line);) story.tell("clinic", "  reads: " + line);
}

/// The clinic's own text as rows of OBX.
std::string as_rows(const std::string& text) {
  std::string rows;
  int number = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    rows += (number == 0 ? "" : "\n") + std::string("OBX|") + std::to_string(number + 1) +
            "|TX|11488-4^Consult note^LN||" + line + "||||||F";
    ++number;
  }
  return rows;
}

}  // namespace

void from_v2_hospital(Journey& journey) {
  sends(journey, "whitcomb-adt-a04.hl7", "ADT^A04 of T.W.");
  sends(journey, "whitcomb-oru-r01.hl7", "ORU^R01 with his MRI");
  sends(journey, "whitcomb-ref-i12.hl7", "REF^I12, order 7104");
  journey.listed();
  const auto held = is_told(journey, "RRI", {": held", "/sign-offs/"}, "RRI: held, no history");
  const auto notes = texts_of(held, "NTE", 3);
  journey.require(
      journey.hospital().fill_page(
          link_in(notes, "/sign-offs/"),
          "rule=history.not-available&by=Dr.+Halvard&role=spine+surgeon&reason=seen+and+asked",
          "Signed off by", "Dr. Halvard of Juniper Creek signs: no record can be read there"),
      "signed off by the surgeon");
  if (const auto task = journey.arrives(0)) {
    auto& clinic = journey.clinic(0);
    clinic.accept(*task);
    is_told(journey, "RRI", {": accepted"}, "RRI: accepted");
    clinic.book(*task);
    is_told(journey, "SIU^S12", {"7104^JCOH"}, "SIU: booked");
    clinic.see_patient(*task);
    is_told(journey, "RRI", {": in_course"}, "RRI: visited");
    clinic.report(*task);
    const auto note = is_told(journey, "MDM^T02", {"7104^JCOH"}, "MDM: note");
    const auto text = read_text(journey.town().settings().people / "consult-note.txt");
    journey.require(texts_of(note, "OBX", 5).starts_with(text), "word for word");
    journey.in_record("MDM^T02 in the surgeon's inbox");
  }
  journey.at_clinics({1, 0, 0});
}

void to_v2_clinic(Journey& journey) {
  auto& clinic = journey.town().v2_clinic();
  const auto message = comes(journey, clinic, "REF^I12", {"Carvalho"});
  if (!journey.require(!message.empty(), "REF^I12 at the clinic")) return;
  read_aloud(journey, message);
  const auto text = read_text(journey.town().settings().people / "tidewater-note.txt");
  const std::map<std::string, std::string> names = {{"ours", field_of(message, "RF1", 6)},
                                                    {"answers", field_of(message, "MSH", 10)},
                                                    {"note_rows", as_rows(text)}};
  const auto answers = [&](const char* file, const std::string& what) {
    journey.require(clinic.send(read_message(journey, std::string("tidewater/") + file), names),
                    what);
    journey.town().story().tell("clinic", "Tidewater sends " + what);
  };
  answers("rri-i12.hl7", "RRI: accepted");
  journey.shows({"accepted"}, "accepted in the record");
  answers("siu-s12.hl7", "SIU: booked");
  journey.shows({"scheduled"}, "scheduled in the record");
  answers("mdm-t02.hl7", "MDM: note");
  journey.shows({"completed", "reported", "closed"}, "completed in the record");
  note_in_record(journey, text.substr(0, text.find_last_not_of('\n') + 1));
  journey.at_v2_clinic(clinic.received().size());
}

}  // namespace meridian::sandbox
