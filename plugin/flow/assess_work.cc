// SPDX-License-Identifier: Apache-2.0
#include "flow/assess_work.h"

#include "flow/alert.h"
#include "flow/ledger.h"
#include "flow/matching.h"
#include "flow/recall.h"
#include "flow/siblings.h"
#include "flow/staff_form.h"
#include "packet/field_profile.h"
#include "pathway/assess.h"
#include "pathway/charts.h"
#include "pathway/episodes.h"
#include "pathway/referral_service.h"
#include "pathway/screening.h"
#include "report/episode_json.h"
#include "report/json.h"
#include "routing/route.h"

namespace meridian::flow {
namespace {

using routing::Action;
using routing::EventKind;
using routing::State;

bool is_open_for_assessment(State state) {
  return state == State::noted || state == State::held || state == State::sending ||
         state == State::undelivered || state == State::declined;
}

/// The facts of one gather, read back from the stored bytes.
struct Facts {
  std::string id;
  std::string bytes;
  History history;
  bool patient_resolved = false;
  RecordSet records;  ///< of `bytes`
  /// `records` and the answers that were given to us; never sent on, their bytes are elsewhere.
  RecordSet known;
  std::vector<std::string> messages;  ///< that brought those answers
};

std::string history_json(const History& history) {
  report::Json json;
  json.open();
  json.open_list("history");
  for (const auto& query : history) {
    json.open();
    json.text("kind", query.kind);
    json.text("completeness", completeness_name(query.completeness));
    json.text_or_null("at", query.at ? to_string(*query.at) : "");
    json.text("detail", query.detail);
    json.close();
  }
  json.close_list();
  json.close();
  return json.str();
}

Result<Facts> gather(const Core& core, const Peer& peer, const store::ReferralRow& row) {
  if (!peer.gatherer) {
    return Error{ErrorCode::misconfigured, "gather", "the source has no way to read its history"};
  }
  auto gathered = peer.gatherer->gather({row.patient_ref, {}, row.order_ref});
  if (!gathered) return gathered.error();
  Facts facts;
  const auto kept =
      core.store.keep_facts({row.id, gathered->facts.media_type, gathered->facts.bytes,
                             history_json(gathered->history), core.clock()});
  if (!kept) return kept.error();
  facts.id = *kept;
  const Envelope envelope{row.source, *kept, gathered->facts.media_type,
                          std::move(gathered->facts.bytes), core.clock()};
  const auto* reader = core.peers.reader_for(envelope.media_type);
  if (reader == nullptr) {
    return Error{ErrorCode::internal, "gather", "no reader takes the gathered facts"};
  }
  auto records = reader->read(envelope);
  if (!records) return records.error();
  facts.records = std::move(*records);
  facts.bytes = envelope.bytes;
  facts.history = std::move(gathered->history);
  facts.patient_resolved = gathered->patient_resolved;
  facts.known = facts.records;
  auto recalled = recall_answers(core, row, facts.known);
  if (!recalled) return recalled.error();
  facts.messages = std::move(*recalled);
  return facts;
}

const ServiceRequest* order_in(const RecordSet& records, const std::string& ref) {
  for (const auto& order : records.service_requests) {
    if (order.ref == ref) return &order;
  }
  return nullptr;
}

/// What one assessment rests on and says.
struct Judgement {
  const ServiceRequest* order = nullptr;
  std::string service;
  Assessment assessment;
  routing::Decision decision;
  std::string directory;  ///< version that was asked
};

Judgement unresolved() {
  Judgement judgement;
  judgement.decision.action = Action::hold;
  judgement.decision.worklist = "patient-match";
  judgement.decision.reasons = {"the patient could not be resolved to exactly one"};
  return judgement;
}

Judgement judge(const Core& core, const Ledger& ledger, const Facts& facts, routing::Loads loads) {
  const auto& row = ledger.row();
  Judgement judgement;
  judgement.order = order_in(facts.records, row.order_ref);
  if (!facts.patient_resolved || judgement.order == nullptr) return unresolved();
  judgement.service = referral_service(*judgement.order, core.terminology).value_or("other");
  for (auto& chart : split_charts(facts.known).charts) {
    if (chart.patient.ref != row.patient_ref) continue;
    const auto episodes = build_episodes(chart, core.terminology, {core.rules.episode_gap_days});
    const auto answers = read_answers(chart, core.rules, core.terminology);
    const auto* order = order_in(chart.records, row.order_ref);
    judgement.assessment = assess({.chart = chart,
                                   .episodes = episodes,
                                   .referral = order,
                                   .history = facts.history,
                                   .answers = answers,
                                   .terminology = core.terminology,
                                   .rules = core.rules,
                                   .at = core.clock()});
    auto asked = route_facts(core, ledger, facts.known, std::move(loads));
    asked.service = judgement.service;
    const auto directory = core.peers.directory();
    judgement.directory = directory->version();
    judgement.decision = routing::route(judgement.assessment, *directory, asked);
    return judgement;
  }
  return unresolved();
}

/// An order that repeats an open one is held before it is first sent.
Result<void> hold_repeat(const Core& core, const Ledger& ledger, Judgement& judgement) {
  const auto state = ledger.state();
  const bool before_sending = state == State::noted || state == State::held;
  if (judgement.decision.action != Action::deliver || !before_sending) return {};
  const auto original = repeated_by(core, ledger.row());
  if (!original) return original.error();
  if (!*original) return {};
  auto& decision = judgement.decision;
  decision.action = Action::hold;
  decision.to = {};
  decision.worklist = "duplicate-order";
  decision.reasons = {"repeats " + (*original)->order_ref + ", which is still open (" +
                      (*original)->state + ")"};
  decision.doors = {"revoke one of the two orders", "a new order that replaces the open one"};
  return {};
}

std::string decision_json(const Core& core, const Facts& facts, const Judgement& judgement,
                          Instant form_issued_at) {
  const auto& decision = judgement.decision;
  report::Json json;
  json.open();
  json.text("action", routing::action_name(decision.action));
  json.text("to", decision.to.str());
  json.list("reasons", decision.reasons);
  json.list("doors", decision.doors);
  json.open_list("candidates");
  for (const auto& candidate : decision.candidates) {
    json.open();
    json.text("id", candidate.id.str());
    json.flag("taken", candidate.taken);
    json.text("why", candidate.why);
    json.text("receiver", candidate.receiver);
    json.text("name", candidate.name);
    json.close();
  }
  json.close_list();
  if (!decision.doors.empty()) json.text("form_issued_at", to_string(form_issued_at));
  json.text("facts", facts.id);
  json.list("messages", facts.messages);
  json.text("rules", core.rules.version);
  json.text("directory", judgement.directory);
  json.text("build", core.settings.build);
  json.text("at", to_string(core.clock()));
  json.close();
  return json.str();
}

Result<Rendered> render(const Core& core, const Peer& receiver, const store::ReferralRow& row,
                        const Facts& facts, const Judgement& judgement) {
  Letter letter;
  letter.kind = Letter::Kind::referral;
  letter.referral_id = row.id.str();
  letter.source_order = row.order_ref;
  letter.source_patient = row.patient_ref;
  letter.records = facts.records;
  letter.raw = facts.bytes;
  // Answers that only we have are not in the bytes, but the profile decides on what rests on them.
  const auto candidates =
      packet::packet_candidates(facts.known, row.order_ref, judgement.assessment);
  letter.include =
      packet::select_records(facts.known, candidates, receiver.profile, core.terminology).include;
  letter.assessment = judgement.assessment;
  letter.task_status = "requested";
  const auto* sender = core.peers.find(row.source.str());
  letter.sender_name = sender ? sender->name : row.source.str();
  letter.receiver_name = receiver.name;
  letter.at = core.clock();
  return receiver.renderer->render(letter, receiver.profile);
}

void ask_to_reflect(const Core& core, const ReferralId& id, store::Changes& changes) {
  changes.works.push_back({"reflect", id, core.clock(), "{}", "reflect|" + id.str() + "|engine"});
}

Result<void> release(const Core& core, Ledger& ledger, const Facts& facts,
                     const Judgement& judgement, store::Changes& changes) {
  const auto* receiver = core.peers.find(judgement.decision.to.str());
  if (receiver == nullptr || !receiver->renderer) {
    return Error{ErrorCode::misconfigured, "render", "the chosen receiver has no renderer"};
  }
  auto rendered = render(core, *receiver, ledger.row(), facts, judgement);
  if (!rendered) return rendered.error();
  // What waits for an earlier receiver is not sent any more.
  changes.supersede.push_back(ledger.row().id);
  ledger.row().destination = receiver->destination();
  ledger.add(EventKind::released, core.clock(), {.offer = receiver->id});
  changes.deliveries.push_back({ledger.row().id, receiver->destination(), "referral", rendered->key,
                                rendered->media_type, std::move(rendered->bytes), core.clock(),
                                ledger.next_version()});
  return {};
}

std::vector<Flag> emergencies(const Assessment& assessment) {
  std::vector<Flag> flags;
  for (const auto& flag : assessment.flags) {
    if (flag.severity == "emergency") flags.push_back(flag);
  }
  return flags;
}

Result<void> decide(const Core& core, Ledger& ledger, const Facts& facts,
                    const Judgement& judgement, store::Changes& changes) {
  const bool was_sending = ledger.state() == State::sending;
  switch (judgement.decision.action) {
    case Action::deliver:
      // A packet that waits for its clinic stays the same; only a new decision makes a new one.
      if (was_sending && ledger.row().destination == judgement.decision.to) return {};
      return release(core, ledger, facts, judgement, changes);
    case Action::escalate:
      raise_alert(core, ledger, emergencies(judgement.assessment), changes);
      return {};
    case Action::hold:
      ledger.add(EventKind::held, core.clock());
      ledger.show_in(judgement.decision.worklist);
      changes.supersede.push_back(ledger.row().id);
      return {};
  }
  return {};
}

}  // namespace

Result<store::Changes> assess_referral(const Core& core, const store::WorkItem& item) {
  auto ledger = Ledger::open(core.store, item.referral);
  if (!ledger) return ledger.error();
  store::Changes changes;
  if (!is_open_for_assessment(ledger->state())) return changes;
  const auto* peer = core.peers.find(ledger->row().source.str());
  if (peer == nullptr) {
    return Error{ErrorCode::misconfigured, "work", "the referral's source is not configured"};
  }
  const auto facts = gather(core, *peer, ledger->row());
  if (!facts) return facts.error();
  auto loads = loads_of(core);
  if (!loads) return loads.error();
  auto judgement = judge(core, *ledger, *facts, std::move(*loads));
  if (auto looked = hold_repeat(core, *ledger, judgement); !looked) return looked.error();
  ledger->row().assessment = report::assessment_json(judgement.assessment);
  const auto issued = form_issued_at(core, ledger->row(), judgement.decision.reasons);
  if (!issued) return issued.error();
  ledger->row().decision = decision_json(core, *facts, judgement, *issued);
  ledger->touch();
  if (auto decided = decide(core, *ledger, *facts, judgement, changes); !decided) {
    return decided.error();
  }
  ask_to_reflect(core, item.referral, changes);
  changes.audits.push_back({"PatientRead", core.settings.node, item.referral.str(), "success"});
  ledger->commit_into(changes, core.clock());
  return changes;
}

}  // namespace meridian::flow
