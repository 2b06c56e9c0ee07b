// SPDX-License-Identifier: Apache-2.0
// Placeholders, the journal, and the sandbox's own patients.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "fhir_server/placeholders.h"
#include "places.h"
#include "unit/sandbox/direct_client.h"

namespace meridian::test {
namespace {

using sandbox::fill_placeholders;
using sandbox::Json;

const Instant now = *parse_instant("2026-11-20T10:00:00Z");

TEST(Placeholders, StandForDaysAndInstantsBeforeNow) {
  EXPECT_EQ(fill_placeholders(R"("{{today-98d}}")", now, {}), R"("2026-08-14")");
  EXPECT_EQ(fill_placeholders("{{today}}/{{today+1d}}", now, {}), "2026-11-20/2026-11-21");
  EXPECT_EQ(fill_placeholders("{{now-2h}}", now, {}), "2026-11-20T08:00:00.000Z");
  EXPECT_EQ(fill_placeholders("{{now-1d}}{{now-0h}}", now, {}),
            "2026-11-19T10:00:00.000Z2026-11-20T10:00:00.000Z");
  EXPECT_EQ(fill_placeholders("{{clinic_base}}", now, {{"clinic_base", "http://c"}}), "http://c");
}

TEST(Placeholders, MisspeltOnesAreNotLoadedSilently) {
  EXPECT_THROW(fill_placeholders("{{tody-1d}}", now, {}), std::runtime_error);
  EXPECT_THROW(fill_placeholders("{{today-1x}}", now, {}), std::runtime_error);
}

TEST(Json, KeepsNumbersOrderAndTextAsWritten) {
  const std::string text = R"({"b":1.50,"a":[-0.0,1E+40,null,true],"c":"\"\\é\n"})";
  EXPECT_EQ(Json::parse(text)->dump(), text);
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "{}x", "[1,]", "\"\xff\"", "{\"a\":01}"}) {
    std::string problem;
    EXPECT_FALSE(Json::parse(text, &problem)) << text;
    EXPECT_NE(problem, "") << text;
  }
  EXPECT_FALSE(Json::parse(std::string(100'000, '['))) << "depth must be limited";
}

TEST(Journal, GivesBackEveryVersionAfterARestart) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("meridian-journal-" + std::to_string(getpid()) + ".ndjson");
  std::filesystem::remove(file);
  {
    DirectClient client;
    client.service().keep_in(file.string());
    client.send("PUT", "/Task/t", R"({"resourceType":"Task","id":"t","status":"requested"})");
    client.send("PUT", "/Task/t", R"({"resourceType":"Task","id":"t","status":"accepted"})");
    client.send("PUT", "/Basic/b", R"({"resourceType":"Basic","id":"b"})");
    client.send("DELETE", "/Basic/b");
  }
  DirectClient again;
  again.service().keep_in(file.string());
  EXPECT_EQ(again.json("GET", "/Task/t")["status"].text(), "accepted");
  EXPECT_EQ(again.json("GET", "/Task/t/_history/1")["status"].text(), "requested");
  EXPECT_EQ(again.status("GET", "/Basic/b"), 410);
  std::filesystem::remove(file);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// A hospital's folder of sandbox/data, and how many patients are in it.
using Records = std::pair<const char*, const char*>;

class SandboxPatients : public testing::TestWithParam<Records> {};

TEST_P(SandboxPatients, LoadTwiceIntoAServerThatChecksReferences) {
  DirectClient client;
  std::set<std::filesystem::path> files;
  const auto folder =
      std::filesystem::path(std::string(test::source_folder) + "/sandbox/data") / GetParam().first;
  for (const auto& file : std::filesystem::directory_iterator(folder)) files.insert(file.path());
  ASSERT_FALSE(files.empty());
  const auto load_all = [&](bool answers) {
    for (const auto& file : files) {
      const auto name = file.filename().string();
      const bool answer = name.starts_with("answer-") || name.starts_with("correction-");
      if (answer != answers) continue;
      const std::string bundle =
          fill_placeholders(read_file(file), now, {{"clinic_base", DirectClient::base}});
      const auto response = client.send("POST", "", bundle);
      EXPECT_EQ(response.status, 200) << file << " " << response.body;
    }
  };
  load_all(false);
  load_all(false);
  load_all(true);
  EXPECT_EQ(client.json("GET", "/Patient?_summary=count")["total"].text(), GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(Both, SandboxPatients,
                         testing::Values(Records{"hospital", "29"}, Records{"copper-basin", "2"}),
                         [](const auto& each) {
                           return each.index == 0 ? "Hospital" : "CopperBasin";
                         });

}  // namespace
}  // namespace meridian::test
