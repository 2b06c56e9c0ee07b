// SPDX-License-Identifier: Apache-2.0
// The cases of each pain type: tests/golden/pain_types/TYPE.json. A case is a few records and an
// order for acupuncture without a reason, and all pain types with the records behind each.
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "unit/pathway/golden_charts.h"

namespace meridian::test {
namespace {

using Types = std::map<std::string, std::set<std::string>>;

Types said(const Assessment& assessment) {
  Types types;
  for (const auto& type : assessment.pain_types) {
    types[type.type] = {type.basis.begin(), type.basis.end()};
  }
  return types;
}

Types expected(const rapidjson::Value& gives) {
  Types types;
  for (const auto& type : gives.GetObject()) {
    auto& refs = types[type.name.GetString()];
    for (const auto& ref : type.value.GetArray()) refs.insert(ref.GetString());
  }
  return types;
}

ChartBuilder order_without_reason() {
  ChartBuilder builder;
  builder.order(snomed("183608005"));
  return builder;
}

const std::set<std::string> needed = {"ICD-10-CM", "SNOMED CT", "text only", "several", "not"};

class PainTypeCases : public ::testing::TestWithParam<std::string> {};

TEST_P(PainTypeCases, RestOnTheRecordsTheyMust) {
  const auto json = golden_file("pain_types/" + GetParam() + ".json");
  std::set<std::string> shown;
  for (const auto& example : json["cases"].GetArray()) {
    shown.insert(text_of(example, "shows"));
    const auto assessment = assess_one(golden_chart(order_without_reason(), example),
                                       golden_history(example), golden_answers(example), now());
    const auto about =
        GetParam() + ", " + text_of(example, "shows") + ": " + text_of(example, "about");
    EXPECT_EQ(said(assessment), expected(example["gives"])) << about;
    if (example.HasMember("disposition")) {
      EXPECT_EQ(disposition_name(assessment.disposition), text_of(example, "disposition")) << about;
    }
    if (!example.HasMember("lanes")) continue;
    std::set<std::string> wanted;
    std::set<std::string> open;
    for (const auto& service : example["lanes"].GetArray()) wanted.insert(service.GetString());
    for (const auto& each : assessment.lanes) open.insert(each.service);
    EXPECT_EQ(open, wanted) << about;
  }
  for (const auto& absent : json["without"].GetArray()) shown.insert(text_of(absent, "shows"));
  for (const auto& kind : needed) EXPECT_TRUE(shown.contains(kind)) << "no case: " << kind;
}

INSTANTIATE_TEST_SUITE_P(PainTypes, PainTypeCases,
                         ::testing::Values("nonspecific_muscular", "sciatica", "disc_displacement",
                                           "disc_with_radiculopathy", "radiculopathy_other",
                                           "sacroiliac", "degenerative", "stenosis",
                                           "spondylolisthesis", "failed_back", "inflammatory",
                                           "deformity", "fracture", "infection", "tumour",
                                           "cauda_equina", "pregnancy_related", "undetermined"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace meridian::test
