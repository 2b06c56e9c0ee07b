// SPDX-License-Identifier: Apache-2.0
#include "walk/child.h"

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace meridian::sandbox {
namespace {

constexpr int start_limit_ms = 30'000;
constexpr int stop_limit_ms = 15'000;
constexpr int step_ms = 20;

/// Starts a process whose standard output is `out`.
int start(const std::vector<std::string>& command, const std::string& log_file, int& out) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
  arguments.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const int log = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setpgid(0, 0);  // Ctrl-C is for the walk, which then stops its children in order
    dup2(ends[1], STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(ends[1]);
  close(log);
  if (pid < 0) {
    close(ends[0]);
    throw std::runtime_error("cannot start " + command.front());
  }
  out = ends[0];
  return pid;
}

}  // namespace

Child::Child(const std::vector<std::string>& command, std::string log_file)
    : name_(command.front()), log_file_(std::move(log_file)) {
  pid_ = start(command, log_file_, out_);
  try {
    read_first_line();
  } catch (...) {
    stop();
    throw;
  }
}

Child::~Child() {
  stop();
}

void Child::read_first_line() {
  char c = 0;
  pollfd waiting{out_, POLLIN, 0};
  while (poll(&waiting, 1, start_limit_ms) == 1 && read(out_, &c, 1) == 1) {
    if (c == '\n') return;
    first_line_.push_back(c);
  }
  throw std::runtime_error(name_ + " did not start; see " + log_file_);
}

bool Child::running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void Child::stop() {
  if (running()) kill(pid_, SIGTERM);
  for (int waited = 0; running(); waited += step_ms) {
    if (waited >= stop_limit_ms) kill(pid_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(step_ms));
  }
  if (out_ >= 0) close(out_);
  out_ = -1;
}

std::string run_to_end(const std::vector<std::string>& command, const std::string& log_file,
                       int& status) {
  int out = -1;
  const int pid = start(command, log_file, out);
  std::string text;
  char bytes[65536];
  ssize_t got = 0;
  while ((got = read(out, bytes, sizeof bytes)) > 0) {
    text.append(bytes, static_cast<std::size_t>(got));
  }
  close(out);
  int raw = 0;
  waitpid(pid, &raw, 0);
  status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  return text;
}

}  // namespace meridian::sandbox
