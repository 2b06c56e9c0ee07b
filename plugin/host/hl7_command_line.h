// SPDX-License-Identifier: Apache-2.0
// `meridian hl7`: what its subcommands take, and their help.
#pragma once

#include <string>
#include <vector>

#include "host/hl7_commands.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the name is the library's
class App;
}

namespace meridian::host {

/// Adds the subcommands to a command line that is parsed while this lives. The one that was given
/// is run by the parse; `status` gets its exit status.
class Hl7CommandLine {
 public:
  Hl7CommandLine(CLI::App& app, int& status);
  Hl7CommandLine(const Hl7CommandLine&) = delete;
  Hl7CommandLine& operator=(const Hl7CommandLine&) = delete;

 private:
  CLI::App* with_files(CLI::App* command);
  void add_show(CLI::App* hl7);
  void add_check(CLI::App* hl7);
  void add_send(CLI::App* hl7);
  void add_listen(CLI::App* hl7);

  int& status_;
  std::vector<std::string> files_;
  std::vector<std::string> authorities_;
  SendHl7 send_;
  ListenHl7 listen_;
};

}  // namespace meridian::host
