// SPDX-License-Identifier: Apache-2.0
#include "walk/town.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/read_file.h"
#include "fhir_server/placeholders.h"

namespace meridian::sandbox {
namespace {

/// "http://127.0.0.1:8101/fhir" out of the line a server prints when it listens.
std::string base_of(const Child& server) {
  const auto said = Json::parse(server.first_line());
  return said ? (*said)["base"].text() : "";
}

/// The line of the configuration.
std::string ca_of(const std::string& file) {
  return file.empty() ? "" : "ca_file = \"" + file + "\"\n";
}

/// "http://127.0.0.1:8101" of that.
std::string origin_of(const std::string& base) {
  return base.substr(0, base.rfind('/'));
}

std::string port_of(const std::string& base) {
  const auto colon = base.rfind(':');
  return base.substr(colon + 1, base.find('/', colon) - colon - 1);
}

}  // namespace

Town::Town(TownSettings settings, Story& story)
    : settings_(std::move(settings)), story_(story), pager_(story) {
  hospitals_.push_back({"tamarack-ridge", "Tamarack Ridge Medical Center", "hospital", "r4", ""});
  hospitals_.push_back({"copper-basin", "Copper Basin Spine Institute", "copper-basin", "epic",
                        "copper-basin-reads", "copper-basin-engine-posts-its-orders"});
  clinics_.push_back({"quiet-river", "Quiet River Acupuncture", "directory.json", "manual"});
  clinics_.push_back(
      {"stone-lantern", "Stone Lantern Acupuncture", "stone-lantern.json", "manual"});
  clinics_.push_back({"iron-heron", "Iron Heron Acupuncture", "iron-heron.json", "electro"});
  open_clinics();
  open_hospitals();
  story_.tell("feed", "Juniper Creek Orthopedic Hospital has no FHIR; its engine takes HL7 v2 at " +
                          feed_.address());
  story_.tell("clinic", "Willow Court Acupuncture has a browser and nothing else");
  story_.tell("clinic", "Tidewater Acupuncture takes HL7 v2 at " + v2_clinic_.address());
  start_meridian();
}

void Town::open_clinics() {
  for (auto& clinic : clinics_) {
    const bool ours = &clinic != &clinics_.front() || settings_.clinic_url.empty();
    if (ours) clinic.server = start_server(clinic.id, "0", {"--name", clinic.name});
    clinic.site = ours ? FhirSite(base_of(*clinic.server))
                       : FhirSite(settings_.clinic_url, settings_.clinic_ca);
    story_.tell("clinic", clinic.name + " answers at " + clinic.site.base());
    load_at_clinic(static_cast<std::size_t>(&clinic - clinics_.data()), clinic.directory);
  }
}

void Town::open_hospitals() {
  for (auto& hospital : hospitals_) {
    const bool first = &hospital == &hospitals_.front();
    if (first && !settings_.hospital_url.empty()) {
      hospital.site = FhirSite(settings_.hospital_url, settings_.hospital_ca);
    } else {
      std::vector<std::string> more = {"--name", hospital.name};
      if (!first || settings_.no_task_create) more.push_back("--no-task-create");
      if (!hospital.token.empty()) more.insert(more.end(), {"--token", hospital.token});
      hospital.server = start_server(hospital.id, "0", more);
      hospital.site = FhirSite(base_of(*hospital.server), "", hospital.token);
    }
    story_.tell("hospital", hospital.name + " answers at " + hospital.site.base());
  }
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
      // A minute of silence after an urgent order stands for the hours that a site would allow.
      << "[clocks]\ndelivered = [\"next_clinic 10bd 1min\", \"lapse 40bd 20bd\"]\n\n";
  // So large that its share of the walk counts for nothing: the order of the tables does.
  const char* const large = "capacity_per_week = 10000\n";
  for (const auto& hospital : hospitals_) {
    out << "[[hospital]]\nid = \"" << hospital.id << "\"\nname = \"" << hospital.name << "\"\n"
        << "fhir = \"" << hospital.site.base() << "\"\ndialect = \"" << hospital.dialect
        << "\"\npoll_seconds = 0.5\n";
    out << ca_of(hospital.server ? "" : settings_.hospital_ca) << large;
    if (hospital.server) {
      out << "smart_client_id = \"meridian\"\nsmart_origins = [\""
          << origin_of(hospital.site.base()) << "\"]\n";
    }
    if (!hospital.token.empty()) {
      out << "auth = \"bearer\"\ntoken_file = \"" << secret(hospital.id + ".token", hospital.token)
          << "\"\n";
    }
    if (!hospital.engine_token.empty()) {
      out << "\n[[client]]\nid = \"" << hospital.id << "-engine\"\nrole = \"source\"\nsource = \""
          << hospital.id << "\"\ntoken_file = \""
          << secret(hospital.id + "-engine.token", hospital.engine_token) << "\"\n";
    }
    out << "\n";
  }
  for (const auto& clinic : clinics_) {
    out << "[[clinic]]\nid = \"" << clinic.id << "\"\nname = \"" << clinic.name << "\"\n"
        << "fhir = \"" << clinic.site.base() << "\"\npoll_seconds = 0.5\n"
        << ca_of(clinic.server ? "" : settings_.clinic_ca) << large
        << "services = [\"acupuncture\"]\nmodalities = [\"" << clinic.modality << "\"]\n\n";
  }
  // Far enough away that licence and agreement never end a walk.
  out << "[[clinic]]\nid = \"willow-court\"\nname = \"Willow Court Acupuncture\"\ninbox = true\n"
      << "services = [\"acupuncture\"]\nmodalities = [\"manual\"]\nlanguages = [\"es\"]\n"
      << "age_from = 65\nlicence_until = \"2099-12-31\"\nagreement_until = \"2099-12-31\"\n\n";
  out << v2_config();
  out << "[[contact]]\nname = \"Spine surgeon on call\"\npager = \"" << pager_.url()
      << "\"\ntested = \"" << today << "\"\n";
  return out.str();
}

/// Each end has a door of Meridian's to speak at, in this order, and an address to be told at.
std::string Town::v2_config() const {
  const auto told = [](const V2Site& site) {
    return "mllp = \"" + site.address() + "\"\nmllp_plain = true\n";
  };
  const auto door = [](const std::string& source) {
    return "[[mllp]]\nlisten = \"127.0.0.1:0\"\nsource = \"" + source + "\"\n\n";
  };
  return "[hl7v2]\nauthorities = [\"JCOH=https://junipercreek.example/mrn\"]\n\n"
         "[[hospital]]\nid = \"juniper-creek\"\nname = \"Juniper Creek Orthopedic Hospital\"\n" +
         told(feed_) + "\n[[clinic]]\nid = \"tidewater\"\nname = \"Tidewater Acupuncture\"\n" +
         told(v2_clinic_) +
         "services = [\"acupuncture\"]\nmodalities = [\"electro\"]\nlanguages = [\"pt\"]\n\n" +
         door("juniper-creek") + door("tidewater");
}

std::string Town::secret(const std::string& name, const std::string& text) const {
  const auto file = settings_.work / name;
  std::ofstream(file) << text << "\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  return file.string();
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
  if (said) feed_.call((*said)["mllp"][0].text());
  if (said) v2_clinic_.call((*said)["mllp"][1].text());
  story_.tell("meridian", "runs; its own page is " + meridian_page_);
}

void Town::check_meridian() {
  if (meridian_->running()) return;
  throw std::runtime_error("meridian serve has ended; see " + log("meridian.log"));
}

void Town::load_patient(std::size_t hospital, const std::string& file) const {
  const auto& at = hospitals_.at(hospital);
  at.site.transaction(
      fill_placeholders(read_text(settings_.data / at.records / file), system_now(), {}));
}

void Town::post_order(std::size_t hospital, const Json& order) const {
  const auto& at = hospitals_.at(hospital);
  if (at.engine_token.empty()) return;
  FhirSite(meridian_page_ + "/fhir/" + at.id, "", at.engine_token).create(order);
}

void Town::load_at_clinic(std::size_t which, const std::string& file) const {
  const auto& clinic = clinics_.at(which);
  clinic.site.transaction(fill_placeholders(read_text(settings_.data / "clinic" / file),
                                            system_now(), {{"clinic_base", clinic.site.base()}}));
}

std::vector<Json> Town::told_by(const std::string& command) const {
  int status = 0;
  std::istringstream lines(run_to_end({(settings_.programs / "meridian").string(), command,
                                       "--config", (settings_.work / "meridian.toml").string()},
                                      log(command + ".log"), status));
  std::vector<Json> told;
  for (std::string line; std::getline(lines, line);) {
    if (auto json = Json::parse(line)) told.push_back(std::move(*json));
  }
  return told;
}

bool Town::redirect(const std::string& referral, std::size_t clinic, const std::string& by) const {
  int status = 0;
  run_to_end({(settings_.programs / "meridian").string(), "deadletters", "redirect", referral,
              "--to", clinics_.at(clinic).id, "--yes", "--by", by, "--config",
              (settings_.work / "meridian.toml").string()},
             log("redirect.log"), status);
  return status == 0;
}

Invited Town::invite(const std::string& name, const std::string& email) const {
  int status = 0;
  const auto told =
      run_to_end({(settings_.programs / "meridian").string(), "people", "add", "--role", "clinic",
                  "--clinic", "willow-court", "--name", name, "--email", email, "--yes", "--by",
                  "hospital IT", "--config", (settings_.work / "meridian.toml").string()},
                 log("people.log"), status);
  const auto json = Json::parse(told);
  if (status != 0 || !json) throw std::runtime_error("nobody could be invited: " + told);
  story_.tell("hospital IT", "invites " + name + " of Willow Court by a link");
  return {name, email, (*json)["link"].text()};
}

Json Town::referral(const std::string& order) const {
  for (auto& line : told_by("referrals")) {
    if (line["order"].text() == order) return line;
  }
  return {};
}

std::string read_text(const std::filesystem::path& file) {
  auto text = read_file(file);
  if (!text) throw std::runtime_error("cannot read " + file.string());
  return std::move(*text);
}

}  // namespace meridian::sandbox
