// SPDX-License-Identifier: Apache-2.0
// The parser reads names and strings in blocks: what stands at the edges of the text and of blocks.
#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "fhir/read/element.h"
#include "unit/fhir_read/read_json.h"

namespace meridian {
namespace {

/// Reads from a block that ends with the text, so that a sanitizer sees each byte read beyond it.
Result<RecordSet> read_tight(std::string_view text, const ReadOptions& options = {}) {
  const auto block = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), block.get());
  return read_fhir({block.get(), text.size()}, options);
}

TEST(Parse, EndsAtEveryByteWhereATextIsCut) {
  const std::string text =
      R"({"resourceType":"Patient","id":"a\u00e4\n1","name":[{"family":"L\u00f3pez-\"Ruiz\"","given":)"
      R"(["Ana"]}],"multipleBirthInteger":12.5e1,"managingOrganization":{"reference":"#x"}})";
  ASSERT_TRUE(read_tight(text));
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto cut = read_tight(text.substr(0, size));
    EXPECT_FALSE(cut) << "cut at " << size;
  }
}

TEST(Parse, FindsNothingBehindAZeroByte) {
  const std::string patient = R"({"resourceType":"Patient","id":"p"})";
  for (std::size_t at = 0; at <= patient.size(); ++at) {
    std::string text = patient;
    text.insert(at, 1, '\0');
    const auto set = read_tight(text);
    EXPECT_TRUE(!set || set->issues.at(0).severity == Severity::fatal) << "zero byte at " << at;
  }
}

TEST(Parse, IsAsStrictWhereItTakesMembersAtOnce) {
  ASSERT_TRUE(read_tight(R"({"resourceType":"Patient","id":"a","name":[{"family":"b"}],"c":"d"})"));
  for (const std::string_view text :
       {R"({"resourceType":"Patient","id":"a",})",
        R"({"resourceType":"Patient","id":"a","b":"c",})",
        R"({"resourceType":"Patient","name":[{"family":"b"}],"id":"a",})",
        R"({"resourceType":"Patient","name":[{"family":"b"},"a":"b"]})",
        R"({"resourceType":"Patient","name":[{"family":"b"},"a":"b","c"]})",
        R"({"resourceType":"Patient","name":[["b"],"a":"b","c"]})",
        R"({"resourceType":"Patient","x":[["b"],"a":"b","c"]})",
        R"({"resourceType":"Patient","name":[{"family":"b"}"id":"a"})",
        R"({"resourceType":"Patient","name":[{"family":"b"}],"id":"a"])",
        R"({"resourceType":"Patient","meta":{"versionId":"1"},"id":"a)",
        R"({"resourceType":"Patient"},"a":"b")", R"({"resourceType":"Patient"},"a":"b"})"}) {
    const auto set = read_tight(text);
    EXPECT_TRUE(!set || set->issues.back().severity == Severity::fatal) << text;
  }
}

TEST(Parse, ReportsAMemberThatAppearsTwiceWhereverItStands) {
  for (const std::string_view text :
       {R"({"resourceType":"Patient","id":"a","id":"b","gender":"male"})",
        R"({"resourceType":"Patient","id":"a","name":[{"family":"c"}],"id":"b"})",
        R"({"resourceType":"Patient","id":"a", "id":"b"})"}) {
    const auto set = read_tight(text);
    ASSERT_TRUE(set) << text;
    EXPECT_EQ(set->patients.at(0).ref, "Patient/a");
    EXPECT_EQ(set->issues.at(0).path, "Patient.id");
  }
}

TEST(Parse, KeepsAZeroThatAnEscapeStandsFor) {
  const auto set = read_json(
      R"({"resourceType":"Condition","subject":{"reference":"Patient/1"},"code":{"text":"a\u0000b\u0000"}})");
  EXPECT_EQ(set.conditions.at(0).code.text, std::string("a\0b\0", 4));
}

TEST(Parse, KeepsStringsOfEveryLengthWithAnEscapeAnywhere) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      const std::string before(at, 'x');
      const std::string after(size - at, 'y');
      const auto set =
          read_tight(R"({"resourceType":"Condition","subject":{"display":"d","reference":"P/1"},)"
                     R"("code":{"text":")" +
                     before + R"(\")" + after + R"("}})");
      ASSERT_TRUE(set);
      ASSERT_EQ(set->conditions.at(0).code.text, before + '"' + after);
    }
  }
}

TEST(Parse, IsNotDeeperThanItsOwnLimitWhateverIsAskedFor) {
  std::string text = R"({"resourceType":"QuestionnaireResponse","status":"completed")";
  for (int i = 0; i < 200; ++i) text += R"(,"item":[{"linkId":"1")";
  const auto set = read_tight(text, {.max_depth = 1000});
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::too_large);
}

TEST(Parse, TakesTheFirstOfSeveralResourcesOfOneFullUrl) {
  const auto set = read_json(R"({"resourceType":"Bundle","type":"batch","entry":[
      {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"first"}},
      {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"second"}},
      {"resource":{"resourceType":"Condition","id":"c","code":{"text":"t"},
                   "subject":{"reference":"urn:uuid:1"}}}]})");
  EXPECT_EQ(set.conditions.at(0).subject.target, "Patient/first");
}

TEST(Name, IsTheSameOnlyWhenEachByteIs) {
  using fhir_read::Name;
  const std::string padded = "medicationCodeableConcept" + std::string(16, '!');
  for (std::size_t size = 0; size <= 25; ++size) {
    const Name whole(std::string_view(padded).substr(0, size));
    EXPECT_TRUE(whole == Name::at(padded.data(), size));
    EXPECT_FALSE(whole == Name::at(padded.data(), size + 1));
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = padded;
      other[at] = '~';
      EXPECT_FALSE(whole == Name::at(other.data(), size)) << size << " " << at;
    }
  }
  EXPECT_FALSE(Name("id") == Name::at("id\0!!!!!!!!!!!!!!!!", 3));
}

}  // namespace
}  // namespace meridian
