// SPDX-License-Identifier: Apache-2.0
#include "flow/ask.h"

#include <algorithm>

#include "base/log.h"
#include "flow/advice.h"
#include "flow/aliases.h"
#include "flow/judgement.h"
#include "flow/matching.h"
#include "flow/siblings.h"
#include "flow/staff_form.h"
#include "pathway/referral_service.h"
#include "routing/machine.h"

namespace meridian::flow {
namespace {

using Moment = Question::Moment;

/// One question.
class Asking {
 public:
  Asking(const Core& core, const Question& question, const Peer& peer)
      : core_(core), question_(question), peer_(peer) {}

  Result<std::vector<Advice>> run() {
    const auto answered = question_.moment == Moment::viewing    ? tell_standing()
                          : question_.moment == Moment::dispatch ? tell_dispatched()
                                                                 : tell_drafts();
    if (!answered) return answered.error();
    if (auto kept = audit(); !kept) return kept.error();
    return std::move(advice_);
  }

 private:
  /// The drafts are nowhere but in the question.
  Result<void> tell_drafts() {
    auto drafts = read(question_.media_type, question_.orders);
    if (!drafts) return drafts.error();
    for (auto& order : drafts->service_requests) {
      if (order.subject.target.empty()) order.subject.target = question_.patient;
    }
    const auto concerns = [&](const auto& order) { return concerns_us(order); };
    if (std::none_of(drafts->service_requests.begin(), drafts->service_requests.end(), concerns)) {
      return {};
    }
    auto facts = gather({});
    if (!facts) return facts.error();
    const auto orders = drafts->service_requests;
    merge(facts->known, std::move(*drafts));
    for (const auto& order : orders) {
      if (!concerns_us(order)) continue;
      if (auto told = tell(order, *facts); !told) return told;
    }
    return {};
  }

  /// Of an order that is a referral already it is said where that stands.
  Result<void> tell_dispatched() {
    for (const auto& ref : question_.order_refs) {
      const auto known = core_.store.find_alias("order", order_alias(question_.source, ref));
      if (!known) return known.error();
      if (*known) {
        if (auto told = tell_standing(**known); !told) return told;
        continue;
      }
      auto facts = gather(ref);
      if (!facts) return facts.error();
      const auto orders = facts->known.service_requests;
      for (const auto& order : orders) {
        if (order.ref != ref || !concerns_us(order)) continue;
        if (auto told = tell(order, *facts); !told) return told;
      }
    }
    return {};
  }

  Result<void> tell_standing() {
    const auto ids =
        core_.store.find_shared("patient", patient_alias(question_.source, question_.patient));
    if (!ids) return ids.error();
    for (const auto& id : *ids) {
      if (auto told = tell_standing(id); !told) return told;
    }
    return {};
  }

  Result<void> tell_standing(const ReferralId& id) {
    const auto row = core_.store.referral(id);
    if (!row) return row.error();
    // Linked to another patient since, or a chart that only happens to have the same name.
    if (!*row || (*row)->source != question_.source || (*row)->patient_ref != question_.patient) {
      return {};
    }
    const auto state = routing::state_named((*row)->state);
    if (!state || routing::is_over(*state)) return {};
    const auto* receiver = core_.peers.find((*row)->destination.str());
    const auto form = current_form(core_, **row);
    advice_.push_back(advice_on(**row, receiver == nullptr ? "" : receiver->name,
                                form && core_.form_link ? core_.form_link(*form) : ""));
    return {};
  }

  Result<RecordSet> read(const std::string& media_type, const std::string& bytes) const {
    const auto* reader = core_.peers.reader_for(media_type);
    if (reader == nullptr) return Error{ErrorCode::unsupported, "ask", "no reader takes this"};
    const Envelope envelope{question_.source, question_.id, media_type, bytes, core_.clock()};
    return observed(core_.stages, Stage::parse, [&] { return reader->read(envelope); });
  }

  /// As a polled order is taken (intake.cc), but for what is a draft yet.
  bool concerns_us(const ServiceRequest& order) const {
    for (const char* over : {"revoked", "completed", "entered-in-error"}) {
      if (order.status == over) return false;
    }
    if (order.ref.empty() || order.subject.target != question_.patient) return false;
    const auto service = referral_service(order, core_.terminology);
    if (!service || *service == "other") return false;
    const auto& own = peer_.services;
    return std::find(own.begin(), own.end(), *service) == own.end();
  }

  /// What the patient's record says, as far as it could be read in time.
  Result<Facts> gather(const std::string& order_ref) {
    GatherRequest request;
    request.patient_ref = question_.patient;
    request.order_ref = order_ref;
    request.until = question_.gathers ? question_.until : std::chrono::steady_clock::now();
    request.read = question_.read;
    request.token = question_.token;
    auto gathered =
        observed(core_.stages, Stage::gather, [&] { return peer_.gatherer->gather(request); });
    Facts facts;
    if (!gathered) {
      log(LogLevel::info, "ask.unread", {{"source", question_.source}, {"why", gathered.error()}});
      unread(error_row(gathered.error().code).name, facts);
      return facts;
    }
    read_patient_ = true;
    facts.history = std::move(gathered->history);
    for (auto& query : facts.history) {
      if (!gathered->patient_resolved) query.detail = "patient " + gathered->doubt;
    }
    auto records = read(gathered->facts.media_type, gathered->facts.bytes);
    if (!records) return records.error();
    facts.known = std::move(*records);
    return facts;
  }

  void unread(std::string_view why, Facts& facts) const {
    for (const auto& kind : core_.rules.needed_history) {
      facts.history.push_back({kind, Completeness::failed, core_.clock(), std::string(why)});
    }
  }

  Result<void> tell(const ServiceRequest& order, const Facts& facts) {
    store::ReferralRow row;
    row.source = question_.source;
    row.order_ref = order.ref;
    row.patient_ref = question_.patient;
    OrderLook look;
    look.order = order.ref;
    look.service = *referral_service(order, core_.terminology);
    row.direction = look.service == "spine_surgery" ? "to_surgeon" : "to_acupuncture";
    row.created_at = core_.clock();
    look.electro = orders_electro(order, core_.terminology);
    look.draft = question_.moment == Moment::signing;
    auto assessed = assess_order(core_, row, facts, core_.clock(), std::nullopt);
    if (!assessed) return Error{ErrorCode::internal, "ask", "the order is not in what was read"};
    look.assessment = std::move(assessed->assessment);
    look.history = facts.history;
    if (auto asked = ask_directory(facts, look); !asked) return asked;
    const auto known = core_.store.find_alias("order", order_alias(row.source, row.order_ref));
    if (!known) return known.error();
    if (*known) row.id = **known;
    auto repeated = repeated_by(core_, row);
    if (!repeated) return repeated.error();
    look.repeats = std::move(*repeated);
    auto said = advice_on(look, core_.rules);
    advice_.insert(advice_.end(), std::make_move_iterator(said.begin()),
                   std::make_move_iterator(said.end()));
    return {};
  }

  /// Who could take the patient once nothing holds the order.
  Result<void> ask_directory(const Facts& facts, OrderLook& look) const {
    if (look.assessment.disposition == Disposition::emergency) return {};
    const auto loads = loads_of(core_);
    if (!loads) return loads.error();
    const auto directory = core_.peers.directory();
    routing::RouteFacts asked;
    asked.service = look.service;
    asked.on = std::chrono::floor<std::chrono::days>(core_.clock());
    asked.loads = *loads;
    for (const auto& patient : facts.known.patients) {
      if (patient.ref != question_.patient) continue;
      asked.patient = routing::patient_facts(patient, facts.known.coverages, asked.on);
    }
    look.candidates = observed(core_.stages, Stage::route, [&] {
      return routing::candidates_for(*directory, routing::ask_for(look.assessment, asked),
                                     asked.loads);
    });
    return {};
  }

  /// "emergency,missing": what was said, and to whom of the sources; never of whom.
  Result<void> audit() const {
    std::string topics;
    for (const auto& one : advice_) {
      const auto topic = topic_name(one.topic);
      if (topics.find(topic) != std::string::npos) continue;
      topics += (topics.empty() ? "" : ",") + std::string(topic);
    }
    store::Changes changes;
    if (read_patient_) {
      changes.audits.push_back({"PatientRead", core_.settings.node, question_.id, "success"});
    }
    changes.audits.push_back(
        {"AdviceGiven", question_.source.str(), question_.id, topics.empty() ? "none" : topics});
    return core_.store.apply(changes);
  }

  const Core& core_;
  const Question& question_;
  const Peer& peer_;
  bool read_patient_ = false;
  std::vector<Advice> advice_;
};

}  // namespace

Result<std::vector<Advice>> ask(const Core& core, const Question& question) {
  const auto* peer = core.peers.find(question.source.str());
  if (peer == nullptr || !peer->gatherer) {
    return Error{ErrorCode::misconfigured, "ask", "the source has no way to read its history"};
  }
  return Asking(core, question, *peer).run();
}

Result<void> note_feedback(const Core& core, std::string_view source,
                           const AdviceFeedback& feedback) {
  store::Changes changes;
  changes.audits.push_back({"AdviceFeedback", std::string(source), feedback.advice,
                            feedback.taken            ? "accepted"
                            : feedback.reason.empty() ? "overridden"
                                                      : "overridden:" + feedback.reason});
  return core.store.apply(changes);
}

}  // namespace meridian::flow
