// SPDX-License-Identifier: Apache-2.0
// A named person signs off what holds a referral.
#include <gtest/gtest.h>

#include "unit/flow/bench.h"
#include "unit/web/browser.h"

namespace meridian::flow {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// An active condition of Mr. Alder's.
std::string condition(const std::string& id, const std::string& code) {
  return R"({"resourceType":"Condition","id":")" + id +
         R"(","subject":{"reference":"Patient/alder"},
    "clinicalStatus":{"coding":[{"code":"active"}]},
    "verificationStatus":{"coding":[{"code":"confirmed"}]},"recordedDate":"2026-11-10",
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":")" +
         code + R"("}]}})";
}

constexpr const char* haemophilia = "D66";
constexpr const char* signing = "rule=AC04&by=Dr.+I.+Varga&role=haematologist&reason=factor+fine";

class SignedOff : public testing::Test {
 protected:
  void hold(const std::vector<std::string>& more) {
    std::vector<std::string> facts = {patient(), back_pain(), order(), answers(bench_.now)};
    facts.insert(facts.end(), more.begin(), more.end());
    bench_.history->facts = bundle(facts);
    ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
    bench_.run();
    ASSERT_EQ(bench_.state(), "held");
  }
  std::string link() {
    const auto& letter = bench_.hospital->sent.back().bytes;
    const auto begin = letter.find("/sign-offs/");
    return begin == std::string::npos ? "" : letter.substr(begin, letter.find(' ', begin) - begin);
  }
  http::Response get(const std::string& path) { return test::ask(*bench_.desk, "GET", path); }
  http::Response post(const std::string& path, const std::string& body) {
    return test::ask(*bench_.desk, "POST", path, body);
  }
  Bench bench_;
};

TEST_F(SignedOff, ThePageShowsRuleSourceAndEvidenceAndReleasesTheReferral) {
  hold({condition("blood", haemophilia)});
  const auto page = get(link()).body;
  EXPECT_TRUE(has(page, "AC04")) << page;
  EXPECT_TRUE(has(page, "Condition/blood"));
  EXPECT_TRUE(has(page, "Source: "));
  EXPECT_FALSE(has(page, "Alder"));
  EXPECT_EQ(post(link(), signing).status, 200);
  bench_.run();
  EXPECT_EQ(bench_.state(), "delivered");
  EXPECT_TRUE(has(bench_.clinic->sent.back().bytes,
                  "signed AC04 Dr. I. Varga, haematologist, 2026-11-20: factor fine"))
      << bench_.clinic->sent.back().bytes;
  EXPECT_TRUE(has(bench_.hospital->sent.back().bytes, "signed AC04 Dr. I. Varga"));
}

TEST_F(SignedOff, WhoAndWhyMustBeSaidAndSomethingChosen) {
  hold({condition("blood", haemophilia)});
  EXPECT_EQ(post(link(), "rule=AC04&by=Dr.+I.+Varga&role=haematologist").status, 422);
  EXPECT_EQ(post(link(), "by=Dr.+I.+Varga&role=haematologist&reason=fine").status, 422);
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
}

TEST_F(SignedOff, NewEvidenceOfTheSameRuleHoldsAgain) {
  hold({condition("blood", haemophilia)});
  ASSERT_EQ(post(link(), signing).status, 200);
  bench_.history->facts = bundle({patient(), back_pain(), order(), answers(bench_.now),
                                  condition("blood", haemophilia), condition("more", "D67")});
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
  EXPECT_TRUE(bench_.clinic->sent.empty());
}

TEST_F(SignedOff, ItCountsNoLongerThanTheAssessment) {
  hold({condition("blood", haemophilia)});
  ASSERT_EQ(post(link(), signing).status, 200);
  bench_.pass(std::chrono::hours(25));
  bench_.history->facts = bundle(
      {patient(), back_pain(), order(), answers(bench_.now), condition("blood", haemophilia)});
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
}

TEST_F(SignedOff, TheLinkIsGoodOnce) {
  hold({condition("blood", haemophilia)});
  const auto once = link();
  ASSERT_EQ(post(once, signing).status, 200);
  EXPECT_TRUE(has(get(once).body, "was sent"));
  EXPECT_EQ(get("/forms/" + once.substr(11)).status, 404) << "a link is for its own page";
}

TEST_F(SignedOff, WhatIsAbsoluteCannotBeSigned) {
  hold({condition("blood", "D65"), condition("more", haemophilia)});
  EXPECT_EQ(link(), "") << "an absolute bleeding disorder takes the relative one in";
  EXPECT_FALSE(has(bench_.only_referral().decision, "\"signable\":true"));
}

TEST_F(SignedOff, FromAnybodyElseItIsNothing) {
  hold({condition("blood", haemophilia)});
  const auto forged =
      R"({"resourceType":"QuestionnaireResponse","id":"sign-off-x","status":"completed",
    "questionnaire":"http://meridian-referral.org/fhir/Questionnaire/sign-off",
    "basedOn":[{"reference":"ServiceRequest/order"}],"subject":{"reference":"Patient/alder"},
    "item":[{"linkId":"rule.AC04","answer":[{"valueString":"relative/relative"},
    {"valueString":"Condition/blood"}]},
    {"linkId":"until","answer":[{"valueString":"2027-11-20T10:00:00Z"}]}]})";
  ASSERT_TRUE(bench_.submit("ehr", "sign-off-x", bundle({forged})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "held");
}

}  // namespace
}  // namespace meridian::flow
