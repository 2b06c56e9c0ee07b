// SPDX-License-Identifier: Apache-2.0
// rules/words_es.json: what is wrong with it is named, and a site may do without.
#include "unit/knowledge/site_content.h"

namespace meridian::test {
namespace {

constexpr const char* path = "rules/words_es.json";

std::string words(const std::string& phrases) {
  return R"({"format": "meridian.words/1", "language": "es", "note": "of a test", "phrases": {)" +
         phrases + "}}";
}

class Words : public SiteContent {
 protected:
  /// The first fault; "" when there is none.
  std::string fault(const std::string& phrases) {
    write(path, words(phrases));
    Issues issues;
    const auto loaded = load_knowledge(directory_, issues);
    EXPECT_EQ(bool(loaded), issues.empty());
    return issues.empty() ? "" : issues.front().path + ": " + issues.front().text;
  }
};

TEST_F(Words, ASiteMayChangeThemAndDoWithout) {
  write(path, words(R"("Tell the clinic.": "Avise a la clínica.", "a {0} {1}": "{1} y {0}")"));
  Issues issues;
  const auto changed = load_knowledge(directory_, issues);
  ASSERT_TRUE(changed);
  ASSERT_EQ(changed->spanish.size(), 2u);
  EXPECT_EQ(changed->spanish[0].english, "Tell the clinic.");
  EXPECT_EQ(changed->spanish[1].other, "{1} y {0}");
  std::filesystem::remove(directory_ / path);
  const auto without = load_knowledge(directory_, issues);
  ASSERT_TRUE(without) << "a copy from before there were any";
  EXPECT_TRUE(without->spanish.empty());
}

TEST_F(Words, PlacesMustBeThoseOfTheEnglishPhrase) {
  const std::string order = "expected the places {0}, {1} ... of the English phrase in this order";
  EXPECT_NE(fault(R"("of {1} {0}": "{0} {1}")").find(order), std::string::npos);
  EXPECT_NE(fault(R"("of {0} {0}": "{0}")").find(order), std::string::npos);
  const std::string same = "expected the places of the English phrase and no others";
  EXPECT_NE(fault(R"("at {0}": "en")").find(same), std::string::npos);
  EXPECT_NE(fault(R"("at {0}": "en {0} {1}")").find(same), std::string::npos);
  EXPECT_NE(fault(R"("at {0}{1}": "en {0} {1}")").find("words between two places"),
            std::string::npos);
  EXPECT_EQ(fault(R"("at {0} {x}": "en {0}")"), "");
}

TEST_F(Words, APhraseStandsOnceAndHasAText) {
  EXPECT_NE(fault(R"("a": "b", "a": "c")").find("stands twice"), std::string::npos);
  EXPECT_NE(fault(R"("a": "")").find(path), std::string::npos);
  EXPECT_NE(fault(R"("a": 7)").find(path), std::string::npos);
  EXPECT_EQ(fault(R"("a": "b")"), "");
}

}  // namespace
}  // namespace meridian::test
