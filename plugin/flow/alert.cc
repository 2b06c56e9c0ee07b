// SPDX-License-Identifier: Apache-2.0
#include "flow/alert.h"

#include <rapidjson/document.h>

#include "base/log.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

/// What the timer needs to alert the next contact.
struct AlertDetail {
  std::string id;
  std::string rule;
  std::string text;
  int level = 0;
};

std::string to_json(const AlertDetail& detail) {
  report::Json json;
  json.open();
  json.text("alert", detail.id);
  json.text("rule", detail.rule);
  json.text("text", detail.text);
  json.number("level", detail.level);
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
                     json["level"].GetInt()};
}

std::string timer_key(const ReferralId& referral) {
  return "alert|" + referral.str();
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
                           to_json(detail), timer_key(row.id)});
}

const Contact* contact_at(const Core& core, int level) {
  const auto& contacts = core.peers.contacts;
  if (contacts.empty()) return nullptr;
  return &contacts[static_cast<std::size_t>(level) % contacts.size()];
}

}  // namespace

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
  const AlertDetail detail{id, flags.front().rule, flags.front().text + " " + flags.front().action,
                           0};
  ledger.add(routing::EventKind::emergency, core.clock(),
             {.detail = to_json(detail), .message = message});
  const auto* contact = contact_at(core, 0);
  const Contact nobody{"nobody is configured", ""};
  changes.alerts.push_back({detail.id, ledger.row().id, contact ? contact->name : nobody.name,
                            detail.rule, core.clock()});
  send_to(core, ledger.row(), contact ? *contact : nobody, detail, changes);
  changes.supersede.push_back(ledger.row().id);
  log(LogLevel::error, "emergency", {{"referral", ledger.row().id}});
}

Result<store::Changes> climb(const Core& core, const store::WorkItem& timer) {
  auto detail = read_detail(timer.detail);
  if (!detail) return detail.error();
  auto ledger = Ledger::open(core.store, timer.referral);
  if (!ledger) return ledger.error();
  store::Changes changes;
  if (ledger->state() != routing::State::emergency) return changes;  // acknowledged meanwhile
  ++detail->level;
  const auto* contact = contact_at(core, detail->level);
  const Contact nobody{"nobody is configured", ""};
  send_to(core, ledger->row(), contact ? *contact : nobody, *detail, changes);
  log(LogLevel::error, "alert climbs", {{"referral", timer.referral}, {"level", detail->level}});
  return changes;
}

}  // namespace meridian::flow
