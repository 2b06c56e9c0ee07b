// SPDX-License-Identifier: Apache-2.0
#include "flow/operations.h"

#include <rapidjson/document.h>

#include "flow/alert.h"
#include "flow/ask.h"
#include "flow/find.h"
#include "flow/intervene.h"
#include "flow/ledger.h"
#include "flow/notice.h"
#include "flow/patient_link.h"
#include "flow/prepared_return.h"
#include "flow/reconcile.h"
#include "flow/referral_story.h"
#include "flow/reveal.h"
#include "flow/shelf.h"
#include "flow/sign_off.h"
#include "flow/site_view.h"
#include "flow/staff_form.h"
#include "flow/surgeon_acts.h"
#include "flow/surgeon_view.h"
#include "flow/watch.h"

namespace meridian::flow {
namespace {

/// "action: reason, reason" of a stored decision; rule ids and fixed words, no patient data.
std::string why_of(const std::string& decision) {
  rapidjson::Document json;
  json.Parse(decision.data(), decision.size());
  if (json.HasParseError() || !json.IsObject() || !json.HasMember("action")) return {};
  std::string why = json["action"].GetString();
  for (const auto& reason : json["reasons"].GetArray()) {
    why += why.find(": ") == std::string::npos ? ": " : ", ";
    why += reason.GetString();
  }
  return why;
}

ReferralLine line_of(const store::ReferralRow& row) {
  ReferralLine line;
  line.id = row.id.str();
  line.source = row.source.str();
  line.order = row.order_ref;
  line.direction = row.direction;
  line.state = row.state;
  line.owner = row.owner;
  line.worklist = row.worklist;
  line.destination = row.destination.str();
  line.why = why_of(row.decision);
  line.created_at = row.created_at;
  line.updated_at = row.updated_at;
  return line;
}

void count_deliveries(const std::vector<store::DeliveryRow>& deliveries, ReferralLine& line) {
  for (const auto& delivery : deliveries) {
    switch (delivery.state) {
      case store::DeliveryState::queued:
      case store::DeliveryState::in_flight:
      case store::DeliveryState::ambiguous:
        ++line.queued;
        break;
      case store::DeliveryState::delivered:
        ++line.delivered;
        break;
      case store::DeliveryState::dead:
        ++line.dead;
        break;
      case store::DeliveryState::superseded:
        break;
    }
  }
}

/// The rule's words, from the emergency event that raised the alert.
std::string text_of_alert(const std::vector<store::EventRow>& events, std::string_view alert_id) {
  for (const auto& event : events) {
    rapidjson::Document json;
    json.Parse(event.detail.data(), event.detail.size());
    if (json.HasParseError() || !json.IsObject() || !json.HasMember("alert")) continue;
    if (json["alert"].GetString() == alert_id) return json["text"].GetString();
  }
  return {};
}

}  // namespace

Result<std::string> RuntimeOperations::submit(Envelope envelope) {
  return inlet_.submit(std::move(envelope));
}

Result<std::vector<ReferralLine>> RuntimeOperations::referrals(int limit) {
  const auto rows = core_.store.referrals(limit);
  if (!rows) return rows.error();
  std::vector<ReferralLine> lines;
  for (const auto& row : *rows) {
    lines.push_back(line_of(row));
    lines.back().questions = static_cast<int>(open_questions(core_, row).size());
    lines.back().patient_unlinked = peer_to_link(core_, row) != nullptr;
    const auto deliveries = core_.store.deliveries(row.id);
    if (!deliveries) return deliveries.error();
    count_deliveries(*deliveries, lines.back());
  }
  return lines;
}

HealthReport RuntimeOperations::health() {
  HealthReport report;
  const auto counts = core_.store.counts();
  if (!counts) {
    report.troubles.push_back("store: " + std::string(counts.error().what.view()) + " (" +
                              std::string(error_row(counts.error().code).name) + ")");
    return report;
  }
  report.ready = true;
  const auto unguarded = count_unguarded(core_.store);
  if (unguarded && *unguarded > 0) {
    report.troubles.push_back(std::to_string(*unguarded) +
                              " referrals have no owner, worklist or clock; mended each minute");
  }
  report.referrals = counts->referrals;
  report.queued = counts->queued;
  report.ambiguous = counts->ambiguous;
  report.dead = counts->dead;
  report.quarantined = counts->quarantined;
  report.work_due = counts->work_due;
  report.open_alerts = counts->open_alerts;
  report.messages = counts->messages;
  const auto directory = core_.peers.directory();
  report.receivers = static_cast<std::int64_t>(directory->receivers().size());
  report.directory_age_seconds =
      std::chrono::floor<std::chrono::seconds>(core_.clock() - directory->loaded_at()).count();
  return report;
}

Result<void> RuntimeOperations::look_now(std::string_view source) {
  const auto* peer = core_.peers.find(source);
  if (peer == nullptr) return Error{ErrorCode::not_found, "look", "no such source"};
  for (const auto& one : peer->sources) one->wake();
  return {};
}

Result<void> RuntimeOperations::hear(std::string_view source, const Notice& notice) {
  const auto* peer = core_.peers.find(source);
  if (peer == nullptr) return Error{ErrorCode::not_found, "hear", "no such source"};
  for (const auto& one : peer->sources) {
    if (auto heard = one->hear(notice); !heard) return heard;
  }
  return {};
}

Result<std::vector<Advice>> RuntimeOperations::ask(const Question& question) {
  return flow::ask(core_, question);
}

Result<void> RuntimeOperations::note_feedback(std::string_view source,
                                              const AdviceFeedback& feedback) {
  return flow::note_feedback(core_, source, feedback);
}

Result<AlertView> RuntimeOperations::alert(std::string_view alert_id) {
  const auto found = core_.store.alert(alert_id);
  if (!found) return found.error();
  if (!*found) return Error{ErrorCode::not_found, "alert", "no such alert"};
  const auto& row = **found;
  const auto referral = core_.store.referral(row.referral);
  if (!referral) return referral.error();
  const auto events = core_.store.events(row.referral);
  if (!events) return events.error();
  AlertView view;
  view.id = row.id;
  view.referral = row.referral.str();
  view.order = *referral ? (*referral)->order_ref : "";
  view.rule = row.rule;
  view.text = text_of_alert(*events, alert_id);
  view.contact = row.contact;
  view.raised_at = row.at;
  view.acknowledged = row.acknowledged_at.has_value();
  view.acknowledged_by = row.acknowledged_by;
  return view;
}

Result<void> RuntimeOperations::acknowledge(std::string_view alert_id, std::string_view by) {
  constexpr int tries = 8;
  Error last{ErrorCode::store_busy, "alert", "the referral kept changing"};
  for (int i = 0; i < tries; ++i) {
    const auto found = core_.store.alert(alert_id);
    if (!found) return found.error();
    if (!*found) return Error{ErrorCode::not_found, "alert", "no such alert"};
    if ((*found)->acknowledged_at) return {};
    auto ledger = Ledger::open(core_.store, (*found)->referral);
    if (!ledger) return ledger.error();
    store::Changes changes;
    const auto events = core_.store.events((*found)->referral);
    if (!events) return events.error();
    const bool safety = is_safety_alert(*events, alert_id);
    // Of the receiver whose red flag it is; another may have the referral by now.
    ledger->add(
        safety ? routing::EventKind::safety_acknowledged : routing::EventKind::alert_acknowledged,
        core_.clock(), {.offer = safety ? ledger->row().destination.str() : ""});
    changes.cancel_works.push_back(alert_key((*found)->referral, safety));
    changes.works.push_back({"reflect", (*found)->referral, core_.clock(), "{}",
                             "reflect|" + (*found)->referral.str() + "|engine"});
    changes.audits.push_back({"AlertAcknowledged", "contact", std::string(alert_id), "success"});
    ledger->commit_into(core_, changes);
    const auto done = core_.store.acknowledge_alert(alert_id, by, changes);
    if (done) {
      core_.wake();
      return {};
    }
    if (done.error().code != ErrorCode::stale) return done.error();
    last = done.error();
  }
  return last;
}

Result<std::string> RuntimeOperations::compare_now(bool repair, std::string_view by) {
  store::Changes changes;
  changes.audits.push_back(
      {"Peers.reconcile", std::string(by), repair ? "repair" : "look", "success"});
  if (auto kept = core_.store.apply(changes); !kept) return kept.error();
  const auto found = reconcile(core_, inlet_, repair);
  if (!found) return found.error();
  return reconciliation_json(*found);
}

Result<std::string> RuntimeOperations::intervene(const Intervention& given, std::string_view by) {
  if (given.action == "reveal") return reveal(core_, given.target, by, given.reason);
  if (given.action == "reconcile") return compare_now(given.apply, by);
  return flow::intervene(core_, given, by);
}

Result<std::vector<ShelfMark>> RuntimeOperations::shelves(std::string_view clinic, Instant since) {
  return shelves_of(core_, clinic, since);
}

Result<Shelf> RuntimeOperations::shelf(std::string_view clinic, std::string_view referral) {
  return shelf_of(core_, clinic, referral);
}

Result<void> RuntimeOperations::note_reading(std::string_view clinic,
                                             const std::vector<std::string>& referrals) {
  if (auto seen = note_seen(core_, clinic); !seen) return seen;
  return flow::note_reading(core_, clinic, referrals);
}

Result<std::string> RuntimeOperations::kept(std::string_view clinic, std::string_view name) {
  return inlet_.cursor(SourceId(std::string(clinic)), name);
}

Result<void> RuntimeOperations::keep(std::string_view clinic, std::string_view name,
                                     std::string_view before, std::string_view value) {
  return inlet_.change_cursor(SourceId(std::string(clinic)), name, before, value);
}

Result<bool> RuntimeOperations::first(std::string_view name, std::string_view mark,
                                      std::chrono::milliseconds span) {
  return core_.store.hold_lease(name, mark, span);
}

Result<SiteView> RuntimeOperations::site() {
  auto view = view_of_site(core_);
  if (view) complete_(*view);
  return view;
}

Result<ReferralStory> RuntimeOperations::story(std::string_view referral) {
  return story_of(core_, ReferralId(std::string(referral)));
}

Result<Found> RuntimeOperations::find(std::string_view text) {
  return flow::find(core_, text);
}

Result<FormView> RuntimeOperations::form(const FormTicket& ticket) {
  return look_at_form(core_, ticket);
}

Result<FormView> RuntimeOperations::answer(const FormTicket& ticket, const FormAnswers& answers) {
  return send_form(core_, inlet_, ticket, answers);
}

Result<SignOffView> RuntimeOperations::sign_off(const FormTicket& ticket) {
  return look_at_sign_off(core_, ticket);
}

Result<SignOffView> RuntimeOperations::give_sign_off(const FormTicket& ticket,
                                                     const SignOffGiven& given) {
  return flow::give_sign_off(core_, inlet_, ticket, given);
}

Result<PatientLinkView> RuntimeOperations::patient_link(const FormTicket& ticket) {
  return look_at_patient_link(core_, ticket);
}

Result<PatientLinkView> RuntimeOperations::give_patient_link(const FormTicket& ticket,
                                                             const PatientLinkGiven& given) {
  return flow::give_patient_link(core_, inlet_, ticket, given);
}

Result<PreparedReturnView> RuntimeOperations::prepared_return(const FormTicket& ticket) {
  return look_at_return(core_, ticket);
}

Result<PreparedReturnView> RuntimeOperations::give_prepared_return(
    const FormTicket& ticket, const PreparedReturnGiven& given) {
  return give_return(core_, inlet_, ticket, given);
}

Result<std::vector<SurgeonReferral>> RuntimeOperations::surgeon_view(const Caller& caller,
                                                                     std::string_view patient) {
  return flow::surgeon_view(core_, caller, patient);
}

Result<void> RuntimeOperations::surgeon_act(const Caller& caller, std::string_view patient,
                                            const SurgeonGiven& given) {
  return flow::surgeon_act(core_, inlet_, *this, caller, patient, given);
}

}  // namespace meridian::flow
