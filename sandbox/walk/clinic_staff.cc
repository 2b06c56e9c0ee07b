// SPDX-License-Identifier: Apache-2.0
#include "fhir_server/placeholders.h"
#include "walk/base64.h"
#include "walk/staff.h"

namespace meridian::sandbox {
namespace {

/// The initials of a patient, "C. O.".
std::string initials(const Json& patient) {
  const Json& name = patient["name"][0];
  return name["given"][0].text().substr(0, 1) + "." + name["family"].text().substr(0, 1) + ".";
}

/// The beginning of a long text, cut between two words.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 110;
  if (text.size() <= most) return text;
  return text.substr(0, text.rfind(' ', most)) + " ...";
}

}  // namespace

std::optional<Json> ClinicStaff::new_task(std::chrono::milliseconds within) {
  std::optional<Json> found;
  wait_for(within, [&] {
    town_.check_meridian();
    for (const auto& task : town_.clinic().search("Task?status=requested&_sort=_lastUpdated")) {
      if (!seen_.insert(task["id"].text()).second) continue;
      found = task;
      return true;
    }
    return false;
  });
  if (!found) return found;
  const Json order = town_.clinic().read((*found)["focus"]["reference"].text());
  const Json patient = town_.clinic().read((*found)["for"]["reference"].text());
  tell("a new referral is in: " + reference_of(*found) + ", patient " + initials(patient) + ", " +
       order["code"]["text"].text());
  for (const auto& input : (*found)["input"].items()) {
    const std::string& text = input["valueString"].text();
    if (!text.empty()) tell("  it says: " + shortened(text));
  }
  return found;
}

Json ClinicStaff::filled(const std::string& form, const Json& task) const {
  const std::string note = read_text(town_.settings().people / "consult-note.txt");
  const std::string text =
      fill_placeholders(read_text(town_.settings().people / form), system_now(),
                        {{"patient", task["for"]["reference"].text()},
                         {"order", task["focus"]["reference"].text()},
                         {"note", base64(note)},
                         {"started", started_},
                         {"note_reference", task["x-note"].text()},
                         {"score_reference", task["x-score"].text()}});
  return Json::parse(text).value_or(Json());
}

void ClinicStaff::set_status(const Json& task, const std::string& status, const std::string& code,
                             const std::string& display) {
  Json current = town_.clinic().read(reference_of(task));
  current.set("status", status);
  const Json coding =
      Json::object({{"system", "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS"},
                    {"code", code},
                    {"display", display}});
  current.set("businessStatus", Json::object({{"coding", Json::array({coding})}}));
  current.set("lastModified", to_string(system_now()));
  town_.clinic().update(current);
}

void ClinicStaff::accept(const Json& task) {
  set_status(task, "accepted", "3.0", "Service request accepted");
  tell("accepts " + reference_of(task));
}

void ClinicStaff::book(const Json& task) {
  const Json appointment = town_.clinic().create(filled("appointment.json", task));
  set_status(task, "in-progress", "5.1.1", "Event scheduled");
  tell("books " + reference_of(appointment) + " for " + appointment["start"].text());
}

void ClinicStaff::see_patient(const Json& task) {
  started_ = to_string(system_now());
  set_status(task, "in-progress", "5.1.4", "Event completed (interim)");
  tell("sees the patient for the first time");
}

void ClinicStaff::report(const Json& task) {
  if (started_.empty()) started_ = to_string(system_now());
  const Json note = town_.clinic().create(filled("consult-note.json", task));
  const Json score = town_.clinic().create(filled("odi.json", task));
  Json finished = task;
  finished.set("x-note", reference_of(note)).set("x-score", reference_of(score));
  const Json completion = filled("completion.json", finished);
  Json current = town_.clinic().read(reference_of(task));
  current.set("status", "completed");
  current.set("output", completion["output"]);
  current.set("executionPeriod", completion["executionPeriod"]);
  current.set("lastModified", to_string(system_now()));
  current.remove("businessStatus");
  town_.clinic().update(current);
  tell("writes " + reference_of(note) + " and " + reference_of(score) + ", completes " +
       reference_of(task));
}

}  // namespace meridian::sandbox
