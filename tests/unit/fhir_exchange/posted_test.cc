// SPDX-License-Identifier: Apache-2.0
// The notifications of the fuzzer's corpus, each as it must be understood.
#include "fhir/exchange/posted.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "places.h"

namespace meridian::fhir {
namespace {

Posted look(const std::string& name) {
  std::ifstream in(std::string(test::source_folder) + "/tests/fuzz/corpus/posted/" + name +
                   ".json");
  const std::string body{std::istreambuf_iterator<char>(in), {}};
  const auto posted = FhirPosted().look(body);
  EXPECT_TRUE(posted) << name;
  return posted ? *posted : Posted{};
}

TEST(Posted, AHandshakeAndAHeartbeatBringNothing) {
  const auto handshake = look("handshake").notice;
  ASSERT_TRUE(handshake);
  EXPECT_EQ(handshake->kind, Notice::Kind::handshake);
  EXPECT_EQ(handshake->subscription, "https://ehr.example/fhir/Subscription/7");
  const auto heartbeat = look("heartbeat").notice;
  ASSERT_TRUE(heartbeat);
  EXPECT_EQ(heartbeat->kind, Notice::Kind::heartbeat);
  EXPECT_EQ(heartbeat->first_event, 0);
  EXPECT_EQ(heartbeat->last_event, 4);
}

TEST(Posted, EventsAreNumberedAndMayCarryTheirResources) {
  const auto id_only = look("id_only").notice;
  ASSERT_TRUE(id_only);
  EXPECT_EQ(id_only->kind, Notice::Kind::events);
  EXPECT_EQ(id_only->last_event, 2);
  EXPECT_FALSE(id_only->carries_resources);
  const auto full = look("full").notice;
  ASSERT_TRUE(full);
  EXPECT_EQ(full->first_event, 3);
  EXPECT_EQ(full->last_event, 4);
  EXPECT_TRUE(full->carries_resources);
}

TEST(Posted, TheStatusResourceSaysTheSameAndAnAuditEventIsNoContent) {
  const auto later = look("r4b").notice;
  ASSERT_TRUE(later);
  EXPECT_EQ(later->kind, Notice::Kind::events);
  EXPECT_EQ(later->last_event, 9);
  EXPECT_EQ(later->subscription, "Subscription/7");
  const auto athena = look("athena").notice;
  ASSERT_TRUE(athena);
  EXPECT_FALSE(athena->carries_resources);
}

TEST(Posted, WhatIsNoNotificationIsWhatItIs) {
  EXPECT_FALSE(look("order").notice);
  EXPECT_EQ(look("order").type, "ServiceRequest");
  EXPECT_EQ(look("order").id, "5");
  EXPECT_FALSE(look("document").notice);
  EXPECT_EQ(look("document").identifier, "B-1");
  EXPECT_FALSE(FhirPosted().look("{\"resourceType\":"));
}

}  // namespace
}  // namespace meridian::fhir
