// SPDX-License-Identifier: Apache-2.0
// A course of acupuncture at a clinic, as the daily look sees it in the hospital's record.
#include <algorithm>

#include <gtest/gtest.h>

#include "unit/flow/reviewed.h"

namespace meridian::flow {
namespace {

std::string procedure(const std::string& id, const std::string& code, const std::string& day,
                      const std::string& status = "completed") {
  return R"({"resourceType":"Procedure","id":")" + id + R"(","status":")" + status +
         R"(","subject":{"reference":"Patient/alder"},
    "code":{"coding":[{"system":"http://snomed.info/sct","code":")" +
         code + R"("}]},"performedDateTime":")" + day + R"("})";
}

std::string needled(const std::string& id, const std::string& day) {
  return procedure(id, "44868003", day);
}

std::string pain(const std::string& id, const std::string& value, const std::string& day) {
  return R"({"resourceType":"Observation","id":")" + id +
         R"(","status":"final","subject":{"reference":"Patient/alder"},
    "code":{"coding":[{"system":"http://loinc.org","code":"72514-3"}]},
    "effectiveDateTime":")" +
         day + R"(","valueQuantity":{"value":)" + value + "}}";
}

/// Visits on the first four days after the release.
std::vector<std::string> four_visits() {
  return {back_pain(), needled("v1", "2026-11-21"), needled("v2", "2026-11-22"),
          needled("v3", "2026-11-23"), needled("v4", "2026-11-24")};
}

class AtTheClinic : public Reviewed {
 protected:
  /// Five days later, with this in the record.
  void look_at(const std::vector<std::string>& resources) {
    record(resources);
    for (int i = 0; i < 5; ++i) look();
  }
};

TEST_F(AtTheClinic, ACheckPointThatIsDueIsARowOfAWorklistAndToldOnce) {
  accept();
  auto resources = four_visits();
  look_at(resources);
  EXPECT_EQ(bench_.state(), "accepted");
  EXPECT_EQ(worklist(), "check-point-due");
  EXPECT_EQ(bench_.only_referral().owner, "clinic");
  const auto& sent = bench_.clinic->sent;
  EXPECT_EQ(std::count_if(sent.begin(), sent.end(),
                          [](const auto& letter) {
                            return has(letter.bytes, "new: no score was taken") &&
                                   has(letter.bytes, "[rule course.K1, source AETNA]");
                          }),
            1)
      << last_to_clinic();
  EXPECT_TRUE(news_to_hospital().empty()) << "a score that is due stops nothing";

  resources.push_back(pain("before", "7", "2026-11-20"));
  resources.push_back(pain("after", "4", "2026-11-24"));
  look_at(resources);
  EXPECT_EQ(worklist(), "awaiting-booking") << "measured, and improved";
}

/// Two visits as the clinic's own records have them, in its message; for another patient of it too.
std::string visits_of_the_clinic(const std::string& referral) {
  const auto visit = [](const char* id, const char* patient, const char* day) {
    return std::string(R"({"resourceType":"Encounter","id":")") + id +
           R"(","status":"finished","class":{"code":"AMB"},
      "type":[{"coding":[{"system":"http://snomed.info/sct","code":"44868003"}]}],
      "subject":{"reference":"Patient/)" +
           patient + R"("},"period":{"start":")" + day + R"("}})";
  };
  return bundle({task(referral, "in-progress", 3, "visit-complete"), visit("e1", "9", "2026-11-21"),
                 visit("e2", "9", "2026-11-22"), visit("e3", "10", "2026-11-23")});
}

TEST_F(AtTheClinic, VisitsThatOnlyTheClinicTellsOfAreCounted) {
  accept();
  record({back_pain(), needled("v1", "2026-11-21")});
  for (int i = 0; i < 3; ++i) look();
  EXPECT_TRUE(has(bench_.only_referral().assessment, R"("ledger":{"used":1,)"));
  ASSERT_TRUE(bench_.submit("willow", "3", visits_of_the_clinic(id_)));
  bench_.run();
  look();
  const auto& assessment = bench_.only_referral().assessment;
  EXPECT_TRUE(has(assessment, R"("ledger":{"used":2,)")) << assessment;
  EXPECT_TRUE(has(assessment, "Encounter/e2@willow")) << "of a day that the hospital knows: one";
  EXPECT_FALSE(has(assessment, "Encounter/e3@willow")) << "somebody else's";
}

TEST_F(AtTheClinic, ScoresThatOnlyTheClinicTellsOfAreOfTheCourse) {
  accept();
  look_at(four_visits());
  ASSERT_EQ(worklist(), "check-point-due");
  const auto at_the_clinic = [](std::string score, const char* patient) {
    const std::string here = "Patient/alder";
    return score.replace(score.find(here), here.size(), std::string("Patient/") + patient);
  };
  ASSERT_TRUE(bench_.submit("willow", "3",
                            bundle({task(id_, "in-progress", 3, "visit-complete"),
                                    at_the_clinic(pain("before", "7", "2026-11-20"), "9"),
                                    at_the_clinic(pain("after", "4", "2026-11-24"), "9"),
                                    at_the_clinic(pain("of-another", "10", "2026-11-25"), "10")})));
  bench_.run();
  look();
  const auto& assessment = bench_.only_referral().assessment;
  EXPECT_TRUE(has(assessment, "Observation/after@willow")) << assessment;
  EXPECT_FALSE(has(assessment, "of-another"));
  EXPECT_NE(worklist(), "check-point-due") << "measured, and improved";
}

TEST_F(AtTheClinic, GettingWorseOpensTheDecisionAgain) {
  accept();
  auto resources = four_visits();
  resources.push_back(pain("before", "4", "2026-11-20"));
  resources.push_back(pain("after", "7", "2026-11-24"));
  look_at(resources);
  EXPECT_EQ(worklist(), "decision-reopened");
  EXPECT_TRUE(has(last_to_clinic(), "do not treat before the referring surgeon"))
      << last_to_clinic();
  ASSERT_EQ(news_to_hospital().size(), 1u);
  EXPECT_TRUE(has(news_to_hospital()[0], "the course of acupuncture stops, worse"))
      << news_to_hospital()[0];
}

TEST_F(AtTheClinic, AnOperationThatIsPlannedHoldsTheCourse) {
  accept();
  look_at({back_pain(), needled("v1", "2026-11-21"),
           procedure("fusion", "50172003", "2026-12-20", "preparation")});
  EXPECT_EQ(worklist(), "decision-reopened");
  ASSERT_EQ(news_to_hospital().size(), 1u);
  EXPECT_TRUE(has(news_to_hospital()[0], "[rule course.H1, source SELF]")) << news_to_hospital()[0];
}

TEST_F(AtTheClinic, ASeriousAdverseEventTakesTheWayOfTheAlert) {
  accept();
  record({back_pain(), needled("v1", "2026-11-12"), condition("ptx", "J93.9")});
  look();
  EXPECT_EQ(bench_.state(), "accepted") << "of 10 November, before the first visit";
  record({back_pain(), needled("v0", "2026-11-09"), needled("v1", "2026-11-12"),
          condition("ptx", "J93.9")});
  look();
  EXPECT_EQ(bench_.state(), "emergency");
}

}  // namespace
}  // namespace meridian::flow
