// SPDX-License-Identifier: Apache-2.0
// Directories of two shapes, the site's own tables, and what is kept when a reading is worse.
#include "host/read_directory.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "host/directory_issues.h"
#include "knowledge/knowledge.h"
#include "places.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

const Terminology& terminology() {
  static const auto content = [] {
    Issues issues;
    return std::move(*load_knowledge(issues));
  }();
  return content.terminology;
}

std::string joined(const std::vector<std::string>& list, const char* with) {
  std::string text;
  for (const auto& one : list) text += (text.empty() ? "" : with) + one;
  return text;
}

std::string line_of(const routing::Receiver& receiver) {
  std::string line = receiver.id + "|" + receiver.name + "|" + receiver.service + "|" +
                     receiver.to.str() + "|" + receiver.state + " " + receiver.postal_code;
  if (receiver.position) {
    char text[64];
    std::snprintf(text, sizeof text, " %.3f,%.3f", receiver.position->latitude,
                  receiver.position->longitude);
    line += text;
  }
  std::vector<std::string> licences;
  for (const auto& licence : receiver.licences) {
    licences.push_back(licence.state +
                       (licence.until ? " until " + to_string(*licence.until) : "") +
                       (licence.status.empty() ? "" : " " + licence.status));
  }
  line += "|" + joined(licences, ", ") + "|";
  const auto& accepts = receiver.accepts_new_patients;
  line += !accepts    ? "new patients not stated"
          : !*accepts ? "accepts no new patients"
                      : "accepts new patients";
  if (!receiver.new_patients_of.empty()) line += " of " + joined(receiver.new_patients_of, ", ");
  return line + "|" + joined(receiver.networks, ", ") + "|" + joined(receiver.visit_modes, ", ") +
         "|" + (receiver.paused ? "paused" : "") + "|" + joined(receiver.languages, " ") + "|" +
         receiver.eligibility;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Two clinics: one is tied by the address of its endpoint, one by name.
Config site(const std::string& directory) {
  Issues issues;
  auto config = read_config(R"(
[directory]
file = ")" + directory + R"("
[[clinic]]
id = "quiet-river"
fhir = "https://quietriver.example/fhir"
[[clinic]]
id = "willow"
fhir = "https://willow.example/fhir"
directory = "PractitionerRole/spine"
)",
                            "site.toml", "/", issues);
  EXPECT_TRUE(issues.empty());
  return config;
}

class GoldenDirectory : public testing::TestWithParam<const char*> {};

TEST_P(GoldenDirectory, IsReadAsExpected) {
  const fs::path folder = fs::path(test::source_folder) / "tests/golden/directory" / GetParam();
  Issues issues;
  const auto directory =
      read_directory(site(folder / "directory.json"), nullptr, terminology(), issues);
  ASSERT_TRUE(directory) << directory.error().what.view();
  std::vector<std::string> sorted;
  for (const auto& receiver : directory->receivers()) {
    if (receiver.id.find('@') != std::string::npos) sorted.push_back(line_of(receiver) + "\n");
  }
  std::sort(sorted.begin(), sorted.end());
  auto lines = joined(sorted, "");
  for (const auto& issue : issues) {
    if (issue.severity == Severity::information)
      lines += "issue " + issue.path + ": " + issue.text + "\n";
  }
  EXPECT_EQ(lines, text_of(folder / "expected.txt"));
}
INSTANTIATE_TEST_SUITE_P(All, GoldenDirectory, testing::Values("plain-r4", "plan-net"),
                         [](const auto& one) {
                           return std::string(one.param) == "plain-r4" ? "PlainR4" : "PlanNet";
                         });

TEST(ReadDirectory, AFileThatBreaksOffOrHoldsNobodyIsAnError) {
  const auto folder = fs::temp_directory_path() / ("meridian-directory-" + new_ulid());
  fs::create_directories(folder);
  const auto code_of = [&](const std::string& text) {
    std::ofstream(folder / "d.json") << text;
    Issues issues;
    const auto read = read_directory(site(folder / "d.json"), nullptr, terminology(), issues);
    return read ? ErrorCode::internal : read.error().code;
  };
  const auto whole =
      text_of(fs::path(test::source_folder) / "tests/golden/directory/plain-r4/directory.json");
  EXPECT_EQ(code_of(whole.substr(0, whole.size() / 2)), ErrorCode::malformed);
  EXPECT_EQ(code_of("not FHIR"), ErrorCode::malformed);
  EXPECT_EQ(code_of(R"({"resourceType":"Bundle","type":"collection"})"), ErrorCode::malformed);
  fs::remove_all(folder);
  Issues issues;
  const auto none = read_directory(site("/no/such/file"), nullptr, terminology(), issues);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::not_found);
}

TEST(ReadDirectory, TablesAloneAreADirectoryToo) {
  Issues issues;
  const auto config = read_config(R"(
[[clinic]]
id = "willow"
fhir = "https://willow.example/fhir"
services = ["acupuncture", "spine_surgery"]
licence_state = "or"
licence_until = "2027-06-30"
latitude = 45.5
longitude = -122.7
)",
                                  "site.toml", "/", issues);
  const auto directory = read_directory(config, nullptr, terminology(), issues);
  ASSERT_TRUE(directory);
  EXPECT_TRUE(issues.empty());
  ASSERT_EQ(directory->receivers().size(), 2u);
  EXPECT_EQ(
      line_of(directory->receivers()[0]),
      "willow/acupuncture|willow|acupuncture|willow|  45.500,-122.700|OR until 2027-06-30|new "
      "patients not stated|||||");
}

routing::Directory of(std::size_t count) {
  std::vector<routing::Receiver> receivers(count);
  for (std::size_t i = 0; i < count; ++i) receivers[i].id = std::to_string(i);
  return {std::move(receivers), {}, {}};
}

TEST(DirectoryKeeper, KeepsTheOldOneWhenAReadingFailsIsEmptyOrLostTooMany) {
  Result<routing::Directory> next = of(10);
  DirectoryKeeper keeper([&](Issues&) { return next; }, of(100), {{}, 0.2});
  EXPECT_TRUE(keeper.refresh()) << "what the site alone states is no measure";
  const auto first = keeper.current();
  EXPECT_EQ(first->receivers().size(), 10u);
  next = Error{ErrorCode::unavailable, "test", "down"};
  EXPECT_FALSE(keeper.refresh());
  next = of(0);
  EXPECT_FALSE(keeper.refresh());
  next = of(7);
  EXPECT_FALSE(keeper.refresh());
  EXPECT_EQ(keeper.current(), first);
  next = of(8);
  EXPECT_TRUE(keeper.refresh());
  EXPECT_EQ(keeper.current()->receivers().size(), 8u);
  EXPECT_EQ(first->receivers().size(), 10u) << "who has the old one still reads it";
}

TEST(DirectoryIssues, SayWhatEndsAndWhatIsMissing) {
  routing::Receiver receiver;
  receiver.id = "willow";
  receiver.to = DestinationId("willow");
  receiver.postal_code = "97205";
  receiver.position = routing::Position{45, -122};
  const auto on = *parse_day("2026-11-20");
  const auto said = [&] {
    std::vector<std::string> texts;
    for (const auto& issue : directory_issues({{receiver}, {}, {}}, on)) {
      texts.push_back(std::string(severity_name(issue.severity)) + ": " + issue.text);
    }
    return texts;
  };
  using Texts = std::vector<std::string>;
  receiver.licences = {{"OR", parse_day("2027-01-20"), ""}};
  EXPECT_EQ(said(), Texts{}) << "61 days";
  receiver.licences = {{"OR", parse_day("2027-01-19"), ""}};
  EXPECT_EQ(said(), Texts{"warning: licence in OR expires 2027-01-19"});
  receiver.licences = {{"OR", parse_day("2026-11-19"), ""}};
  EXPECT_EQ(said(), Texts{"error: licence in OR expired 2026-11-19"});
  receiver.licences.push_back({"OR", parse_day("2028-01-01"), ""});
  EXPECT_EQ(said(), Texts{}) << "it was renewed";
  receiver.position.reset();
  receiver.to = {};
  EXPECT_EQ(said(),
            (Texts{"information: no connection configured; shown, and sent nothing",
                   "information: no position: its distance goes by postal code and state"}));
}

TEST(DirectoryIssues, SayWhatStandsThereTwice) {
  routing::Receiver first;
  first.id = "1";
  first.name = "Willow Acupuncture";
  first.postal_code = "97205";
  auto second = first;
  second.id = "2";
  second.name = "WILLOW  Acupuncture.";
  const auto doubles = [&] {
    std::vector<std::string> texts;
    for (const auto& issue : directory_issues({{first, second}, {}, {}}, Day())) {
      if (issue.text.starts_with("same name")) texts.push_back(issue.path + ": " + issue.text);
    }
    return texts;
  };
  EXPECT_EQ(doubles(), std::vector<std::string>{"2 (WILLOW  Acupuncture.): same name, service and "
                                                "postal code as 1"});
  second.service = "spine_surgery";
  EXPECT_TRUE(doubles().empty());
  second.service.clear();
  second.postal_code = first.postal_code = "";
  EXPECT_TRUE(doubles().empty()) << "without a place it may be another one";
}

}  // namespace
}  // namespace meridian::host
