// SPDX-License-Identifier: Apache-2.0
// A mediator of OpenHIM against a core that takes and refuses what openhim-core does.
#include "openhim/mediator.h"

#include <map>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "base/hash.h"

namespace meridian::openhim {
namespace {

constexpr const char* api = "https://openhim.example:8080";
constexpr const char* urn = "urn:mediator:meridian-node-7";

/// Its users, mediators and heartbeats, as src/api has them.
struct Core {
  std::string user = "root@openhim.example";
  std::string salt = "d9bcb40e";
  std::string digest =
      hex(sha512("d9bcb40e"
                 "a blue door"));
  bool admin = true;
  std::string now = "2031-01-01T12:00:00.000Z";  ///< its clock, far from ours
  std::vector<std::string> mediators;            ///< urns
  std::vector<int> uptimes;
  std::string last;  ///< body of the last registration
  int broken = 0;    ///< status of every answer, if any

  Result<std::string> get(const std::string& url) const {
    if (url != std::string(api) + "/authenticate/" + user) {
      return Error{ErrorCode::not_found, "core", "404", 404};
    }
    return R"({"salt":")" + salt + R"(","ts":")" + now + "\"}";
  }

  Result<Answer> post(const std::string& url, const Headers& headers, const std::string& body) {
    if (broken != 0) return Answer{broken, ""};
    if (!signed_in(headers)) return Answer{401, ""};
    if (!admin) return Answer{403, ""};
    const auto path = url.substr(std::string(api).size());
    return path == "/mediators" ? add(body) : beat(path, body);
  }

 private:
  bool signed_in(const Headers& headers) const {
    std::map<std::string, std::string> given(headers.begin(), headers.end());
    return given["auth-username"] == user && given["auth-ts"] == now &&
           given["auth-token"] == hex(sha512(digest + given["auth-salt"] + now));
  }

  Answer add(const std::string& body) {
    rapidjson::Document read;
    read.Parse(body.data(), body.size());
    if (!read.IsObject() || !read.HasMember("urn") || read["endpoints"].Empty()) return {400, ""};
    mediators.emplace_back(read["urn"].GetString());
    last = body;
    return {201, ""};
  }

  Answer beat(const std::string& path, const std::string& body) {
    rapidjson::Document read;
    read.Parse(body.data(), body.size());
    if (!read.IsObject() || !read.HasMember("uptime")) return {400, ""};
    for (const auto& known : mediators) {
      if (path != "/mediators/" + known + "/heartbeat") continue;
      uptimes.push_back(read["uptime"].GetInt());
      return {200, ""};
    }
    return {404, ""};
  }
};

MediatorSettings settings_for(Core& core) {
  MediatorSettings settings;
  settings.api = api;
  settings.user = core.user;
  settings.password = "a blue door";
  settings.urn = urn;
  settings.name = "Meridian of Tamarack Ridge";
  settings.version = "0.8.0";
  settings.endpoint = [] { return Endpoint{"meridian.example", 8480, true}; };
  settings.get = [&core](const std::string& url) { return core.get(url); };
  settings.post = [&core](const std::string& url, const Headers& headers, const std::string& json) {
    return core.post(url, headers, json);
  };
  return settings;
}

TEST(OpenHim, IntroducesItselfOnceAndThenSaysThatItLives) {
  Core core;
  Mediator mediator(settings_for(core));
  ASSERT_TRUE(mediator.beat(std::chrono::seconds(3)));
  ASSERT_TRUE(mediator.beat(std::chrono::seconds(13)));
  EXPECT_EQ(core.mediators, std::vector<std::string>{urn});
  EXPECT_EQ(core.uptimes, (std::vector<int>{3, 13}));

  rapidjson::Document said;
  said.Parse(core.last.data(), core.last.size());
  EXPECT_STREQ(said["version"].GetString(), "0.8.0");
  EXPECT_STREQ(said["endpoints"][0]["host"].GetString(), "meridian.example");
  EXPECT_EQ(said["endpoints"][0]["port"].GetInt(), 8480);
  const auto& channel = said["defaultChannelConfig"][0];
  EXPECT_TRUE(channel["routes"][0]["secured"].GetBool());
  EXPECT_TRUE(channel["allow"].Empty());  // nobody, until an administrator says who
  EXPECT_EQ(core.last.find("blue door"), std::string::npos);
}

TEST(OpenHim, ACoreThatForgotItIsToldAgain) {
  Core core;
  Mediator mediator(settings_for(core));
  ASSERT_TRUE(mediator.beat(std::chrono::seconds(3)));
  core.mediators.clear();
  ASSERT_TRUE(mediator.beat(std::chrono::seconds(13)));
  EXPECT_EQ(core.mediators.size(), 1U);
  EXPECT_EQ(core.uptimes, (std::vector<int>{3, 13}));
}

TEST(OpenHim, ItsClockCountsNotOurs) {
  Core core;
  Mediator mediator(settings_for(core));
  ASSERT_TRUE(mediator.beat(std::chrono::seconds(3)));
  core.now = "1999-12-31T23:59:59.000Z";
  EXPECT_TRUE(mediator.beat(std::chrono::seconds(13)));
}

TEST(OpenHim, SaysWhyItIsNotTaken) {
  Core core;
  const auto refused = [&](MediatorSettings settings) {
    const auto beaten = Mediator(std::move(settings)).beat(std::chrono::seconds(0));
    return beaten ? std::string("taken") : std::string(beaten.error().what.view());
  };
  auto wrong = settings_for(core);
  wrong.password = "a red door";
  EXPECT_EQ(refused(std::move(wrong)), "it does not take user or password");
  auto stranger = settings_for(core);
  stranger.user = "nobody@openhim.example";
  EXPECT_EQ(refused(std::move(stranger)), "it does not know the user");
  core.admin = false;
  EXPECT_EQ(refused(settings_for(core)), "the user is not in group admin");
  core.admin = true;
  core.broken = 503;
  EXPECT_EQ(refused(settings_for(core)), "it failed");
  core.broken = 400;
  EXPECT_EQ(refused(settings_for(core)), "it does not take the mediator");
}

TEST(OpenHim, WhateverTheCoreSaysOfAUserIsRead) {
  Core core;
  for (const char* said : {"", "[]", "{\"salt\":7,\"ts\":\"x\"}", "{\"salt\":\"x\"}", "{"}) {
    auto settings = settings_for(core);
    settings.get = [said](const std::string&) -> Result<std::string> { return std::string(said); };
    const auto beaten = Mediator(std::move(settings)).beat(std::chrono::seconds(0));
    ASSERT_FALSE(beaten) << said;
    EXPECT_EQ(beaten.error().code, ErrorCode::invalid) << said;
  }
}

TEST(OpenHim, BeatsByItselfAndStopsAtOnce) {
  Core core;
  Mediator mediator(settings_for(core));
  const auto begun = std::chrono::steady_clock::now();
  mediator.start();
  mediator.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, Mediator::interval);
  EXPECT_LE(core.uptimes.size(), 1U);
}

}  // namespace
}  // namespace meridian::openhim
