// SPDX-License-Identifier: Apache-2.0
// The files of adapters/dialects/referral, and what is wrong with files like them.
#include <gtest/gtest.h>

#include "fhir/exchange/json_index.h"
#include "fhir/exchange/referral_dialect.h"
#include "places.h"
#include "routing/machine.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/referral_dialects/histories.h"

namespace meridian::fhir {
namespace {

TEST(ReferralDialect, EachFileCanBeReadUnderItsName) {
  for (const auto& id : referral_dialect_ids()) {
    const auto dialect = find_referral_dialect(id);
    ASSERT_TRUE(dialect) << id << ": " << dialect.error().what.view() << " at byte "
                         << dialect.error().detail;
    EXPECT_EQ(dialect->id, id);
  }
  EXPECT_EQ(referral_dialect_ids(), (std::vector<std::string>{"bser", "cow", "plain", "sdoh"}));
  EXPECT_EQ(find_referral_dialect("fax").error().code, ErrorCode::not_found);
}

TEST(ReferralDialect, ThatShowsStatesShowsAllOfTheStateMachineAndNoOthers) {
  for (const auto& dialect : test::strict_dialects()) {
    for (const auto& row : routing::state_rows) {
      EXPECT_EQ(dialect.shown.count(row.name), 1U) << dialect.id << ": " << row.name;
    }
    EXPECT_EQ(dialect.shown.size(), routing::state_rows.size()) << dialect.id;
  }
}

TEST(ReferralDialect, HasTheCodesThatTheGuidePublishes) {
  int compared = 0;
  for (const std::string id : {"bser", "cow"}) {
    const auto text = test::read_file(
        std::filesystem::path(test::source_folder) /
        ("fhir-profiles/guide/conceptmaps/ConceptMap-referral-state-" + id + ".json"));
    const auto dialect = find_referral_dialect(id);
    const auto index = JsonIndex::parse(text);
    const auto& group = *index->children(*index->find(&index->root(), "group")).begin();
    for (const auto& element : index->children(*index->find(&group, "element"))) {
      const auto shown = dialect->shown.find(index->string(element, "code"));
      const auto& target = *index->children(*index->find(&element, "target")).begin();
      const auto code = index->string(target, "code");
      if (shown == dialect->shown.end() || code.empty()) continue;
      EXPECT_EQ(shown->second.front().form.code, code) << id << " " << shown->first;
      ++compared;
    }
  }
  EXPECT_GT(compared, 11);
}

TEST(ReferralDialect, OfNoNameIsPlain) {
  const auto plain = find_referral_dialect("plain");
  ASSERT_TRUE(plain);
  const ReferralDialect none;
  EXPECT_EQ(plain->abort, none.abort);
  EXPECT_EQ(plain->cancel, none.cancel);
  EXPECT_EQ(plain->mistake, none.mistake);
  EXPECT_TRUE(plain->steps.empty());
}

/// A file that is right, with one part of it put in place of another.
Result<ReferralDialect> with(const std::string& part, const std::string& other) {
  std::string file = R"({"format":"meridian.referral_dialect/1","id":"x","title":"X",
    "source":["test"],"system":"urn:x","abort":true,"cancel":{"status":"cancelled"},
    "mistake":{"status":"entered-in-error"},"reason_for":["rejected"],
    "steps":{"":["requested"],"requested":["rejected","cancelled"],"rejected":[],"cancelled":[],
      "entered-in-error":[]},
    "shown":{"sending":[{"status":"requested","code":"9"},{"stays":"always"}]},
    "reads":{"requested":"sending"},"lost":{"sending":{"as":["before"],"words":"it"}}})";
  const auto at = file.find(part);
  if (at != std::string::npos) file.replace(at, part.size(), other);
  return read_referral_dialect(file);
}

TEST(ReferralDialect, ThatIsWrongIsRefusedWithItsPlace) {
  ASSERT_TRUE(with("nothing", "")) << with("nothing", "").error().what.view();
  const std::pair<const char*, const char*> faults[] = {
      {"\"abort\"", "\"abrot\""},
      {"true", "1"},
      {"dialect/1", "dialect/2"},
      {"\"source\":[\"test\"]", "\"source\":[]"},
      {"\"system\":\"urn:x\",", ""},
      {"\"rejected\",\"cancelled\"]", "\"rejected\",\"done\"]"},
      {"{\"status\":\"requested\",\"code\":\"9\"}", "{\"status\":\"ready\"}"},
      {"{\"status\":\"requested\",\"code\":\"9\"}", "{\"code\":\"9\"}"},
      {"\"always\"", "\"sometimes\""},
      {"{\"requested\":\"sending\"}", "{\"requested\":\"posted\"}"},
      {"{\"requested\":\"sending\"}", "{}"},
      {"\"lost\":{\"sending\"", "\"lost\":{\"posted\""},
      {"\"\":[\"requested\"],", ""},
  };
  for (const auto& [part, other] : faults) {
    const auto read = with(part, other);
    ASSERT_FALSE(read) << other;
    EXPECT_EQ(read.error().code, ErrorCode::misconfigured) << other;
    EXPECT_GE(read.error().detail, 0) << other;
  }
  EXPECT_EQ(with("{\"format\"", "{\"format\"\"").error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace meridian::fhir
