// SPDX-License-Identifier: Apache-2.0
// From a socket to the inlet and back.
#include "hl7v2/mllp/source.h"

#include <mutex>

#include <gtest/gtest.h>

#include "hl7v2/mllp/identity.h"
#include "unit/hl7v2_mllp/wire.h"

namespace meridian::hl7v2 {
namespace {

using test::MllpWire;

constexpr std::string_view taken =
    R"({"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"value"}]})";
constexpr std::string_view set_aside =
    R"({"resourceType":"OperationOutcome","issue":[{"severity":"fatal","code":"required",)"
    R"("diagnostics":"no identifier","expression":["PID-3"]}]})";

constexpr std::string_view not_there =
    R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"business-rule",)"
    R"("diagnostics":"clinic_visited changes nothing: the referral is closed"}]})";

/// Answers as the test says, else that it is taken; knows repeats as the store does.
class ScriptedInlet : public Inlet {
 public:
  Result<std::string> submit(Envelope envelope) override {
    const std::lock_guard lock(mutex_);
    const auto [known, first] = seen_.emplace(envelope.sender_id, envelope.repeat_of);
    if (!first && known->second != envelope.repeat_of) {
      return Error{ErrorCode::conflict, "test", "another body"};
    }
    envelopes.push_back(envelope);
    if (answers.empty()) return std::string(taken);
    auto answer = answers.front();
    answers.erase(answers.begin());
    return answer;
  }
  Result<std::string> cursor(const SourceId&, std::string_view) override { return std::string(); }
  Result<void> set_cursor(const SourceId&, std::string_view, std::string_view) override {
    return {};
  }

  std::vector<Result<std::string>> answers;
  std::vector<Envelope> envelopes;

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> seen_;
};

std::string message(const std::string& control_id, const std::string& time = "20261120",
                    const std::string& rest = "PID|1\r") {
  return "MSH|^~\\&|EPIC|NORTH|MER|HUB|" + time + "||REF^I12|" + control_id + "|P|2.5.1\r" + rest;
}

class SourceTest : public testing::Test {
 protected:
  SourceTest() { EXPECT_TRUE(source_.start(inlet_)); }
  ~SourceTest() override { source_.stop(); }

  Acknowledgement send(MllpWire& wire, const std::string& content) {
    wire.send_frame(content);
    const auto said = read_acknowledgement(wire.frame());
    EXPECT_TRUE(said);
    return said.value_or(Acknowledgement{});
  }

  static ListenerSettings limits() {
    ListenerSettings settings;
    settings.max_bytes = 1'000;
    return settings;
  }

  ScriptedInlet inlet_;
  MllpSource source_{SourceId("north"), limits(),
                     [] { return *parse_instant("2026-11-20T10:15:00Z"); }};
};

TEST_F(SourceTest, AMessageGoesToTheInletAsItCame) {
  MllpWire wire(source_.port());
  const auto said = send(wire, message("M1"));
  EXPECT_EQ(said.code, "AA");
  EXPECT_EQ(said.control_id, "M1");
  ASSERT_EQ(inlet_.envelopes.size(), 1u);
  const auto& envelope = inlet_.envelopes.front();
  EXPECT_EQ(envelope.source.str(), "north");
  EXPECT_EQ(envelope.sender_id, "EPIC|NORTH|M1");
  EXPECT_EQ(envelope.media_type, "x-application/hl7-v2+er7");
  EXPECT_EQ(envelope.bytes, message("M1"));
  EXPECT_EQ(to_string(envelope.received_at), "2026-11-20T10:15:00.000Z");
}

TEST_F(SourceTest, WhatIsSetAsideIsRefusedAndTheLineGoesOn) {
  inlet_.answers = {std::string(set_aside)};
  MllpWire wire(source_.port());
  const auto said = send(wire, message("M1"));
  EXPECT_EQ(said.code, "AR");
  EXPECT_EQ(said.error, "101");
  EXPECT_EQ(said.text, "no identifier");
  EXPECT_EQ(send(wire, message("M2")).code, "AA");
  EXPECT_EQ(inlet_.envelopes.size(), 2u);
}

TEST_F(SourceTest, WhatIsNoHl7ReachesTheInletToo) {
  inlet_.answers = {std::string(set_aside)};
  MllpWire wire(source_.port());
  EXPECT_EQ(send(wire, "NOT HL7").code, "AR");
  EXPECT_EQ(inlet_.envelopes.front().bytes, "NOT HL7");
  EXPECT_EQ(inlet_.envelopes.front().sender_id.substr(0, 7), "sha256:");
}

TEST_F(SourceTest, AFailureOfOursAsksToSendAgain) {
  inlet_.answers = {Error{ErrorCode::store_full, "test", "full"}};
  MllpWire wire(source_.port());
  EXPECT_EQ(send(wire, message("M1")).code, "AE");
  EXPECT_EQ(send(wire, message("M1")).code, "AA");
}

TEST_F(SourceTest, WhatIsTooLargeIsRefusedAndNotKept) {
  MllpWire wire(source_.port());
  const auto said = send(wire, message("M1", "20261120", "NTE|1||" + std::string(2'000, 'x')));
  EXPECT_EQ(said.code, "AR");
  EXPECT_EQ(said.control_id, "M1");
  EXPECT_EQ(said.error, "104");
  EXPECT_TRUE(inlet_.envelopes.empty());
}

TEST_F(SourceTest, ARepeatWithANewTimeIsARepeat) {
  MllpWire wire(source_.port());
  send(wire, message("M1", "20261120101500"));
  send(wire, message("M1", "20261120101700"));
  ASSERT_EQ(inlet_.envelopes.size(), 2u);
  EXPECT_EQ(inlet_.envelopes[1].sender_id, "EPIC|NORTH|M1");
}

TEST_F(SourceTest, AControlIdThatIsUsedAgainForAnotherContentIsAnotherMessage) {
  MllpWire wire(source_.port());
  send(wire, message("M1"));
  EXPECT_EQ(send(wire, message("M1", "20261120", "PID|2\r")).code, "AA");
  EXPECT_EQ(send(wire, message("M1", "20261121", "PID|2\r")).code, "AA");
  ASSERT_EQ(inlet_.envelopes.size(), 3u);
  EXPECT_NE(inlet_.envelopes[1].sender_id, "EPIC|NORTH|M1");
  EXPECT_EQ(inlet_.envelopes[2].sender_id, inlet_.envelopes[1].sender_id);
}

TEST_F(SourceTest, AfterStopNobodyListens) {
  MllpWire wire(source_.port());
  send(wire, message("M1"));
  source_.stop();
  EXPECT_TRUE(wire.ends());
  EXPECT_EQ(source_.port(), 0);
}

TEST(Identity, IsTheSendersOwnNumberOrTheBytes) {
  EXPECT_EQ(identity_of(message("M1")).id, "EPIC|NORTH|M1");
  EXPECT_EQ(identity_of(message("M1", "1")).without_time,
            identity_of(message("M1", "2026")).without_time);
  EXPECT_NE(identity_of(message("M1")).without_time, message("M1"));
  EXPECT_EQ(identity_of(message("")).id.substr(0, 7), "sha256:");
  EXPECT_NE(identity_of(message("M\xe4")).id, identity_of(message("M\xe5")).id);
  EXPECT_EQ(identity_of(message(std::string(300, 'x'))).id.size(), 71u);
  const auto batch = "BHS|^~\\&\r" + message("M1") + message("M2") + "BTS|2\r";
  EXPECT_EQ(identity_of(batch).id.substr(0, 7), "sha256:");
}

TEST(VerdictOfOutcome, TellsFatalFromTheRest) {
  EXPECT_EQ(verdict_of_outcome(taken).fate, Fate::accepted);
  EXPECT_EQ(verdict_of_outcome(set_aside).fate, Fate::refused);
  EXPECT_EQ(verdict_of_outcome(set_aside).issues.front().path, "PID-3");
  EXPECT_EQ(verdict_of_outcome(not_there).fate, Fate::denied);
  EXPECT_EQ(verdict_of_outcome("").fate, Fate::accepted) << "it was committed all the same";
}

}  // namespace
}  // namespace meridian::hl7v2
