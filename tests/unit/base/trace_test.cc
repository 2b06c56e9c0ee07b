// SPDX-License-Identifier: Apache-2.0
// The header traceparent, read and written. Its examples are those of W3C Trace Context.
#include "base/trace.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/log.h"

namespace meridian {
namespace {

const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string parent = "00f067aa0ba902b7";

TEST(Trace, IsReadFromTheHeader) {
  const auto trace = read_traceparent("00-" + id + "-" + parent + "-01");
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->id, id);
  EXPECT_TRUE(trace->sampled);
  EXPECT_FALSE(read_traceparent("00-" + id + "-" + parent + "-00")->sampled);
  EXPECT_TRUE(read_traceparent("00-" + id + "-" + parent + "-03")->sampled) << "other flags too";
  EXPECT_TRUE(read_traceparent("cc-" + id + "-" + parent + "-01-what-comes")) << "a later version";
}

TEST(Trace, WhatIsNotRightIsNone) {
  const std::string zeros(32, '0');
  for (const auto& header :
       {std::string(), "00-" + id + "-" + parent, "ff-" + id + "-" + parent + "-01",
        "00-" + zeros + "-" + parent + "-01", "00-" + id + "-" + zeros.substr(16) + "-01",
        "00-" + id + "-" + parent + "-01-more", "cc-" + id + "-" + parent + "-01.more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + parent + "-01", "00-" + id + "-" + parent + "-0\"",
        "00_" + id + "_" + parent + "_01"}) {
    EXPECT_FALSE(read_traceparent(header)) << header;
  }
}

TEST(Trace, GoesOnWithAParentOfItsOwn) {
  EXPECT_EQ(next_traceparent(), "");
  const TraceScope scope(Trace{id, true});
  const auto first = read_traceparent(next_traceparent());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->id, id);
  EXPECT_TRUE(first->sampled);
  EXPECT_NE(next_traceparent(), next_traceparent());
}

TEST(Trace, IsThatOfTheInnermostScopeOfTheThread) {
  const TraceScope outer(Trace{id, false});
  {
    const TraceScope inner(std::nullopt);
    EXPECT_EQ(current_trace(), nullptr);
  }
  ASSERT_NE(current_trace(), nullptr);
  EXPECT_EQ(current_trace()->id, id);
  const Trace* elsewhere = current_trace();
  std::thread([&] { elsewhere = current_trace(); }).join();
  EXPECT_EQ(elsewhere, nullptr);
}

TEST(Trace, StandsInEachLineOfTheLog) {
  const TraceScope scope(Trace{id, true});
  testing::internal::CaptureStderr();
  log(LogLevel::warning, "x", {{"bytes", 17}});
  const auto line = testing::internal::GetCapturedStderr();
  EXPECT_NE(line.find("\"bytes\":17,\"trace\":\"" + id + "\"}"), std::string::npos) << line;
}

}  // namespace
}  // namespace meridian
