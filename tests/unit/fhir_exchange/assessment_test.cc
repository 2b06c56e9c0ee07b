// SPDX-License-Identifier: Apache-2.0
// The assessment as a resource: what each statement carries, and what it must not.
#include <gtest/gtest.h>

#include "fhir/exchange/json_index.h"
#include "fhir/exchange/render_assessment.h"

namespace meridian::fhir {
namespace {

const AssessmentContext context{
    R"({"reference":"urn:p"})", "urn:order", [](const std::string& ref) {
      return ref == "DiagnosticReport/5" ? std::string("urn:report") : std::string();
    }};

/// The member of an assessment of these lines at a path, as JSON; of a list the first element.
std::string member(const std::vector<PacketLine>& lines, std::initializer_list<const char*> path) {
  Letter letter;
  letter.referral_id = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";
  letter.assessment.rules_version = "0.1.0";
  const auto text = assessment_json(letter, lines, context);
  const auto index = JsonIndex::parse(text);
  const JsonNode* node = &index->root();
  for (const char* name : path) {
    if (node->kind == JsonNode::Kind::array) node = &*index->children(*node).begin();
    node = index->find(node, name);
    if (node == nullptr) return {};
  }
  return std::string(index->raw(*node));
}

TEST(Assessment, AStatementHasKindRuleWordsAndTheRecordsThatAreSentEachOnce) {
  const std::vector<PacketLine> lines = {
      {"flag",
       "Seen.",
       "RF03",
       {"DiagnosticReport/5#1", "DiagnosticReport/5#2", "Condition/9"},
       {}}};
  const auto code = member(lines, {"evidence", "code"});
  EXPECT_NE(code.find(R"("code":"flag")"), std::string::npos) << code;
  EXPECT_NE(code.find(R"("code":"RF03")"), std::string::npos) << code;
  EXPECT_NE(code.find(R"("text":"Seen.")"), std::string::npos) << code;
  EXPECT_EQ(member(lines, {"evidence", "detail"}), R"([{"reference":"urn:report"}])");
}

TEST(Assessment, AStatementThatMayNotSayItsRuleHasNeitherRuleNorRecords) {
  const std::vector<PacketLine> lines = {{"caution", "It rests on records that are withheld."}};
  EXPECT_EQ(member(lines, {"evidence", "code"}).find("CodeSystem/rule"), std::string::npos);
  EXPECT_EQ(member(lines, {"evidence", "detail"}), "");
  EXPECT_EQ(member(lines, {"mitigation"}), "");
}

TEST(Assessment, ASignOffIsAMitigation) {
  const std::vector<PacketLine> lines = {{"caution",
                                          "A pacemaker.",
                                          "AC08",
                                          {},
                                          "Dr. I. Varga, spine surgeon, 2026-11-20: needles only"}};
  EXPECT_NE(member(lines, {"mitigation"})
                .find("AC08 signed off by Dr. I. Varga, spine surgeon, 2026-11-20: needles only"),
            std::string::npos);
}

TEST(Assessment, NamesTheVersionOfTheRules) {
  EXPECT_EQ(member({}, {"reference"}), R"("http://meridian-referral.org/fhir/rules|0.1.0")");
}

}  // namespace
}  // namespace meridian::fhir
