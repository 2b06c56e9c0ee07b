// SPDX-License-Identifier: Apache-2.0
#include "flow/retention.h"

#include <algorithm>
#include <array>
#include <thread>

#include "base/log.h"
#include "flow/stored_json.h"
#include "report/json.h"
#include "routing/machine.h"

namespace meridian::flow {
namespace {

using std::chrono::days;

constexpr std::chrono::hours every{6};
constexpr std::chrono::minutes after_error{1};
constexpr const char* lease_name = "retention";
constexpr const char* last_name = "retention.last";

/// Tried one after the other while the database is too large.
constexpr std::array ages = {days(1825), days(1095), days(730), days(545), days(365),
                             days(270),  days(180),  days(120), days(90),  days(60),
                             days(45),   days(30),   days(21),  days(14),  days(7)};

SourceId us() {
  return SourceId("meridian");
}

/// Nothing is so old when there is no such limit.
Instant before(std::optional<days> age, Instant now) {
  return age ? now - *age : Instant{};
}

store::Retention by_policy(const RetentionSettings& settings, Instant now) {
  store::Retention what;
  what.messages_before = before(settings.messages, now);
  what.referrals_before = before(settings.referrals, now);
  for (const auto& row : routing::state_rows) {
    if (routing::is_final(row.state)) what.ended.push_back(row.name);
  }
  what.held = settings.held;
  return what;
}

bool is_wanted(const RetentionSettings& settings) {
  return settings.messages || settings.referrals || settings.most_bytes > 0;
}

}  // namespace

Result<std::optional<LastRetention>> last_retention(store::Store& store) {
  const auto kept = store.cursor(us(), last_name);
  if (!kept) return kept.error();
  const auto json = parsed(*kept);
  const auto at = parse_instant(text_in(json, "at"));
  if (!at) return std::optional<LastRetention>();
  return std::optional(LastRetention{*at, number_in(json, "bodies"), number_in(json, "bytes"),
                                     number_in(json, "over") != 0});
}

Result<bool> Retainer::look(const Core& core) {
  const auto done = walk_ ? step(core) : begin(core);
  if (!done) {
    walk_.reset();
    looked_ = core.clock() - every + after_error;
  }
  return done;
}

Result<bool> Retainer::begin(const Core& core) {
  const auto now = core.clock();
  if (looked_ && now - *looked_ < every) return false;
  looked_ = now;
  const auto mine = core.store.hold_lease(lease_name, core.settings.node, every);
  if (!mine) return mine.error();
  if (!*mine) return false;
  const auto& settings = core.settings.retention;
  walk_.emplace();
  walk_->what = by_policy(settings, now);
  if (settings.messages || settings.referrals) return true;
  // Nothing goes by its age. One step all the same: the store makes room for the bodies to come.
  const auto stepped = core.store.prune(walk_->what, walk_->place);
  if (!stepped) return stepped.error();
  return end(core);
}

Result<bool> Retainer::step(const Core& core) {
  const auto begun = std::chrono::steady_clock::now();
  auto next = core.store.prune(walk_->what, walk_->place);
  if (!next) return next.error();
  walk_->place = *next;
  if (walk_->place.done) return end(core);
  // Half of the time is for everybody else's writing.
  std::this_thread::sleep_for(std::chrono::steady_clock::now() - begun);
  return true;
}

Result<bool> Retainer::end(const Core& core) {
  const auto& settings = core.settings.retention;
  const auto now = core.clock();
  walk_->bodies += walk_->place.bodies;
  const auto bytes = core.store.size();
  if (!bytes) return bytes.error();
  const bool over = settings.most_bytes > 0 && *bytes > settings.most_bytes;
  for (; over && walk_->age < ages.size(); ++walk_->age) {
    const auto earlier = now - ages[walk_->age];
    if (ages[walk_->age] < settings.least || earlier <= walk_->what.referrals_before) continue;
    walk_->what.referrals_before = earlier;
    walk_->what.messages_before = std::max(earlier, walk_->what.messages_before);
    walk_->place = {};
    return true;
  }
  if (is_wanted(settings)) {
    report::Json json;
    json.open();
    json.text("at", to_string(now));
    json.number("bodies", walk_->bodies);
    json.number("bytes", *bytes);
    json.number("over", over ? 1 : 0);
    json.close();
    if (auto set = core.store.set_cursor(us(), last_name, json.str()); !set) return set.error();
  }
  if (walk_->bodies > 0) {
    store::Changes changes;
    changes.audits.push_back({"Site.retention", core.settings.node, "bodies", "success"});
    if (auto audited = core.store.apply(changes); !audited) return audited.error();
    log(LogLevel::info, "bodies are kept no more", {{"bodies", walk_->bodies}, {"bytes", *bytes}});
  }
  if (over)
    log(LogLevel::error, "the database is larger than [retention] most_gb", {{"bytes", *bytes}});
  walk_.reset();
  return false;
}

}  // namespace meridian::flow
