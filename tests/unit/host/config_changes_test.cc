// SPDX-License-Identifier: Apache-2.0
// Which keys changed between two starts, without keeping what they were.
#include "host/config_changes.h"

#include <gtest/gtest.h>

namespace meridian::host {
namespace {

constexpr const char* before = R"(
site = "Tamarack"
[http]
listen = "127.0.0.1:8480"
[[clinic]]
id = "willow"
fhir = "https://willow.example"
services = ["acupuncture"]
[[clinic]]
id = "birch"
mllp = "birch.example:2575"
)";

TEST(ConfigChanges, NameKeysByTheTableTheyStandIn) {
  const std::string after = R"(
site = "Tamarack"
[http]
listen = "127.0.0.1:8481"
[[clinic]]
id = "birch"
mllp = "birch.example:2575"
[[clinic]]
id = "willow"
fhir = "https://willow.example"
services = ["acupuncture", "massage"]
pdf = false
)";
  EXPECT_EQ(
      changed_keys(key_digests(before, "s"), key_digests(after, "s")),
      (std::vector<std::string>{"clinic.willow.pdf", "clinic.willow.services", "http.listen"}))
      << "their order in the file does not count";
  EXPECT_EQ(changed_keys(key_digests(after, "s"), key_digests(before, "s")).size(), 3u);
}

TEST(ConfigChanges, AreKeptWithoutAValue) {
  const auto digests = key_digests(before, "s");
  const auto lines = to_lines(digests);
  EXPECT_EQ(from_lines(lines), digests);
  for (const char* value : {"8480", "willow.example", "acupuncture"}) {
    EXPECT_EQ(lines.find(value), std::string::npos) << value;
  }
  EXPECT_NE(lines, to_lines(key_digests(before, "another")));
  EXPECT_TRUE(key_digests("no = [toml", "s").empty());
}

}  // namespace
}  // namespace meridian::host
