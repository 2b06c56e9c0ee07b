// SPDX-License-Identifier: Apache-2.0
// Groups and acts by state, and the reasons of a decline.
#include "fhir/inbox/standing.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "fhir/inbox/reasons.h"

namespace meridian::fhir {
namespace {

const std::vector<std::string> open = {"requested", "received",    "accepted",
                                       "rejected",  "in-progress", "on-hold"};

TEST(InboxStanding, EachStateIsInTheGroupOfWhoseTurnItIs) {
  const auto group = [](const char* status, const char* word,
                        const std::vector<std::string>& next) {
    return group_of({status, word}, next);
  };
  EXPECT_EQ(group("requested", "sent", open), InboxGroup::fresh);
  EXPECT_EQ(group("received", "in_triage", open), InboxGroup::ours);
  EXPECT_EQ(group("accepted", "accepted", open), InboxGroup::ours);
  EXPECT_EQ(group("on-hold", "need_info", open), InboxGroup::theirs);
  EXPECT_EQ(group("on-hold", "unreachable", open), InboxGroup::ours);
  EXPECT_EQ(group("in-progress", "scheduled", open), InboxGroup::booked);
  EXPECT_EQ(group("in-progress", "no_show", open), InboxGroup::ours);
  EXPECT_EQ(group("in-progress", "in_course", open), InboxGroup::in_course);
  EXPECT_EQ(group("completed", "", {"completed"}), InboxGroup::closed);
  EXPECT_EQ(group("accepted", "accepted", {}), InboxGroup::closed) << "another clinic has it";
  EXPECT_EQ(group("in-progress", "scheduled", {"failed", "cancelled"}), InboxGroup::ours)
      << "the end is to be confirmed";
}

TEST(InboxStanding, NothingMayBeSaidWhereNothingMayFollow) {
  EXPECT_TRUE(acts_of({"accepted", "accepted"}, {}).empty());
  const auto acts = acts_of({"requested", "sent"}, open);
  EXPECT_EQ(acts.front(), InboxAct::accept);
  EXPECT_EQ(acts.back(), InboxAct::red_flag);
  EXPECT_EQ(std::count(acts.begin(), acts.end(), InboxAct::visit), 0) << "first it is accepted";
}

TEST(InboxStanding, TheReasonsOfADeclineAreThereInBothLanguages) {
  EXPECT_GE(decline_reasons().size(), 8u);
  for (const auto& reason : decline_reasons()) {
    EXPECT_FALSE(reason.en.empty());
    EXPECT_NE(reason.en, reason.es) << reason.code;
  }
  EXPECT_TRUE(decline_coding("no-capacity"));
  EXPECT_FALSE(decline_coding("made-up"));
}

}  // namespace
}  // namespace meridian::fhir
