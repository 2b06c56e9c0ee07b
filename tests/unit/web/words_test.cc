// SPDX-License-Identifier: Apache-2.0
// The catalogues: every text in both languages, with the same places.
#include <algorithm>

#include <gtest/gtest.h>

#include "web/inbox_look.h"
#include "web/link_page.h"
#include "web/operations_look.h"
#include "web/people_page.h"
#include "web/surgeon_look.h"

namespace meridian::web {
namespace {

constexpr ErrorCode all_errors[] = {
#define MERIDIAN_ERROR(name, abi, issue, http, msa, retry, fix) ErrorCode::name,
#include "base/error_table.def"
#undef MERIDIAN_ERROR
};

std::string places_in(const std::string& text) {
  std::string places;
  for (const auto* place : {"{0}", "{1}", "{2}"}) {
    if (text.find(place) != std::string::npos) places += place;
  }
  return places;
}

TEST(AllWords, AreThereInBothLanguages) {
  ASSERT_GT(inbox_words().texts().size(), 150u);
  ASSERT_GT(link_words().texts().size(), 60u);
  ASSERT_GT(people_words().texts().size(), 60u);
  ASSERT_GT(surgeon_words().texts().size(), 100u);
  ASSERT_GT(operations_words().texts().size(), 350u);
  ASSERT_GT(told_words().texts().size(), 350u);
  for (const auto* words : {&inbox_words(), &link_words(), &people_words(), &surgeon_words(),
                            &operations_words(), &told_words()}) {
    for (const auto& [key, texts] : words->texts()) {
      EXPECT_FALSE(texts[0].empty()) << key;
      EXPECT_FALSE(texts[1].empty()) << key;
      EXPECT_EQ(places_in(texts[0]), places_in(texts[1])) << key;
    }
  }
}

TEST(OperationsWords, EveryFixOfAnErrorIsToldInSpanish) {
  const auto told = told_in_spanish({});
  for (const auto code : all_errors) {
    const auto& row = error_row(code);
    for (const auto& piece : told.of(row.fix)) EXPECT_FALSE(piece.english) << row.name;
    const auto retry = "retry." + std::string(retry_class_name(row.retry));
    EXPECT_TRUE(operations_words().has(retry)) << retry;
  }
}

TEST(OperationsWords, EachEnglishTextThatIsToldHasOneSpanish) {
  std::map<std::string, std::string> told;
  for (const auto& [key, texts] : told_words().texts()) {
    EXPECT_TRUE(told.emplace(texts[0], key).second) << key << " and " << told[texts[0]];
  }
}

TEST(InboxWords, EachActHasItsWords) {
  for (const auto* act : {"accept", "decline", "ask", "propose", "book", "visit", "missed",
                          "report", "give-back", "red-flag", "confirm"}) {
    for (const std::string key : {"act.%", "act.%.title", "act.%.help", "done.%", "field.text.%"}) {
      auto whole = key;
      whole.replace(whole.find('%'), 1, act);
      EXPECT_TRUE(inbox_words().has(whole)) << whole;
    }
  }
}

TEST(InboxWords, TimesAreThoseOfTheClockOnTheWall) {
  Speech speech;
  speech.now = *parse_instant("2026-11-20T10:00:00Z");
  speech.wall.local = [](Instant at) { return at - std::chrono::hours(5); };
  EXPECT_EQ(speech.time(*parse_instant("2026-11-24T02:30:00Z")),
            "<time datetime=\"2026-11-24T02:30:00.000Z\">23 Nov 2026, 21:30</time>");
  EXPECT_EQ(speech.deadline(*parse_instant("2026-11-24T05:00:00Z")),
            "the end of <time datetime=\"2026-11-23\">23 Nov 2026</time>");
  EXPECT_EQ(speech.deadline(*parse_instant("2026-11-24T15:00:00Z")),
            "<time datetime=\"2026-11-24T15:00:00.000Z\">24 Nov 2026, 10:00</time>");
  EXPECT_EQ(speech.since(*parse_instant("2026-11-20T09:13:00Z")), "for 47 min");
  EXPECT_EQ(speech.since(*parse_instant("2026-11-15T09:13:00Z")), "for 5 days");
  EXPECT_EQ(speech.age("1961-11-21"), "64 years") << "the birthday is tomorrow";
  EXPECT_EQ(speech.age("1961"), "");
  speech.language = Language::es;
  EXPECT_EQ(speech.day("2026-01-05"), "<time datetime=\"2026-01-05\">5 ene 2026</time>");
}

TEST(InboxWords, ANameOfAnotherScriptTurnsNothingAroundIt) {
  EXPECT_EQ(isolated("<b>"), "<bdi>&lt;b&gt;</bdi>");
}

}  // namespace
}  // namespace meridian::web
