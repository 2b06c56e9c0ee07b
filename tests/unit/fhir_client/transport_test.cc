// SPDX-License-Identifier: Apache-2.0
// Connections: who is trusted, what is kept open, and what an answer that fails to come means.
#include <csignal>
#include <latch>
#include <pthread.h>

#include <gtest/gtest.h>

#include "fhir/client/socket_watch.h"
#include "unit/fhir_client/client_fixture.h"

namespace meridian::fhir {
namespace {

using namespace std::chrono_literals;
using test::Authority;
using test::ClientFixture;
using test::Fault;
using test::json;
using test::Reply;
using test::Seen;
using test::TempFile;
using test::TestServer;

const std::string patient = R"({"resourceType":"Patient","id":"1"})";

Reply good(const Seen&) {
  return json(200, patient);
}

/// Reads Patient/1 from a TLS server with that certificate, trusting `trusted`.
Result<Response> read_over_tls(const test::Identity& identity, const std::string& trusted,
                               const std::string& host = "127.0.0.1") {
  TestServer server(good, identity);
  const TempFile ca(trusted);
  ClientFixture fixture(server.url("/r4", host));
  fixture.settings.ca_file = ca.path();
  fixture.settings.limits.attempts = 1;
  auto answer = fixture.client()->read("Patient/1");
  EXPECT_EQ(server.count(), answer ? 1u : 0u) << "nothing is sent before the peer is known";
  return answer;
}

TEST(Tls, ATrustedCertificateForTheNameIsAccepted) {
  const Authority authority;
  EXPECT_TRUE(read_over_tls(authority.issue("IP:127.0.0.1"), authority.pem()));
  EXPECT_TRUE(read_over_tls(authority.issue("DNS:localhost"), authority.pem(), "localhost"));
}

TEST(Tls, ACertificateForAnotherNameIsRefusedAlsoOnLoopback) {
  const Authority authority;
  for (const auto& [names, host] : {std::pair{"DNS:ehr.example.com", "127.0.0.1"},
                                    {"DNS:ehr.example.com", "localhost"},
                                    {"IP:127.0.0.2", "127.0.0.1"},
                                    {"DNS:127.0.0.1", "127.0.0.1"},
                                    {"DNS:localhost.example.com", "localhost"}}) {
    const auto answer = read_over_tls(authority.issue(names), authority.pem(), host);
    ASSERT_FALSE(answer) << names << " for " << host;
    EXPECT_EQ(answer.error().code, ErrorCode::untrusted);
    EXPECT_EQ(answer.error().what.view(), "the certificate is for another host name");
  }
}

TEST(Tls, AnIssuerThatIsNotTrustedIsRefused) {
  const Authority authority;
  const Authority impostor("Test Authority");
  const auto answer = read_over_tls(impostor.issue("IP:127.0.0.1"), authority.pem());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::untrusted);
}

TEST(Tls, TheSystemsAuthoritiesDoNotKnowOurs) {
  TestServer server(good, Authority().issue("IP:127.0.0.1"));
  ClientFixture fixture(server.url());
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::untrusted);
  EXPECT_TRUE(fixture.waits.empty()) << "a certificate does not get better by waiting";
}

TEST(Tls, AnExpiredCertificateIsRefused) {
  const Authority authority;
  const auto answer = read_over_tls(authority.issue("IP:127.0.0.1", -1), authority.pem());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().what.view(), "the certificate has expired");
}

TEST(Tls, AHandshakeThatNeverEndsIsCutOff) {
  // A plain server that waits for an HTTP request takes the ClientHello and says nothing.
  TestServer silent(good);
  ClientFixture fixture("https://127.0.0.1:" + std::to_string(silent.port()));
  fixture.settings.limits.attempts = 1;
  fixture.settings.limits.connect = 80ms;
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_EQ(answer.error().what.view(), "no TLS handshake in time");
}

TEST(Tls, FilesThatCannotBeUsedAreNamedAtOnce) {
  ClientFixture fixture("https://ehr.example.com/r4");
  fixture.settings.ca_file = "/no/such/file.pem";
  const auto made = FhirClient::create(fixture.settings, fixture.surroundings);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::misconfigured);
}

TEST(Settings, APlainOrOddBaseUrlIsRefused) {
  for (const char* url : {"http://ehr.example.com/r4", "https://user@ehr.example.com/r4",
                          "https://ehr.example.com/r4?x=1", "https://ehr.example.com/r4#x",
                          "ehr.example.com/r4", "https://ehr.example.com/../r4", ""}) {
    const auto made = FhirClient::create(ClientFixture(url).settings);
    ASSERT_FALSE(made) << url;
    EXPECT_EQ(made.error().code, ErrorCode::misconfigured);
  }
  ClientFixture allowed("http://ehr.example.com/r4");
  allowed.settings.allow_plain_http = true;
  EXPECT_TRUE(FhirClient::create(allowed.settings));
}

TEST(Connection, NothingListeningIsTransient) {
  std::string url;
  {
    const TestServer gone(good);
    url = gone.url();
  }
  ClientFixture fixture(url);
  const auto answer = fixture.client()->create("Task", "{}");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_EQ(fixture.waits.size(), 3u) << "a POST that did not leave is sent again";
}

TEST(Connection, AnAddressNeedsNoName) {
  const TestServer server(good);  // on 127.0.0.1; nothing listens on, and no name has, 127.0.0.2
  ClientFixture fixture(server.url("", "127.0.0.2"));
  fixture.settings.limits.attempts = 1;
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().what.view(), "the connection was refused");
}

TEST(Connection, AReadAsksForWhatIsNewAndNotForWhatIsCached) {
  const TestServer server(good);
  ClientFixture fixture(server.url());
  ASSERT_TRUE(fixture.client()->read("Patient/1"));
  EXPECT_EQ(server.seen().back().headers.at("cache-control"), "no-cache");
}

TEST(Connection, ANameThatDoesNotResolveIsTransient) {
  ClientFixture fixture("https://no-such-host.invalid/r4");
  fixture.settings.egress = Egress::only({"no-such-host.invalid", 443});
  fixture.settings.limits.attempts = 1;
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().what.view(), "the host name cannot be resolved");
  EXPECT_EQ(error_row(answer.error().code).retry, RetryClass::transient);
}

TEST(Connection, IsKeptForTheNextRequest) {
  const Authority authority;
  const TempFile ca(authority.pem());
  TestServer server(good, authority.issue("IP:127.0.0.1"));
  ClientFixture fixture(server.url());
  fixture.settings.ca_file = ca.path();
  const auto client = fixture.client();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client->read("Patient/1"));
  EXPECT_EQ(server.connections(), 1);
}

TEST(Connection, IsNotKeptWhenTheServerSaysClose) {
  TestServer server([](const Seen&) {
    auto reply = json(200, patient);
    reply.headers.emplace_back("Connection", "close");
    reply.fault = Fault::close_after;
    return reply;
  });
  const auto client = ClientFixture(server.url()).client();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client->read("Patient/1"));
  EXPECT_EQ(server.connections(), 3);
}

TEST(Connection, IsNotKeptLongerThanTheServerPromises) {
  for (const auto& [promise, connections] : {std::pair{"timeout=1", 3}, {"timeout=60, max=5", 1}}) {
    TestServer server([promise = promise](const Seen&) {
      auto reply = json(200, patient);
      reply.headers.emplace_back("Keep-Alive", promise);
      return reply;
    });
    const auto client = ClientFixture(server.url()).client();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(client->read("Patient/1"));
    EXPECT_EQ(server.connections(), connections) << promise;
  }
}

TEST(Connection, AStaleOneIsReplacedUnnoticed) {
  TestServer server([](const Seen&) {
    auto reply = json(200, patient);
    reply.fault = Fault::close_after;  // though HTTP/1.1 promises to stay
    return reply;
  });
  ClientFixture fixture(server.url());
  const auto client = fixture.client();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(client->read("Patient/1")) << i;
  EXPECT_TRUE(fixture.waits.empty());
}

TEST(Connection, AKeptOneThatClosesOnAReadIsReplacedOnce) {
  TestServer server([](const Seen& seen) {
    auto reply = json(200, patient);
    if (seen.connection == 1 && seen.target == "/Patient/2") reply.fault = Fault::close_unanswered;
    return reply;
  });
  ClientFixture fixture(server.url());
  const auto client = fixture.client();
  ASSERT_TRUE(client->read("Patient/1"));
  ASSERT_TRUE(client->read("Patient/2"));
  EXPECT_TRUE(fixture.waits.empty()) << "not counted as an attempt";
  EXPECT_EQ(server.count(), 3u);
}

TEST(Connection, AKeptOneThatClosesOnACreateIsAmbiguous) {
  TestServer server([](const Seen& seen) {
    auto reply = json(200, patient);
    if (seen.method == "POST") reply.fault = Fault::close_unanswered;
    return reply;
  });
  ClientFixture fixture(server.url());
  const auto client = fixture.client();
  ASSERT_TRUE(client->read("Patient/1"));
  const auto answer = client->create("Task", R"({"resourceType":"Task"})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(error_row(answer.error().code).retry, RetryClass::ambiguous);
  EXPECT_EQ(server.count(), 2u) << "the create was sent once and never again";
}

TEST(Connection, WritingToAClosedOneDoesNotKillTheProcess) {
  // Poco blocks SIGPIPE in the thread that loads it; hosts have others.
  sigset_t pipe;
  sigset_t before;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_UNBLOCK, &pipe, &before);
  const Authority authority;
  const TempFile ca(authority.pem());
  for (const bool secure : {false, true}) {
    TestServer server(good, secure ? std::optional(authority.issue("IP:127.0.0.1")) : std::nullopt);
    ClientFixture fixture(server.url());
    fixture.settings.ca_file = ca.path();
    fixture.settings.limits.attempts = 1;
    const auto client = fixture.client();
    RawRequest raw;
    raw.method = "POST";
    raw.path = "Task";
    raw.body = std::string(4u << 20, ' ');
    raw.headers = {{test::close_on_head, "1"}};
    const auto answer = client->request(raw);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable) << "half a request is not carried out";
  }
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0) << "none is left behind";
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(Answer, CutShortIsNotTakenForWhole) {
  const Authority authority;
  const TempFile ca(authority.pem());
  for (const bool secure : {false, true}) {
    for (const bool chunked : {false, true}) {
      TestServer server(
          [chunked](const Seen&) {
            auto reply = json(200, patient);
            reply.fault = Fault::cut_body;
            reply.chunked = chunked;
            return reply;
          },
          secure ? std::optional(authority.issue("IP:127.0.0.1")) : std::nullopt);
      ClientFixture fixture(server.url());
      fixture.settings.ca_file = ca.path();
      fixture.settings.limits.attempts = 2;
      const auto answer = fixture.client()->read("Patient/1");
      ASSERT_FALSE(answer) << "secure " << secure << " chunked " << chunked;
      EXPECT_EQ(answer.error().code, ErrorCode::interrupted);
      EXPECT_EQ(server.count(), 2u) << "a read is tried again";
    }
  }
}

TEST(Answer, ChunkedIsReadWhole) {
  TestServer server([](const Seen&) {
    auto reply = json(200, patient);
    reply.chunked = true;
    return reply;
  });
  const auto client = ClientFixture(server.url()).client();
  for (int i = 0; i < 3; ++i) {
    const auto answer = client->read("Patient/1");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, patient);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(Answer, WithAWrongLengthIsInterrupted) {
  TestServer server([](const Seen&) {
    Reply reply;
    reply.raw = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + patient;
    return reply;
  });
  ClientFixture fixture(server.url());
  fixture.settings.limits.attempts = 1;
  const auto answer = fixture.client()->read("Patient/1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::interrupted);
}

TEST(Answer, WithoutALengthEndsWithTheConnection) {
  TestServer server([](const Seen&) {
    Reply reply;
    reply.raw = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n\r\n" + patient;
    return reply;
  });
  const auto answer = ClientFixture(server.url()).client()->read("Patient/1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, patient);
}

TEST(Answer, ThatIsNotHttpIsMalformed) {
  for (const char* raw : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1\r\n\r\n", "\x15\x03\x01",
                          "HTTP/1.1 200 OK\r\n no header\r\n",
                          "HTTP/1.1 201 Created\r\nLocation: http://h/r4/Task/12"}) {
    TestServer server([raw](const Seen&) {
      Reply reply;
      reply.raw = raw;
      return reply;
    });
    ClientFixture fixture(server.url());
    fixture.settings.limits.attempts = 1;
    const auto answer = fixture.client()->read("Patient/1");
    const auto failure = answer ? answer->failure : std::optional(answer.error());
    ASSERT_TRUE(failure) << raw;
  }
}

TEST(Answer, WithEndlessHeadersIsRefused) {
  std::string raw = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 5000; ++i) raw += "X-" + std::to_string(i) + ": y\r\n";
  TestServer server([&](const Seen&) {
    Reply reply;
    reply.raw = raw + "\r\n";
    return reply;
  });
  ClientFixture fixture(server.url());
  fixture.settings.limits.attempts = 1;
  EXPECT_FALSE(fixture.client()->read("Patient/1"));
}

TEST(Answer, AboveTheLimitIsTooLarge) {
  for (const bool chunked : {false, true}) {
    TestServer server([chunked](const Seen&) {
      auto reply = json(200, std::string(200'000, ' '));
      reply.chunked = chunked;
      return reply;
    });
    ClientFixture fixture(server.url());
    fixture.settings.limits.response_bytes = 100'000;
    const auto answer = fixture.client()->read("Patient/1");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::too_large);
    EXPECT_EQ(server.count(), 1u);
  }
}

TEST(Deadline, EndsAnAnswerThatDoesNotCome) {
  TestServer server([](const Seen&) {
    Reply reply;
    reply.fault = Fault::hang;
    return reply;
  });
  ClientFixture fixture(server.url());
  fixture.settings.limits.attempt = 60ms;
  fixture.settings.limits.attempts = 2;
  const auto read = fixture.client()->read("Patient/1");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::timed_out);
  EXPECT_EQ(fixture.waits.size(), 1u);
  const auto create = fixture.client()->create("Task", "{}");
  ASSERT_FALSE(create);
  EXPECT_EQ(create.error().code, ErrorCode::timed_out);
  EXPECT_EQ(fixture.waits.size(), 1u) << "a create whose answer was lost is not sent again";
}

TEST(Deadline, EndsAnAnswerThatDripsForEver) {
  const Authority authority;
  const TempFile ca(authority.pem());
  for (const bool secure : {false, true}) {
    TestServer server(
        [](const Seen&) {
          auto reply = json(200, std::string(1u << 20, ' '));
          reply.fault = Fault::drip;
          return reply;
        },
        secure ? std::optional(authority.issue("IP:127.0.0.1")) : std::nullopt);
    ClientFixture fixture(server.url());
    fixture.settings.ca_file = ca.path();
    fixture.settings.limits.attempt = 400ms;
    fixture.settings.limits.attempts = 1;
    const auto answer = fixture.client()->read("Patient/1");
    ASSERT_FALSE(answer) << secure;
    EXPECT_EQ(answer.error().code, ErrorCode::timed_out);
  }
}

TEST(Stop, EndsARunningCallAndRefusesLaterOnes) {
  TestServer server([](const Seen&) {
    Reply reply;
    reply.fault = Fault::hang;
    return reply;
  });
  ClientFixture fixture(server.url());
  const auto client = fixture.client();
  std::thread caller([&] {
    const auto answer = client->create("Task", "{}");
    ASSERT_FALSE(answer);
    EXPECT_EQ(error_row(answer.error().code).retry, RetryClass::ambiguous)
        << "it had left: nobody may think that nothing happened";
  });
  server.wait_for(1);
  client->stop();
  caller.join();
  const auto later = client->read("Patient/1");
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, ErrorCode::stopping);
}

TEST(Stop, EndsAWait) {
  TestServer server([](const Seen&) {
    auto reply = json(503, "");
    reply.headers.emplace_back("Retry-After", "60");
    return reply;
  });
  ClientFixture fixture(server.url());
  fixture.surroundings.waiter = nullptr;  // the real one
  const auto client = fixture.client();
  std::thread caller([&] {
    const auto answer = client->read("Patient/1");  // stopped in the wait, or before it
    EXPECT_TRUE(!answer || answer->failure->code == ErrorCode::unavailable);
  });
  server.wait_for(1);
  client->stop();
  caller.join();
  EXPECT_EQ(server.count(), 1u);
}

TEST(Stop, EndsEveryWaitNowAndLater) {
  wire::SocketWatch watch;
  std::thread other([&] { watch.stop(); });
  EXPECT_FALSE(watch.wait(1h));
  other.join();
  EXPECT_FALSE(watch.wait(1h));
}

TEST(Stop, AWaiterThatSaysStopEndsTheRetries) {
  TestServer server([](const Seen&) { return json(503, ""); });
  ClientFixture fixture(server.url());
  fixture.surroundings.waiter = [](std::chrono::milliseconds) { return false; };
  EXPECT_TRUE(fixture.client()->read("Patient/1")->failure);
  EXPECT_EQ(server.count(), 1u);
}

TEST(Concurrency, CallsRunSideBySideOnConnectionsOfTheirOwn) {
  const Authority authority;
  const TempFile ca(authority.pem());
  TestServer server(good, authority.issue("IP:127.0.0.1"));
  ClientFixture fixture(server.url());
  fixture.settings.ca_file = ca.path();
  const auto client = fixture.client();
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        const auto answer = client->read("Patient/1");
        if (answer && answer->body == patient) ++answered;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, 120);
  EXPECT_LE(server.connections(), 30) << "most were used again";
}

}  // namespace
}  // namespace meridian::fhir
