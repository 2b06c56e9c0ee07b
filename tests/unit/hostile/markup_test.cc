// SPDX-License-Identifier: Apache-2.0
// The reader that all other tests here rest on sees what gets through.
#include "unit/hostile/markup.h"

#include <gtest/gtest.h>

#include "unit/hostile/attacks.h"
#include "unit/hostile/fields.h"
#include "web/html.h"

namespace meridian::test {
namespace {

TEST(HostileMarkup, APageOfOursHasNoFault) {
  const auto page = web::page(200, "Title & more", "<p class=\"quiet\">It is <b>so</b>.</p>");
  EXPECT_EQ(faults_of(page.body, {}), std::vector<std::string>());
}

TEST(HostileMarkup, AttacksThatAreEscapedAreText) {
  for (const auto& attack : attacks()) {
    const auto html = "<p class=\"" + web::escaped(attack) + "\">" + web::escaped(attack) + "</p>";
    EXPECT_EQ(faults_of(html, {}), std::vector<std::string>());
    EXPECT_NE(read_markup(html).text.find(mark), std::string::npos);
  }
}

TEST(HostileMarkup, AttacksThatAreNotEscapedAreSeen) {
  for (const auto& attack : attacks()) {
    const auto in_text = faults_of("<p>" + attack + "</p>", {});
    const auto in_value = faults_of("<p class=\"" + attack + "\">x</p>", {});
    const auto in_address = faults_of("<a href=\"" + web::escaped(attack) + "\">x</a>", {});
    const bool is_address = attack.find('<') == std::string::npos;
    EXPECT_TRUE(is_address || !in_text.empty()) << attack;
    EXPECT_TRUE(is_address || !in_value.empty()) << attack;
    EXPECT_FALSE(in_address.empty()) << attack;
  }
}

TEST(HostileMarkup, WhatNoTemplateWritesIsAFault) {
  for (const auto* html : {"<p>a<injected>b</injected></p>",
                           "<p onhostile=\"1\">a</p>",
                           "<p style=\"x\">a</p>",
                           "<p class='x'>a</p>",
                           "<p class=x>a</p>",
                           "<p>a",
                           "</p>",
                           "<p>a</div>",
                           "<!-- a -->",
                           "<p>a & b</p>",
                           "<p>&injected;</p>",
                           "<script>a</script>",
                           "<iframe src=\"/x\"></iframe>",
                           "<a href=\"//evil.example\">a</a>",
                           "<a href=\"javascript:a\">a</a>",
                           "<P>a</P>",
                           "<a href=\"https://evil.example/\">a</a>",
                           "<p>a\x01</p>",
                           "<p>a\xc2\x85</p>",
                           "<p>a\u202eb</p>",
                           "<p title=\"\u2067\">b</p>"}) {
    EXPECT_FALSE(faults_of(html, {"https://good.example/"}).empty()) << html;
  }
  EXPECT_TRUE(
      faults_of("<a href=\"https://good.example/\">a</a>", {"https://good.example/"}).empty());
}

TEST(HostileFields, AllPlacesOfAMessageAreFound) {
  EXPECT_EQ(json_fields(R"({"a":"x","b":[{"c":"y"},"z",3],"d":{"e":"w"}})"),
            (std::vector<std::string>{"/a", "/b/0/c", "/b/1", "/d/e"}));
  EXPECT_EQ(with_json(R"({"b":[{"c":"y"}]})", "/b/0/c", "n"), R"({"b":[{"c":"n"}]})");
  const std::string message = "MSH|^~\\&|A|B\rPID|1||7^^^X&Y~8||ALDER^TOM\r";
  std::vector<std::string> names;
  for (const auto& field : hl7_fields(message)) names.push_back(field.name);
  EXPECT_EQ(names, (std::vector<std::string>{"MSH-3.1", "MSH-4.1", "PID-1.1", "PID-3.1", "PID-3.4",
                                             "PID-3.4", "PID-3.1", "PID-5.1", "PID-5.2"}));
  EXPECT_EQ(with_hl7(message, hl7_fields(message)[7], "O|X\r"),
            "MSH|^~\\&|A|B\rPID|1||7^^^X&Y~8||O\\F\\X\\X0D\\^TOM\r");
}

}  // namespace
}  // namespace meridian::test
