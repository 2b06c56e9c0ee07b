// SPDX-License-Identifier: Apache-2.0
// What the four paths share: store, peers, rule content, clock and settings. Borrowed, never owned.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/password.h"
#include "base/stages.h"
#include "base/time.h"
#include "flow/peers.h"
#include "model/rulebook.h"
#include "model/terminology.h"
#include "port/staff_form.h"
#include "routing/clocks.h"
#include "store/store.h"

namespace meridian::flow {

/// How long bodies are kept; see flow/retention.h.
struct RetentionSettings {
  std::optional<std::chrono::days> messages;   ///< on which no referral rests; nothing: for ever
  std::optional<std::chrono::days> referrals;  ///< after it ended; not shorter than messages
  std::int64_t most_bytes = 0;                 ///< of the database; 0: no limit
  std::chrono::days least{30};                 ///< what is younger is kept whatever the size
  std::vector<ReferralId> held;                ///< nothing of these goes
};

struct Settings {
  std::chrono::milliseconds lease{60'000};       ///< longer than any gather or send may take
  std::chrono::milliseconds first_retry{1'000};  ///< doubles with each try
  std::chrono::milliseconds longest_retry{900'000};
  std::chrono::milliseconds acknowledge_within{
      900'000};  ///< then the alert climbs to the next contact
  std::chrono::milliseconds form_life{std::chrono::hours(72)};  ///< of a link to a staff form
  std::chrono::milliseconds review_every{
      std::chrono::hours(24)};  ///< an open referral's record is looked at again
  std::chrono::milliseconds review_before_visit{std::chrono::hours(4)};  ///< and before a visit
  /// When it is night at the site: what is open is compared with the peers. Nothing: never.
  std::optional<std::chrono::minutes> reconcile_at{std::chrono::hours(3)};
  /// What was sent less long ago is not compared: a server's search may be behind its writes.
  std::chrono::milliseconds reconcile_settle{std::chrono::minutes(5)};
  RetentionSettings retention;
  routing::Clocks clocks;       ///< by when something must happen in each state
  int gather_tries = 10;        ///< then a person must look
  std::string node = "node-1";  ///< owner of leases
  std::string build;            ///< version, kept with each decision
  std::string content;          ///< digest of the clinical content, likewise
  std::string id_key;        ///< secret; referral ids follow from it, in every life of the database
  std::string people_key;    ///< secret; signs the links by which people enrol
  ScryptCost password_cost;  ///< of passwords that are set from now on

  /// Hospitals whose EHR opens the surgeon's view: there it is seen that a report was read.
  std::set<std::string> reading_seen_at;
  /// Those of them that want to be reminded of a report that nobody has read.
  std::set<std::string> reading_asked_at;

  /// Nobody is told more often by mail that something waits.
  std::chrono::milliseconds notice_every{std::chrono::minutes(30)};
  /// The OpenID provider by which people may sign in; empty: none.
  std::string provider;
  std::vector<std::string> provider_acr;  ///< any of these says that two factors were shown
  std::vector<std::string> provider_amr;  ///< or any of these
};

struct Core {
  store::Store& store;
  const Peers& peers;
  const Terminology& terminology;
  const RuleBook& rules;
  Clock clock;
  Settings settings;
  std::function<void()> wake;  ///< tells all loops that something may be due; any thread
  std::function<std::string(std::string_view alert_id)> alert_link;
  std::function<std::string(const FormTicket& ticket)> form_link = {};
  std::function<std::string(const FormTicket& ticket)> sign_off_link = {};
  std::function<std::string(const FormTicket& ticket)> patient_link = {};
  std::function<std::string(const FormTicket& ticket)> return_link = {};
  StageObserver* stages = nullptr;  ///< counts and times; none: nobody does
  std::function<std::string(const std::string& token)> enrol_link = {};
  std::function<std::string(std::string_view path)> page_link = {};  ///< of a page of ours
  /// As `wake`, but only the loops that have something to do in what was committed.
  std::function<void(const store::Changes& committed)> wake_for = [](const store::Changes&) {};
};

}  // namespace meridian::flow
