// SPDX-License-Identifier: Apache-2.0
// A site with such servers: what check says of its tables and of what each server can do, and what
// the runtime notices from one start to the next.
#include "host/site.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "host/adapters.h"
#include "host/config.h"
#include "host/open_patients.h"
#include "host/server_statements.h"
#include "unit/fhir_vendors/vendor.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;
using test::json;
using test::Reply;
using test::Seen;
using test::Vendor;

class VendorSite : public ::testing::Test {
 protected:
  VendorSite() { fs::create_directories(folder_); }
  ~VendorSite() override { fs::remove_all(folder_); }

  Config config(const std::string& hospital) const {
    Issues issues;
    auto config =
        read_config("[http]\nlisten = \"127.0.0.1:0\"\n[[hospital]]\nid = \"hill\"\n" + hospital,
                    "site.toml", folder_.string(), issues);
    for (const auto& issue : issues) ADD_FAILURE() << issue.text;
    return config;
  }
  static std::string of(const Vendor& vendor) {
    return "fhir = \"" + vendor.base() + "\"\ndialect = \"" + vendor.dialect().id + "\"\n";
  }
  static std::string texts(const Issues& issues) {
    std::string all;
    for (const auto& issue : issues)
      all += std::string(severity_name(issue.severity)) + ": " + issue.text + "\n";
    return all;
  }
  /// A /metadata that lists these, "Task read,update".
  static void state(Vendor& vendor, const std::string& types) {
    vendor.instead = [types](const Seen& seen) -> std::optional<Reply> {
      if (test::asked(seen).type != "metadata") return std::nullopt;
      return json(200, R"({"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":)"
                       R"([{"mode":"server","resource":[)" +
                           types + "]}]}");
    };
  }
  static std::string type(const std::string& name, const std::vector<std::string>& interactions) {
    std::string list;
    for (const auto& one : interactions) {
      list += (list.empty() ? "" : ",") + std::string(R"({"code":")") + one + R"("})";
    }
    return R"({"type":")" + name + R"(","interaction":[)" + list + "]}";
  }

  fs::path folder_ = fs::temp_directory_path() / ("vendor_site_" + new_ulid());
};

TEST_F(VendorSite, AServerThatSaysItIsOfADialectOfItsOwnIsNotSpokenToInAnother) {
  Vendor server("r4");
  const auto says = [&](const std::string& software) {
    server.instead = [software](const Seen& seen) -> std::optional<Reply> {
      if (test::asked(seen).type != "metadata") return std::nullopt;
      return json(200, R"({"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","software":)"
                       R"({"name":")" +
                           software +
                           R"(","version":"4.5.2"},"rest":[{"mode":"server","resource":)"
                           R"([{"type":"Task","interaction":[{"code":"read"}]}]}]})");
    };
    return texts(probe(config("fhir = \"" + server.base() + "\"\n")));
  };
  EXPECT_EQ(says("Another Server").find("says that this is"), std::string::npos);
  EXPECT_NE(says("medplum").find("warning: /metadata says that this is medplum 4.5.2, and dialect "
                                 "is \"r4\"; set dialect = \"medplum\""),
            std::string::npos)
      << says("medplum");
  Vendor medplum("medplum");
  medplum.instead = server.instead;
  EXPECT_EQ(texts(probe(config(of(medplum)))).find("says that this is"), std::string::npos);
}

TEST_F(VendorSite, WhatDoesNotGoWithADialectIsAFaultOfTheTable) {
  const std::string smart =
      "auth = \"smart\"\nclient_id = \"m\"\nkey_file = \"k\"\nkey_id = \"1\"\n";
  const Vendor ecw("ecw");
  const auto wrong = texts(probe(config(of(ecw) + smart + "algorithm = \"ES384\"\n")));
  EXPECT_NE(wrong.find("does not sign in with ES384; set algorithm = \"RS384\""),
            std::string::npos);
  EXPECT_NE(wrong.find("must not be asked for system/Group.read"), std::string::npos)
      << "the default, system/*.rs, asks for it too";
  const auto right = texts(probe(config(of(ecw) + smart + "scopes = \"system/Patient.rs\"\n")));
  EXPECT_EQ(right.find("must not be asked"), std::string::npos) << right;

  const Vendor athena("athena");
  const auto practice = texts(probe(config(of(athena))));
  EXPECT_NE(practice.find("add practice ="), std::string::npos) << practice;
  const auto named =
      texts(probe(config(of(athena) + "practice = \"Organization/a-1.Practice-7\"\n")));
  EXPECT_EQ(named.find("add practice"), std::string::npos) << named;
}

TEST_F(VendorSite, AServerThatTakesNothingBackIsNamed) {
  Vendor ecw("ecw");
  state(ecw, type("Patient", {"read"}) + "," + type("DocumentReference", {"read", "search-type"}));
  EXPECT_NE(texts(probe(config(of(ecw)))).find("nothing can be written back"), std::string::npos);
  const auto told =
      texts(probe(config(of(ecw) + "mllp = \"ehr.example:2575\"\n"
                                   "[[mllp]]\nlisten = \"127.0.0.1:0\"\nsource = \"hill\"\n")));
  EXPECT_EQ(told.find("nothing can be written back"), std::string::npos) << told;

  Vendor oracle("oracle");
  state(oracle, type("Communication", {"create"}));
  EXPECT_NE(texts(probe(config(of(oracle)))).find("add writes_as"), std::string::npos);
  const auto signed_by = texts(probe(config(of(oracle) + "writes_as = \"Practitioner/5\"\n")));
  EXPECT_EQ(signed_by.find("writes_as"), std::string::npos);
  EXPECT_EQ(signed_by.find("nothing can be written back"), std::string::npos) << signed_by;

  Vendor athena("athena");
  state(athena, type("DocumentReference", {"read", "search-type"}));
  const std::string practice = "practice = \"Organization/a-1.Practice-7\"\n";
  const auto nowhere = texts(probe(config(of(athena) + practice)));
  EXPECT_NE(nowhere.find("add department"), std::string::npos) << nowhere;
  const auto filed = texts(probe(config(of(athena) + practice + "department = \"21\"\n")));
  EXPECT_EQ(filed.find("department"), std::string::npos) << filed;
  EXPECT_EQ(filed.find("nothing can be written back"), std::string::npos) << filed;
}

TEST_F(VendorSite, TheWorkListIsWhoeverHasAnOpenReferralFromThere) {
  const Vendor epic("epic");
  auto store = open_site_store(config(of(epic)), StoreUse::run);
  ASSERT_TRUE(store);
  const auto refer = [&](const char* source, const char* patient, const char* state) {
    store::ReferralRow row;
    row.id = ReferralId(new_ulid());
    row.source = SourceId(source);
    row.order_ref = "ServiceRequest/" + row.id.str();
    row.patient_ref = patient;
    row.state = state;
    store::Changes changes;
    changes.referrals.push_back({row, 0});
    ASSERT_TRUE((*store)->apply(changes));
  };
  refer("hill", "Patient/1", "held");
  refer("hill", "Patient/1", "scheduled");
  refer("hill", "Patient/2", "closed");
  refer("dale", "Patient/3", "held");
  refer("hill", "Patient/4", "sending");
  refer("hill", "PID-1", "held");  // known by its message alone
  EXPECT_EQ(open_patients(**store, SourceId("hill")),
            (std::vector<std::string>{"Patient/1", "Patient/4"}));
}

TEST_F(VendorSite, WhatAServerLacksAndWhatChangedIsTold) {
  Vendor epic("epic");
  const auto site = config(of(epic));
  const auto start = [&](store::Store& store) {
    Issues issues;
    auto made = connect(site, {{"hospital-default", {}}}, {}, "key", issues);
    EXPECT_EQ(texts(issues), "");
    compare_statements(store, made.servers, [] { return test::fixed_now; });
    SiteView view;
    view.peers.push_back({});
    view.peers.front().id = "hill";
    show_statements(made.servers, view);
    std::string notes;
    for (const auto& note : view.peers.front().server_notes) notes += note + "\n";
    return notes;
  };
  auto store = open_site_store(site, StoreUse::run);
  ASSERT_TRUE(store) << store.error().what.view();

  const auto common = type("Patient", {"read"}) + "," + type("Condition", {"search-type"});
  state(epic, common + "," + type("Task", {"read", "search-type", "update"}));
  const auto first = start(**store);
  EXPECT_NE(first.find("Communication create"), std::string::npos) << first;
  EXPECT_EQ(first.find("Task update"), std::string::npos) << first;
  EXPECT_EQ(first.find("changed"), std::string::npos) << "nothing to compare with yet";
  EXPECT_NE(texts(probe(site)).find("warning: /metadata does not list \"Communication create\""),
            std::string::npos)
      << "and check says it";

  state(epic, common + "," + type("Communication", {"create"}));
  const auto second = start(**store);
  EXPECT_NE(second.find("/metadata changed 2026-11-20: no longer Task read"), std::string::npos)
      << second;
  EXPECT_NE(second.find("now Communication create"), std::string::npos) << second;
  EXPECT_EQ(start(**store), second) << "it stays told when nothing changes again";

  epic.instead = [](const Seen&) { return json(503, ""); };
  const auto silent = start(**store);
  EXPECT_NE(silent.find("was not read"), std::string::npos) << silent;
  EXPECT_NE(silent.find("no longer Task read"), std::string::npos) << silent;
}

}  // namespace
}  // namespace meridian::host
