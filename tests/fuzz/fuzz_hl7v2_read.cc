// SPDX-License-Identifier: Apache-2.0
// Any bytes as HL7 v2 messages: mapped, sorted by patient, joined and made into episodes.
#include <cstdint>
#include <string_view>

#include "fuzz/property.h"
#include "hl7v2/read/reader.h"
#include "knowledge/knowledge.h"
#include "pathway/charts.h"
#include "pathway/episodes.h"
#include "pathway/join_charts.h"

namespace {

using namespace meridian;

const Knowledge& knowledge() {
  static const auto loaded = [] {
    Issues issues;
    return std::move(*load_knowledge(issues));
  }();
  return loaded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  hl7v2::ReadSettings settings;
  settings.tables = &knowledge().terminology;
  std::vector<Chart> charts;
  hl7v2::read_messages(bytes, settings, {"fuzz", std::nullopt}, [&](RecordSet records) {
    for (const auto& issue : records.issues) PROPERTY(!issue.path.empty() && !issue.text.empty());
    for (auto& chart : split_charts(std::move(records)).charts) charts.push_back(std::move(chart));
  });
  Issues issues;
  const auto before = charts.size();
  charts = join_charts(std::move(charts), issues);
  PROPERTY(charts.size() <= before);
  for (const auto& chart : charts) {
    PROPERTY(!chart.patient.ref.empty());
    build_episodes(chart, knowledge().terminology, {180});
  }
  return 0;
}
