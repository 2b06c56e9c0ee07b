// SPDX-License-Identifier: Apache-2.0
// What a client can not do to the server: take long, send much, open many connections.
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "unit/http/running_server.h"
#include "unit/http/wire.h"

namespace meridian::http {
namespace {

using std::chrono::milliseconds;
using test::echo_router;
using test::RunningServer;
using test::status_of;
using test::Wire;

TEST(Limits, AHeadThatDoesNotEndGets408) {
  Settings settings;
  settings.header_timeout = milliseconds(30);
  RunningServer server(settings, echo_router());
  Wire wire(server.port());
  wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n");
  EXPECT_EQ(status_of(wire.rest()), "408");
}

TEST(Limits, ABodyThatDoesNotEndGets408) {
  Settings settings;
  settings.body_timeout = milliseconds(30);
  RunningServer server(settings, echo_router());
  Wire wire(server.port());
  wire.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(status_of(wire.rest()), "408");
}

TEST(Limits, AnIdleConnectionIsClosedWithoutAWord) {
  Settings settings;
  settings.idle_timeout = milliseconds(30);
  RunningServer server(settings, echo_router());
  Wire wire(server.port());
  EXPECT_EQ(wire.rest(), "");
}

TEST(Limits, ABodyAboveTheLimitGets413BeforeItIsSent) {
  Settings settings;
  settings.max_body = 100;
  RunningServer server(settings, echo_router());
  Wire wire(server.port());
  wire.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\n");
  EXPECT_EQ(status_of(wire.rest()), "413");
}

TEST(Limits, AClientThatIsStillSendingSeesThe413) {
  Settings settings;
  settings.max_body = 100;
  RunningServer server(settings, echo_router());
  Wire wire(server.port());
  wire.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n");
  wire.send(std::string(200'000, 'x'));
  EXPECT_EQ(status_of(wire.rest()), "413");
}

TEST(Limits, AChunkedBodyAboveTheLimitGets413) {
  Settings settings;
  settings.max_body = 10;
  RunningServer server(settings, echo_router());
  Wire wire(server.port());
  wire.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  wire.send("8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n");
  EXPECT_EQ(status_of(wire.rest()), "413");
}

TEST(Limits, ARouteMayAllowMoreThanTheServer) {
  Settings settings;
  settings.max_body = 10;
  Router router;
  router.add({"POST",
              "/big",
              [](const Request& request) {
                return make_response(200, "text/plain", std::to_string(request.body.size()));
              },
              {},
              1000});
  RunningServer server(settings, std::move(router));
  Wire wire(server.port());
  wire.send("POST /big HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n" + std::string(500, 'x'));
  EXPECT_EQ(test::body_of(wire.response()), "500");
}

TEST(Limits, HeadersAboveTheLimitGet431) {
  RunningServer server({}, echo_router());
  Wire wire(server.port());
  wire.send("GET /echo HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + std::string(20'000, 'x') +
            "\r\n\r\n");
  EXPECT_EQ(status_of(wire.rest()), "431");
}

TEST(Limits, ALargeTokenBelowTheLimitPasses) {
  RunningServer server({}, echo_router());
  Wire wire(server.port());
  wire.send("GET /echo HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + std::string(12'000, 'x') +
            "\r\n\r\n");
  EXPECT_EQ(status_of(wire.response()), "200");
}

TEST(Limits, AConnectionTooManyGets503AndTheOthersLive) {
  Settings settings;
  settings.max_connections = 1;
  RunningServer server(settings, echo_router());
  Wire first(server.port());
  first.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(first.response()), "200");
  Wire second(server.port());
  EXPECT_EQ(status_of(second.rest()), "503");
  first.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(first.response()), "200");
}

TEST(Limits, ServerErrorsSpeakTheFormatOfTheRouter) {
  Router router = echo_router();
  router.on_error([](int status) {
    return make_response(status, "application/fhir+json",
                         "{\"resourceType\":\"OperationOutcome\"}");
  });
  RunningServer server({}, std::move(router));
  Wire wire(server.port());
  wire.send("BROKEN\r\n\r\n");
  const std::string answer = wire.rest();
  EXPECT_EQ(status_of(answer), "400");
  EXPECT_NE(answer.find("OperationOutcome"), std::string::npos);
}

ErrorCode start_error(Settings settings) {
  boost::asio::io_context io;
  Server server(io, std::move(settings), {});
  const auto port = server.start();
  return port ? ErrorCode::internal : port.error().code;
}

TEST(Limits, PlainHttpIsRefusedBeyondLoopbackUnlessSaidOtherwise) {
  Settings settings;
  settings.address = "0.0.0.0";
  EXPECT_EQ(start_error(settings), ErrorCode::misconfigured);
  settings.address = "hospital.example";
  EXPECT_EQ(start_error(settings), ErrorCode::misconfigured);
}

TEST(Limits, APortInUseIsReported) {
  RunningServer server({}, echo_router());
  Settings settings;
  settings.port = server.port();
  EXPECT_EQ(start_error(settings), ErrorCode::unavailable);
}

}  // namespace
}  // namespace meridian::http
