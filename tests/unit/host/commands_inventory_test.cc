// SPDX-License-Identifier: Apache-2.0
// inventory: the parts of this very program, and the ways of data of two sites.
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "base/ids.h"
#include "host/bill_of_materials.h"
#include "host/commands.h"
#include "host/data_flows.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

class Inventory : public testing::Test {
 protected:
  Inventory() { fs::create_directories(folder_ / "info"); }
  ~Inventory() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  const Part* part(const std::string& name) {
    parts_ = parts_of_this_program(folder_);
    for (const auto& each : parts_) {
      if (each.name == name) return &each;
    }
    return nullptr;
  }
  static const DataFlow* flow(const std::vector<DataFlow>& flows, const std::string& peer,
                              const std::string& how) {
    for (const auto& each : flows) {
      if (each.peer == peer && each.how == how) return &each;
    }
    return nullptr;
  }

  const fs::path folder_ = fs::temp_directory_path() / ("meridian-inventory-" + new_ulid());
  std::vector<Part> parts_;
};

TEST_F(Inventory, NamesALibraryByItsFileWhereThereAreNoPackages) {
  const auto* sqlite = part("libsqlite3.so.0");
  ASSERT_NE(sqlite, nullptr);
  EXPECT_FALSE(sqlite->packaged);
  EXPECT_EQ(sqlite->version, "");
  ASSERT_EQ(sqlite->files.size(), 1u);
  EXPECT_NE(part("rapidjson-dev"), nullptr);  // of which headers alone are used
}

TEST_F(Inventory, NamesThePackageOfALibraryAndItsVersion) {
  const auto file = fs::canonical(part("libsqlite3.so.0")->files.front()).string();
  write("info/libdatabase0:amd64.list", "/.\n" + file + "\n");
  write("status",
        "Package: other\nVersion: 9\nArchitecture: all\n\n"
        "Package: libdatabase0\nStatus: install ok installed\nArchitecture: amd64\nVersion: "
        "1:3.40+dfsg-2\n\n");
  EXPECT_EQ(part("libsqlite3.so.0"), nullptr);
  const auto* database = part("libdatabase0");
  ASSERT_NE(database, nullptr);
  EXPECT_EQ(database->version, "1:3.40+dfsg-2");
  const auto bill = bill_of_materials({*database}, "x", "2026-11-20T00:00:00.000Z", "debian");
  EXPECT_NE(bill.find("pkg:deb/debian/libdatabase0@1%3A3.40%2Bdfsg-2?arch=amd64"),
            std::string::npos)
      << bill;
}

/// What bom-1.5.schema.json asks of the members that are written.
TEST_F(Inventory, IsOfTheShapeOfCycloneDx) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(print_bill_of_materials(), 0);
  rapidjson::Document bill;
  ASSERT_FALSE(bill.Parse(testing::internal::GetCapturedStdout().c_str()).HasParseError());
  EXPECT_STREQ(bill["bomFormat"].GetString(), "CycloneDX");
  EXPECT_STREQ(bill["specVersion"].GetString(), "1.5");
  EXPECT_TRUE(bill["version"].GetInt() >= 1);
  const std::regex uuid(
      "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(bill["serialNumber"].GetString(), uuid));
  std::set<std::string> refs{bill["metadata"]["component"]["bom-ref"].GetString()};
  ASSERT_GT(bill["components"].Size(), 10u);
  for (const auto& each : bill["components"].GetArray()) {
    EXPECT_STREQ(each["type"].GetString(), "library");
    EXPECT_GT(each["name"].GetStringLength(), 0u);
    EXPECT_TRUE(refs.insert(each["bom-ref"].GetString()).second) << each["bom-ref"].GetString();
    EXPECT_FALSE(each.HasMember("version") && each["version"].GetStringLength() == 0);
  }
}

TEST_F(Inventory, SaysWhichDataGoesWhereAndNamesSecretsByTheirFiles) {
  Issues issues;
  const auto config = read_config(R"(
[http]
listen = "127.0.0.1:0"
[[hospital]]
id = "ridge"
fhir = "https://ehr.ridge.example/r4"
auth = "bearer"
token_file = "ridge.token"
ca_file = "ridge-ca.pem"
[[hospital]]
id = "creek"
mllp = "127.0.0.1:2576"
mllp_plain = true
[[clinic]]
id = "willow"
inbox = true
field_profile = "clinic-minimal"
[[client]]
id = "engine"
role = "source"
source = "ridge"
token_file = "engine.token"
[[mllp]]
listen = "127.0.0.1:2575"
source = "creek"
)",
                                  "site.toml", folder_.string(), issues);
  const auto flows = data_flows(config);
  const auto* record = flow(flows, "ridge", "FHIR R4");
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->direction, "both");
  EXPECT_NE(record->protection.find("ridge-ca.pem"), std::string::npos);
  EXPECT_EQ(record->secret_files, std::vector<std::string>{"ridge.token"});
  const auto* pages = flow(flows, "willow", "pages of the inbox");
  ASSERT_NE(pages, nullptr);
  EXPECT_NE(pages->data.find("clinic-minimal"), std::string::npos);
  EXPECT_EQ(pages->protection, "none: plain HTTP");
  int v2 = 0;
  for (const auto& each : flows) {
    if (each.peer != "creek") continue;
    EXPECT_EQ(each.protection, "none: plain MLLP");
    v2 += each.direction == "in" ? 1 : 10;
  }
  EXPECT_EQ(v2, 11);
  const auto* engine = flow(flows, "engine", "HTTP, role source");
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(engine->sign_in, "bearer token");
  ASSERT_NE(flow(flows, "database", "SQLite"), nullptr);

  const auto other = read_config("[store]\nurl = \"postgresql://m@db.example/m\"\n", "b.toml",
                                 folder_.string(), issues);
  const auto kept = data_flows(other);
  EXPECT_EQ(kept.size(), 2u);
  const auto* server = flow(kept, "database", "PostgreSQL");
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(server->address, "postgresql://db.example/m");
}

}  // namespace
}  // namespace meridian::host
