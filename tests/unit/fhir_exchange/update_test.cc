// SPDX-License-Identifier: Apache-2.0
// A packet that was delivered, and the update that follows it: the clinic's copies are put right.
#include <gtest/gtest.h>

#include "fhir/exchange/fhir_sender.h"
#include "unit/fhir_exchange/fhir_peer.h"
#include "unit/fhir_exchange/letters.h"

namespace meridian::fhir {
namespace {

using test::FhirPeer;

Rendered golden(const std::string& name) {
  auto rendered = test::render_case(test::render_cases() / name);
  EXPECT_TRUE(rendered) << name;
  return std::move(*rendered);
}

/// A clinic that has the packet and accepted it, with a note of its own on the Task.
class Updated : public testing::Test {
 protected:
  Updated() : client_(clinic_.client()), sender_(*client_) {
    const auto sent = sender_.send(golden("packet-for-a-clinic"), false);
    EXPECT_TRUE(sent);
    task_ = sent->reference;
    auto task = clinic_.read(task_);
    task.set("status", "accepted");
    task.set("note", *sandbox::Json::parse(R"([{"text":"room 2"}])"));
    clinic_.put(task.dump());
  }

  Result<Receipt> update(bool repeat = false) {
    return sender_.send(golden("corrected-after-delivery"), repeat);
  }
  /// The only resource of a type.
  sandbox::Json only(const std::string& type) {
    EXPECT_EQ(clinic_.count(type), 1U) << type;
    return clinic_.read(type + "/" + clinic_.ids(type));
  }

  FhirPeer clinic_;
  std::unique_ptr<FhirClient> client_;
  FhirSender sender_;
  std::string task_;
};

TEST_F(Updated, TheCopiesThatChangedArePutInPlaceAndNothingIsMadeTwice) {
  ASSERT_EQ(only("MedicationRequest")["status"].text(), "active");
  const auto condition = only("Condition").dump();
  const auto receipt = update();
  ASSERT_TRUE(receipt) << receipt.error().what.view();
  const auto medication = only("MedicationRequest");
  EXPECT_EQ(medication["status"].text(), "stopped");
  EXPECT_EQ(medication["subject"]["reference"].text(), "Patient/" + clinic_.ids("Patient"));
  EXPECT_EQ(only("Patient")["telecom"][0]["value"].text(), "+1 617 555 0177");
  EXPECT_EQ(only("Condition").dump(), condition) << "what did not change is not written";
  EXPECT_EQ(clinic_.count("ServiceRequest"), 1U);
  EXPECT_EQ(clinic_.count("Task"), 1U);
}

TEST_F(Updated, TheTaskSaysWhatChangedAndKeepsWhatTheClinicWroteThere) {
  ASSERT_TRUE(update());
  const auto task = clinic_.read(task_);
  EXPECT_EQ(task["status"].text(), "accepted");
  EXPECT_EQ(task["note"][0]["text"].text(), "room 2");
  EXPECT_NE(task["note"][1]["text"].text().find("no longer: An anticoagulant"), std::string::npos);
  EXPECT_EQ(task["input"].dump().find("anticoagulant"), std::string::npos);
  EXPECT_NE(task["input"].dump().find("Pain has lasted"), std::string::npos);
  EXPECT_EQ(task.dump().find("urn:uuid"), std::string::npos);
  EXPECT_EQ(only("Communication")["priority"].text(), "urgent");
  EXPECT_EQ(clinic_.count("DocumentReference"), 1U) << "the page took the place of the first";
}

TEST_F(Updated, TheClinicsOwnNumberOfThePatientStays) {
  auto patient = only("Patient");
  patient.member("identifier")
      .push(*sandbox::Json::parse(R"({"system":"https://lotus.example/chart","value":"L-9"})"));
  clinic_.put(patient.dump());
  ASSERT_TRUE(update());
  const auto after = only("Patient");
  EXPECT_EQ(after["telecom"][0]["value"].text(), "+1 617 555 0177");
  EXPECT_EQ(after["identifier"].size(), 3U) << after.dump();
  EXPECT_EQ(after["identifier"][2]["value"].text(), "L-9");
}

TEST_F(Updated, SentAgainItChangesNothingMore) {
  ASSERT_TRUE(update());
  ASSERT_TRUE(update(true));
  const auto task = clinic_.read(task_);
  EXPECT_TRUE(task["note"][2]["text"].text().empty()) << task.dump();
  EXPECT_EQ(clinic_.count("Communication"), 1U);
  EXPECT_EQ(clinic_.count("MedicationRequest"), 1U);
}

TEST_F(Updated, TheWarningIsThereAlsoWhenARecordIsRefused) {
  clinic_.instead = [](const test::Seen& seen) -> std::optional<test::Reply> {
    const bool record =
        seen.method == "PUT" && seen.target.find("MedicationRequest") != std::string::npos;
    return record ? std::optional(test::json(422, "{}")) : std::nullopt;
  };
  EXPECT_FALSE(update());
  EXPECT_EQ(clinic_.count("Communication"), 1U);
  EXPECT_NE(clinic_.read(task_)["note"][1]["text"].text().find("changed"), std::string::npos);
}

TEST_F(Updated, ARecordThatIsNewGoesBeforeWhatPointsToIt) {
  // As if the prescription had not been in the packet.
  const auto id = clinic_.ids("MedicationRequest");
  const auto gone = clinic_.store().send("DELETE", "/MedicationRequest/" + id, "");
  if (gone.status >= 400) GTEST_SKIP() << "this server deletes nothing";
  ASSERT_TRUE(update());
  EXPECT_EQ(only("MedicationRequest")["status"].text(), "stopped");
}

TEST(Digest, OfARecordChangesWithItsContentAndNotWithItsVersion) {
  const auto digest = [](const Rendered& packet, const std::string& ref) {
    for (const auto& record : packet.records) {
      if (record.ref == ref) return record.digest;
    }
    return std::string("none");
  };
  const auto packet = golden("packet-for-a-clinic");
  EXPECT_EQ(packet.records.size(), 8U);
  EXPECT_EQ(digest(packet, "Condition/c-9"), "none") << "it is not sent";
  for (const auto& record : packet.records) EXPECT_EQ(record.digest.size(), 16U) << record.ref;
}

}  // namespace
}  // namespace meridian::fhir
