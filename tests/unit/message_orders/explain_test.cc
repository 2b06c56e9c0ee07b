// SPDX-License-Identifier: Apache-2.0
// How a decision about an order by HL7 v2 came about, in plain words.
#include "flow/explain.h"

#include <gtest/gtest.h>

#include "flow/sign_off.h"
#include "unit/flow/golden_text.h"
#include "unit/message_orders/hospital.h"
#include "unit/web/browser.h"

namespace meridian::flow {
namespace {

/// No history is there; a named person signs that off.
TEST(ExplainedMessages, FromAHospitalThatHasNoRecordToRead) {
  MessageHospital bench(MessageHospital::Record::none);
  bench.core->settings.content = "0123456789abcdef";
  bench.core->settings.build = "test";
  ASSERT_TRUE(bench.hear("I-1", referral(no_to_all())));
  bench.run();
  ASSERT_EQ(bench.state(), "held");
  bench.pass(std::chrono::minutes(1));
  const auto ticket = current_sign_off(bench.row());
  ASSERT_TRUE(ticket);
  test::ask(*bench.desk, "POST", bench.core->sign_off_link(*ticket),
            "rule=history.not-available&by=Dr.+I.+Varga&role=surgeon&reason=all+asked");
  bench.run();
  ASSERT_EQ(bench.state(), "delivered") << bench.row().decision;
  const auto id = bench.row().id;
  const auto support = explain(*bench.core, id, false);
  const auto clinician = explain(*bench.core, id, true);
  ASSERT_TRUE(support && clinician);
  test::expect_golden(*support, "v2-hospital/support.txt");
  test::expect_golden(*clinician, "v2-hospital/clinician.txt");
  for (const char* secret : {"Abara", "ABARA", "40023", "all asked", "Other low back pain"}) {
    EXPECT_EQ(support->find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace meridian::flow
