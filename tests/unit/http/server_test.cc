// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "unit/http/running_server.h"
#include "unit/http/wire.h"

namespace meridian::http {
namespace {

using test::body_of;
using test::echo_router;
using test::RunningServer;
using test::status_of;
using test::Wire;

const std::string get_echo = "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(Server, AnswersSeveralRequestsOfOneConnectionInOrder) {
  RunningServer server({}, echo_router());
  Wire wire(server.port());
  wire.send(get_echo + "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + get_echo);
  EXPECT_EQ(body_of(wire.response()), "/echo|");
  EXPECT_EQ(body_of(wire.response()), "/echo|abc");
  EXPECT_EQ(body_of(wire.response()), "/echo|");
}

TEST(Server, AnswersHeadWithTheLengthButWithoutTheBody) {
  RunningServer server({}, echo_router());
  Wire wire(server.port());
  wire.send("HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\n" + get_echo);
  const std::string head = wire.response(true);
  EXPECT_NE(head.find("Content-Length: 6\r\n"), std::string::npos);
  EXPECT_EQ(body_of(wire.response()), "/echo|") << "the next answer must follow at once";
}

TEST(Server, TellsUnknownPathsFromUnknownMethods) {
  RunningServer server({}, echo_router());
  Wire wire(server.port());
  wire.send("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\nDELETE /echo HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(wire.response()), "404");
  const std::string refused = wire.response();
  EXPECT_EQ(status_of(refused), "405");
  EXPECT_NE(refused.find("Allow: GET, HEAD, POST\r\n"), std::string::npos);
}

TEST(Server, AHandlerWorksForTheTraceOfItsRequest) {
  RunningServer server({}, echo_router());
  Wire wire(server.port());
  const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
  const std::string plain = "GET /trace HTTP/1.1\r\nHost: h\r\n\r\n";
  wire.send("GET /trace HTTP/1.1\r\nHost: h\r\ntraceparent: 00-" + id +
            "-00f067aa0ba902b7-01\r\n\r\n" + plain);
  EXPECT_EQ(body_of(wire.response()), id);
  EXPECT_EQ(body_of(wire.response()), "none") << "the next one of the connection";
}

TEST(Server, TurnsAnExceptionIntoA500AndGoesOn) {
  RunningServer server({}, echo_router());
  Wire wire(server.port());
  wire.send("GET /throws HTTP/1.1\r\nHost: h\r\n\r\n" + get_echo);
  EXPECT_EQ(status_of(wire.response()), "500");
  EXPECT_EQ(status_of(wire.response()), "200");
}

TEST(Server, ClosesWhenTheClientAskedForIt) {
  RunningServer server({}, echo_router());
  Wire wire(server.port());
  wire.send("GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string all = wire.rest();
  EXPECT_EQ(status_of(all), "200");
  EXPECT_NE(all.find("Connection: close\r\n"), std::string::npos);
}

/// A router whose only route is behind a gate, and which counts how often it was reached.
Router guarded_router(std::atomic<int>& reached) {
  Router router;
  const auto handler = [&reached](const Request& request) {
    ++reached;
    return make_response(200, "text/plain", request.principal + "|" + request.body);
  };
  const auto gate = [](Request& request) -> std::optional<Response> {
    EXPECT_TRUE(request.body.empty()) << "a gate must not see a body";
    if (request.header("Authorization") != "Bearer good") {
      return make_response(401, "text/plain", "who are you");
    }
    request.principal = "hospital";
    return std::nullopt;
  };
  router.add({"POST", "/in", handler, gate}).add({"GET", "/in", handler, gate});
  return router;
}

TEST(Server, RefusesBeforeTheBodyIsSentAndNeverExecutesTheBody) {
  std::atomic<int> reached{0};
  RunningServer server({}, guarded_router(reached));
  Wire wire(server.port());
  const std::string smuggled = "GET /in HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer good\r\n\r\n";
  wire.send("POST /in HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(smuggled.size()) +
            "\r\n\r\n");
  EXPECT_EQ(status_of(wire.response()), "401") << "the body was not needed for that";
  wire.send(smuggled);
  EXPECT_EQ(wire.rest(), "") << "the body of a refused request was executed";
  EXPECT_EQ(reached, 0);
}

TEST(Server, KeepsAConnectionWhoseRefusedRequestHadNoBody) {
  std::atomic<int> reached{0};
  RunningServer server({}, guarded_router(reached));
  Wire wire(server.port());
  wire.send("GET /in HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(wire.response()), "401");
  wire.send("GET /in HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer good\r\n\r\n");
  EXPECT_EQ(body_of(wire.response()), "hospital|");
}

TEST(Server, SendsContinueOnlyAfterTheGateAgreed) {
  std::atomic<int> reached{0};
  RunningServer server({}, guarded_router(reached));
  const std::string head =
      "POST /in HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n";
  Wire stranger(server.port());
  stranger.send(head + "\r\n");
  EXPECT_EQ(status_of(stranger.response()), "401");
  Wire known(server.port());
  known.send(head + "Authorization: Bearer good\r\n\r\n");
  EXPECT_EQ(status_of(known.response()), "100");
  known.send("abc");
  EXPECT_EQ(body_of(known.response()), "hospital|abc");
}

TEST(Server, RefusesToFrameARequestInTwoWays) {
  std::atomic<int> reached{0};
  RunningServer server({}, guarded_router(reached));
  Wire wire(server.port());
  wire.send(
      "POST /in HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer good\r\nContent-Length: 4\r\n"
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      "GET /in HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer good\r\n\r\n");
  const std::string all = wire.rest();
  EXPECT_EQ(status_of(all), "400");
  EXPECT_EQ(all.find("HTTP/1.1", 1), std::string::npos) << "a second answer was given";
  EXPECT_EQ(reached, 0);
}

TEST(Server, AnswersOthersWhileAHandlerBlocks) {
  std::latch entered(1);
  std::promise<void> release;
  auto released = release.get_future().share();
  Router router = echo_router();
  router.add({"GET", "/slow", [&](const Request&) {
                entered.count_down();
                released.wait();
                return make_response(200, "text/plain", "slow");
              }});
  RunningServer server({}, std::move(router));
  Wire slow(server.port());
  slow.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  entered.wait();
  for (int i = 0; i < 5; ++i) {
    Wire other(server.port());
    other.send(get_echo);
    EXPECT_EQ(status_of(other.response()), "200");
  }
  release.set_value();
  EXPECT_EQ(body_of(slow.response()), "slow");
}

TEST(Server, FinishesARequestUnderWayWhenItStops) {
  std::latch entered(1);
  std::promise<void> release;
  auto released = release.get_future().share();
  Router router;
  router.add({"GET", "/slow", [&](const Request&) {
                entered.count_down();
                released.wait();
                return make_response(200, "text/plain", "done");
              }});
  RunningServer server({}, std::move(router));
  Wire idle(server.port());
  Wire busy(server.port());
  busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  entered.wait();
  std::thread stopping([&] { server.server().stop(); });
  EXPECT_EQ(idle.rest(), "") << "an idle connection is closed at once";
  release.set_value();
  const std::string answer = busy.rest();
  EXPECT_EQ(body_of(answer), "done");
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  stopping.join();
}

TEST(Server, CutsWhatOutlivesTheDrain) {
  Settings settings;
  settings.drain = std::chrono::milliseconds(20);
  RunningServer server(settings, echo_router());
  Wire stuck(server.port());
  stuck.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(stuck.response()), "100");
  server.server().stop();
  EXPECT_EQ(stuck.rest(), "");
}

TEST(Server, ServesManyConnectionsAtOnce) {
  RunningServer server({}, echo_router());
  std::vector<std::thread> clients;
  std::atomic<int> good{0};
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&, i] {
      Wire wire(server.port());
      const std::string body(static_cast<std::size_t>(1 + i * 3000), 'x');
      for (int n = 0; n < 10; ++n) {
        wire.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + body);
        if (body_of(wire.response()) == "/echo|" + body) ++good;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(good, 160);
}

}  // namespace
}  // namespace meridian::http
