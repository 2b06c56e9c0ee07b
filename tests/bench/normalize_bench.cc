// SPDX-License-Identifier: Apache-2.0
// Bundle to normalized model, against a bare RapidJSON DOM parse of the same minified bytes; and
// the peak memory of NDJSON with a Bundle per line.
//
//     normalize_bench [ROUNDS]
//
// Prints one JSON object per line. Times are processor time of the thread, over passes through the
// whole corpus in turns (DOM, model, hash, DOM, ...). The ratio is of each side's fastest pass,
// which others on the machine disturbed least; the median of the rounds' own ratios stands beside
// it. Absolute times are of this machine; the ratios travel.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <istream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/hash.h"
#include "bench/timing.h"
#include "fhir/read/reader.h"
#include "places.h"

namespace {

using meridian::bench::cpu_seconds;
using meridian::bench::fastest;
using meridian::bench::median;
namespace fs = std::filesystem;
using Corpus = std::vector<std::string>;

std::string text_of(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

/// The bytes without the white space between tokens.
std::string minified(const std::string& text) {
  std::string out;
  out.reserve(text.size());
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!quoted && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
    out.push_back(c);
    if (quoted && c == '\\') out.push_back(text[++i]);
    if (c == '"') quoted = !quoted;
  }
  return out;
}

Corpus large_bundles(const fs::path& folder) {
  Corpus corpus;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    corpus.push_back(minified(text.str()));
  }
  return corpus;
}

/// The encounter that a resource names, in whichever element; empty when none.
std::string encounter_of(const rapidjson::Value& resource) {
  for (const char* name : {"encounter", "context"}) {
    const auto found = resource.FindMember(name);
    if (found == resource.MemberEnd() || !found->value.IsObject()) continue;
    const auto reference = found->value.FindMember("reference");
    if (reference != found->value.MemberEnd()) return reference->value.GetString();
  }
  return "";
}

constexpr const char* order =
    R"(,{"fullUrl":"urn:uuid:9c0e1f5a-7d1b-4a55-9d5e-0f6b0f7b2a11","resource":{"resourceType":)"
    R"("ServiceRequest","id":"9c0e1f5a-7d1b-4a55-9d5e-0f6b0f7b2a11","status":"active","intent":)"
    R"("order","priority":"routine","code":{"coding":[{"system":"http://snomed.info/sct","code":)"
    R"("44868003","display":"Acupuncture"}],"text":"Acupuncture"},"subject":{"reference":"%s"},)"
    R"("authoredOn":"2024-03-05T09:30:00-05:00","reasonCode":[{"coding":[{"system":)"
    R"("http://hl7.org/fhir/sid/icd-10-cm","code":"M54.50","display":"Low back pain"}]}]},)"
    R"("request":{"method":"POST","url":"ServiceRequest"}})";

/// Bundles as an EHR sends them on one event: patient, what belongs to one encounter, an order.
Corpus event_bundles(const Corpus& large) {
  Corpus corpus;
  for (const auto& text : large) {
    rapidjson::Document bundle;
    bundle.Parse(text.data(), text.size());
    if (!bundle.HasMember("entry") || !bundle["entry"].IsArray()) continue;
    std::string patient;
    std::string patient_url;
    std::map<std::string, std::string> visits;
    for (const auto& entry : bundle["entry"].GetArray()) {
      if (!entry.HasMember("resource")) continue;
      const auto& resource = entry["resource"];
      const std::string type = resource["resourceType"].GetString();
      const std::string url = entry.HasMember("fullUrl") ? entry["fullUrl"].GetString() : "";
      if (type == "Patient") {
        patient = text_of(entry);
        patient_url = url;
      }
      const auto visit = type == "Encounter" ? url : encounter_of(resource);
      if (!visit.empty()) visits[visit] += "," + text_of(entry);
    }
    if (patient.empty()) continue;
    char request[2048];
    std::snprintf(request, sizeof request, order, patient_url.c_str());
    for (const auto& [url, entries] : visits) {
      auto& text_of_event =
          corpus.emplace_back(R"({"resourceType":"Bundle","type":"transaction","entry":[)");
      text_of_event.append(patient).append(entries).append(request).append("]}");
    }
  }
  return corpus;
}

void parse_dom(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  if (document.HasParseError()) std::abort();
}

void read_model(const std::string& text) {
  static const meridian::ReadOptions options{.source_id = "north-ehr",
                                             .message_id = "01JD4Z7W3M5Q8T2V6X9Y0B1C2D"};
  const auto set = meridian::read_fhir(text, options);
  if (!set || set->resources.empty()) std::abort();
}

/// One line of the results. A ratio at or below its goal meets it.
void print_result(const std::string& name, double ratio, double goal, const std::string& details) {
  std::printf(
      "{\"bench\":\"normalize\",\"case\":\"%s\",\"ratio\":%.3f,\"goal\":%.2f,\"better\":\"lower\","
      "\"met\":%s,%s}\n",
      name.c_str(), ratio, goal, ratio <= goal ? "true" : "false", details.c_str());
  std::fflush(stdout);
}

template <typename Work>
double pass(const Corpus& corpus, Work work) {
  const double begin = cpu_seconds();
  for (const auto& text : corpus) work(text);
  return cpu_seconds() - begin;
}

void compare(const char* name, const Corpus& corpus, int rounds) {
  std::vector<double> ratios;
  std::vector<double> dom;
  std::vector<double> model;
  std::vector<double> hash;
  std::size_t bytes = 0;
  for (const auto& text : corpus) bytes += text.size();
  pass(corpus, parse_dom);  // warms caches and the allocator
  pass(corpus, read_model);
  for (int round = 0; round < rounds; ++round) {
    dom.push_back(pass(corpus, parse_dom));
    model.push_back(pass(corpus, read_model));
    hash.push_back(pass(corpus, [](const std::string& text) { meridian::sha256(text); }));
    ratios.push_back(model.back() / dom.back());
  }
  const auto speed = [&](const std::vector<double>& times) {
    return static_cast<double>(bytes) / fastest(times) / 1e6;
  };
  char details[256];
  std::snprintf(details, sizeof details,
                "\"documents\":%zu,\"mean_bytes\":%zu,\"rounds\":%d,\"model_MBps\":%.0f,"
                "\"dom_MBps\":%.0f,\"sha256_MBps\":%.0f,\"sha256_to_dom\":%.3f,"
                "\"median_ratio\":%.3f",
                corpus.size(), bytes / corpus.size(), rounds, speed(model), speed(dom), speed(hash),
                fastest(hash) / fastest(dom), median(ratios));
  print_result(name, fastest(model) / fastest(dom), 0.75, details);
}

/// A stream of `count` lines that are never in memory together.
class Lines : public std::streambuf {
 public:
  Lines(const Corpus& corpus, std::size_t count) : corpus_(corpus), left_(count) {}

 protected:
  int_type underflow() override {
    if (left_ == 0) return traits_type::eof();
    --left_;
    line_ = corpus_[left_ % corpus_.size()] + "\n";
    setg(line_.data(), line_.data(), line_.data() + line_.size());
    return traits_type::to_int_type(*gptr());
  }

 private:
  const Corpus& corpus_;
  std::size_t left_;
  std::string line_;
};

/// Peak resident memory of this process in MiB, since it was last reset.
double peak_mib(bool reset) {
  if (reset) std::ofstream("/proc/self/clear_refs") << 5;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

/// What a child process does: reads that many lines, prints its peak memory.
void stream_lines(const Corpus& corpus, std::size_t lines) {
  peak_mib(true);
  Lines buffer(corpus, lines);
  std::istream stream(&buffer);
  std::size_t read = 0;
  const auto done = meridian::read_ndjson(stream, {}, [&](const meridian::NdjsonLine& line) {
    read += line.records ? 1 : 0;
    return true;
  });
  if (!done || read != lines) std::abort();
  std::printf("%.2f\n", peak_mib(false));
}

/// Peak memory of a new process that reads so many lines.
double peak_of_child(std::size_t lines) {
  const auto self = fs::read_symlink("/proc/self/exe").string();
  FILE* child = ::popen(("'" + self + "' --stream " + std::to_string(lines)).c_str(), "r");
  double peak = 0;
  if (child == nullptr || std::fscanf(child, "%lf", &peak) != 1) std::abort();
  if (::pclose(child) != 0) std::abort();
  return peak;
}

/// Ten times the lines must not take more memory; a tenth is left to the allocator.
void compare_memory(std::size_t lines) {
  const double once = peak_of_child(lines);
  const double tenfold = peak_of_child(lines * 10);
  char details[128];
  std::snprintf(details, sizeof details, "\"lines\":%zu,\"peak_MiB\":%.1f,\"peak_MiB_10x\":%.1f",
                lines, once, tenfold);
  print_result("ndjson_memory_10x_lines", tenfold / once, 1.10, details);
}

}  // namespace

int main(int argc, char** argv) {
  const fs::path folder = fs::path(meridian::test::data_folder()) / "synthea";
  if (!fs::exists(folder)) {
    std::fprintf(stderr, "normalize_bench: no %s; set MERIDIAN_TEST_DATA\n", folder.c_str());
    return 1;
  }
  const Corpus large = large_bundles(folder);
  if (argc == 3 && std::string_view(argv[1]) == "--stream") {
    stream_lines(large, std::strtoul(argv[2], nullptr, 10));
    return 0;
  }
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 41;
  compare("large_bundles", large, rounds);
  compare("event_bundles", event_bundles(large), rounds);
  compare_memory(large.size());
  return 0;
}
