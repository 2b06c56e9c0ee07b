// SPDX-License-Identifier: Apache-2.0
// Medplum: ids are its own, so an update of what is not there is no create; what is not in the
// standard is refused.
#include <gtest/gtest.h>

#include "fhir/exchange/fhir_sender.h"
#include "fhir/read/reader.h"
#include "unit/fhir_exchange/letters.h"
#include "unit/fhir_vendors/vendor.h"

namespace meridian::fhir {
namespace {

using test::json;
using test::outcome;
using test::Reply;
using test::Seen;

sandbox::ServerSettings medplum_settings() {
  sandbox::ServerSettings settings;
  settings.update_creates = false;
  return settings;
}

/// True for an empty list, object or text anywhere: Medplum's validator refuses them, as FHIR does
/// (http://hl7.org/fhir/R4/json.html: arrays and objects are never empty).
bool has_empty(const sandbox::Json& json) {
  if ((json.is_array() || json.is_object()) && json.size() == 0) return true;
  if (json.is_string() && json.text().empty()) return true;
  for (const auto& item : json.items()) {
    if (has_empty(item)) return true;
  }
  return false;
}

class Medplum : public test::Vendor {
 public:
  Medplum() : Vendor("medplum", medplum_settings()) {
    instead = [this](const Seen& seen) -> std::optional<Reply> {
      const auto whose = test::asked(seen)["patient"];
      if (!whose.empty() && !whose.starts_with("Patient/")) {
        return json(200, R"({"resourceType":"Bundle","type":"searchset","total":0})");
      }
      if (seen.body.empty() || seen.body.front() != '{') return std::nullopt;
      const auto body = sandbox::Json::parse(seen.body);
      if (body && !has_empty(*body)) return std::nullopt;
      ++refused;
      return json(400, outcome("error", "structure"));
    };
  }
  int refused = 0;
};

TEST(Medplum, APacketAndWhatFollowsAreTakenAndMakeNothingTwice) {
  Medplum medplum;
  const auto client = medplum.client();
  FhirSender sender(*client);
  for (const char* name : {"packet-for-a-clinic", "cancelled-before-the-start"}) {
    for (int i = 0; i < 2; ++i) {
      const auto sent = sender.send(*test::render_case(test::render_cases() / name), i > 0);
      if (std::string(name) == "packet-for-a-clinic") {
        ASSERT_TRUE(sent) << sent.error().what.view();
        EXPECT_TRUE(sent->reference.starts_with("Task/"));
      }
    }
  }
  EXPECT_EQ(medplum.count("Task"), 1U);
  EXPECT_EQ(medplum.refused, 0);
}

TEST(Medplum, AStatusIsCreatedAndThenUpdatedUnderItsOwnId) {
  Medplum medplum;
  medplum.admit_patient("p-204", "sr-88");
  const auto client = medplum.client();
  FhirSender sender(*client);
  for (const auto& [status, word] :
       {std::pair{"received", "delivered"}, {"accepted", "accepted"}}) {
    const auto letter = test::status_letter(status, word, "ServiceRequest/sr-88", "Patient/p-204");
    const auto sent = sender.send(letter, false);
    ASSERT_TRUE(sent) << sent.error().what.view();
  }
  EXPECT_EQ(medplum.count("Task?status=accepted"), 1U);
  EXPECT_EQ(medplum.count("Task"), 1U);
  EXPECT_EQ(medplum.refused, 0);
  // What it refuses: an id of our choice.
  const auto put = client->update("Task/ours", R"({"resourceType":"Task","id":"ours"})");
  EXPECT_TRUE(put->failure);
}

/// Its in-memory repository finds nothing for a bare id, and says so with 200.
TEST(Medplum, ARecordIsAskedForByAReferenceWithItsType) {
  Medplum medplum;
  medplum.admit_patient();
  const auto gathered = medplum.gather();
  ASSERT_TRUE(gathered);
  const auto records = read_fhir(gathered->facts.bytes);
  ASSERT_TRUE(records);
  EXPECT_EQ(records->observations.size(), 1U);
  EXPECT_EQ(records->procedures.size(), 1U);
  const auto bare = medplum.client()->search("Observation", {{"patient", "p1"}});
  EXPECT_NE(bare.bodies.at(0).find(R"("total":0)"), std::string::npos) << bare.bodies.at(0);
}

}  // namespace
}  // namespace meridian::fhir
