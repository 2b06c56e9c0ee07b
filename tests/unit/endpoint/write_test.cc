// SPDX-License-Identifier: Apache-2.0
// What a clinic writes: it becomes its message, and the hospital is told.
#include <algorithm>

#include <gtest/gtest.h>

#include "flow/find.h"
#include "unit/endpoint/site.h"

namespace meridian::test {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class EndpointWrite : public testing::Test {
 protected:
  EndpointWrite() : id(site.refer("willow")) {}

  std::string task() { return site.get("willow", "/Task/" + id).body; }
  int version() { return std::stoi(at(task(), "/meta/versionId")); }
  std::string told() {
    site.bench.run();
    return site.bench.hospital->sent.back().bytes;
  }
  std::string about(const std::string& type, const std::string& more) {
    const auto subject = at(task(), "/for/reference");
    return R"({"resourceType":")" + type + R"(","status":"final","subject":{"reference":")" +
           subject + R"("},"basedOn":[{"reference":"ServiceRequest/)" + id + "\"}]," + more + "}";
  }
  std::string note(const std::string& words = "SGVsbG8=") {
    return R"({"resourceType":"DocumentReference","status":"current","subject":{"reference":")" +
           at(task(), "/for/reference") + R"("},"identifier":[{"system":"http://w.example",
           "value":"n1"}],"content":[{"attachment":{"contentType":"text/plain","data":")" +
           words + R"("}}],"context":{"related":[{"reference":"ServiceRequest/)" + id + "\"}]}}";
  }
  std::string visit(const std::string& status = "booked") {
    return R"({"resourceType":"Appointment","status":")" + status +
           R"(","start":"2026-11-24T09:00:00Z","basedOn":[{"reference":"ServiceRequest/)" + id +
           R"("}],"participant":[{"actor":{"reference":")" + at(task(), "/for/reference") +
           R"("},"status":"accepted"}]})";
  }

  EndpointSite site;
  const std::string id;
};

TEST_F(EndpointWrite, AnAnswerChangesTheStateAndTheHospitalIsTold) {
  const auto answered = site.answer("willow", id, "accepted");
  ASSERT_EQ(answered.status, 200) << answered.body;
  EXPECT_EQ(header_of(answered, "ETag"), "W/\"2\"");
  EXPECT_EQ(at(answered.body, "/status"), "accepted");
  EXPECT_EQ(site.bench.state(), "accepted");
  EXPECT_TRUE(has(told(), "status accepted accepted"));
  EXPECT_EQ(answered.body, task()) << "what was answered is what is there";
}

TEST_F(EndpointWrite, WithoutIfMatchOrWithAnOldOneNothingIsWritten) {
  const auto before = task();
  const auto put = [&](const http::Fields& more) {
    http::Fields headers = {{"Content-Type", "application/fhir+json"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return site.ask("willow", {"PUT", "/Task/" + id, with_status(before, "accepted"), headers});
  };
  EXPECT_EQ(put({}).status, 428);
  EXPECT_EQ(put({{"If-Match", "W/\"7\""}}).status, 412);
  EXPECT_EQ(put({{"If-Match", "*"}}).status, 400);
  EXPECT_EQ(task(), before);
  EXPECT_EQ(put({{"If-Match", "W/\"1\""}}).status, 200);
  EXPECT_EQ(put({{"If-Match", "W/\"1\""}}).status, 412) << "the second of two who read version 1";
}

TEST_F(EndpointWrite, OnlyTheClinicsMembersMayDiffer) {
  const auto now = task();
  const auto refused = [&](const std::string& from, const std::string& to) {
    auto body = now;
    body.replace(body.find(from), from.size(), to);
    const auto response = site.put("willow", "/Task/" + id, body, 1);
    EXPECT_EQ(at(response.body, "/issue/0/code"), "business-rule");
    return response.status;
  };
  EXPECT_EQ(refused(R"("priority":"routine")", R"("priority":"stat")"), 422);
  EXPECT_EQ(refused(R"("intent":"order")", R"("intent":"plan")"), 422);
  EXPECT_EQ(refused(R"("intent":"order",)", ""), 422) << "to leave out is to take away";
  EXPECT_EQ(refused(R"("value":")" + id, R"("value":"01JNQX5K7V9W2M4R8T6Y0ZBCDE)"), 422);
  EXPECT_EQ(version(), 1);
}

TEST_F(EndpointWrite, AStatusThatMayNotFollowIsRefusedWithThoseThatMay) {
  const auto refused = site.answer("willow", id, "completed");
  EXPECT_EQ(refused.status, 409);
  EXPECT_TRUE(has(refused.body, "accepted, rejected")) << refused.body;
  EXPECT_EQ(site.answer("willow", id, "draft").status, 409);
  EXPECT_EQ(site.answer("willow", id, "nonsense").status, 409);
  ASSERT_EQ(site.answer("willow", id, "rejected").status, 200);
  EXPECT_EQ(site.bench.state(), "declined");
  EXPECT_EQ(site.answer("willow", id, "accepted").status, 409) << "it is over for this clinic";
}

TEST_F(EndpointWrite, WhatMayFollowCanBeAskedBeforeItIsTried) {
  const auto actions = [&](const std::string& more = "", const std::string& clinic = "willow") {
    return site.get(clinic, "/Task/" + id + "/$actions" + more);
  };
  const auto offered = [](const http::Response& response) {
    std::vector<std::string> statuses;
    for (int i = 1; !at(response.body, "/parameter/" + std::to_string(i) + "/name").empty(); ++i) {
      statuses.push_back(at(response.body, "/parameter/" + std::to_string(i) + "/valueCode"));
    }
    return statuses;
  };
  const auto fresh = actions();
  ASSERT_EQ(fresh.status, 200) << fresh.body;
  EXPECT_EQ(at(fresh.body, "/parameter/0/valueInteger"), "1");
  const auto may = offered(fresh);
  EXPECT_NE(std::find(may.begin(), may.end(), "accepted"), may.end()) << fresh.body;
  EXPECT_EQ(std::find(may.begin(), may.end(), "completed"), may.end()) << "no work was done";
  // What it says is what holds.
  for (const char* status : {"accepted", "completed", "draft", "failed"}) {
    const bool said = std::find(may.begin(), may.end(), status) != may.end();
    if (said) continue;
    EXPECT_EQ(site.answer("willow", id, status).status, 409) << status;
  }
  EXPECT_EQ(actions("?version=1").status, 200);
  ASSERT_EQ(site.answer("willow", id, "rejected").status, 200);
  EXPECT_EQ(actions("?version=1").status, 412) << "it has changed since";
  EXPECT_EQ(actions("?version=2").status, 200);
  EXPECT_EQ(offered(actions()), std::vector<std::string>{}) << actions().body;
  EXPECT_EQ(actions("?status=x").status, 400);
  EXPECT_EQ(actions("", "birch").status, 404) << "another clinic's";
}

TEST_F(EndpointWrite, PatchesNameWhatTheyChange) {
  const auto accepted = site.patch("willow", "/Task/" + id,
                                   R"([{"op":"test","path":"/status","value":"requested"},
                     {"op":"replace","path":"/status","value":"accepted"},
                     {"op":"add","path":"/note","value":[{"text":"Tuesday is best"}]},
                     {"op":"add","path":"/businessStatus","value":{"text":"waiting list"}}])",
                                   1);
  ASSERT_EQ(accepted.status, 200) << accepted.body;
  EXPECT_EQ(at(accepted.body, "/note/0/text"), "Tuesday is best");
  EXPECT_EQ(at(accepted.body, "/businessStatus/text"), "waiting list");
  const auto status = [&](const char* patch) {
    return site.patch("willow", "/Task/" + id, patch, 2).status;
  };
  EXPECT_EQ(status(R"([{"op":"test","path":"/status","value":"requested"}])"), 422);
  EXPECT_EQ(status(R"([{"op":"replace","path":"/priority","value":"stat"}])"), 422);
  EXPECT_EQ(status(R"([{"op":"remove","path":"/status"}])"), 422);
  EXPECT_EQ(status(R"([{"op":"replace","path":"/status","value":7}])"), 422);
  EXPECT_EQ(status(R"([{"op":"replace","path":"/output/9","value":{}}])"), 422);
  EXPECT_EQ(status(R"([{"op":"move","from":"/note","path":"/status"}])"), 400);
  EXPECT_EQ(status(R"({"op":"remove"})"), 400);
  EXPECT_EQ(status("no json"), 400);
  EXPECT_EQ(version(), 2);
}

TEST_F(EndpointWrite, ARequestIdBelongsToOneRequest) {
  const auto first = site.post("willow", "/DocumentReference", note(), "r-1");
  ASSERT_EQ(first.status, 201) << first.body;
  const auto before = version();
  ASSERT_EQ(site.answer("willow", id, "accepted").status, 200);
  const auto again = site.post("willow", "/DocumentReference", note(), "r-1");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(header_of(again, "Location"), header_of(first, "Location"));
  EXPECT_EQ(header_of(again, "ETag"), header_of(first, "ETag"));
  EXPECT_EQ(version(), before + 1) << "only the acceptance was written";
  const auto other = site.post("willow", "/DocumentReference", note("QnllIQ=="), "r-1");
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(at(other.body, "/issue/0/code"), "duplicate");
  // Another clinic's request ids are its own.
  const auto theirs = site.post("birch", "/DocumentReference", note(), "r-1");
  EXPECT_EQ(theirs.status, 422);
  site.bench.pass(std::chrono::hours(24 * 31));
  EXPECT_EQ(site.post("willow", "/DocumentReference", note("QnllIQ=="), "r-2").status, 201);
}

TEST_F(EndpointWrite, ARepeatedUpdateIsAnsweredAsTheFirst) {
  const auto body = with_status(task(), "accepted");
  const auto put = [&] {
    return site.ask("willow", {"PUT",
                               "/Task/" + id,
                               body,
                               {{"Content-Type", "application/fhir+json"},
                                {"If-Match", "W/\"1\""},
                                {"X-Request-Id", "u-1"}}});
  };
  const auto first = put();
  ASSERT_EQ(first.status, 200) << first.body;
  ASSERT_EQ(site.answer("willow", id, "in-progress").status, 200);
  const auto again = put();
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(at(task(), "/status"), "in-progress") << "the repeat wrote nothing";
}

TEST_F(EndpointWrite, TheReferralIsFoundByTheIdOfTheConversation) {
  const auto put = [&](const std::string& correlation) {
    return site.ask("willow", {"PUT",
                               "/Task/" + id,
                               with_status(task(), "accepted"),
                               {{"Content-Type", "application/fhir+json"},
                                {"If-Match", "W/\"1\""},
                                {"X-Correlation-Id", correlation}}});
  };
  EXPECT_EQ(put("two words").status, 400);
  EXPECT_FALSE(flow::find(*site.bench.core, "c-7"));
  ASSERT_EQ(put("c-7").status, 200);
  const auto found = flow::find(*site.bench.core, " c-7 ");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->referral, id);
}

TEST_F(EndpointWrite, ConditionalCreateFindsWhatIsThere) {
  const auto create = [&](const std::string& query) {
    return site.ask("willow",
                    {"POST",
                     "/DocumentReference",
                     note(),
                     {{"Content-Type", "application/fhir+json"}, {"If-None-Exist", query}}});
  };
  const auto first = create("identifier=http://w.example|n1");
  EXPECT_EQ(first.status, 201) << first.body;
  const auto again = create("identifier=http%3A%2F%2Fw.example%7Cn1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(at(again.body, "/id"), at(first.body, "/id"));
  EXPECT_EQ(create("status=current").status, 400);
}

TEST_F(EndpointWrite, BooksByAnAppointmentAndTakesItBack) {
  ASSERT_EQ(site.answer("willow", id, "accepted").status, 200);
  const auto booked = site.post("willow", "/Appointment", visit());
  ASSERT_EQ(booked.status, 201) << booked.body;
  EXPECT_EQ(site.bench.state(), "scheduled");
  const auto place = "/Appointment/" + at(booked.body, "/id");
  EXPECT_EQ(refs(site.get("willow", "/Appointment?based-on=ServiceRequest/" + id).body).size(), 1u);
  // A later answer does not forget the booking.
  ASSERT_EQ(site.answer("willow", id, "in-progress").status, 200);
  EXPECT_EQ(site.bench.state(), "scheduled");
  const auto cancelled = site.put("willow", place, with_status(booked.body, "cancelled"), 1);
  ASSERT_EQ(cancelled.status, 200) << cancelled.body;
  EXPECT_EQ(header_of(cancelled, "ETag"), "W/\"2\"");
  EXPECT_EQ(site.bench.state(), "appointment_cancelled");
}

TEST_F(EndpointWrite, AnAppointmentMovesTheBookingWhateverTheTaskSaidBefore) {
  // No answer yet: a booking is one.
  const auto booked = site.post("willow", "/Appointment", visit());
  ASSERT_EQ(booked.status, 201) << booked.body;
  EXPECT_EQ(site.bench.state(), "scheduled");
  auto missed = with_status(task(), "in-progress");
  const auto begin = missed.find(R"("businessStatus":)");
  missed.replace(begin, missed.find(R"("intent":)") - begin,
                 R"("businessStatus":{"coding":[{"code":"no-show"}]},)");
  const auto unseen = site.put("willow", "/Task/" + id, missed, version());
  ASSERT_EQ(unseen.status, 200) << unseen.body << missed;
  ASSERT_EQ(site.bench.state(), "no_show");
  // Only the appointment changes; the Task says "no-show" as before.
  const auto place = "/Appointment/" + at(booked.body, "/id");
  auto later = booked.body;
  later.replace(later.find("2026-11-24T09"), 13, "2026-11-30T15");
  const auto moved = site.put("willow", place, later, 1);
  ASSERT_EQ(moved.status, 200) << moved.body;
  EXPECT_EQ(site.bench.state(), "scheduled");
  EXPECT_TRUE(has(told(), "scheduled"));
  ASSERT_EQ(site.put("willow", place, with_status(later, "cancelled"), 2).status, 200);
  EXPECT_EQ(site.bench.state(), "appointment_cancelled");
  // One that moves nothing is kept all the same.
  const auto proposed = site.post("willow", "/Appointment", visit("proposed"));
  ASSERT_EQ(proposed.status, 201) << proposed.body;
  EXPECT_EQ(site.get("willow", "/Appointment/" + at(proposed.body, "/id")).status, 200);
}

TEST_F(EndpointWrite, WhatBecameOfAVisitIsSaidByItsAppointmentAlone) {
  const auto booked = site.post("willow", "/Appointment", visit());
  ASSERT_EQ(booked.status, 201) << booked.body;
  ASSERT_EQ(site.bench.state(), "scheduled") << "a booking is an answer";
  const auto place = "/Appointment/" + at(booked.body, "/id");
  ASSERT_EQ(site.put("willow", place, with_status(booked.body, "noshow"), 1).status, 200);
  EXPECT_EQ(site.bench.state(), "no_show");
  EXPECT_TRUE(has(told(), "no_show"));
  ASSERT_EQ(site.put("willow", place, with_status(booked.body, "fulfilled"), 2).status, 200);
  EXPECT_EQ(site.bench.state(), "in_course");
  EXPECT_TRUE(has(told(), "in_course"));
  // The next visit is booked and takes place.
  auto later = visit();
  later.replace(later.find("2026-11-24"), 10, "2026-12-01");
  const auto second = site.post("willow", "/Appointment", later);
  ASSERT_EQ(second.status, 201) << second.body;
  EXPECT_EQ(site.bench.state(), "scheduled");
  const auto there = "/Appointment/" + at(second.body, "/id");
  ASSERT_EQ(site.put("willow", there, with_status(second.body, "fulfilled"), 1).status, 200);
  EXPECT_EQ(site.bench.state(), "in_course");
  ASSERT_EQ(site.answer("willow", id, "completed").status, 200) << "the Task may still end";
}

TEST_F(EndpointWrite, NotesAndScoresBecomeOutputsAndReachTheHospitalWithTheReport) {
  ASSERT_EQ(site.answer("willow", id, "accepted").status, 200);
  const auto written = site.post("willow", "/DocumentReference", note());
  ASSERT_EQ(written.status, 201) << written.body;
  const auto score =
      site.post("willow", "/Observation",
                about("Observation", R"("code":{"text":"Pain severity"},"valueInteger":3)"));
  ASSERT_EQ(score.status, 201) << score.body;
  EXPECT_EQ(at(task(), "/output/0/valueReference/reference"),
            "DocumentReference/" + at(written.body, "/id"));
  EXPECT_EQ(at(task(), "/output/1/valueReference/reference"),
            "Observation/" + at(score.body, "/id"));
  ASSERT_EQ(site.answer("willow", id, "completed").status, 200);
  EXPECT_EQ(site.bench.state(), "reported");
  EXPECT_TRUE(has(told(), "note reported completed"));
  const auto messages = *site.bench.store->messages_of(ReferralId(id));
  EXPECT_TRUE(has(messages.back().body, "SGVsbG8=")) << "the report brings the note along";
  EXPECT_EQ(site.bench.state(), "closed");
}

TEST_F(EndpointWrite, ATransactionIsWrittenWholeOrNotAtAll) {
  ASSERT_EQ(site.answer("willow", id, "accepted").status, 200);
  const auto bundle = [&](const std::string& status, const std::string& match) {
    auto completed = with_status(task(), status);
    completed.insert(completed.rfind('}'),
                     R"(,"output":[{"type":{"text":"note"},"valueReference":
                        {"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"}}])");
    return R"({"resourceType":"Bundle","type":"transaction","entry":[
      {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":)" +
           note() +
           R"(,"request":{"method":"POST","url":"DocumentReference"}},
      {"resource":)" +
           completed + R"(,"request":{"method":"PUT","url":"Task/)" + id + R"(","ifMatch":"W/\")" +
           match + R"(\""}}]})";
  };
  const auto before = task();
  EXPECT_EQ(site.post("willow", "", bundle("completed", "9")).status, 412);
  EXPECT_EQ(site.post("willow", "", bundle("draft", "2")).status, 409);
  EXPECT_EQ(task(), before);
  EXPECT_EQ(refs(site.get("willow", "/DocumentReference").body).size(), 1u) << "the summary alone";
  const auto done = site.post("willow", "", bundle("completed", "2"));
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(at(done.body, "/type"), "transaction-response");
  EXPECT_EQ(at(done.body, "/entry/0/response/status"), "201 Created");
  EXPECT_EQ(at(done.body, "/entry/1/response/etag"), "W/\"3\"");
  EXPECT_EQ(site.bench.state(), "reported");
  EXPECT_TRUE(at(task(), "/output/0/valueReference/reference").starts_with("DocumentReference/"));
  EXPECT_EQ(at(task(), "/output/1"), "") << "named once";
}

TEST_F(EndpointWrite, ATaskThatDoesNotNameItsNoteGetsItAsOutputAllTheSame) {
  ASSERT_EQ(site.answer("willow", id, "accepted").status, 200);
  const auto done = site.post(
      "willow", "",
      R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":)" + note() +
          R"(,"request":{"method":"POST","url":"DocumentReference"}},{"resource":)" +
          with_status(task(), "completed") + R"(,"request":{"method":"PUT","url":"Task/)" + id +
          R"(","ifMatch":"W/\"2\""}}]})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_TRUE(at(task(), "/output/0/valueReference/reference").starts_with("DocumentReference/"));
  EXPECT_EQ(at(task(), "/status"), "completed");
}

TEST_F(EndpointWrite, TransactionsThatAreNoneAreRefused) {
  const auto status = [&](const std::string& entries, const std::string& type = "transaction") {
    return site
        .post("willow", "",
              R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)" + entries + "]}")
        .status;
  };
  const auto create = [&](const std::string& resource) {
    return R"({"resource":)" + resource +
           R"(,"request":{"method":"POST","url":"DocumentReference"}})";
  };
  EXPECT_EQ(status(create(note()), "batch"), 422);
  EXPECT_EQ(status(""), 422);
  EXPECT_EQ(status(R"({"request":{"method":"GET","url":"Task"}})"), 422);
  const auto other = site.refer("willow", 1);
  auto elsewhere = note();
  elsewhere.replace(elsewhere.find("ServiceRequest/") + 15, 26, other);
  EXPECT_EQ(status(create(note()) + "," + create(elsewhere)), 422) << "two referrals";
  EXPECT_EQ(site.post("willow", "", "[]").status, 400);
}

TEST_F(EndpointWrite, WhatIsAboutNothingHereIsRefused) {
  const auto status = [&](const std::string& body) {
    return site.post("willow", "/Observation", body).status;
  };
  EXPECT_EQ(status(R"({"resourceType":"Observation","status":"final"})"), 422);
  EXPECT_EQ(
      status(about("Observation", R"("performer":[{"reference":"Practitioner/of-the-clinic"}])")),
      422);
  EXPECT_EQ(status(about("Observation", R"("performer":[{"display":"Lin Ho, L.Ac."}])")), 201);
  EXPECT_EQ(status(about("Condition", R"("code":{"text":"x"})")), 400);
  EXPECT_EQ(status(R"({"resourceType":"Observation","resourceType":"Task"})"), 422);
  EXPECT_EQ(site.post("willow", "/Patient", "{}").status, 405);
  EXPECT_EQ(site.put("willow", "/ServiceRequest/" + id, "{}", 1).status, 405);
  const auto summary = refs(site.get("willow", "/DocumentReference").body).front();
  const auto ours = site.get("willow", "/" + summary);
  EXPECT_EQ(site.put("willow", "/" + summary, ours.body, 1).status, 403);
}

TEST_F(EndpointWrite, AQuestionReachesTheHospitalOnce) {
  const auto asked = site.post(
      "willow", "/Communication",
      R"({"resourceType":"Communication","status":"completed","about":[{"reference":"Task/)" + id +
          R"("}],"payload":[{"contentString":"Is the MRI report there?"}]})");
  ASSERT_EQ(asked.status, 201) << asked.body;
  ASSERT_EQ(site.answer("willow", id, "accepted").status, 200);
  int told = 0;
  const auto messages = site.bench.store->messages_of(ReferralId(id));
  for (const auto& message : *messages) {
    if (has(message.body, "Is the MRI report there?")) ++told;
  }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(refs(site.get("willow", "/Communication").body).size(), 1u) << "it can be read again";
}

TEST_F(EndpointWrite, AMessageThatCouldNotBeReadDoesNotBlockTheNext) {
  // Its id is that of the next version, and it is linked to nothing.
  ASSERT_TRUE(site.bench.submit("willow", "Task/" + id + "/_history/2", "no json"));
  ASSERT_EQ(site.answer("willow", id, "accepted").status, 200);
  ASSERT_EQ(site.answer("willow", id, "in-progress").status, 200);
  EXPECT_EQ(version(), 3);
}

TEST_F(EndpointWrite, ACancelIsSeenAndConfirmed) {
  ASSERT_TRUE(site.bench.submit("ehr", "revoked",
                                flow::bundle({flow::order("revoked", 2), flow::patient()})));
  site.bench.run();
  EXPECT_EQ(site.bench.state(), "cancel_asked");
  EXPECT_EQ(at(task(), "/status"), "cancelled");
  EXPECT_EQ(version(), 2);
  EXPECT_EQ(site.answer("willow", id, "accepted").status, 409);
  EXPECT_EQ(site.answer("willow", id, "cancelled").status, 200);
  EXPECT_EQ(site.bench.state(), "cancelled");
}

TEST_F(EndpointWrite, AnOutcomeThatCrossedACancelStays) {
  ASSERT_EQ(site.answer("willow", id, "accepted").status, 200);
  ASSERT_TRUE(site.bench.submit("ehr", "revoked",
                                flow::bundle({flow::order("revoked", 2), flow::patient()})));
  ASSERT_EQ(site.answer("willow", id, "completed").status, 200);
  site.bench.run();
  EXPECT_EQ(at(task(), "/status"), "completed");
}

TEST_F(EndpointWrite, TheSecondChoiceGetsItAndTheFirstKeepsWhatItSaw) {
  site.bench.know({flow::receiver("willow", 0), flow::receiver("birch", 1)});
  ASSERT_EQ(site.answer("willow", id, "rejected").status, 200);
  site.bench.run();
  EXPECT_EQ(site.bench.only_referral().destination.str(), "birch");
  const auto theirs = site.get("birch", "/Task/" + id);
  EXPECT_EQ(at(theirs.body, "/status"), "requested") << theirs.body;
  EXPECT_EQ(at(theirs.body, "/meta/versionId"), "1") << "nothing of the first clinic's versions";
  EXPECT_EQ(at(task(), "/status"), "rejected");
  ASSERT_EQ(site.answer("birch", id, "accepted").status, 200);
  EXPECT_EQ(site.bench.state(), "accepted");
  EXPECT_EQ(at(task(), "/status"), "rejected") << "nothing of the second one's answers";
}

}  // namespace
}  // namespace meridian::test
