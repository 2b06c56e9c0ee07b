// SPDX-License-Identifier: Apache-2.0
// Tokens on disk: what is accepted, what is refused and how that is said.
#include "host/clients.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "host/operator_token.h"
#include "host/site.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

class Tokens : public testing::Test {
 protected:
  Tokens() {
    auto pattern = (fs::temp_directory_path() / "meridian-clients-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    config_.file = "site.toml";
    config_.directory = folder_;
  }
  ~Tokens() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text, unsigned mode = 0600) {
    std::ofstream(folder_ + "/" + name) << text;
    chmod((folder_ + "/" + name).c_str(), mode);
    return folder_ + "/" + name;
  }

  std::string refusal(const std::string& file) {
    const auto token = read_token(file);
    return token ? "" : std::string(token.error().what.view());
  }

  void client(const std::string& id, const std::string& file) {
    ClientConfig one;
    one.id = id;
    one.role = "viewer";
    one.token_file = file;
    one.line = 7;
    config_.clients.push_back(one);
  }

  std::string folder_;
  Config config_;
};

const std::string secret(32, 'a');

TEST_F(Tokens, AreTheFirstLineOfAPrivateFile) {
  EXPECT_EQ(*read_token(write("a", secret + "\nmore\n")), secret);
  EXPECT_EQ(*read_token(write("b", secret + "\r\n")), secret);
  EXPECT_EQ(*read_token(write("c", secret)), secret);
}

TEST_F(Tokens, AreRefusedWhenTheyAreNoSecret) {
  EXPECT_NE(refusal(write("a", secret, 0640)).find("chmod 600"), std::string::npos);
  EXPECT_NE(refusal(write("b", secret, 0604)).find("chmod 600"), std::string::npos);
  EXPECT_NE(refusal(write("c", secret.substr(1))).find("too short"), std::string::npos);
  EXPECT_NE(refusal(write("d", "")).find("empty"), std::string::npos);
  EXPECT_NE(refusal(write("e", secret + " and a space")).find("without spaces"), std::string::npos);
  EXPECT_NE(refusal(folder_ + "/none").find("no such file"), std::string::npos);
}

TEST_F(Tokens, EachFaultOfAClientHasItsLineAndItsFix) {
  write("open", secret, 0644);
  write("good", secret);
  write("same", secret);
  client("screen", "open");
  client("first", "good");
  client("second", "same");
  Issues issues;
  const auto callers = load_clients(config_, issues);
  ASSERT_EQ(issues.size(), 2u);
  EXPECT_EQ(issues[0].path, "site.toml:7");
  EXPECT_NE(issues[0].text.find("\"screen\": token_file \"open\": others may read"),
            std::string::npos);
  EXPECT_NE(issues[1].text.find("the same token as \"first\""), std::string::npos);
  EXPECT_EQ(callers.by_token(secret)->role, Role::viewer);
}

TEST_F(Tokens, TheOperatorsIsMadeOnceAndForItsOwnerOnly) {
  config_.store_url = "sqlite:data/m.db";
  fs::create_directory(folder_ + "/data");
  const auto made = operator_token(operator_token_path(config_));
  ASSERT_TRUE(made);
  EXPECT_GE(made->size(), shortest_token);
  const auto file = folder_ + "/data/operator.token";
  EXPECT_EQ(operator_token_path(config_), file);
  struct stat facts {};
  ASSERT_EQ(stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(*operator_token(file), *made);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ + "/data"), {}), 1) << "no draft is left";
  chmod(file.c_str(), 0644);
  EXPECT_FALSE(operator_token(file));
}

}  // namespace
}  // namespace meridian::host
