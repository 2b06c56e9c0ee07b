// SPDX-License-Identifier: Apache-2.0
#include "flow/assess_work.h"

#include <utility>

#include <rapidjson/document.h>

#include "flow/alert.h"
#include "flow/aliases.h"
#include "flow/clock.h"
#include "flow/identity.h"
#include "flow/ledger.h"
#include "flow/recall.h"
#include "flow/repeat.h"
#include "flow/restored.h"
#include "flow/review_timer.h"
#include "flow/review_work.h"
#include "flow/sign_off.h"
#include "flow/staff_form.h"
#include "flow/stored_json.h"
#include "report/episode_json.h"
#include "report/json.h"
#include "routing/legal.h"

namespace meridian::flow {
namespace {

using routing::Action;
using routing::EventKind;
using routing::State;

bool is_open_for_assessment(State state) {
  return state == State::noted || state == State::held || state == State::sending ||
         state == State::undelivered || state == State::declined;
}

/// Whose record it is at `receiver`, when that is known; a surgeon's side is asked for it then.
Result<void> find_patient_there(const Core& core, const store::ReferralRow& row, const Facts& facts,
                                const DestinationId& receiver, Judgement& judgement) {
  const auto* peer = core.peers.find(receiver.str());
  if (peer == nullptr) return {};
  auto there = patient_there(core, row, *peer, facts.records);
  if (!there) return there.error();
  judgement.patient_there = std::move(*there);
  return {};
}

void write_choice(report::Json& json, const Choice& choice) {
  json.text("to", choice.to.str());
  json.text("by", choice.by);
  json.text("override", choice.override_reason);
}

std::string decision_json(const Core& core, const Facts& facts, const Judgement& judgement,
                          const Choice& choice, Instant form_issued_at) {
  const auto& decision = judgement.decision;
  report::Json json;
  json.open();
  json.text("action", routing::action_name(decision.action));
  json.text("to", decision.to.str());
  json.list("reasons", decision.reasons);
  if (!judgement.repeats.empty()) json.text("repeats", judgement.repeats);
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
  if (!choice.to.empty()) {
    json.open("choice");
    write_choice(json, choice);
    json.close();
  }
  if (judgement.patient_there) json.text("patient_there", *judgement.patient_there);
  if (!facts.order_there.empty()) json.text("order_there", facts.order_there);
  const bool asks = judgement.patient_there && judgement.patient_there->empty();
  if (!decision.doors.empty() || asks) json.text("form_issued_at", to_string(form_issued_at));
  if (!judgement.holds.empty()) write_holds(json, judgement.holds, core.rules);
  json.text("facts", facts.id);
  json.list("messages", facts.messages);
  json.text("rules", core.rules.version);
  json.text("directory", judgement.directory);
  json.text("build", core.settings.build);
  json.text("at", to_string(judgement.at));
  json.close();
  return json.str();
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
  auto& row = ledger.row();
  row.destination = receiver->destination();
  const auto selection = select_packet(core, *receiver, row, facts, judgement);
  auto letter = packet_letter(core, *receiver, row, facts, judgement);
  letter.include = selection.include;
  letter.withheld = packet::withheld_statement(selection);
  letter.notices = selection.notices;
  letter.needed_by =
      core.settings.clocks.stands_until(State::delivered, ledger.urgent(), core.clock());
  auto rendered = observed(core.stages, Stage::render,
                           [&] { return receiver->renderer->render(letter, receiver->profile); });
  if (!rendered) return rendered.error();
  const auto maybe_arrived = may_have_been_sent(core, *judgement.order);
  if (!maybe_arrived) return maybe_arrived.error();
  // What waits for an earlier receiver is not sent any more.
  changes.supersede.push_back(row.id);
  row.decision =
      with_basis(row.decision, released_basis(core, facts, judgement, selection, *rendered));
  ledger.add(EventKind::released, core.clock(), {.offer = receiver->id, .detail = row.decision});
  changes.deliveries.push_back({row.id, receiver->destination(), "referral", rendered->key,
                                rendered->media_type, std::move(rendered->bytes), core.clock(),
                                ledger.next_version(), *maybe_arrived});
  return {};
}

std::vector<Flag> emergencies(const Assessment& assessment) {
  std::vector<Flag> flags;
  for (const auto& flag : assessment.flags) {
    if (flag.severity == "emergency") flags.push_back(flag);
  }
  return flags;
}

/// The receiver before this one has it, or may have it.
Result<bool> may_have_it(const Core& core, const Ledger& ledger, const DestinationId& receiver) {
  if (receiver.empty()) return false;
  if (ledger.has(EventKind::sent, receiver)) return true;
  const auto deliveries = core.store.deliveries(ledger.row().id);
  if (!deliveries) return deliveries.error();
  for (const auto& delivery : *deliveries) {
    if (delivery.destination != receiver || delivery.kind != "referral") continue;
    if (delivery.maybe_arrived || delivery.state == store::DeliveryState::ambiguous) return true;
  }
  return false;
}

/// Releases to the chosen receiver, and has the one before told.
Result<void> redirect(const Core& core, Ledger& ledger, const Facts& facts,
                      const Judgement& judgement, store::Changes& changes) {
  const auto before = ledger.row().destination;
  const auto tell = may_have_it(core, ledger, before);
  if (!tell) return tell.error();
  if (auto released = release(core, ledger, facts, judgement, changes); !released) return released;
  if (!*tell) return {};
  const auto& id = ledger.row().id;
  changes.works.push_back({"tell_clinic", id, core.clock(), one_text("clinic", before.str()),
                           "tell_clinic|" + id.str() + "|" + before.str()});
  return {};
}

Choice choice_in(const rapidjson::Value& json) {
  if (!json.IsObject() || !json.HasMember("to")) return {};
  return {DestinationId(json["to"].GetString()), json["by"].GetString(),
          json["override"].GetString()};
}

/// What a person chose and is not done yet.
Choice new_choice(const std::string& detail) {
  return choice_in(parsed(detail));
}

/// What a person chose and no clinic has answered yet: a packet on its way stays on it.
Choice kept_choice(const store::ReferralRow& row, State state) {
  if (state != State::sending) return {};
  const auto decision = parsed(row.decision);
  if (!decision.IsObject() || !decision.HasMember("choice")) return {};
  return choice_in(decision["choice"]);
}

/// Facts and what follows from them for this referral as it stands.
struct Look {
  Facts facts;
  Judgement judgement;
};

Result<Look> look(const Core& core, Ledger& ledger, const Choice& choice, bool is_new) {
  auto facts = gather(core, ledger.row());
  if (!facts) return facts.error();
  Look look{std::move(*facts), {}};
  look.judgement = judge(core, ledger, look.facts, choice, std::nullopt);
  if (!is_new) {
    if (auto held = warn_of_repeat(core, ledger, look.facts, look.judgement); !held) {
      return held.error();
    }
  }
  const auto known = find_patient_there(core, ledger.row(), look.facts, look.judgement.decision.to,
                                        look.judgement);
  return known ? Result<Look>(std::move(look)) : known.error();
}

/// The referral is known by the patient's record and by the order's from now on, where a message
/// without addresses named them.
void note_names(const store::ReferralRow& row, const std::string& patient_before,
                const Facts& facts, store::Changes& changes) {
  if (row.patient_ref != patient_before) {
    changes.aliases.push_back(
        {"patient", patient_alias(row.source, row.patient_ref), row.id, true});
  }
  if (facts.order_there.empty()) return;
  changes.aliases.push_back({"record", order_alias(row.source, facts.order_there), row.id, true});
}

/// A referral that its clinic has.
Result<store::Changes> look_again(const Core& core, Ledger& ledger) {
  const auto patient_before = ledger.row().patient_ref;
  const auto basis = read_basis(ledger.row().decision);
  auto facts = gather(core, ledger.row());
  if (!facts) return facts.error();
  const auto whole = recall_unread(core, basis.facts, facts->history, facts->known);
  if (!whole) return whole.error();
  if (!*whole) facts->recalled = basis.facts;
  auto judgement =
      judge(core, ledger, *facts, {}, basis.released_at.value_or(ledger.row().created_at));
  const auto known =
      find_patient_there(core, ledger.row(), *facts, ledger.row().destination, judgement);
  if (!known) return known.error();
  if (ledger.row().patient_ref != patient_before) ledger.touch();
  auto changes = review(core, ledger, *facts, judgement, *whole);
  if (changes) note_names(ledger.row(), patient_before, *facts, *changes);
  return changes;
}

/// Why, for whoever reads the log later: the next decision takes the place of this one.
std::string held_detail(const routing::Decision& decision) {
  report::Json json;
  json.open();
  json.list("reasons", decision.reasons);
  json.close();
  return json.str();
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
      ledger.add(EventKind::held, core.clock(), {.detail = held_detail(judgement.decision)});
      ledger.show_in(judgement.decision.worklist);
      changes.supersede.push_back(ledger.row().id);
      return {};
  }
  return {};
}

/// A timer's look that ends as the last one did is no news for the hospital.
bool says_the_same(const std::string& before, const std::string& after) {
  const auto part = [](const std::string& decision) {
    return decision.substr(0, decision.find("\"facts\""));
  };
  return part(before) == part(after);
}

}  // namespace

bool can_be_redirected(State state) {
  constexpr routing::States movable = {
      State::sending,   State::undelivered, State::declined,    State::delivered,
      State::in_triage, State::need_info,   State::waitlisted,  State::accepted,
      State::scheduled, State::no_show,     State::unreachable, State::appointment_cancelled};
  return movable.has(state);
}

std::string next_clinic_detail() {
  return R"({"next":true})";
}

std::string to_detail(const Choice& choice) {
  report::Json json;
  json.open();
  write_choice(json, choice);
  json.close();
  return json.str();
}

Result<routing::Decision> consider(const Core& core, const Ledger& ledger, const Choice& choice) {
  auto copy = ledger;
  auto looked = look(core, copy, choice, true);
  if (!looked) return looked.error();
  return std::move(looked->judgement.decision);
}

Result<store::Changes> assess_referral(const Core& core, const store::WorkItem& item) {
  auto ledger = Ledger::open(core.store, item.referral);
  if (!ledger) return ledger.error();
  store::Changes changes;
  const auto state = ledger->state();
  const bool next = flag_in(parsed(item.detail), "next");
  if (next && !routing::is_legal(state, EventKind::passed_over)) return changes;  // it answered
  auto choice = new_choice(item.detail);
  const bool chosen = next || !choice.to.empty();
  if (!chosen) choice = kept_choice(ledger->row(), state);
  if (!chosen && routing::is_with_clinic(state)) return look_again(core, *ledger);
  if (!(chosen ? can_be_redirected(state) : is_open_for_assessment(state))) return changes;
  const auto patient_before = ledger->row().patient_ref;
  const auto looked = look(core, *ledger, choice, chosen);
  if (!looked) return looked.error();
  const auto& [facts, judgement] = *looked;
  // A choice that cannot be followed any more changes nothing: the preview said what was asked for.
  if (chosen && judgement.decision.action != Action::deliver) {
    if (!next) return changes;
    escalate(core, *ledger, "overdue: the clinic is silent, and there is no other to offer it to",
             changes);
    ledger->commit_into(core, changes);
    return changes;
  }
  auto& row = ledger->row();
  row.assessment = report::assessment_json(judgement.assessment);
  const auto issued = form_issued_at(core, row, judgement.decision.reasons);
  if (!issued) return issued.error();
  auto basis = read_basis(row.decision);
  basis.inputs = inputs_of(core, facts, judgement);
  const auto before = std::exchange(
      row.decision, with_basis(decision_json(core, facts, judgement, choice, *issued), basis));
  ledger->touch();
  const auto decided = chosen ? redirect(core, *ledger, facts, judgement, changes)
                              : decide(core, *ledger, facts, judgement, changes);
  if (!decided) return decided.error();
  if (item.kind != "timer.review" || !says_the_same(before, row.decision)) {
    ask_to_reflect(core, item.referral, changes);
  }
  plant_review(core, item.referral, judgement.assessment.valid_until, changes);
  note_names(row, patient_before, facts, changes);
  changes.audits.push_back({"PatientRead", core.settings.node, item.referral.str(), "success"});
  ledger->commit_into(core, changes);
  return changes;
}

Result<store::Changes> link_patient(const Core& core, const store::WorkItem& item) {
  auto ledger = Ledger::open(core.store, item.referral);
  if (!ledger) return ledger.error();
  store::Changes changes;
  auto& row = ledger->row();
  const auto* receiver = core.peers.find(row.destination.str());
  if (receiver == nullptr || !receiver->renderer) return changes;
  const auto facts = gather(core, row);
  if (!facts) return facts.error();
  auto basis = read_basis(row.decision);
  auto judgement = judge(core, *ledger, *facts, {}, basis.released_at.value_or(row.created_at));
  if (judgement.order == nullptr) return changes;
  const auto known = find_patient_there(core, row, *facts, row.destination, judgement);
  if (!known) return known.error();
  row.decision = with_basis(decision_json(core, *facts, judgement, {}, core.clock()), basis);
  ledger->touch();
  auto letter = packet_letter(core, *receiver, row, *facts, judgement);
  letter.kind = Letter::Kind::patient_linked;
  auto selection = select_packet(core, *receiver, row, *facts, judgement);
  letter.include = std::move(selection.include);
  letter.notices = std::move(selection.notices);
  auto rendered = receiver->renderer->render(letter, receiver->profile);
  if (!rendered) return rendered.error();
  basis.records = digests_of(*rendered);  // what it has now is no news for it
  row.decision = with_basis(row.decision, basis);
  changes.deliveries.push_back({row.id, receiver->destination(), "patient_linked",
                                rendered->key + "/" + sortable(ledger->next_version()),
                                rendered->media_type, std::move(rendered->bytes), core.clock(), 0});
  changes.audits.push_back(
      {"PrivacyDisclosure.Source", receiver->id, item.referral.str(), "success"});
  ledger->commit_into(core, changes);
  return changes;
}

}  // namespace meridian::flow
