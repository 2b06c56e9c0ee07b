// SPDX-License-Identifier: Apache-2.0
// `meridian hl7 check`: what is wrong with messages, and where.
#include <array>
#include <charconv>
#include <iostream>

#include "hl7v2/read/reader.h"
#include "host/commands.h"
#include "host/config.h"
#include "host/hl7_commands.h"
#include "host/hl7_messages.h"
#include "knowledge/knowledge.h"

namespace meridian::host {
namespace {

/// Lines that end in `text`; CR, LF and both together are one end each.
std::size_t line_ends(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool second = text[i] == '\n' && i > 0 && text[i - 1] == '\r';
    if ((text[i] == '\r' || text[i] == '\n') && !second) ++count;
  }
  return count;
}

/// Which segment a path such as "OBX[3]-5.2" names.
std::optional<hl7v2::Segment> segment_of(const hl7v2::Message& message, std::string_view path) {
  constexpr std::size_t name_size = 3;
  const auto name = path.substr(0, name_size);
  std::size_t number = 1;
  if (path.size() > name_size && path[name_size] == '[') {
    std::from_chars(path.data() + name_size + 1, path.data() + path.size(), number);
  }
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (message[i].name() == name && message[i].position() == number) return message[i];
  }
  return std::nullopt;
}

struct Count {
  std::size_t messages = 0;
  std::array<std::size_t, 4> of{};  ///< by severity

  std::size_t errors() const { return of[2] + of[3]; }
};

class Checker {
 public:
  Checker(const std::string& file, std::string_view bytes, const hl7v2::ReadSettings& settings)
      : file_(file), bytes_(bytes), settings_(settings) {}

  void run(const hl7v2::Batch& batch) {
    for (const auto& issue : batch.issues) say(0, issue);
    for (std::size_t i = 0; i < batch.messages.size(); ++i) {
      number_ = batch.messages.size() == 1 ? 0 : i + 1;
      message(batch.messages[i]);
    }
  }

  const Count& count() const { return count_; }

 private:
  void message(const hl7v2::BatchMessage& one) {
    ++count_.messages;
    const auto line = line_ends(bytes_.substr(0, one.offset)) + 1;
    const ReadHl7 read(one.bytes);
    for (const auto& issue : hl7v2::read_message(one.bytes, settings_).issues) {
      std::optional<hl7v2::Segment> at;
      if (read.message()) at = segment_of(*read.message(), issue.path);
      say(at ? line + line_ends(read.text().substr(0, at->offset())) : line, issue);
    }
  }

  /// Line 0: it is about the whole file.
  void say(std::size_t line, const Issue& issue) {
    ++count_.of[static_cast<std::size_t>(issue.severity)];
    std::cout << file_ << ':';
    if (line > 0) std::cout << line << ':';
    if (number_ > 0) std::cout << " message " << number_ << ':';
    if (!issue.path.empty()) std::cout << ' ' << issue.path << ':';
    std::cout << ' ' << severity_name(issue.severity) << " (" << issue.code << "): " << issue.text
              << '\n';
  }

  const std::string& file_;
  std::string_view bytes_;
  const hl7v2::ReadSettings& settings_;
  Count count_;
  std::size_t number_ = 0;  ///< of the message in its file; 0 when it is alone
};

std::string several(std::size_t count, const std::string& what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

void print_count(const std::string& file, const Count& count) {
  std::cout << file << ": " << several(count.messages, "message") << ": ";
  const auto warnings = count.of[static_cast<std::size_t>(Severity::warning)];
  if (count.errors() + warnings == 0) {
    std::cout << "nothing wrong\n";
    return;
  }
  std::cout << several(count.errors(), "error") << ", " << several(warnings, "warning") << '\n';
}

}  // namespace

int check_hl7(const std::vector<std::string>& files, const std::vector<std::string>& authorities) {
  Issues issues;
  const auto knowledge = load_knowledge(issues);
  hl7v2::ReadSettings settings;
  settings.authorities = read_authorities(authorities, "--authority", issues);
  if (!knowledge || has_errors(issues)) {
    print_issues(issues);
    return 1;
  }
  settings.tables = &knowledge->terminology;
  bool good = true;
  const bool readable = each_hl7_file(files, [&](const auto& file, auto bytes, const auto& batch) {
    Checker checker(file, bytes, settings);
    checker.run(batch);
    print_count(file, checker.count());
    good = good && checker.count().errors() == 0;
  });
  return good && readable && std::cout ? 0 : 1;
}

}  // namespace meridian::host
