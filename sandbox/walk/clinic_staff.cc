// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include "base/base64.h"
#include "fhir_server/placeholders.h"
#include "http/uri.h"
#include "walk/staff.h"

namespace meridian::sandbox {
namespace {

constexpr const char* referral_system = "http://meridian-referral.org/fhir/identifier/referral";

/// The initials of a patient, "C.O."; some servers have the name in one piece.
std::string initials(const Json& patient) {
  const Json& name = patient["name"][0];
  const std::string& family = name["family"].text();
  if (!family.empty()) {
    return name["given"][0].text().substr(0, 1) + "." + family.substr(0, 1) + ".";
  }
  std::string out;
  std::istringstream words(name["text"].text());
  for (std::string word; words >> word;) out += word.substr(0, 1) + ".";
  return out;
}

/// "identifier=..." of what carries a referral's id.
std::string of_referral(const std::string& referral) {
  return "?identifier=" + http::percent_encode(std::string(referral_system) + "|" + referral);
}

/// False for the Task that shows the clinic what became of its own order.
bool is_of_referral(const Json& task) {
  for (const auto& identifier : task["identifier"].items()) {
    if (identifier["system"].text() == referral_system) return true;
  }
  return false;
}

bool asks_to_abort(const Json& task) {
  return task["code"]["coding"][0]["code"].text() == "abort";
}

/// The beginning of a long text, cut between two words.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 110;
  if (text.size() <= most) return text;
  return text.substr(0, text.rfind(' ', most)) + " ...";
}

}  // namespace

void ClinicStaff::tell(const std::string& what) {
  town_.story().tell("clinic", name().substr(0, name().rfind(' ')) + " " + what);
}

std::optional<Json> ClinicStaff::new_task(const std::string& referral,
                                          std::chrono::milliseconds within) {
  std::optional<Json> found;
  wait_for(within, [&] {
    town_.check_meridian();
    const auto tasks = site().search("Task" + of_referral(referral));
    if (!tasks.empty()) found = tasks.front();
    return found.has_value();
  });
  if (!found) return found;
  const Json order = site().read((*found)["focus"]["reference"].text());
  const Json patient = site().read((*found)["for"]["reference"].text());
  const std::string& text = order["code"]["text"].text();
  tell("has a new referral: " + reference_of(*found) + ", patient " + initials(patient) + ", " +
       (text.empty() ? order["code"]["coding"][0]["display"].text() : text));
  for (const auto& input : (*found)["input"].items()) {
    const std::string& line = input["valueString"].text();
    if (!line.empty()) tell("  reads: " + shortened(line));
  }
  return found;
}

Json ClinicStaff::filled(const std::string& form, const Json& task) const {
  const std::string note = read_text(town_.settings().people / "consult-note.txt");
  const std::string text =
      fill_placeholders(read_text(town_.settings().people / form), system_now(),
                        {{"patient", task["for"]["reference"].text()},
                         {"order", task["focus"]["reference"].text()},
                         {"note", encode_base64(note)},
                         {"started", started_},
                         {"note_reference", task["x-note"].text()},
                         {"score_reference", task["x-score"].text()}});
  return Json::parse(text).value_or(Json());
}

void ClinicStaff::set_status(const Json& task, const std::string& status, const std::string& code,
                             const std::string& display) {
  Json current = site().read(reference_of(task));
  current.set("status", status);
  const Json coding =
      Json::object({{"system", "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS"},
                    {"code", code},
                    {"display", display}});
  current.set("businessStatus", Json::object({{"coding", Json::array({coding})}}));
  current.set("lastModified", to_string(system_now()));
  site().update(current);
}

void ClinicStaff::accept(const Json& task) {
  set_status(task, "accepted", "3.0", "Service request accepted");
  tell("accepts " + reference_of(task));
}

void ClinicStaff::decline(const Json& task, const Json& reason) {
  Json current = site().read(reference_of(task));
  current.set("status", "rejected").set("statusReason", reason);
  current.set("lastModified", to_string(system_now()));
  site().update(current);
  const std::string& text = reason["text"].text();
  tell("declines " + reference_of(task) + ": " +
       (text.empty() ? reason["coding"][0]["display"].text() : text));
}

Json ClinicStaff::book(const Json& task) {
  const Json appointment = site().create(filled("appointment.json", task));
  set_status(task, "in-progress", "5.1.1", "Event scheduled");
  tell("books " + reference_of(appointment) + " for " + appointment["start"].text());
  return appointment;
}

void ClinicStaff::see_patient(const Json& task) {
  started_ = to_string(system_now());
  set_status(task, "in-progress", "5.1.4", "Event completed (interim)");
  tell("sees the patient of " + reference_of(task) + " for the first time");
}

void ClinicStaff::report(const Json& task) {
  if (started_.empty()) started_ = to_string(system_now());
  const Json note = site().create(filled("consult-note.json", task));
  const Json score = site().create(filled("odi.json", task));
  Json finished = task;
  finished.set("x-note", reference_of(note)).set("x-score", reference_of(score));
  const Json completion = filled("completion.json", finished);
  Json current = site().read(reference_of(task));
  current.set("status", "completed");
  current.set("output", completion["output"]);
  current.set("executionPeriod", completion["executionPeriod"]);
  current.set("lastModified", to_string(system_now()));
  current.remove("businessStatus");
  site().update(current);
  tell("writes " + reference_of(note) + " and " + reference_of(score) + ", completes " +
       reference_of(task));
}

std::optional<Json> ClinicStaff::abort_asked(const Json& task, std::chrono::milliseconds within) {
  std::optional<Json> found;
  wait_for(within, [&] {
    town_.check_meridian();
    for (const auto& asked : site().search("Task?focus=" + reference_of(task))) {
      if (asks_to_abort(asked)) found = asked;
    }
    return found.has_value();
  });
  if (found) {
    const std::string& why = (*found)["reasonCode"]["text"].text();
    tell("is asked to abort " + reference_of(task) + (why.empty() ? "" : ": " + why));
  }
  return found;
}

void ClinicStaff::confirm_abort(const Json& task, const Json& appointment, const Json& asked) {
  Json visit = site().read(reference_of(appointment));
  site().update(visit.set("status", "cancelled"));
  Json current = site().read(reference_of(task));
  current.set("status", "cancelled").set("lastModified", to_string(system_now()));
  current.remove("businessStatus");
  site().update(current);
  Json done = site().read(reference_of(asked));
  site().update(done.set("status", "completed"));
  tell("cancels " + reference_of(visit) + " and " + reference_of(task));
}

void ClinicStaff::send_back_at_once(const Json& task, const std::string& found) {
  Json current = site().read(reference_of(task));
  current.set("status", "failed").set("statusReason", Json::object({{"text", found}}));
  current.set("businessStatus", Json::object({{"text", "red flag"}}));
  current.set("lastModified", to_string(system_now()));
  site().update(current);
  tell("sends the patient of " + reference_of(task) + " back at once: " + found);
}

void ClinicStaff::confirm_recall(const Json& task) {
  Json current = site().read(reference_of(task));
  current.set("status", "entered-in-error");
  current.set("statusReason", Json::object({{"text", "our copy was destroyed"}}));
  current.remove("businessStatus");
  current.set("lastModified", to_string(system_now()));
  site().update(current);
  tell("destroys its copy and says so on " + reference_of(task));
}

bool ClinicStaff::notes(const Json& task, const std::string& words,
                        std::chrono::milliseconds within) {
  std::string found;
  wait_for(within, [&] {
    town_.check_meridian();
    const Json current = site().read(reference_of(task));
    for (const auto& note : current["note"].items()) {
      const std::string& text = note["text"].text();
      if (text.find(words) != std::string::npos) found = text;
    }
    return !found.empty();
  });
  tell("reads on its " + reference_of(task) +
       (found.empty() ? " nothing new" : ": " + shortened(found)));
  return !found.empty();
}

bool ClinicStaff::stands(const Json& task, const std::string& status,
                         std::chrono::milliseconds within) {
  std::string now;
  const bool stood = wait_for(within, [&] {
    town_.check_meridian();
    now = site().read(reference_of(task))["status"].text();
    return now == status;
  });
  tell("finds its " + reference_of(task) + " " + now);
  return stood;
}

std::string ClinicStaff::send_to_surgeon(const Json& task, const std::string& why) {
  const auto literal = [](const Json& from) {
    return Json::object({{"reference", from["reference"].text()}});
  };
  const Json coding = Json::object({{"system", "http://snomed.info/sct"},
                                    {"code", "770695002"},
                                    {"display", "Referral to spinal surgery service"}});
  Json order = Json::object({{"resourceType", "ServiceRequest"},
                             {"status", "active"},
                             {"intent", "order"},
                             {"priority", "routine"}});
  order.set("code", Json::object({{"coding", Json::array({coding})}}));
  order.set("subject", literal(task["for"]));
  order.set("basedOn", Json::array({literal(task["focus"])}));
  order.set("note", Json::array({Json::object({{"text", why}})}));
  const auto reference = reference_of(site().create(order));
  tell("sends the patient back: " + reference + ", based on " + task["focus"]["reference"].text());
  return reference;
}

std::string ClinicStaff::shown(const std::string& order) const {
  const auto tasks = site().search("Task?focus=" + order);
  return tasks.empty() ? "" : tasks.back()["status"].text();
}

std::size_t ClinicStaff::tasks(const std::string& referral) const {
  return site().count("Task" + of_referral(referral));
}

std::size_t ClinicStaff::orders(const std::string& referral) const {
  return site().count("ServiceRequest" + of_referral(referral));
}

std::size_t ClinicStaff::all_tasks() const {
  return static_cast<std::size_t>(std::ranges::count_if(site().search("Task"), is_of_referral));
}

}  // namespace meridian::sandbox
