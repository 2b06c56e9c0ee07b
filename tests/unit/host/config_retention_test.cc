// SPDX-License-Identifier: Apache-2.0
// [retention]: how long bodies are kept.
#include <gtest/gtest.h>

#include "unit/host/config_faults.h"

namespace meridian::host {
namespace {

TEST(Config, BodiesAreKeptForEverUnlessTheSiteSaysOtherwise) {
  Issues issues;
  const auto silent = read_config("", "site.toml", "", issues).retention;
  EXPECT_EQ(silent.messages_days + silent.referrals_days, 0);
  EXPECT_EQ(silent.most_gb, 0);
  issues.clear();
  const auto told = read_config(
                        "[retention]\nmessages_days = 90\nreferrals_days = 2555\nmost_gb = 0.5\n"
                        "least_days = 60\nhold = [\"01KB4ZJ3T0000000000000000A\"]\n",
                        "site.toml", "", issues)
                        .retention;
  EXPECT_TRUE(issues.empty()) << issues.front().text;
  EXPECT_EQ(told.messages_days, 90);
  EXPECT_EQ(told.referrals_days, 2555);
  EXPECT_EQ(told.most_gb, 0.5);
  EXPECT_EQ(told.least_days, 60);
  EXPECT_EQ(told.hold.size(), 1u);
}

TEST(Config, WhatWouldTakeTooMuchAwayIsRefused) {
  EXPECT_EQ(faults("[retention]\nmessages_days = 6\n"),
            Texts{"site.toml:1: [retention]: messages_days must be 0 or at least 7"});
  EXPECT_EQ(faults("[retention]\nmessages_days = 20\nreferrals_days = 29\n"),
            Texts{"site.toml:1: [retention]: referrals_days must be 0 or at least 30"});
  EXPECT_EQ(faults("[retention]\nmessages_days = 91\nreferrals_days = 90\n").size(), 1u);
  EXPECT_EQ(faults("[retention]\nreferrals_days = 90\n").size(), 1u);
  EXPECT_EQ(faults("[retention]\nleast_days = 6\n").size(), 1u);
  EXPECT_EQ(faults("[retention]\nmost_gb = -1\n").size(), 1u);
  EXPECT_EQ(faults("[retention]\nhold = [\"R1\"]\n"),
            Texts{"site.toml:1: [retention] hold: \"R1\" is no id of a referral"});
}

}  // namespace
}  // namespace meridian::host
