// SPDX-License-Identifier: Apache-2.0
// The clinical content a site works with, and the guideline that it follows.
#include <gtest/gtest.h>

#include "host/config.h"
#include "host/site.h"
#include "places.h"

namespace meridian::host {
namespace {

TEST(SiteContent, FollowsTheGuidelineThatTheSiteChose) {
  Issues issues;
  Config config;
  config.guideline = "NICE_NG59";
  const auto chosen = load_site_knowledge(config, issues);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->rules.guideline, "NICE_NG59");
  EXPECT_TRUE(issues.empty());
}

TEST(SiteContent, FollowsTheDefaultWhichTheExampleNames) {
  Issues issues;
  const auto by_default = load_site_knowledge(Config(), issues);
  const auto example =
      load_config(std::string(test::source_folder) + "/plugin/host/meridian.example.toml", issues);
  ASSERT_TRUE(by_default);
  EXPECT_EQ(by_default->rules.guideline, "ACP_2017");
  EXPECT_EQ(example.guideline, "ACP_2017");
}

TEST(SiteContent, NamesAGuidelineThatThereIsNot) {
  Issues issues;
  Config config;
  config.file = "site.toml";
  config.guideline = "NICE";
  EXPECT_FALSE(load_site_knowledge(config, issues));
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_EQ(issues[0].path, "site.toml");
  EXPECT_EQ(issues[0].text,
            "guideline \"NICE\" in [profiles] is none of ACP_2017 WHO_2023 NICE_NG59 CMS_NCD");
}

}  // namespace
}  // namespace meridian::host
