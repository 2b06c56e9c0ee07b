// SPDX-License-Identifier: Apache-2.0
// Somebody of the surgeon's side opens the view from the EHR: then the report has been read.
#include <gtest/gtest.h>

#include "flow/funnel_groups.h"
#include "unit/flow/reviewed.h"

namespace meridian::flow {
namespace {

const Caller varga{"Dr. I. Varga", Role::clinician, "ehr", false, "Practitioner/9"};

class ReportRead : public Reviewed {
 protected:
  std::vector<SurgeonReferral> view(const std::string& patient = "Patient/alder") {
    auto seen = bench_.desk->surgeon_view(varga, patient);
    return seen ? *seen : std::vector<SurgeonReferral>();
  }
  void report() {
    ASSERT_TRUE(bench_.submit("willow", "3", bundle({task(id_, "completed", 3)})));
    bench_.run();
    ASSERT_EQ(bench_.state(), "closed");
  }
};

TEST_F(ReportRead, WhoOpensTheViewOnceTheReportIsThereHasReadIt) {
  accept();
  ASSERT_EQ(view().size(), 1u);
  EXPECT_TRUE(audits("PatientRead.report").empty()) << "there is no report yet";
  report();
  bench_.pass(hours(30));
  const auto seen = view();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].state, "closed");
  EXPECT_EQ(seen[0].version, bench_.only_referral().version);
  EXPECT_EQ(seen[0].events.front().kind, "report_read");
  EXPECT_TRUE(has(seen[0].events.front().by, "Dr. I. Varga (ehr/Practitioner/9)"));
  const auto groups = *read_funnels(*bench_.store, {.since = {}, .reading_seen_at = {"ehr"}});
  const auto& read = groups.at("from ehr")[static_cast<std::size_t>(routing::Step::read)];
  EXPECT_EQ(read.reached, 1);
  EXPECT_EQ(read.not_known, 0);
  EXPECT_EQ(read.median, hours(30));
}

TEST_F(ReportRead, IsSaidOnceAndByNobodyWhoSeesAnotherPatient) {
  accept();
  report();
  const auto version = bench_.only_referral().version;
  EXPECT_TRUE(view("Patient/birch").empty());
  EXPECT_EQ(bench_.only_referral().version, version);
  for (int i = 0; i < 3; ++i) view();
  EXPECT_EQ(audits("PatientRead.report"), std::vector<std::string>{id_});
  EXPECT_EQ(bench_.only_referral().version, version + 1);
  EXPECT_EQ(bench_.state(), "closed");
}

}  // namespace
}  // namespace meridian::flow
