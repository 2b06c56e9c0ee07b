// SPDX-License-Identifier: Apache-2.0
// What servers say of themselves when the ports are made.
#include "host/adapters.h"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "knowledge/knowledge.h"
#include "unit/fhir_client/test_server.h"
#include "unit/hl7v2_mllp/wire.h"

namespace meridian::host {
namespace {

using namespace std::chrono_literals;

/// Servers that answer only when all of them were asked.
class Together {
 public:
  explicit Together(int count) : missing_(count) {}

  test::Reply answer() {
    std::unique_lock lock(mutex_);
    --missing_;
    wake_.notify_all();
    wake_.wait_for(lock, 30s, [this] { return missing_ <= 0; });
    return test::json(200, R"({"resourceType":"CapabilityStatement","fhirVersion":"4.0.1",
      "rest":[{"mode":"server","resource":[{"type":"Task","interaction":[{"code":"create"}]}]}]})");
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  int missing_;
};

PeerConfig peer(const std::string& id, const std::string& fhir) {
  PeerConfig given;
  given.id = id;
  given.fhir = fhir;
  return given;
}

TEST(Adapters, AllServersAreAskedAtTheSameTimeWhatTheyCanDo) {
  Together together(3);
  const auto answer = [&](const test::Seen&) { return together.answer(); };
  test::TestServer hospital(answer);
  test::TestServer river(answer);
  test::TestServer gate(answer);
  Issues issues;
  const auto knowledge = load_knowledge(issues);
  ASSERT_TRUE(knowledge);
  Config config;
  config.hospitals.push_back(peer("hospital", hospital.url("/fhir")));
  config.clinics.push_back(peer("river", river.url("/fhir")));
  config.clinics.push_back(peer("gate", gate.url("/fhir")));
  const auto made =
      connect(config, knowledge->field_profiles, knowledge->terminology, "a key", issues);
  EXPECT_FALSE(has_errors(issues));
  ASSERT_EQ(made.servers.size(), 3U);
  for (const auto& server : made.servers) EXPECT_TRUE(server.said) << server.peer;
}

TEST(Adapters, AskingSaysNoFaultThatThePortsSayThemselves) {
  Issues issues;
  const auto knowledge = load_knowledge(issues);
  ASSERT_TRUE(knowledge);
  Config config;
  config.hospitals.push_back(peer("hospital", "ftp://127.0.0.1/fhir"));
  issues.clear();
  connect(config, knowledge->field_profiles, knowledge->terminology, "a key", issues);
  EXPECT_EQ(issues.size(), 3U);  // one for each port that it would have: read, poll, write
}

TEST(Adapters, CheckNamesAReceiverOfMessagesThatCannotBeReached) {
  const test::ScriptedPeer nobody({});  // a port where nothing listens any more
  test::ScriptedPeer somebody({[](test::MllpWire& wire) { wire.ends(); }});
  Config config;
  config.file = "site.toml";
  const auto add = [&](const char* id, std::uint16_t port, int line) {
    auto& given = config.clinics.emplace_back(peer(id, ""));
    given.mllp = "127.0.0.1:" + std::to_string(port);
    given.mllp_plain = true;
    given.line = line;
  };
  add("river", somebody.port(), 3);
  add("gate", nobody.port(), 9);
  add("hill", nobody.port(), 15);
  config.clinics.back().deliver = "host";  // the engine's way, and not ours to try
  const auto issues = probe(config);
  ASSERT_EQ(issues.size(), 1U);
  EXPECT_EQ(issues[0].path, "site.toml:9 (gate) mllp");
  EXPECT_EQ(issues[0].severity, Severity::error);
}

}  // namespace
}  // namespace meridian::host
