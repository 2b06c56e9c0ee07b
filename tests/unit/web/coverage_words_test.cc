// SPDX-License-Identifier: Apache-2.0
// What a referral's page says of coverage.
#include <gtest/gtest.h>

#include "web/inbox_page.h"

namespace meridian::web {
namespace {

std::string page_of(const std::string& said, Language language) {
  static const std::vector<Translated> phrases = {{"no coverage is on record", "no hay cobertura"}};
  static const Translation spanish(phrases);
  InboxReferral referral;
  referral.statements = {{"coverage", said, "C1", "", ""}};
  Speech speech;
  speech.language = language;
  speech.rules = &spanish;
  return referral_html(speech, referral, "");
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(CoverageWords, AProgrammeHasItsNameAndItsAnswerIsInWords) {
  const auto page = page_of("CMS_NCD_30_3_3 not_covered: pain of the low back", Language::en);
  EXPECT_TRUE(has(page,
                  "Medicare, acupuncture for chronic low back pain (NCD 30.3.3): "
                  "<strong>not covered</strong>. "))
      << page;
  EXPECT_TRUE(has(page, "pain of the low back")) << page;
  EXPECT_FALSE(has(page, "CMS_NCD") || has(page, "not_covered")) << page;
  const auto spanish = page_of("CMS_NCD_30_3_3 uncertain: no coverage is on record", Language::es);
  EXPECT_TRUE(has(spanish,
                  "dolor lumbar crónico (NCD 30.3.3): <strong>incierto</strong>. "
                  "no hay cobertura"))
      << spanish;
}

TEST(CoverageWords, AProgrammeOfTheSiteIsSaidToBeOne) {
  const auto page = page_of("LAKE_PLAN_2 covered: <b>", Language::en);
  EXPECT_TRUE(has(page, "Payer rules LAKE_PLAN_2: <strong>covered</strong>. ")) << page;
  EXPECT_TRUE(has(page, "&lt;b&gt;")) << page;
}

TEST(CoverageWords, WithoutAProgrammeAndInOtherWordsNothingIsLost) {
  EXPECT_TRUE(has(page_of("unknown: no coverage is on record", Language::es),
                  "<li><strong>se desconoce</strong>. no hay cobertura"));
  EXPECT_TRUE(has(page_of("12 visits are left: ask", Language::en), "12 visits are left: ask"));
  EXPECT_TRUE(has(page_of("none", Language::en), "none"));
}

}  // namespace
}  // namespace meridian::web
