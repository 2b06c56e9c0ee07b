// SPDX-License-Identifier: Apache-2.0
// HAPI FHIR: pages behind _getpages that expire with 410; an answer from its memory unless told
// otherwise.
#include <gtest/gtest.h>

#include "fhir/read/reader.h"
#include "unit/fhir_vendors/vendor.h"

namespace meridian::fhir {
namespace {

using test::asked;
using test::json;
using test::kind;
using test::outcome;
using test::Reply;
using test::Seen;

class Hapi : public test::Vendor {
 public:
  Hapi() : Vendor("r4") {
    admit_patient();
    instead = [this](const Seen& seen) -> std::optional<Reply> {
      if (seen.method == "GET" && seen.headers.count("cache-control") == 0) ++from_memory;
      if (!asked(seen).has("_getpages") || pages_to_expire == 0) return std::nullopt;
      --pages_to_expire;
      return json(410, outcome("error", "processing"));
    };
  }
  int pages_to_expire = 0;
  int from_memory = 0;
};

TEST(Hapi, PagesThatExpiredAreAskedForAnewOnce) {
  for (const int times : {1, 2}) {
    Hapi hapi;
    for (const char* id : {"c1", "c2"}) {
      hapi.put(R"({"resourceType":"Condition","id":")" + std::string(id) +
               R"(","subject":{"reference":"Patient/p1"}})");
    }
    hapi.pages_to_expire = times;
    const auto gathered = hapi.gather("p1", "s1", 1);
    const auto found = read_fhir(gathered->facts.bytes)->conditions.size();
    EXPECT_EQ(kind(*gathered, "conditions").completeness,
              times == 1 ? Completeness::complete : Completeness::partial);
    EXPECT_EQ(found, times == 1 ? 3U : 1U);
  }
}

TEST(Hapi, EveryReadAsksForWhatIsNew) {
  Hapi hapi;
  ASSERT_TRUE(hapi.gather());
  EXPECT_EQ(hapi.from_memory, 0);
}

}  // namespace
}  // namespace meridian::fhir
