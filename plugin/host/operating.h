// SPDX-License-Identifier: Apache-2.0
// The subcommands for operating a site: what they take, and their help.
#pragma once

#include <string>
#include <vector>

#include "host/commands.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the name is the library's
class App;
}

namespace meridian::host {

/// Adds the subcommands to a command line that is parsed while this lives. The one that was given
/// is run by the parse; `status` gets its exit status.
class Operating {
 public:
  Operating(CLI::App& app, int& status);
  Operating(const Operating&) = delete;
  Operating& operator=(const Operating&) = delete;

 private:
  CLI::App* group(CLI::App& app, const char* name, const char* help,
                  int (*list)(const SiteCommand&));
  CLI::App* single(CLI::App& app, const char* name, const char* help);
  CLI::App* part(CLI::App* group, const char* name, const char* help);
  void changes(CLI::App* command);
  void add_referrals(CLI::App& app);
  void add_funnel(CLI::App& app);
  void add_reconcile(CLI::App& app);
  void add_outbox(CLI::App& app);
  void add_dead_letters(CLI::App& app);
  void add_systems(CLI::App& app);
  void add_replay(CLI::App& app);
  void add_explain(CLI::App& app);
  void add_people(CLI::App& app);
  void add_mail(CLI::App* command);
  void add_link(CLI::App* people);
  void add_audit(CLI::App& app);
  void add_backup(CLI::App& app);
  void add_migrate(CLI::App& app);
  void add_rekey(CLI::App& app);
  void add_inventory(CLI::App& app);

  int& status_;
  SiteCommand command_;
  std::string target_;
  std::vector<std::string> targets_;
  std::string clinic_;
  std::string reason_;
  std::string to_file_;
  std::string since_;
  std::string from_;
  std::string to_;
  RestoreCommand restore_;
  ReplayCommand replay_;
  NewPerson person_;
  bool mail_ = false;
  int most_ = 100;
  bool plan_ = false;
};

}  // namespace meridian::host
