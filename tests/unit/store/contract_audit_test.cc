// SPDX-License-Identifier: Apache-2.0
// The audit chain as far as every database has it.
#include <gtest/gtest.h>

#include "unit/store/contract.h"

namespace meridian::store {
namespace {

class StoreAudit : public Contract {
 protected:
  void note(const std::string& object) {
    Changes changes;
    changes.audits.push_back({"PatientRead", "engine", object, "success"});
    apply(store(), changes);
  }
};
INSTANTIATE_TEST_SUITE_P(All, StoreAudit, testing::ValuesIn(openers()), opener_name);

TEST_P(StoreAudit, ChainsEveryEntry) {
  EXPECT_EQ(*store().verify_audit(), 0);
  note("a");
  note("b");
  reopen();
  note("c");
  EXPECT_EQ(*store().verify_audit(), 3);
  const auto rows = *store().audit(2);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].number, 3);
  EXPECT_EQ(rows[0].object, "c");
  EXPECT_EQ(rows[0].event, "PatientRead");
  EXPECT_EQ(rows[0].at, clock().now());
  EXPECT_EQ(rows[1].object, "b");
}

TEST_P(StoreAudit, SignsTheHead) {
  const auto before = *store().audit_head();
  note("a");
  const auto after = *store().audit_head();
  EXPECT_EQ(before.count, 0);
  EXPECT_EQ(after.count, 1);
  EXPECT_NE(before.mac, after.mac);
  EXPECT_NE(before.signature, after.signature);
  EXPECT_EQ(after.signature.size(), 64u);
}

TEST_P(StoreAudit, LeavesNoGapWhereAnOperationFailed) {
  note("a");
  Changes changes;
  changes.audits.push_back({"PatientRead", "engine", "undone", "success"});
  changes.audits.push_back({"PatientRead", "engine", "undone too", "success"});
  ASSERT_TRUE(store().accept(a_message("1", "body"), {}));
  EXPECT_FALSE(store().accept(a_message("1", "other body"), changes));
  WorkItem lost;
  lost.number = 99;
  EXPECT_FALSE(store().finish_work(lost, changes));
  note("b");
  EXPECT_EQ(*store().verify_audit(), 2);
}

}  // namespace
}  // namespace meridian::store
