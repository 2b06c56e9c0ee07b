// SPDX-License-Identifier: Apache-2.0
// A test system and production kept apart: what addresses and the database tell.
#include "host/other_kind.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "host/site.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

TEST(OtherKind, AnAddressSaysItByAWordOfItsHostOrPath) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://fhir-prd.tamarack.example/R4", "production"},
      {"https://ehr.tamarack.example/interconnect-PRD/api/FHIR/R4", "production"},
      {"prod01.tamarack.example:2575", "production"},
      {"https://fhir.test2.tamarack.example/R4", "test"},
      {"https://ehr.tamarack.example/interconnect-tst-oauth/api/FHIR/R4", "test"},
      {"https://api.preview.platform.example/fhir/r4", "test"},
      {"https://fhir.non-prod.tamarack.example/", "test"},
      {"https://fhir.nonprod.tamarack.example/", "test"},
      {"https://user@uat-ehr:8443/fhir", "test"},
  };
  for (const auto& [address, kind] : cases) EXPECT_EQ(kind_said_by(address), kind) << address;
}

TEST(OtherKind, WhatOnlyLooksLikeSuchAWordSaysNothing) {
  for (const char* address :
       {"", "https://fhir.tamarack.example/R4", "https://tamarack.dev/fhir", "127.0.0.1:2575",
        "[::1]:2575", "https://latest.tamarack.example/products", "https://live-oak.example/fhir",
        "https://fhir.tamarack.example/R4?env=test", "https://prod.tamarack.example/test"}) {
    EXPECT_EQ(kind_said_by(address), "") << address;
  }
}

Config site(const std::string& processing) {
  Config config;
  config.file = "site.toml";
  config.processing = processing;
  const auto add = [](std::vector<PeerConfig>& peers, const char* id, int line) -> PeerConfig& {
    peers.emplace_back().id = id;
    peers.back().line = line;
    return peers.back();
  };
  add(config.hospitals, "north", 3).fhir = "https://fhir-prd.north.example/r4";
  add(config.hospitals, "south", 6).fhir = "https://fhir.south.example/r4";
  add(config.clinics, "willow", 9).mllp = "uat.willow.example:2575";
  config.contacts.push_back({"on call", "https://pager.prod.north.example/", "", "", 12});
  return config;
}

std::vector<std::string> places(const Config& config) {
  Issues issues;
  check_addresses(config, issues);
  std::vector<std::string> found;
  for (const auto& issue : issues) {
    EXPECT_EQ(issue.severity, Severity::warning);
    found.push_back(issue.path);
  }
  return found;
}

TEST(OtherKind, EachAddressOfTheOtherKindIsWarnedOf) {
  using Places = std::vector<std::string>;
  EXPECT_EQ(places(site("training")), (Places{"site.toml:3", "site.toml:12"}));
  EXPECT_EQ(places(site("debugging")), (Places{"site.toml:3", "site.toml:12"}));
  EXPECT_EQ(places(site("production")), Places{"site.toml:9"});
}

class OneDatabase : public testing::Test {
 protected:
  OneDatabase() {
    fs::create_directories(config_.directory = fs::temp_directory_path() / ("kind-" + new_ulid()));
  }
  ~OneDatabase() override { fs::remove_all(config_.directory); }

  void run(const std::string& processing) {
    const auto store = open_site_store(config_, StoreUse::run);
    ASSERT_TRUE(store);
    ASSERT_TRUE(note_processing(**store, processing));
    ASSERT_TRUE(note_processing(**store, processing)) << "and at the next start";
  }
  Issues checked(const std::string& processing) {
    config_.processing = processing;
    Issues issues;
    const auto store = open_site_store(config_, StoreUse::check);
    if (store) check_database(config_, **store, issues);
    EXPECT_TRUE(store);
    return issues;
  }
  Config config_;
};

TEST_F(OneDatabase, IsKnownForWhatRanOnIt) {
  run("production");
  EXPECT_TRUE(checked("production").empty());
  ASSERT_EQ(checked("training").size(), 1u);
  EXPECT_EQ(checked("training").front().severity, Severity::warning);
}

TEST_F(OneDatabase, KeepsThatForEver) {
  run("training");
  run("debugging");
  EXPECT_TRUE(checked("training").empty()) << "both are test systems";
  run("production");
  EXPECT_EQ(checked("training").size(), 1u);
  EXPECT_EQ(checked("production").size(), 1u) << "the made-up patients are still in it";
}

}  // namespace
}  // namespace meridian::host
