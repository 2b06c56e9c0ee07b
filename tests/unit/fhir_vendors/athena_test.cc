// SPDX-License-Identifier: Apache-2.0
// athenahealth: every search names the practice; ids have dots and dashes; nothing is written by
// FHIR.
#include <gtest/gtest.h>

#include "fhir/exchange/fhir_renderer.h"
#include "fhir/read/reader.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/fhir_vendors/vendor.h"

namespace meridian::fhir {
namespace {

using test::asked;
using test::json;
using test::kind;
using test::outcome;
using test::Reply;
using test::Seen;

constexpr const char* practice = "Organization/a-1.Practice-195900";

class Athena : public test::Vendor {
 public:
  Athena() : Vendor("athena") {
    instead = [](const Seen& seen) -> std::optional<Reply> {
      const auto search = asked(seen);
      const bool searches = seen.method == "GET" && search.id.empty();
      if (searches && search["ah-practice"] != practice) {
        return json(403, outcome("error", "forbidden"));
      }
      return std::nullopt;
    };
  }
};

TEST(Athena, EverySearchNamesThePractice) {
  Athena athena;
  athena.admit_patient("a-432.E-528595", "a-432.O-7");
  auto settings = athena.settings();
  EXPECT_EQ(settings.habits.every_search, (SearchParams{{"ah-practice", "{practice}"}}));
  settings.habits.every_search = {{"ah-practice", practice}};
  const auto client = athena.client(settings);
  GathererSettings gather;
  gather.base_url = athena.base();
  gather.dialect = athena.dialect();
  GatherRequest request;
  request.patient_ref = "Patient/a-432.E-528595";
  request.order_ref = "ServiceRequest/a-432.O-7";
  const auto gathered = FhirGatherer(*client, gather).gather(request);
  ASSERT_TRUE(gathered);
  for (const auto& query : gathered->history) {
    EXPECT_EQ(query.completeness, Completeness::complete) << query.kind << " " << query.detail;
  }
  EXPECT_EQ(read_fhir(gathered->facts.bytes)->conditions.size(), 1U);
}

TEST(Athena, NothingIsWrittenByFhirAndThatIsSaid) {
  Athena athena;
  const auto found = test::read_case(test::render_cases() / "consult-note");
  ASSERT_TRUE(found);
  const auto capabilities = std::make_shared<Capabilities>(athena.dialect().expected);
  const auto rendered = FhirRenderer(capabilities).render(found->letter, found->profile);
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace meridian::fhir
