// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <atomic>
#include <fcntl.h>
#include <mutex>
#include <unistd.h>

#include "base/time.h"
#include "base/trace.h"

namespace meridian {
namespace {

std::atomic<LogLevel> threshold{LogLevel::info};
std::atomic<int> target{STDERR_FILENO};  ///< once it is another, that number stays

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

}  // namespace

std::string LogField::quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const bool plain = c >= ' ' && c != '"' && c != '\\' && c != '\x7f';
    out.push_back(plain ? c : '?');
  }
  out.push_back('"');
  return out;
}

std::string LogField::describe(const Error& error) {
  std::string out = "{\"code\":" + quoted(error_row(error.code).name);
  out += ",\"where\":" + quoted(error.where.view()) + ",\"what\":" + quoted(error.what.view());
  out += ",\"detail\":" + std::to_string(error.detail) + "}";
  return out;
}

bool log_to(const std::string& file) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  if (file.empty() && target == STDERR_FILENO) return true;
  const int opened = file.empty()
                         ? ::dup(STDERR_FILENO)
                         : ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (opened < 0) return false;
  if (target == STDERR_FILENO) {
    target = opened;
    return true;
  }
  // In the place of the one before, so that no line of another thread meets a closed number.
  const bool put = ::dup3(opened, target, O_CLOEXEC) >= 0;
  ::close(opened);
  return put;
}

void set_log_level(LogLevel level) {
  threshold = level;
}

void log(LogLevel level, Literal event, std::initializer_list<LogField> fields) {
  if (level < threshold.load(std::memory_order_relaxed)) return;
  std::string line = "{\"at\":\"" + to_string(system_now()) + "\",\"level\":\"";
  line += level_name(level);
  line += "\",\"event\":\"";
  line += event.view();
  line += '"';
  for (const auto& field : fields) {
    line += ",\"";
    line += field.key();
    line += "\":";
    line += field.json();
  }
  if (const auto* trace = current_trace()) line += ",\"trace\":\"" + trace->id + '"';
  line += "}\n";
  // One write, so that lines of threads do not mix; where it fails there is nobody to tell.
  static_cast<void>(!::write(target, line.data(), line.size()));
}

}  // namespace meridian
