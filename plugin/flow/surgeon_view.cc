// SPDX-License-Identifier: Apache-2.0
#include "flow/surgeon_view.h"

#include <algorithm>
#include <set>

#include "flow/aliases.h"
#include "flow/ledger.h"
#include "flow/past.h"
#include "flow/patient_link.h"
#include "flow/prepared_return.h"
#include "flow/sign_off.h"
#include "flow/staff_form.h"
#include "flow/statements.h"
#include "flow/stored_json.h"
#include "flow/surgeon_charts.h"
#include "flow/told.h"
#include "report/json.h"
#include "routing/legal.h"

namespace meridian::flow {
namespace {

using routing::EventKind;
using routing::State;
using Events = std::vector<store::EventRow>;

std::string name_of(const Core& core, const std::string& peer) {
  const auto* found = core.peers.find(peer);
  return found == nullptr ? peer : found->name;
}

/// Of this hospital, and about this patient as it stands today: a referral stays known under whom
/// it was about before a person named another.
Result<bool> is_shown(const Core& core, const store::ReferralRow& row, const Caller& surgeon,
                      std::string_view patient) {
  if (row.source.str() != surgeon.source) return false;
  if (row.patient_ref == patient) return true;
  const auto renamed = was_linked_at(core, row.id, surgeon.source);
  if (!renamed) return renamed.error();
  return !*renamed;
}

/// What people said in our own words and pages; a clinic's Task repeats it.
std::set<std::string> said_here(const Events& events) {
  std::set<std::string> said;
  for (const auto& event : events) {
    if (auto reason = text_in(parsed(event.detail), "reason"); !reason.empty()) {
      said.insert(std::move(reason));
    }
  }
  return said;
}

/// What clinics wrote, each text once, and the question that is open; the event that asked it, the
/// last one of the referral, has its words.
class Notes {
 public:
  Notes(const Core& core, SurgeonReferral& referral, const Events& events)
      : core_(core), referral_(referral), seen_(said_here(events)) {}

  Result<void> take(const store::EventRow& event) {
    const auto kind = routing::event_named(event.kind);
    if (!kind || event.message.empty()) return {};
    if (routing::actor_of(*kind) != routing::Actor::clinic) return {};
    const auto message = core_.store.message(event.message);
    if (!message) return message.error();
    if (!*message) return {};
    const auto& row = **message;
    auto records =
        read_stored(core_, {row.source, row.sender_id, row.media_type, row.body, row.received_at});
    if (!records) return records.error();
    const auto from = name_of(core_, row.source.str());
    const auto before = referral_.notes.size();
    for (const auto& task : records->tasks) {
      for (const auto& note : task.notes.reveal()) add(event.at, from, note);
    }
    for (const auto& word : records->communications) {
      for (const auto& note : word.payload.reveal()) add(event.at, from, note);
    }
    for (const auto& document : records->documents) {
      for (const auto& part : document.content) {
        if (part.content_type.starts_with("text/plain")) add(event.at, from, part.data);
      }
    }
    const bool asks = kind == EventKind::clinic_asked || kind == EventKind::clinic_extension_asked;
    if (asks && referral_.notes.size() > before) referral_.question = referral_.notes.back().text;
    if (asks && referral_.events.back().text.empty()) {
      referral_.events.back().text = referral_.question;
    }
    return {};
  }

 private:
  void add(Instant at, const std::string& from, const std::string& text) {
    if (text.empty() || !seen_.insert(text).second) return;
    referral_.notes.push_back({at, from, text});
  }

  const Core& core_;
  SurgeonReferral& referral_;
  std::set<std::string> seen_;
};

SurgeonEvent event_of(const Core& core, const store::EventRow& row, const std::string& offer) {
  SurgeonEvent event;
  event.at = row.at;
  event.kind = row.kind;
  if (!offer.empty()) event.receiver = name_of(core, offer);
  const auto detail = parsed(row.detail);
  const auto statement = read_statement(row.detail);
  event.by = statement.by.empty() ? text_in(detail, "by") : statement.by;
  event.text = text_in(detail, "reason");
  if (event.text.empty()) event.text = statement.text("reason");
  if (event.text.empty()) event.text = text_in(detail, "text");
  event.visit = parse_instant(text_in(detail, "visit"));
  return event;
}

Result<void> add_events(const Core& core, const Events& events, SurgeonReferral& referral) {
  Notes notes(core, referral, events);
  for (const auto& row : events) {
    const auto folded_event = folded(row);
    if (!folded_event) continue;
    referral.events.push_back(event_of(core, row, folded_event->offer));
    if (auto taken = notes.take(row); !taken) return taken;
  }
  std::reverse(referral.events.begin(), referral.events.end());
  std::reverse(referral.notes.begin(), referral.notes.end());
  return {};
}

Result<void> add_alerts(const Core& core, const Events& events, SurgeonReferral& referral) {
  const auto open = core.store.open_alerts();
  if (!open) return open.error();
  for (const auto& alert : *open) {
    if (alert.referral.str() != referral.id) continue;
    SurgeonAlert shown{alert.id, alert.rule, {}, alert.at};
    for (const auto& event : events) {
      const auto detail = parsed(event.detail);
      if (text_in(detail, "alert") == alert.id) shown.text = text_in(detail, "text");
    }
    referral.alerts.push_back(std::move(shown));
  }
  return {};
}

/// Pages that wait for a clinician.
Result<void> add_pages(const Core& core, const store::ReferralRow& row, SurgeonReferral& referral) {
  if (row.state == routing::state_name(State::held)) referral.holds = holds_in(row.decision);
  if (const auto ticket = current_form(core, row); ticket && core.form_link) {
    const auto page = look_at_form(core, *ticket);
    if (!page) return page.error();
    if (page->state == FormState::open) referral.form = core.form_link(*ticket);
  }
  if (const auto ticket = current_sign_off(row)) {
    auto page = look_at_sign_off(core, *ticket);
    if (!page) return page.error();
    // Signed already: it is looked at again.
    if (page->state != FormState::open) referral.holds.clear();
  }
  if (const auto ticket = current_return(row)) {
    auto page = look_at_return(core, *ticket);
    if (!page) return page.error();
    if (page->state == FormState::open) referral.prepared = std::move(*page);
  }
  return {};
}

/// What the state machine allows the surgeon's side, as far as a page can say it.
std::vector<SurgeonAct> acts_of(const SurgeonReferral& referral, State state, bool asked) {
  std::vector<SurgeonAct> acts;
  if (!referral.alerts.empty()) acts.push_back(SurgeonAct::acknowledge);
  if (asked && routing::is_legal(state, EventKind::replied)) acts.push_back(SurgeonAct::reply);
  const auto& holds = referral.holds;
  if (std::any_of(holds.begin(), holds.end(), [](const auto& hold) { return hold.signable; })) {
    acts.push_back(SurgeonAct::sign_off);
  }
  if (referral.prepared) {
    acts.push_back(SurgeonAct::release);
    acts.push_back(SurgeonAct::dismiss);
  }
  // An alarm outranks a cancel until somebody knows of it.
  const bool alarming = state == State::emergency || state == State::safety_return;
  if (!alarming && state != State::cancel_asked && routing::is_legal(state, EventKind::revoked)) {
    acts.push_back(SurgeonAct::cancel);
  }
  return acts;
}

Result<SurgeonReferral> shown(const Core& core, const store::ReferralRow& row) {
  const auto ledger = Ledger::open(core.store, row.id);
  if (!ledger) return ledger.error();
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  SurgeonReferral referral;
  referral.id = row.id.str();
  referral.version = row.version;
  referral.order = row.order_ref;
  referral.direction = row.direction;
  referral.state = row.state;
  referral.owner = row.owner;
  referral.worklist = row.worklist;
  if (!row.destination.empty()) referral.clinic = name_of(core, row.destination.str());
  referral.ordered_at = row.created_at;
  referral.changed_at = row.updated_at;
  const auto until = stands_until(core, *ledger);
  if (!until) return until.error();
  referral.until = *until;
  if (auto added = add_events(core, *events, referral); !added) return added.error();
  if (auto added = add_alerts(core, *events, referral); !added) return added.error();
  if (auto added = add_pages(core, row, referral); !added) return added.error();
  if (auto added = add_charts(core, row, *events, referral); !added) return added.error();
  const bool asked = !ledger->open_question().empty();
  if (!asked) referral.question.clear();
  referral.acts = acts_of(referral, ledger->state(), asked);
  return referral;
}

Result<std::vector<store::ReferralRow>> rows_of(const Core& core, const Caller& surgeon,
                                                std::string_view patient) {
  const auto ids =
      core.store.find_shared("patient", patient_alias(SourceId(surgeon.source), patient));
  if (!ids) return ids.error();
  std::vector<store::ReferralRow> rows;
  for (const auto& id : *ids) {
    const auto row = core.store.referral(id);
    if (!row) return row.error();
    if (!*row) continue;
    const auto ours = is_shown(core, **row, surgeon, patient);
    if (!ours) return ours.error();
    if (*ours) rows.push_back(std::move(**row));
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

/// Says in the log, once, that somebody of the surgeon's side has the report before them, and
/// brings the row to its new version. Who was quicker with another change is not in the way of the
/// page: the next look says it.
Result<void> note_read(const Core& core, const Caller& surgeon, store::ReferralRow& row) {
  const auto state = routing::state_named(row.state);
  if (!state || !routing::is_legal(*state, EventKind::report_read)) return {};
  auto ledger = Ledger::open(core.store, row.id);
  if (!ledger) return ledger.error();
  const bool shown = ledger->has(EventKind::clinic_reported, row.destination);
  if (!shown || ledger->has(EventKind::report_read)) return {};
  report::Json detail;
  detail.open();
  detail.text("by", signature(surgeon));
  detail.close();
  ledger->add(EventKind::report_read, core.clock(), {.detail = detail.str()});
  store::Changes changes;
  changes.audits.push_back({"PatientRead.report", audited(surgeon), row.id.str(), "success"});
  ledger->commit_into(core, changes);
  const auto kept = core.store.apply(changes);
  if (!kept) return kept.error().code == ErrorCode::stale ? Result<void>() : kept;
  row = ledger->row();
  return {};
}

}  // namespace

std::string audited(const Caller& surgeon) {
  return surgeon.source + "/" + surgeon.person;
}

std::string signature(const Caller& surgeon) {
  return surgeon.name + " (" + audited(surgeon) + ")";
}

Result<std::vector<SurgeonReferral>> surgeon_view(const Core& core, const Caller& surgeon,
                                                  std::string_view patient) {
  auto rows = rows_of(core, surgeon, patient);
  if (!rows) return rows.error();
  // Kept before anything is shown, also that somebody looked where nothing was.
  store::Changes changes;
  for (const auto& row : *rows) {
    changes.audits.push_back({"PatientRead", audited(surgeon), row.id.str(), "success"});
  }
  if (rows->empty()) changes.audits.push_back({"PatientRead", audited(surgeon), "", "nothing"});
  if (auto kept = core.store.apply(changes); !kept) return kept.error();
  std::vector<SurgeonReferral> view;
  for (auto& row : *rows) {
    if (auto noted = note_read(core, surgeon, row); !noted) return noted.error();
    auto one = shown(core, row);
    if (!one) return one.error();
    view.push_back(std::move(*one));
  }
  return view;
}

Result<SurgeonReferral> surgeon_referral(const Core& core, const Caller& surgeon,
                                         std::string_view patient, const ReferralId& id) {
  const auto rows = rows_of(core, surgeon, patient);
  if (!rows) return rows.error();
  for (const auto& row : *rows) {
    if (row.id == id) return shown(core, row);
  }
  return Error{ErrorCode::not_found, "surgeon", "no such referral of this patient"};
}

}  // namespace meridian::flow
