// SPDX-License-Identifier: Apache-2.0
// Messages from a few lines, and the tables of fhir-profiles/v2.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "hl7v2/read/reader.h"
#include "knowledge/knowledge.h"

namespace meridian::hl7v2 {

inline const Knowledge& knowledge() {
  static const auto loaded = [] {
    Issues issues;
    auto knowledge = load_knowledge(issues);
    EXPECT_TRUE(knowledge) << (issues.empty() ? "" : issues[0].text);
    return std::move(*knowledge);
  }();
  return loaded;
}

inline ReadSettings settings() {
  ReadSettings settings;
  settings.tables = &knowledge().terminology;
  return settings;
}

inline RecordSet read(const std::string& type, const std::string& rest,
                      ReadSettings with = settings()) {
  const std::string msh =
      "MSH|^~\\&|APP|FAC|MERIDIAN|SITE|20260401101500-0500||" + type + "|C1|P|2.5.1\r";
  return read_message(msh + rest, with, {"hospital", std::nullopt});
}

inline const std::string pid = "PID|1||7^^^FAC^MR||DOE^JANE||19700101|F\r";

inline std::string issues_of(const RecordSet& records) {
  std::string text;
  for (const auto& issue : records.issues) {
    text +=
        std::string(severity_name(issue.severity)) + ' ' + issue.path + ": " + issue.text + '\n';
  }
  return text;
}

inline bool has_issue(const RecordSet& records, const std::string& path) {
  for (const auto& issue : records.issues) {
    if (issue.path == path) return true;
  }
  return false;
}

}  // namespace meridian::hl7v2
