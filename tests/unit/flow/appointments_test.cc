// SPDX-License-Identifier: Apache-2.0
// A clinic's own server moves a booking and leaves its Task as it is: the booking moves here too.
#include "model/appointments.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/flow/reviewed.h"

namespace meridian::flow {
namespace {

constexpr const char* early = "2026-12-01T09:00:00Z";
constexpr const char* late = "2026-12-15T09:00:00Z";

std::string visit(const std::string& status, const std::string& start, int version,
                  const std::string& changed, const std::string& id = "a1") {
  return R"({"resourceType":"Appointment","id":")" + id + R"(","meta":{"versionId":")" +
         std::to_string(version) + R"(","lastUpdated":")" + changed + R"("},"status":")" + status +
         R"(","start":")" + start + R"(","basedOn":[{"reference":"ServiceRequest/there"}]})";
}

std::string said_at(std::string task, const std::string& instant) {
  return task.insert(task.find("\"versionId\""), R"("lastUpdated":")" + instant + R"(",)");
}

/// As a hospital that is told of each booking by a message of its own.
class Timetable : public Renderer {
 public:
  bool follows_earlier() const override { return true; }
  Result<Rendered> render(const Letter& letter, const FieldProfile&) const override {
    auto text = letter.business_status;
    if (const auto* booked = leading(letter.records.appointments)) {
      text = (letter.changed.empty() ? "new " : "moved ") + booked->start.text;
    }
    return Rendered{letter.referral_id + "/" + text, "text/plain", text, {}};
  }
};

class MovedBooking : public Reviewed {
 protected:
  /// The Task said that it is booked; it stays so.
  void book() {
    accept();
    task_ = said_at(task(id_, "in-progress", 3, "scheduled"), "2026-11-24T10:00:00Z");
    ASSERT_TRUE(bench_.submit("willow", "Task/t1/_history/3",
                              bundle({task_, visit("booked", early, 1, "2026-11-24T09:59:00Z")})));
    bench_.run();
    ASSERT_EQ(bench_.state(), "scheduled");
    told_ = bench_.hospital->sent.size();
  }
  /// As a poll brings it: the appointment first, and what goes along.
  void changes(const std::string& key, const std::vector<std::string>& appointments) {
    auto resources = appointments;
    resources.push_back(task_);
    ASSERT_TRUE(bench_.submit("willow", key, bundle(resources)));
    bench_.run();
  }
  std::size_t events() { return bench_.store->events(ReferralId(id_))->size(); }
  std::string last_detail() { return bench_.store->events(ReferralId(id_))->back().detail; }

  std::string task_;
};

TEST_F(MovedBooking, ACancelledVisitIsToBeBookedAnewAndTheHospitalIsTold) {
  book();
  changes("Appointment/a1/_history/2", {visit("cancelled", early, 2, "2026-11-25T08:00:00Z")});
  EXPECT_EQ(bench_.state(), "appointment_cancelled");
  EXPECT_EQ(worklist(), "to-rebook");
  const auto news = news_to_hospital();
  ASSERT_FALSE(news.empty());
  EXPECT_TRUE(has(news.back(), "appointment_cancelled")) << news.back();
}

TEST_F(MovedBooking, AnotherTimeIsABookingOfItsOwn) {
  book();
  changes("Appointment/a1/_history/2", {visit("booked", late, 2, "2026-11-25T08:00:00Z")});
  EXPECT_EQ(bench_.state(), "scheduled");
  EXPECT_TRUE(has(last_detail(), "2026-12-15T09:00:00")) << last_detail();
  EXPECT_FALSE(news_to_hospital().empty());
  // The next word of the Task, of an older version of the world, does not undo it.
  changes("Appointment/a2/_history/1", {visit("cancelled", early, 1, "2026-11-26T08:00:00Z", "a2"),
                                        visit("booked", late, 2, "2026-11-25T08:00:00Z")});
  EXPECT_EQ(bench_.state(), "scheduled") << "the other one stands";
}

TEST_F(MovedBooking, WhatTheTaskSaidAlreadyIsNoNews) {
  book();
  const auto before = events();
  changes("Appointment/a1/_history/1", {visit("booked", early, 1, "2026-11-24T09:59:00Z")});
  EXPECT_EQ(events(), before) << "the Task spoke after it";
  changes("Appointment/a1/_history/2", {visit("booked", early, 2, "2026-11-24T11:00:00Z")});
  EXPECT_EQ(events(), before) << "the same booking";
  EXPECT_TRUE(news_to_hospital().empty());
}

TEST_F(MovedBooking, ABookingProvesAcceptanceWhereTheTaskIsAsItWasSent) {
  record({back_pain()});
  ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench_.run();
  id_ = bench_.only_referral().id.str();
  task_ = said_at(task(id_, "requested", 1), "2026-11-25T10:00:00Z");
  changes("Appointment/a1/_history/1", {visit("booked", early, 1, "2026-11-24T09:59:00Z")});
  EXPECT_EQ(bench_.state(), "scheduled");
}

TEST_F(MovedBooking, AfterTheReportAVisitMovesNothing) {
  book();
  ASSERT_TRUE(bench_.submit("willow", "Task/t1/_history/4", bundle({task(id_, "completed", 4)})));
  bench_.run();
  ASSERT_EQ(bench_.state(), "closed");
  task_ = task(id_, "completed", 4);
  const auto before = events();
  changes("Appointment/a1/_history/2", {visit("cancelled", early, 2, "2026-11-25T08:00:00Z")});
  EXPECT_EQ(bench_.state(), "closed");
  EXPECT_EQ(events(), before);
}

/// The clinic books, and then its Task says so.
TEST_F(MovedBooking, TheSameTimeIsToldOnce) {
  for (auto& peer : bench_.peers.list) {
    if (peer->id == "ehr") peer->renderer = std::make_unique<Timetable>();
  }
  accept();
  task_ = said_at(task(id_, "accepted", 2), "2026-11-23T10:00:00Z");
  changes("Appointment/a1/_history/1", {visit("booked", early, 1, "2026-11-24T09:59:00Z")});
  ASSERT_EQ(bench_.state(), "scheduled");
  EXPECT_EQ(news_to_hospital(), std::vector<std::string>{"new 2026-12-01T09:00:00Z"});
  const auto says = [&](int version, const std::vector<std::string>& more) {
    auto resources = more;
    task_ = said_at(task(id_, "in-progress", version, "scheduled"), "2026-11-24T10:00:00Z");
    resources.push_back(task_);
    ASSERT_TRUE(
        bench_.submit("willow", "Task/t1/_history/" + std::to_string(version), bundle(resources)));
    bench_.run();
  };
  says(3, {visit("booked", early, 1, "2026-11-24T09:59:00Z")});
  EXPECT_EQ(bench_.state(), "scheduled");
  EXPECT_EQ(news_to_hospital().size(), 1u) << news_to_hospital().back();
  // What comes beside the same booking is told, and the booking is not.
  const std::string words = R"({"resourceType":"Communication","id":"c1","status":"completed",
      "payload":[{"contentString":"Is there an MRI?"}]})";
  says(4, {visit("booked", early, 1, "2026-11-24T09:59:00Z"), words});
  ASSERT_EQ(news_to_hospital().size(), 2u);
  EXPECT_EQ(news_to_hospital().back(), "scheduled");
  changes("Appointment/a1/_history/2", {visit("booked", late, 2, "2026-11-25T08:00:00Z")});
  EXPECT_EQ(news_to_hospital().back(), "moved 2026-12-15T09:00:00Z");
  // And back again: that is another time than the one before.
  changes("Appointment/a1/_history/3", {visit("booked", early, 3, "2026-11-26T08:00:00Z")});
  EXPECT_EQ(news_to_hospital().back(), "moved 2026-12-01T09:00:00Z");
}

TEST_F(MovedBooking, AVisitThatTookPlaceMovesTheCourseOnAndIsCountedOnce) {
  book();
  changes("Appointment/a1/_history/2", {visit("fulfilled", early, 2, "2026-12-01T10:00:00Z")});
  EXPECT_EQ(bench_.state(), "in_course");
  EXPECT_TRUE(has(last_detail(), R"("visited":"2026-12-01T09:00:00)")) << last_detail();
  ASSERT_FALSE(news_to_hospital().empty());
  EXPECT_TRUE(has(news_to_hospital().back(), "in_course")) << news_to_hospital().back();
  auto before = events();
  changes("Appointment/a1/_history/3", {visit("fulfilled", early, 3, "2026-12-01T11:00:00Z")});
  EXPECT_EQ(events(), before) << "the same visit";
  // The next one is booked, and takes place.
  const auto next = [&](const std::string& status, int version, const std::string& changed) {
    changes("Appointment/a2/_history/" + std::to_string(version),
            {visit(status, late, version, changed, "a2"),
             visit("fulfilled", early, 3, "2026-12-01T11:00:00Z")});
  };
  next("booked", 1, "2026-12-02T08:00:00Z");
  EXPECT_EQ(bench_.state(), "scheduled");
  changes("Appointment/a1/_history/4", {visit("fulfilled", early, 4, "2026-12-02T09:00:00Z"),
                                        visit("booked", late, 1, "2026-12-02T08:00:00Z", "a2")});
  EXPECT_EQ(bench_.state(), "scheduled") << "an old visit is no news";
  next("fulfilled", 2, "2026-12-15T10:00:00Z");
  EXPECT_EQ(bench_.state(), "in_course");
  EXPECT_TRUE(has(last_detail(), R"("visited":"2026-12-15T09:00:00)")) << last_detail();
}

TEST_F(MovedBooking, APatientWhoDidNotComeIsToBeBookedAnew) {
  book();
  changes("Appointment/a1/_history/2", {visit("noshow", early, 2, "2026-12-01T10:00:00Z")});
  EXPECT_EQ(bench_.state(), "no_show");
  EXPECT_TRUE(has(news_to_hospital().back(), "no_show")) << news_to_hospital().back();
}

TEST_F(MovedBooking, ABookingThatWasAMistakeIsNoneAnyMore) {
  book();
  changes("Appointment/a1/_history/2",
          {visit("entered-in-error", early, 2, "2026-11-25T08:00:00Z")});
  EXPECT_EQ(bench_.state(), "appointment_cancelled");
}

TEST_F(MovedBooking, EveryOrderOfArrivalEndsTheSame) {
  const auto moved = visit("booked", late, 2, "2026-11-25T08:00:00Z");
  const auto off = visit("cancelled", late, 3, "2026-11-26T08:00:00Z");
  book();
  changes("Appointment/a1/_history/3", {off});
  changes("Appointment/a1/_history/2", {moved});
  EXPECT_EQ(bench_.state(), "appointment_cancelled");
  // The Task's own next word comes after all that.
  ASSERT_TRUE(bench_.submit(
      "willow", "Task/t1/_history/4",
      bundle({said_at(task(id_, "in-progress", 4, "no-show"), "2026-11-27T08:00:00Z")})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "no_show");
}

TEST_F(MovedBooking, ABundleThatAClinicSendsItselfIsOfItsTaskWhateverComesFirst) {
  book();
  ASSERT_TRUE(bench_.submit("willow", "bundle-9",
                            bundle({visit("booked", early, 1, "2026-11-24T09:59:00Z"),
                                    said_at(task(id_, "completed", 4), "2026-11-30T08:00:00Z")})));
  bench_.run();
  EXPECT_EQ(bench_.state(), "closed");
}

}  // namespace
}  // namespace meridian::flow
