// SPDX-License-Identifier: Apache-2.0
#include "host/read_together.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "fhir/read/reader.h"
#include "hl7v2/read/reader.h"
#include "hl7v2/syntax/batch.h"
#include "host/config.h"
#include "pathway/charts.h"
#include "pathway/join_charts.h"

namespace meridian::host {
namespace {

constexpr std::string_view feed = "hl7v2";  ///< source of all messages: they are of one feed

hl7v2::ReadSettings settings_of(const ReadCommand& command, const Terminology& tables,
                                Issues& issues) {
  hl7v2::ReadSettings settings;
  settings.tables = &tables;
  settings.authorities = read_authorities(command.authorities, "--authority", issues);
  return settings;
}

class Collector {
 public:
  explicit Collector(Together& into) : into_(into) {}

  void add(RecordSet records) {
    for (auto& issue : records.issues) {
      if (issue.severity == Severity::fatal) into_.good = false;
      into_.issues.push_back(std::move(issue));
    }
    records.issues.clear();
    auto split = split_charts(std::move(records));
    for (auto& chart : split.charts) into_.charts.push_back(std::move(chart));
    for (auto& issue : split.issues) into_.issues.push_back(std::move(issue));
  }

  void add_unreadable(const std::string& file, const Error& error) {
    into_.good = false;
    into_.issues.push_back({Severity::fatal, std::string(error_row(error.code).fhir_issue), file,
                            std::string(error.what.view())});
  }

 private:
  Together& into_;
};

/// A file of FHIR JSON; loose resources of an NDJSON file belong together.
void read_fhir_file(const std::string& file, std::istream& in, Collector& collector) {
  ReadOptions options;
  options.source_id = file;
  options.message_id = file;
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  auto records = read_fhir(bytes, options);
  if (!records) return collector.add_unreadable(file, records.error());
  collector.add(std::move(*records));
}

}  // namespace

std::unique_ptr<std::istream> open_input(const std::string& file) {
  if (file == "-") {
    static const std::string given{std::istreambuf_iterator<char>(std::cin), {}};
    return std::make_unique<std::istringstream>(given);
  }
  std::error_code no_answer;
  if (std::filesystem::is_directory(file, no_answer)) return nullptr;  // it opens, and then throws
  auto opened = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!*opened) return nullptr;
  return opened;
}

bool is_hl7v2(const std::string& file) {
  constexpr std::size_t enough = 64;
  for (const auto* ending : {".hl7", ".er7", ".hl7s"}) {
    if (file.ends_with(ending)) return true;
  }
  const auto in = open_input(file);
  if (!in) return false;
  std::string begin(enough, '\0');
  in->read(begin.data(), enough);
  begin.resize(static_cast<std::size_t>(in->gcount()));
  return hl7v2::looks_like_hl7v2(begin);
}

Together read_together(const ReadCommand& command, const Terminology& tables) {
  Together together;
  Collector collector(together);
  const auto settings = settings_of(command, tables, together.issues);
  for (const auto& file : command.files) {
    const auto in = open_input(file);
    if (!in) {
      together.good = false;
      together.issues.push_back({Severity::fatal, "not-found", file, "the file cannot be read"});
    } else if (is_hl7v2(file)) {
      const std::string bytes{std::istreambuf_iterator<char>(*in), {}};
      hl7v2::read_messages(bytes, settings, {std::string(feed), std::nullopt},
                           [&](RecordSet records) { collector.add(std::move(records)); });
    } else {
      read_fhir_file(file, *in, collector);
    }
  }
  together.charts = join_charts(std::move(together.charts), together.issues);
  return together;
}

}  // namespace meridian::host
