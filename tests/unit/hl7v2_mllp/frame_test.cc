// SPDX-License-Identifier: Apache-2.0
#include "hl7v2/mllp/frame.h"

#include <gtest/gtest.h>

namespace meridian::hl7v2 {

/// For failures that print what was expected.
bool operator==(const Frame& a, const Frame& b) {
  return a.bytes == b.bytes && a.too_large == b.too_large;
}

namespace {

using std::string_literals::operator""s;

struct Found {
  std::vector<Frame> frames;
  std::size_t junk = 0;
  bool inside = false;
};

void feed(FrameDecoder& decoder, std::string_view bytes, std::vector<Frame>& frames) {
  while (!bytes.empty()) {
    if (auto frame = decoder.read(bytes)) frames.push_back(std::move(*frame));
  }
}

Found decode(const std::vector<std::string_view>& portions, std::size_t max_bytes = 1'000) {
  FrameDecoder decoder(max_bytes);
  Found found;
  for (const auto portion : portions) feed(decoder, portion, found.frames);
  if (auto frame = decoder.end()) found.frames.push_back(std::move(*frame));
  found.junk = decoder.junk();
  found.inside = decoder.inside();
  return found;
}

/// The stream whole, split at every position, at every two positions, and byte by byte.
void expect_frames(const std::string& stream, const std::vector<Frame>& expected, std::size_t junk,
                   bool inside = false, std::size_t max_bytes = 1'000) {
  const std::string_view all = stream;
  const auto check = [&](const std::vector<std::string_view>& portions, const std::string& how) {
    const auto found = decode(portions, max_bytes);
    ASSERT_EQ(found.frames.size(), expected.size()) << how;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(found.frames[i].bytes, expected[i].bytes) << how;
      EXPECT_EQ(found.frames[i].too_large, expected[i].too_large) << how;
    }
    EXPECT_EQ(found.junk, junk) << how;
    EXPECT_EQ(found.inside, inside) << how;
  };
  for (std::size_t i = 0; i <= all.size(); ++i) {
    for (std::size_t j = i; j <= all.size(); ++j) {
      check({all.substr(0, i), all.substr(i, j - i), all.substr(j)},
            "split at " + std::to_string(i) + " and " + std::to_string(j));
      if (testing::Test::HasFailure()) return;
    }
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < all.size(); ++i) bytes.push_back(all.substr(i, 1));
  check(bytes, "byte by byte");
}

TEST(Frame, OneFrame) {
  expect_frames("\x0bMSH|a\rPID|b\r\x1c\r", {{"MSH|a\rPID|b\r"}}, 0);
}

TEST(Frame, SeveralFramesOneAfterTheOther) {
  expect_frames("\x0bMSH|1\r\x1c\r\x0bMSH|2\r\x1c\r\x0bMSH|3\r\x1c\r",
                {{"MSH|1\r"}, {"MSH|2\r"}, {"MSH|3\r"}}, 0);
}

TEST(Frame, JunkBeforeAndBetweenFramesIsDroppedAndCounted) {
  expect_frames("noise\x0bMSH|1\x1c\r\x06more\x1c\x0bMSH|2\x1c\r", {{"MSH|1"}, {"MSH|2"}}, 11);
}

TEST(Frame, LineEndsBetweenFramesAreNoJunk) {
  expect_frames("\r\n\x0bMSH|1\x1c\r\n\r\n\x0bMSH|2\x1c\r\n", {{"MSH|1"}, {"MSH|2"}}, 0);
}

TEST(Frame, AnEmptyFrameIsAFrame) {
  expect_frames("\x0b\x1c\r", {{""}}, 0);
}

TEST(Frame, ControlBytesInsideAreText) {
  expect_frames(
      "\x0bMSH|a\x0b"
      "b\x1c"
      "c\x1c\x1c"
      "d\0e\x1c\r"s,
      {{"MSH|a\x0b"
        "b\x1c"
        "c\x1c\x1c"
        "d\0e"s}},
      0);
}

TEST(Frame, EndByteBeforeTheNextStartEndsTheFrame) {
  expect_frames("\x0bMSH|1\x1c\x0bMSH|2\x1c\r", {{"MSH|1"}, {"MSH|2"}}, 0);
}

TEST(Frame, AFinalReturnThatWasLeftOutEndsWithTheStream) {
  expect_frames("\x0bMSH|1\x1c", {{"MSH|1"}}, 0);
}

TEST(Frame, AFrameThatNeverEndsIsNone) {
  expect_frames("\x0bMSH|1\rPID", {}, 0, true);
}

TEST(Frame, AFrameThatBeginsAnewLosesWhatWasBefore) {
  expect_frames("\x0bMSH|1\rPI\x0bMSH|2\x1c\r", {{"MSH|2"}}, 7);
}

TEST(Frame, AWordOfANarrativeIsNoNewBeginning) {
  expect_frames("\x0bMSH|1\rNTE|\x0bMSH level\x0bMSH\x1c\r", {{"MSH|1\rNTE|\x0bMSH level\x0bMSH"}},
                0);
  expect_frames("\x0bM\x0bMSH|1\rNTE|\x0bMSH up\x1c\r", {{"MSH|1\rNTE|\x0bMSH up"}}, 1);
}

TEST(Frame, OneThatIsTooLargeKeepsItsBeginningAndTheNextIsFine) {
  expect_frames("\x0bMSH|123456\x1c\x1c 7\x1c\r\x0bMSH|2\x1c\r", {{"MSH|1234", true}, {"MSH|2"}}, 0,
                false, 8);
}

TEST(Frame, OneThatIsJustAsLargeAsItMayBeIsWhole) {
  expect_frames("\x0bMSH|1234\x1c\r", {{"MSH|1234"}}, 0, false, 8);
}

TEST(Frame, TellsThatOnlyTheFinalReturnIsMissing) {
  FrameDecoder decoder(100);
  std::vector<Frame> frames;
  feed(decoder, "\x0bMSH", frames);
  EXPECT_TRUE(decoder.inside());
  EXPECT_FALSE(decoder.at_tail());
  EXPECT_FALSE(decoder.end());
  feed(decoder, "\x1c", frames);
  EXPECT_TRUE(decoder.at_tail());
  EXPECT_EQ(decoder.end(), Frame{"MSH"});
  EXPECT_FALSE(decoder.inside());
  feed(decoder, "\r\x0bMSH|2\x1c\r", frames);
  EXPECT_EQ(frames, std::vector<Frame>{{"MSH|2"}}) << "the return that came late is no junk";
  EXPECT_EQ(decoder.junk(), 0u);
}

TEST(Frame, WhatIsWrittenIsReadAgain) {
  const auto framed = to_frame("MSH|a\rPID|b\r");
  ASSERT_TRUE(framed);
  expect_frames(*framed + *framed, {{"MSH|a\rPID|b\r"}, {"MSH|a\rPID|b\r"}}, 0);
}

TEST(Frame, ContentThatHoldsTheEndByteIsNotWritten) {
  const auto framed = to_frame("MSH|a\x1c");
  ASSERT_FALSE(framed);
  EXPECT_EQ(framed.error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace meridian::hl7v2
