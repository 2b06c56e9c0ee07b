// SPDX-License-Identifier: Apache-2.0
#include "http/parser.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace meridian::http {
namespace {

using State = RequestParser::State;

/// Feeds everything, `step` bytes at a time, and returns what was not consumed.
std::string feed(RequestParser& parser, std::string_view bytes, std::size_t step = 100'000) {
  std::string buffer;
  while (!bytes.empty()) {
    buffer += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    while (true) {
      const State before = parser.state();
      const std::size_t used = parser.take(buffer);
      buffer.erase(0, used);
      if (used == 0 && parser.state() == before) break;
    }
  }
  return buffer;
}

int status_for(std::string_view bytes) {
  RequestParser parser(4096);
  feed(parser, bytes);
  return parser.state() == State::failed ? parser.status() : 0;
}

TEST(RequestParser, GivesTheSameRequestForEverySplitOfItsBytes) {
  constexpr std::string_view bytes =
      "POST /fhir/Task?a=1&b=%20x HTTP/1.1\r\nHost: h\r\nX-One: 1\r\n"
      "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: t\r\n\r\nGET /";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    RequestParser parser(4096);
    EXPECT_EQ(feed(parser, bytes, step), "GET /") << step;
    ASSERT_EQ(parser.state(), State::done) << step;
    EXPECT_EQ(parser.request().body, "hello world");
    EXPECT_EQ(parser.request().path, "/fhir/Task");
    EXPECT_EQ(parser.request().query_value("b"), " x");
    EXPECT_EQ(parser.request().header("x-one"), "1");
    EXPECT_EQ(parser.request().header("Trailer"), "") << "trailers must not become headers";
  }
}

TEST(RequestParser, StopsAfterTheHeadSoThatTheCallerDecidesAboutTheBody) {
  RequestParser parser(4096);
  const std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
  const std::size_t used = parser.take(bytes);
  EXPECT_EQ(used, bytes.size() - 5);
  EXPECT_EQ(parser.state(), State::body);
  EXPECT_EQ(parser.request().body, "");
}

struct Smuggle {
  const char* name;
  const char* headers;
  int status;
};

class Smuggling : public testing::TestWithParam<Smuggle> {};

TEST_P(Smuggling, IsRefused) {
  const std::string head = std::string("POST / HTTP/1.1\r\nHost: h\r\n") + GetParam().headers;
  EXPECT_EQ(status_for(head + "\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: h\r\n\r\n"),
            GetParam().status);
}

INSTANTIATE_TEST_SUITE_P(
    Framing, Smuggling,
    testing::Values(
        Smuggle{"LengthThenChunked", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
        Smuggle{"ChunkedThenLength", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
        Smuggle{"TwoLengthsThatDiffer", "Content-Length: 5\r\nContent-Length: 6\r\n", 400},
        Smuggle{"TwoLengthsThatAgree", "Content-Length: 5\r\nContent-Length: 5\r\n", 400},
        Smuggle{"ListOfLengths", "Content-Length: 5, 6\r\n", 400},
        Smuggle{"SignedLength", "Content-Length: +5\r\n", 400},
        Smuggle{"NegativeLength", "Content-Length: -5\r\n", 400},
        Smuggle{"HexLength", "Content-Length: 0x5\r\n", 400},
        Smuggle{"EmptyLength", "Content-Length:\r\n", 400},
        Smuggle{"HugeLength", "Content-Length: 99999999999999999999\r\n", 400},
        Smuggle{"ChunkedTwice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                400},
        Smuggle{"ChunkedNotLast", "Transfer-Encoding: chunked, identity\r\n", 501},
        Smuggle{"Gzip", "Transfer-Encoding: gzip, chunked\r\n", 501},
        Smuggle{"Misspelt", "Transfer-Encoding: xchunked\r\n", 501},
        Smuggle{"SpaceBeforeColon", "Content-Length : 5\r\n", 400},
        Smuggle{"SecondHost", "Host: other\r\n", 400},
        Smuggle{"BareLineFeed", "X-A: 1\nContent-Length: 5\r\n", 400},
        Smuggle{"ControlCharacterInAValue",
                "X-A: a\x01"
                "b\r\n",
                400},
        Smuggle{"NoColon", "Content-Length 5\r\n", 400}),
    [](const auto& each) { return each.param.name; });

TEST(RequestParser, RefusesWhatIsNotOneClearRequest) {
  EXPECT_EQ(status_for("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(status_for("GET / HTTP/1.0\r\n\r\n"), 0) << "HTTP/1.0 needs none";
  EXPECT_EQ(status_for("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(status_for("GET /../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(status_for("GET /%2e%2e/x HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(status_for("GET /a%2Fb HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(status_for("GET /a%0d%0ab HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(status_for("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(status_for("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(status_for("\x16\x03\x01\x02\x01\r\n\r\n"), 400) << "TLS on a plain port";
  EXPECT_EQ(status_for("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 400);
}

TEST(RequestParser, RefusesHeadersAboveTheLimitWholeAndInPieces) {
  const std::string head =
      "GET / HTTP/1.1\r\nHost: h\r\nX-Long: " + std::string(5000, 'x') + "\r\n\r\n";
  EXPECT_EQ(status_for(head), 431);
  RequestParser parser(4096);
  feed(parser, head.substr(0, 4500), 500);
  ASSERT_EQ(parser.state(), State::failed) << "must not wait for the end of the line";
  EXPECT_EQ(parser.status(), 431);
}

TEST(RequestParser, RefusesABodyAboveTheLimitAnnouncedOrChunked) {
  RequestParser announced(4096);
  feed(announced, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n");
  announced.limit_body(10);
  EXPECT_EQ(announced.status(), 413);

  RequestParser chunked(4096);
  feed(chunked, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  chunked.limit_body(10);
  EXPECT_EQ(chunked.state(), State::body);
  feed(chunked, "8\r\n12345678\r\n8\r\n");
  EXPECT_EQ(chunked.status(), 413);

  RequestParser fits(4096);
  feed(fits, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n");
  fits.limit_body(10);
  feed(fits, "1234567890");
  EXPECT_EQ(fits.state(), State::done);
}

TEST(RequestParser, TakesTheAbsoluteForm) {
  RequestParser parser(4096);
  feed(parser, "GET http://hospital.example/fhir/metadata?x=1 HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_EQ(parser.state(), State::done);
  EXPECT_EQ(parser.request().path, "/fhir/metadata");
}

TEST(RequestParser, KnowsWhetherTheConnectionMayLiveOn) {
  const auto keeps = [](std::string_view bytes) {
    RequestParser parser(4096);
    feed(parser, bytes);
    return parser.keep_alive();
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
}

}  // namespace
}  // namespace meridian::http
