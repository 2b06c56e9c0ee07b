// SPDX-License-Identifier: Apache-2.0
// The program `meridian`: reads the command line and runs one subcommand.
#include <iostream>

#include <CLI/CLI.hpp>

#include "host/commands.h"
#include "host/hl7_command_line.h"
#include "host/operating.h"

namespace meridian::host {
namespace {

/// The subcommands that are told a site, or files, and nothing else.
class CommandLine {
 public:
  CommandLine(CLI::App& app, int& status) : app_(app), status_(status) {
    with_config(app.add_subcommand("serve", "run: listeners, timers, database, web"))
        ->callback([this] { status_ = serve(config_); });
    with_config(app.add_subcommand("check", "say what is wrong with a site, and the fix"))
        ->callback([this] { status_ = check(config_); });
    add_normalize();
    add_assess();
    add_directory();
    add_dialects();
  }
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

 private:
  CLI::App* with_config(CLI::App* command) {
    command->add_option("--config", config_, "the site's configuration")->required();
    return command;
  }

  CLI::App* with_files(CLI::App* command) {
    command
        ->add_option("FILE", read_.files,
                     "FHIR Bundle, resource or NDJSON, HL7 v2; - is standard input")
        ->required();
    command->add_option("--profiles", read_.profiles, "a directory in place of fhir-profiles");
    command
        ->add_option("--authority", read_.authorities,
                     "NAME=SYSTEM: what an assigning authority of HL7 v2 is called in FHIR")
        ->allow_extra_args(false);
    return command;
  }

  void add_normalize() {
    auto* command = with_files(
        app_.add_subcommand("normalize", "print the back-pain episodes of each patient"));
    command->add_flag("--fhir", read_.as_fhir,
                      "print the patient's records instead, each as a Bundle of FHIR R4");
    command->callback([this] { status_ = normalize(read_); });
  }

  void add_assess() {
    auto* command =
        with_files(app_.add_subcommand("assess", "print what the pathway says, and why"));
    command->add_option("--at", read_.at, "decide as of this day or instant");
    command->add_option("--guideline", read_.guideline,
                        "the guideline to follow: ACP_2017, WHO_2023, NICE_NG59, CMS_NCD");
    command->add_flag("--complete-history", read_.complete_history,
                      "the input holds the patient's whole record");
    command->add_option("--not-read", read_.not_read,
                        "a kind of history that failed: conditions, medications ...");
    command->callback([this] { status_ = assess_files(read_); });
  }

  void add_directory() {
    auto* directory = app_.add_subcommand("directory", "the clinics and surgeons that are known");
    directory->require_subcommand(1);
    with_config(directory->add_subcommand("check", "say what is wrong with them"))
        ->callback([this] { status_ = check_directory_command(config_); });
    with_config(directory->add_subcommand("list", "print each as a JSON line"))->callback([this] {
      status_ = list_directory(config_);
    });
  }

  void add_dialects() {
    auto* command = app_.add_subcommand(
        "dialects", "how a referral is shown to a peer of another standard, and what is lost");
    command->add_option("NAME", dialect_, "bser, cow, plain, sdoh, v2 ...; without it: the list");
    command->callback([this] { status_ = print_dialects(dialect_); });
  }

  CLI::App& app_;
  int& status_;
  std::string dialect_;
  std::string config_ = "meridian.toml";
  ReadCommand read_;
};

}  // namespace
}  // namespace meridian::host

int main(int argc, char** argv) {
  using namespace meridian::host;
  CLI::App app{"Meridian: referrals between spine surgeons and acupuncture clinics"};
  app.set_version_flag("--version", MERIDIAN_VERSION);
  app.require_subcommand(1);
  int status = 0;
  const CommandLine own(app, status);
  const Operating operating(app, status);
  const Hl7CommandLine hl7(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int usage = 2;
    return app.exit(error, std::cout, std::cerr) == 0 ? 0 : usage;
  }
  return status;
}
