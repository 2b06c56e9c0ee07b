// SPDX-License-Identifier: Apache-2.0
#include "flow/intake.h"

#include <algorithm>
#include <deque>

#include "flow/alert.h"
#include "flow/aliases.h"
#include "flow/clinic_word.h"
#include "flow/clock.h"
#include "flow/ledger.h"
#include "flow/patient_link.h"
#include "flow/recall.h"
#include "flow/reflect_work.h"
#include "flow/restored.h"
#include "flow/review_timer.h"
#include "flow/siblings.h"
#include "flow/staff_form.h"
#include "flow/statements.h"
#include "flow/stored_json.h"
#include "model/latest.h"
#include "pathway/charts.h"
#include "pathway/emergency.h"
#include "pathway/referral_service.h"
#include "routing/clinic_events.h"

namespace meridian::flow {
namespace {

using routing::EventKind;
using routing::State;

/// One message on its way into the referrals: what it touches is opened once and committed once.
class Intake {
 public:
  Intake(const Core& core, const Envelope& envelope, const MessageId& message,
         const RecordSet& records)
      : core_(core), envelope_(envelope), message_(message), records_(records) {}

  Result<Noted> run(const Peer& peer) {
    Result<void> noted;
    if (peer.gatherer) {  // whose record can be read may order
      for (const auto& order : records_.service_requests) {
        if (noted) noted = note_order(order, peer);
      }
      if (noted) noted = note_answers();
      if (noted) noted = note_records();
    }
    for (const auto& task : records_.tasks) {
      if (noted) noted = note_task(task, peer);
    }
    if (!noted) return noted.error();
    for (auto& ledger : open_) {
      if (!ledger.changed()) continue;
      ledger.commit_into(core_, changes_);
      const auto state = ledger.state();
      if (!routing::is_over(state) && state != State::recall_asked) continue;
      if (auto woken = wake_siblings(core_, ledger.row(), changes_); !woken) return woken.error();
    }
    return Noted{std::move(changes_), std::move(issues_)};
  }

 private:
  Result<Ledger*> ledger_of(const ReferralId& id) {
    for (auto& ledger : open_) {
      if (ledger.row().id == id) return &ledger;
    }
    auto opened = Ledger::open(core_.store, id);
    if (!opened) return opened.error();
    open_.push_back(std::move(*opened));
    return &open_.back();
  }

  Ledger& begin_referral(const ServiceRequest& order, const std::string& service) {
    store::ReferralRow row;
    row.id = referral_id(core_, envelope_.source, order.ref);
    row.source = envelope_.source;
    row.order_ref = order.ref;
    row.patient_ref = order.subject.target;
    row.requester =
        order.requester.target.empty() ? order.requester.display : order.requester.target;
    row.direction = service == "spine_surgery" ? "to_surgeon" : "to_acupuncture";
    changes_.aliases.push_back({"order", order_alias(envelope_.source, order.ref), row.id, false});
    changes_.aliases.push_back(
        {"patient", patient_alias(envelope_.source, row.patient_ref), row.id, true});
    name_conversation(row.id);
    open_.push_back(Ledger::begin(std::move(row)));
    return open_.back();
  }

  /// Source: NHS BaRS, reference referral-standards section 1.5, and section 4, rule 5.
  void name_conversation(const ReferralId& id) {
    const auto& correlation = envelope_.correlation_id;
    if (!correlation.empty()) changes_.aliases.push_back({"correlation", correlation, id, true});
  }

  /// What was sent there carries our identifier, and what a peer does itself it orders for itself:
  /// neither is a referral from it.
  static bool is_its_own(const ServiceRequest& order, const std::string& service,
                         const Peer& peer) {
    const auto& own = peer.services;
    return std::find(own.begin(), own.end(), service) != own.end() ||
           std::any_of(
               order.identifiers.begin(), order.identifiers.end(),
               [](const Identifier& identifier) { return identifier.system == referral_system; });
  }

  Result<void> note_order(const ServiceRequest& order, const Peer& peer) {
    const auto service = referral_service(order, core_.terminology);
    const auto event = routing::order_event(order);
    const bool referral = service && *service != "other";
    if (!referral || !event || order.subject.target.empty()) return {};
    if (is_its_own(order, *service, peer)) return {};
    const auto known = core_.store.find_alias("order", order_alias(envelope_.source, order.ref));
    if (!known) return known.error();
    if (!*known) {
      const auto recorded = note_record(order, *event);
      if (!recorded) return recorded.error();
      if (*recorded) return {};
    }
    if (!*known && *event != EventKind::ordered) {
      // It ended before we ever saw it, unless a life before a restore did.
      const auto maybe = may_have_been_sent(core_, order);
      if (!maybe) return maybe.error();
      if (!*maybe) return keep_early_end(order, *service, *event);
    }
    Ledger* ledger = nullptr;
    if (*known) {
      auto opened = ledger_of(**known);
      if (!opened) return opened.error();
      ledger = *opened;
    } else {
      ledger = &begin_referral(order, *service);
    }
    if (!ledger->add(*event, core_.clock(),
                     {.sequence = version_sequence(order),
                      .detail = priority_detail(order),
                      .message = message_})) {
      return {};
    }
    if (*event != EventKind::ordered) {
      *event == EventKind::order_on_hold ? pause(*ledger) : end(*ledger);
      return {};
    }
    look_for_emergency(*ledger, order.subject.target);
    ask_for_assessment(ledger->row().id);
    return end_replaced(order);
  }

  /// A cancel may overtake what it cancels: it is kept, so that the order is cancelled when it
  /// comes. An older one, out of the first look at a system, is about what nobody will send.
  /// Source: reference referral-standards section 4, rule 3.
  Result<void> keep_early_end(const ServiceRequest& order, const std::string& service,
                              EventKind event) {
    constexpr std::chrono::hours patience{72};
    const auto updated = order.last_updated.instant();
    const auto at = updated ? updated : order.authored.instant();
    if (event == EventKind::order_on_hold || !at || core_.clock() - *at > patience) return {};
    begin_referral(order, service)
        .add(event, core_.clock(), {.sequence = version_sequence(order), .message = message_});
    return {};
  }

  /// The order is paused: what waits is not sent before a new look, a clinic that has it is told.
  void pause(Ledger& ledger) {
    const auto& id = ledger.row().id;
    changes_.supersede.push_back(id);
    if (ledger.has(EventKind::sent)) {
      changes_.works.push_back({"tell_clinic", id, core_.clock(), "{}", "tell_clinic|" + id.str()});
    } else {
      ledger.add(EventKind::held, core_.clock(), {.detail = R"({"reasons":["on hold"]})"});
    }
    changes_.works.push_back(
        {"reflect", id, core_.clock(), "{}", "reflect|" + id.str() + "|engine"});
  }

  /// The source's record of an order that a message without addresses brought: no order besides,
  /// but it ends there for both. False when it is none.
  Result<bool> note_record(const ServiceRequest& order, EventKind event) {
    const auto known = core_.store.find_shared("record", order_alias(envelope_.source, order.ref));
    if (!known) return known.error();
    for (const auto& id : *known) {
      if (event == EventKind::ordered) continue;
      auto ledger = ledger_of(id);
      if (!ledger) return ledger.error();
      if ((*ledger)->add(event, core_.clock(),
                         {.sequence = "~" + order.ref, .message = message_})) {
        end(**ledger);
      }
    }
    return !known->empty();
  }

  /// What the order replaces ends as if it were revoked.
  Result<void> end_replaced(const ServiceRequest& order) {
    for (const auto& replaced : order.replaces) {
      const auto known =
          core_.store.find_alias("order", order_alias(envelope_.source, replaced.target));
      if (!known) return known.error();
      if (!*known) continue;
      auto ledger = ledger_of(**known);
      if (!ledger) return ledger.error();
      // "~" sorts after every version: what is replaced does not come back.
      if ((*ledger)->add(EventKind::revoked, core_.clock(),
                         {.sequence = "~" + order.ref, .message = message_})) {
        end(**ledger);
      }
    }
    return {};
  }

  /// The order was revoked or a mistake: what waits is not sent, a clinic that has it is told, and
  /// the record shows it.
  void end(const Ledger& ledger) {
    const auto& id = ledger.row().id;
    changes_.supersede.push_back(id);
    changes_.cancel_works.push_back("assess|" + id.str());
    changes_.cancel_works.push_back("redirect|" + id.str());
    if (ledger.state() == State::recall_asked) {
      recall(core_, ledger, changes_);
    } else if (ledger.has(EventKind::sent)) {
      changes_.works.push_back({"tell_clinic", id, core_.clock(), "{}", "tell_clinic|" + id.str()});
    }
    changes_.works.push_back(
        {"reflect", id, core_.clock(), "{}", "reflect|" + id.str() + "|engine"});
  }

  void look_for_emergency(Ledger& ledger, const std::string& patient) {
    const auto charts = split_charts(current_for(ledger)).charts;
    for (const auto& chart : charts) {
      if (chart.patient.ref != patient) continue;
      raise_alert(core_, ledger,
                  emergency_flags(chart, core_.rules, core_.terminology, core_.clock()), changes_,
                  message_);
    }
  }

  /// The message without answers of which the referral knows a later version.
  RecordSet current_for(const Ledger& ledger) const {
    auto records = records_;
    const auto outdated = [&](const Record& answer) {
      return ledger.knows_later(EventKind::answered, answer.ref + "/", sequence_of(answer));
    };
    std::erase_if(records.questionnaire_responses, outdated);
    std::erase_if(records.observations, outdated);
    return records;
  }

  /// Whatever came about a patient may bear on a decision: each open referral is looked at again,
  /// once per burst. The look reads the record itself, where the latest versions are; the message
  /// only says when.
  Result<void> note_records() {
    for (const auto& chart : split_charts(records_).charts) {
      const auto& patient = chart.patient.ref;
      const auto referrals =
          core_.store.find_shared("patient", patient_alias(envelope_.source, patient));
      if (!referrals) return referrals.error();
      for (const auto& id : *referrals) {
        auto ledger = ledger_of(id);
        if (!ledger) return ledger.error();
        const auto about = is_about(**ledger, patient);
        if (!about) return about.error();
        if (*about) look_again(**ledger, patient);
      }
    }
    return {};
  }

  /// A referral stays known under the patient that it was about before a person named another. Any
  /// other name that it has is what a message calls the same patient.
  Result<bool> is_about(const Ledger& ledger, const std::string& patient) const {
    const auto& row = ledger.row();
    if (row.patient_ref == patient) return true;
    const auto named = was_linked_at(core_, row.id, row.source.str());
    if (!named) return named.error();
    return !*named;
  }

  void look_again(Ledger& ledger, const std::string& patient) {
    const auto state = ledger.state();
    const bool waiting = state == State::noted || state == State::held || state == State::sending ||
                         state == State::declined || routing::is_with_clinic(state);
    if (!waiting && state != State::undelivered) return;
    look_for_emergency(ledger, patient);
    if (ledger.state() == State::emergency) {
      warn_clinic(ledger);
    } else if (waiting) {
      ask_for_assessment(ledger.row().id);
    }
  }

  /// Answers that came by themselves are noted at each open referral of the patient.
  Result<void> note_answers() {
    for (const auto& response : records_.questionnaire_responses) {
      auto noted = stated(response) ? note_statement(response, *stated(response))
                                    : note_answer(response, response.subject.target);
      if (!noted) return noted;
    }
    const bool with_order = !records_.service_requests.empty();
    for (const auto& observation : records_.observations) {
      if (with_order) break;  // it came along with the order
      if (auto noted = note_answer(observation, observation.subject.target); !noted) return noted;
    }
    return {};
  }

  Result<void> note_answer(const Record& answer, const std::string& patient) {
    if (patient.empty()) return {};
    const auto referrals =
        core_.store.find_shared("patient", patient_alias(envelope_.source, patient));
    if (!referrals) return referrals.error();
    for (const auto& id : *referrals) {
      auto ledger = ledger_of(id);
      if (!ledger) return ledger.error();
      const auto about = is_about(**ledger, patient);
      if (!about) return about.error();
      if (!*about) continue;
      const auto state = (*ledger)->state();
      if (routing::is_over(state) || state == State::reported) continue;
      if (!(*ledger)->add(EventKind::answered, core_.clock(),
                          {.sequence = sequence_of(answer), .message = message_})) {
        continue;
      }
      changes_.audits.push_back({"ScreeningAnswered", answered_by(), id.str(), "success"});
    }
    return {};
  }

  /// What a named person stated on a page of ours, about the one order that it names. From anybody
  /// else it is nothing.
  Result<void> note_statement(const QuestionnaireResponse& response, EventKind kind) {
    if (!envelope_.from_page || response.based_on.empty()) return {};
    const auto order = order_alias(envelope_.source, response.based_on.front().target);
    const auto known = core_.store.find_alias("order", order);
    if (!known) return known.error();
    if (!*known) return {};
    auto opened = ledger_of(**known);
    if (!opened) return opened.error();
    auto& ledger = **opened;
    const auto detail = statement_detail(response);
    if (!ledger.add(kind, core_.clock(),
                    {.sequence = sequence_of(response), .detail = detail, .message = message_})) {
      return {};
    }
    changes_.audits.push_back(
        {routing::event_name(kind), "named-person", (**known).str(), "success"});
    if (kind == EventKind::patient_linked || kind == EventKind::patient_unlinked) {
      move_patient(ledger, read_statement(detail), kind);
    }
    if (kind == EventKind::return_released) {
      changes_.works.push_back(
          {"send_return", **known, core_.clock(), "{}", "send_return|" + message_.str()});
    }
    const auto state = ledger.state();
    if (state == State::held || routing::is_with_clinic(state)) ask_for_assessment(**known);
    return {};
  }

  /// At the source the referral is about that patient now; at the receiver its record is told.
  void move_patient(Ledger& ledger, const Statement& said, EventKind kind) {
    auto& row = ledger.row();
    if (said.text("at") != row.source.str()) {
      changes_.works.push_back(
          {"link_patient", row.id, core_.clock(), "{}", "link_patient|" + row.id.str()});
      return;
    }
    row.patient_ref = said.text(kind == EventKind::patient_linked ? "patient" : "was");
    changes_.aliases.push_back(
        {"patient", patient_alias(row.source, row.patient_ref), row.id, true});
    if (kind == EventKind::patient_unlinked) ask_for_assessment(row.id);
  }

  /// A record that carries no version is told from its other versions by the message.
  std::string sequence_of(const Record& answer) const { return answer_sequence(answer, message_); }

  std::string answered_by() const {
    return is_form_message(envelope_.sender_id) ? "staff-form" : envelope_.source.str();
  }

  void warn_clinic(const Ledger& ledger) {
    if (!ledger.has(EventKind::sent)) return;
    const auto& id = ledger.row().id;
    changes_.works.push_back({"tell_clinic", id, core_.clock(), "{}", "tell_clinic|" + id.str()});
  }

  Result<void> note_task(const Task& task, const Peer& peer) {
    const auto said = clinic_message(envelope_, records_, peer);
    const auto event = event_in(core_, task, said);
    const auto id = referral_of(task, peer);
    if (!id) return id.error();
    if (!event) return {};
    if (id->empty()) return wait_for_order(core_, task);
    auto ledger = ledger_of(*id);
    if (!ledger) return ledger.error();
    const bool sent_before = (*ledger)->has(EventKind::sent, peer.destination());
    const auto before = (*ledger)->state();
    // A clinic speaks for a referral that was offered to it, and for its own offer only.
    if (!(*ledger)->was_offered_to(peer.destination())) {
      const auto lost = was_sent_in_lost_life(core_, task);
      if (!lost) return lost.error();
      if (!*lost) return {};
      adopt(core_, **ledger, peer.destination(), changes_);
    }
    const auto heard = heard_as(core_, records_, task, *event, **ledger);
    if (!heard) return {};
    if (is_known(task, *heard, said, **ledger)) return {};
    const bool alarm = *heard == EventKind::clinic_safety_return;
    const auto detail = alarm ? safety_detail(core_, **ledger, red_flags_in(core_, records_))
                              : word_detail(task, *heard, said);
    if (!(*ledger)->add(*heard, core_.clock(),
                        {.sequence = word_sequence(task, said),
                         .offer = peer.id,
                         .detail = detail,
                         .message = message_})) {
      return {};
    }
    if ((*ledger)->ends_illegally()) issues_.push_back(illegal(*heard, before));
    changes_.aliases.push_back({"task", task_alias(peer.id, task.ref), *id, false});
    name_conversation(*id);
    if (peer.reads_here) changes_.shelves.push_back({peer.destination(), *id});
    if (alarm && (*ledger)->state() == State::safety_return && before != State::safety_return) {
      if (auto raised = raise_safety_alert(core_, **ledger, detail, changes_); !raised)
        return raised;
    }
    if (*heard == EventKind::clinic_recalled) {
      changes_.works.push_back(
          {"reflect", *id, core_.clock(), "{}", "reflect|" + id->str() + "|engine"});
      return {};
    }
    if ((*ledger)->row().destination != peer.destination()) {
      answer_late_word(core_, **ledger, peer.destination(), *heard, changes_);
      return {};
    }
    plant_visit_review(core_, *id, records_.appointments, changes_);
    const auto state = (*ledger)->state();
    if (state == State::declined) ask_for_assessment(*id);
    if (state == State::no_show && (*ledger)->count(EventKind::clinic_no_show) > 1) {
      escalate(core_, **ledger, "the patient did not come for the second time", changes_);
    }
    // It has what ended, or became alarming, before we knew that it has it.
    if (!sent_before && (state == State::cancel_asked || state == State::emergency)) {
      changes_.works.push_back(
          {"tell_clinic", *id, core_.clock(), "{}", "tell_clinic|" + id->str()});
    }
    changes_.works.push_back({"reflect", *id, core_.clock(), one_text("message", message_.str()),
                              "reflect|" + id->str() + "|" + message_.str()});
    return {};
  }

  /// A word that is illegal in the current state is kept, answered and shown, never applied.
  /// Source: reference referral-standards section 4, rule 3.
  static Issue illegal(EventKind heard, State state) {
    return {Severity::error, "business-rule", "",
            std::string(routing::event_name(heard)) + " changes nothing: the referral is " +
                std::string(routing::state_name(state))};
  }

  Result<ReferralId> referral_of(const Task& task, const Peer& peer) {
    for (const auto& identifier : task.identifiers) {
      if (identifier.system != referral_system) continue;
      const ReferralId id(identifier.value.reveal());
      const auto row = core_.store.referral(id);
      if (!row) return row.error();
      if (*row) return id;
    }
    const auto known = core_.store.find_alias("task", task_alias(peer.id, task.ref));
    if (!known) return known.error();
    return known->value_or(ReferralId());
  }

  void ask_for_assessment(const ReferralId& id) {
    changes_.works.push_back({"assess", id, core_.clock(), "{}", "assess|" + id.str()});
  }

  const Core& core_;
  const Envelope& envelope_;
  const MessageId& message_;
  const RecordSet& records_;
  std::deque<Ledger> open_;  ///< a deque: pointers into it stay good
  store::Changes changes_;
  Issues issues_;
};

}  // namespace

Result<Noted> note(const Core& core, const Envelope& envelope, const MessageId& message,
                   const RecordSet& records) {
  const auto* peer = core.peers.find(envelope.source.str());
  if (peer == nullptr) {
    return Error{ErrorCode::forbidden, "in", "the source is not configured"};
  }
  return Intake(core, envelope, message, records).run(*peer);
}

}  // namespace meridian::flow
