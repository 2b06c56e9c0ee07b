// SPDX-License-Identifier: Apache-2.0
#include "http/uri.h"

#include <gtest/gtest.h>

#include "http/response.h"

namespace meridian::http {
namespace {

TEST(Uri, DecodesWhatItEncoded) {
  std::string all;
  for (int c = 0; c < 256; ++c) all.push_back(static_cast<char>(c));
  EXPECT_EQ(percent_decode(percent_encode(all), true), all);
}

TEST(Uri, RefusesBrokenEscapes) {
  EXPECT_FALSE(percent_decode("%", false));
  EXPECT_FALSE(percent_decode("%4", false));
  EXPECT_FALSE(percent_decode("%g0", false));
  EXPECT_FALSE(parse_query("a=%"));
}

TEST(Uri, TakesPlusAsSpaceOnlyInQueries) {
  EXPECT_EQ(percent_decode("a+b", false), "a+b");
  EXPECT_EQ(parse_query("q=a+b")->front().value, "a b");
}

TEST(Uri, KeepsRepeatedAndEmptyParametersInOrder) {
  const auto query = parse_query("date=ge2026-01-01&date=lt2026-02-01&&flag&x=a=b");
  ASSERT_TRUE(query);
  ASSERT_EQ(query->size(), 4U);
  EXPECT_EQ((*query)[0].value, "ge2026-01-01");
  EXPECT_EQ((*query)[1].value, "lt2026-02-01");
  EXPECT_EQ((*query)[2].name, "flag");
  EXPECT_EQ((*query)[3].value, "a=b");
}

TEST(Uri, NamesTheSameThingWithAndWithoutATrailingSlash) {
  EXPECT_EQ(parse_target("/fhir/Task/")->segments, parse_target("/fhir/Task")->segments);
  EXPECT_EQ(parse_target("/")->path, "/");
  EXPECT_TRUE(parse_target("/")->segments.empty());
}

TEST(Response, DoesNotLetAHeaderBreakOutOfItsLine) {
  const Response response{200, {{"Location", "/x\r\nSet-Cookie: a=b"}}, "body"};
  const std::string wire = to_wire(response, {});
  EXPECT_TRUE(wire.starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(wire.find("Set-Cookie"), std::string::npos);
}

TEST(Response, TellsTheDateAsHttpWantsIt) {
  EXPECT_EQ(http_date(*parse_instant("2026-11-20T10:15:07.999Z")), "Fri, 20 Nov 2026 10:15:07 GMT");
}

TEST(Response, HasNoBodyAndNoLengthWhereTheStatusForbidsIt) {
  const std::string wire = to_wire({304, {{"ETag", "W/\"1\""}}, "not sent"}, {});
  EXPECT_EQ(wire.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(wire.ends_with("\r\n\r\n"));
}

}  // namespace
}  // namespace meridian::http
