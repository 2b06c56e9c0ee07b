// SPDX-License-Identifier: Apache-2.0
// A sender's trace goes with its message: to the gather, the look and the delivery that follow.
#include "flow/traces.h"

#include <set>

#include <gtest/gtest.h>

#include "unit/flow/bench.h"

namespace meridian::flow {
namespace {

const std::string first_id = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string second_id = "0af7651916cd43dd8448eb211c80319c";

/// Which stages were passed for which trace.
class Stages : public StageObserver {
 public:
  void passed(Stage stage, Literal, std::chrono::nanoseconds) override {
    seen.insert({stage, current_trace() ? current_trace()->id : "none"});
  }
  void failed(Stage, ErrorCode, std::chrono::nanoseconds) override {}
  bool has(Stage stage, const std::string& id) const { return seen.contains({stage, id}); }

  std::set<std::pair<Stage, std::string>> seen;
};

TEST(Traces, GoWithTheMessageToAllThatFollows) {
  Stages stages;
  Bench bench;
  bench.core->stages = &stages;
  {
    const TraceScope scope(Trace{first_id, true});
    ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  }
  bench.run();
  ASSERT_EQ(bench.state(), "delivered");
  for (const auto stage :
       {Stage::commit, Stage::gather, Stage::assess, Stage::send, Stage::settle}) {
    EXPECT_TRUE(stages.has(stage, first_id)) << stage_name(stage);
  }
  EXPECT_FALSE(stages.has(Stage::send, "none"));
  EXPECT_EQ(current_trace(), nullptr);
}

TEST(Traces, ALaterMessageHasItsOwn) {
  Stages stages;
  Bench bench;
  bench.core->stages = &stages;
  ASSERT_TRUE(bench.submit("ehr", "1", bundle({patient(), back_pain(), order()})));
  bench.run();
  EXPECT_TRUE(stages.has(Stage::send, "none")) << "nobody traced the order";
  stages.seen.clear();
  {
    const TraceScope scope(Trace{second_id, false});
    ASSERT_TRUE(
        bench.submit("willow", "2", bundle({task(bench.only_referral().id.str(), "accepted", 1)})));
  }
  bench.run();
  EXPECT_EQ(bench.state(), "accepted");
  EXPECT_TRUE(stages.has(Stage::send, second_id)) << "the status that the surgeon gets";
}

}  // namespace
}  // namespace meridian::flow
