// SPDX-License-Identifier: Apache-2.0
// Referrals in which a named person decides, and those that go to the surgeon.
#include "walk/fates.h"

namespace meridian::sandbox {
namespace {

/// Waits for the link in the hospital's record of the order.
std::string link_in_record(Journey& journey, const std::string& page) {
  std::string link;
  wait_for(journey.patience(), [&] {
    journey.town().check_meridian();
    link = link_in(journey.hospital().everything(journey.order()), page);
    return !link.empty();
  });
  return link;
}

std::string inputs_of(const Json& task) {
  std::string text;
  for (const auto& input : task["input"].items()) text += input["valueString"].text() + "\n";
  return text;
}

/// Waits for the Task of a clinic's order at the hospital.
Json arrives_at_hospital(Journey& journey) {
  Json task;
  const auto& referral = journey.listed();
  wait_for(journey.patience(), [&] {
    journey.town().check_meridian();
    task = journey.hospital().received(referral);
    return !task.is_null();
  });
  if (!journey.require(!task.is_null(), "at the surgeon's side")) return task;
  journey.in_record(reference_of(task) + ": " + task["priority"].text());
  journey.town().story().tell("hospital", "has a new referral from a clinic: " +
                                              reference_of(task) + ", " + task["priority"].text());
  return task;
}

/// The surgeon's office accepts, and the clinic sees it in its own record.
void accepted_there(Journey& journey, const Json& task) {
  journey.hospital().accept(task);
  const bool shown = wait_for(journey.patience(), [&] {
    journey.town().check_meridian();
    return journey.clinic(0).shown(journey.order()) == "accepted";
  });
  journey.require(shown, "accepted in the clinic's record");
}

}  // namespace

std::string link_in(const std::string& text, const std::string& page) {
  const auto at = text.rfind(page);
  if (at == std::string::npos) return {};
  const auto begin = text.rfind("http", at);
  return text.substr(begin, text.find_first_of(" \n\"", begin) - begin);
}

void signed_off(Journey& journey) {
  journey.shows({"AC01"}, "held for pregnancy");
  journey.at_clinics({0, 0, 0});
  const auto link = link_in_record(journey, "/sign-offs/");
  journey.require(
      journey.hospital().fill_page(
          link, "rule=AC01&by=Dr.+Halvorsen&role=spine+surgeon&reason=agreed+with+obstetrics",
          "Signed off by", "Dr. Halvorsen signs off AC01: agreed with obstetrics"),
      "signed off by a named person");
  if (const auto task = journey.arrives(0)) {
    journey.require(inputs_of(*task).find("Signed off by Dr. Halvorsen") != std::string::npos,
                    "the packet says who and why");
  }
  journey.at_clinics({1, 0, 0});
}

void with_current(Journey& journey) {
  journey.arrives(2);
  journey.at_clinics({0, 0, 1});
}

void wrong_chart(Journey& journey) {
  journey.shows({"birth date or sex"}, "held for a person");
  journey.at_clinics({0, 0, 0});
  auto& hospital = journey.hospital();
  const auto link = link_in_record(journey, "/patients/");
  journey.require(hospital.fill_page(link, "patient=Patient%2Fpat-dvorak&by=M.+Nunez", "Linked to",
                                     "nurse Nunez names the patient who was meant"),
                  "named by a person");
  if (const auto task = journey.arrives(0)) {
    const auto patient = journey.clinic(0).patient(*task);
    journey.require(patient["birthDate"].text() == "1965-04-19", "the right patient");
  }
  journey.at_clinics({1, 0, 0});
}

void sent_back(Journey& journey) {
  const auto first = journey.arrives(0);
  if (!first) return;
  journey.about(journey.clinic(0).send_to_surgeon(
      *first, "No better after six visits. Is there something to operate on?"));
  const Json task = arrives_at_hospital(journey);
  if (task.is_null()) return;
  journey.require(task["for"]["reference"].text() == "Patient/pat-moreau",
                  "in the patient's own record");
  accepted_there(journey, task);
}

void sent_urgently(Journey& journey) {
  journey.town().load_at_clinic(0, "walk-in-quill.json");
  journey.town().story().tell("clinic",
                              "Quiet River sends N.Q., who came by herself, to a surgeon");
  const Json task = arrives_at_hospital(journey);
  if (task.is_null()) return;
  journey.require(task["priority"].text() == "urgent", "marked urgent");
  journey.require(task["for"]["reference"].text().empty(), "no chart made for her");
  auto& town = journey.town();
  town.hospitals().front().site.update(Json::object({{"resourceType", "Patient"},
                                                     {"id", "pat-quill"},
                                                     {"gender", "female"},
                                                     {"birthDate", "1971-02-23"}}));
  journey.require(journey.hospital().fill_page(link_in(inputs_of(task), "/patients/"),
                                               "patient=Patient%2Fpat-quill&by=M.+Nunez",
                                               "Linked to", "nurse Nunez links her record"),
                  "linked by a person");
  const bool tied = wait_for(journey.patience(), [&] {
    town.check_meridian();
    return town.hospitals().front().site.read(reference_of(task))["for"]["reference"].text() ==
               "Patient/pat-quill" &&
           town.hospitals().front().site.count("Procedure?patient=Patient/pat-quill") == 1;
  });
  journey.require(tied, "her record has the course so far");
  accepted_there(journey, task);
}

}  // namespace meridian::sandbox
