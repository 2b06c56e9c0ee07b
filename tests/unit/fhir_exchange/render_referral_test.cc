// SPDX-License-Identifier: Apache-2.0
// What holds for every packet, whatever the records.
#include "fhir/exchange/render_referral.h"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "fhir/exchange/json_index.h"
#include "fhir/exchange/packet_records.h"
#include "fhir/read/reader.h"
#include "places.h"
#include "unit/fhir_exchange/letters.h"

namespace meridian::fhir {
namespace {

constexpr const char* order_and_patient =
    R"({"resource":{"resourceType":"Patient","id":"p"}},)"
    R"({"resource":{"resourceType":"ServiceRequest","id":"s","status":"active","intent":"order",)"
    R"("subject":{"reference":"Patient/p"}}})";

/// A letter about Patient/p and ServiceRequest/s, and what else the entries hold.
Letter letter_with(const std::string& entries, std::vector<std::string> include) {
  Letter letter;
  letter.raw = R"({"resourceType":"Bundle","type":"collection","entry":[)" +
               std::string(order_and_patient) + entries + "]}";
  letter.records = *read_fhir(letter.raw);
  letter.referral_id = "01JNQX5K7V9W2M4R8T6Y0ZBCDE";
  letter.source_order = "ServiceRequest/s";
  letter.include = {"ServiceRequest/s", "Patient/p"};
  for (auto& ref : include) letter.include.push_back(std::move(ref));
  letter.sender_name = "Hillcrest Spine Center";
  letter.receiver_name = "Lotus Gate Acupuncture";
  return letter;
}

FieldProfile profile_with(std::map<std::string, std::vector<std::string>> more = {}) {
  FieldProfile profile;
  profile.allowed = std::move(more);
  profile.allowed.emplace("Patient", std::vector<std::string>{"name"});
  profile.allowed.emplace("ServiceRequest", std::vector<std::string>{"code", "priority"});
  return profile;
}

/// The first resource of a type in the packet, as text.
std::string resource_in(const Rendered& rendered, const std::string& type) {
  const auto index = JsonIndex::parse(rendered.bytes);
  for (const auto& node : index->children(*index->find(&index->root(), "entry"))) {
    const JsonNode* resource = index->find(&node, "resource");
    if (index->string(*resource, "resourceType") == type) return std::string(index->raw(*resource));
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(RenderReferral, ThePageIsPrintedBesideItsText) {
  const auto letter = letter_with("", {});
  const PagePrinter print = [](const Page& page) -> Result<std::string> {
    return "%PDF-1.5 of " + page.number;
  };
  const auto rendered = render_referral(letter, profile_with(), print);
  ASSERT_TRUE(rendered);
  const auto page = resource_in(*rendered, "DocumentReference");
  EXPECT_TRUE(contains(page, R"("contentType":"text/plain; charset=utf-8")")) << page;
  EXPECT_TRUE(contains(page, R"({"attachment":{"contentType":"application/pdf","data":")" +
                                 encode_base64("%PDF-1.5 of " + letter.referral_id) + '"'))
      << page;
  const PagePrinter broken = [](const Page&) -> Result<std::string> {
    return Error{ErrorCode::internal, "packet.pdf", "the page could not be drawn"};
  };
  EXPECT_EQ(render_referral(letter, profile_with(), broken).error().code, ErrorCode::internal);
}

TEST(RenderReferral, ADraftIsNotPrintedAndHasTheSameRecords) {
  auto letter = letter_with("", {});
  int printed = 0;
  const PagePrinter print = [&](const Page&) -> Result<std::string> {
    ++printed;
    return std::string("%PDF-1.5");
  };
  const auto sent = render_referral(letter, profile_with(), print);
  letter.draft = true;
  const auto draft = render_referral(letter, profile_with(), print);
  ASSERT_TRUE(sent && draft);
  EXPECT_EQ(printed, 1);
  ASSERT_EQ(draft->records.size(), sent->records.size());
  for (std::size_t i = 0; i < sent->records.size(); ++i) {
    EXPECT_EQ(draft->records[i].ref, sent->records[i].ref);
    EXPECT_EQ(draft->records[i].digest, sent->records[i].digest);
  }
}

TEST(RenderReferral, APatientWhoIsNotLinkedIsNamedWithANumberOnlyWhereTheProfileHasIt) {
  auto letter = letter_with("", {});
  const std::string plain = R"("id":"p")";
  letter.raw.replace(letter.raw.find(plain), plain.size(),
                     plain + R"(,"identifier":[{"system":"urn:x","value":"40023"}])");
  letter.records = *read_fhir(letter.raw);
  letter.patient_there = "";
  auto profile = profile_with();
  auto rendered = render_referral(letter, profile);
  ASSERT_TRUE(rendered);
  EXPECT_TRUE(contains(rendered->bytes, "not linked to a record here"));
  EXPECT_FALSE(contains(rendered->bytes, "40023")) << rendered->bytes;
  profile.allowed["Patient"].emplace_back("identifier");
  rendered = render_referral(letter, profile);
  ASSERT_TRUE(rendered);
  EXPECT_TRUE(contains(rendered->bytes, "40023"));
}

TEST(RenderReferral, AnUrgentLaneRaisesThePriorityAndNoneLowersIt) {
  auto letter = letter_with("", {});
  letter.assessment.lanes = {{"acupuncture", "routine", "manual", {}},
                             {"spine_surgery", "urgent", "", {"RF03"}}};
  auto rendered = render_referral(letter, profile_with());
  ASSERT_TRUE(rendered);
  EXPECT_TRUE(contains(resource_in(*rendered, "Task"), R"("priority":"urgent")"));
  letter.records.service_requests.front().priority = "stat";
  rendered = render_referral(letter, profile_with());
  EXPECT_TRUE(contains(resource_in(*rendered, "Task"), R"("priority":"stat")"));
}

TEST(RenderReferral, WhereTheRequesterIsNotSentTheOrganisationAsks) {
  const auto rendered = render_referral(letter_with("", {}), profile_with());
  ASSERT_TRUE(rendered);
  EXPECT_TRUE(contains(resource_in(*rendered, "Organization"), "Hillcrest Spine Center"));
  EXPECT_TRUE(contains(resource_in(*rendered, "Task"), R"("requester":{"reference":"urn:uuid:)"));
}

TEST(RenderReferral, AResourceThatWouldMeanSomethingElseStays) {
  const auto letter = letter_with(
      R"(,{"resource":{"resourceType":"Condition","id":"c","modifierExtension":[{"url":"http://x/no",)"
      R"("valueBoolean":true}],"code":{"text":"stenosis"},"subject":{"reference":"Patient/p"}}})",
      {"Condition/c"});
  const auto rendered = render_referral(letter, profile_with({{"Condition", {"code"}}}));
  ASSERT_TRUE(rendered);
  EXPECT_EQ(resource_in(*rendered, "Condition"), "");
  EXPECT_EQ(rendered->withheld, std::vector<std::string>{"Condition/c"});
}

/// The order of a packet whose order has these members besides.
std::string order_with(const std::string& members) {
  Letter letter = letter_with("", {});
  letter.raw.insert(letter.raw.find("\"subject\""), members);
  letter.records = *read_fhir(letter.raw);
  const auto rendered = render_referral(
      letter, profile_with({{"ServiceRequest", {"code", "requester", "supportingInfo"}},
                            {"Practitioner", {"name"}}}));
  return rendered ? resource_in(*rendered, "ServiceRequest") : std::string();
}

TEST(RenderReferral, WhatOnlyTheReplacedListPointedToIsNotLeftContained) {
  const auto order = order_with(
      R"("contained":[{"resourceType":"Patient","id":"wristband","name":[{"family":"W"}]},)"
      R"({"resourceType":"Practitioner","id":"dr","name":[{"family":"D"}]}],)"
      R"("supportingInfo":[{"reference":"#wristband"}],"requester":{"reference":"#dr"},)");
  EXPECT_FALSE(contains(order, "wristband")) << order;
  EXPECT_TRUE(contains(order, R"("id":"dr")")) << order;
  const auto bare = order_with(
      R"("contained":[{"resourceType":"Patient","id":"wristband","name":[{"family":"W"}]}],)"
      R"("supportingInfo":[{"reference":"#wristband"}],)");
  EXPECT_FALSE(contains(bare, "contained")) << bare;
}

TEST(RenderReferral, TheOrderNamesOurProfileInPlaceOfItsOwnAndKeepsItsLabels) {
  const auto order =
      order_with(R"("meta":{"profile":["https://a.example/p"],"security":[{"code":"N"}]},)");
  EXPECT_TRUE(contains(
      order, R"("meta":{"security":[{"code":"N"}],"profile":)"
             R"(["http://meridian-referral.org/fhir/StructureDefinition/meridian-referral"]})"))
      << order;
}

TEST(RenderReferral, AContainedDrugIsNamedInPlaceOfTheReference) {
  const auto letter = letter_with(
      R"(,{"resource":{"resourceType":"MedicationRequest","id":"m","status":"active","intent":)"
      R"("order","contained":[{"resourceType":"Medication","id":"d","code":{"text":"warfarin"}}],)"
      R"("medicationReference":{"reference":"#d"},"subject":{"reference":"Patient/p"}}})",
      {"MedicationRequest/m"});
  const auto rendered =
      render_referral(letter, profile_with({{"MedicationRequest", {"medicationCodeableConcept"}}}));
  ASSERT_TRUE(rendered);
  const auto medication = resource_in(*rendered, "MedicationRequest");
  EXPECT_TRUE(contains(medication, R"("medicationCodeableConcept":{"text":"warfarin"})"));
  EXPECT_FALSE(contains(medication, "contained"));
  EXPECT_FALSE(contains(medication, "medicationReference"));
}

TEST(RenderReferral, WhatPolicyLeftOutIsSaidAndNeededByBecomesTheRestriction) {
  auto letter = letter_with("", {});
  letter.withheld = "Withheld by policy: 2 records.";
  letter.needed_by = parse_instant("2026-04-01T00:00:00Z");
  const auto rendered = render_referral(letter, profile_with());
  ASSERT_TRUE(rendered);
  const auto task = resource_in(*rendered, "Task");
  EXPECT_TRUE(contains(task, "Withheld by policy: 2 records."));
  EXPECT_TRUE(contains(task, R"("restriction":{"period":{"end":"2026-04-01T00:00:00.000Z"}})"));
}

TEST(RenderReferral, WhatGoesByConsentIsMarkedOnThePageAndSaidInTheTask) {
  auto letter = letter_with("", {});
  ASSERT_TRUE(render_referral(letter, profile_with()));
  EXPECT_FALSE(contains(resource_in(*render_referral(letter, profile_with()), "DocumentReference"),
                        "securityLabel"));
  letter.notices = {{{"urn:act", "42CFRPart2", ""}, "It is protected. Until 2026-11-20."}};
  const auto rendered = render_referral(letter, profile_with());
  ASSERT_TRUE(rendered);
  EXPECT_TRUE(
      contains(resource_in(*rendered, "DocumentReference"),
               R"("securityLabel":[{"coding":[{"system":"urn:act","code":"42CFRPart2"}]}])"))
      << resource_in(*rendered, "DocumentReference");
  const auto task = resource_in(*rendered, "Task");
  EXPECT_TRUE(contains(task, R"("valueString":"It is protected. Until 2026-11-20.")")) << task;
  EXPECT_TRUE(contains(task, R"("code":"notice")")) << task;
}

TEST(PacketRecords, NoReferenceLeadsOutOfAPacketMadeOfAWholeChart) {
  const std::filesystem::path folder =
      std::filesystem::path(test::data_folder()) / "synthea/us-core-mode";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no test data";
  Letter letter;
  letter.raw = test::read_file(folder / "Bundle-Patient-01.json");
  letter.records = *read_fhir(letter.raw);
  FieldProfile profile;
  for (const auto& span : letter.records.resources) {
    if (span.type != "Encounter" && span.type != "Practitioner") profile.allowed[span.type] = {"*"};
    letter.include.push_back(span.type + "/" + span.id);
  }
  auto records = PacketRecords::choose(letter, profile);
  ASSERT_TRUE(records);
  std::set<std::string> names;
  for (const auto& ref : records->sent()) names.insert(records->urn(ref));
  ASSERT_GT(names.size(), 20U);
  for (const auto& ref : records->sent()) {
    const auto bytes = records->bytes(ref, {});
    ASSERT_TRUE(bytes) << ref;
    const auto index = JsonIndex::parse(*bytes);
    ASSERT_TRUE(index) << ref;
    for (const auto& written : references_in(*index, index->root())) {
      EXPECT_TRUE(written.starts_with('#') || names.count(written) != 0) << ref << " " << written;
    }
  }
}

}  // namespace
}  // namespace meridian::fhir
