// SPDX-License-Identifier: Apache-2.0
// Sender and listener against an implementation of MLLP that none of us wrote (Medplum's).
#include <array>
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

#include "hl7v2/mllp/ack.h"
#include "hl7v2/mllp/sender.h"
#include "places.h"
#include "unit/hl7v2_mllp/wire.h"

namespace meridian::hl7v2 {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// "receipt", or the name of the error.
std::string outcome(const std::string& control_id, std::chrono::milliseconds within) {
  const auto address = environment("MERIDIAN_INTEROP_BASE");
  const auto colon = address.rfind(':');
  SenderSettings settings;
  settings.host = address.substr(0, colon);
  settings.port = static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)));
  settings.answer_timeout = within;
  const auto sender = *MllpSender::create(settings);
  const Rendered letter{"key",
                        "x-application/hl7-v2+er7",
                        "MSH|^~\\&|MER|HUB|A|B|20261120101500||ADT^A08|" + control_id +
                            "|P|2.5.1\rPID|1||17^^^NORTH||ALDER^ROWAN\r",
                        {}};
  const auto sent = sender->send(letter, false);
  return sent ? "receipt" : std::string(error_row(sent.error().code).name);
}

TEST(Receiver, TakesWhatWeSendAndWeReadItsAnswers) {
  const std::chrono::seconds patient{20};
  EXPECT_EQ(outcome("AA-1", patient), "receipt");
  EXPECT_EQ(outcome("split-1", patient), "receipt");
  EXPECT_EQ(outcome("AE-1", patient), "unavailable");
  EXPECT_EQ(outcome("AR-1", patient), "invalid");
  EXPECT_EQ(outcome("close-1", patient), "interrupted");
}

TEST(Receiver, WhatItDoesNotAnswerIsAmbiguous) {
  const std::chrono::milliseconds short_time{300};
  EXPECT_EQ(outcome("none-1", short_time), "timed_out");
  EXPECT_EQ(outcome("garbage-1", short_time), "timed_out");
}

TEST(Client, ReadsOurAcknowledgements) {
  test::RunningListener running({}, [](const Frame& frame, const Remote&) {
    return acknowledge(frame.bytes, {}, *parse_instant("2026-11-20T10:15:00Z"), "A1");
  });
  const std::string folder =
      std::string(meridian::test::source_folder) + "/tests/golden/normalize/hl7v2/";
  auto command = "cd '" + environment("MERIDIAN_INTEROP_WORK") + "' && node client.mjs " +
                 std::to_string(running.port());
  for (const auto* name : {"adt-a04-radiculopathy", "mdm-t02-imaging-document"}) {
    command += " '" + folder + name + ".hl7'";
  }
  FILE* client = popen(command.c_str(), "r");
  ASSERT_NE(client, nullptr);
  std::string said;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), line.size(), client) != nullptr) said += line.data();
  EXPECT_EQ(pclose(client), 0);
  EXPECT_EQ(said, "AA A04-1001\nAA D-5\n");
}

}  // namespace
}  // namespace meridian::hl7v2
