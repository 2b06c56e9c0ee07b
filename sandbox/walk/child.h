// SPDX-License-Identifier: Apache-2.0
// A program that the walk starts and stops.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace meridian::sandbox {

/// One child process. Stops it when destroyed; it also ends when the walk itself is killed.
class Child {
 public:
  /// Starts `command` with standard error written to `log_file`, and reads the first line of its
  /// standard output. Throws std::runtime_error when it ends, or is silent for 30 s, before that.
  Child(const std::vector<std::string>& command, std::string log_file);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  const std::string& first_line() const { return first_line_; }

  bool running();

  /// Asks it to end (SIGTERM) and waits; after 15 s it is killed. Once or more.
  void stop();

 private:
  void read_first_line();

  std::string name_;
  std::string log_file_;
  int pid_ = -1;
  int out_ = -1;
  std::string first_line_;
};

/// Runs a command to its end and gives what it wrote to standard output; `status` its exit status.
std::string run_to_end(const std::vector<std::string>& command, const std::string& log_file,
                       int& status);

}  // namespace meridian::sandbox
