// SPDX-License-Identifier: Apache-2.0
// A message by MLLP through a whole engine: committed, then acknowledged; its hospital's EHR does
// not answer, which must not matter to that.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "hl7v2/mllp/ack.h"
#include "host/engine.h"
#include "places.h"
#include "unit/hl7v2_mllp/wire.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;
using test::MllpWire;

class MllpEngine : public testing::Test {
 protected:
  MllpEngine() {
    fs::create_directories(folder_);
    open();
  }
  ~MllpEngine() override {
    engine_.reset();
    fs::remove_all(folder_);
  }

  void open() {
    const test::ScriptedPeer nobody({});  // a port where nothing listens any more
    const auto ehr = "http://127.0.0.1:" + std::to_string(nobody.port()) + "/fhir";
    Issues issues;
    const auto config = read_config(
        "[http]\nlisten = \"127.0.0.1:0\"\n"
        "[[hospital]]\nid = \"north\"\nfhir = \"" +
            ehr +
            "\"\n"
            "[[mllp]]\nlisten = \"127.0.0.1:0\"\nsource = \"north\"\n",
        "site.toml", folder_, issues);
    auto opened = Engine::open(config, issues);
    ASSERT_TRUE(opened) << opened.error().what.view();
    engine_ = std::move(*opened);
  }

  std::uint16_t port() const {
    const auto address = engine_->mllp_addresses().at(0);
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }

  static std::string referral() {
    std::ifstream in(std::string(test::source_folder) +
                     "/tests/golden/normalize/hl7v2/ref-i12-acupuncture.hl7");
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// The acknowledgement from MSA on: what is the same each time.
  static std::string answer_to(MllpWire& wire, const std::string& message) {
    wire.send_frame(message);
    const auto ack = wire.frame();
    return ack.substr(std::min(ack.find("MSA|"), ack.size()));
  }

  const std::string folder_ = fs::temp_directory_path() / ("meridian-mllp-" + new_ulid());
  std::unique_ptr<Engine> engine_;
};

TEST_F(MllpEngine, AReferralIsCommittedAndAcknowledgedAndARepeatGetsTheSameAnswer) {
  std::string first;
  {
    MllpWire wire(port());
    first = answer_to(wire, referral());
    EXPECT_EQ(first, "MSA|CA|I-1\r") << "its MSH-15 is AL: committed";
    EXPECT_EQ(answer_to(wire, referral()), first);
  }
  EXPECT_EQ(engine_->desk().health().messages, 1u);
  EXPECT_EQ(engine_->desk().health().referrals, 1u);
  engine_.reset();
  open();
  MllpWire wire(port());
  EXPECT_EQ(answer_to(wire, referral()), first) << "also after a restart";
  EXPECT_EQ(engine_->desk().health().messages, 1u);
}

TEST_F(MllpEngine, WhatCannotBeReadIsKeptAndRefusedAndTheNextMessageIsTaken) {
  MllpWire wire(port());
  const auto refused = answer_to(wire, "NOT HL7");
  EXPECT_EQ(refused.substr(0, 6), "MSA|AR") << refused;
  EXPECT_EQ(engine_->desk().health().quarantined, 1u);
  EXPECT_EQ(answer_to(wire, referral()), "MSA|CA|I-1\r");
}

}  // namespace
}  // namespace meridian::host
