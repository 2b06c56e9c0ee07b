// SPDX-License-Identifier: Apache-2.0
// What is posted to us: which id it gets, what is answered, and when a source is looked at.
#include "web/posts.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "http/uri.h"

namespace meridian::web {
namespace {

constexpr const char* token = "0123456789abcdef0123456789abcdef";

/// Takes everything, and notes it.
class Runtime : public Operations {
 public:
  Result<std::string> submit(Envelope envelope) override {
    taken.push_back(std::move(envelope));
    if (failure) return *failure;
    return told;
  }
  Result<void> look_now(std::string_view source) override {
    looked.emplace_back(source);
    return {};
  }
  Result<std::vector<ReferralLine>> referrals(int) override { return std::vector<ReferralLine>(); }
  HealthReport health() override { return {}; }
  Result<std::string> intervene(const Intervention&, std::string_view) override {
    return std::string();
  }
  Result<AlertView> alert(std::string_view) override { return AlertView(); }
  Result<void> acknowledge(std::string_view, std::string_view) override { return {}; }
  Result<FormView> form(const FormTicket&) override { return FormView(); }
  Result<FormView> answer(const FormTicket&, const FormAnswers&) override { return FormView(); }

  std::vector<Envelope> taken;
  Result<void> hear(std::string_view, const Notice&) override {
    if (deaf) return Error{ErrorCode::store_failed, "test", "not durable"};
    ++heard;
    return {};
  }

  std::vector<std::string> looked;
  int heard = 0;
  bool deaf = false;
  std::optional<Error> failure;
  std::string told = "{\"resourceType\":\"OperationOutcome\",\"issue\":[]}";
};

/// Says of every body what the test wants.
class Look : public PostedReader {
 public:
  Result<Posted> look(std::string_view) const override { return posted; }
  Posted posted{"Bundle", "", "", {}};
};

class PostsTest : public testing::Test {
 protected:
  PostsTest() {
    Callers callers;
    callers.add_token({"engine", Role::source, "ehr"}, token);
    door_ = std::make_unique<Door>(std::move(callers));
    add_posts(router_, desk_, *door_, look_,
              {{{"athena-hook", Role::source, "athena"},
                "X-Hub-Signature",
                Sensitive<std::string>("secret of athena")},
               {{"medplum-hook", Role::source, "medplum"},
                "X-Signature",
                Sensitive<std::string>("secret of medplum"),
                "",
                true}});
  }

  http::Response ask(const std::string& method, const std::string& path, std::string body,
                     http::Fields headers = {{"Content-Type", "application/fhir+json"}}) {
    const auto match = router_.find(method, http::parse_target(path)->segments);
    if (match.route == nullptr) return router_.error(404);
    http::Request request;
    request.method = method;
    request.peer = "10.0.0.5";
    request.parameters = match.parameters;
    request.headers = std::move(headers);
    request.headers.push_back({"Authorization", std::string("Bearer ") + token});
    if (auto refused = match.route->gate(request)) return *refused;
    request.body = std::move(body);
    return match.route->handler(request);
  }

  /// Without a token.
  http::Response sign(const std::string& path, const std::string& body, const std::string& shown,
                      const std::string& header = "X-Hub-Signature") {
    const auto match = router_.find("POST", http::parse_target(path)->segments);
    http::Request request;
    request.method = "POST";
    request.peer = "10.0.0.6";
    request.parameters = match.parameters;
    request.headers = {{"Content-Type", "application/fhir+json"},
                       {"Content-Length", std::to_string(body.size())}};
    if (!shown.empty()) request.headers.push_back({header, shown});
    if (auto refused = match.route->gate(request)) return *refused;
    request.body = body;
    return match.route->handler(request);
  }

  int notified(Notice notice) {
    look_.posted.notice = std::move(notice);
    return ask("POST", "/fhir/ehr", "{}").status;
  }

  Runtime runtime_;
  Desk desk_{runtime_, "secret"};
  Look look_;
  http::Router router_;
  std::unique_ptr<Door> door_;
};

TEST_F(PostsTest, AMessageKeepsItsBytesAndTheSendersOwnId) {
  const auto answer =
      ask("POST", "/in/ehr", "MSH|...",
          {{"Content-Type", "x-application/hl7-v2+er7; charset=utf-8"}, {"X-Request-Id", "42"}});
  EXPECT_EQ(answer.status, 200);
  ASSERT_EQ(runtime_.taken.size(), 1u);
  EXPECT_EQ(runtime_.taken[0].source.str(), "ehr");
  EXPECT_EQ(runtime_.taken[0].sender_id, "42");
  EXPECT_EQ(runtime_.taken[0].media_type, "x-application/hl7-v2+er7");
  EXPECT_EQ(runtime_.taken[0].bytes, "MSH|...");
}

TEST_F(PostsTest, TheConversationsIdGoesWithTheMessage) {
  const auto with = [&](const std::string& id) {
    return ask("POST", "/in/ehr", "MSH|...",
               {{"Content-Type", "x-application/hl7-v2+er7"}, {"X-Correlation-Id", id}});
  };
  EXPECT_EQ(with("c-7").status, 200);
  ASSERT_EQ(runtime_.taken.size(), 1u);
  EXPECT_EQ(runtime_.taken[0].correlation_id, "c-7");
  EXPECT_EQ(with("two words").status, 422);
  EXPECT_EQ(with(std::string(201, 'c')).status, 422);
  EXPECT_EQ(runtime_.taken.size(), 1u);
}

TEST_F(PostsTest, WithoutAHeaderTheIdIsTheBundlesOrTheHashOfTheBody) {
  ask("POST", "/in/ehr", "{}");
  ask("POST", "/in/ehr", "{ }");
  look_.posted.identifier = "B-1";
  ask("POST", "/fhir/ehr", "{}");
  ask("POST", "/fhir/ehr", "{}",
      {{"Content-Type", "application/fhir+json"}, {"Idempotency-Key", "k"}});
  ASSERT_EQ(runtime_.taken.size(), 4u);
  EXPECT_EQ(runtime_.taken[0].sender_id.size(), std::string("sha256:").size() + 64);
  EXPECT_NE(runtime_.taken[0].sender_id, runtime_.taken[1].sender_id);
  EXPECT_EQ(runtime_.taken[2].sender_id, "B-1");
  EXPECT_EQ(runtime_.taken[3].sender_id, "k");
}

TEST_F(PostsTest, EachFailureHasItsStatusAndAnOperationOutcome) {
  const auto status = [&](ErrorCode code) {
    runtime_.failure = Error{code, "test", "it failed"};
    const auto answer = ask("POST", "/in/ehr", "{}");
    EXPECT_NE(answer.body.find("OperationOutcome"), std::string::npos);
    const bool again = !http::find_header(answer.headers, "Retry-After").empty();
    EXPECT_EQ(again, answer.status == 503 || answer.status == 507);
    return answer.status;
  };
  EXPECT_EQ(status(ErrorCode::conflict), 409);
  EXPECT_EQ(status(ErrorCode::unsupported), 415);
  EXPECT_EQ(status(ErrorCode::store_busy), 503);
  EXPECT_EQ(status(ErrorCode::stopping), 503);
  EXPECT_EQ(status(ErrorCode::store_full), 507);
}

TEST_F(PostsTest, WhatCannotBeReadIsAnswered422) {
  runtime_.told = "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"fatal\"}]}";
  EXPECT_EQ(ask("POST", "/in/ehr", "{").status, 422);
}

TEST_F(PostsTest, OfAnotherSourceNothingIsTakenAndNothingIsLookedAt) {
  EXPECT_EQ(ask("POST", "/in/other", "{}").status, 403);
  EXPECT_EQ(ask("POST", "/fhir/other", "").status, 403);
  EXPECT_TRUE(runtime_.taken.empty());
  EXPECT_TRUE(runtime_.looked.empty());
}

TEST_F(PostsTest, ABodyThatIsPackedOrInAnotherAlphabetIsRefusedWithTheFix) {
  const http::Fields gzip = {{"Content-Type", "application/fhir+json"},
                             {"Content-Encoding", "gzip"}};
  EXPECT_EQ(ask("POST", "/fhir/ehr", "{}", gzip).status, 415);
  EXPECT_EQ(ask("POST", "/fhir/ehr", "{}",
                {{"Content-Type", "application/fhir+json; charset=\"ISO-8859-1\""}})
                .status,
            415);
  EXPECT_EQ(ask("POST", "/fhir/ehr", "<x/>", {{"Content-Type", "application/fhir+xml"}}).status,
            415);
  EXPECT_EQ(ask("POST", "/fhir/ehr", "{}", {}).status, 415);
  EXPECT_TRUE(runtime_.taken.empty());
  EXPECT_EQ(
      ask("POST", "/fhir/ehr", "{}", {{"Content-Type", "Application/FHIR+JSON; charset=UTF-8"}})
          .status,
      200);
}

TEST_F(PostsTest, OneResourceMustBeWhatItsAddressSays) {
  look_.posted = {"ServiceRequest", "5", "", {}};
  EXPECT_EQ(ask("PUT", "/fhir/ehr/ServiceRequest/5", "{}").status, 200);
  EXPECT_EQ(ask("POST", "/fhir/ehr/ServiceRequest", "{}").status, 200);
  EXPECT_EQ(ask("PUT", "/fhir/ehr/ServiceRequest/6", "{}").status, 400);
  EXPECT_EQ(ask("PUT", "/fhir/ehr/Task/5", "{}").status, 400);
  EXPECT_EQ(runtime_.taken.size(), 2u);
}

TEST_F(PostsTest, AnEmptyPostHasTheSourceLookedAt) {
  EXPECT_EQ(ask("POST", "/fhir/ehr", "", {}).status, 200);
  EXPECT_EQ(ask("PUT", "/fhir/ehr/ServiceRequest/5", "", {}).status, 200);
  EXPECT_EQ(runtime_.looked, (std::vector<std::string>{"ehr", "ehr"}));
  EXPECT_TRUE(runtime_.taken.empty());
  EXPECT_EQ(ask("POST", "/in/ehr", "").status, 422);
}

TEST_F(PostsTest, ANoticeIsHeardAndItsResourcesAreTaken) {
  Notice notice;
  notice.kind = Notice::Kind::events;
  EXPECT_EQ(notified(notice), 200);
  EXPECT_EQ(runtime_.heard, 1);
  EXPECT_TRUE(runtime_.taken.empty());
  notice.carries_resources = true;
  EXPECT_EQ(notified(notice), 200);
  EXPECT_EQ(runtime_.heard, 2);
  EXPECT_EQ(runtime_.taken.size(), 1u);
  runtime_.deaf = true;
  EXPECT_EQ(notified(notice), 503) << "what is not durable is not answered with yes";
  EXPECT_EQ(runtime_.taken.size(), 1u);
}

TEST_F(PostsTest, ARightSignatureDoesWhatATokenDoes) {
  const std::string body = "{}";
  Notice notice;
  notice.kind = Notice::Kind::events;
  look_.posted.notice = notice;
  const auto right = "sha256=" + hex(hmac_sha256("secret of athena", body));
  EXPECT_EQ(sign("/fhir/athena", body, right).status, 200);
  EXPECT_EQ(runtime_.heard, 1);
  EXPECT_EQ(sign("/fhir/athena", "{ }", right).status, 401) << "another body";
  EXPECT_EQ(sign("/fhir/athena", body, "sha256=00").status, 401);
  EXPECT_EQ(sign("/fhir/athena", body, right.substr(7)).status, 401);
  EXPECT_EQ(sign("/fhir/athena", body, "sha256=" + hex(hmac_sha256("guess", body))).status, 401);
  EXPECT_EQ(sign("/fhir/ehr", body, right).status, 401) << "another source";
  EXPECT_EQ(sign("/in/athena", body, right).status, 401) << "another door";
  EXPECT_EQ(sign("/fhir/athena/Task", body, right).status, 401);
  EXPECT_EQ(sign("/fhir/athena", body, "").status, 401);
  EXPECT_EQ(runtime_.heard, 1);
  const std::string large(2 << 20, ' ');
  const auto of_large = "sha256=" + hex(hmac_sha256("secret of athena", large));
  EXPECT_EQ(sign("/fhir/athena", large, of_large).status, 413);
}

TEST_F(PostsTest, ASubscriptionByCriteriaHasTheSourceLookedAt) {
  const auto post = [&](const std::string& body, const std::string& shown) {
    return sign("/fhir/medplum", body, shown, "X-Signature").status;
  };
  const std::string task = R"({"resourceType":"Task","id":"t1","status":"completed"})";
  const auto right = hex(hmac_sha256("secret of medplum", task));
  EXPECT_EQ(post(task, right), 200);
  EXPECT_EQ(runtime_.looked, std::vector<std::string>{"medplum"});
  EXPECT_TRUE(runtime_.taken.empty()) << "what belongs to the Task comes with the poll";
  EXPECT_EQ(post("{}", hex(hmac_sha256("secret of medplum", "{}"))), 200) << "a deletion";
  EXPECT_EQ(runtime_.looked.size(), 2u);
  EXPECT_EQ(post(task, "sha256=" + right), 401) << "another server's way to write it";
  EXPECT_EQ(post("{}", right), 401) << "the signature of another body";
  EXPECT_EQ(sign("/fhir/medplum", task, right).status, 401) << "another server's header";
  EXPECT_EQ(sign("/fhir/ehr", task, right, "X-Signature").status, 401) << "another source";
  EXPECT_EQ(runtime_.looked.size(), 2u);
}

}  // namespace
}  // namespace meridian::web
