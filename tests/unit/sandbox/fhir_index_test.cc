// SPDX-License-Identifier: Apache-2.0
// What a search finds by the index of words is what looking at every record finds.
#include <random>

#include <gtest/gtest.h>

#include "fhir_server/search.h"

namespace meridian::test {
namespace {

using namespace sandbox;

constexpr std::string_view base = "http://clinic.example/fhir";

class Made {
 public:
  explicit Made(unsigned seed) : chance_(seed) {}

  int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(chance_); }
  std::string number(int end) { return std::to_string(below(end)); }

  /// The same thing may be named in each of these ways.
  std::string reference(const std::string& type) {
    const std::string local = type + "/" + number(9);
    switch (below(4)) {
      case 0:
        return std::string(base) + "/" + local;
      case 1:
        return local + "/_history/2";
      case 2:
        return "http://other.example/" + local;
      default:
        return local;
    }
  }

  Json task() {
    Json task = Json::object({{"resourceType", "Task"}, {"status", below(2) ? "draft" : "ready"}});
    if (below(3)) task.set("for", Json::object({{"reference", reference("Patient")}}));
    if (below(3)) task.set("focus", Json::object({{"reference", reference("ServiceRequest")}}));
    for (int i = below(3); i > 0; --i) {
      task.member("basedOn").push(Json::object({{"reference", reference("ServiceRequest")}}));
      task.member("identifier")
          .push(Json::object({{"system", "urn:" + number(2)}, {"value", number(9)}}));
    }
    return task;
  }

  std::string query() {
    static constexpr std::string_view names[] = {
        "patient",    "subject",        "focus", "based-on", "patient:Patient",
        "identifier", "identifier:not", "_id",   "status",   "focus:missing"};
    return std::string(names[below(static_cast<int>(std::size(names)))]);
  }

  std::string value(const std::string& name) {
    if (name.ends_with("missing")) return below(2) ? "true" : "false";
    if (name == "status") return "draft";
    if (name == "_id" || name.ends_with(":Patient")) return number(60);
    std::string out = choice(name);
    if (below(3) == 0) out += "," + choice(name);
    return out;
  }

 private:
  std::string choice(const std::string& name) {
    if (name.starts_with("identifier")) {
      switch (below(3)) {
        case 0:
          return number(9);
        case 1:
          return "urn:" + number(2) + "|";
        default:
          return "urn:" + number(2) + "|" + number(9);
      }
    }
    if (below(3) == 0) return number(9);
    return reference(name == "patient" || name == "subject" ? "Patient" : "ServiceRequest");
  }

  std::mt19937 chance_;
};

TEST(FhirIndex, FindsWhatLookingAtEveryRecordFinds) {
  Made made(20261127);
  Records records;
  for (int i = 0; i < 400; ++i) {
    const std::string id = made.number(60);
    const std::uint64_t before = records.changes();
    if (made.below(10) == 0 && records.current("Task", id)) {
      records.remove("Task", id, Instant{});
    } else {
      records.put("Task", id, made.task(), Instant{});
    }
    if (made.below(10) == 0) records.take_back(before);
  }
  int found = 0;
  for (int i = 0; i < 5000; ++i) {
    http::Fields fields;
    for (int j = made.below(2); j >= 0; --j) {
      const std::string name = made.query();
      fields.push_back({name, made.value(name)});
    }
    const Search search = read_search("Task", fields, true);
    const auto indexed = find_matches(records, search, base);
    ASSERT_EQ(indexed, fitting(records.all("Task"), search, base))
        << fields.front().name << "=" << fields.front().value;
    found += indexed.empty() ? 0 : 1;
  }
  EXPECT_GT(found, 1000) << "most queries find something, else this shows nothing";
}

TEST(FhirIndex, WhatIsTakenBackWasNeverThere) {
  Records records;
  records.put("Task", "1", Json::object({{"status", "draft"}}), Instant{});
  records.put("Task", "1", Json::object({{"status", "ready"}}), Instant{});
  records.put("Task", "2", Json::object({{"status", "ready"}}), Instant{});
  records.take_back(1);
  EXPECT_EQ(records.changes(), 1U);
  EXPECT_EQ(records.current("Task", "1")->resource["status"].text(), "draft");
  EXPECT_EQ(records.latest("Task", "2"), nullptr);
}

}  // namespace
}  // namespace meridian::test
