// SPDX-License-Identifier: Apache-2.0
// A course stops, a referral to the surgeon is prepared, and a named person releases it or does
// not.
#include <algorithm>

#include <gtest/gtest.h>

#include "unit/flow/reviewed.h"
#include "unit/web/browser.h"

namespace meridian::flow {
namespace {

constexpr const char* release = "by=Dr.+I.+Varga&role=spine+surgeon&decision=release";
constexpr const char* dismiss =
    "by=Dr.+I.+Varga&role=spine+surgeon&reason=seen+yesterday&decision=dismiss";

std::string needled(const std::string& id, const std::string& day) {
  return R"({"resourceType":"Procedure","id":")" + id +
         R"(","status":"completed","subject":{"reference":"Patient/alder"},
    "code":{"coding":[{"system":"http://snomed.info/sct","code":"44868003"}]},
    "performedDateTime":")" +
         day + R"("})";
}

std::string pain(const std::string& id, const std::string& value, const std::string& day) {
  return R"({"resourceType":"Observation","id":")" + id +
         R"(","status":"final","subject":{"reference":"Patient/alder"},
    "code":{"coding":[{"system":"http://loinc.org","code":"72514-3"}]},
    "effectiveDateTime":")" +
         day + R"(","valueQuantity":{"value":)" + value + "}}";
}

/// Two visits, and a fracture that was found after the first.
std::vector<std::string> stopped_course() {
  auto found = fracture();
  found.replace(found.find("2026-11-10"), 10, "2026-11-22");
  return {back_pain(),
          needled("v1", "2026-11-21"),
          needled("v2", "2026-11-23"),
          pain("before", "6", "2026-11-20"),
          pain("after", "7", "2026-11-23"),
          found};
}

class PreparedReturn : public Reviewed {
 protected:
  void stop() {
    accept();
    record(stopped_course());
    for (int i = 0; i < 4; ++i) look();
    ASSERT_EQ(worklist(), "decision-reopened");
  }

  std::vector<std::string> pages() {
    std::vector<std::string> links;
    for (const auto& letter : news_to_hospital()) {
      const auto begin = letter.find("/returns/");
      if (begin == std::string::npos) continue;
      links.push_back(letter.substr(begin, letter.find(' ', begin) - begin));
    }
    return links;
  }

  std::vector<std::string> returns() {
    auto letters = news_to_hospital();
    std::erase_if(letters, [](const auto& letter) { return !letter.starts_with("return "); });
    return letters;
  }

  http::Response get(const std::string& path) { return test::ask(*bench_.desk, "GET", path); }
  http::Response post(const std::string& path, const std::string& body) {
    return test::ask(*bench_.desk, "POST", path, body);
  }
};

TEST_F(PreparedReturn, IsOfferedWithWhyAndWhatGoesAlongAndNothingIsSentByItself) {
  stop();
  ASSERT_FALSE(pages().empty()) << news_to_hospital().back();
  EXPECT_TRUE(has(news_to_hospital()[0], "waits for a named person")) << news_to_hospital()[0];
  const auto page = get(pages().back());
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(has(page.body, "ServiceRequest/order")) << page.body;
  EXPECT_TRUE(has(page.body, "urgent"));
  EXPECT_TRUE(has(page.body, "rule D2, source ACR21"));
  EXPECT_TRUE(has(page.body, "NRS 6, now 7"));
  EXPECT_TRUE(has(page.body, "Procedure/v1"));
  EXPECT_TRUE(has(page.body, "Condition/fracture"));
  EXPECT_FALSE(has(page.body, "Alder"));
  EXPECT_FALSE(has(page.body, "<script"));
  for (int i = 0; i < 3; ++i) look();
  EXPECT_TRUE(returns().empty());
}

TEST_F(PreparedReturn, ReleasedItGoesToTheSurgeonOnceWithItsPacket) {
  stop();
  const auto link = pages().back();
  ASSERT_EQ(post(link, release).status, 200);
  bench_.run();
  ASSERT_EQ(returns().size(), 1U);
  const auto sent = returns().front();
  EXPECT_TRUE(has(sent, "released by Dr. I. Varga, spine surgeon")) << sent;
  EXPECT_TRUE(has(sent, "order active urgent")) << sent;
  EXPECT_TRUE(has(sent, "with Procedure/v1")) << sent;
  EXPECT_TRUE(has(sent, "URGENT")) << sent;
  EXPECT_EQ(audits("return_released"), std::vector<std::string>{id_});
  EXPECT_TRUE(has(get(link).body, "was decided"));
  EXPECT_EQ(post(link, release).status, 200);
  const auto offered = pages().size();
  for (int i = 0; i < 5; ++i) look();
  EXPECT_EQ(returns().size(), 1U) << "once, whatever is sent on the page again";
  EXPECT_EQ(pages().size(), offered) << "what was decided is not asked again";
  EXPECT_EQ(bench_.state(), "accepted") << "the clinic's word stands";
}

TEST_F(PreparedReturn, DismissedItIsNotSentAndTheReasonIsKept) {
  stop();
  const auto link = pages().back();
  EXPECT_EQ(post(link, "by=Dr.+I.+Varga&role=spine+surgeon&decision=dismiss").status, 422)
      << "without a reason";
  EXPECT_EQ(post(link, "by=Dr.+I.+Varga&role=spine+surgeon").status, 422) << "neither is said";
  EXPECT_EQ(post(link, "role=spine+surgeon&decision=release").status, 422) << "nobody is named";
  ASSERT_EQ(post(link, dismiss).status, 200);
  for (int i = 0; i < 5; ++i) look();
  EXPECT_TRUE(returns().empty());
  EXPECT_EQ(audits("return_dismissed"), std::vector<std::string>{id_});
  const auto events = *bench_.store->events(bench_.only_referral().id);
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const auto& event) {
    return event.kind == "return_dismissed" && has(event.detail, "seen yesterday");
  }));
}

TEST_F(PreparedReturn, AnOldLinkIsOverAndANewOneWasSentBefore) {
  stop();
  const auto first = pages().front();
  for (int i = 0; i < 4; ++i) look();
  EXPECT_EQ(get(first).status, 410);
  EXPECT_NE(pages().back(), first);
  EXPECT_EQ(get(pages().back()).status, 200);
}

TEST_F(PreparedReturn, WhenTheReasonIsGoneNothingWaits) {
  stop();
  const auto link = pages().back();
  record({back_pain(), needled("v1", "2026-11-21"), needled("v2", "2026-11-23")});
  look();
  EXPECT_TRUE(has(get(link).body, "Nothing waits here"));
  ASSERT_EQ(post(link, release).status, 200);
  bench_.run();
  EXPECT_TRUE(returns().empty());
}

TEST_F(PreparedReturn, FromAnybodyElseItIsNothing) {
  stop();
  const auto forged =
      R"({"resourceType":"QuestionnaireResponse","id":"return-x","status":"completed",
    "questionnaire":"http://meridian-referral.org/fhir/Questionnaire/prepared-return",
    "basedOn":[{"reference":"ServiceRequest/order"}],"subject":{"reference":"Patient/alder"},
    "item":[{"linkId":"urgency","answer":[{"valueString":"urgent"}]}]})";
  ASSERT_TRUE(bench_.submit("ehr", "return-x", bundle({forged})));
  bench_.run();
  EXPECT_TRUE(returns().empty());
  EXPECT_EQ(get("/sign-offs/" + pages().back().substr(9)).status, 404);
}

}  // namespace
}  // namespace meridian::flow
