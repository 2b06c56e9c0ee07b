// SPDX-License-Identifier: Apache-2.0
// tests/golden/packet: what the receiver needs, for each direction.
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "pathway/answer_needs.h"
#include "pathway/packet_needs.h"
#include "unit/pathway/golden_charts.h"

namespace meridian::test {
namespace {

using Items = std::map<std::string, PacketItem>;

Items by_element(const std::vector<PacketItem>& items) {
  Items found;
  for (const auto& item : items) found[item.element] = item;
  return found;
}

void expect_states(const Items& items, const rapidjson::Value& example, const std::string& about) {
  if (example.HasMember("states")) {
    for (const auto& state : example["states"].GetObject()) {
      const auto item = items.find(state.name.GetString());
      ASSERT_NE(item, items.end()) << about << ": " << state.name.GetString();
      EXPECT_EQ(item->second.state, state.value.GetString()) << about << ": " << item->first;
      EXPECT_EQ(item->second.rule, "packet." + item->first) << about;
      EXPECT_FALSE(item->second.supplied_by.empty()) << about << ": " << item->first;
    }
  }
  if (example.HasMember("words")) {
    for (const auto& words : example["words"].GetObject()) {
      EXPECT_EQ(items.at(words.name.GetString()).text, words.value.GetString()) << about;
    }
  }
  if (example.HasMember("without")) {
    for (const auto& element : example["without"].GetArray()) {
      EXPECT_FALSE(items.contains(element.GetString())) << about << ": " << element.GetString();
    }
  }
  if (!example.HasMember("holds")) return;
  std::set<std::string> wanted;
  std::set<std::string> holding;
  for (const auto& element : example["holds"].GetArray()) wanted.insert(element.GetString());
  for (const auto& [element, item] : items) {
    if (item.holds) holding.insert(element);
  }
  EXPECT_EQ(holding, wanted) << about;
}

/// What is asked is asked through a door that exists.
void expect_questions(const Assessment& assessment, const rapidjson::Value& example,
                      const std::string& about) {
  if (example.HasMember("asked")) {
    for (const auto& question : example["asked"].GetArray()) {
      const auto* item = missing(assessment, question.GetString());
      ASSERT_NE(item, nullptr) << about << ": " << question.GetString();
      EXPECT_NE(std::find(item->doors.begin(), item->doors.end(), "staff-form"), item->doors.end())
          << about << ": " << question.GetString();
      // Else it would be told twice, as asked and as not on record.
      const std::string id = question.GetString();
      const auto element = std::find_if(rules().packet.begin(), rules().packet.end(),
                                        [&](const auto& one) { return one.question == id; });
      if (element == rules().packet.end()) continue;
      const auto needs = by_element(assessment.packet);
      if (!needs.contains(element->id)) continue;
      EXPECT_EQ(needs.at(element->id).question, id) << about;
    }
  }
  if (!example.HasMember("not_asked")) return;
  for (const auto& question : example["not_asked"].GetArray()) {
    EXPECT_EQ(missing(assessment, question.GetString()), nullptr)
        << about << ": " << question.GetString();
  }
}

void run(const std::string& file, std::string_view order_code) {
  const auto json = golden_file("packet/" + file);
  for (const auto& example : json["cases"].GetArray()) {
    ChartBuilder builder;
    builder.order(snomed(order_code));
    const auto assessment = assess_one(golden_chart(builder, example), golden_history(example),
                                       golden_answers(example), now());
    const auto about = file + ": " + text_of(example, "about");
    expect_states(by_element(assessment.packet), example, about);
    expect_questions(assessment, example, about);
    if (!example.HasMember("disposition")) continue;
    EXPECT_EQ(disposition_name(assessment.disposition), text_of(example, "disposition")) << about;
  }
}

TEST(Packet, ToAcupuncture) {
  run("to-acupuncture.json", "183608005");
}

TEST(Packet, ToSurgeon) {
  run("to-surgeon.json", "770695002");
}

TEST(Packet, Back) {
  const auto json = golden_file("packet/back.json");
  for (const auto& example : json["cases"].GetArray()) {
    const auto chart = golden_chart(ChartBuilder(), example);
    expect_states(by_element(answer_items(chart.records, rules(), terminology())), example,
                  text_of(example, "about"));
  }
}

TEST(Packet, EveryWordOfTheContentIsKnown) {
  for (const auto& element : rules().packet) {
    for (const auto& word : element.found_in) {
      EXPECT_TRUE(is_packet_word(word) || is_answer_word(word)) << element.id << ": " << word;
    }
  }
}

TEST(Packet, NoOrderNoPacket) {
  ChartBuilder builder;
  builder.condition(icd("M54.50"), "2026-07-01");
  EXPECT_TRUE(assess_cleared(builder.chart()).packet.empty());
}

}  // namespace
}  // namespace meridian::test
