// SPDX-License-Identifier: Apache-2.0
// Somebody of the surgeon's side opens the view from the EHR: then the report has been read.
#include <gtest/gtest.h>

#include "flow/funnel_groups.h"
#include "flow/watch.h"
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

class ReportUnread : public ReportRead {
 protected:
  ReportUnread() {
    auto& settings = bench_.core->settings;
    settings.reading_seen_at = settings.reading_asked_at = {"ehr"};
  }
  void report() {
    ASSERT_TRUE(bench_.submit("willow", "3", bundle({task(id_, "completed", 3)})));
    bench_.run();
  }
  void pass_days(int days) {
    for (int i = 0; i < days; ++i) {
      bench_.pass(hours(24));
      bench_.run();
    }
  }
  int told(const std::string& words) {
    int count = 0;
    for (const auto& letter : news_to_hospital()) count += int{has(letter, words)};
    return count;
  }
};

TEST_F(ReportUnread, StaysOnAListWithAClockUntilSomebodyOpensTheView) {
  accept();
  report();
  EXPECT_EQ(bench_.state(), "unread");
  EXPECT_EQ(bench_.only_referral().owner, "surgeon");
  EXPECT_EQ(worklist(), "reports-unread");
  EXPECT_EQ(*count_unguarded(*bench_.store, 10), 0);
  pass_days(6);  // a Friday and five business days: less than that
  EXPECT_EQ(told("reminder: read the clinic's report"), 0);
  pass_days(1);
  EXPECT_EQ(told("reminder: read the clinic's report"), 1);
  EXPECT_EQ(worklist(), "reports-unread");
  pass_days(14);
  EXPECT_EQ(told("overdue: read the clinic's report"), 1);
  EXPECT_EQ(*count_unguarded(*bench_.store, 10), 0);
  const auto seen = view();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].state, "closed");
  EXPECT_EQ(bench_.state(), "closed");
  EXPECT_EQ(worklist(), "");
  const auto letters = bench_.hospital->sent.size();
  pass_days(60);
  EXPECT_EQ(bench_.hospital->sent.size(), letters) << "who has read it is left alone";
}

TEST_F(ReportUnread, WhoReadItBeforeItWasInTheRecordIsNotAskedAgain) {
  accept();
  ASSERT_TRUE(bench_.submit("willow", "3", bundle({task(id_, "completed", 3)})));
  ASSERT_EQ(bench_.state(), "reported");
  view();
  bench_.run();
  EXPECT_EQ(bench_.state(), "closed");
}

TEST_F(ReportUnread, ASiteThatChangesItsMindIsNotAskedAnyMore) {
  accept();
  report();
  ASSERT_EQ(bench_.state(), "unread");
  bench_.core->settings.reading_asked_at.clear();
  pass_days(7);
  EXPECT_EQ(bench_.state(), "closed");
  EXPECT_EQ(told("reminder"), 0);
}

TEST_F(ReportUnread, APersonMaySayThatItWasReadElsewhere) {
  accept();
  const Intervention given{"read", id_, "", "the surgeon had it in the EHR", true};
  EXPECT_TRUE(has(*bench_.operations->intervene(given, "Ada"), "refused")) << "there is no report";
  report();
  const auto clinic_letters = bench_.clinic->sent.size();
  ASSERT_TRUE(bench_.operations->intervene(given, "Ada"));
  bench_.run();
  EXPECT_EQ(bench_.state(), "closed");
  EXPECT_EQ(bench_.clinic->sent.size(), clinic_letters) << "that is nothing for the clinic";
  EXPECT_EQ(audits("Referral.read"), std::vector<std::string>{id_});
}

TEST_F(ReportUnread, HoldsNoOtherOrder) {
  accept();
  report();
  ASSERT_EQ(bench_.state(), "unread");
  ASSERT_TRUE(bench_.submit("ehr", "again", bundle({patient(), back_pain(), second_order()})));
  bench_.run();
  const auto rows = *bench_.store->referrals(10);
  ASSERT_EQ(rows.size(), 2u);
  for (const auto& row : rows) {
    if (row.id.str() == id_) continue;
    EXPECT_FALSE(has(row.decision, "repeats")) << row.decision;
  }
}

TEST_F(ReportUnread, AReportThatIsSentAgainReachesTheRecordAgain) {
  accept();
  report();
  const auto before = news_to_hospital().size();
  ASSERT_TRUE(bench_.submit("willow", "4", bundle({task(id_, "completed", 4)})));
  bench_.run();
  ASSERT_GT(news_to_hospital().size(), before);
  EXPECT_TRUE(has(news_to_hospital().back(), "note unread completed"));
  EXPECT_EQ(bench_.state(), "unread");
}

}  // namespace
}  // namespace meridian::flow
