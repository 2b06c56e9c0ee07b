// SPDX-License-Identifier: Apache-2.0
// Hostile text in every string of what a hospital and a clinic send by FHIR, and every page looked
// at afterwards.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/read_file.h"
#include "places.h"
#include "unit/hostile/attacks.h"
#include "unit/hostile/fields.h"
#include "unit/hostile/look.h"

namespace meridian::test {
namespace {

std::string resources(const char* name) {
  const auto folder = std::filesystem::path(test::source_folder) / "tests/unit/hostile";
  return *read_file(folder / name);
}

/// Texts of a Bundle that no rule reads: what people write. All others steer the path.
bool is_prose(const std::string& pointer) {
  for (const auto* tail :
       {"/text", "/display", "/family", "/conclusion", "/description", "/comment", "/title",
        "/authorString", "/contentString", "/valueString", "/patientInstruction", "/city", "/div",
        "/name", "/subscriberId", "/network", "/data"}) {
    if (pointer.ends_with(tail)) return true;
  }
  return pointer.find("/given/") != pointer.npos || pointer.find("/line/") != pointer.npos ||
         pointer.find("/prefix/") != pointer.npos || pointer.find("/alias/") != pointer.npos;
}

/// In the form in which the field holds a text.
std::string put(const std::string& json, const std::string& pointer, const std::string& attack) {
  return with_json(json, pointer, pointer.ends_with("/data") ? encode_base64(attack) : attack);
}

TEST(HostileFhir, TheHarmlessRecordReachesEveryPage) {
  HostileSite site;
  ASSERT_TRUE(site.hear_record(resources("record.json")));
  ASSERT_EQ(site.bench.state(), "delivered");
  ASSERT_TRUE(site.hear_answer(resources("answer.json")));
  look_at_all(site, "nothing hostile");
  std::set<std::string> who;
  const auto opened = site.open_all();
  for (const auto& page : opened) who.insert(page.who + " " + std::to_string(page.status));
  EXPECT_TRUE(who.contains("clinic 200"));
  EXPECT_TRUE(who.contains("surgeon 200"));
  EXPECT_TRUE(who.contains("operations 200"));
  EXPECT_TRUE(who.contains("here 200"));
  EXPECT_GT(opened.size(), 20u);
}

TEST(HostileFhir, ProseOfARecordIsTextOnEveryPage) {
  for (std::size_t i = 0; i < attacks().size(); ++i) {
    HostileSite site;
    auto record = resources("record.json");
    for (const auto& pointer : json_fields(record)) {
      if (is_prose(pointer)) record = put(record, pointer, attacks()[i]);
    }
    ASSERT_TRUE(site.hear_record(record));
    EXPECT_EQ(site.bench.state(), "delivered") << "it goes all the way, or nothing is shown";
    auto answer = resources("answer.json");
    for (const auto& pointer : json_fields(answer)) {
      if (is_prose(pointer)) answer = put(answer, pointer, attacks()[i]);
    }
    ASSERT_TRUE(site.hear_answer(answer));
    EXPECT_GT(look_at_all(site, "attack " + std::to_string(i)), 8);
  }
}

/// One field after the other, so that one that stops the path hides no other.
void try_each(const std::string& file,
              const std::function<void(HostileSite&, const std::string&)>& hear) {
  const auto json = resources(file.c_str());
  int seen = 0;
  int tried = 0;
  for (const auto& pointer : json_fields(json)) {
    if (json_text(json, pointer) == "{{referral}}") continue;
    HostileSite site;
    print_nothing(site);
    hear(site, put(json, pointer, attacks()[tried++ % attacks().size()]));
    seen += look_at_first_pages(site, file + pointer) ? 1 : 0;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(seen, tried / 2) << "of " << tried << " fields came through to a page";
}

TEST(HostileEach, AnyOneFieldOfARecordIsTextOnEveryPage) {
  try_each("record.json",
           [](HostileSite& site, const std::string& record) { site.hear_record(record); });
}

TEST(HostileEach, AnyOneFieldOfAnAnswerIsTextOnEveryPage) {
  const auto record = resources("record.json");
  try_each("answer.json", [&](HostileSite& site, const std::string& answer) {
    site.hear_record(record);
    site.hear_answer(answer);
  });
}

}  // namespace
}  // namespace meridian::test
