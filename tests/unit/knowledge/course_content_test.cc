// SPDX-License-Identifier: Apache-2.0
// rules/course.json and the visits of coverage.json: what is in them, and what a clinician is told
// when they break them.
#include <algorithm>

#include <gtest/gtest.h>

#include "knowledge/content.h"
#include "knowledge/json_file.h"
#include "unit/knowledge/site_content.h"

namespace meridian::test {
namespace {

class CourseContent : public SiteContent {};

TEST_F(CourseContent, HasTheFourCheckPointsAndThresholdsOfTheSources) {
  const auto& course = embedded().rules.course;
  std::string points;
  for (const auto& point : course.check_points) {
    points += point.id + " " + std::to_string(point.visit) + "/" + std::to_string(point.day) + " ";
  }
  EXPECT_EQ(points, "K1 4/28 K2 8/56 K3 12/90 K4 20/365 ");
  const auto points_of = [&](const char* id) {
    const auto& all = course.instruments;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
    return found == all.end() ? -1 : found->points.value_or(0);
  };
  EXPECT_EQ(points_of("NRS"), 2);
  EXPECT_EQ(points_of("ODI"), 10);
  EXPECT_EQ(points_of("RMDQ"), 5);
  EXPECT_EQ(points_of("PEG"), 0) << "the 30 percent rule alone";
  EXPECT_EQ(points_of("PROMIS_PI"), 4);
  EXPECT_EQ(points_of("PROMIS_PF"), 4);
}

TEST_F(CourseContent, EachRowHasASource) {
  const auto& course = embedded().rules.course;
  const auto each = [](const auto& rows) {
    for (const auto& row : rows) EXPECT_FALSE(row.source.empty());
    EXPECT_FALSE(rows.empty());
  };
  each(course.instruments);
  each(course.check_points);
  each(course.holds);
  each(course.adverse_events);
  each(course.questions);
  each(course.after_failure);
}

TEST_F(CourseContent, ACheckPointMayBeMovedWithoutACompiler) {
  edit("rules/course.json", R"("visit": 4, "day": 28)", R"("visit": 3, "day": 21)");
  Issues issues;
  const auto loaded = load_knowledge(directory_, issues);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->rules.course.check_points.at(0).day, 21);
}

TEST_F(CourseContent, WhatIsWorseDoesNotSimplyGoOn) {
  edit("rules/course.json", R"("worse": "hold")", R"("worse": "continue")");
  expect_fault("invalid rules/course.json: check_points[0].worse: what is worse");
}

TEST_F(CourseContent, CheckPointsFollowEachOther) {
  edit("rules/course.json", R"("visit": 8, "day": 56)", R"("visit": 8, "day": 28)");
  expect_fault("value rules/course.json: check_points[1].visit: expected a later visit and day");
}

TEST_F(CourseContent, ARowNamesWhatExists) {
  edit("rules/course.json", R"("flags": ["RF02")", R"("flags": ["RF62")");
  edit("rules/course.json", R"("answered_yes": ["course.leg-dominant")",
       R"("answered_yes": ["course.leg")");
  edit("rules/course.json", R"("at": ["K2", "K3", "K4"], "pain_types": ["sacroiliac"])",
       R"("at": ["K9"], "pain_types": ["sacroiliac"])");
  const auto found = faults();
  for (const char* fault :
       {"'RF62' is no rule", "'course.leg' is no question", "'K9' is no check point"}) {
    EXPECT_NE(found.find(fault), std::string::npos) << fault << " in\n" << found;
  }
}

TEST_F(CourseContent, AThresholdOfNothingIsRefused) {
  edit("rules/course.json", R"("percent": 30, "primary": true, "note": "site setting, from)",
       R"("primary": true, "note": "site setting, from)");
  expect_fault("required rules/course.json: instruments[4].points");
}

TEST_F(CourseContent, VisitsNeedTheirDays) {
  edit("rules/coverage.json", "\"within_days\": 60,", "");
  expect_fault("required rules/coverage.json: programs[2].within_days");
}

TEST_F(CourseContent, APlanIsARow) {
  edit("rules/coverage.json", R"("programs": [)", R"("programs": [
  {"id": "ACME_2027", "source": "SELF", "payer_types": [], "payer_names": ["acme"],
   "yearly_visits": 24, "yearly_reset": "calendar_year", "clauses": []},)");
  Issues issues;
  const auto loaded = load_knowledge(directory_, issues);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->rules.coverage.at(0).yearly_visits, 24);
  EXPECT_EQ(loaded->rules.coverage.at(0).name, "ACME_2027") << "nobody named it for people";
  EXPECT_NE(loaded->rules.coverage.at(1).name, loaded->rules.coverage.at(1).id);
}

TEST_F(CourseContent, TheNameOfAPlanEndsWhereItsAnswerBegins) {
  edit("rules/coverage.json", R"("name": "Commercial insurance")", R"("name": "Plans: all")");
  expect_fault("value rules/coverage.json: programs[1].name");
}

TEST_F(CourseContent, ItsQuestionnaireAsksEveryQuestionAndNoOther) {
  Issues issues;
  std::set<std::string> asked;
  for (const auto& file : embedded_content()) {
    if (file.path != "questionnaires/Questionnaire-meridian-check-point.json") continue;
    const auto json = JsonFile::parse(file.path, file.text, issues);
    ASSERT_TRUE(json);
    json->read(issues, [&](const JsonNode& root) {
      root.each("item", [&](const JsonNode& item) { asked.emplace(item.text("linkId")); });
    });
  }
  std::set<std::string> wanted;
  for (const auto& question : embedded().rules.course.questions) wanted.insert(question.id);
  EXPECT_EQ(asked, wanted);
}

}  // namespace
}  // namespace meridian::test
