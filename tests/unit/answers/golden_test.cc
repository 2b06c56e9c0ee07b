// SPDX-License-Identifier: Apache-2.0
// Each folder of tests/golden/answers: a referral that is held for exactly the questions of
// case.json, what comes in (message-1.json, message-2.json ..., or form.txt as a browser posts it),
// and how it ends. site/ is what a site adds to its copy of fhir-profiles.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "places.h"
#include "unit/flow/bench.h"
#include "unit/web/browser.h"

namespace meridian::flow {
namespace {

namespace fs = std::filesystem;

const fs::path golden = fs::path(test::source_folder) / "tests/golden/answers";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The built-in content and the site's own rows.
Knowledge load_site() {
  std::string name = (fs::temp_directory_path() / "meridian-answers-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder");
  const fs::path folder = name;
  fs::copy(fs::path(test::source_folder) / "fhir-profiles", folder, fs::copy_options::recursive);
  fs::copy(golden / "site/conceptmaps", folder / "conceptmaps");
  const auto ours = text_of(folder / "rules/answers.json");
  const auto theirs = text_of(golden / "site/answers.json");
  const auto rows = theirs.substr(theirs.find('[') + 1, theirs.rfind(']') - theirs.find('[') - 1);
  std::ofstream(folder / "rules/answers.json")
      << ours.substr(0, ours.rfind(']')) << "," << rows << ours.substr(ours.rfind(']'));
  Issues issues;
  auto loaded = load_knowledge(folder, issues);
  for (const auto& issue : issues) ADD_FAILURE() << issue.path << ": " << issue.text;
  fs::remove_all(folder);
  return std::move(*loaded);
}

const Knowledge& site() {
  static const Knowledge content = load_site();
  return content;
}

struct Case {
  std::string name;
  std::vector<std::string> asks;
  std::vector<std::string> reasons;  ///< of the hold afterwards; `asks` unless said otherwise
  std::string ends;                  ///< released, held or emergency
  std::string gender = "male";
  std::vector<std::string> messages;
  std::string form;
};

std::vector<std::string> texts(const rapidjson::Value& list) {
  std::vector<std::string> values;
  for (const auto& value : list.GetArray()) values.emplace_back(value.GetString());
  return values;
}

Case read_case(const fs::path& folder) {
  rapidjson::Document json;
  json.Parse(text_of(folder / "case.json").c_str());
  Case read;
  read.name = folder.filename();
  read.asks = texts(json["asks"]);
  read.reasons = json.HasMember("reasons") ? texts(json["reasons"]) : read.asks;
  read.ends = json["ends"].GetString();
  if (json.HasMember("patient")) read.gender = json["patient"].GetString();
  for (int i = 1; fs::exists(folder / ("message-" + std::to_string(i) + ".json")); ++i) {
    read.messages.push_back(text_of(folder / ("message-" + std::to_string(i) + ".json")));
  }
  read.form = text_of(folder / "form.txt");
  if (!read.form.empty()) read.form.pop_back();  // the line's end
  return read;
}

std::vector<Case> cases_that_end(const std::string& ends) {
  std::vector<Case> cases;
  for (const auto& entry : fs::directory_iterator(golden)) {
    if (!fs::exists(entry.path() / "case.json")) continue;
    EXPECT_TRUE(fs::exists(entry.path() / "about.md")) << entry.path();
    auto read = read_case(entry.path());
    EXPECT_TRUE(read.name.starts_with(read.ends)) << read.name;
    if (read.ends == ends) cases.push_back(std::move(read));
  }
  EXPECT_GT(cases.size(), 4u);
  return cases;
}

/// Mr. or Mrs. Alder.
std::string patient_of(const Case& one) {
  auto json = patient();
  json.replace(json.find("male"), 4, one.gender);
  return json;
}

std::vector<std::string> reasons_of(Bench& bench) {
  rapidjson::Document json;
  json.Parse(bench.only_referral().decision.c_str());
  return texts(json["reasons"]);
}

/// Up to the hold that asks for the questions of the case, and for nothing else.
void hold(Bench& bench, const Case& one) {
  bench.history->facts =
      bundle({patient_of(one), back_pain(), order(), answers(bench.now, one.asks)});
  ASSERT_TRUE(bench.submit("ehr", "order/1", bundle({patient_of(one), back_pain(), order()})));
  bench.run();
  ASSERT_EQ(bench.state(), "held");
  ASSERT_EQ(reasons_of(bench), one.asks);
  ASSERT_TRUE(bench.clinic->sent.empty());
}

/// The link as the hospital was told it.
std::string link_in(const Receiver& hospital) {
  const auto& letter = hospital.sent.back().bytes;
  const auto begin = letter.find("/forms/");
  return begin == std::string::npos ? "/none"
                                    : letter.substr(begin, letter.find(' ', begin) - begin);
}

void answer(Bench& bench, const Case& one) {
  for (std::size_t i = 0; i < one.messages.size(); ++i) {
    const auto done = bench.submit("ehr", "answer/" + std::to_string(i), one.messages[i]);
    ASSERT_TRUE(done);
    ASSERT_EQ(done->find("\"severity\":\"fatal\""), std::string::npos) << *done;
  }
  if (one.form.empty()) return;
  const auto page = test::ask(*bench.desk, "POST", link_in(*bench.hospital), one.form);
  ASSERT_EQ(page.status, 200) << page.body;
}

TEST(Answers, EveryShapeThatCanBeReadReleasesTheHoldThatAsksForIt) {
  for (const auto& one : cases_that_end("released")) {
    SCOPED_TRACE(one.name);
    Bench bench(site());
    hold(bench, one);
    if (HasFatalFailure()) continue;
    answer(bench, one);
    bench.run();
    EXPECT_EQ(bench.state(), "delivered") << bench.only_referral().decision;
    EXPECT_EQ(bench.clinic->sent.size(), 1u);
  }
}

TEST(Answers, NoneThatCannotBeReadReleasesAnything) {
  for (const auto& one : cases_that_end("held")) {
    SCOPED_TRACE(one.name);
    Bench bench(site());
    hold(bench, one);
    if (HasFatalFailure()) continue;
    answer(bench, one);
    bench.run();
    EXPECT_EQ(bench.state(), "held");
    EXPECT_EQ(reasons_of(bench), one.reasons);
    EXPECT_TRUE(bench.clinic->sent.empty());
  }
}

TEST(Answers, AnAlarmingOneRaisesTheAlertInTheCommitThatReceivedIt) {
  for (const auto& one : cases_that_end("emergency")) {
    SCOPED_TRACE(one.name);
    Bench bench(site());
    hold(bench, one);
    if (HasFatalFailure()) continue;
    answer(bench, one);
    EXPECT_EQ(bench.state(), "emergency");  // before any work was done
    bench.run();
    EXPECT_EQ(bench.state(), "emergency");
    EXPECT_EQ(bench.first_pager->sent.size(), 1u);
    EXPECT_TRUE(bench.clinic->sent.empty());
  }
}

}  // namespace
}  // namespace meridian::flow
