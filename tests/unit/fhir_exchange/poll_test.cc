// SPDX-License-Identifier: Apache-2.0
// Every change is handed in, whole, and once; the cursor stands behind what was accepted.
#include <atomic>

#include <gtest/gtest.h>

#include "fhir/exchange/fhir_poll.h"
#include "fhir/read/reader.h"
#include "unit/fhir_exchange/fhir_peer.h"

namespace meridian::fhir {
namespace {

using test::FhirPeer;
using test::Reply;
using test::Seen;

/// Keeps what is handed in; a message that it has is answered like the real one answers it.
class KeepingInlet : public Inlet {
 public:
  Result<std::string> submit(Envelope envelope) override {
    if (refusal) return *refusal;
    for (const auto& known : kept) {
      if (known.sender_id != envelope.sender_id) continue;
      if (known.bytes == envelope.bytes) return std::string("again");
      return Error{ErrorCode::conflict, "in", "same key, other body"};
    }
    kept.push_back(std::move(envelope));
    return std::string("yes");
  }
  Result<std::string> cursor(const SourceId&, std::string_view name) override {
    return cursors[std::string(name)];
  }
  Result<void> set_cursor(const SourceId&, std::string_view name, std::string_view value) override {
    cursors[std::string(name)] = value;
    return {};
  }

  Result<bool> knows(const SourceId&, std::string_view sender_id) override {
    return std::any_of(kept.begin(), kept.end(),
                       [&](const Envelope& each) { return each.sender_id == sender_id; });
  }

  Result<bool> may_poll(const SourceId&, std::chrono::milliseconds) override {
    ++asked;
    asked.notify_all();
    return mine;
  }

  void polled(const SourceId&, const std::optional<Error>& failure) override {
    (failure ? failed : went_well)++;
    (failure ? failed : went_well).notify_all();
  }

  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& envelope : kept) ids.push_back(envelope.sender_id);
    return ids;
  }

  std::vector<Envelope> kept;
  std::map<std::string, std::string> cursors;
  std::optional<Error> refusal;
  bool mine = true;                          ///< no other node polls
  std::atomic<int> asked{0};                 ///< how often it was asked whose turn it is
  std::atomic<int> failed{0}, went_well{0};  ///< looks, as they ended
};

using Ids = std::vector<std::string>;

class PollTest : public ::testing::Test {
 protected:
  PollTest() : client_(peer_.client()) {}

  PollSettings settings(std::vector<Watch> watches) {
    PollSettings settings;
    settings.source = SourceId("hill");
    settings.base_url = peer_.base();
    settings.watches = std::move(watches);
    settings.clock = [] { return test::fixed_now; };
    return settings;
  }
  PollSettings hospital() { return settings(find_dialect("r4")->origin_watches); }
  PollSettings clinic() { return settings(find_dialect("r4")->receiver_watches); }

  void put_order(const std::string& status = "active") {
    peer_.put(R"({"resourceType":"ServiceRequest","id":"s1","status":")" + status +
              R"(","intent":"order","subject":{"reference":"Patient/p1"}})");
  }
  void put_patient() { peer_.put(R"({"resourceType":"Patient","id":"p1"})"); }

  /// Our Task at a clinic.
  void put_task(const std::string& status, const std::string& more = "") {
    peer_.put(
        R"({"resourceType":"Task","id":"t1","identifier":[{"system":)"
        R"("http://meridian-referral.org/fhir/identifier/referral","value":"R1"}],"status":")" +
        status + R"(","intent":"order","focus":{"reference":"ServiceRequest/s1"})" + more + "}");
  }

  /// An order as a clinic has it.
  void put_sent(const std::string& id) {
    peer_.put(R"({"resourceType":"ServiceRequest","id":")" + id +
              R"(","status":"active","intent":"order","identifier":[{"system":)"
              R"("http://meridian-referral.org/fhir/identifier/referral"}]})");
  }

  int poll(FhirPoll& poll) {
    const auto accepted = poll.poll_once(inlet_);
    EXPECT_TRUE(accepted) << accepted.error().what.view();
    return accepted ? *accepted : -1;
  }

  FhirPeer peer_;
  std::unique_ptr<FhirClient> client_;
  KeepingInlet inlet_;
};

TEST_F(PollTest, AnOrderComesWithItsPatientAndOnlyOnce) {
  put_patient();
  put_order();
  FhirPoll source(*client_, hospital());
  EXPECT_EQ(poll(source), 1);
  EXPECT_EQ(poll(source), 0);
  ASSERT_EQ(inlet_.ids(), Ids{"ServiceRequest/s1/_history/1"});
  EXPECT_EQ(inlet_.kept[0].media_type, "application/fhir+json");
  const auto records = read_fhir(inlet_.kept[0].bytes);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->service_requests.size(), 1U);
  EXPECT_EQ(records->patients.size(), 1U);
}

TEST_F(PollTest, ReadsBackWhatNeverCameAndLeavesTheCursor) {
  put_patient();
  put_order();
  FhirPoll source(*client_, hospital());
  EXPECT_EQ(poll(source), 1);
  const auto cursors = inlet_.cursors;
  const auto since = test::fixed_now - std::chrono::hours(24);
  EXPECT_EQ(source.read_back(inlet_, since).operator*(), 0) << "it came";
  inlet_.kept.clear();  // lost on its way, though the cursor says that it was read
  EXPECT_EQ(poll(source), 0);
  EXPECT_EQ(source.read_back(inlet_, since).operator*(), 1);
  EXPECT_EQ(inlet_.ids(), Ids{"ServiceRequest/s1/_history/1"});
  EXPECT_EQ(inlet_.cursors, cursors);
  inlet_.kept.clear();
  EXPECT_EQ(source.read_back(inlet_, test::fixed_now + std::chrono::hours(24)).operator*(), 0)
      << "it is older than that";
}

TEST_F(PollTest, ACancelledOrderComesAsItsNextVersion) {
  put_patient();
  put_order();
  FhirPoll source(*client_, hospital());
  poll(source);
  put_order("revoked");
  EXPECT_EQ(poll(source), 1);
  EXPECT_EQ(inlet_.ids(), (Ids{"ServiceRequest/s1/_history/1", "ServiceRequest/s1/_history/2"}));
}

TEST_F(PollTest, AnswersComeByThemselves) {
  put_patient();
  peer_.put(R"({"resourceType":"QuestionnaireResponse","id":"q1","status":"completed",)"
            R"("subject":{"reference":"Patient/p1"}})");
  peer_.put(R"({"resourceType":"Observation","id":"o1","status":"final","category":[{"coding":)"
            R"([{"code":"survey"}]}],"code":{"text":"x"},"subject":{"reference":"Patient/p1"}})");
  peer_.put(R"({"resourceType":"Observation","id":"o2","status":"final","category":[{"coding":)"
            R"([{"code":"laboratory"}]}],"code":{"text":"x"}})");
  FhirPoll source(*client_, hospital());
  EXPECT_EQ(poll(source), 2);
}

TEST_F(PollTest, GoesOnWhereItWasAfterARestart) {
  put_patient();
  put_order();
  {
    FhirPoll source(*client_, hospital());
    poll(source);
  }
  const auto cursor = inlet_.cursors["poll.orders"];
  EXPECT_FALSE(cursor.empty());
  peer_.put(R"({"resourceType":"ServiceRequest","id":"s2","status":"active","intent":"order"})");
  FhirPoll source(*client_, hospital());
  poll(source);
  EXPECT_EQ(inlet_.ids(), (Ids{"ServiceRequest/s1/_history/1", "ServiceRequest/s2/_history/1"}));
  EXPECT_GT(inlet_.cursors["poll.orders"], cursor);
}

TEST_F(PollTest, TheSameVersionWithOtherCompanyAfterARestartIsNoError) {
  put_patient();
  put_order();
  {
    FhirPoll source(*client_, hospital());
    poll(source);
  }
  peer_.put(R"({"resourceType":"Patient","id":"p1","gender":"male"})");
  FhirPoll source(*client_, hospital());
  EXPECT_EQ(poll(source), 0);
}

TEST_F(PollTest, TheCursorStaysWhileSomethingIsNotAccepted) {
  put_patient();
  put_order();
  FhirPoll source(*client_, hospital());
  inlet_.refusal = Error{ErrorCode::store_full, "in", "full"};
  EXPECT_FALSE(source.poll_once(inlet_));
  EXPECT_EQ(inlet_.cursors["poll.orders"], "");
  inlet_.refusal.reset();
  EXPECT_EQ(poll(source), 1);
  EXPECT_NE(inlet_.cursors["poll.orders"], "");
}

TEST_F(PollTest, WhatWeWroteOurselvesIsNotHandedInAgain) {
  peer_.put(
      R"({"resourceType":"ServiceRequest","id":"copy","status":"active","intent":"order",)"
      R"("identifier":[{"system":"http://meridian-referral.org/fhir/identifier/referral"}]})");
  FhirPoll source(*client_, hospital());
  EXPECT_EQ(poll(source), 0);
}

TEST_F(PollTest, AChangeIsNotHandedInByHalves) {
  put_patient();
  put_order();
  bool down = true;
  peer_.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (down && seen.target.starts_with("/fhir/Patient")) return test::json(503, "{}");
    return std::nullopt;
  };
  FhirPoll source(*client_, hospital());
  EXPECT_FALSE(source.poll_once(inlet_));
  EXPECT_TRUE(inlet_.kept.empty());
  down = false;
  EXPECT_EQ(poll(source), 1);
  EXPECT_EQ(read_fhir(inlet_.kept[0].bytes)->patients.size(), 1U);
}

TEST_F(PollTest, AfterARoundThatFailedItGoesOnWhereItFailed) {
  put_patient();
  put_order();
  peer_.put(R"({"resourceType":"Patient","id":"p2"})");
  peer_.put(R"({"resourceType":"ServiceRequest","id":"s2","status":"active","intent":"order",)"
            R"("subject":{"reference":"Patient/p2"}})");
  bool down = true;
  peer_.instead = [&](const Seen& seen) -> std::optional<Reply> {
    if (down && seen.target.starts_with("/fhir/Patient/p2")) return test::json(503, "{}");
    return std::nullopt;
  };
  FhirPoll source(*client_, hospital());
  EXPECT_FALSE(source.poll_once(inlet_));
  EXPECT_EQ(inlet_.ids(), Ids{"ServiceRequest/s1/_history/1"});
  const auto read = test::requests(peer_, "GET", "/fhir/Patient/p1");
  down = false;
  EXPECT_EQ(poll(source), 1);
  EXPECT_EQ(inlet_.kept.size(), 2U);
  EXPECT_EQ(test::requests(peer_, "GET", "/fhir/Patient/p1"), read) << "the first one was taken";
}

TEST_F(PollTest, AWatchThatFailsDoesNotStopTheOthers) {
  put_patient();
  put_order();
  peer_.instead = [](const Seen& seen) -> std::optional<Reply> {
    if (seen.target.starts_with("/fhir/Observation")) return test::json(400, "{}");
    return std::nullopt;
  };
  FhirPoll source(*client_, hospital());
  EXPECT_FALSE(source.poll_once(inlet_));
  EXPECT_EQ(inlet_.kept.size(), 1U);
}

TEST_F(PollTest, AClinicsTaskSaysNothingUntilSomebodyThereActs) {
  put_sent("s1");
  put_task("requested");
  FhirPoll source(*client_, clinic());
  EXPECT_EQ(poll(source), 0);
  put_task("accepted");
  EXPECT_EQ(poll(source), 1);
  EXPECT_EQ(inlet_.ids(), Ids{"Task/t1/_history/2"});
}

TEST_F(PollTest, AClinicsOtherTasksAreNoneOfOurBusiness) {
  peer_.put(R"({"resourceType":"Task","id":"t9","status":"accepted","intent":"order"})");
  FhirPoll source(*client_, clinic());
  EXPECT_EQ(poll(source), 0);
}

TEST_F(PollTest, TheTaskThatShowsAReferralToWhoOrderedItIsNotTakenForAnAnswer) {
  peer_.put(
      R"({"resourceType":"Task","id":"t8","status":"accepted","intent":"order","identifier":[{)"
      R"("system":"http://meridian-referral.org/fhir/identifier/coordination","value":"R1"}]})");
  FhirPoll source(*client_, clinic());
  EXPECT_EQ(poll(source), 0);
}

TEST_F(PollTest, ATaskComesWithItsOrderItsAppointmentAndItsNote) {
  put_patient();
  peer_.put(
      R"({"resourceType":"ServiceRequest","id":"s1","status":"active","intent":"order",)"
      R"("subject":{"reference":"Patient/p1"},"identifier":[{"system":"http://meridian-referral.org/fhir/identifier/referral"}]})");
  peer_.put(R"({"resourceType":"Binary","id":"b1","contentType":"application/pdf","data":"JVBE"})");
  peer_.put(R"({"resourceType":"DocumentReference","id":"d1","status":"current","content":[)"
            R"({"attachment":{"contentType":"application/pdf","url":"Binary/b1"}}]})");
  peer_.put(R"({"resourceType":"Appointment","id":"a1","status":"booked",)"
            R"("basedOn":[{"reference":"ServiceRequest/s1"}]})");
  put_task("completed", R"(,"output":[{"type":{"text":"note"},"valueReference":{"reference":)"
                        R"("DocumentReference/d1"}}])");
  FhirPoll source(*client_, clinic());
  EXPECT_EQ(poll(source), 2) << "the appointment comes by itself too";
  EXPECT_EQ(inlet_.ids(), (Ids{"Task/t1/_history/1", "Appointment/a1/_history/1"}));
  const auto records = read_fhir(inlet_.kept.at(0).bytes);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->tasks.size(), 1U);
  EXPECT_EQ(records->service_requests.size(), 1U);
  EXPECT_EQ(records->documents.size(), 1U);
  EXPECT_EQ(records->appointments.size(), 1U);
  EXPECT_NE(inlet_.kept[0].bytes.find("\"JVBE\""), std::string::npos);
}

TEST_F(PollTest, AnAppointmentThatChangesAloneComesFirstWithTheTaskThatItIsFor) {
  const auto visit = [this](const std::string& id, const std::string& status,
                            const std::string& more) {
    peer_.put(R"({"resourceType":"Appointment","id":")" + id + R"(","status":")" + status + "\"" +
              more + "}");
  };
  const std::string for_us = R"(,"basedOn":[{"reference":"ServiceRequest/s1"}])";
  put_sent("s1");
  put_sent("s7");
  put_task("accepted");
  visit("a1", "booked", for_us);
  visit("a3", "booked", for_us);
  FhirPoll source(*client_, clinic());
  EXPECT_EQ(poll(source), 3);
  visit("a1", "cancelled", for_us);
  visit("a2", "booked", "");  // of another patient's
  visit("a4", "booked", R"(,"basedOn":[{"reference":"ServiceRequest/s7"}])");
  EXPECT_EQ(poll(source), 1);
  EXPECT_EQ(inlet_.kept.back().sender_id, "Appointment/a1/_history/2");
  const auto records = read_fhir(inlet_.kept.back().bytes);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->resources.front().id, "a1");
  ASSERT_EQ(records->appointments.size(), 2U) << "what else is booked decides";
  EXPECT_EQ(records->appointments.front().status, "cancelled");
  EXPECT_EQ(records->tasks.size(), 1U);
}

TEST_F(PollTest, AServerWithoutAppointmentsIsNoneThatFails) {
  put_sent("s1");
  put_task("accepted");
  peer_.instead = [](const Seen& seen) -> std::optional<Reply> {
    if (!seen.target.starts_with("/fhir/Appointment")) return std::nullopt;
    return test::json(404, R"({"resourceType":"OperationOutcome","issue":[{"severity":"error",)"
                           R"("code":"not-supported"}]})");
  };
  FhirPoll source(*client_, clinic());
  EXPECT_EQ(poll(source), 1);
}

TEST_F(PollTest, WithoutVersionsTheKeyIsAHashOfTheResource) {
  peer_.instead = [](const Seen& seen) -> std::optional<Reply> {
    if (!seen.target.starts_with("/fhir/ServiceRequest")) return std::nullopt;
    return test::json(200, R"({"resourceType":"Bundle","type":"searchset","entry":[{"resource":)"
                           R"({"resourceType":"ServiceRequest","id":"s1","status":"active"}}]})");
  };
  FhirPoll source(*client_, hospital());
  EXPECT_EQ(poll(source), 1);
  EXPECT_EQ(poll(source), 0);
  EXPECT_TRUE(inlet_.kept.at(0).sender_id.starts_with("ServiceRequest/s1/#"));
}

TEST_F(PollTest, AServerThatWantsAPatientIsAskedPatientByPatient) {
  put_patient();
  put_order();
  peer_.put(R"({"resourceType":"Patient","id":"p2"})");
  peer_.put(R"({"resourceType":"ServiceRequest","id":"s2","status":"active","intent":"order",)"
            R"("subject":{"reference":"Patient/p2"}})");
  auto settings = this->settings(find_dialect("epic")->origin_watches);
  settings.patients = [] { return std::vector<std::string>{"Patient/p1"}; };
  FhirPoll source(*client_, settings);
  EXPECT_EQ(poll(source), 1);
  EXPECT_EQ(poll(source), 0);
  EXPECT_EQ(inlet_.ids(), Ids{"ServiceRequest/s1/_history/1"});
}

TEST_F(PollTest, AWakeUpPollsAtOnceAndManyMakeNoMoreThanOneAtATime) {
  auto rare = settings({find_dialect("r4")->origin_watches.front()});
  rare.interval = std::chrono::hours(1);
  FhirPoll source(*client_, rare);
  ASSERT_TRUE(source.start(inlet_));
  peer_.server().wait_for(1);
  for (int i = 0; i < 100; ++i) source.wake();
  peer_.server().wait_for(2);
  source.stop();
  EXPECT_LT(peer_.server().seen().size(), 100u);
}

TEST_F(PollTest, WhileAnotherNodePollsThisOneDoesNot) {
  auto often = settings({find_dialect("r4")->origin_watches.front()});
  often.interval = std::chrono::milliseconds(1);
  inlet_.mine = false;
  FhirPoll source(*client_, often);
  ASSERT_TRUE(source.start(inlet_));
  for (int seen = 0; seen < 3; seen = inlet_.asked) inlet_.asked.wait(seen);
  source.stop();
  EXPECT_TRUE(peer_.server().seen().empty());
}

TEST_F(PollTest, AWakeUpPollsAlsoWhileAnotherNodeDoes) {
  auto rare = settings({find_dialect("r4")->origin_watches.front()});
  rare.interval = std::chrono::hours(1);
  inlet_.mine = false;
  FhirPoll source(*client_, rare);
  ASSERT_TRUE(source.start(inlet_));
  source.wake();
  peer_.server().wait_for(1);
  source.stop();
}

TEST_F(PollTest, SaysHowEachLookEnded) {
  std::atomic<bool> refuses = true;
  peer_.instead = [&](const Seen&) -> std::optional<Reply> {
    if (!refuses) return std::nullopt;
    Reply reply;
    reply.status = 403;
    return reply;
  };
  auto often = settings({find_dialect("r4")->origin_watches.front()});
  often.interval = std::chrono::milliseconds(1);
  FhirPoll source(*client_, often);
  ASSERT_TRUE(source.start(inlet_));
  inlet_.failed.wait(0);
  EXPECT_EQ(inlet_.went_well, 0);
  refuses = false;
  inlet_.went_well.wait(0);
  source.stop();
}

TEST_F(PollTest, StopEndsACallThatHangs) {
  peer_.instead = [](const Seen&) {
    Reply reply;
    reply.fault = test::Fault::hang;
    return reply;
  };
  FhirPoll source(*client_, hospital());
  ASSERT_TRUE(source.start(inlet_));
  EXPECT_FALSE(source.start(inlet_));
  peer_.server().wait_for(1);
  source.stop();
  EXPECT_TRUE(inlet_.kept.empty());
}

TEST(Dialects, AServerIsKnownByTheSoftwareThatItSaysItIs) {
  EXPECT_EQ(dialect_of("medplum 4.5.2-0a1b2c3"), "medplum");
  EXPECT_EQ(dialect_of("Medplum"), "medplum");
  for (const char* other : {"", "medplum-proxy 1", "HAPI FHIR Server 8.4.0", "med"}) {
    EXPECT_EQ(dialect_of(other), "") << other;
  }
}

TEST(Dialects, EveryFileIsReadAndSaysWhatToSearch) {
  EXPECT_EQ(dialect_ids(), (Ids{"athena", "ecw", "epic", "medplum", "meditech", "oracle", "r4"}));
  for (const auto& id : dialect_ids()) {
    const auto dialect = find_dialect(id);
    ASSERT_TRUE(dialect) << id << " at byte " << dialect.error().detail;
    EXPECT_EQ(dialect->id, id);
    EXPECT_FALSE(dialect->history.empty()) << id;
    EXPECT_FALSE(dialect->origin_watches.empty()) << id;
    for (const auto& search : dialect->history) {
      EXPECT_TRUE(search.params.front().second.ends_with("{patient}")) << id << " " << search.type;
    }
  }
  EXPECT_EQ(find_dialect("nobody").error().code, ErrorCode::not_found);
}

TEST(Dialects, AMemberThatIsNotKnownIsFound) {
  const std::string text =
      R"({"format":"meridian.dialect/1","id":"x","history":[{"kind":"a","typ":"B"}]})";
  const auto dialect = read_dialect(text);
  ASSERT_FALSE(dialect);
  EXPECT_EQ(dialect.error().code, ErrorCode::misconfigured);
  EXPECT_EQ(text.substr(static_cast<std::size_t>(dialect.error().detail), 5), R"("typ")");
}

}  // namespace
}  // namespace meridian::fhir
