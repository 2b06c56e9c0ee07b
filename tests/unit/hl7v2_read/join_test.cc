// SPDX-License-Identifier: Apache-2.0
#include "pathway/charts.h"
#include "pathway/join_charts.h"
#include "unit/hl7v2_read/read_v2.h"

namespace meridian::hl7v2 {
namespace {

std::vector<Chart> joined(const std::vector<RecordSet>& messages, Issues& issues) {
  std::vector<Chart> charts;
  for (const auto& message : messages) {
    for (auto& chart : split_charts(message).charts) charts.push_back(std::move(chart));
  }
  return join_charts(std::move(charts), issues);
}

std::string person(const std::string& numbers, const std::string& birth, const std::string& sex) {
  return "PID|1||" + numbers + "||DOE^JANE||" + birth + "|" + sex + "\r";
}

TEST(Join, ByASharedIdentifierOfANamedSystem) {
  Issues issues;
  const auto charts = joined({read("ADT^A28", person("1^^^A^MR~9^^^NHS", "19700101", "F")),
                              read("ADT^A28", person("2^^^B^MR~9^^^NHS", "1970", ""))},
                             issues);
  ASSERT_EQ(charts.size(), 1U);
  EXPECT_EQ(charts[0].patient.identifiers.size(), 3U);
  EXPECT_EQ(charts[0].patient.birth_date.reveal().text, "1970-01-01");
  EXPECT_TRUE(issues.empty());
}

TEST(Join, NeverByNameOrByANumberOfNobody) {
  Issues issues;
  EXPECT_EQ(joined({read("ADT^A28", person("1^^^A^MR~9", "19700101", "F")),
                    read("ADT^A28", person("2^^^B^MR~9", "19700101", "F"))},
                   issues)
                .size(),
            2U);
}

TEST(Join, AContradictionIsForAPerson) {
  for (const auto& other :
       {person("2^^^B^MR~9^^^NHS", "19700102", "F"), person("2^^^B^MR~9^^^NHS", "19700101", "M")}) {
    Issues issues;
    EXPECT_EQ(joined({read("ADT^A28", person("1^^^A^MR~9^^^NHS", "19700101", "F")),
                      read("ADT^A28", other)},
                     issues)
                  .size(),
              2U);
    ASSERT_EQ(issues.size(), 1U);
    EXPECT_EQ(issues[0].code, "conflict");
  }
}

TEST(Join, OfARecordTheNewestVersionCounts) {
  const auto message = [](const char* time, const char* event, const char* rest) {
    const std::string bytes = std::string("MSH|^~\\&|APP|FAC|||") + time + "||ADT^" + event + "|" +
                              time + "|P|2.5\r" + pid + "PV1|1|O|||||||||||||||||V1" + rest + "\r";
    return read_message(bytes, settings(), {"hospital", std::nullopt});
  };
  std::string start(25, '|');
  start += "20260401080000";
  const auto late = message("20260402", "A03", "");
  const auto early = message("20260401", "A01", start.c_str());
  for (const auto& order : {std::vector{early, late}, std::vector{late, early}}) {
    Issues issues;
    const auto charts = joined(order, issues);
    ASSERT_EQ(charts.size(), 1U);
    ASSERT_EQ(charts[0].records.encounters.size(), 1U);
    EXPECT_EQ(charts[0].records.encounters[0].status, "finished");
    EXPECT_EQ(charts[0].records.encounters[0].period.start.text, "2026-04-01T08:00:00");
  }
}

}  // namespace
}  // namespace meridian::hl7v2
