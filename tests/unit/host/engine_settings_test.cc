// SPDX-License-Identifier: Apache-2.0
// What a configuration comes to for the paths.
#include "host/engine_settings.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace meridian::host {
namespace {

TEST(EngineSettings, ReadingIsAskedWhereTheSurgeonsViewShowsItAndTheSiteWantsIt) {
  const auto asked = [](const std::string& more) {
    Issues issues;
    const auto config = read_config(
        "[[hospital]]\nid = \"oak\"\nname = \"Oak\"\nfhir = \"https://oak.example/fhir\"\n" + more,
        "site.toml", "", issues);
    return reading_asked_at(config);
  };
  EXPECT_TRUE(asked("").empty()) << "nobody there could tell";
  EXPECT_EQ(asked("smart_client_id = \"x\"\n"), std::set<std::string>{"oak"});
  EXPECT_TRUE(asked("smart_client_id = \"x\"\nunread_reports = \"leave\"\n").empty());
}

TEST(EngineSettings, WhetherToRemindIsOneOfTwoWords) {
  const auto wrong = [](const std::string& word) {
    Issues issues;
    read_config("[[hospital]]\nid = \"oak\"\nunread_reports = \"" + word + "\"\n", "site.toml", "",
                issues);
    return std::any_of(issues.begin(), issues.end(), [](const Issue& issue) {
      return issue.text.find("unread_reports") != std::string::npos;
    });
  };
  EXPECT_TRUE(wrong("never"));
  EXPECT_FALSE(wrong("leave"));
}

}  // namespace
}  // namespace meridian::host
