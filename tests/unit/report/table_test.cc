// SPDX-License-Identifier: Apache-2.0
#include "report/table.h"

#include <gtest/gtest.h>

namespace meridian::report {
namespace {

TEST(Table, HasAColumnForEachPlainMemberAndARowForEachObject) {
  EXPECT_EQ(table({R"({"number":7,"to":"willow","open":true})",
                   R"({"number":12,"to":"Z\u00fcrich","list":[1],"why":"down"})"}),
            "number  to      open  why\n"
            "7       willow  yes\n"
            "12      Z\u00fcrich        down\n");
  EXPECT_EQ(table({}), "");
}

TEST(Lines, ShowEverythingOfOneObject) {
  EXPECT_EQ(lines(R"({"id":"A","done":false,"events":[{"kind":"sent"}],"reasons":["RF01"]})"),
            "id: A\n"
            "done: no\n"
            "events:\n"
            "  -\n"
            "    kind: sent\n"
            "reasons:\n"
            "  - RF01\n");
}

}  // namespace
}  // namespace meridian::report
