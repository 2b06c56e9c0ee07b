// SPDX-License-Identifier: Apache-2.0
// tests/golden/guidelines/cases.json: the same records under each guideline, and that a guideline
// changes nothing else.
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "pathway/assess.h"
#include "pathway/episodes.h"
#include "pathway/sign_off.h"
#include "unit/pathway/golden_charts.h"

namespace meridian::test {
namespace {

ChartBuilder builder_for(const rapidjson::Value& example) {
  ChartBuilder builder;
  if (example["order"].GetBool()) builder.order(snomed("183608005"));
  return builder;
}

Assessment assess_under(const std::string& guideline, const rapidjson::Value& example) {
  RuleBook book = rules();
  book.guideline = guideline;
  const auto chart = golden_chart(builder_for(example), example);
  const auto episodes = build_episodes(chart, terminology(), {book.episode_gap_days});
  const auto history = golden_history(example);
  const auto answers = golden_answers(example);
  const auto& orders = chart.records.service_requests;
  return assess({chart, episodes, orders.empty() ? nullptr : &orders.front(), nullptr, history,
                 answers, terminology(), book, now()});
}

std::vector<std::string> said(const Assessment& assessment) {
  std::set<std::string> services;
  for (const auto& each : assessment.lanes) services.insert(each.service);
  std::string lanes;
  for (const auto& service : services) lanes += (lanes.empty() ? "" : " ") + service;
  const auto& answer = assessment.guideline;
  return {answer.position, answer.phase.empty() ? "-" : answer.phase,
          disposition_name(assessment.disposition), lanes};
}

using Statement = std::tuple<std::string, std::string, std::vector<std::string>>;

/// Everything that is about safety, questions and coverage.
std::set<Statement> rest_of(const Assessment& assessment) {
  std::set<Statement> all;
  for (const auto& each : assessment.flags) all.emplace(each.rule, each.severity, each.evidence);
  for (const auto& each : assessment.cautions) {
    all.emplace(each.rule, each.manual + "/" + each.electro, each.evidence);
  }
  for (const auto& each : assessment.missing) {
    if (each.question != "guideline.wanted") all.emplace(each.rule, each.question, each.evidence);
  }
  for (const auto& each : assessment.coverage) all.emplace(each.rule, each.status, each.evidence);
  return all;
}

TEST(Guidelines, TheSameRecordsUnderEach) {
  const auto json = golden_file("guidelines/cases.json");
  for (const auto& example : json["cases"].GetArray()) {
    const auto about = text_of(example, "about");
    const auto rest = rest_of(assess_under("ACP_2017", example));
    for (const auto& each : example["says"].GetObject()) {
      const std::string guideline = each.name.GetString();
      std::vector<std::string> wanted;
      for (const auto& word : each.value.GetArray()) wanted.emplace_back(word.GetString());
      const auto assessment = assess_under(guideline, example);
      EXPECT_EQ(said(assessment), wanted) << about << ": " << guideline;
      EXPECT_EQ(assessment.guideline.guideline, guideline) << about;
      EXPECT_FALSE(assessment.guideline.text.empty()) << about;
      EXPECT_EQ(rest_of(assessment), rest) << about << ": " << guideline;
    }
  }
}

TEST(Guidelines, TheDefaultIsTheOneOfTheSources) {
  EXPECT_EQ(rules().guideline, "ACP_2017");
  EXPECT_EQ(assess_cleared(plain_acupuncture_order().chart()).guideline.guideline, "ACP_2017");
}

TEST(Guidelines, WhatOneDoesNotOfferANamedPersonMayConfirm) {
  const auto json = golden_file("guidelines/cases.json");
  const auto assessment = assess_under("NICE_NG59", json["cases"][0]);
  const auto holds = holds_of(assessment, rules(), false);
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_EQ(holds.front().entry.rule, "guideline.NICE_NG59");
  EXPECT_TRUE(holds.front().signable);
}

TEST(Guidelines, ContentWithoutOneIsSilent) {
  auto book = rules();
  book.guidelines.clear();
  const auto chart = plain_acupuncture_order().chart();
  const auto episodes = build_episodes(chart, terminology(), {book.episode_gap_days});
  const auto history = complete_history();
  const auto answers = all_no(book);
  const auto assessment = assess({chart, episodes, &chart.records.service_requests.front(), nullptr,
                                  history, answers, terminology(), book, now()});
  EXPECT_EQ(assessment.disposition, Disposition::route_acupuncture);
  EXPECT_TRUE(assessment.guideline.guideline.empty());
}

}  // namespace
}  // namespace meridian::test
