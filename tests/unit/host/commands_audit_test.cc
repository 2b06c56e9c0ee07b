// SPDX-License-Identifier: Apache-2.0
// audit export: what each kind of entry becomes, from when to when, and beside a running store.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "host/commands.h"
#include "host/site.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class AuditExport : public testing::Test {
 protected:
  AuditExport() {
    fs::create_directories(folder_);
    std::ofstream(command_.config)
        << "[site]\nname = \"Tamarack Ridge\"\nnode = \"node-1\"\n"
           "[[hospital]]\nid = \"ridge\"\n"
           "fhir = \"https://ehr.ridge.example/r4\"\n"
           "[[clinic]]\nid = \"willow\"\nmllp = \"v2.willow.example:2575\"\n";
    Issues issues;
    store_ = *open_site_store(load_config(command_.config, issues), StoreUse::run);
    store::ReferralRow row;
    row.id = referral_;
    row.source = SourceId("ridge");
    row.patient_ref = "Patient/alder";
    store::Changes changes;
    changes.referrals.push_back({row, 0});
    EXPECT_TRUE(store_->apply(changes));
  }
  ~AuditExport() override { fs::remove_all(folder_); }

  void note(const std::string& event, const std::string& actor, const std::string& object,
            const std::string& outcome = "success") {
    store::Changes changes;
    changes.audits.push_back({event, actor, object, outcome});
    ASSERT_TRUE(store_->apply(changes));
  }
  std::vector<std::string> exported(const std::string& from = "", const std::string& to = "") {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    status_ = export_audit(command_, from, to);
    said_ = testing::internal::GetCapturedStderr();
    std::istringstream text(testing::internal::GetCapturedStdout());
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }
  /// The only line there is.
  std::string one() {
    const auto lines = exported();
    EXPECT_EQ(lines.size(), 1u) << said_;
    return lines.empty() ? "" : lines[0];
  }

  const std::string folder_ = fs::temp_directory_path() / ("meridian-audit-" + new_ulid());
  SiteCommand command_{.config = folder_ + "/site.toml", .by = "Ada"};
  ReferralId referral_{new_ulid()};
  std::unique_ptr<store::Store> store_;
  int status_ = -1;
  std::string said_;
};

TEST_F(AuditExport, TellsThatAClinicWasSentAPatientsRecord) {
  note("PrivacyDisclosure.Source", "willow", referral_.str());
  const auto line = one();
  rapidjson::Document event;
  ASSERT_FALSE(event.Parse(line.c_str()).HasParseError()) << line;
  EXPECT_STREQ(event["id"].GetString(), "node-1-1");
  EXPECT_TRUE(has(event["meta"]["profile"][0].GetString(), "PrivacyDisclosure.Source"));
  EXPECT_STREQ(event["action"].GetString(), "R");
  EXPECT_STREQ(event["outcome"].GetString(), "0");
  const auto& agents = event["agent"];
  ASSERT_EQ(agents.Size(), 2u);
  EXPECT_STREQ(agents[0]["who"]["display"].GetString(), "willow");
  EXPECT_STREQ(agents[0]["type"]["coding"][0]["display"].GetString(), "Destination Role ID");
  EXPECT_STREQ(agents[0]["network"]["address"].GetString(), "v2.willow.example:2575");
  // BALP, invariant val-audit-source: the source agent is who observed.
  EXPECT_EQ(agents[1]["who"], event["source"]["observer"]);
  EXPECT_STREQ(agents[1]["type"]["coding"][0]["display"].GetString(), "Source Role ID");
  EXPECT_TRUE(agents[1]["network"].HasMember("_address"));
  ASSERT_EQ(event["entity"].Size(), 2u);
  EXPECT_STREQ(event["entity"][0]["role"]["display"].GetString(), "Patient");
  EXPECT_EQ(event["entity"][1]["what"]["identifier"]["value"].GetString(), referral_.str());
  EXPECT_FALSE(has(line, "alder"));
}

TEST_F(AuditExport, TellsWhoseRecordWasReadByWhom) {
  note("PatientRead", "node-1", referral_.str());
  auto line = one();
  EXPECT_TRUE(has(line, "IHE.BasicAudit.PatientRead")) << line;
  EXPECT_TRUE(has(line, R"({"display":"ridge"})")) << line;
  EXPECT_TRUE(has(line, R"("address":"https://ehr.ridge.example/r4","type":"5")")) << line;

  note("PatientRead.reason", "Ada", referral_.str() + "/12", "a call of the clinic");
  const auto lines = exported();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(has(lines[1], R"("outcome":"0","outcomeDesc":"a call of the clinic")")) << lines[1];
  EXPECT_TRUE(has(lines[1], R"("who":{"display":"Ada"},"requestor":true)")) << lines[1];
}

TEST_F(AuditExport, ClaimsAProfileOnlyWhereItHolds) {
  note("Referral.redirect", "Ada", referral_.str() + "/willow");
  EXPECT_TRUE(has(one(), "IHE.BasicAudit.PatientUpdate"));
  for (const auto& [event, object, outcome] :
       std::vector<std::array<std::string, 3>>{{"SignIn", "", "failure"},
                                               {"Person.locked", "person/01J", "success"},
                                               {"Peers.reconcile", "repair", "success"},
                                               {"Referral.redirect", referral_.str(), "failure"}}) {
    note(event, "Ada", object, outcome);
    const auto line = exported().back();
    EXPECT_FALSE(has(line, "profile")) << line;
    EXPECT_TRUE(has(line, "\"valueString\":\"" + event + "\"")) << line;
    EXPECT_TRUE(has(line, outcome == "failure" ? R"("outcome":"4")" : R"("outcome":"0")")) << line;
  }
}

TEST_F(AuditExport, TakesADayWholeAndAnInstantAsABound) {
  note("SignIn", "person/01J", "");
  const auto today = to_string(std::chrono::floor<std::chrono::days>(system_now()));
  EXPECT_EQ(exported(today, today).size(), 1u);
  EXPECT_EQ(exported("", "2020-01-01").size(), 0u);
  EXPECT_EQ(exported("2020-01-01").size(), 1u);
  EXPECT_EQ(exported("2020-01-01T00:00:00Z", "2020-01-02T00:00:00+01:00").size(), 0u);
  EXPECT_EQ(status_, 0);
  EXPECT_EQ(exported("yesterday").size(), 0u);
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(said_, "--from")) << said_;
}

}  // namespace
}  // namespace meridian::host
