// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <atomic>
#include <cstdio>

#include "base/time.h"

namespace meridian {
namespace {

std::atomic<LogLevel> threshold{LogLevel::info};

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
  line += "}\n";
  std::fwrite(line.data(), 1, line.size(), stderr);  // one write: lines of threads do not mix
}

}  // namespace meridian
