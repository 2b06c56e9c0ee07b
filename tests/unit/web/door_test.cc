// SPDX-License-Identifier: Apache-2.0
// Who is let in by the head of a request, and what the others are told.
#include "web/door.h"

#include <gtest/gtest.h>

namespace meridian::web {
namespace {

using std::chrono::seconds;

constexpr const char* engine_token = "0123456789abcdef0123456789abcdef";
constexpr const char* screen_token = "fedcba9876543210fedcba9876543210";

Callers known() {
  Callers callers;
  callers.add_token({"engine", Role::source, "ehr"}, engine_token);
  callers.add_token({"screen", Role::viewer}, screen_token);
  callers.add_certificate({"clinic", Role::source, "willow"}, {"CN=willow", ""});
  return callers;
}

http::Request from(const std::string& peer, const std::string& token = {}) {
  http::Request request;
  request.peer = peer;
  if (!token.empty()) request.headers.push_back({"Authorization", "Bearer " + token});
  return request;
}

class AtTheDoor : public testing::Test {
 protected:
  int status(http::Request request) {
    const auto refused = sources_(request);
    if (refused) said_ = refused->body;
    caller_ = door_.caller(request);
    return refused ? refused->status : 200;
  }

  Instant now_{};
  Door door_{known(), [this] { return now_; }};
  http::Gate sources_ = door_.only({Role::source});
  Caller caller_;
  std::string said_;
};

TEST_F(AtTheDoor, ARightTokenNamesItsCaller) {
  EXPECT_EQ(status(from("10.0.0.5", engine_token)), 200);
  EXPECT_EQ(caller_.name, "engine");
  EXPECT_EQ(caller_.role, Role::source);
  EXPECT_EQ(caller_.source, "ehr");
}

TEST_F(AtTheDoor, TheSchemeIsReadWithoutCase) {
  auto request = from("10.0.0.5");
  request.headers.push_back({"authorization", std::string("bearer ") + engine_token});
  EXPECT_EQ(status(request), 200);
}

TEST_F(AtTheDoor, NoTokenAndAWrongOneGet401WithWhatToDo) {
  EXPECT_EQ(status(from("10.0.0.5")), 401);
  EXPECT_NE(said_.find("Authorization: Bearer TOKEN"), std::string::npos);
  EXPECT_EQ(status(from("10.0.0.5", std::string(engine_token) + "x")), 401);
  EXPECT_NE(said_.find("token_file"), std::string::npos);
  auto request = from("10.0.0.5");
  request.headers.push_back({"Authorization", std::string("Basic ") + engine_token});
  EXPECT_EQ(status(request), 401);
  EXPECT_EQ(caller_.role, Role::none);
}

TEST_F(AtTheDoor, ARefusalNamesTheSchemeAsHttpAsks) {
  auto request = from("10.0.0.5");
  const auto refused = sources_(request);
  ASSERT_TRUE(refused);
  EXPECT_EQ(http::find_header(refused->headers, "WWW-Authenticate"), "Bearer realm=\"meridian\"");
}

TEST_F(AtTheDoor, AnotherRoleGets403WithTheClientsName) {
  EXPECT_EQ(status(from("10.0.0.5", screen_token)), 403);
  EXPECT_NE(said_.find("screen"), std::string::npos);
}

TEST_F(AtTheDoor, ACertificateThatWasCheckedIsAsGoodAsAToken) {
  auto request = from("10.0.0.5");
  request.certificate_subject = "CN=willow";
  request.certificate_key = "ab";
  EXPECT_EQ(status(request), 200);
  EXPECT_EQ(caller_.name, "clinic");
  request.certificate_subject = "CN=willow,O=Other";
  EXPECT_EQ(status(request), 401);
}

TEST_F(AtTheDoor, ACertificateDoesNotMendAWrongToken) {
  auto request = from("10.0.0.5", "wrong");
  request.certificate_subject = "CN=willow";
  EXPECT_EQ(status(request), 401);
}

TEST_F(AtTheDoor, TooManyWrongTokensLockTheAddressAndNoOther) {
  for (int i = 0; i < Failures::most; ++i) EXPECT_EQ(status(from("10.0.0.5", "wrong")), 401);
  EXPECT_EQ(status(from("10.0.0.5", "wrong")), 429);
  EXPECT_EQ(status(from("10.0.0.5", engine_token)), 429) << "a guess must not be told apart";
  EXPECT_EQ(status(from("10.0.0.6", engine_token)), 200);
  now_ += Failures::lock;
  EXPECT_EQ(status(from("10.0.0.5", engine_token)), 200);
}

TEST_F(AtTheDoor, FailuresFarApartDoNotAddUp) {
  for (int i = 0; i < 3 * Failures::most; ++i) {
    EXPECT_EQ(status(from("10.0.0.5", "wrong")), 401) << i;
    now_ += seconds(30);
  }
}

TEST_F(AtTheDoor, AnEngineWithAnOldTokenHereDoesNotLockOutItsNeighbours) {
  for (int i = 0; i < Failures::most; ++i) EXPECT_EQ(status(from("127.0.0.1", "wrong")), 401);
  EXPECT_EQ(status(from("127.0.0.1", "wrong")), 429);
  EXPECT_EQ(status(from("127.0.0.1", engine_token)), 200);
}

TEST_F(AtTheDoor, AllAddressesOfAnIpv6NetworkAreOne) {
  for (int i = 0; i < Failures::most; ++i) {
    EXPECT_EQ(status(from("2001:db8:1:2::" + std::to_string(i), "wrong")), 401);
  }
  EXPECT_EQ(status(from("2001:db8:1:2:ffff::1", "wrong")), 429);
  EXPECT_EQ(status(from("2001:db8:1:3::1", "wrong")), 401);
}

TEST(Failures, ForgetTheOldestAddressWhenThereAreTooMany) {
  Failures failures;
  Instant now{};
  const auto fail = [&](const std::string& address) {
    for (int i = 0; i < Failures::most; ++i) failures.add(address, now);
  };
  fail("first");
  for (std::size_t i = 0; i < Failures::most_addresses; ++i) {
    now += std::chrono::milliseconds(1);
    failures.add("other" + std::to_string(i), now);
  }
  EXPECT_FALSE(failures.is_locked("first", now));
  fail("last");
  EXPECT_TRUE(failures.is_locked("last", now));
}

TEST_F(AtTheDoor, TheOperatorsTokenIsGoodOnThisMachineOnly) {
  Callers callers;
  callers.add_token({"operator", Role::operations, "", true}, engine_token);
  Door door(std::move(callers));
  const auto gate = door.only({Role::operations});
  auto here = from("127.0.0.1", engine_token);
  EXPECT_FALSE(gate(here));
  auto there = from("10.0.0.5", engine_token);
  const auto refused = gate(there);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403);
}

TEST_F(AtTheDoor, WhoSitsAtTheMachineIsWhatTheRouteSays) {
  const auto gate = door_.only({Role::viewer}, Role::staff);
  auto here = from("127.0.0.1");
  EXPECT_FALSE(gate(here));
  EXPECT_EQ(door_.caller(here).role, Role::staff);
  auto passed_on = from("127.0.0.1");
  passed_on.headers.push_back({"X-Forwarded-For", "203.0.113.9"});
  EXPECT_TRUE(gate(passed_on)) << "a proxy on this machine brings others in";
  auto wrong = from("127.0.0.1", "wrong");
  EXPECT_TRUE(gate(wrong));
  auto none_here = from("127.0.0.1");
  EXPECT_TRUE(sources_(none_here));
}

}  // namespace
}  // namespace meridian::web
