// SPDX-License-Identifier: Apache-2.0
// HL7 v2 message to normalized model, against a memchr split of the same bytes into views of their
// segments and fields: an imaging report (ORU^R01) and a referral (REF^I12), ours and those of the
// test data. Prints JSON lines; besides, how long it takes to copy what was read (copy_us): a model
// that owns its strings cannot be made in less.
//
//     hl7v2_bench [ROUNDS]
//
// Times are processor time of the thread, in turns over the whole corpus; the ratio is of each
// side's fastest pass, which others on the machine disturbed least.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "bench/timing.h"
#include "hl7v2/read/reader.h"
#include "hl7v2/syntax/message.h"
#include "knowledge/knowledge.h"
#include "places.h"

namespace {

using namespace meridian;         // NOLINT: a program of one file
using namespace meridian::bench;  // NOLINT
namespace fs = std::filesystem;
using Corpus = std::vector<std::string>;

/// The single messages of a file, as they travel: segments end with CR.
Corpus messages_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  std::erase(text, '\r');
  std::ranges::replace(text, '\n', '\r');
  Corpus messages;
  for (std::size_t at = text.find("MSH|"); at != std::string::npos;) {
    const auto next = text.find("\rMSH|", at);
    const auto end = next == std::string::npos ? text.size() : next + 1;
    messages.push_back(text.substr(at, end - at));
    at = next == std::string::npos ? next : next + 1;
  }
  return messages;
}

/// All messages of a type under these folders that can be parsed, such as "|ORU^R01".
Corpus corpus_of(const std::vector<fs::path>& folders, std::string_view type) {
  std::vector<fs::path> files;
  for (const auto& folder : folders) {
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const auto ending = entry.path().extension();
      if (ending == ".hl7" || ending == ".hl7s") files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  Corpus corpus;
  for (const auto& file : files) {
    for (auto& message : messages_of(file)) {
      const auto header = std::string_view(message).substr(0, message.find('\r'));
      Issues issues;
      if (header.find(type) == std::string_view::npos || !hl7v2::parse(message, issues)) continue;
      corpus.push_back(std::move(message));
    }
  }
  return corpus;
}

/// Views of the segments and their fields, by memchr alone.
std::size_t split(std::string_view bytes, std::vector<std::string_view>& fields) {
  fields.clear();
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at < end) {
    const auto* found = static_cast<const char*>(std::memchr(at, '\r', size_t(end - at)));
    const char* const line = found == nullptr ? end : found;
    while (at <= line) {
      const auto* bar = static_cast<const char*>(std::memchr(at, '|', size_t(line - at)));
      const char* const stop = bar == nullptr ? line : bar;
      fields.emplace_back(at, size_t(stop - at));
      at = stop + 1;
    }
  }
  return fields.size();
}

/// Microseconds of a message, or of what was read of it, when all of them are gone through.
template <typename One, typename Work>
double pass(const std::vector<One>& corpus, const Work& work) {
  constexpr int times = 20;
  std::size_t seen = 0;
  const double start = cpu_seconds();
  for (int i = 0; i < times; ++i) {
    for (const auto& message : corpus) seen += work(message);
  }
  const double took = cpu_seconds() - start;
  if (seen == 0) std::abort();
  return took * 1e6 / times / static_cast<double>(corpus.size());
}

void run(const char* name, const Corpus& corpus, const hl7v2::ReadSettings& settings, int rounds) {
  constexpr double goal = 2.0;
  if (corpus.empty()) return;
  std::vector<double> splits, parses, reads, copies;
  std::vector<std::string_view> fields;
  std::vector<RecordSet> models;
  std::size_t bytes = 0;
  const auto read = [&](const std::string& one) {
    return hl7v2::read_message(one, settings, {"hospital", std::nullopt});
  };
  for (const auto& message : corpus) {
    bytes += message.size();
    models.push_back(read(message));
  }
  for (int i = 0; i < rounds; ++i) {
    splits.push_back(pass(corpus, [&](const std::string& one) { return split(one, fields); }));
    parses.push_back(pass(corpus, [](const std::string& one) {
      Issues issues;
      return hl7v2::parse(one, issues)->size();
    }));
    reads.push_back(
        pass(corpus, [&](const std::string& one) { return read(one).patients.size(); }));
    copies.push_back(
        pass(models, [](const RecordSet& one) { return RecordSet(one).patients.size(); }));
  }
  const double ratio = fastest(reads) / fastest(splits);
  std::printf(
      "{\"bench\":\"hl7v2\",\"case\":\"%s\",\"ratio\":%.2f,\"goal\":%.1f,\"better\":\"lower\","
      "\"met\":%s,\"messages\":%zu,\"mean_bytes\":%zu,\"split_us\":%.2f,\"parse_us\":%.2f,"
      "\"model_us\":%.2f,\"copy_us\":%.2f}\n",
      name, ratio, goal, ratio <= goal ? "true" : "false", corpus.size(), bytes / corpus.size(),
      fastest(splits), fastest(parses), fastest(reads), fastest(copies));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 21;
  const std::vector<fs::path> folders{
      fs::path(meridian::test::source_folder) / "tests/golden/normalize",
      fs::path(meridian::test::data_folder()) / "hl7v2"};
  Issues issues;
  const auto knowledge = load_knowledge(issues);
  if (!knowledge) return 1;
  hl7v2::ReadSettings settings;
  settings.tables = &knowledge->terminology;
  run("oru_to_model", corpus_of(folders, "|ORU^R01"), settings, rounds);
  run("ref_to_model", corpus_of(folders, "|REF^I12"), settings, rounds);
  return 0;
}
