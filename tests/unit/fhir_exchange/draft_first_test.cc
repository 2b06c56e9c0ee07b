// SPDX-License-Identifier: Apache-2.0
// A packet at a receiver that takes no long transaction with conditions, as Medplum.
#include <gtest/gtest.h>

#include "fhir/exchange/dialect.h"
#include "fhir/exchange/fhir_sender.h"
#include "unit/fhir_exchange/fhir_peer.h"
#include "unit/fhir_exchange/letters.h"

namespace meridian::fhir {
namespace {

using test::FhirPeer;
using test::Reply;
using test::requests;
using test::Seen;

constexpr std::size_t most = 8;

WriteBack at_most(std::size_t entries) {
  WriteBack rules;
  rules.conditional_entries = entries;
  return rules;
}

Rendered packet() {
  return *test::render_case(test::render_cases() / "packet-for-a-clinic");
}

bool is_transaction(const Seen& seen) {
  return seen.method == "POST" && seen.body.find("\"transaction\"") != std::string::npos;
}

/// Refuses what Medplum refuses.
std::optional<Reply> refusal(const Seen& seen) {
  if (!is_transaction(seen) || seen.body.find("ifNoneExist") == std::string::npos) return {};
  return test::json(400, R"({"resourceType":"OperationOutcome","issue":[]})");
}

Reply closed() {
  Reply reply;
  reply.fault = test::Fault::close_unanswered;
  return reply;
}

void expect_one_of_each(FhirPeer& clinic) {
  for (const char* type : {"Task", "ServiceRequest", "Patient", "Condition", "MedicationRequest",
                           "QuestionnaireResponse", "DocumentReference", "Practitioner"}) {
    EXPECT_EQ(clinic.count(type), 1U) << type;
  }
  const auto task = clinic.read("Task/" + clinic.ids("Task"));
  EXPECT_EQ(task["status"].text(), "requested");
  EXPECT_TRUE(task["focus"]["reference"].text().starts_with("ServiceRequest/")) << task.dump();
  EXPECT_EQ(task.dump().find("urn:uuid"), std::string::npos);
}

TEST(DraftFirst, APacketThatIsRefusedAsOneConditionalTransactionArrives) {
  FhirPeer clinic;
  clinic.instead = refusal;
  const auto client = clinic.client();
  const auto refused = FhirSender(*client).send(packet(), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(error_row(refused.error().code).retry, RetryClass::permanent);
  FhirSender sender(*client, find_dialect("medplum")->write_back);
  const auto receipt = sender.send(packet(), false);
  ASSERT_TRUE(receipt) << receipt.error().what.view();
  EXPECT_EQ(receipt->proof, "created");
  EXPECT_EQ(receipt->reference, "Task/" + clinic.ids("Task"));
  EXPECT_EQ(*sender.look(packet()), Standing::there);
  expect_one_of_each(clinic);
  const auto again = sender.send(packet(), false);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->proof, "already-there");
  expect_one_of_each(clinic);
}

TEST(DraftFirst, AShortTransactionGoesAsItIs) {
  FhirPeer clinic;
  clinic.instead = refusal;
  const auto client = clinic.client();
  EXPECT_FALSE(FhirSender(*client, at_most(1000)).send(packet(), false));
  EXPECT_EQ(clinic.count("Task"), 0U);
}

TEST(DraftFirst, ADraftAloneIsMissingAndTheNextTryBringsTheRest) {
  FhirPeer clinic;
  bool lost = false;
  clinic.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (!is_transaction(seen) || lost) return {};
    lost = true;
    return closed();
  };
  const auto client = clinic.client();
  FhirSender sender(*client, at_most(most));
  ASSERT_FALSE(sender.send(packet(), false));
  EXPECT_EQ(clinic.count("Task?status=draft"), 1U);
  EXPECT_EQ(clinic.count("Patient"), 0U) << "a draft tells nothing of the patient";
  EXPECT_EQ(*sender.look(packet()), Standing::missing);
  ASSERT_TRUE(sender.send(packet(), true));
  EXPECT_EQ(*sender.look(packet()), Standing::there);
  expect_one_of_each(clinic);
}

TEST(DraftFirst, ALostAnswerIsFoundByTheNextTry) {
  FhirPeer clinic;
  bool lost = false;
  clinic.spoil = [&](const Seen& seen, Reply& reply) {
    if (!is_transaction(seen) || lost) return;
    lost = true;
    reply = closed();
  };
  const auto client = clinic.client();
  FhirSender sender(*client, at_most(most));
  const auto first = sender.send(packet(), false);
  ASSERT_FALSE(first);
  EXPECT_EQ(error_row(first.error().code).retry, RetryClass::ambiguous);
  const auto repeat = sender.send(packet(), true);
  ASSERT_TRUE(repeat);
  EXPECT_EQ(repeat->proof, "already-there");
  expect_one_of_each(clinic);
}

TEST(DraftFirst, OfTwoTriesThatOvertakeEachOtherOneIsRefusedWhole) {
  FhirPeer clinic;
  clinic.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (!is_transaction(seen)) return {};
    auto task = clinic.read("Task/" + clinic.ids("Task"));
    clinic.put(task.set("status", "requested").dump());  // as an earlier try that arrives only now
    return {};
  };
  const auto client = clinic.client();
  const auto late = FhirSender(*client, at_most(most)).send(packet(), true);
  ASSERT_TRUE(late) << late.error().what.view();
  EXPECT_EQ(late->proof, "already-there");
  EXPECT_EQ(requests(clinic, "POST", "/fhir"), 2U) << "the draft, and what was refused";
  EXPECT_EQ(clinic.count("Condition"), 0U);
  EXPECT_EQ(clinic.count("Task"), 1U);
}

}  // namespace
}  // namespace meridian::fhir
