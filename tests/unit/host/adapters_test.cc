// SPDX-License-Identifier: Apache-2.0
// What servers say of themselves when the ports are made.
#include "host/adapters.h"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "knowledge/knowledge.h"
#include "unit/fhir_client/test_server.h"

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

}  // namespace
}  // namespace meridian::host
