// SPDX-License-Identifier: Apache-2.0
#include "packet/course.h"

#include <algorithm>
#include <array>

#include "packet/coded.h"

namespace meridian::packet {
namespace {

constexpr std::string_view adverse_events = "adverse.acupuncture";

/// Treatment of the kinds that a surgeon asks about before operating.
bool is_conservative(const std::string& category) {
  constexpr std::array kinds = {std::string_view("acupuncture"), std::string_view("dry_needling"),
                                std::string_view("manual_therapy"),
                                std::string_view("physical_therapy"),
                                std::string_view("spine_injection")};
  return std::find(kinds.begin(), kinds.end(), category) != kinds.end();
}

template <typename T>
void add_adverse(const std::vector<T>& records, const std::string& patient,
                 const Terminology& terminology, std::vector<std::string>& course) {
  for (const auto& record : records) {
    if (record.subject.target != patient) continue;
    for (const auto& coded : codes_of(record)) {
      if (terminology.contains(adverse_events, coded)) course.push_back(record.ref);
    }
  }
}

}  // namespace

std::vector<std::string> course_of(const Chart& chart, const std::vector<Episode>& episodes,
                                   const Terminology& terminology) {
  std::vector<std::string> course;
  for (const auto& episode : episodes) {
    for (const auto& procedure : episode.procedures) {
      if (is_conservative(procedure.category)) course.push_back(procedure.ref);
    }
    for (const auto& score : episode.scores) course.push_back(score.ref);
    for (const auto& medication : episode.medications) course.push_back(medication.ref);
  }
  add_adverse(chart.records.conditions, chart.patient.ref, terminology, course);
  add_adverse(chart.records.observations, chart.patient.ref, terminology, course);
  return course;
}

void add_course(const RecordSet& records, const std::vector<std::string>& course,
                std::vector<std::string>& candidates) {
  const auto is_there = [&](const std::string& ref) {
    bool there = false;
    for_each_list(records, [&](const auto& list) {
      there = there || std::any_of(list.begin(), list.end(),
                                   [&](const auto& record) { return record.ref == ref; });
    });
    return there;
  };
  for (const auto& ref : course) {
    const bool taken = std::find(candidates.begin(), candidates.end(), ref) != candidates.end();
    if (!taken && is_there(ref)) candidates.push_back(ref);
  }
}

}  // namespace meridian::packet
