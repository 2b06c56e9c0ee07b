// SPDX-License-Identifier: Apache-2.0
// The commands on a site's database, beside the runtime that has it open and without one.
#include "host/commands.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "host/site.h"

namespace meridian::host {
namespace {

namespace fs = std::filesystem;

class Commands : public testing::Test {
 protected:
  Commands() {
    fs::create_directories(folder_);
    std::ofstream(command_.config) << "[site]\nname = \"Tamarack Ridge\"\n"
                                      "[http]\nlisten = \"127.0.0.1:0\"\n";
  }
  ~Commands() override { fs::remove_all(folder_); }

  Config config() const {
    Issues issues;
    return load_config(command_.config, issues);
  }
  std::unique_ptr<store::Store> runtime() {
    auto opened = open_site_store(config(), StoreUse::run);
    return opened ? std::move(*opened) : nullptr;
  }
  /// What a command prints; the exit status goes to status_, the rest to said_.
  template <typename Run>
  std::string printed(const Run& run) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    status_ = run();
    said_ = testing::internal::GetCapturedStderr();
    return testing::internal::GetCapturedStdout();
  }
  std::string listed() {
    return printed([&] { return list_referrals(command_); });
  }
  /// A held referral, one delivery that waits, one that was given up, and a message set aside.
  store::ReferralRow fill(store::Store& store) {
    store::ReferralRow row;
    row.id = ReferralId(new_ulid());
    row.source = SourceId("hospital");
    row.order_ref = "ServiceRequest/5";
    row.patient_ref = "Patient/1";
    row.state = "held";
    store::Changes changes;
    changes.referrals.push_back({row, 0});
    for (const char* to : {"willow", "birch"}) {
      changes.deliveries.push_back(
          {row.id, DestinationId(to), "referral_update", to, "text/plain", "for Mr. Alder", {}});
    }
    accept(store, "an order", changes, {});
    accept(store, "no json at all", {}, {{Severity::fatal, "structure", "", "cut at Alder"}});
    const auto claimed =
        store.claim_delivery(DestinationId("birch"), "node", std::chrono::minutes(1));
    EXPECT_TRUE(
        store.settle_delivery(**claimed, {store::DeliveryState::dead, {}, "", "untrusted"}, {}));
    return row;
  }
  static void accept(store::Store& store, const std::string& body, const store::Changes& changes,
                     const Issues& issues) {
    store::NewMessage message;
    message.id = MessageId(new_ulid());
    message.source = SourceId("hospital");
    message.media_type = "application/fhir+json";
    message.body = body;
    message.quarantined = !issues.empty();
    message.issues = issues;
    ASSERT_TRUE(store.accept(message, changes));
  }

  const std::string folder_ = fs::temp_directory_path() / ("meridian-commands-" + new_ulid());
  SiteCommand command_{.config = folder_ + "/site.toml", .by = "Ada"};
  int status_ = -1;
  std::string said_;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Commands, ShowReferralsBesideARunningStoreWithoutThePatient) {
  auto store = runtime();
  ASSERT_TRUE(store);
  EXPECT_EQ(listed(), "");
  EXPECT_EQ(status_, 0) << said_;
  const auto row = fill(*store);

  const auto lines = listed();
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(lines, R"("order":"ServiceRequest/5")")) << lines;
  EXPECT_TRUE(has(lines, R"("state":"held")")) << lines;
  EXPECT_FALSE(has(lines, "Patient/1")) << lines;
  const auto shown = printed([&] { return show_referral(command_, row.id.str()); });
  EXPECT_TRUE(has(shown, R"("deliveries":[{"number":1,)")) << shown << said_;
  EXPECT_FALSE(has(shown, "Patient/1") || has(shown, "Alder")) << shown;
  EXPECT_TRUE(open_site_store(config(), StoreUse::check));
  EXPECT_EQ(open_site_store(config(), StoreUse::run).error().code, ErrorCode::store_busy);
  EXPECT_EQ(listed(), lines);
}

TEST_F(Commands, SayThatThereIsNoDatabaseAndMakeNone) {
  EXPECT_EQ(listed(), "");
  EXPECT_EQ(status_, 1);
  EXPECT_NE(said_, "");
  command_.yes = true;
  printed([&] { return replay(command_, {"1"}); });
  EXPECT_EQ(status_, 1);
  EXPECT_FALSE(fs::exists(folder_ + "/meridian.db"));
  EXPECT_FALSE(fs::exists(folder_ + "/meridian.key"));
}

TEST_F(Commands, ShowEachDeadLetterWithItsClassAndItsFix) {
  auto store = runtime();
  fill(*store);
  const auto waiting = printed([&] { return list_outbox(command_); });
  EXPECT_TRUE(has(waiting, R"("to":"willow")")) << waiting;
  EXPECT_FALSE(has(waiting, R"("to":"birch")")) << waiting;
  const auto dead = printed([&] { return list_dead_letters(command_); });
  EXPECT_TRUE(has(dead, R"("number":2,)")) << dead;
  EXPECT_TRUE(has(dead, R"("error":"untrusted","class":"permanent","fix":"the certificate is)"))
      << dead;
  EXPECT_TRUE(has(dead, R"("state":"quarantined")")) << dead;
  EXPECT_FALSE(has(waiting + dead, "Alder")) << waiting << dead;
  command_.table = true;
  const auto table = printed([&] { return list_dead_letters(command_); });
  EXPECT_EQ(table.substr(0, 6), "number") << table;
}

TEST_F(Commands, DoNothingBeforeAPersonSaysSoAndKeepWhoDid) {
  fill(*runtime());
  const auto preview = printed([&] { return replay(command_, {"2"}); });
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(preview, R"("effect":"it is sent again now")")) << preview;
  EXPECT_TRUE(has(preview, R"("done":false)")) << preview;
  command_.yes = true;
  const auto done = printed([&] { return replay(command_, {"2"}); });
  EXPECT_TRUE(has(done, R"("done":true)")) << done << said_;
  const auto again = printed([&] { return replay(command_, {"2"}); });
  EXPECT_EQ(status_, 1);
  EXPECT_TRUE(has(again, R"("refused":"it is queued)")) << again;
  const auto audit = printed([&] { return list_audit(command_, 10); });
  EXPECT_TRUE(has(audit, R"("event":"Delivery.send-again","by":"Ada")")) << audit;
}

TEST_F(Commands, ShowPatientDataOnlyWhenAskedAndKeepWhoSawIt) {
  const auto row = fill(*runtime());
  EXPECT_FALSE(has(printed([&] { return show_delivery(command_, "1"); }), "Alder"));
  command_.patient_data = true;
  EXPECT_TRUE(has(printed([&] { return show_delivery(command_, "1"); }), "for Mr. Alder"));
  EXPECT_TRUE(has(printed([&] { return show_referral(command_, row.id.str()); }), "Patient/1"));
  const auto audit = printed([&] { return list_audit(command_, 10); });
  EXPECT_TRUE(has(audit, R"("event":"PatientRead","by":"Ada","of":"delivery/1")")) << audit;
  EXPECT_TRUE(has(audit, "\"of\":\"referral/" + row.id.str() + "\"")) << audit;
}

TEST_F(Commands, DecideAgainAndExplainBesideARunningStoreWithoutThePatient) {
  auto store = runtime();
  const auto row = fill(*store);
  const auto lines = printed([&] { return replay_decisions(command_, {}); });
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(lines, R"("order":"ServiceRequest/5","result":"undecided")")) << lines;
  EXPECT_TRUE(has(lines, R"("changed":0,"pruned":0,"equal":0,"undecided":1})")) << lines;
  const auto told = printed([&] { return explain_referral(command_, row.id.str()); });
  EXPECT_EQ(status_, 0) << said_;
  EXPECT_TRUE(has(told, "ServiceRequest/5 of hospital")) << told;
  EXPECT_TRUE(has(told, "To willow: referral update (delivery 1) waits to be sent")) << told;
  EXPECT_FALSE(has(told + lines, "Patient/1") || has(told + lines, "Alder")) << told << lines;
  printed([&] { return explain_referral(command_, "01NOSUCHREFERRAL"); });
  EXPECT_EQ(status_, 1);
  EXPECT_EQ(printed([&] { return replay_decisions(command_, {.rules = folder_ + "/none"}); }), "");
  EXPECT_EQ(status_, 1);
}

TEST_F(Commands, TellWhatIsNotThere) {
  fill(*runtime());
  for (const char* target : {"99", "w99", "01NOSUCHMESSAGE"}) {
    EXPECT_EQ(printed([&] { return show_dead_letter(command_, target); }), "") << target;
    EXPECT_EQ(status_, 1) << target;
    EXPECT_TRUE(has(said_, target)) << said_;
    command_.yes = true;
    printed([&] { return replay(command_, {target}); });
    EXPECT_EQ(status_, 1) << target;
  }
  printed([&] { return redirect(command_, "01NOSUCHREFERRAL", "willow", ""); });
  EXPECT_EQ(status_, 1);
}

}  // namespace
}  // namespace meridian::host
