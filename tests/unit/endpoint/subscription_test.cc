// SPDX-License-Identifier: Apache-2.0
// A clinic subscribes, and is told what happens to its referrals.
#include <gtest/gtest.h>

#include "fhir/endpoint/notifier.h"
#include "fhir/exchange/posted.h"
#include "unit/endpoint/site.h"

namespace meridian::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const std::string topic =
    "http://meridian-referral.org/fhir/SubscriptionTopic/referral-task-changed";
const std::string extension =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";

/// Takes what is posted, and answers as the test says.
class Recorder : public fhir::Hook {
 public:
  explicit Recorder(const std::string& clinic)
      : Hook({"https://" + clinic + ".example/hooks"}, "") {}
  Result<int> post(const fhir::HookPost& given) override {
    posts.push_back(given);
    return answer;
  }
  std::vector<fhir::HookPost> posts;
  Result<int> answer = 200;
};

struct Wanted {
  std::string content = "id-only";
  std::string status = "requested";
  std::string endpoint = "https://willow.example/hooks/7";
  std::string criteria = topic;
  std::string filter = {};
  std::string header = R"("Authorization: Bearer secret-of-willow")";
  std::string id = {};
  std::string more = {};  ///< members of the channel
};

std::string subscription(const Wanted& wanted) {
  std::string text = R"({"resourceType":"Subscription",)";
  if (!wanted.id.empty()) text += R"("id":")" + wanted.id + "\",";
  text +=
      R"("status":")" + wanted.status + R"(","reason":"r","criteria":")" + wanted.criteria + "\"";
  if (!wanted.filter.empty()) {
    text += R"(,"_criteria":{"extension":[{"url":")" + extension +
            R"(filter-criteria","valueString":")" + wanted.filter + "\"}]}";
  }
  text += R"(,"channel":{"type":"rest-hook","endpoint":")" + wanted.endpoint +
          R"(","payload":"application/fhir+json","_payload":{"extension":[{"url":")" + extension +
          R"(payload-content","valueCode":")" + wanted.content + "\"}]}" + wanted.more;
  if (!wanted.header.empty()) text += R"(,"header":[)" + wanted.header + "]";
  return text + "}}";
}

class EndpointSubscription : public testing::Test {
 protected:
  /// The id of a subscription that willow makes.
  std::string subscribe(const Wanted& wanted = {}) {
    const auto made = site_.post("willow", "/Subscription", subscription(wanted));
    EXPECT_EQ(made.status, 201) << made.body;
    return at(made.body, "/id");
  }

  /// As a node that has just started.
  void restart() {
    auto hook = std::make_unique<Recorder>("willow");
    hook->answer = hook_ ? hook_->answer : Result<int>(200);
    const auto told = hook_ ? hook_->posts : std::vector<fhir::HookPost>();
    hook_ = hook.get();
    hook_->posts = told;
    notifier_ = std::make_unique<fhir::Notifier>(
        fhir::Notifier::Parts{*site_.bench.desk, "willow", std::move(hook),
                              [] { return "https://meridian.example/fhir/r4"; },
                              [this] { return site_.bench.now; }, seconds(1)});
  }

  void look(seconds later = seconds(1)) {
    site_.bench.now += later;
    const auto looked = notifier_->look();
    ASSERT_TRUE(looked) << looked.error().what.view();
  }

  Notice notice(std::size_t n) {
    const auto posted = reader_.look(hook_->posts.at(n).body);
    EXPECT_TRUE(posted && posted->notice) << hook_->posts.at(n).body;
    return posted && posted->notice ? *posted->notice : Notice{};
  }

  std::string status_of(const std::string& id) {
    return at(site_.get("willow", "/Subscription/" + id).body, "/status");
  }

  EndpointSite site_;
  fhir::FhirPosted reader_;
  Recorder* hook_ = nullptr;
  std::unique_ptr<fhir::Notifier> notifier_;

  EndpointSubscription() { restart(); }
};

TEST_F(EndpointSubscription, IsShakenHandsWithAndThenTold) {
  const auto id = subscribe();
  EXPECT_EQ(status_of(id), "requested");
  look();
  ASSERT_EQ(hook_->posts.size(), 1u);
  EXPECT_EQ(notice(0).kind, Notice::Kind::handshake);
  EXPECT_EQ(hook_->posts[0].endpoint, "https://willow.example/hooks/7");
  ASSERT_EQ(hook_->posts[0].headers.size(), 1u);
  EXPECT_EQ(hook_->posts[0].headers[0].value, "Bearer secret-of-willow");
  EXPECT_EQ(status_of(id), "active");

  const auto referral = site_.refer("willow");
  look();
  ASSERT_EQ(hook_->posts.size(), 2u);
  const auto said = notice(1);
  EXPECT_EQ(said.kind, Notice::Kind::events);
  EXPECT_EQ(said.first_event, 1);
  ASSERT_EQ(said.events.size(), 1u);
  EXPECT_EQ(said.events[0].focus, "https://meridian.example/fhir/r4/Task/" + referral);
  EXPECT_FALSE(said.carries_resources);
  look();
  EXPECT_EQ(hook_->posts.size(), 2u) << "each event once";
}

TEST_F(EndpointSubscription, SaysOfEachEntryHowItCameAbout) {
  subscribe({.content = "full-resource"});
  const auto referral = site_.refer("willow");
  look();
  look();
  ASSERT_EQ(hook_->posts.size(), 2u);
  const auto& body = hook_->posts[1].body;
  EXPECT_EQ(at(body, "/type"), "history");
  EXPECT_EQ(at(body, "/entry/0/resource/resourceType"), "Parameters");
  EXPECT_EQ(at(body, "/entry/0/request/method"), "GET");
  EXPECT_NE(at(body, "/entry/0/request/url").find("/$status"), std::string::npos);
  EXPECT_EQ(at(body, "/entry/1/resource/id"), referral);
  EXPECT_EQ(at(body, "/entry/1/request/method"), "PUT");
  EXPECT_EQ(at(body, "/entry/1/response/status"), "200");
  EXPECT_TRUE(notice(1).carries_resources);
}

TEST_F(EndpointSubscription, NumbersGoOnAfterARestartAndMeanTheSame) {
  const auto id = subscribe();
  look();
  const auto referral = site_.refer("willow");
  hook_->answer = 503;
  look();
  EXPECT_EQ(notice(1).last_event, 1);
  restart();
  site_.bench.now += fhir::Notifier::turn;  // the node before is silent
  EXPECT_EQ(site_.answer("willow", referral, "accepted").status, 200);
  hook_->answer = 200;
  look(minutes(2));
  const auto said = notice(2);
  EXPECT_EQ(said.first_event, 1);
  EXPECT_EQ(said.last_event, 2);
  look();
  EXPECT_EQ(hook_->posts.size(), 3u);
  const auto again = site_.get("willow", "/Subscription/" + id + "/$events?eventsSinceNumber=2");
  EXPECT_EQ(at(again.body, "/entry/0/resource/parameter/3/valueCode"), "query-event");
  EXPECT_EQ(at(again.body, "/entry/0/resource/parameter/5/part/0/valueString"), "2");
  EXPECT_EQ(at(again.body, "/entry/2"), "") << again.body;
}

TEST_F(EndpointSubscription, OfTwoNodesOneTells) {
  subscribe();
  look();
  const auto first = std::move(notifier_);
  const auto* told_by_first = hook_;
  site_.refer("willow");
  restart();
  hook_->posts.clear();
  look();
  EXPECT_TRUE(hook_->posts.empty()) << "it is the other's turn";
  site_.bench.now += seconds(1);
  ASSERT_TRUE(first->look());
  EXPECT_EQ(told_by_first->posts.size(), 2u);
  look(minutes(5));
  EXPECT_TRUE(hook_->posts.empty()) << "it was told";
}

TEST_F(EndpointSubscription, GivesUpAnEndpointThatRefuses) {
  hook_->answer = 500;
  const auto id = subscribe();
  for (int i = 0; i < 10; ++i) look(seconds(20));
  EXPECT_EQ(hook_->posts.size(), 3u);
  EXPECT_EQ(status_of(id), "error");
  EXPECT_NE(at(site_.get("willow", "/Subscription/" + id).body, "/error").find("500"),
            std::string::npos);

  // What happens meanwhile has its number, and is told when the clinic asks again.
  hook_->answer = 200;
  site_.refer("willow");
  look();
  EXPECT_EQ(hook_->posts.size(), 3u);
  const auto asked = site_.put("willow", "/Subscription/" + id, subscription({.id = id}), 1);
  EXPECT_EQ(asked.status, 200) << asked.body;
  look();
  look();
  ASSERT_EQ(hook_->posts.size(), 5u);
  EXPECT_EQ(notice(3).kind, Notice::Kind::handshake);
  EXPECT_EQ(notice(4).last_event, 1);
}

TEST_F(EndpointSubscription, AnEventThatDoesNotArriveIsTriedTenTimes) {
  const auto id = subscribe();
  look();
  site_.refer("willow");
  hook_->answer = Error{ErrorCode::timed_out, "test", "no answer"};
  for (int i = 0; i < 30; ++i) look(minutes(16));
  EXPECT_EQ(hook_->posts.size(), 11u);
  EXPECT_EQ(status_of(id), "error");
}

TEST_F(EndpointSubscription, BeatsWhenThereIsNothingToSay) {
  subscribe({.more = R"(,"extension":[{"url":")" + extension +
                     R"(heartbeat-period","valueUnsignedInt":60}])"});
  look();
  look(seconds(30));
  EXPECT_EQ(hook_->posts.size(), 1u);
  look(seconds(31));
  ASSERT_EQ(hook_->posts.size(), 2u);
  EXPECT_EQ(notice(1).kind, Notice::Kind::heartbeat);
  look(seconds(5));
  EXPECT_EQ(hook_->posts.size(), 2u);
}

TEST_F(EndpointSubscription, TellsWhatPassesTheFilterAlone) {
  subscribe({.content = "empty", .filter = "Task?status=accepted"});
  look();
  const auto referral = site_.refer("willow");
  look();
  EXPECT_EQ(hook_->posts.size(), 1u);
  EXPECT_EQ(site_.answer("willow", referral, "accepted").status, 200);
  look();
  ASSERT_EQ(hook_->posts.size(), 2u);
  EXPECT_EQ(notice(1).last_event, 1);
  EXPECT_EQ(hook_->posts[1].body.find(referral), std::string::npos) << "empty says nothing more";
}

TEST_F(EndpointSubscription, OffAndDeletedAndEndedAreSilent) {
  const auto off = subscribe();
  const auto deleted = subscribe();
  look();
  hook_->posts.clear();
  EXPECT_EQ(
      site_.put("willow", "/Subscription/" + off, subscription({.status = "off", .id = off}), 1)
          .status,
      200);
  EXPECT_EQ(site_.ask("willow", {"DELETE", "/Subscription/" + deleted}).status, 204);
  EXPECT_EQ(site_.get("willow", "/Subscription/" + deleted).status, 404);
  site_.refer("willow");
  look();
  look();
  EXPECT_TRUE(hook_->posts.empty());
  EXPECT_EQ(status_of(off), "off");
}

TEST_F(EndpointSubscription, IsResentWhatItAsksFor) {
  const auto id = subscribe();
  look();
  site_.refer("willow");
  look();
  ASSERT_EQ(hook_->posts.size(), 2u);
  const auto asked = site_.post(
      "willow", "/Subscription/" + id + "/$resend",
      R"({"resourceType":"Parameters","parameter":[{"name":"eventsSinceNumber","valueString":"1"}]})");
  EXPECT_EQ(asked.status, 200) << asked.body;
  look();
  ASSERT_EQ(hook_->posts.size(), 3u);
  EXPECT_EQ(notice(2).first_event, 1);
}

TEST_F(EndpointSubscription, IsOfOneClinicAlone) {
  const auto id = subscribe();
  look();
  site_.refer("birch");
  look();
  EXPECT_EQ(hook_->posts.size(), 1u) << "another clinic's referral";
  for (const auto* tail : {"", "/$status", "/$events"}) {
    EXPECT_EQ(site_.get("birch", "/Subscription/" + id + tail).status, 404) << tail;
  }
  EXPECT_EQ(site_
                .put("birch", "/Subscription/" + id,
                     subscription({.endpoint = "https://birch.example/hooks", .id = id}), 1)
                .status,
            404);
  EXPECT_EQ(site_.ask("birch", {"DELETE", "/Subscription/" + id}).status, 404);
  EXPECT_EQ(at(site_.get("birch", "/Subscription").body, "/total"), "0");
  EXPECT_EQ(at(site_.get("willow", "/Subscription").body, "/total"), "1");
  EXPECT_EQ(at(site_.get("willow", "/Subscription?criteria=other").body, "/total"), "0");
}

TEST_F(EndpointSubscription, KeepsTheSecretsOfTheClinic) {
  const auto id = subscribe();
  const auto shown = site_.get("willow", "/Subscription/" + id).body;
  EXPECT_EQ(shown.find("secret-of-willow"), std::string::npos);
  EXPECT_EQ(
      site_.put("willow", "/Subscription/" + id, subscription({.header = "", .id = id}), 1).status,
      200);
  look();
  ASSERT_EQ(hook_->posts.size(), 1u);
  ASSERT_EQ(hook_->posts[0].headers.size(), 1u) << "an update without headers keeps them";
}

TEST_F(EndpointSubscription, IsRefusedWithTheReason) {
  const std::pair<Wanted, int> cases[] = {
      {{.endpoint = "https://evil.example/hooks"}, 422},
      {{.endpoint = "https://willow.example.evil.example/hooks"}, 422},
      {{.endpoint = "http://willow.example/hooks"}, 422},
      {{.endpoint = "https://willow.example/hooks/../admin"}, 422},
      {{.endpoint = "https://willow.example/hooks@10.0.0.1"}, 422},
      {{.endpoint = "http://169.254.169.254/latest"}, 422},
      {{.endpoint = "http://127.0.0.1:9/"}, 422},
      {{.criteria = "Task?status=requested"}, 422},
      {{.filter = "Task?owner=cedar"}, 422},
      {{.filter = "Patient?name=x"}, 422},
      {{.content = "everything"}, 422},
      {{.status = "active"}, 422},
      {{.status = "nonsense"}, 422},
      {{.header = R"("Host: other.example")"}, 422},
      {{.header = R"("X: a\r\nY: b")"}, 422},
      {{.header = R"("Content-Length: 1")"}, 422},
      {{.more = R"(,"extension":[{"url":")" + extension + R"(timeout","valueUnsignedInt":31}])"},
       422},
  };
  for (const auto& [wanted, status] : cases) {
    const auto text = subscription(wanted);
    const auto made = site_.post("willow", "/Subscription", text);
    EXPECT_EQ(made.status, status) << text;
    EXPECT_EQ(at(made.body, "/resourceType"), "OperationOutcome") << text;
  }
  EXPECT_EQ(site_.post("willow", "/Subscription", "{").status, 400);
  EXPECT_EQ(site_.post("", "/Subscription", subscription({})).status, 401);
  for (int i = 0; i < 10; ++i) subscribe();
  EXPECT_EQ(site_.post("willow", "/Subscription", subscription({})).status, 422)
      << "ten are enough";
}

TEST_F(EndpointSubscription, AnAddressThatTheSiteTookBackIsToldNothing) {
  const auto id = subscribe();
  auto hook = std::make_unique<Recorder>("elsewhere");
  const auto* silent = hook.get();
  fhir::Notifier strict({*site_.bench.desk, "willow", std::move(hook), [] { return "https://m"; },
                         [this] { return site_.bench.now; }, seconds(1)});
  ASSERT_TRUE(strict.look());
  EXPECT_TRUE(silent->posts.empty());
  EXPECT_EQ(status_of(id), "off");
}

}  // namespace
}  // namespace meridian::test
