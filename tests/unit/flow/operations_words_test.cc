// SPDX-License-Identifier: Apache-2.0
// The operations pages have words for each name of the program, and tell in Spanish what it tells.
#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "knowledge/knowledge.h"
#include "places.h"
#include "routing/funnel.h"
#include "routing/machine.h"
#include "store/rows.h"
#include "web/operations_look.h"

namespace meridian::flow {
namespace {

TEST(OperationsWords, EveryNameOfTheProgramHasItsWord) {
  const auto& words = web::operations_words();
  for (const auto& row : routing::state_rows) {
    EXPECT_TRUE(words.has(std::string("state.") + row.name)) << row.name;
    EXPECT_TRUE(words.has(std::string("owner.") + row.owner)) << row.owner;
    if (row.worklist[0] == '\0') continue;
    EXPECT_TRUE(words.has(std::string("list.") + row.worklist)) << row.worklist;
  }
  for (std::size_t i = 0; i < routing::step_count; ++i) {
    const std::string name = routing::step_name(static_cast<routing::Step>(i));
    EXPECT_TRUE(words.has("step." + name)) << name;
  }
  using enum store::DeliveryState;
  for (const auto state : {queued, in_flight, delivered, ambiguous, dead, superseded}) {
    const std::string name(store::delivery_state_name(state));
    EXPECT_TRUE(words.has("sent." + name)) << name;
  }
}

/// What stays English of a story of tests/golden/explain, a line each.
std::string left_of(const web::Translation& spanish, const std::string& story) {
  std::ifstream file(std::string(test::source_folder) + "/tests/golden/explain/" + story);
  std::string left, line;
  for (int head = 0; head < 3; ++head) std::getline(file, line);  // of the command line
  while (std::getline(file, line)) {
    const auto begin = line.starts_with("    - ") ? 6 : line.starts_with("    ") ? 4 : 26;
    if (line.size() <= static_cast<std::size_t>(begin)) continue;
    for (const auto& piece : spanish.of(line.substr(static_cast<std::size_t>(begin)))) {
      if (piece.english) left += piece.text + "\n";
    }
  }
  return left;
}

TEST(OperationsWords, AStoryIsToldInSpanishButForNamesAndTitles) {
  Issues issues;
  const auto shipped = load_knowledge(issues);
  ASSERT_TRUE(shipped);
  const auto spanish = web::told_in_spanish(shipped->spanish);
  for (const std::string story : {"fhir-hospital/support.txt", "v2-hospital/support.txt"}) {
    std::istringstream left(left_of(spanish, story));
    for (std::string piece; std::getline(left, piece);) {
      const bool name = piece == "willow" || piece == "birch" || piece == "ehr" ||
                        piece.starts_with("Dr. I. Varga") || piece.starts_with("McCulloch") ||
                        piece.starts_with("WHO 1999") || piece == "test";
      EXPECT_TRUE(name) << piece;
    }
  }
}

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(std::string(test::source_folder) + "/" + path).rdbuf();
  return text.str();
}

/// Texts of a source file of three words and more, without the stops around them: each is told, or
/// is a part of what is told.
std::vector<std::string> texts_of(const std::string& path) {
  static const std::regex literal(R"re("((?:[^"\\\n]|\\.)*)")re");
  static const std::regex words(R"re(^[^a-zA-Z]*[a-zA-Z']+( [a-zA-Z'_-]+[,;:]?){2,}.*)re");
  auto source = std::regex_replace(read_file(path), std::regex("\"\\s*\\n\\s*\""), "");
  source = std::regex_replace(source, std::regex("(#include|//).*"), "");
  std::vector<std::string> texts;
  for (std::sregex_iterator it(source.begin(), source.end(), literal), end; it != end; ++it) {
    std::string text = (*it)[1];
    if (!std::regex_match(text, words)) continue;
    const auto begin = text.find_first_not_of(" .,:;()");
    text = text.substr(begin, text.find_last_not_of(" .,:;()") + 1 - begin);
    texts.push_back(text);
  }
  return texts;
}

TEST(OperationsWords, WhatTheProgramTellsIsAmongWhatIsTranslated) {
  Issues issues;
  const auto shipped = load_knowledge(issues);
  ASSERT_TRUE(shipped);
  std::string told;
  for (const auto& phrase : shipped->spanish) told += phrase.english + "\n";
  for (const auto& [key, texts] : web::told_words().texts()) told += texts[0] + "\n";
  // Only with the patient's data, or only on a letter: never on these pages.
  told += "The order is not in it\nThe receiver calls it\none open referral of a kind at a time\n";
  std::size_t count = 0;
  for (const std::string file :
       {"plugin/flow/explain_log", "plugin/flow/explain_decision", "plugin/flow/intervene",
        "plugin/flow/pauses", "plugin/flow/redirect", "plugin/flow/read_again",
        "plugin/flow/judgement", "plugin/flow/repeat", "plugin/flow/find",
        "plugin/flow/referral_story", "plugin/flow/reveal", "plugin/routing/words",
        "plugin/routing/requirements", "plugin/routing/route", "adapters/fhir/client/retry",
        "adapters/fhir/client/connection", "adapters/hl7v2/mllp/sender", "adapters/pager/pager"}) {
    for (const auto& text : texts_of(file + ".cc")) {
      ++count;
      EXPECT_NE(told.find(text), std::string::npos) << file << ": " << text;
    }
  }
  EXPECT_GT(count, 150u);
}

}  // namespace
}  // namespace meridian::flow
