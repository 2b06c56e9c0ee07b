// SPDX-License-Identifier: Apache-2.0
// [mail] and [sign_in]: each key wrong once, said with its line and what it must be.
#include <gtest/gtest.h>

#include "unit/host/config_faults.h"

namespace meridian::host {
namespace {

struct Wrong {
  const char* key;
  const char* value;
  const char* said;
};

/// The table with one key in place of its own; each key has a line of its own.
std::string with(const std::string& name, std::vector<std::pair<std::string, std::string>> keys,
                 const Wrong& wrong, int& line) {
  bool there = false;
  for (auto& [key, value] : keys) {
    if (key != wrong.key) continue;
    value = wrong.value;
    there = true;
  }
  if (!there) keys.emplace_back(wrong.key, wrong.value);
  std::string toml = "[" + name + "]\n";
  int number = 1;
  for (const auto& [key, value] : keys) {
    ++number;
    if (key == wrong.key) line = number;
    toml += key + " = " + value + "\n";
  }
  return toml;
}

const std::vector<std::pair<std::string, std::string>> mail = {
    {"host", "\"mail.ridge.example\""},
    {"security", "\"tls\""},
    {"port", "465"},
    {"ca_file", "\"ca.pem\""},
    {"user", "\"meridian\""},
    {"password_file", "\"mail.password\""},
    {"from", "\"m@ridge.example\""},
    {"every_minutes", "30"}};

const std::vector<std::pair<std::string, std::string>> sign_in = {
    {"issuer", "\"https://id.ridge.example\""},
    {"name", "\"Ridge\""},
    {"client_id", "\"meridian\""},
    {"client_secret_file", "\"id.secret\""},
    {"ca_file", "\"ca.pem\""},
    {"scopes", "\"openid email\""},
    {"acr", "[\"mfa\"]"},
    {"amr", "[\"otp\"]"}};

std::string whole(const char* name, const std::vector<std::pair<std::string, std::string>>& keys) {
  int line = 0;
  return with(name, keys, {keys[0].first.c_str(), keys[0].second.c_str(), ""}, line);
}

/// Each of `wrongs` alone is the one fault, at its own line.
void expect_each(const char* name, const std::vector<std::pair<std::string, std::string>>& keys,
                 const std::vector<Wrong>& wrongs) {
  EXPECT_EQ(faults(whole(name, keys)), Texts{}) << "as it stands it is right";
  for (const auto& wrong : wrongs) {
    int line = 0;
    const auto found = faults(with(name, keys, wrong, line));
    ASSERT_FALSE(found.empty()) << wrong.key << " = " << wrong.value;
    EXPECT_EQ(found[0], "site.toml:" + std::to_string(line) + ": " + wrong.said) << wrong.key;
    // A key that cannot be read is besides asked for where it, or its other half, must be there.
    for (std::size_t i = 1; i < found.size(); ++i) {
      EXPECT_NE(found[i].find(wrong.key), std::string::npos) << found[i];
    }
  }
  for (const auto& [key, value] : keys) {
    const auto tried = [&, name = key](const Wrong& wrong) { return wrong.key == name; };
    EXPECT_TRUE(std::any_of(wrongs.begin(), wrongs.end(), tried)) << key << " was never wrong";
  }
}

TEST(ConfigWaysIn, EachKeyOfMailThatIsWrongIsNamedWithItsLineAndTheFix) {
  expect_each(
      "mail", mail,
      {{"host", "5", "[mail]: host must be a string"},
       {"security", "\"ssl\"", "[mail]: security must be one of \"starttls\" \"tls\" \"none\""},
       {"port", "0", "[mail]: port must be a whole number from 1 to 65535"},
       {"port", "\"465\"", "[mail]: port must be a whole number from 1 to 65535"},
       {"ca_file", "true", "[mail]: ca_file must be a string"},
       {"user", "[]", "[mail]: user must be a string"},
       {"password_file", "1", "[mail]: password_file must be a string"},
       {"from", "{}", "[mail]: from must be a string"},
       {"every_minutes", "0", "[mail]: every_minutes must be a number from 1 to 1440"},
       {"pasword_file", "\"x\"",
        "unknown key \"pasword_file\" in [mail]; did you mean \"password_file\"?"},
       {"frobnicate", "\"x\"", "unknown key \"frobnicate\" in [mail]; remove it"}});
}

TEST(ConfigWaysIn, EachKeyOfSignInThatIsWrongIsNamedWithItsLineAndTheFix) {
  expect_each("sign_in", sign_in,
              {{"issuer", "5", "[sign_in]: issuer must be a string"},
               {"name", "5", "[sign_in]: name must be a string"},
               {"client_id", "5", "[sign_in]: client_id must be a string"},
               {"client_secret_file", "5", "[sign_in]: client_secret_file must be a string"},
               {"ca_file", "5", "[sign_in]: ca_file must be a string"},
               {"scopes", "[]", "[sign_in]: scopes must be a string"},
               {"acr", "\"mfa\"", "[sign_in]: acr must be a list of strings"},
               {"amr", "[1]", "[sign_in]: amr must be a list of strings"},
               {"isuer", "\"x\"", "unknown key \"isuer\" in [sign_in]; did you mean \"issuer\"?"}});
}

TEST(ConfigWaysIn, WhatBelongsTogetherIsAskedForTogether) {
  EXPECT_EQ(faults("[mail]\nhost = \"mail.ridge.example\"\n"),
            Texts{"site.toml:1: [mail] has no from; add from = \"...\""});
  EXPECT_EQ(faults("[mail]\nfrom = \"m@ridge.example\"\n"),
            Texts{"site.toml:1: [mail] has no host; add host = \"...\""});
  for (const char* half : {"user = \"m\"", "password_file = \"x\""}) {
    EXPECT_EQ(faults(std::string("[mail]\nhost = \"h\"\nfrom = \"m@ridge.example\"\n") + half),
              Texts{"site.toml:1: [mail]: user and password_file go together"});
  }
  EXPECT_EQ(faults("[sign_in]\nissuer = \"https://i\"\nclient_id = \"m\"\nacr = [\"mfa\"]\n"
                   "scopes = \"email\"\n"),
            Texts{"site.toml:1: [sign_in]: scopes must have openid among them"});
  const auto one_factor = faults("[sign_in]\nissuer = \"https://i\"\nclient_id = \"m\"\n");
  ASSERT_EQ(one_factor.size(), 1u);
  EXPECT_NE(one_factor[0].find("nobody signs in with one"), std::string::npos);
  EXPECT_EQ(faults("[sign_in]\nacr = [\"mfa\"]\n"),
            (Texts{"site.toml:1: [sign_in] has no issuer; add issuer = \"...\"",
                   "site.toml:1: [sign_in] has no client_id; add client_id = \"...\""}));
}

}  // namespace
}  // namespace meridian::host
