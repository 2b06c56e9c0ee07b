// SPDX-License-Identifier: Apache-2.0
// The operations pages have words for each name of the program, and tell in Spanish what it tells.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "knowledge/knowledge.h"
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
  std::ifstream file(std::string(MERIDIAN_SOURCE_DIR) + "/tests/golden/explain/" + story);
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

}  // namespace
}  // namespace meridian::flow
