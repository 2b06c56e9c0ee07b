// SPDX-License-Identifier: Apache-2.0
// A referral that its clinic accepted, and a record that changes afterwards.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::flow {

using std::chrono::hours;

inline std::string condition(const std::string& id, const std::string& code,
                             const std::string& verification = "confirmed", int version = 1) {
  return R"({"resourceType":"Condition","id":")" + id + R"(","meta":{"versionId":")" +
         std::to_string(version) + R"("},"subject":{"reference":"Patient/alder"},
    "clinicalStatus":{"coding":[{"code":"active"}]},
    "verificationStatus":{"coding":[{"code":")" +
         verification + R"("}]},
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":")" +
         code + R"("}]},"onsetDateTime":"2026-11-10"})";
}

inline std::string fracture(const std::string& verification = "confirmed", int version = 1) {
  return condition("fracture", "S32.010A", verification, version);
}

inline std::string cancer() {
  return condition("cancer", "C50.911");
}

inline std::string warfarin(const std::string& status = "active", int version = 1) {
  return R"({"resourceType":"MedicationRequest","id":"warfarin","meta":{"versionId":")" +
         std::to_string(version) + R"("},"status":")" + status +
         R"(","intent":"order","subject":{"reference":"Patient/alder"},
    "medicationCodeableConcept":{"coding":[
      {"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"11289"}]},
    "authoredOn":"2026-11-18"})";
}

/// The screen of the release, taken back.
inline std::string screen_taken_back(Instant at) {
  auto json = answers(at);
  json.replace(json.find("completed"), 9, "entered-in-error");
  return json;
}

class Reviewed : public testing::Test {
 protected:
  Reviewed() {
    for (auto& peer : bench_.peers.list) {
      peer->profile = bench_.knowledge.field_profiles.at("clinic-default");
    }
    screen_ = answers(bench_.now);
  }

  /// The record now holds this beside the patient, the order and what was answered at the release.
  void record(const std::vector<std::string>& resources) {
    auto all = std::vector<std::string>{patient(), order(), screen_};
    all.insert(all.end(), resources.begin(), resources.end());
    bench_.history->facts = bundle(all);
  }

  void accept() {
    record({back_pain()});
    ASSERT_TRUE(bench_.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
    bench_.run();
    ASSERT_EQ(bench_.state(), "delivered");
    id_ = bench_.only_referral().id.str();
    ASSERT_TRUE(bench_.submit("willow", "2", bundle({task(id_, "accepted", 2)})));
    bench_.run();
    ASSERT_EQ(bench_.state(), "accepted");
    ASSERT_EQ(bench_.clinic->sent.size(), 1u);
    told_ = bench_.hospital->sent.size();
  }

  /// A day passes, and the timer looks.
  void look() {
    bench_.pass(hours(24));
    bench_.run();
  }

  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  const std::string& last_to_clinic() { return bench_.clinic->sent.back().bytes; }
  /// What the hospital was told since the clinic accepted.
  std::vector<std::string> news_to_hospital() {
    std::vector<std::string> news;
    for (auto i = told_; i < bench_.hospital->sent.size(); ++i) {
      news.push_back(bench_.hospital->sent[i].bytes);
    }
    return news;
  }
  std::string worklist() { return bench_.only_referral().worklist; }

  std::vector<std::string> audits(const std::string& event) {
    std::vector<std::string> found;
    const auto entries = bench_.store->audit(1000);
    for (const auto& entry : *entries) {
      if (entry.event == event) found.push_back(entry.object);
    }
    return found;
  }

  Bench bench_;
  std::string screen_;
  std::string id_;
  std::size_t told_ = 0;
};

}  // namespace meridian::flow
