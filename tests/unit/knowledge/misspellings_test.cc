// SPDX-License-Identifier: Apache-2.0
#include "knowledge/misspellings.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

std::unordered_map<std::string, std::string> misspelled(std::vector<std::string_view> phrases) {
  Misspellings misspellings;
  for (const auto phrase : phrases) misspellings.learn(phrase);
  std::unordered_map<std::string, std::string> spelling;
  misspellings.add_to(spelling);
  return spelling;
}

TEST(Misspellings, ALetterLeftOutDoubledOrTurnedIsUndone) {
  const auto spelling = misspelled({"{disc} ~2 retrolisthesis"});
  EXPECT_EQ(spelling.at("retrolisthsis"), "retrolisthesis");
  EXPECT_EQ(spelling.at("retrollisthesis"), "retrolisthesis");
  EXPECT_EQ(spelling.at("retrolisthseis"), "retrolisthesis");
}

TEST(Misspellings, AnotherLetterIsAnotherWord) {
  EXPECT_FALSE(misspelled({"infection"}).contains("injection"));
  EXPECT_FALSE(misspelled({"contusion"}).contains("confusion"));
}

TEST(Misspellings, WordsOfTheVocabularyAndShortOnesStay) {
  EXPECT_FALSE(misspelled({"existing", "exiting"}).contains("exiting"));
  EXPECT_FALSE(misspelled({"depression", "depresi*"}).contains("depresion"));
  EXPECT_TRUE(misspelled({"slip", "disc", "cord"}).empty());
}

TEST(Misspellings, ALongWordIsKnownByItsHalves) {
  const auto spelling = misspelled({"osteomyelitis", "non acute", "nonacute"});
  EXPECT_EQ(spelling.at("osteo myelitis"), "osteomyelitis");
  EXPECT_FALSE(spelling.contains("non acute"));  // words that stand beside each other
}

TEST(Misspellings, WhatCouldBeTwoWordsIsNeither) {
  const auto spelling = misspelled({"stenosing", "stenosong"});
  EXPECT_FALSE(spelling.contains("stenosng"));
}

TEST(Misspellings, AnExplicitMeaningIsKept) {
  Misspellings misspellings;
  misspellings.learn("decreased");
  std::unordered_map<std::string, std::string> spelling{{"deceased", "deceased"}};
  misspellings.add_to(spelling);
  EXPECT_EQ(spelling.at("deceased"), "deceased");
}

}  // namespace
}  // namespace meridian
