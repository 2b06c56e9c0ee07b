// SPDX-License-Identifier: Apache-2.0
// The subcommands of `meridian hl7`, for who connects systems by HL7 v2. They know no site, keep
// nothing, and print the messages they are given. Exit status as in commands.h.
#pragma once

#include <string>
#include <vector>

namespace meridian::host {

/// Prints each message of the files as a tree; 1 when something in them is no message.
int show_hl7(const std::vector<std::string>& files);

/// Prints what is wrong with each message of the files, in syntax and in what Meridian reads of it:
/// file, line, path, severity, text. 1 when any of it is an error. `authorities` as for normalize.
int check_hl7(const std::vector<std::string>& files, const std::vector<std::string>& authorities);

struct SendHl7 {
  std::string to;  ///< HOST:PORT
  std::vector<std::string> files;
  bool plain = false;  ///< without TLS beyond this machine too
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  double wait_seconds = 60;  ///< for each acknowledgement
};

/// Sends each message of the files in order and prints what was answered; 1 when one was not
/// accepted. A refusal does not hold up the next; when nothing was answered no more is sent.
int send_hl7(const SendHl7& command);

struct ListenHl7 {
  std::string listen;         ///< [ADDRESS:]PORT; without an address this machine alone
  std::string answer = "AA";  ///< AA, AE, AR, or none
  int count = 0;              ///< messages after which it ends; 0: none
  bool raw = false;           ///< print the bytes as they came
  bool plain = false;         ///< without TLS beyond this machine too
  std::string certificate_file;
  std::string key_file;
  std::string client_ca;
};

/// Prints what arrives, acknowledged as said, until SIGINT, SIGTERM or the count.
int listen_hl7(const ListenHl7& command);

}  // namespace meridian::host
