// SPDX-License-Identifier: Apache-2.0
// The hospitals, the clinics, the systems that speak HL7 v2, the pager and Meridian between them,
// all on loopback.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "walk/child.h"
#include "walk/fhir_site.h"
#include "walk/pager.h"
#include "walk/story.h"
#include "walk/v2_site.h"

namespace meridian::sandbox {

struct TownSettings {
  std::filesystem::path programs;  ///< folder of meridian and meridian-sandbox-fhir
  std::filesystem::path data;      ///< sandbox/data
  std::filesystem::path people;    ///< sandbox/people
  std::filesystem::path work;      ///< a folder of this walk's own; removed by whoever made it
  std::string hospital_url;     ///< a real FHIR server in the first hospital's place; empty: ours
  std::string hospital_ca;      ///< PEM of who vouches for that server; empty: the system's
  std::string clinic_url;       ///< a real FHIR server in the first clinic's place; empty: ours
  std::string clinic_ca;        ///< PEM of who vouches for that server; empty: the system's
  bool no_task_create = false;  ///< our hospital takes no new Tasks, as some EHRs
};

/// One hospital of the town. They are of different shapes: the first is polled for its orders, the
/// second lets nobody search for them and takes no Tasks, as the large EHRs: its integration engine
/// posts an order to Meridian, which reads the rest of the record with a token.
struct Hospital {
  std::string id;       ///< as Meridian's configuration calls it
  std::string name;     ///< for people
  std::string records;  ///< folder of its patients in data
  std::string dialect;
  std::string token;              ///< that its server asks for; empty: none
  std::string engine_token = {};  ///< with which its engine posts orders; empty: it has none
  std::unique_ptr<Child> server = {};
  FhirSite site = FhirSite("");
};

/// One clinic of the town, with a FHIR server of its own.
struct Clinic {
  std::string id;         ///< as Meridian's configuration calls it
  std::string name;       ///< for people
  std::string directory;  ///< its own people and places: a file of data/clinic
  std::string modality;   ///< that it offers
  std::unique_ptr<Child> server = {};
  FhirSite site = FhirSite("");
};

/// Somebody who may enrol.
struct Invited {
  std::string name;
  std::string email;
  std::string link;
};

/// Everything running. Members are stopped in the opposite order.
class Town {
 public:
  /// Starts all of it. Throws std::runtime_error when a part does not start.
  Town(TownSettings settings, Story& story);

  const TownSettings& settings() const { return settings_; }
  Story& story() { return story_; }
  const std::vector<Hospital>& hospitals() const { return hospitals_; }
  /// In the order in which Meridian offers a referral to them.
  const std::vector<Clinic>& clinics() const { return clinics_; }
  /// The interface engine of a hospital that has no FHIR server.
  V2Site& feed() { return feed_; }
  /// A clinic whose system takes and sends HL7 v2 alone.
  V2Site& v2_clinic() { return v2_clinic_; }
  const Pager& pager() const { return pager_; }
  const std::string& meridian_page() const { return meridian_page_; }

  /// How long people wait for something that should come. A real server may answer a poll from a
  /// cache for a minute.
  std::chrono::seconds patience() const {
    const bool ours = settings_.hospital_url.empty() && settings_.clinic_url.empty();
    return std::chrono::seconds(ours ? 60 : 180);
  }

  /// False for a server that is not of this walk.
  bool can_stop_clinic(std::size_t which) const { return clinics_.at(which).server != nullptr; }
  /// Stops and starts a clinic's server; it keeps its records and its address.
  void stop_clinic(std::size_t which);
  void start_clinic(std::size_t which);

  /// Loads one file of its folder into a hospital.
  void load_patient(std::size_t hospital, const std::string& file) const;
  /// What a hospital's integration engine does with an order that was signed.
  void post_order(std::size_t hospital, const Json& order) const;
  /// Loads one file of data/clinic into a clinic.
  void load_at_clinic(std::size_t which, const std::string& file) const;

  /// The JSON lines that `meridian COMMAND` prints of our site.
  std::vector<Json> told_by(const std::string& command) const;
  /// Hospital IT lets somebody of the clinic with a browser in.
  Invited invite(const std::string& name, const std::string& email) const;
  /// Something for whoever looks on to try, shown at the end: what it is, and how.
  void suggest(const std::string& what, const std::string& how) { tries_.emplace_back(what, how); }
  const std::vector<std::pair<std::string, std::string>>& tries() const { return tries_; }

  /// Hospital IT offers a referral to another clinic at the command line. True when it was done.
  bool redirect(const std::string& referral, std::size_t clinic, const std::string& by) const;
  /// What `meridian referrals` says of an order; null when it does not list it.
  Json referral(const std::string& order) const;

  /// Throws when Meridian's process has ended.
  void check_meridian();

 private:
  std::unique_ptr<Child> start_server(const std::string& name, const std::string& port,
                                      const std::vector<std::string>& more) const;
  void open_clinics();
  void open_hospitals();
  void start_meridian();
  std::string v2_config() const;
  std::string config_text() const;
  /// Writes a file that only we may read; its path.
  std::string secret(const std::string& name, const std::string& text) const;
  std::string log(const std::string& name) const { return (settings_.work / name).string(); }

  TownSettings settings_;
  Story& story_;
  Pager pager_;
  std::vector<Clinic> clinics_;
  std::vector<Hospital> hospitals_;
  V2Site feed_{"JC-"};
  V2Site v2_clinic_{"TW-"};
  std::unique_ptr<Child> meridian_;
  std::string meridian_page_;
  std::vector<std::pair<std::string, std::string>> tries_;
};

/// The whole file. Throws std::runtime_error when it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace meridian::sandbox
