// SPDX-License-Identifier: Apache-2.0
// The subcommands of `meridian`. Each returns the exit status: 0 done, 1 the input or the
// environment is at fault, 2 wrong usage. Source: DESIGN section 5.
#pragma once

#include <string>
#include <vector>

#include "model/issue.h"

namespace meridian::host {

/// Opens meridian.so by its C ABI and runs until SIGTERM or SIGINT.
int serve(const std::string& config_file);

/// Prints what is wrong with the site, each with its fix.
int check(const std::string& config_file);

struct ReadCommand {
  std::vector<std::string> files;  ///< "-" is standard input
  std::string profiles;            ///< directory; empty: the built-in fhir-profiles
  std::string at;                  ///< assess: the day or instant to decide at; empty: now
  bool complete_history = false;   ///< assess: the input holds the patient's whole record
  std::vector<std::string>
      not_read;  ///< assess: kinds of history that are not complete all the same
};

/// One meridian.episode/1 line per patient.
int normalize(const ReadCommand& command);

/// One meridian.assessment/1 line per patient.
int assess_files(const ReadCommand& command);

/// The referrals of a site's database, as JSON lines.
int list_referrals(const std::string& config_file);

/// `meridian directory check`: what was loaded and what is wrong with it.
int check_directory_command(const std::string& config_file);
/// `meridian directory list`: a JSON line per receiver.
int list_directory(const std::string& config_file);

/// Prints issues to standard error, one per line: path: severity: text.
void print_issues(const Issues& issues);

}  // namespace meridian::host
