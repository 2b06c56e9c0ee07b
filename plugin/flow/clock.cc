// SPDX-License-Identifier: Apache-2.0
#include "flow/clock.h"

#include <rapidjson/document.h>

#include "base/log.h"
#include "flow/assess_work.h"
#include "flow/notice.h"
#include "flow/reflect_work.h"
#include "flow/siblings.h"
#include "flow/stored_json.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

using routing::EventKind;
using routing::Then;

std::string to_json(const ClockSetting& setting) {
  report::Json json;
  json.open();
  json.text("state", routing::state_name(setting.state));
  json.flag("urgent", setting.urgent);
  json.text("since", to_string(setting.since));
  json.number("step", setting.step);
  json.close();
  return json.str();
}

std::optional<ClockSetting> read_setting(const std::string& detail) {
  const auto json = parsed(detail);
  const auto state = routing::state_named(text_in(json, "state"));
  const auto since = parse_instant(text_in(json, "since"));
  if (!state || !since || !json.HasMember("step") || !json["step"].IsInt()) return std::nullopt;
  return ClockSetting{*state, flag_in(json, "urgent"), *since, json["step"].GetInt()};
}

std::string words_of(const ClockSetting& setting, const char* begin) {
  return begin + std::string(": ") + routing::row_of(setting.state).ask + " (" +
         routing::state_name(setting.state) + " since " + to_string(setting.since).substr(0, 10) +
         ")";
}

void tell_surgeon(const Core& core, const ReferralId& id, const std::string& words,
                  store::Changes& changes) {
  changes.works.push_back(
      {"reflect", id, core.clock(), one_text("words", words), "reflect|" + id.str() + "|engine"});
}

void tell_clinic(const Core& core, const ReferralId& id, const std::string& words,
                 store::Changes& changes) {
  changes.works.push_back(
      {"tell_clinic", id, core.clock(), one_text("words", words), "tell_clinic|" + id.str()});
}

/// Whose deadline passed, where it is a clinic's: missed deadlines are counted by that.
EventNote whose(const Ledger& ledger) {
  if (std::string_view(routing::row_of(ledger.state()).owner) != "clinic") return {};
  return {.detail = one_text("clinic", ledger.row().destination.str())};
}

class Ringing {
 public:
  Ringing(const Core& core, Ledger& ledger, const ClockSetting& setting)
      : core_(core), ledger_(ledger), setting_(setting) {}

  Result<store::Changes> run(const routing::Ring& ring) {
    log(LogLevel::info, "deadline", {{"referral", id()}, {"step", setting_.step}});
    switch (ring.then) {
      case Then::nothing:
        break;
      case Then::remind:
        remind();
        break;
      case Then::escalate:
        escalate(core_, ledger_, words_of(setting_, "overdue") + who(), changes_);
        break;
      case Then::next_clinic:
        pass_over();
        break;
      case Then::lapse:
        lapse();
        break;
    }
    const auto late = core_.clock() - ring.due;
    if (late > std::chrono::hours(1)) setting_.since += late;
    ++setting_.step;
    if (!routing::is_final(ledger_.state())) plant_clock(core_, id(), setting_, changes_);
    ledger_.commit_into(core_, changes_);
    if (!routing::is_final(ledger_.state())) return std::move(changes_);
    if (auto woken = wake_siblings(core_, ledger_.row(), changes_); !woken) return woken.error();
    return std::move(changes_);
  }

 private:
  const ReferralId& id() const { return ledger_.row().id; }

  /// Who did not confirm a recall.
  std::string who() const {
    std::string names;
    if (setting_.state != routing::State::recall_asked) return names;
    for (const auto& receiver : ledger_.unconfirmed_recalls()) {
      names += (names.empty() ? ": " : ", ") + receiver.str();
    }
    return names;
  }

  void remind() {
    ledger_.add(EventKind::reminded, core_.clock(), whose(ledger_));
    const auto* origin = core_.peers.find(ledger_.row().source.str());
    if (setting_.state == routing::State::unread && origin != nullptr) {
      ask_for_notice(core_, *origin, id(), changes_);
    }
    const auto words = words_of(setting_, "reminder");
    if (setting_.state == routing::State::recall_asked) return recall(core_, ledger_, changes_);
    const bool at_clinic = std::string_view(routing::row_of(setting_.state).owner) == "clinic";
    at_clinic ? tell_clinic(core_, id(), words, changes_)
              : tell_surgeon(core_, id(), words, changes_);
  }

  /// The next clinic is looked for like any other decision, with the record as it is now.
  void pass_over() {
    auto note = whose(ledger_);
    note.offer = ledger_.row().destination.str();
    ledger_.add(EventKind::passed_over, core_.clock(), std::move(note));
    changes_.works.push_back(
        {"assess", id(), core_.clock(), next_clinic_detail(), "redirect|" + id().str()});
  }

  void lapse() {
    ledger_.add(EventKind::lapsed, core_.clock(), whose(ledger_));
    changes_.supersede.push_back(id());
    if (ledger_.has(EventKind::sent)) {
      tell_clinic(core_, id(), "the referral lapsed: nobody acted on it in time", changes_);
    }
    tell_surgeon(core_, id(), words_of(setting_, "lapsed, nobody acted in time"), changes_);
  }

  const Core& core_;
  Ledger& ledger_;
  ClockSetting setting_;
  store::Changes changes_;
};

/// The site changed its mind while a report waited for a reader.
Result<store::Changes> waive_reading(const Core& core, Ledger& ledger) {
  store::Changes changes;
  ledger.add(EventKind::reading_waived, core.clock());
  ledger.commit_into(core, changes);
  return changes;
}

}  // namespace

std::string clock_key(const ReferralId& id) {
  return "clock|" + id.str();
}

void plant_clock(const Core& core, const ReferralId& id, const ClockSetting& setting,
                 store::Changes& changes) {
  const auto ring =
      core.settings.clocks.ring(setting.state, setting.urgent, setting.since, setting.step);
  if (!ring) return;
  changes.works.push_back({"timer.clock", id, ring->due, to_json(setting), clock_key(id)});
}

void escalate(const Core& core, Ledger& ledger, const std::string& words, store::Changes& changes) {
  ledger.add(EventKind::overdue, core.clock(), whose(ledger));
  ledger.show_overdue();
  tell_surgeon(core, ledger.row().id, words, changes);
}

Result<store::Changes> clock_rings(const Core& core, const store::WorkItem& timer) {
  auto ledger = Ledger::open(core.store, timer.referral);
  if (!ledger) return ledger.error();
  const auto state = ledger->state();
  const auto setting = read_setting(timer.detail);
  const auto ring = setting ? core.settings.clocks.ring(setting->state, setting->urgent,
                                                        setting->since, setting->step)
                            : std::nullopt;
  if (!ring || setting->state != state) {
    // Another state, and its clock is not there: begin anew.
    store::Changes changes;
    plant_clock(core, timer.referral, {state, ledger->urgent(), core.clock()}, changes);
    return changes;
  }
  const bool asked = core.settings.reading_asked_at.contains(ledger->row().source.str());
  if (state == routing::State::unread && !asked) return waive_reading(core, *ledger);
  return Ringing(core, *ledger, *setting).run(*ring);
}

}  // namespace meridian::flow
