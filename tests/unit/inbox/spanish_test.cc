// SPDX-License-Identifier: Apache-2.0
// The Spanish that ships with the rules: of each text of theirs, and of statements as they are
// made.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "places.h"
#include "unit/inbox/site.h"
#include "web/translation.h"

namespace meridian::test {
namespace {

const Knowledge& content() {
  static const Knowledge knowledge = flow::built_in_content();
  return knowledge;
}

/// What stays English stands in ⟦ ⟧.
std::string in_spanish(const std::string& english) {
  static const web::Translation translation(content().spanish);
  std::string text;
  for (const auto& piece : translation.of(english)) {
    text += piece.english ? "⟦" + piece.text + "⟧" : piece.text;
  }
  return text;
}

void expect_translated(const std::string& where, const std::string& english) {
  EXPECT_FALSE(says(in_spanish(english), "⟦")) << where << " has no Spanish: " << english;
}

TEST(Spanish, EachTextOfTheRulesHasATranslation) {
  const auto& rules = content().rules;
  for (const auto& rule : rules.red_flags) {
    expect_translated(rule.id, rule.label);
    expect_translated(rule.id, rule.action);
  }
  for (const auto& rule : rules.contraindications) {
    expect_translated(rule.id, rule.label);
    expect_translated(rule.id, rule.action);
  }
  for (const auto& question : rules.screening) expect_translated(question.id, question.text);
  for (const auto& program : rules.coverage) {
    expect_translated(program.id, program.visit_note);
    for (const auto& clause : program.clauses) expect_translated(clause.id, clause.text);
  }
  for (const auto& guideline : rules.guidelines) {
    for (const auto& position : guideline.positions) {
      expect_translated(guideline.id, position.text);
      expect_translated(guideline.id, position.grade);
    }
  }
  for (const auto& element : rules.packet) {
    expect_translated(element.id, element.label);
    expect_translated(element.id, element.supplied_by);
  }
  for (const auto& kind : rules.imaging.kinds) {
    expect_translated(kind.id, kind.label);
    expect_translated(kind.id, kind.note);
  }
}

TEST(Spanish, EachTextOfACourseHasATranslation) {
  const auto& course = content().rules.course;
  for (const auto& one : course.check_points) expect_translated(one.id, one.text);
  for (const auto& one : course.holds) expect_translated(one.id, one.text);
  for (const auto& one : course.adverse_events) expect_translated(one.grade, one.text);
  for (const auto& one : course.questions) expect_translated(one.id, one.text);
  for (const auto& one : course.after_failure) {
    expect_translated(one.id, one.text);
    expect_translated(one.id, one.to);
  }
  expect_translated("serious_action", course.serious_action);
}

TEST(Spanish, StatementsAreSaidAsTheListForReviewHasThem) {
  std::ifstream file(std::string(test::source_folder) + "/tests/golden/spanish/statements.json");
  std::stringstream text;
  text << file.rdbuf();
  rapidjson::Document list;
  list.Parse(text.str().c_str());
  ASSERT_TRUE(list.IsObject());
  ASSERT_GT(list.MemberCount(), 280u);
  for (const auto& member : list.GetObject()) {
    EXPECT_EQ(in_spanish(member.name.GetString()), member.value.GetString())
        << member.name.GetString();
  }
}

TEST(Spanish, APageInSpanishHasNoEnglishButOfTheRecord) {
  InboxSite site;
  const auto id = site.endpoint.refer("willow");
  const auto page =
      site.ask("willow", "GET", "/inbox/" + id, {}, {{"Accept-Language", "es-US"}}).body;
  for (const auto* section : {"safety", "missing", "pain", "coverage", "more", "withheld"}) {
    const auto begin = page.find("<h2 id=\"" + std::string(section) + "\"");
    ASSERT_NE(begin, std::string::npos) << section;
    auto part = page.substr(begin, page.find("</section>", begin) - begin);
    const std::string source =
        "<span class=\"source\">";  // titles of publications stay as they are
    for (auto at = part.find(source); at != std::string::npos; at = part.find(source)) {
      part.erase(at, part.find("</li>", at) - at);
    }
    EXPECT_FALSE(says(part, "<span lang=\"en\" dir=\"auto\">")) << part;
  }
}

}  // namespace
}  // namespace meridian::test
