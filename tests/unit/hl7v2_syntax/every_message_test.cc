// SPDX-License-Identifier: Apache-2.0
// Every message of the test data is read, or refused with the place; what was read and written
// again is the same, byte for byte.
#include <map>

#include <gtest/gtest.h>

#include "hl7v2/syntax/charset.h"
#include "hl7v2/syntax/draft.h"
#include "hl7v2/syntax/outline.h"
#include "unit/hl7v2_syntax/messages.h"

namespace meridian::hl7v2 {
namespace {

struct Count {
  std::size_t messages = 0;
  std::vector<std::string> refused;  ///< file and path of the issue
};

template <typename Visit>
Count for_each_message(Visit visit) {
  Count count;
  for (const auto& file : message_files()) {
    const auto bytes = bytes_of(file);
    for (const auto& one : split_batch(bytes).messages) {
      ++count.messages;
      Issues issues;
      const auto message = parse(one.bytes, issues);
      if (message) {
        visit(*message, one.bytes, file.filename().string());
      } else {
        EXPECT_TRUE(has_errors(issues)) << file;
        count.refused.push_back(file.filename().string() + " " + issues.back().path);
      }
    }
  }
  return count;
}

TEST(EveryMessage, IsWrittenAgainByteForByteOrRefusedWithItsPlace) {
  if (message_files().empty()) GTEST_SKIP() << "the test data is not here";
  const auto count =
      for_each_message([](const Message& message, std::string_view bytes, const std::string& file) {
        EXPECT_EQ(Draft(message).bytes(), bytes) << file;
      });
  EXPECT_GE(count.messages, 700U);
  // Its line says |^~\\&|: the backslash of an escaped string literal stands twice.
  EXPECT_EQ(count.refused,
            (std::vector<std::string>{"sample_unix.hl7 MSH-2", "sample_win.hl7 MSH-2"}));
}

TEST(EveryMessage, HasTheFieldsThatSplittingItsBytesGives) {
  if (message_files().empty()) GTEST_SKIP() << "the test data is not here";
  for_each_message([](const Message& message, std::string_view, const std::string& file) {
    for (std::size_t i = 0; i < message.size(); ++i) {
      const auto segment = message[i];
      std::string joined(segment.name());
      for (std::size_t f = i == 0 ? 2 : 1; f <= segment.size(); ++f) {
        joined += message.delimiters().field;
        joined += segment.field(f).raw();
      }
      EXPECT_EQ(joined, segment.raw()) << file << " " << segment.path();
    }
  });
}

TEST(EveryMessage, IsShownWithALineForEachFieldThatSaysSomething) {
  if (message_files().empty()) GTEST_SKIP() << "the test data is not here";
  const NameOf no_names = [](std::string_view) { return std::string_view(); };
  for_each_message([&](const Message& message, std::string_view, const std::string& file) {
    for (std::size_t i = 0; i < message.size(); ++i) {
      const auto segment = message[i];
      const auto shown = outline(message, i, no_names);
      EXPECT_TRUE(shown.starts_with(segment.path() + "\n")) << file << shown;
      for (std::size_t f = 1; f <= segment.size(); ++f) {
        const bool there = shown.find("\n  " + segment.path(f) + '\n') != std::string::npos ||
                           shown.find("\n  " + segment.path(f) + ": ") != std::string::npos;
        EXPECT_EQ(there, !segment.field(f).empty()) << file << " " << segment.path(f) << shown;
      }
    }
  });
}

TEST(EveryMessage, DecodesToTheSameSegments) {
  if (message_files().empty()) GTEST_SKIP() << "the test data is not here";
  for_each_message([](const Message& message, std::string_view bytes, const std::string& file) {
    Decoded decoded;
    decode(bytes, "windows-1252", decoded);
    Issues issues;
    const auto again = parse(decoded.text, issues);
    ASSERT_TRUE(again) << file;
    ASSERT_EQ(again->size(), message.size()) << file;
    for (std::size_t i = 0; i < message.size(); ++i) {
      EXPECT_EQ((*again)[i].path(), message[i].path()) << file;
      EXPECT_EQ((*again)[i].size(), message[i].size()) << file;
    }
  });
}

}  // namespace
}  // namespace meridian::hl7v2
