// SPDX-License-Identifier: Apache-2.0
// The hospital, the clinics, the pager and Meridian between them, all on loopback.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "walk/child.h"
#include "walk/fhir_site.h"
#include "walk/pager.h"
#include "walk/story.h"

namespace meridian::sandbox {

struct TownSettings {
  std::filesystem::path programs;  ///< folder of meridian and meridian-sandbox-fhir
  std::filesystem::path data;      ///< sandbox/data
  std::filesystem::path people;    ///< sandbox/people
  std::filesystem::path work;      ///< a folder of this walk's own; removed by whoever made it
  std::string hospital_url;        ///< a real FHIR server in the hospital's place; empty: ours
  std::string hospital_ca;         ///< PEM of who vouches for that server; empty: the system's
  bool no_task_create = false;     ///< our hospital takes no new Tasks, as some EHRs
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

/// Everything running. Members are stopped in the opposite order.
class Town {
 public:
  /// Starts all of it. Throws std::runtime_error when a part does not start.
  Town(TownSettings settings, Story& story);

  const TownSettings& settings() const { return settings_; }
  Story& story() { return story_; }
  const FhirSite& hospital() const { return hospital_; }
  /// In the order in which Meridian offers a referral to them.
  const std::vector<Clinic>& clinics() const { return clinics_; }
  const Pager& pager() const { return pager_; }
  const std::string& meridian_page() const { return meridian_page_; }

  /// How long people wait for something that should come. A real server may answer a poll from a
  /// cache for a minute.
  std::chrono::seconds patience() const {
    return std::chrono::seconds(settings_.hospital_url.empty() ? 60 : 180);
  }

  /// Stops and starts a clinic's server; it keeps its records and its address.
  void stop_clinic(std::size_t which);
  void start_clinic(std::size_t which);

  /// Loads one file of data/hospital into the hospital.
  void load_patient(const std::string& file) const;
  /// Loads one file of data/clinic into a clinic.
  void load_at_clinic(std::size_t which, const std::string& file) const;

  /// What `meridian referrals` says of an order; null when it does not list it.
  Json referral(const std::string& order) const;

  /// Throws when Meridian's process has ended.
  void check_meridian();

 private:
  std::unique_ptr<Child> start_server(const std::string& name, const std::string& port,
                                      const std::vector<std::string>& more) const;
  void open_clinics();
  void open_hospital();
  void start_meridian();
  std::string config_text() const;
  std::string log(const std::string& name) const { return (settings_.work / name).string(); }

  TownSettings settings_;
  Story& story_;
  Pager pager_;
  std::vector<Clinic> clinics_;
  std::unique_ptr<Child> hospital_server_;
  FhirSite hospital_;
  std::unique_ptr<Child> meridian_;
  std::string meridian_page_;
};

/// The whole file. Throws std::runtime_error when it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace meridian::sandbox
