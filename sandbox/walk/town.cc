// SPDX-License-Identifier: Apache-2.0
#include "walk/town.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "fhir_server/placeholders.h"

namespace meridian::sandbox {
namespace {

/// "http://127.0.0.1:8101/fhir" out of the line a server prints when it listens.
std::string base_of(const Child& server) {
  const auto said = Json::parse(server.first_line());
  return said ? (*said)["base"].text() : "";
}

std::string port_of(const std::string& base) {
  const auto colon = base.rfind(':');
  return base.substr(colon + 1, base.find('/', colon) - colon - 1);
}

}  // namespace

Town::Town(TownSettings settings, Story& story)
    : settings_(std::move(settings)),
      story_(story),
      pager_(story),
      hospital_(settings_.hospital_url, settings_.hospital_ca) {
  clinics_.push_back({"quiet-river", "Quiet River Acupuncture", "directory.json", "manual"});
  clinics_.push_back(
      {"stone-lantern", "Stone Lantern Acupuncture", "stone-lantern.json", "manual"});
  clinics_.push_back({"iron-heron", "Iron Heron Acupuncture", "iron-heron.json", "electro"});
  open_clinics();
  open_hospital();
  start_meridian();
}

void Town::open_clinics() {
  for (auto& clinic : clinics_) {
    clinic.server = start_server(clinic.id, "0", {"--name", clinic.name});
    clinic.site = FhirSite(base_of(*clinic.server));
    story_.tell("clinic", clinic.name + " answers at " + clinic.site.base());
    load_at_clinic(static_cast<std::size_t>(&clinic - clinics_.data()), clinic.directory);
  }
}

void Town::open_hospital() {
  if (settings_.hospital_url.empty()) {
    std::vector<std::string> more = {"--name", "Tamarack Ridge Medical Center"};
    if (settings_.no_task_create) more.push_back("--no-task-create");
    hospital_server_ = start_server("hospital", "0", more);
    hospital_ = FhirSite(base_of(*hospital_server_));
  }
  story_.tell("hospital", "Tamarack Ridge Medical Center answers at " + hospital_.base());
}

std::unique_ptr<Child> Town::start_server(const std::string& name, const std::string& port,
                                          const std::vector<std::string>& more) const {
  std::vector<std::string> command = {(settings_.programs / "meridian-sandbox-fhir").string(),
                                      "--port", port, "--journal",
                                      (settings_.work / (name + ".ndjson")).string()};
  command.insert(command.end(), more.begin(), more.end());
  return std::make_unique<Child>(command, log(name + ".log"));
}

void Town::stop_clinic(std::size_t which) {
  clinics_.at(which).server->stop();
}

void Town::start_clinic(std::size_t which) {
  auto& clinic = clinics_.at(which);
  clinic.server = start_server(clinic.id, port_of(clinic.site.base()), {"--name", clinic.name});
}

std::string Town::config_text() const {
  const std::string today = to_string(system_now()).substr(0, 10);
  std::ostringstream out;
  out << "[site]\nname = \"Tamarack Ridge Medical Center\"\n\n"
      << "[store]\nurl = \"sqlite:meridian.db\"\nkey_file = \"meridian.key\"\n\n"
      << "[http]\nlisten = \"127.0.0.1:0\"\n\n"
      << "[delivery]\nfirst_retry_seconds = 0.5\nlongest_retry_seconds = 2\n\n"
      << "[review]\nevery_hours = 0.003\n\n"
      << "[[hospital]]\nid = \"tamarack-ridge\"\nname = \"Tamarack Ridge Medical Center\"\n"
      << "fhir = \"" << hospital_.base() << "\"\npoll_seconds = 0.5\n"
      << (settings_.hospital_ca.empty() ? "" : "ca_file = \"" + settings_.hospital_ca + "\"\n")
      << "\n";
  for (const auto& clinic : clinics_) {
    out << "[[clinic]]\nid = \"" << clinic.id << "\"\nname = \"" << clinic.name << "\"\n"
        << "fhir = \"" << clinic.site.base() << "\"\npoll_seconds = 0.5\n"
        << "services = [\"acupuncture\"]\nmodalities = [\"" << clinic.modality << "\"]\n\n";
  }
  out << "[[contact]]\nname = \"Spine surgeon on call\"\npager = \"" << pager_.url()
      << "\"\ntested = \"" << today << "\"\n";
  return out.str();
}

void Town::start_meridian() {
  const auto config = settings_.work / "meridian.toml";
  std::ofstream(config) << config_text();
  meridian_ =
      std::make_unique<Child>(std::vector<std::string>{(settings_.programs / "meridian").string(),
                                                       "serve", "--config", config.string()},
                              log("meridian.log"));
  const auto said = Json::parse(meridian_->first_line());
  meridian_page_ = said ? (*said)["url"].text() : "";
  story_.tell("meridian", "runs; its own page is " + meridian_page_);
}

void Town::check_meridian() {
  if (meridian_->running()) return;
  throw std::runtime_error("meridian serve has ended; see " + log("meridian.log"));
}

void Town::load_patient(const std::string& file) const {
  hospital_.transaction(
      fill_placeholders(read_text(settings_.data / "hospital" / file), system_now(), {}));
}

void Town::load_at_clinic(std::size_t which, const std::string& file) const {
  const auto& clinic = clinics_.at(which);
  clinic.site.transaction(fill_placeholders(read_text(settings_.data / "clinic" / file),
                                            system_now(), {{"clinic_base", clinic.site.base()}}));
}

Json Town::referral(const std::string& order) const {
  int status = 0;
  std::istringstream lines(run_to_end({(settings_.programs / "meridian").string(), "referrals",
                                       "--config", (settings_.work / "meridian.toml").string()},
                                      log("referrals.log"), status));
  for (std::string line; std::getline(lines, line);) {
    const auto json = Json::parse(line);
    if (json && (*json)["order"].text() == order) return *json;
  }
  return {};
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace meridian::sandbox
