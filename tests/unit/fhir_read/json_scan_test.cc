// SPDX-License-Identifier: Apache-2.0
// Passing over JSON: what is passed over must be what the parser accepts, and end where it ends.
#include "fhir/read/json_scan.h"

#include <gtest/gtest.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "unit/fhir_read/read_json.h"

namespace meridian {
namespace {

using fhir_read::peek_resource;
using fhir_read::skip_container;

/// What is passed over, with both brackets; empty when it is refused.
std::string_view skipped(std::string_view text, unsigned depth = 64) {
  const char* end = text.data() + text.size();
  const char* close = skip_container(text.data() + 1, end, text[0] == '{', depth);
  if (close == nullptr) return {};
  return text.substr(0, static_cast<std::size_t>(close - text.data()) + 1);
}

bool parser_accepts(std::string_view text) {
  rapidjson::Reader reader;
  rapidjson::BaseReaderHandler<> handler;
  rapidjson::MemoryStream stream(text.data(), text.size());
  const auto result = reader.Parse<rapidjson::kParseIterativeFlag>(stream, handler);
  return !result.IsError() || result.Code() == rapidjson::kParseErrorNumberTooBig;
}

TEST(JsonScan, PassesOverWhatIsWellFormed) {
  for (const std::string_view text :
       {"{}", "[]", "[ ]", "{ }", R"({"a":1,"b":[{},[],"x",null,true,false,-0.5e+10]})",
        R"(["\u00e4\ud83d\ude00\"\\\/\b\f\n\r\t"])", R"([0,10,1E5,-1])",
        R"({"long": "0123456789abcdef0123456789abcdef\"0123456789abcdef"})"}) {
    EXPECT_EQ(skipped(text), text);
    EXPECT_EQ(skipped(std::string(text) + " ,x"), text);
  }
}

TEST(JsonScan, RefusesWhatIsNot) {
  for (const std::string_view text : {"{",
                                      "[",
                                      "[1",
                                      "{]",
                                      "[}",
                                      "[1,]",
                                      "{,}",
                                      R"({"a"})",
                                      R"({"a":})",
                                      R"({"a":1,})",
                                      R"({a:1})",
                                      "[01]",
                                      "[1.]",
                                      "[.5]",
                                      "[+1]",
                                      "[1e]",
                                      "[-]",
                                      "[tru]",
                                      "[nul",
                                      "[\"\n\"]",
                                      R"(["\x"])",
                                      R"(["\u12g4"])",
                                      R"(["\ud800"])",

                                      R"(["\ud800\u0041"])",
                                      R"(["open)",
                                      "[1 2]",
                                      "[\"a\" \"b\"]",
                                      R"({"a" 1})"}) {
    EXPECT_EQ(skipped(text), "") << text;
    EXPECT_FALSE(parser_accepts(text)) << text;
  }
}

TEST(JsonScan, NeverAcceptsWhatTheParserRefuses) {
  const auto folder = test_data() / "malformed/json/test_parsing";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto text = content(entry.path());
    const auto name = entry.path().filename().string();
    if (text.empty() || (text[0] != '{' && text[0] != '[')) continue;
    const auto passed = skipped(text);
    EXPECT_TRUE(passed.empty() || parser_accepts(passed)) << name;
    EXPECT_TRUE(!passed.empty() || !name.starts_with("y_")) << name;
  }
}

TEST(JsonScan, StopsAtTheDepthLimit) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(skipped(nested(64)), nested(64));
  EXPECT_EQ(skipped(nested(65)), "");
  EXPECT_EQ(skipped(nested(3), 3), nested(3));
  EXPECT_EQ(skipped(nested(4), 3), "");
}

TEST(JsonScan, FindsTypeAndIdWhereverTheyStand) {
  const auto peek = [](std::string_view text) {
    const auto head = peek_resource(text.data() + 1, text.data() + text.size(), 64, true);
    return std::string(head.type) + "/" + std::string(head.id);
  };
  EXPECT_EQ(peek(R"({"resourceType":"A","id":"1"})"), "A/1");
  EXPECT_EQ(peek(R"({ "x": {"resourceType": "B", "id": "2"}, "id" : "1", "resourceType" : "A" })"),
            "A/1");
  EXPECT_EQ(peek(R"({"id":"1","id":"2","resourceType":"A","resourceType":"B"})"), "A/1");
  EXPECT_EQ(peek(R"({"resourceType":5,"id":"1"})"), "/1");
  EXPECT_EQ(peek(R"({"resourceType":"A","x":[)"), "A/");
  EXPECT_EQ(peek("{}"), "/");
  EXPECT_EQ(peek("{"), "/");
}

}  // namespace
}  // namespace meridian
