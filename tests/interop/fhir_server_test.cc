// SPDX-License-Identifier: Apache-2.0
// Our client against a FHIR server that none of us wrote; with-server tells where it is. What
// servers do differently is printed, what Meridian relies on is asserted.
#include <cstdlib>
#include <iostream>
#include <set>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "base/ids.h"
#include "fhir/client/fhir_client.h"
#include "fhir/client/page_scan.h"
#include "fhir/client/response.h"

namespace meridian::fhir {
namespace {

constexpr int conditions = 25;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// One of the records that the tests work with.
struct Record {
  std::string type;
  std::string id;         ///< within the transaction
  std::string body;       ///< refers to the patient as `patient`
  std::string condition;  ///< If-None-Exist
};

/// A patient and his conditions; `patient` is how the conditions refer to him.
std::vector<Record> history(const std::string& run, const std::string& patient) {
  std::vector<Record> records;
  const auto add = [&](const std::string& type, int number, const std::string& members) {
    const std::string id = "5a0f6e7c-7d55-4d6c-9c3e-0000000000" + std::to_string(10 + number);
    const std::string value = run + "-" + std::to_string(number);
    records.push_back({type, "urn:uuid:" + id,
                       R"({"resourceType":")" + type +
                           R"(","identifier":[{"system":"urn:test:history","value":")" + value +
                           R"("}],)" + members + "}",
                       "identifier=urn:test:history|" + value});
  };
  add("Patient", 0, R"("name":[{"family":"Okonkwo","given":["Ada"]}],"birthDate":"1968-04-02")");
  for (int i = 1; i <= conditions; ++i) {
    add("Condition", i,
        R"("subject":{"reference":")" + patient +
            R"("},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm",
                            "code":"M54.50"}]})");
  }
  return records;
}

std::string transaction_of(const std::vector<Record>& records) {
  std::string entries;
  for (const auto& record : records) {
    if (!entries.empty()) entries += ",";
    entries += R"({"fullUrl":")" + record.id + R"(","resource":)" + record.body +
               R"(,"request":{"method":"POST","url":")" + record.type + R"(","ifNoneExist":")" +
               record.condition + R"("}})";
  }
  return R"({"resourceType":"Bundle","type":"transaction","entry":[)" + entries + "]}";
}

class FhirServer : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ClientSettings settings;
    settings.base_url = environment("MERIDIAN_INTEROP_BASE");
    settings.ca_file = environment("MERIDIAN_INTEROP_CA");
    settings.limits.attempt = std::chrono::seconds{120};  // a cold Java server on a busy machine
    settings.limits.total = std::chrono::seconds{300};
    auto made = FhirClient::create(settings);
    ASSERT_TRUE(made) << "run this by with-server";
    client = std::move(*made);
    run = new_ulid();
  }
  static void TearDownTestSuite() { client.reset(); }

  void SetUp() override { ASSERT_TRUE(client); }

  /// Sends the history and gives the references of what there is then, patient first. A server
  /// that takes no transaction of that size gets each record by a conditional create.
  static std::vector<std::string> send_history() {
    const auto records = history(run, "urn:uuid:5a0f6e7c-7d55-4d6c-9c3e-000000000010");
    const auto answer = client->transaction(transaction_of(records), Repeat::harmless);
    EXPECT_TRUE(answer);
    if (!answer) return {};
    if (!answer->failure) return references_in(answer->body);
    EXPECT_EQ(error_row(answer->failure->code).retry, RetryClass::permanent);
    std::cout << "transaction of " << records.size() << " refused: " << answer->outcome.at(0).text
              << "\n";
    return send_one_by_one();
  }

  static std::vector<std::string> send_one_by_one() {
    std::vector<std::string> references;
    for (std::size_t i = 0; i <= conditions; ++i) {
      const auto record = history(run, i == 0 ? "" : references.front())[i];
      const auto answer = client->create(record.type, record.body, record.condition);
      EXPECT_TRUE(answer && !answer->failure);
      references.push_back(answer ? answer->reference : "");
    }
    return references;
  }

  static std::vector<std::string> references_in(const std::string& response) {
    std::vector<std::string> references;
    rapidjson::Document bundle;
    bundle.Parse(response.c_str());
    if (!bundle.IsObject() || !bundle.HasMember("entry")) return references;
    for (const auto& entry : bundle["entry"].GetArray()) {
      const auto& status = entry["response"];
      if (status.HasMember("location")) {
        references.push_back(wire::reference_in_location(status["location"].GetString()));
      } else if (entry.HasMember("resource")) {
        references.push_back(std::string(entry["resource"]["resourceType"].GetString()) + "/" +
                             entry["resource"]["id"].GetString());
      }
    }
    return references;
  }

  static std::string task_body(const std::string& id, const std::string& key,
                               const std::string& status) {
    return R"({"resourceType":"Task",)" + (id.empty() ? "" : R"("id":")" + id + R"(",)") +
           R"("identifier":[{"system":"urn:test:task","value":")" + key + R"("}],"status":")" +
           status + R"(","intent":"order"})";
  }

  static std::unique_ptr<FhirClient> client;
  static std::string run;
};

std::unique_ptr<FhirClient> FhirServer::client;
std::string FhirServer::run;

TEST_F(FhirServer, TellsWhatItCanDo) {
  const auto found = client->capabilities();
  ASSERT_TRUE(found);
  std::cout << "server: " << (*found)->software << ", FHIR " << (*found)->fhir_version << ", "
            << (*found)->types.size()
            << " types, conditional create of Task: " << (*found)->conditional_create("Task")
            << "\n";
  for (const auto& issue : client->probe()) {
    std::cout << "probe: " << issue.path << ": " << issue.text << "\n";
    EXPECT_LT(issue.severity, Severity::error);
  }
}

TEST_F(FhirServer, TakesATransactionTwiceAndKeepsOneCopy) {
  const auto first = send_history();
  ASSERT_EQ(first.size(), conditions + 1u);
  EXPECT_EQ(send_history(), first) << "a repeat of conditional creates names what is there";
}

TEST_F(FhirServer, ASearchIsCompleteWithEveryRecordOrDoesNotSaySo) {
  const auto references = send_history();
  ASSERT_FALSE(references.empty());
  for (const char* count : {"10", "100"}) {
    const auto pages =
        client->search("Condition", {{"patient", references.front()}, {"_count", count}});
    std::set<std::string> found;
    for (const auto& body : pages.bodies) {
      const auto page = wire::scan_page(body);
      found.insert(page.matches.begin(), page.matches.end());
    }
    std::cout << "search _count=" << count << ": " << pages.bodies.size() << " pages, "
              << found.size() << " records, " << completeness_name(pages.completeness) << " "
              << pages.why << "\n";
    EXPECT_FALSE(found.empty());
    EXPECT_EQ(pages.completeness == Completeness::complete, found.size() == conditions);
  }
}

TEST_F(FhirServer, ASearchWithoutMatchesIsCompleteAndEmpty) {
  const auto pages = client->search("Condition", {{"identifier", "urn:test:none|" + run}});
  EXPECT_EQ(pages.completeness, Completeness::complete) << pages.why;
  ASSERT_EQ(pages.bodies.size(), 1u);
  EXPECT_TRUE(wire::scan_page(pages.bodies[0]).matches.empty());
}

TEST_F(FhirServer, ACreateWithIfNoneExistMakesOneResource) {
  const std::string query = "identifier=urn:test:task|" + run + "-a";
  const auto first = client->create("Task", task_body("", run + "-a", "requested"), query);
  ASSERT_TRUE(first);
  ASSERT_FALSE(first->failure) << first->body;
  EXPECT_EQ(first->status, 201);
  const auto second = client->create("Task", task_body("", run + "-a", "requested"), query);
  ASSERT_TRUE(second);
  std::cout << "create: " << first->status << " then " << second->status << ", etag '"
            << first->etag << "', location '" << first->location.substr(0, 8) << "...'\n";
  EXPECT_EQ(second->status, 200);
  EXPECT_EQ(second->reference, first->reference);
  EXPECT_TRUE(first->reference.starts_with("Task/"));
}

TEST_F(FhirServer, AnUpdateOfAnOldVersionIsRefused) {
  const auto made = client->create("Task", task_body("", run + "-b", "requested"));
  ASSERT_TRUE(made);
  ASSERT_FALSE(made->failure) << made->body;
  const auto read = client->read(made->reference);
  ASSERT_TRUE(read);
  ASSERT_FALSE(read->etag.empty());
  const std::string id = made->reference.substr(5);
  const auto good =
      client->update(made->reference, task_body(id, run + "-b", "accepted"), read->etag);
  ASSERT_TRUE(good);
  EXPECT_FALSE(good->failure) << good->body;
  const auto stale =
      client->update(made->reference, task_body(id, run + "-b", "rejected"), read->etag);
  ASSERT_TRUE(stale);
  std::cout << "update: " << good->status << ", of an old version " << stale->status << "\n";
  ASSERT_TRUE(stale->failure);
  EXPECT_EQ(stale->failure->code, ErrorCode::stale);
  EXPECT_FALSE(stale->outcome.empty());
  const auto now = client->read(made->reference);
  ASSERT_TRUE(now);
  EXPECT_NE(now->body.find("accepted"), std::string::npos);
}

TEST_F(FhirServer, WhatIsNotThereIsNotFoundWithAnOutcome) {
  const auto answer = client->read("Task/no-such-" + run);
  ASSERT_TRUE(answer);
  ASSERT_TRUE(answer->failure);
  EXPECT_EQ(answer->failure->code, ErrorCode::not_found);
  ASSERT_FALSE(answer->outcome.empty());
  std::cout << "not found: " << answer->status << " " << answer->outcome[0].code << " "
            << answer->outcome[0].text << "\n";
}

TEST_F(FhirServer, WhatIsNoResourceIsRefusedForGood) {
  for (const char* body : {"{", R"({"resourceType":"Patient"})"}) {
    const auto answer = client->create("Task", body);
    ASSERT_TRUE(answer);
    ASSERT_TRUE(answer->failure) << body;
    std::cout << "refused: " << answer->status << " "
              << (answer->outcome.empty() ? "" : answer->outcome[0].text) << "\n";
    EXPECT_EQ(error_row(answer->failure->code).retry, RetryClass::permanent);
  }
}

TEST_F(FhirServer, ATransactionWithOneBadEntryIsRefusedAsAWhole) {
  const std::string key = run + "-c";
  const auto other = client->create("Task", task_body("", run + "-d", "requested"));
  ASSERT_TRUE(other && !other->failure);
  const std::string entries = R"({"resource":)" + task_body("", key, "requested") +
                              R"(,"request":{"method":"POST","url":"Task"}},{"resource":)" +
                              task_body(other->reference.substr(5), run + "-d", "accepted") +
                              R"(,"request":{"method":"PUT","url":")" + other->reference +
                              R"(","ifMatch":"W/\"9\""}})";
  const auto answer = client->transaction(
      R"({"resourceType":"Bundle","type":"transaction","entry":[)" + entries + "]}",
      Repeat::unsafe);
  ASSERT_TRUE(answer);
  const auto left = client->search("Task", {{"identifier", "urn:test:task|" + key}});
  ASSERT_FALSE(left.bodies.empty());
  const auto count = wire::scan_page(left.bodies[0]).matches.size();
  std::cout << "bad transaction: " << answer->status << ", left behind: " << count << "\n";
  EXPECT_TRUE(answer->failure);
  const auto can = client->capabilities();
  ASSERT_TRUE(can);
  if ((*can)->system_interactions.contains("transaction")) {
    EXPECT_EQ(count, 0u);
  }
}

}  // namespace
}  // namespace meridian::fhir
