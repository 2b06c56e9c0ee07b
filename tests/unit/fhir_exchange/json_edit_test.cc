// SPDX-License-Identifier: Apache-2.0
// What is kept keeps its bytes, what the profile does not list goes and is named.
#include "fhir/exchange/json_edit.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "fhir/exchange/json_index.h"
#include "places.h"

namespace meridian::fhir {
namespace {

FieldProfile profile_of(std::map<std::string, std::vector<std::string>> allowed) {
  FieldProfile profile;
  profile.allowed = std::move(allowed);
  return profile;
}

std::string edited(std::string_view resource, const JsonEdit& edit) {
  const auto result = edit_resource(resource, edit);
  return result ? result->bytes : "error: " + std::string(result.error().what.view());
}

std::vector<std::filesystem::path> test_files(const char* folder) {
  const std::filesystem::path root(test::data_folder());
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(root / folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(root / folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

TEST(JsonEdit, KeepsEveryByteWhenNothingIsAsked) {
  const std::string odd =
      "{ \"resourceType\" :\"Observation\" ,\n\t\"valueQuantity\":{\"value\": 1.50 ,"
      "\"unit\":\"\\u00b5g\"},\"b\":[ ] , \"a\":[1.0,2E+3 , -0.0],\"n\":null,\r\n \"e\":{ } }";
  EXPECT_EQ(edited(odd, {}), odd);
}

TEST(JsonEdit, KeepsEveryByteOfTheExamplesOfTheStandardUnderAProfileThatAllowsAll) {
  int seen = 0;
  for (const char* folder : {"r4-spec", "uscore"}) {
    for (const auto& path : test_files(folder)) {
      const std::string bytes = read_file(path);
      const auto index = JsonIndex::parse(bytes);
      ASSERT_TRUE(index) << path;
      FieldProfile profile;
      profile.allowed[index->string(index->root(), "resourceType")] = {"*"};
      if (const auto* contained = index->find(&index->root(), "contained")) {
        for (const auto& node : index->children(*contained)) {
          profile.allowed[index->string(node, "resourceType")] = {"*"};
        }
      }
      JsonEdit edit;
      edit.profile = &profile;
      edit.reference = [](std::string_view written) { return std::string(written); };
      // Attachment.url goes through `reference` too, so that identity keeps all bytes.
      const auto result = edit_resource(bytes, edit);
      ASSERT_TRUE(result) << path;
      std::string expected = bytes.substr(index->root().begin);
      expected.resize(index->root().end - index->root().begin);
      EXPECT_EQ(result->bytes, expected) << path;
      EXPECT_TRUE(result->removed.empty()) << path;
      ++seen;
    }
  }
  if (seen == 0) GTEST_SKIP() << "no test data";
}

TEST(JsonEdit, RemovesAnyOneMemberAndLeavesTheOthersAsTheyWere) {
  const auto files = test_files("r4-spec");
  if (files.empty()) GTEST_SKIP() << "no test data";
  for (const auto& path : files) {
    const std::string bytes = read_file(path);
    const auto index = JsonIndex::parse(bytes);
    ASSERT_TRUE(index) << path;
    for (const auto& gone : index->children(index->root())) {
      JsonEdit edit;
      edit.drop = {std::string(gone.key)};
      const auto result = edit_resource(bytes, edit);
      ASSERT_TRUE(result) << path;
      const auto after = JsonIndex::parse(result->bytes);
      ASSERT_TRUE(after) << path << " without " << gone.key;
      EXPECT_EQ(after->find(&after->root(), gone.key), nullptr) << path;
      for (const auto& kept : index->children(index->root())) {
        if (kept.key == gone.key) continue;
        const auto* there = after->find(&after->root(), kept.key);
        ASSERT_NE(there, nullptr) << path << " without " << gone.key << " lost " << kept.key;
        EXPECT_EQ(after->raw(*there), index->raw(kept)) << path;
      }
    }
  }
}

TEST(JsonEdit, RandomProfilesLeaveValidJsonThatHoldsOnlyWhatTheyAllow) {
  std::mt19937 random(20260307);
  for (const auto& path : test_files("uscore")) {
    const std::string bytes = read_file(path);
    const auto index = JsonIndex::parse(bytes);
    ASSERT_TRUE(index);
    FieldProfile profile;
    auto& allowed = profile.allowed[index->string(index->root(), "resourceType")];
    for (const auto& child : index->children(index->root())) {
      if (random() % 2 == 0) allowed.emplace_back(child.key);
    }
    JsonEdit edit;
    edit.profile = &profile;
    const auto result = edit_resource(bytes, edit);
    ASSERT_TRUE(result) << path;
    const auto after = JsonIndex::parse(result->bytes);
    ASSERT_TRUE(after) << path;
    for (const auto& child : after->children(after->root())) {
      const bool listed = std::find(allowed.begin(), allowed.end(), child.key) != allowed.end();
      const auto* before = index->find(&index->root(), child.key);
      ASSERT_NE(before, nullptr) << path;
      if (!listed) continue;
      EXPECT_EQ(after->raw(child), index->raw(*before)) << path;
    }
  }
}

TEST(JsonEdit, ADeniedElementGoesAndIsNamedOnceWithoutIndexes) {
  const auto profile = profile_of({{"Patient", {"name.family", "birthDate"}}});
  JsonEdit edit;
  edit.profile = &profile;
  const auto result = edit_resource(
      R"({"resourceType":"Patient","id":"1","name":[{"family":"Okafor","given":["Ada"]},)"
      R"({"given":["A."]}],"birthDate":"1980-02-01","telecom":[{"value":"555"}]})",
      edit);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->bytes, R"({"resourceType":"Patient","id":"1","name":[{"family":"Okafor"}],)"
                           R"("birthDate":"1980-02-01"})");
  EXPECT_EQ(result->removed, (std::vector<std::string>{"Patient.name.given", "Patient.telecom"}));
}

TEST(JsonEdit, LabelsGoWithTheResourceAndTheRestOfMetaDoesNot) {
  const auto profile = profile_of({{"Condition", {"code"}}});
  JsonEdit edit;
  edit.profile = &profile;
  const auto result = edit_resource(
      R"({"resourceType":"Condition","meta":{"versionId":"3","security":[{"code":"N"}]},"code":{}})",
      edit);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->bytes,
            R"({"resourceType":"Condition","meta":{"security":[{"code":"N"}]},"code":{}})");
  EXPECT_TRUE(result->removed.empty());
  EXPECT_EQ(edited(R"({"resourceType":"Condition","meta":{"versionId":"3"},"code":{}})", edit),
            R"({"resourceType":"Condition","code":{}})");
}

TEST(JsonEdit, ATypeThatTheProfileDoesNotListIsRefused) {
  const auto profile = profile_of({{"Patient", {"*"}}});
  JsonEdit edit;
  edit.profile = &profile;
  const auto result = edit_resource(R"({"resourceType":"FamilyMemberHistory"})", edit);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::forbidden);
}

TEST(JsonEdit, ARefutedConditionStaysRefutedUnderAnyProfile) {
  const auto profile = profile_of({{"Condition", {"code"}}});
  JsonEdit edit;
  edit.profile = &profile;
  EXPECT_EQ(
      edited(R"({"resourceType":"Condition","verificationStatus":{"text":"refuted"},"code":{}})",
             edit),
      R"({"resourceType":"Condition","verificationStatus":{"text":"refuted"},"code":{}})");
}

TEST(JsonEdit, ALostModifierExtensionIsSaid) {
  const auto profile = profile_of({{"Condition", {"code"}}});
  JsonEdit edit;
  edit.profile = &profile;
  const auto result = edit_resource(
      R"({"resourceType":"Condition","modifierExtension":[{"url":"x"}],"code":{}})", edit);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->meaning_lost);
}

TEST(JsonEdit, TheNarrativeGoesWhenAnythingElseWent) {
  const auto profile = profile_of({{"Condition", {"text", "code"}}});
  JsonEdit edit;
  edit.profile = &profile;
  EXPECT_EQ(edited(R"({"resourceType":"Condition","text":{"div":"<div/>"},"code":{}})", edit),
            R"({"resourceType":"Condition","text":{"div":"<div/>"},"code":{}})");
  EXPECT_EQ(edited(R"({"resourceType":"Condition","text":{"div":"<div>secret</div>"},)"
                   R"("code":{},"note":[{"text":"secret"}]})",
                   edit),
            R"({"resourceType":"Condition","code":{}})");
}

TEST(JsonEdit, ChoiceElementsAreAllowedByTheirStem) {
  const auto profile = profile_of({{"Observation", {"value[x]"}}});
  JsonEdit edit;
  edit.profile = &profile;
  EXPECT_EQ(edited(R"({"resourceType":"Observation","valueInteger":7,"values":1})", edit),
            R"({"resourceType":"Observation","valueInteger":7})");
}

TEST(JsonEdit, RewritesAReferenceAndKeepsWhatStandsBesideIt) {
  JsonEdit edit;
  edit.reference = [](std::string_view written) -> std::optional<std::string> {
    if (written == "Patient/1") return "urn:uuid:a";
    return std::nullopt;
  };
  EXPECT_EQ(edited(R"({"resourceType":"Condition","subject": { "reference" : "Patient/1", )"
                   R"("identifier":{"assigner":{"reference":"Organization/2","display":"Hill"}}}})",
                   edit),
            R"({"resourceType":"Condition","subject": { "reference" : "urn:uuid:a", )"
            R"("identifier":{"assigner":{"display":"Hill"}}}})");
}

TEST(JsonEdit, AReferenceToWhatIsNotSentTakesItsDisplayAlong) {
  JsonEdit edit;
  edit.reference = [](std::string_view) { return std::nullopt; };
  EXPECT_EQ(edited(R"({"resourceType":"Procedure","reasonReference":[{"reference":"Condition/9",)"
                   R"("display":"Opioid use disorder"}],"performer":[{"actor":{"reference":)"
                   R"("Practitioner/3","display":"Dr. Lindqvist"}}],"code":{}})",
                   edit),
            R"({"resourceType":"Procedure","performer":[{"actor":{"display":"Dr. Lindqvist"}}],)"
            R"("code":{}})");
}

TEST(JsonEdit, AReferenceThatMustBeThereSaysThatItIsNotSent) {
  JsonEdit edit;
  edit.reference = [](std::string_view) { return std::nullopt; };
  EXPECT_EQ(edited(R"({"resourceType":"Encounter","diagnosis":[{"condition":{"reference":)"
                   R"("Condition/9","display":"HIV"},"rank":1}]})",
                   edit),
            R"({"resourceType":"Encounter","diagnosis":[{"condition":{"display":"not sent"},)"
            R"("rank":1}]})");
}

TEST(JsonEdit, AContainedResourceIsCutByItsOwnTypeAndReferencesToLostOnesGo) {
  const auto profile =
      profile_of({{"MedicationRequest", {"medicationReference", "requester", "reasonReference"}},
                  {"Medication", {"code"}}});
  JsonEdit edit;
  edit.profile = &profile;
  const auto result = edit_resource(
      R"({"resourceType":"MedicationRequest","contained":[)"
      R"({"resourceType":"Medication","id":"m","code":{"text":"warfarin"},"batch":{"lot":"7"}},)"
      R"({"resourceType":"Condition","id":"c","code":{"text":"private"}}],)"
      R"("medicationReference":{"reference":"#m"},"reasonReference":[{"reference":"#c"}]})",
      edit);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->bytes, R"({"resourceType":"MedicationRequest","contained":[)"
                           R"({"resourceType":"Medication","id":"m","code":{"text":"warfarin"}}],)"
                           R"("medicationReference":{"reference":"#m"}})");
}

TEST(JsonEdit, AnAddressOnTheSendersServerIsNotForwarded) {
  JsonEdit edit;
  edit.reference = [](std::string_view written) -> std::optional<std::string> {
    if (written == "Binary/1") return "urn:uuid:b";
    return std::nullopt;
  };
  EXPECT_EQ(
      edited(R"({"resourceType":"DocumentReference","content":[{"attachment":{"contentType":)"
             R"("text/plain","url":"https://ehr.example/doc?sig=abc"}},{"attachment":{"url":)"
             R"("Binary/1"}}],"extension":[{"url":"http://x"}]})",
             edit),
      R"({"resourceType":"DocumentReference","content":[{"attachment":{"contentType":)"
      R"("text/plain"}},{"attachment":{"url":"urn:uuid:b"}}],"extension":[{"url":"http://x"}]})");
}

TEST(JsonEdit, SetsMembersInTheirPlaceAndNewOnesAtTheEnd) {
  JsonEdit edit;
  edit.set = {{"status", R"("accepted")"}, {"lastModified", R"("2026-03-07")"}};
  EXPECT_EQ(edited("{\"resourceType\":\"Task\",\n \"status\" : \"requested\",\"x\":1.0\n}", edit),
            "{\"resourceType\":\"Task\",\n \"status\" : \"accepted\",\"x\":1.0,"
            "\"lastModified\":\"2026-03-07\"\n}");
}

TEST(JsonEdit, AddsIdentifiersBeforeTheOthersOrMakesTheList) {
  JsonEdit edit;
  edit.add_identifiers = {R"({"value":"ours"})"};
  EXPECT_EQ(edited(R"({"resourceType":"Task","identifier":[ {"value":"x"}]})", edit),
            R"({"resourceType":"Task","identifier":[{"value":"ours"}, {"value":"x"}]})");
  EXPECT_EQ(edited(R"({"resourceType":"Task","identifier":[ ]})", edit),
            R"({"resourceType":"Task","identifier":[{"value":"ours"}]})");
  EXPECT_EQ(edited(R"({"resourceType":"Task"})", edit),
            R"({"resourceType":"Task","identifier":[{"value":"ours"}]})");
}

TEST(JsonEdit, RefusesAMemberNameTwiceSinceReceiversDisagreeWhichOneHolds) {
  const auto result = edit_resource(R"({"resourceType":"Patient","id":"1","i\u0064":"2"})", {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::malformed);
}

TEST(JsonEdit, RefusesWhatIsNoResource) {
  for (const char* bytes : {"", "[]", "7", "{", "{}", "{\"resourceType\":7}",
                            "{\"resourceType\":\"Patient\"}x", "{\"resourceType\":\"P\xC3\"}"}) {
    EXPECT_FALSE(edit_resource(bytes, {})) << bytes;
  }
  EXPECT_FALSE(edit_resource(std::string_view("{\"resourceType\":\"Patient\"}\0[", 28), {}));
  EXPECT_FALSE(edit_resource("{\"resourceType\":\"P\",\"a\":" + std::string(200, '['), {}));
}

TEST(JsonString, EscapesControlsAndReplacesWhatIsNotUtf8) {
  EXPECT_EQ(json_string("a\"b\\c\n\x01é"), "\"a\\\"b\\\\c\\n\\u0001é\"");
  EXPECT_EQ(json_string("\xC3(\xED\xA0\x80"),
            "\"\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace meridian::fhir
