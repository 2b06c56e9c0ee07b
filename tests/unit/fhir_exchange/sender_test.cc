// SPDX-License-Identifier: Apache-2.0
// One referral stays one, whatever the line does.
#include <gtest/gtest.h>

#include "fhir/exchange/bundle_out.h"
#include "fhir/exchange/fhir_sender.h"
#include "unit/fhir_exchange/fhir_peer.h"
#include "unit/fhir_exchange/letters.h"

namespace meridian::fhir {
namespace {

using test::FhirPeer;
using test::Reply;
using test::requests;
using test::Seen;
using test::status_letter;

Rendered packet() {
  return *test::render_case(test::render_cases() / "packet-for-a-clinic");
}

Rendered golden(const char* name) {
  return *test::render_case(test::render_cases() / name);
}

/// A hospital with the patient and the order that the golden letters are about.
class Hospital : public FhirPeer {
 public:
  explicit Hospital(sandbox::ServerSettings settings = {}) : FhirPeer(std::move(settings)) {
    put(R"({"resourceType":"Patient","id":"p-204"})");
    put(R"({"resourceType":"PractitionerRole","id":"pr-7"})");
    put(R"({"resourceType":"ServiceRequest","id":"sr-88","status":"active","intent":"order",)"
        R"("subject":{"reference":"Patient/p-204"}})");
  }
};

constexpr const char* ours =
    "identifier=http://meridian-referral.org/fhir/identifier/referral|01JNQX5K7V9W2M4R8T6Y0ZBCDE";

TEST(FhirSender, DeliversThePacketAndNamesTheTaskAtTheClinic) {
  FhirPeer clinic;
  const auto client = clinic.client();
  const auto receipt = FhirSender(*client).send(packet(), false);
  ASSERT_TRUE(receipt) << receipt.error().what.view();
  EXPECT_EQ(receipt->proof, "created");
  ASSERT_TRUE(receipt->reference.starts_with("Task/"));
  const auto task = clinic.read(receipt->reference);
  const auto order = task["focus"]["reference"].text();
  EXPECT_TRUE(order.starts_with("ServiceRequest/")) << order;
  EXPECT_EQ(task["basedOn"].items().front()["reference"].text(), order);
  EXPECT_EQ(clinic.count("Condition"), 1U);
}

TEST(FhirSender, SentTwiceThereIsOneOfEach) {
  FhirPeer clinic;
  const auto client = clinic.client();
  FhirSender sender(*client);
  const auto first = sender.send(packet(), false);
  const auto again = sender.send(packet(), false);
  ASSERT_TRUE(first);
  ASSERT_TRUE(again) << again.error().what.view();
  EXPECT_EQ(again->proof, "already-there");
  EXPECT_EQ(again->reference, first->reference);
  for (const char* type : {"Task", "ServiceRequest", "Patient", "Condition", "MedicationRequest",
                           "QuestionnaireResponse", "DocumentReference", "Practitioner"}) {
    EXPECT_EQ(clinic.count(type), 1U) << type;
  }
}

TEST(FhirSender, LooksWhetherTheClinicStillHasThePacket) {
  FhirPeer clinic;
  const auto client = clinic.client();
  FhirSender sender(*client);
  EXPECT_EQ(*sender.look(packet()), Standing::missing);
  const auto receipt = sender.send(packet(), false);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(*sender.look(packet()), Standing::there);
  auto task = clinic.read(receipt->reference);
  task.set("status", "accepted");
  clinic.put(task.dump());
  EXPECT_EQ(*sender.look(packet()), Standing::there) << "its state is the clinic's to say";
  task.set("id", "copy");
  clinic.put(task.dump());
  EXPECT_EQ(*sender.look(packet()), Standing::doubled);
  EXPECT_EQ(requests(clinic, "POST", "/fhir"), 1U) << "looking writes nothing";
}

TEST(FhirSender, LooksWhetherTheHospitalShowsWhatItWasTold) {
  Hospital hospital;
  const auto client = hospital.client();
  FhirSender sender(*client);
  const auto letter =
      status_letter("accepted", "accepted", "ServiceRequest/sr-88", "Patient/p-204");
  EXPECT_EQ(*sender.look(letter), Standing::missing);
  const auto receipt = sender.send(letter, false);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(*sender.look(letter), Standing::there);
  auto task = hospital.read(receipt->reference);
  task.set("status", "cancelled");
  hospital.put(task.dump());
  EXPECT_EQ(*sender.look(letter), Standing::other);
  ASSERT_TRUE(sender.send(letter, false));
  EXPECT_EQ(*sender.look(letter), Standing::there);
  hospital.instead = [](const Seen&) -> std::optional<Reply> {
    Reply reply;
    reply.status = 503;
    return reply;
  };
  const auto down = sender.look(letter);
  ASSERT_FALSE(down);
  EXPECT_EQ(error_row(down.error().code).retry, RetryClass::transient);
}

TEST(FhirSender, ALostAnswerIsAmbiguousAndTheNextTryLooksBeforeItSends) {
  FhirPeer clinic;
  clinic.spoil = [](const Seen& seen, Reply& reply) {
    if (seen.method == "POST") reply.fault = test::Fault::close_unanswered;
  };
  const auto client = clinic.client();
  FhirSender sender(*client);
  const auto lost = sender.send(packet(), false);
  ASSERT_FALSE(lost);
  EXPECT_EQ(error_row(lost.error().code).retry, RetryClass::ambiguous);
  const auto posts = requests(clinic, "POST", "/fhir");
  const auto repeat = sender.send(packet(), true);
  ASSERT_TRUE(repeat) << repeat.error().what.view();
  EXPECT_EQ(repeat->proof, "already-there");
  EXPECT_TRUE(repeat->reference.starts_with("Task/"));
  EXPECT_EQ(requests(clinic, "POST", "/fhir"), posts);
  EXPECT_EQ(clinic.count("Task"), 1U);
}

TEST(FhirSender, ARequestThatNeverArrivedIsSentAgainAfterLooking) {
  FhirPeer clinic;
  bool closed = false;
  clinic.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (seen.method != "POST" || closed) return std::nullopt;
    closed = true;
    Reply reply;
    reply.fault = test::Fault::close_unanswered;
    return reply;
  };
  const auto client = clinic.client();
  FhirSender sender(*client);
  ASSERT_FALSE(sender.send(packet(), false));
  const auto repeat = sender.send(packet(), true);
  ASSERT_TRUE(repeat) << repeat.error().what.view();
  EXPECT_EQ(repeat->proof, "created");
  EXPECT_EQ(clinic.count("Task"), 1U);
}

TEST(FhirSender, WhoCannotBeAskedIsNotSentToOnARepeat) {
  FhirPeer clinic;
  clinic.instead = [](const Seen& seen) -> std::optional<Reply> {
    if (seen.method == "GET") return test::json(500, "{}");
    return std::nullopt;
  };
  const auto client = clinic.client();
  EXPECT_FALSE(FhirSender(*client).send(packet(), true));
  EXPECT_EQ(clinic.count("Task"), 0U);
}

TEST(FhirSender, AStatusMakesTheTaskAndTheNextOnePutsItInItsPlace) {
  Hospital hospital;
  const auto client = hospital.client();
  FhirSender sender(*client);
  const auto order = hospital.read("ServiceRequest/sr-88")["meta"]["versionId"].text();
  const auto first = sender.send(
      status_letter("accepted", "accepted", "ServiceRequest/sr-88", "Patient/p-204"), false);
  ASSERT_TRUE(first) << first.error().what.view() << first.error().detail;
  EXPECT_EQ(first->proof, "created");
  const auto next = sender.send(golden("accepted-and-booked"), false);
  ASSERT_TRUE(next) << next.error().what.view();
  EXPECT_EQ(next->reference, first->reference);
  EXPECT_EQ(hospital.count(std::string("Task?") + ours), 0U) << "it is no answer to a referral";
  EXPECT_EQ(hospital.count("Task"), 1U);
  const auto task = hospital.read(first->reference);
  EXPECT_EQ(task["status"].text(), "in-progress");
  EXPECT_EQ(task["basedOn"].items().front()["reference"].text(), "ServiceRequest/sr-88");
  EXPECT_EQ(hospital.count("Communication"), 2U);
  EXPECT_EQ(hospital.read("ServiceRequest/sr-88")["meta"]["versionId"].text(), order);
}

TEST(FhirSender, TheNoteIsInTheRecordAndTheTaskPointsToIt) {
  Hospital hospital;
  const auto client = hospital.client();
  FhirSender sender(*client);
  const auto sent = sender.send(golden("consult-note"), false);
  ASSERT_TRUE(sent) << sent.error().what.view();
  EXPECT_TRUE(sent->reference.starts_with("Task/"));
  ASSERT_EQ(hospital.count("DocumentReference?related=ServiceRequest/sr-88"), 1U);
  const auto document = "DocumentReference/" + hospital.ids("DocumentReference");
  const auto task = hospital.read(sent->reference);
  EXPECT_NE(task.dump().find("\"" + document + "\""), std::string::npos) << task.dump();
  EXPECT_EQ(task.dump().find("urn:uuid"), std::string::npos);
  ASSERT_TRUE(sender.send(golden("consult-note"), true));
  EXPECT_EQ(hospital.count("DocumentReference"), 1U);
  EXPECT_EQ(hospital.count("Communication"), 1U);
}

TEST(FhirSender, ABatchThatFailedInTheMiddleMakesNothingTwiceEvenWhereConditionsAreIgnored) {
  Hospital hospital;
  bool failing = true;
  hospital.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (seen.method != "POST") return std::nullopt;
    if (failing && seen.target.starts_with("/fhir/Communication")) return test::json(503, "{}");
    Seen deaf = seen;
    deaf.headers.erase("if-none-exist");
    const auto made = hospital.store().send("POST", deaf.target.substr(5), deaf.body);
    Reply reply = test::json(made.status, made.body);
    for (const auto& header : made.headers) {
      if (header.name == "Location") reply.headers.emplace_back(header.name, header.value);
    }
    return reply;
  };
  const auto client = hospital.client();
  FhirSender sender(*client);
  const auto first = sender.send(golden("consult-note"), false);
  ASSERT_FALSE(first);
  EXPECT_EQ(error_row(first.error().code).retry, RetryClass::transient);
  failing = false;
  const auto again = sender.send(golden("consult-note"), false);
  ASSERT_TRUE(again) << again.error().what.view();
  EXPECT_EQ(hospital.count("DocumentReference"), 1U);
  EXPECT_EQ(hospital.count("Task"), 1U);
  EXPECT_EQ(hospital.count("Communication"), 1U);
}

TEST(FhirSender, AChangeInBetweenIsSeenAndTheUpdateTriedOnTheNewVersion) {
  Hospital hospital;
  const auto client = hospital.client();
  FhirSender sender(*client);
  const auto first = sender.send(
      status_letter("received", "delivered", "ServiceRequest/sr-88", "Patient/p-204"), false);
  ASSERT_TRUE(first);
  bool raced = false;
  hospital.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (seen.method == "PUT" && !raced) {
      raced = true;
      auto task = hospital.read(first->reference);
      task.set("priority", "urgent");
      hospital.put(task.dump());
    }
    return std::nullopt;
  };
  const auto next = sender.send(
      status_letter("accepted", "accepted", "ServiceRequest/sr-88", "Patient/p-204"), false);
  ASSERT_TRUE(next) << next.error().what.view();
  EXPECT_EQ(requests(hospital, "PUT", "/fhir/Task"), 2U);
  EXPECT_EQ(hospital.read(first->reference)["status"].text(), "accepted");
}

TEST(FhirSender, AnOldStatusThatMayHaveArrivedDoesNotTakeThePlaceOfANewerOne) {
  Hospital hospital;
  const auto client = hospital.client();
  FhirSender sender(*client);
  const auto status = [](const char* task_status, const std::string& at) {
    auto letter = status_letter(task_status, task_status, "ServiceRequest/sr-88", "Patient/p-204");
    const std::string as_written = "2026-03-05T16:00:00.000Z";
    for (auto i = letter.bytes.find(as_written); i != std::string::npos;
         i = letter.bytes.find(as_written)) {
      letter.bytes.replace(i, as_written.size(), at);
    }
    return letter;
  };
  const auto newer = sender.send(status("completed", "2026-03-05T17:00:00.000Z"), false);
  ASSERT_TRUE(newer);
  const auto older = sender.send(status("accepted", "2026-03-05T15:00:00.000Z"), true);
  ASSERT_TRUE(older) << older.error().what.view();
  EXPECT_EQ(older->reference, newer->reference);
  EXPECT_EQ(hospital.read(newer->reference)["status"].text(), "completed");
  ASSERT_TRUE(sender.send(status("in-progress", "2026-03-05T18:00:00.000Z"), true));
  EXPECT_EQ(hospital.read(newer->reference)["status"].text(), "in-progress");
}

TEST(FhirSender, ACancelKeepsEverythingElseOfTheClinicsTask) {
  FhirPeer clinic;
  const auto client = clinic.client();
  FhirSender sender(*client);
  const auto sent = sender.send(packet(), false);
  ASSERT_TRUE(sent);
  const auto cancelled = sender.send(golden("cancelled-before-the-start"), false);
  ASSERT_TRUE(cancelled) << cancelled.error().what.view();
  EXPECT_EQ(cancelled->reference, sent->reference);
  const auto task = clinic.read(sent->reference);
  EXPECT_EQ(task["status"].text(), "cancelled");
  EXPECT_EQ(task["owner"]["display"].text(), "Lotus Gate Acupuncture");
  EXPECT_EQ(sender.send(golden("cancelled-before-the-start"), true)->proof, "already-there");
}

TEST(FhirSender, ACancelDoesNotEndWorkThatHasBegun) {
  FhirPeer clinic;
  const auto client = clinic.client();
  FhirSender sender(*client);
  const auto sent = sender.send(packet(), false);
  ASSERT_TRUE(sent);
  auto task = clinic.read(sent->reference);
  task.set("status", "in-progress");
  clinic.put(task.dump());
  const auto refused = sender.send(golden("cancelled-before-the-start"), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(clinic.read(sent->reference)["status"].text(), "in-progress");
}

/// A cancel of a standard where both sides may cancel at any time.
Rendered cancel_at_any_time() {
  BundleOut bundle;
  bundle.patch("Task?" + std::string(ours), R"({"resourceType":"Task","status":"cancelled"})", {},
               true);
  Rendered letter;
  letter.bytes = bundle.json("batch", parse_instant("2026-03-05T16:00:00Z").value());
  return letter;
}

TEST(FhirSender, ACancelAtAnyTimeEndsWorkThatHasBegunButNoOutcome) {
  for (const auto& [status, after] :
       {std::pair{"in-progress", "cancelled"}, std::pair{"completed", "completed"},
        std::pair{"rejected", "rejected"}}) {
    FhirPeer clinic;
    const auto client = clinic.client();
    FhirSender sender(*client);
    const auto sent = sender.send(packet(), false);
    ASSERT_TRUE(sent);
    auto task = clinic.read(sent->reference);
    task.set("status", status);
    clinic.put(task.dump());
    EXPECT_TRUE(sender.send(cancel_at_any_time(), false));
    EXPECT_EQ(clinic.read(sent->reference)["status"].text(), after);
  }
}

}  // namespace
}  // namespace meridian::fhir
