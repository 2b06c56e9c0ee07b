// SPDX-License-Identifier: Apache-2.0
// Writing: what is sent, what is sent again, and what an answer means.
#include <gtest/gtest.h>

#include "base/trace.h"
#include "unit/fhir_client/client_fixture.h"

namespace meridian::fhir {
namespace {

using namespace std::chrono_literals;
using test::ClientFixture;
using test::Fault;
using test::json;
using test::Reply;
using test::Seen;
using test::TestServer;

const std::string task = R"({"resourceType":"Task","status":"requested"})";

/// Answers /metadata, and everything else by `handler`.
TestServer::Handler with_metadata(bool conditional_create, TestServer::Handler handler) {
  return [=](const Seen& seen) {
    if (seen.target != "/r4/metadata") return handler(seen);
    return json(200, std::string(R"({"resourceType":"CapabilityStatement","fhirVersion":"4.0.1",
      "rest":[{"mode":"server","resource":[{"type":"Task","conditionalCreate":)") +
                         (conditional_create ? "true" : "false") + "}]}]}");
  };
}

std::size_t posts(const TestServer& server) {
  std::size_t count = 0;
  for (const auto& seen : server.seen()) count += seen.method == "POST" ? 1 : 0;
  return count;
}

TEST(Create, TakesTheIdFromLocationWhenTheBodyIsEmpty) {
  TestServer server([](const Seen& seen) {
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.target, "/r4/Task");
    EXPECT_EQ(seen.body, task);
    EXPECT_EQ(seen.headers.at("content-type"), "application/fhir+json; charset=utf-8");
    EXPECT_EQ(seen.headers.count("if-none-exist"), 0u);
    Reply reply;  // as Oracle Health does it
    reply.status = 201;
    reply.headers = {{"Content-Type", "text/html"},
                     {"Location", "http://internal.name/r4/Task/R-17/_history/1"},
                     {"ETag", "W/\"1\""}};
    return reply;
  });
  const auto answer = ClientFixture(server.url("/r4")).client()->create("Task", task);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->reference, "Task/R-17");
  EXPECT_EQ(answer->etag, "W/\"1\"");
  EXPECT_EQ(answer->media_type, "text/html");
  EXPECT_FALSE(answer->failure);
}

TEST(Create, TellsTheServerOfTheTrace) {
  TestServer server([](const Seen&) { return json(200, R"({"resourceType":"Task","id":"9"})"); });
  const ClientFixture fixture(server.url("/r4"));
  const auto client = fixture.client();
  ASSERT_TRUE(client->create("Task", task));
  const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
  {
    const TraceScope scope(Trace{id, true});
    ASSERT_TRUE(client->create("Task", task));
  }
  const auto seen = server.seen();
  EXPECT_EQ(seen.front().headers.count("traceparent"), 0u);
  const auto told = read_traceparent(seen.back().headers.at("traceparent"));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->id, id);
}

TEST(Create, TakesTheIdFromTheBodyWithoutLocation) {
  TestServer server([](const Seen&) { return json(200, R"({"resourceType":"Task","id":"9"})"); });
  const auto answer =
      ClientFixture(server.url("/r4")).client()->create("Task", task, "identifier=urn:x%7C1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->reference, "Task/9");
  EXPECT_EQ(server.seen()[0].headers.at("if-none-exist"), "identifier=urn:x%7C1");
}

TEST(Create, IsNotSentAgainWhenItsAnswerWasLost) {
  TestServer server(with_metadata(true, [](const Seen&) {
    Reply reply;
    reply.fault = Fault::close_unanswered;
    return reply;
  }));
  ClientFixture fixture(server.url("/r4"));
  const auto answer = fixture.client()->create("Task", task);
  ASSERT_FALSE(answer);
  EXPECT_EQ(error_row(answer.error().code).retry, RetryClass::ambiguous);
  EXPECT_EQ(posts(server), 1u);
}

/// Loses the answer to the first create, then answers 200 as if it had been done.
Reply lose_first(const TestServer* server) {
  Reply reply = json(200, R"({"resourceType":"Task","id":"9"})");
  if (posts(*server) == 1) reply.fault = Fault::close_unanswered;
  return reply;
}

TEST(Create, ConditionalIsSentAgainWhereTheServerRecognisesIt) {
  TestServer* self = nullptr;
  TestServer server(with_metadata(true, [&](const Seen&) { return lose_first(self); }));
  self = &server;
  const auto answer =
      ClientFixture(server.url("/r4")).client()->create("Task", task, "identifier=1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->reference, "Task/9");
  EXPECT_EQ(posts(server), 2u);
}

TEST(Create, ConditionalIsNotSentAgainToAServerThatIgnoresTheHeader) {
  TestServer* self = nullptr;
  TestServer server(with_metadata(false, [&](const Seen&) { return lose_first(self); }));
  self = &server;
  const auto answer =
      ClientFixture(server.url("/r4")).client()->create("Task", task, "identifier=1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(error_row(answer.error().code).retry, RetryClass::ambiguous);
  EXPECT_EQ(posts(server), 1u);
}

TEST(Create, TheSettingStandsAboveWhatMetadataSays) {
  TestServer* self = nullptr;
  TestServer server(with_metadata(false, [&](const Seen&) { return lose_first(self); }));
  self = &server;
  ClientFixture fixture(server.url("/r4"));
  fixture.settings.conditional_create = true;
  EXPECT_TRUE(fixture.client()->create("Task", task, "identifier=1"));
  EXPECT_EQ(posts(server), 2u);
}

TEST(Create, AHeaderCannotBeSmuggledIn) {
  TestServer server([](const Seen&) { return json(201, ""); });
  const auto client = ClientFixture(server.url("/r4")).client();
  const auto answer = client->create("Task", task, "identifier=1\r\nX-Evil: 1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::invalid);
  EXPECT_FALSE(client->update("Task/1", task, "W/\"1\"\nX-Evil: 1"));
  EXPECT_FALSE(client->read("Task/1 HTTP/1.1\r\nX-Evil: 1"));
  EXPECT_EQ(server.count(), 0u);
}

TEST(Create, OperationOutcomeOfARefusalIsReadInFull) {
  TestServer server([](const Seen&) {
    return json(422, R"({"resourceType":"OperationOutcome","issue":[
      {"severity":"error","code":"required","expression":["Task.intent"],"diagnostics":"missing"},
      {"severity":"warning","code":"informational","details":{"text":"by the way"}}]})");
  });
  ClientFixture fixture(server.url("/r4"));
  const auto answer = fixture.client()->create("Task", task);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->failure->code, ErrorCode::invalid);
  ASSERT_EQ(answer->outcome.size(), 2u);
  EXPECT_EQ(answer->outcome[0].path, "Task.intent");
  EXPECT_EQ(answer->outcome[1].text, "by the way");
  EXPECT_TRUE(answer->reference.empty());
  EXPECT_EQ(server.count(), 1u);
}

TEST(Create, AnHtmlErrorPageIsSaidToBeOne) {
  TestServer server([](const Seen&) {
    Reply reply;
    reply.status = 400;
    reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
    reply.body = "<html><h1>Bad Request</h1>";
    return reply;
  });
  const auto answer = ClientFixture(server.url("/r4")).client()->create("Task", task);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->outcome.size(), 1u);
  EXPECT_EQ(answer->outcome[0].text, "HTTP 400 with text/html in place of an OperationOutcome");
}

TEST(Update, SendsIfMatchAndKnowsAStaleVersionByBothStatuses) {
  for (const int status : {409, 412}) {
    TestServer server([status](const Seen& seen) {
      EXPECT_EQ(seen.method, "PUT");
      EXPECT_EQ(seen.target, "/r4/Task/9");
      EXPECT_EQ(seen.headers.at("if-match"), "W/\"3\"");
      return json(status, "");
    });
    const auto answer =
        ClientFixture(server.url("/r4")).client()->update("Task/9", task, "W/\"3\"");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->failure->code, ErrorCode::stale);
  }
}

TEST(Update, WithIfMatchIsNotSentAgainWhenItsAnswerWasLost) {
  for (const bool conditional : {true, false}) {
    TestServer server([](const Seen&) {
      Reply reply;
      reply.fault = Fault::close_unanswered;
      return reply;
    });
    ClientFixture fixture(server.url("/r4"));
    const auto answer = fixture.client()->update("Task/9", task, conditional ? "W/\"3\"" : "");
    ASSERT_FALSE(answer);
    EXPECT_EQ(server.count(), conditional ? 1u : 4u);
  }
}

TEST(Transaction, IsSentAgainOnlyWhenTheCallerSaysItIsHarmless) {
  for (const auto repeat : {Repeat::unsafe, Repeat::harmless}) {
    TestServer* self = nullptr;
    TestServer server([&](const Seen& seen) {
      EXPECT_EQ(seen.target, "/r4");
      return lose_first(self);
    });
    self = &server;
    const auto answer = ClientFixture(server.url("/r4"))
                            .client()
                            ->transaction(R"({"resourceType":"Bundle"})", repeat);
    EXPECT_EQ(answer.has_value(), repeat == Repeat::harmless);
    EXPECT_EQ(server.count(), repeat == Repeat::harmless ? 2u : 1u);
  }
}

TEST(Retry, WaitsAsLongAsA503Asks) {
  int asked = 0;
  TestServer server([&](const Seen&) {
    if (++asked > 2) return json(200, R"({"resourceType":"Patient","id":"1"})");
    auto reply = json(503, "");
    reply.headers.emplace_back("Retry-After", asked == 1 ? "7" : "Fri, 20 Nov 2026 10:15:09 GMT");
    return reply;
  });
  ClientFixture fixture(server.url("/r4"));
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->failure);
  ASSERT_EQ(fixture.waits.size(), 2u);
  EXPECT_GE(fixture.waits[0], 7s);
  EXPECT_GE(fixture.waits[1], 9s);
}

TEST(Retry, ACreateIsSentAgainAfter429And503ButNotAfter500) {
  for (const auto& [status, sent] : {std::pair{429, 4u}, {503, 4u}, {500, 1u}, {502, 1u}}) {
    TestServer server([status = status](const Seen&) { return json(status, ""); });
    const auto answer = ClientFixture(server.url("/r4")).client()->create("Task", task);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->failure->detail, status);
    EXPECT_EQ(server.count(), sent) << status;
  }
}

TEST(Retry, AWaitBeyondTheDeadlineIsLeftToTheCaller) {
  TestServer server([](const Seen&) {
    auto reply = json(429, "");
    reply.headers.emplace_back("Retry-After", "3600");
    return reply;
  });
  ClientFixture fixture(server.url("/r4"));
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->failure->code, ErrorCode::throttled);
  EXPECT_EQ(answer->retry_after, 3600s);
  EXPECT_EQ(server.count(), 1u);
  EXPECT_TRUE(fixture.waits.empty());
}

TEST(Redirect, IsNeverFollowed) {
  TestServer evil([](const Seen&) { return json(200, "{}"); });
  for (const int status : {301, 302, 303, 307, 308}) {
    TestServer server([&](const Seen&) {
      Reply reply;
      reply.status = status;
      reply.headers = {{"Location", evil.url("/r4/Patient/1")}};
      return reply;
    });
    ClientFixture fixture(server.url("/r4"));
    fixture.settings.auth = BearerAuth{Sensitive<std::string>("secret")};
    const auto answer = fixture.client()->read("Patient/1");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->failure->code, ErrorCode::untrusted);
    EXPECT_EQ(server.count(), 1u);
    EXPECT_EQ(server.seen()[0].headers.at("authorization"), "Bearer secret");
  }
  EXPECT_EQ(evil.count(), 0u);
}

TEST(Read, RefusesReferencesThatLeadElsewhere) {
  TestServer server([](const Seen&) { return json(200, "{}"); });
  ClientFixture fixture(server.url("/r4"));
  const auto client = fixture.client();
  for (const char* reference : {"https://evil.example/r4/Patient/1", "//evil.example/Patient/1",
                                "../admin", "/admin", "Patient/../../admin", "urn:uuid:1"}) {
    const auto answer = client->read(reference);
    ASSERT_FALSE(answer) << reference;
    EXPECT_EQ(error_row(answer.error().code).retry, RetryClass::permanent);
  }
  EXPECT_EQ(server.count(), 0u);
  EXPECT_TRUE(client->read(server.url("/r4/Patient/1"))) << "absolute within the base is fine";
}

TEST(Read, TakesIdsThatAreLongerThanFhirAllows) {
  const std::string id(109, 'e');
  TestServer server([](const Seen&) { return json(200, "{}"); });
  EXPECT_TRUE(ClientFixture(server.url("/r4")).client()->read("Binary/" + id));
  EXPECT_EQ(server.seen()[0].target, "/r4/Binary/" + id);
}

TEST(Raw, SendsMethodHeadersAndQuery) {
  TestServer server([](const Seen& seen) {
    EXPECT_EQ(seen.method, "PATCH");
    EXPECT_EQ(seen.target, "/r4/Task/9?_pretty=true");
    EXPECT_EQ(seen.headers.at("content-type"), "application/json-patch+json");
    EXPECT_EQ(seen.headers.at("prefer"), "return=minimal");
    return json(200, "{}");
  });
  RawRequest raw;
  raw.method = "PATCH";
  raw.path = "Task/9?_pretty=true";
  raw.body = "[]";
  raw.headers = {{"Content-Type", "application/json-patch+json"}, {"Prefer", "return=minimal"}};
  EXPECT_TRUE(ClientFixture(server.url("/r4")).client()->request(raw));
}

TEST(Metadata, IsReadOnceAndKept) {
  TestServer server(with_metadata(true, [](const Seen&) { return json(404, ""); }));
  const auto client = ClientFixture(server.url("/r4")).client();
  const auto first = client->capabilities();
  ASSERT_TRUE(first);
  EXPECT_TRUE((*first)->conditional_create("Task"));
  EXPECT_EQ(*client->capabilities(), *first);
  EXPECT_EQ(server.count(), 1u);
}

}  // namespace
}  // namespace meridian::fhir
