// SPDX-License-Identifier: Apache-2.0
#include "flow/intervene.h"

#include <algorithm>
#include <charconv>

#include "flow/assess_work.h"
#include "flow/describe.h"
#include "flow/ledger.h"
#include "flow/out.h"
#include "flow/pauses.h"
#include "flow/people_by_hand.h"
#include "flow/read_again.h"
#include "flow/redirect.h"
#include "flow/said_by_hand.h"
#include "report/episode_json.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

using routing::EventKind;
using routing::State;
using store::DeliveryState;

Result<std::int64_t> number_in(std::string_view target) {
  std::int64_t number = 0;
  const auto* end = target.data() + target.size();
  const auto read = std::from_chars(target.data(), end, number);
  if (read.ec == std::errc() && read.ptr == end && number > 0) return number;
  return Error{ErrorCode::invalid, "intervene", "this is no number"};
}

void ask(const Core& core, const ReferralId& id, const char* kind, store::Changes& changes) {
  const std::string work(kind);
  const auto key = work + "|" + id.str() + (work == "reflect" ? "|engine" : "");
  changes.works.push_back({work, id, core.clock(), "{}", key});
}

/// The decision behind a packet still holds: the same receiver, nothing decided since, and the
/// screen it rests on has not run out.
bool is_current(const Core& core, const Ledger& ledger, const store::DeliveryRow& row) {
  const auto state = ledger.state();
  const bool waits = state == State::undelivered || state == State::sending;
  const auto until = report::valid_until_of(ledger.row().assessment);
  return waits && ledger.row().destination == row.destination && (!until || core.clock() <= *until);
}

Result<void> send_referral_again(const Core& core, const store::DeliveryRow& row,
                                 Outlook& outlook) {
  auto ledger = Ledger::open(core.store, row.referral);
  if (!ledger) return ledger.error();
  outlook.current = is_current(core, *ledger, row);
  if (*outlook.current) {
    outlook.effect = "the same packet is sent again now";
    if (ledger->state() == State::sending) return {};
    ledger->add(EventKind::released, core.clock(), {.offer = row.destination.str()});
    ledger->commit_into(core, outlook.changes);
    ask(core, row.referral, "reflect", outlook.changes);
    return {};
  }
  outlook.state = DeliveryState::superseded;
  outlook.effect = "the decision behind it is no longer current: the referral (" +
                   std::string(routing::state_name(ledger->state())) +
                   ") is assessed again, and sent only if it still may be";
  ask(core, row.referral, "assess", outlook.changes);
  return {};
}

/// An old status would take the place of a newer one in the record: the state of now is told.
Result<void> send_status_again(const Core& core, const store::DeliveryRow& row, Outlook& outlook) {
  const auto all = core.store.deliveries(row.referral);
  if (!all) return all.error();
  outlook.current = std::none_of(all->begin(), all->end(), [&](const auto& other) {
    return other.number > row.number && other.destination == row.destination &&
           (other.kind == "status" || other.kind == "consult_note");
  });
  outlook.effect = "the same status is sent again now";
  if (*outlook.current) return {};
  outlook.state = DeliveryState::superseded;
  outlook.effect = "a newer status was made since: the referral's state of now is told instead";
  ask(core, row.referral, "reflect", outlook.changes);
  return {};
}

Result<void> send_again(const Core& core, const store::DeliveryRow& row, Outlook& outlook) {
  if (row.kind == "referral") return send_referral_again(core, row, outlook);
  if (row.kind == "status") return send_status_again(core, row, outlook);
  outlook.current = true;
  outlook.effect = "it is sent again now";
  return {};
}

Result<void> arrived(const Core& core, const store::DeliveryRow& row, Outlook& outlook) {
  auto changes = after_success(core, row, "");
  if (!changes) return changes.error();
  outlook.changes = std::move(*changes);
  outlook.state = DeliveryState::delivered;
  outlook.effect = "it counts as arrived, and what follows from that is done";
  return {};
}

Result<void> give_up(const Core& core, const store::DeliveryRow& row, Outlook& outlook) {
  if (row.state == DeliveryState::dead) {
    outlook.refused = "it was given up already";
    return {};
  }
  auto changes = after_failure(core, row);
  if (!changes) return changes.error();
  outlook.changes = std::move(*changes);
  outlook.state = DeliveryState::dead;
  outlook.effect = "it is not sent any more and is kept as a dead letter";
  return {};
}

Result<Outlook> look_at_delivery(const Core& core, const Intervention& given, std::string_view by) {
  const auto number = number_in(given.target);
  if (!number) return number.error();
  const auto found = core.store.delivery(*number);
  if (!found) return found.error();
  if (!*found) return Error{ErrorCode::not_found, "intervene", "no such delivery"};
  const auto& row = **found;
  Outlook outlook;
  outlook.about = delivery_json(row, core.peers.find(row.destination.str()));
  if (row.state != DeliveryState::dead && row.state != DeliveryState::ambiguous) {
    outlook.refused = "it is " + std::string(store::delivery_state_name(row.state)) +
                      ": there is nothing to decide";
    return outlook;
  }
  Result<void> done;
  if (given.action == "arrived") {
    done = arrived(core, row, outlook);
  } else if (given.action == "give-up") {
    done = give_up(core, row, outlook);
  } else {
    done = send_again(core, row, outlook);
  }
  if (!done) return done.error();
  outlook.changes.audits.push_back({"Delivery." + given.action, std::string(by),
                                    row.referral.str() + "/" + given.target, "success"});
  return outlook;
}

Result<Outlook> look_at_work(const Core& core, const Intervention& given, std::string_view by) {
  const auto number = number_in(given.target);
  if (!number) return number.error();
  constexpr int most = 100'000;
  const auto dead = core.store.dead_work(most);
  if (!dead) return dead.error();
  for (const auto& work : *dead) {
    if (work.number != *number) continue;
    Outlook outlook;
    outlook.about = work_json(work);
    outlook.effect = "it is done again now, with all its tries";
    outlook.changes.audits.push_back(
        {"Work.revive", std::string(by), work.referral.str() + "/w" + given.target, "success"});
    return outlook;
  }
  return Error{ErrorCode::not_found, "intervene", "no such work was given up"};
}

Result<Outlook> look(const Core& core, const Intervention& given, std::string_view by) {
  if (given.action == "revive") return look_at_work(core, given, by);
  if (given.action == "read-again") return look_at_message(core, MessageId(given.target), by);
  if (given.action == "redirect") return look_at_redirect(core, given, by);
  if (said_by(given.action)) return look_at_word(core, given, by);
  if (is_about_pauses(given.action)) return look_at_pause(core, given, by);
  if (is_about_people(given.action)) return look_at_person(core, given, by);
  for (const char* of_delivery : {"send-again", "arrived", "give-up"}) {
    if (given.action == of_delivery) return look_at_delivery(core, given, by);
  }
  return Error{ErrorCode::invalid, "intervene", "there is no such action"};
}

Result<void> carry_out(const Core& core, const Intervention& given, const Outlook& outlook,
                       std::string_view by) {
  auto& store = core.store;
  if (is_about_pauses(given.action)) {
    if (auto done = carry_out_pause(core, given, by); !done) return done;
    return store.apply(outlook.changes);
  }
  if (given.action == "redirect" || said_by(given.action) || is_about_people(given.action)) {
    return store.apply(outlook.changes);
  }
  if (given.action == "read-again") {
    return store.release_message(MessageId(given.target), outlook.answer, outlook.changes);
  }
  const auto number = number_in(given.target);
  if (!number) return number.error();
  if (given.action != "revive")
    return store.decide_delivery(*number, outlook.state, outlook.changes);
  if (auto audited = store.apply(outlook.changes); !audited) return audited;
  return store.revive_work(*number);
}

std::string answer(const Intervention& given, const Outlook& outlook, bool done) {
  report::Json json;
  json.open();
  json.text("action", given.action);
  json.raw("about", outlook.about);
  if (outlook.current) json.flag("current", *outlook.current);
  if (!outlook.effect.empty()) json.text("effect", outlook.effect);
  if (!outlook.refused.empty()) json.text("refused", outlook.refused);
  if (done && !outlook.link.empty()) json.text("link", outlook.link);
  json.flag("done", done);
  json.close();
  return json.str();
}

/// Another message changed the same referral between our look and our commit.
bool is_crossing(const Result<void>& done) {
  return !done &&
         (done.error().code == ErrorCode::stale || done.error().code == ErrorCode::conflict);
}

}  // namespace

Result<std::string> intervene(const Core& core, const Intervention& given, std::string_view by) {
  constexpr int tries = 8;
  Error last{ErrorCode::store_busy, "intervene", "the referral kept changing"};
  for (int i = 0; i < tries; ++i) {
    const auto outlook = look(core, given, by);
    if (!outlook) return outlook.error();
    if (!given.apply || !outlook->refused.empty()) return answer(given, *outlook, false);
    const auto done = carry_out(core, given, *outlook, by);
    if (done) {
      core.wake();
      return answer(given, *outlook, true);
    }
    if (!is_crossing(done)) return done.error();
    last = done.error();
  }
  return last;
}

}  // namespace meridian::flow
