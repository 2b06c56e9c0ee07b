// SPDX-License-Identifier: Apache-2.0
// A referral written as REF^I12 and read again holds everything that the map says is carried.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "hl7v2/syntax/names.h"
#include "hl7v2/write/writer.h"
#include "places.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/hl7v2_read/read_v2.h"
#include "unit/hl7v2_write/facts.h"
#include "unit/hl7v2_write/map_rows.h"
#include "unit/hl7v2_write/random_referral.h"

namespace meridian::hl7v2::test {
namespace {

FieldProfile everything() {
  FieldProfile profile;
  for (const char* type :
       {"Patient", "ServiceRequest", "Practitioner", "Condition", "Coverage", "AllergyIntolerance",
        "Procedure", "MedicationStatement", "MedicationRequest", "Observation", "DiagnosticReport",
        "DocumentReference", "QuestionnaireResponse"}) {
    profile.allowed[type] = {"*"};
  }
  return profile;
}

/// Paths of the map that are written and read, but for what we say of the letter and not of its
/// records: the receiver, and the Task.
std::vector<std::string> carried_paths() {
  std::vector<std::string> paths;
  for (const auto& row : map_rows()) {
    const bool letters_own =
        row.target.starts_with("Task") || row.target == "ServiceRequest.performer";
    const bool carried = row.way == "both" && !row.example.starts_with("OSU");
    if (carried && !letters_own) paths.push_back(row.target);
  }
  return paths;
}

/// What the map says becomes of it: a yes or no is coded, a prescription is a medicine that is
/// taken, and the code of a reason is a reason.
RecordSet as_the_map_says(RecordSet records) {
  for (auto& observation : records.observations) {
    if (!observation.boolean) continue;
    observation.concept_value = {
        {{"http://terminology.hl7.org/CodeSystem/v2-0136", *observation.boolean ? "Y" : "N",
          *observation.boolean ? "Yes" : "No"}},
        ""};
    observation.boolean.reset();
  }
  for (auto& medication : records.medications) medication.is_statement = true;
  auto& order = records.service_requests.at(0);
  for (const auto& condition : records.conditions) {
    for (const auto& reason : order.reason_references) {
      if (reason.target == condition.ref) order.reason_codes.push_back(condition.code);
    }
  }
  return records;
}

/// Without what the letter adds: our number, the receiver, the page.
RecordSet without_the_letter(RecordSet records, const Letter& letter) {
  auto& numbers = records.service_requests.at(0).identifiers;
  std::erase_if(numbers, [](const Identifier& each) { return each.system == own_system; });
  std::erase_if(records.practitioners, [&](const Practitioner& person) {
    const auto& name = person.names.empty() ? std::string() : person.names[0].family.reveal();
    return name == letter.receiver_name || (name == letter.sender_name && !name.empty());
  });
  if (letter.records.practitioners.empty()) records.service_requests[0].requester = {};
  std::erase_if(records.documents, [](const Document& document) {
    return !document.content.empty() && document.content[0].data.starts_with("REFERRAL ");
  });
  return records;
}

std::string difference(const std::multiset<std::string>& sent,
                       const std::multiset<std::string>& read) {
  std::string text;
  const auto add = [&](const char* label, const auto& from, const auto& other) {
    std::vector<std::string> only;
    std::set_difference(from.begin(), from.end(), other.begin(), other.end(),
                        std::back_inserter(only));
    for (const auto& record : only) text += label + record;
  };
  add("sent and not read: ", sent, read);
  add("read and not sent: ", read, sent);
  return text;
}

class RoundTrip : public ::testing::TestWithParam<std::string> {};

TEST_P(RoundTrip, LosesNothingThatTheMapCarries) {
  const char* more = std::getenv("MERIDIAN_ROUND_TRIPS");
  const auto seeds = static_cast<std::uint32_t>(more != nullptr ? std::atoi(more) : 100);
  const auto paths = carried_paths();
  ASSERT_GT(paths.size(), 45U);
  const Hl7v2Renderer renderer(*find_write_dialect(GetParam()), knowledge().terminology);
  for (std::uint32_t seed = 1; seed <= seeds && !HasFailure(); ++seed) {
    const auto letter = random_referral(seed);
    const auto rendered = renderer.render(letter, everything());
    ASSERT_TRUE(rendered) << "seed " << seed << ": " << rendered.error().what.view();
    const auto records = read_message(rendered->bytes, settings());
    EXPECT_EQ(issues_of(records), "") << "seed " << seed << '\n' << rendered->bytes;
    ASSERT_EQ(records.service_requests.size(), 1U) << "seed " << seed;
    const auto sent = facts(as_the_map_says(letter.records), paths);
    const auto read = facts(without_the_letter(records, letter), paths);
    EXPECT_EQ(difference(sent, read), "") << "seed " << seed << '\n' << rendered->bytes;
    EXPECT_EQ(rendered->withheld, std::vector<std::string>{}) << "seed " << seed;
  }
}

/// Referrals that others wrote, with their segment orders, versions and tables.
TEST(RoundTripOfOthers, WhatWasReadIsReadAgain) {
  const std::filesystem::path folder = meridian::test::data_folder();
  if (!std::filesystem::exists(folder / "hl7v2")) GTEST_SKIP() << "no third-party data";
  const auto paths = carried_paths();
  const Hl7v2Renderer renderer(*find_write_dialect("v2"), knowledge().terminology);
  std::size_t walked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "hl7v2")) {
    if (entry.path().extension() != ".hl7") continue;
    const auto bytes = meridian::test::read_file(entry.path());
    if (bytes.find("REF^I12") == std::string::npos) continue;
    auto letter = referral_letter(read_message(bytes, settings()));
    if (letter.source_order.empty()) continue;
    const auto& requester = letter.records.service_requests[0].requester.target;
    std::erase_if(letter.records.practitioners,  // the receiver is the letter's
                  [&](const Practitioner& person) { return person.ref != requester; });
    const auto rendered = renderer.render(letter, everything());
    ASSERT_TRUE(rendered) << entry.path();
    const auto again = read_message(rendered->bytes, settings());
    EXPECT_EQ(difference(facts(as_the_map_says(letter.records), paths),
                         facts(without_the_letter(again, letter), paths)),
              "")
        << entry.path() << '\n'
        << rendered->bytes;
    ++walked;
  }
  EXPECT_GT(walked, 1U);
}

INSTANTIATE_TEST_SUITE_P(Dialects, RoundTrip, ::testing::Values("v2", "v2-2.8"),
                         [](const auto& one) { return one.param == "v2" ? "v251" : "v28"; });

}  // namespace
}  // namespace meridian::hl7v2::test
