// SPDX-License-Identifier: Apache-2.0
// The program `meridian`: reads the command line and runs one subcommand.
#include <iostream>

#include <CLI/CLI.hpp>

#include "host/commands.h"
#include "host/hl7_command_line.h"
#include "host/operating.h"

int main(int argc, char** argv) {
  using namespace meridian::host;
  CLI::App app{"Meridian: referrals between spine surgeons and acupuncture clinics"};
  app.set_version_flag("--version", MERIDIAN_VERSION);
  app.require_subcommand(1);

  std::string config = "meridian.toml";
  ReadCommand read;
  int status = 0;

  const auto with_config = [&](CLI::App* command) {
    command->add_option("--config", config, "the site's configuration")->required();
  };
  const auto with_files = [&](CLI::App* command) {
    command
        ->add_option("FILE", read.files,
                     "FHIR Bundle, resource or NDJSON, HL7 v2; - is standard input")
        ->required();
    command->add_option("--profiles", read.profiles, "a directory in place of fhir-profiles");
    command
        ->add_option("--authority", read.authorities,
                     "NAME=SYSTEM: what an assigning authority of HL7 v2 is called in FHIR")
        ->allow_extra_args(false);
  };

  auto* serve_command = app.add_subcommand("serve", "run: listeners, timers, database, web");
  with_config(serve_command);
  serve_command->callback([&] { status = serve(config); });

  auto* check_command = app.add_subcommand("check", "say what is wrong with a site, and the fix");
  with_config(check_command);
  check_command->callback([&] { status = check(config); });

  auto* normalize_command =
      app.add_subcommand("normalize", "print the back-pain episodes of each patient");
  with_files(normalize_command);
  normalize_command->add_flag("--fhir", read.as_fhir,
                              "print the patient's records instead, each as a Bundle of FHIR R4");
  normalize_command->callback([&] { status = normalize(read); });

  auto* assess_command = app.add_subcommand("assess", "print what the pathway says, and why");
  with_files(assess_command);
  assess_command->add_option("--at", read.at, "decide as of this day or instant");
  assess_command->add_flag("--complete-history", read.complete_history,
                           "the input holds the patient's whole record");
  assess_command->add_option("--not-read", read.not_read,
                             "a kind of history that failed: conditions, medications ...");
  assess_command->callback([&] { status = assess_files(read); });

  Operating operating(app, status);
  Hl7CommandLine hl7(app, status);

  auto* directory = app.add_subcommand("directory", "the clinics and surgeons that are known");
  directory->require_subcommand(1);
  auto* directory_check = directory->add_subcommand("check", "say what is wrong with them");
  with_config(directory_check);
  directory_check->callback([&] { status = check_directory_command(config); });
  auto* directory_list = directory->add_subcommand("list", "print each as a JSON line");
  with_config(directory_list);
  directory_list->callback([&] { status = list_directory(config); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int usage = 2;
    return app.exit(error, std::cout, std::cerr) == 0 ? 0 : usage;
  }
  return status;
}
