// SPDX-License-Identifier: Apache-2.0
// One patient, one episode: the same things heard several times, in any order and in any form, end
// in one assessment and are sent once.
#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

const Knowledge& content() {
  static const Knowledge loaded = built_in_content();
  return loaded;
}

std::string versioned(std::string resource, int version) {
  return resource.insert(1, R"("meta":{"versionId":")" + std::to_string(version) + R"("},)");
}

std::string with_status(std::string resource, const std::string& before, const std::string& after) {
  return resource.replace(resource.find(before), before.size(), after);
}

/// What must not depend on how it was heard.
struct Ending {
  std::string state;
  std::string assessment;
  std::size_t referrals = 0;
  std::size_t to_clinic = 0;
  std::size_t pages = 0;

  friend bool operator==(const Ending&, const Ending&) = default;
};

std::ostream& operator<<(std::ostream& out, const Ending& ending) {
  return out << ending.state << ", " << ending.referrals << " referrals, " << ending.to_clinic
             << " to the clinic, " << ending.pages << " pages, " << ending.assessment;
}

Ending ending_of(Bench& bench) {
  Ending ending;
  const auto rows = bench.store->referrals(10);
  ending.referrals = rows->size();
  if (rows->empty()) return ending;
  ending.state = rows->front().state;
  ending.assessment = rows->front().assessment;
  ending.to_clinic = bench.clinic->sent.size();
  ending.pages = bench.first_pager->sent.size();
  return ending;
}

/// A set of messages, and what the record holds by then.
struct Story {
  std::vector<std::string> messages;
  std::string record;
};

/// In this order; each is handed in again under another id `repeats` times, and the work is done
/// after each message or only at the end.
Ending heard(const Story& story, const std::vector<std::size_t>& order, int repeats,
             bool at_the_end) {
  Bench bench(content());
  bench.history->facts = story.record;
  for (int round = 0; round <= repeats; ++round) {
    for (const auto i : order) {
      const auto id = std::to_string(i) + "/" + std::to_string(round);
      EXPECT_TRUE(bench.submit("ehr", id, story.messages[i]));
      EXPECT_TRUE(bench.submit("ehr", id, story.messages[i])) << "the very same message";
      if (!at_the_end) bench.run();
    }
  }
  bench.run();
  return ending_of(bench);
}

void expect_one_ending(const Story& story, const std::string& state, std::size_t to_clinic) {
  std::vector<std::size_t> order(story.messages.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto expected = heard(story, order, 0, true);
  EXPECT_EQ(expected.state, state) << expected;
  EXPECT_EQ(expected.referrals, 1u);
  EXPECT_EQ(expected.to_clinic, to_clinic);
  int turn = 0;
  do {  // every order; each third one with the work only at the end
    const bool at_the_end = turn++ % 3 == 0;
    ASSERT_EQ(heard(story, order, 1, at_the_end), expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

Instant start() {
  return *parse_instant("2026-11-20T10:00:00Z");
}

TEST(AnyOrder, OfVersionsOfOrderAnswersAndDiagnosisEndsInOneDelivery) {
  const auto no = answers(start());
  const auto in_part = answers(start(), {"rf01.saddle", "rf05.fever"});
  const auto pain = versioned(back_pain(), 3);
  const auto wrong = versioned(with_status(back_pain(), "confirmed", "entered-in-error"), 2);
  expect_one_ending({{bundle({patient(), wrong, order("active", 1), versioned(in_part, 1)}),
                      bundle({patient(), pain, order("active", 2)}), bundle({versioned(no, 2)}),
                      bundle({wrong, pain})},
                     bundle({patient(), pain, order("active", 2), versioned(no, 2)})},
                    "delivered", 1);
}

TEST(AnyOrder, OfAnAlarmingAnswerAndItsCorrectionEndsInNoAlert) {
  // The correction was made before anything reached us: the older version may come late.
  auto yes = answers(start());
  yes.replace(yes.find(R"(rf01.saddle","answer":[{"valueBoolean":false)") + 38, 5, "true");
  const auto no = versioned(with_status(answers(start()), "completed", "amended"), 2);
  const Story story{{bundle({no}), bundle({versioned(yes, 1)})},
                    bundle({patient(), back_pain(), order(), no})};
  Bench bench(content());
  bench.history->facts = story.record;
  ASSERT_TRUE(bench.submit("ehr", "order", bundle({patient(), order()})));
  for (int i = 0; i < 3; ++i) {
    for (const auto& message : story.messages) {
      ASSERT_TRUE(bench.submit("ehr", new_ulid(), message));
      bench.run();
    }
  }
  EXPECT_EQ(bench.state(), "delivered");
  EXPECT_TRUE(bench.first_pager->sent.empty());
}

TEST(AnyOrder, OfARevokedOrderAndItsOlderVersionsSendsNothing) {
  const auto no = answers(start());
  const Story story{{bundle({patient(), order("active", 1)}), bundle({order("revoked", 3)}),
                     bundle({order("active", 2)}), bundle({no})},
                    bundle({patient(), back_pain(), order("revoked", 3), no})};
  std::vector<std::size_t> order_of = {0, 1, 2, 3};
  do {
    const auto ending = heard(story, order_of, 1, true);
    // A revocation of what was never seen begins no referral; the late versions then do, and the
    // repeat of the revocation ends it.
    ASSERT_EQ(ending.state, "cancelled") << ending;
    ASSERT_EQ(ending.referrals, 1u);
    ASSERT_EQ(ending.to_clinic, 0u);
  } while (std::next_permutation(order_of.begin(), order_of.end()));
}

/// The same record, written otherwise.
Ending recorded_as(const std::string& facts) {
  Bench bench(content());
  bench.history->facts = facts;
  EXPECT_TRUE(bench.submit("ehr", "1", bundle({patient(), order()})));
  bench.run();
  return ending_of(bench);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

TEST(OneRecord, CountsOnceHoweverItIsWritten) {
  const auto no = answers(start());
  const auto plain = recorded_as(bundle({patient(), versioned(back_pain(), 2), order(), no}));
  EXPECT_EQ(plain.state, "delivered") << plain;
  const auto gone = versioned(with_status(back_pain(), "confirmed", "entered-in-error"), 1);
  EXPECT_EQ(recorded_as(bundle({no, order(), versioned(back_pain(), 2), patient()})), plain)
      << "in another order";
  EXPECT_EQ(recorded_as(bundle({patient(), versioned(back_pain(), 2), versioned(back_pain(), 2),
                                order(), order(), no, no, patient()})),
            plain)
      << "each twice";
  EXPECT_EQ(recorded_as(bundle({patient(), gone, versioned(back_pain(), 2), order(), no})), plain)
      << "the older version first";
  EXPECT_EQ(recorded_as(bundle({patient(), versioned(back_pain(), 2), gone, order(), no})), plain)
      << "the older version last";
  auto absolute = bundle({patient(), versioned(back_pain(), 2), order(), no});
  absolute = replaced(absolute, R"("reference":"Patient/)",
                      R"("reference":"https://ehr.example/fhir/Patient/)");
  absolute = replaced(absolute, R"("reference":"Condition/)",
                      R"("reference":"https://ehr.example/fhir/Condition/)");
  EXPECT_EQ(recorded_as(absolute), plain) << "by absolute references";
}

TEST(OneRecord, EnteredInErrorIsNoEvidenceInAnyType) {
  const auto no = answers(start(), {"rf05.fever"});
  const auto wrong = [](const std::string& type, const std::string& members) {
    return R"({"resourceType":")" + type +
           R"(","id":"wrong","subject":{"reference":"Patient/alder"},)" + members + "}";
  };
  const std::string icd = R"("code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm",)";
  const std::string taken_back = R"("status":"entered-in-error",)";
  const std::vector<std::string> records = {
      wrong("Condition", R"("verificationStatus":{"coding":[{"code":"entered-in-error"}]},)" + icd +
                             R"("code":"S32.010A"}]},"onsetDateTime":"2026-11-10")"),
      wrong("Encounter", taken_back + R"("reasonCode":[{"coding":[{"system":
        "http://hl7.org/fhir/sid/icd-10-cm","code":"S32.010A"}]}],"period":{"start":"2026-11-10"})"),
      wrong("Procedure", taken_back + R"("code":{"coding":[{"system":
        "http://snomed.info/sct","code":"25267002"}]},"performedDateTime":"2026-11-10")"),
      wrong("MedicationRequest", taken_back + R"("intent":"order","authoredOn":"2026-11-18",
        "medicationCodeableConcept":{"coding":[{"system":
        "http://www.nlm.nih.gov/research/umls/rxnorm","code":"11289"}]})"),
      wrong("MedicationStatement", taken_back + R"("effectiveDateTime":"2026-11-18",
        "medicationCodeableConcept":{"coding":[{"system":
        "http://www.nlm.nih.gov/research/umls/rxnorm","code":"11289"}]})"),
      wrong("Observation", taken_back + R"("effectiveDateTime":"2026-11-18","code":{"coding":[
        {"system":"http://loinc.org","code":"6301-6"}]},"valueQuantity":{"value":7,"unit":"{INR}",
        "system":"http://unitsofmeasure.org","code":"{INR}"})"),
      wrong("QuestionnaireResponse", taken_back + R"("authored":"2026-11-20T09:00:00Z","item":[
        {"linkId":"rf05.fever","answer":[{"valueBoolean":true}]}])")};
  for (const auto& record : records) {
    const auto ending = recorded_as(bundle({patient(), back_pain(), order(), no, record}));
    EXPECT_EQ(ending.assessment.find("/wrong"), std::string::npos) << ending;
    auto right =
        replaced(record, R"("verificationStatus":{"coding":[{"code":"entered-in-error"}]},)", "");
    right = replaced(right, "\"entered-in-error\"",
                     right.find("Medication") != std::string::npos      ? "\"active\""
                     : right.find("Encounter") != std::string::npos     ? "\"finished\""
                     : right.find("\"Observation") != std::string::npos ? "\"final\""
                                                                        : "\"completed\"");
    const auto real = recorded_as(bundle({patient(), back_pain(), order(), no, right}));
    EXPECT_NE(real.assessment.find("/wrong"), std::string::npos)
        << "the case shows nothing: " << right << real;
  }
}

}  // namespace
}  // namespace meridian::flow
