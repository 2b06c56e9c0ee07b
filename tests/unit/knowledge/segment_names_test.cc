// SPDX-License-Identifier: Apache-2.0
// The names of segments and fields, as meridian hl7 show prints them.
#include "knowledge/segment_names.h"

#include <gtest/gtest.h>

namespace meridian {
namespace {

TEST(SegmentNames, EachSegmentThatReferralsTravelInHasANameAndOneForEachFieldFromTheFirst) {
  const auto names = load_segment_names();
  for (const char* segment :
       {"MSH", "MSA", "ERR", "EVN", "PID", "PD1", "NK1", "PV1", "PV2", "RF1", "PRD", "CTD", "AUT",
        "DG1", "PR1", "ORC", "OBR", "OBX", "NTE", "TXA", "SCH", "RGS", "AIS", "AIG", "AIL", "AIP",
        "GT1", "IN1", "IN2", "AL1", "MRG", "SPM", "TQ1", "SFT", "BHS", "BTS", "FHS", "FTS"}) {
    const std::string name = segment;
    EXPECT_TRUE(names.contains(name)) << name;
    std::size_t fields = 0;
    for (auto at = names.lower_bound(name + '-');
         at != names.end() && at->first.starts_with(name + '-'); ++at) {
      EXPECT_FALSE(at->second.empty()) << at->first;
      ++fields;
    }
    EXPECT_GT(fields, 1U) << name;
    EXPECT_TRUE(names.contains(name + '-' + std::to_string(fields))) << name << ": a gap";
  }
}

TEST(SegmentNames, AreThoseOfTheStandard) {
  const auto names = load_segment_names();
  EXPECT_EQ(names.at("PID"), "Patient Identification");
  EXPECT_EQ(names.at("PID-3"), "Patient Identifier List");
  EXPECT_EQ(names.at("RF1-6"), "Originating Referral Identifier");
  EXPECT_EQ(names.at("IN1-49"), "Insured's ID Number");
  EXPECT_FALSE(names.contains("ZPI"));
}

}  // namespace
}  // namespace meridian
