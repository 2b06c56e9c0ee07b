// SPDX-License-Identifier: Apache-2.0
// What is heard from a server's subscriptions: counted, looked for where it is missing, kept alive.
#include "fhir/exchange/subscriber.h"

#include <gtest/gtest.h>

#include "fhir/exchange/posted.h"
#include "unit/fhir_exchange/fhir_peer.h"

namespace meridian::fhir {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::FhirPeer;
using test::Reply;
using test::Seen;

const std::string topic = "http://example.org/topic";

/// Keeps as the store does, for one thread.
class KeptInlet : public Inlet {
 public:
  Result<std::string> submit(Envelope envelope) override {
    taken.push_back(envelope.sender_id);
    if (refusal) return *refusal;
    return std::string("yes");
  }
  Result<std::string> cursor(const SourceId&, std::string_view name) override {
    return cursors[std::string(name)];
  }
  Result<void> set_cursor(const SourceId&, std::string_view, std::string_view) override {
    return {};
  }
  Result<void> change_cursor(const SourceId&, std::string_view name, std::string_view before,
                             std::string_view value) override {
    auto& there = cursors[std::string(name)];
    if (there != before) return Error{ErrorCode::stale, "test", "changed"};
    there = value;
    return {};
  }

  std::map<std::string, std::string> cursors;
  std::vector<std::string> taken;
  std::optional<Error> refusal;
};

Notice events(std::vector<std::int64_t> numbers, const std::string& focus = "Task/9") {
  Notice notice;
  notice.kind = Notice::Kind::events;
  notice.subscription = "https://ehr.example/fhir/Subscription/7";
  for (const auto number : numbers) {
    notice.events.push_back({number, "", focus, "", ""});
    notice.last_event = number;
    if (notice.first_event == 0) notice.first_event = number;
  }
  return notice;
}

Notice heartbeat(std::int64_t count) {
  Notice notice;
  notice.kind = Notice::Kind::heartbeat;
  notice.subscription = "Subscription/7";
  notice.last_event = count;
  return notice;
}

const Instant now = test::fixed_now;

TEST(Heard, TheFirstNoticeBeginsTheCountAndAJumpIsMissed) {
  Heard heard;
  EXPECT_TRUE(heard.take(events({5}), now, true, {}));
  EXPECT_TRUE(heard.subscriptions.at("Subscription/7").missing.empty());
  EXPECT_TRUE(heard.take(events({8}), now, true, {}));
  EXPECT_EQ(heard.subscriptions.at("Subscription/7").missing, (std::set<std::int64_t>{6, 7}));
}

TEST(Heard, WhatComesLateIsMissedNoMoreAndARepeatIsNothing) {
  Heard heard;
  heard.take(events({1}), now, true, {});
  heard.take(events({3}), now, true, {});
  EXPECT_TRUE(heard.take(events({2}), now, true, {})) << "late";
  EXPECT_TRUE(heard.subscriptions.at("Subscription/7").missing.empty());
  EXPECT_FALSE(heard.take(events({2}), now, true, {})) << "twice";
  EXPECT_FALSE(heard.take(events({1, 2, 3}), now, true, {}));
}

TEST(Heard, AHeartbeatCountsWhatNeverCame) {
  Heard heard;
  heard.take(events({1}), now, true, {});
  EXPECT_FALSE(heard.take(heartbeat(1), now, true, {}));
  EXPECT_TRUE(heard.subscriptions.at("Subscription/7").missing.empty());
  heard.take(heartbeat(3), now, true, {});
  EXPECT_EQ(heard.subscriptions.at("Subscription/7").missing, (std::set<std::int64_t>{2, 3}));
}

TEST(Heard, NumbersThatBeginAnewAreNotCountedAndIdsTellRepeats) {
  Heard heard;
  auto notice = events({1}, "ServiceRequest/a-5");
  notice.events[0].id = "e-1";
  EXPECT_FALSE(heard.take(notice, now, false, {"ServiceRequest"}));
  EXPECT_EQ(heard.to_read, std::vector<std::string>{"ServiceRequest/a-5"});
  heard.to_read.clear();
  heard.take(notice, now, false, {"ServiceRequest"});
  EXPECT_TRUE(heard.to_read.empty()) << "the same id";
  notice.events[0].id = "e-2";
  notice.events[0].focus.clear();
  notice.events[0].type = "ServiceRequest";
  notice.events[0].identifier = "urn:athenahealth|a-6";
  heard.take(notice, now, false, {"ServiceRequest"});
  EXPECT_EQ(heard.to_read,
            std::vector<std::string>{"ServiceRequest?identifier=urn%3Aathenahealth%7Ca-6"});
  EXPECT_TRUE(heard.subscriptions.at("Subscription/7").missing.empty());
}

TEST(Heard, IsKeptAsItIs) {
  Heard heard;
  heard.take(events({1}), now, true, {});
  heard.take(events({4}, "ServiceRequest/1"), now, true, {"ServiceRequest"});
  heard.ours[topic] = "Subscription/7";
  heard.ids.push_back("e\"1");
  const auto text = heard.text();
  const auto again = Heard::of(text);
  EXPECT_EQ(again.text(), text);
  EXPECT_EQ(again.subscriptions.at("Subscription/7").missing, (std::set<std::int64_t>{2, 3}));
  EXPECT_EQ(Heard::of("no json").text(), Heard().text());
}

class SubscriberTest : public testing::Test {
 protected:
  SubscriberTest() : client_(peer_.client()) {}

  SubscriberSettings settings() {
    SubscriberSettings settings;
    settings.source = SourceId("hill");
    settings.base_url = peer_.base();
    settings.watches = find_dialect("athena")->origin_watches;
    settings.counts = true;
    settings.interval = std::chrono::hours(1);  // the test says when
    settings.clock = [this] { return now_; };
    settings.look = [this] { ++looks_; };
    return settings;
  }

  /// The server's subscriptions, as far as they are asked about.
  std::optional<Reply> answer(const Seen& seen) {
    const auto json = [](int status, const std::string& body) {
      Reply reply;
      reply.status = status;
      reply.headers = {{"Content-Type", "application/fhir+json"}};
      reply.body = body;
      return reply;
    };
    const bool about = seen.target.find("/Subscription") != std::string::npos;
    if (!about) return std::nullopt;
    asked_.push_back(seen.method + " " + seen.target.substr(seen.target.find("/Subscription")));
    const bool listed = seen.target.find("?criteria=") != std::string::npos;
    if (listed) return json(200, R"({"resourceType":"Bundle","type":"searchset","total":0})");
    if (seen.target.find("$events") != std::string::npos) {
      return events_.empty() ? json(404, R"({"resourceType":"OperationOutcome","issue":[]})")
                             : json(200, events_);
    }
    if (seen.target.find("$status") != std::string::npos) {
      return json(200, R"({"resourceType":"Bundle","type":"searchset","entry":[{"resource":
        {"resourceType":"Parameters","parameter":[
          {"name":"subscription","valueReference":{"reference":"Subscription/7"}},
          {"name":"type","valueCode":"query-status"},
          {"name":"events-since-subscription-start","valueString":"2"}]}}]})");
    }
    if (seen.method == "PUT" || seen.method == "POST") {
      written_.push_back(seen.body);
      auto reply = json(seen.method == "PUT" ? 200 : 201,
                        R"({"resourceType":"Subscription","id":"7","status":"requested"})");
      if (seen.method == "POST") {
        reply.headers.push_back({"Location", peer_.base() + "/Subscription/7"});
      }
      return reply;
    }
    if (gone_) return json(404, R"({"resourceType":"OperationOutcome","issue":[]})");
    return json(200, R"({"resourceType":"Subscription","id":"7","status":")" + status_ + "\"}");
  }

  bool asked(const std::string& begin) const {
    return std::any_of(asked_.begin(), asked_.end(),
                       [&](const std::string& one) { return one.starts_with(begin); });
  }

  FhirPeer peer_;
  std::unique_ptr<FhirClient> client_;
  KeptInlet inlet_;
  Instant now_ = test::fixed_now;
  std::atomic<int> looks_{0};
  std::vector<std::string> asked_;
  std::vector<std::string> written_;
  std::string status_ = "active";
  std::string events_;
  bool gone_ = false;
};

/// What was told before is in the store already.
void know(KeptInlet& inlet, const std::vector<Notice>& notices, Instant at, bool ours = false) {
  Heard heard;
  for (const auto& notice : notices) heard.take(notice, at, true, {});
  if (ours) heard.ours[topic] = "Subscription/7";
  inlet.cursors["heard"] = heard.text();
}

TEST_F(SubscriberTest, WhatIsMissingMayBeLateAndIsThenAskedFor) {
  peer_.instead = [this](const Seen& seen) { return answer(seen); };
  know(inlet_, {events({1}), events({4})}, now_);
  Subscriber subscriber(*client_, settings());
  ASSERT_TRUE(subscriber.tend(inlet_));
  EXPECT_TRUE(asked_.empty()) << "it may be late";
  now_ += seconds(6);
  ASSERT_TRUE(subscriber.tend(inlet_));
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(asked_[0],
            "GET /Subscription/7/$events?eventsSinceNumber=2&eventsUntilNumber=3&content=id-only");
  EXPECT_EQ(looks_, 1) << "a server without $events is looked at all the same";
  ASSERT_TRUE(subscriber.tend(inlet_));
  EXPECT_EQ(asked_.size(), 1u) << "once";
}

TEST_F(SubscriberTest, WhatIsToldIsReadByItselfWhereThePollIsByPatient) {
  peer_.put(R"({"resourceType":"Patient","id":"p1"})");
  peer_.put(R"({"resourceType":"ServiceRequest","id":"s1","status":"active","intent":"order",
    "subject":{"reference":"Patient/p1"}})");
  Heard heard;
  heard.to_read = {"ServiceRequest/s1", "ServiceRequest/none"};
  inlet_.cursors["heard"] = heard.text();
  Subscriber subscriber(*client_, settings());
  ASSERT_TRUE(subscriber.tend(inlet_));
  EXPECT_EQ(inlet_.taken, std::vector<std::string>{"ServiceRequest/s1/_history/1"});
  EXPECT_TRUE(Heard::of(inlet_.cursors["heard"]).to_read.empty()) << "what is not there is let go";
}

TEST_F(SubscriberTest, WhatCannotBeReadNowIsReadLater) {
  Heard heard;
  heard.to_read = {"ServiceRequest/s1"};
  inlet_.cursors["heard"] = heard.text();
  peer_.put(R"({"resourceType":"ServiceRequest","id":"s1","status":"active","intent":"order"})");
  inlet_.refusal = Error{ErrorCode::store_busy, "test", "busy"};
  Subscriber subscriber(*client_, settings());
  EXPECT_FALSE(subscriber.tend(inlet_));
  inlet_.refusal.reset();
  now_ += minutes(2);
  EXPECT_TRUE(subscriber.tend(inlet_));
  EXPECT_EQ(inlet_.taken.size(), 2u);
}

TEST_F(SubscriberTest, MakesItsSubscriptionOnceAndLooksAfterIt) {
  peer_.instead = [this](const Seen& seen) { return answer(seen); };
  auto with_topic = settings();
  with_topic.topics = {topic};
  with_topic.endpoint = "https://meridian.example/fhir/hill";
  with_topic.token = Sensitive<std::string>("our token");
  Subscriber subscriber(*client_, with_topic);
  ASSERT_TRUE(subscriber.tend(inlet_));
  ASSERT_EQ(written_.size(), 1u);
  EXPECT_NE(written_[0].find(R"("status":"requested")"), std::string::npos);
  EXPECT_NE(written_[0].find("Authorization: Bearer our token"), std::string::npos);
  EXPECT_NE(written_[0].find(with_topic.endpoint), std::string::npos);
  ASSERT_TRUE(subscriber.tend(inlet_));
  EXPECT_TRUE(asked("GET /Subscription/7")) << "it is active";
  asked_.clear();
  ASSERT_TRUE(subscriber.tend(inlet_));
  EXPECT_TRUE(asked_.empty()) << "nobody asks while it is heard";

  Subscriber after_restart(*client_, with_topic);
  ASSERT_TRUE(after_restart.tend(inlet_));
  EXPECT_EQ(written_.size(), 1u) << "it is there";
  gone_ = true;
  Subscriber later(*client_, with_topic);
  ASSERT_TRUE(later.tend(inlet_));
  ASSERT_TRUE(later.tend(inlet_));
  EXPECT_EQ(written_.size(), 2u) << "it was deleted there";
}

TEST_F(SubscriberTest, AServerThatWeAskNothingOfIsTendedOnceItTellsSomething) {
  peer_.instead = [this](const Seen& seen) { return answer(seen); };
  auto by_patient = settings();
  Subscriber subscriber(*client_, by_patient);
  ASSERT_TRUE(subscriber.start(inlet_));
  EXPECT_FALSE(subscriber.start(inlet_)) << "it runs already";
  EXPECT_FALSE(subscriber.is_tending());
  ASSERT_TRUE(subscriber.hear(events({1})));
  EXPECT_TRUE(subscriber.is_tending());
  subscriber.stop();
  EXPECT_FALSE(subscriber.hear(events({2}))) << "nobody would tend it";

  know(inlet_, {events({1}), events({4})}, now_, true);
  Subscriber after_restart(*client_, by_patient);
  ASSERT_TRUE(after_restart.start(inlet_));
  EXPECT_TRUE(after_restart.is_tending()) << "what was missed before is still to be asked for";
  after_restart.stop();
}

TEST_F(SubscriberTest, SilenceIsAskedAboutAndTheSubscriptionRequestedAgain) {
  peer_.instead = [this](const Seen& seen) { return answer(seen); };
  auto with_topic = settings();
  with_topic.topics = {topic};
  know(inlet_, {events({1})}, now_, true);
  Subscriber subscriber(*client_, with_topic);
  ASSERT_TRUE(subscriber.tend(inlet_));
  EXPECT_TRUE(written_.empty());
  now_ += minutes(8);
  ASSERT_TRUE(subscriber.tend(inlet_));
  EXPECT_TRUE(asked("GET /Subscription/7/$status"));
  EXPECT_TRUE(asked("PUT /Subscription/7"));
  EXPECT_EQ(looks_, 1);
  EXPECT_EQ(Heard::of(inlet_.cursors["heard"]).subscriptions.at("Subscription/7").missing,
            std::set<std::int64_t>{2})
      << "its count says that one was lost";
}

TEST_F(SubscriberTest, AnErrorOfTheServerIsRequestedAgain) {
  peer_.instead = [this](const Seen& seen) { return answer(seen); };
  auto with_topic = settings();
  with_topic.topics = {topic};
  status_ = "error";
  know(inlet_, {events({1})}, now_, true);
  Subscriber subscriber(*client_, with_topic);
  ASSERT_TRUE(subscriber.tend(inlet_));
  EXPECT_TRUE(asked("PUT /Subscription/7"));
}

}  // namespace
}  // namespace meridian::fhir
