// SPDX-License-Identifier: Apache-2.0
// What a referral's page says of coverage.
#include <gtest/gtest.h>

#include "web/inbox_page.h"

namespace meridian::web {
namespace {

/// Without the marks of what is English.
std::string page_of(const std::string& said, Language language) {
  static const std::vector<Translated> phrases = {
      {"no coverage is on record", "no hay cobertura"},
      {"Medicare, chronic low back pain", "Medicare, dolor lumbar crónico"},
      {"uncertain", "incierto"},
      {"not known", "no se sabe"}};
  static const Translation spanish(phrases);
  InboxReferral referral;
  referral.statements = {{"coverage", said, "C1", "", ""}};
  Speech speech;
  speech.language = language;
  speech.rules = &spanish;
  auto page = referral_html(speech, referral, "");
  for (const std::string mark : {"<span lang=\"en\" dir=\"auto\">", "</span>"}) {
    for (auto at = page.find(mark); at != std::string::npos; at = page.find(mark, at)) {
      page.erase(at, mark.size());
    }
  }
  return page;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(CoverageWords, TheAnswerStandsOut) {
  const auto page =
      page_of("Medicare, chronic low back pain: not covered: pain of the low back", Language::en);
  EXPECT_TRUE(has(page,
                  "<li>Medicare, chronic low back pain: <strong>not covered</strong>: "
                  "pain of the low back"))
      << page;
  const auto spanish =
      page_of("Medicare, chronic low back pain: uncertain: no coverage is on record", Language::es);
  EXPECT_TRUE(has(spanish,
                  "<li>Medicare, dolor lumbar crónico: <strong>incierto</strong>: "
                  "no hay cobertura"))
      << spanish;
}

TEST(CoverageWords, AProgrammeOfTheSiteHasTheNameThatTheSiteGaveIt) {
  const auto page = page_of("Lake <i> plan: covered: <b>", Language::en);
  EXPECT_TRUE(has(page, "Lake &lt;i&gt; plan: <strong>covered</strong>: &lt;b&gt;")) << page;
}

TEST(CoverageWords, WithoutAProgrammeAndInOtherWordsNothingIsLost) {
  EXPECT_TRUE(has(page_of("not known: no coverage is on record", Language::es),
                  "<li><strong>no se sabe</strong>: no hay cobertura"));
  EXPECT_TRUE(has(page_of("12 visits are left: ask", Language::en), "12 visits are left: ask"));
  EXPECT_TRUE(has(page_of("A: b: covered: c", Language::en), "A: b: covered: c"));
  EXPECT_TRUE(has(page_of("none", Language::en), "none"));
}

}  // namespace
}  // namespace meridian::web
