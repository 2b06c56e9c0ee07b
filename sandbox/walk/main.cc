// SPDX-License-Identifier: Apache-2.0
// meridian-sandbox: walks referrals through their fates, or assesses a folder of patients.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <pthread.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "walk/data_folder.h"
#include "walk/fates.h"
#include "walk/surgeon_screen.h"

namespace {

using namespace meridian::sandbox;
namespace fs = std::filesystem;

struct Options {
  TownSettings town;
  fs::path source;
  std::string data;
  bool once = false;
  bool keep = false;
};

/// A folder of this run's own, removed at the end unless asked otherwise.
class WorkFolder {
 public:
  explicit WorkFolder(bool keep) : keep_(keep) {
    std::string pattern = (fs::temp_directory_path() / "meridian-sandbox-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~WorkFolder() { remove(); }

  const fs::path& path() const { return path_; }
  void keep() { keep_ = true; }
  void remove() const {
    std::error_code ignored;
    if (!keep_) fs::remove_all(path_, ignored);
  }

 private:
  fs::path path_;
  bool keep_;
};

/// Ctrl-C ends the walk wherever it is. The children are told by the system.
void end_on_signal(const sigset_t& ends, const WorkFolder& folder) {
  std::thread([ends, &folder] {
    int signal = 0;
    sigwait(&ends, &signal);
    folder.remove();
    std::_Exit(128 + signal);
  }).detach();
}

/// Until Ctrl-C everything stays as it is.
void show_pages(const Town& town) {
  const auto show = [](const std::string& what, const std::string& how) {
    if (!how.empty()) std::printf("  %-20s %s\n", what.c_str(), how.c_str());
  };
  std::printf("\nThe pages, until Ctrl-C:\n");
  show("the clinic's inbox", town.meridian_page() + "/inbox");
  for (const auto& [what, how] : town.tries()) show(what, how);
  for (std::size_t i = 0; i < town.hospitals().size(); ++i) {
    show(i == 0 ? "the surgeon's EHR" : "that of another", ehr_page(town, i));
  }
  show("operations", town.meridian_page() + "/operations");
  show("this walk", town.pager().page());
}

/// From the clinic's question to the surgeon's answer and back.
void show_tries(const Town& town) {
  const auto program = (town.settings().programs / "meridian").string();
  const auto config = (town.settings().work / "meridian.toml").string();
  const bool ehr = !ehr_page(town, 0).empty();
  std::printf(
      "\nTry this:\n"
      "  1. Sign in at the inbox and open what is new: R.S., who takes a blood thinner. Ask the "
      "surgeon about it.\n"
      "  2. %s\n"
      "  3. Back in the inbox: accept, book a visit, record it; then look at the surgeon's side "
      "again.\n"
      "  4. On the operations page, find it by its id, the end of its address in the inbox: its "
      "story.\n"
      "  5. %s funnel --table --config %s\n",
      ehr ? "Open Rosal\u00eda Solano Prieto in the first EHR: your question stands in her chart. "
            "Answer it."
          : "In your own FHIR server, read the Task of ServiceRequest/sr-solano-acupuncture: your "
            "question.",
      program.c_str(), config.c_str());
}

int walk(const Options& options, WorkFolder& folder, const sigset_t& ends) {
  Story story;
  TownSettings settings = options.town;
  settings.work = folder.path();
  bool good = false;
  try {
    Town town(settings, story);
    story.tell("walk", "this page shows the same: " + town.pager().page());
    good = walk_referrals(town);
    std::printf("\n%s\n", story.table().c_str());
    std::printf(good ? "Every fate came out as it should.\n" : "NOT every fate came out right.\n");
    if (!options.once) {
      show_pages(town);
      show_tries(town);
      std::fflush(stdout);
      int signal = 0;
      sigwait(&ends, &signal);
    }
  } catch (const std::exception& problem) {
    std::printf("\n%s\n", story.table().c_str());
    std::fprintf(stderr, "meridian-sandbox: %s\n", problem.what());
    good = false;
  }
  if (!good) {
    folder.keep();
    std::fprintf(stderr, "logs and database are in %s\n", folder.path().c_str());
  }
  return good ? 0 : 1;
}

int run(const Options& options) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  WorkFolder folder(options.keep);
  if (!options.data.empty()) {
    end_on_signal(ends, folder);
    return assess_folder(options.data, options.town.programs, folder.path());
  }
  if (options.once) end_on_signal(ends, folder);
  return walk(options, folder, ends);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Walks referrals through Meridian, from the surgeon's order to the clinic and back");
  Options options;
  std::error_code ignored;
  options.town.programs = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  options.source = fs::path(MERIDIAN_SANDBOX_SOURCE);
  app.add_flag("--once", options.once, "end after the walk; status 0 only if all came out right");
  app.add_option(
      "--hospital", options.town.hospital_url,
      "base URL of a FHIR R4 server in the hospital's place; patients are written to it");
  app.add_option("--hospital-ca", options.town.hospital_ca,
                 "PEM file of who vouches for that server's certificate")
      ->check(CLI::ExistingFile);
  app.add_option(
      "--clinic", options.town.clinic_url,
      "base URL of a FHIR R4 server in the first clinic's place; referrals are written to it");
  app.add_option("--clinic-ca", options.town.clinic_ca,
                 "PEM file of who vouches for that server's certificate")
      ->check(CLI::ExistingFile);
  app.add_option("--data", options.data, "assess every patient in a folder of FHIR files instead")
      ->check(CLI::ExistingDirectory);
  app.add_flag("--no-task-create", options.town.no_task_create,
               "our hospital refuses new Tasks, as some EHRs do");
  app.add_flag("--keep", options.keep, "keep logs and databases");
  app.add_option("--programs", options.town.programs,
                 "folder of meridian and meridian-sandbox-fhir");
  app.add_option("--sandbox", options.source, "folder with data and people");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  while (options.town.hospital_url.ends_with('/')) options.town.hospital_url.pop_back();
  while (options.town.clinic_url.ends_with('/')) options.town.clinic_url.pop_back();
  for (auto* ca : {&options.town.hospital_ca, &options.town.clinic_ca}) {
    if (!ca->empty()) *ca = fs::absolute(*ca).string();
  }
  options.town.data = options.source / "data";
  options.town.people = options.source / "people";
  try {
    return run(options);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "meridian-sandbox: %s\n", problem.what());
    return 1;
  }
}
