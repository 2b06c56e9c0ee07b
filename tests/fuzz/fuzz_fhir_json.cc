// SPDX-License-Identifier: Apache-2.0
// Any bytes through the reader, the charts, the episodes and the report.
#include <cstdint>
#include <string_view>

#include <rapidjson/document.h>

#include "fhir/read/reader.h"
#include "fuzz/property.h"
#include "pathway/charts.h"
#include "pathway/episodes.h"
#include "report/episode_json.h"

namespace {

using namespace meridian;

/// Every span lies in the message, and every issue is complete.
void check_records(const RecordSet& records, std::string_view bytes) {
  for (const auto& span : records.resources) {
    PROPERTY(span.offset <= bytes.size() && span.size <= bytes.size() - span.offset);
    PROPERTY(span.size == 0 || bytes[span.offset] == '{');
  }
  for (const auto& issue : records.issues) PROPERTY(!issue.code.empty() && !issue.text.empty());
}

/// What is printed is one line of JSON.
void check_line(const std::string& line) {
  PROPERTY(line.find('\n') == std::string::npos);
  rapidjson::Document parsed;
  parsed.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(line.data(),
                                                                                       line.size());
  PROPERTY(!parsed.HasParseError());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadOptions options;
  options.max_resources = 2'000;
  options.max_values = 50'000;
  auto records = read_fhir(bytes, options);
  if (!records) {
    PROPERTY(error_row(records.error().code).retry == RetryClass::permanent);
    return 0;
  }
  check_records(*records, bytes);
  const Terminology no_codes;
  const Issues issues = records->issues;
  for (const auto& chart : split_charts(std::move(*records)).charts) {
    check_line(report::episode_line(chart, build_episodes(chart, no_codes), issues));
  }
  return 0;
}
