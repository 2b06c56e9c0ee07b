// SPDX-License-Identifier: Apache-2.0
#include "flow/alert.h"

#include <algorithm>

#include <rapidjson/document.h>

#include "base/log.h"
#include "flow/stored_json.h"
#include "port/letter_words.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

/// What the timer needs to alert the next contact.
struct AlertDetail {
  std::string id;
  std::string rule;
  std::string text;
  int level = 0;
  bool safety = false;  ///< a clinic's red flag, beside which the state may go on
};

std::string to_json(const AlertDetail& detail) {
  report::Json json;
  json.open();
  json.text("alert", detail.id);
  json.text("rule", detail.rule);
  json.text("text", detail.text);
  json.number("level", detail.level);
  if (detail.safety) json.flag("safety", true);
  json.close();
  return json.str();
}

Result<AlertDetail> read_detail(const std::string& text) {
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  if (json.HasParseError() || !json.IsObject() || !json.HasMember("alert")) {
    return Error{ErrorCode::store_damaged, "alert", "an alert timer cannot be read"};
  }
  return AlertDetail{json["alert"].GetString(), json["rule"].GetString(), json["text"].GetString(),
                     json["level"].GetInt(), flag_in(json, "safety")};
}

/// One delivery to the pager of a contact, and the timer for the next.
void send_to(const Core& core, const store::ReferralRow& row, const Contact& contact,
             const AlertDetail& detail, store::Changes& changes) {
  const auto now = core.clock();
  Letter letter;
  letter.kind = Letter::Kind::alert;
  letter.referral_id = row.id.str();
  letter.source_order = row.order_ref;
  letter.reason = detail.rule + ": " + detail.text;
  letter.contact = contact.name;
  letter.link = core.alert_link(detail.id);
  letter.at = now;
  const auto* pager = core.peers.find(contact.pager);
  if (pager != nullptr && pager->renderer) {
    if (auto rendered = pager->renderer->render(letter, pager->profile)) {
      changes.deliveries.push_back({row.id, pager->destination(), "alert",
                                    detail.id + "/" + std::to_string(detail.level),
                                    rendered->media_type, std::move(rendered->bytes), now, 0});
    }
  }
  changes.works.push_back({"timer.alert", row.id, now + core.settings.acknowledge_within,
                           to_json(detail), alert_key(row.id, detail.safety)});
}

const Contact* contact_at(const Core& core, int level) {
  const auto& contacts = core.peers.contacts;
  if (contacts.empty()) return nullptr;
  return &contacts[static_cast<std::size_t>(level) % contacts.size()];
}

/// The alert to the first contact, its delivery and its timer.
void alert_first(const Core& core, const Ledger& ledger, const AlertDetail& detail,
                 store::Changes& changes) {
  const auto* contact = contact_at(core, 0);
  const Contact nobody{"nobody is configured", ""};
  changes.alerts.push_back({detail.id, ledger.row().id, contact ? contact->name : nobody.name,
                            detail.rule, core.clock()});
  send_to(core, ledger.row(), contact ? *contact : nobody, detail, changes);
}

}  // namespace

std::string alert_key(const ReferralId& referral, bool safety) {
  return (safety ? "safety|" : "alert|") + referral.str();
}

std::string safety_detail(const Core& core, const Ledger& ledger, const std::vector<Flag>& flags) {
  AlertDetail detail;
  detail.safety = true;
  detail.id = keyed_id(core.settings.id_key,
                       "safety|" + ledger.row().id.str() + "|" +
                           std::to_string(ledger.count(routing::EventKind::clinic_safety_return)));
  detail.rule = flags.empty() ? "clinic-safety-return" : flags.front().rule;
  detail.text = flags.empty()
                    ? "The clinic found a red flag. Read what it wrote in the record and call it."
                    : "The clinic found: " + flag_words(flags.front());
  return to_json(detail);
}

Result<void> raise_safety_alert(const Core& core, const Ledger& ledger,
                                const std::string& safety_detail, store::Changes& changes) {
  const auto detail = read_detail(safety_detail);
  if (!detail) return detail.error();
  alert_first(core, ledger, *detail, changes);
  log(LogLevel::error, "safety return", {{"referral", ledger.row().id}});
  return {};
}

bool is_safety_alert(const std::vector<store::EventRow>& events, std::string_view alert_id) {
  const std::string kind = routing::event_name(routing::EventKind::clinic_safety_return);
  return std::any_of(events.begin(), events.end(), [&](const store::EventRow& event) {
    return event.kind == kind && text_in(parsed(event.detail), "alert") == alert_id;
  });
}

void raise_alert(const Core& core, Ledger& ledger, const std::vector<Flag>& flags,
                 store::Changes& changes, const MessageId& message) {
  const auto state = ledger.state();
  if (flags.empty() || state == routing::State::emergency ||
      state == routing::State::emergency_known) {
    return;
  }
  // The same in every life of the database, so that a pager knows the alert after a restore.
  const auto id = keyed_id(core.settings.id_key,
                           "alert|" + ledger.row().id.str() + "|" +
                               std::to_string(ledger.count(routing::EventKind::emergency)));
  const AlertDetail detail{id, flags.front().rule, flag_words(flags.front())};
  ledger.add(routing::EventKind::emergency, core.clock(),
             {.detail = to_json(detail), .message = message});
  alert_first(core, ledger, detail, changes);
  changes.supersede.push_back(ledger.row().id);
  log(LogLevel::error, "emergency", {{"referral", ledger.row().id}});
}

Result<store::Changes> climb(const Core& core, const store::WorkItem& timer) {
  auto detail = read_detail(timer.detail);
  if (!detail) return detail.error();
  auto ledger = Ledger::open(core.store, timer.referral);
  if (!ledger) return ledger.error();
  store::Changes changes;
  const auto alert = core.store.alert(detail->id);
  if (!alert) return alert.error();
  const bool known = *alert && (*alert)->acknowledged_at;
  const bool moot = !detail->safety && ledger->state() != routing::State::emergency;
  if (known || moot) return changes;
  ++detail->level;
  const auto* contact = contact_at(core, detail->level);
  const Contact nobody{"nobody is configured", ""};
  send_to(core, ledger->row(), contact ? *contact : nobody, *detail, changes);
  log(LogLevel::error, "alert climbs", {{"referral", timer.referral}, {"level", detail->level}});
  return changes;
}

}  // namespace meridian::flow
