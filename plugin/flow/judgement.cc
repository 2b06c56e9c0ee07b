// SPDX-License-Identifier: Apache-2.0
#include "flow/judgement.h"

#include <algorithm>

#include "flow/identity.h"
#include "flow/matching.h"
#include "flow/patient_link.h"
#include "flow/recall.h"
#include "flow/sign_off.h"
#include "flow/stored_history.h"
#include "packet/course.h"
#include "packet/released.h"
#include "pathway/assess.h"
#include "pathway/charts.h"
#include "pathway/episodes.h"
#include "pathway/imaging/imaging.h"
#include "pathway/referral_service.h"
#include "pathway/screening.h"

namespace meridian::flow {
namespace {

using routing::Action;

const ServiceRequest* order_in(const RecordSet& records, const std::string& ref) {
  for (const auto& order : records.service_requests) {
    if (order.ref == ref) return &order;
  }
  return nullptr;
}

/// Gathered::doubt in words.
std::string words_of_doubt(const std::string& doubt) {
  if (doubt == "merged") return ": its record was retired or merged";
  if (doubt == "contradiction") return ": birth date or sex in the order contradict the record";
  if (doubt == "other-order") return ": the order names another patient now";
  return {};
}

Judgement unresolved(Instant at, const std::string& doubt = {}) {
  Judgement judgement;
  judgement.at = at;
  judgement.decision.action = Action::hold;
  judgement.decision.worklist = "patient-match";
  judgement.decision.reasons = {"the patient could not be resolved to exactly one" +
                                words_of_doubt(doubt)};
  judgement.decision.doors = {"patient-link"};
  return judgement;
}

/// The chosen receiver alone, whoever declined before. With a reason it is taken although a
/// requirement fails; what the assessment holds stays held.
routing::Decision route_chosen(const routing::Directory& directory, const Judgement& judgement,
                               routing::RouteFacts asked, const Choice& choice) {
  std::vector<routing::Receiver> chosen;
  for (const auto number : directory.receivers_at(choice.to)) {
    chosen.push_back(directory.receivers()[number]);
  }
  const routing::Directory only(std::move(chosen), directory.policy(), directory.loaded_at());
  asked.declined.clear();
  auto decision = routing::route(judgement.assessment, only, asked);
  const bool fails = decision.action == Action::hold && decision.worklist == "no-receiver";
  if (fails && !choice.override_reason.empty()) {
    decision.action = Action::deliver;
    decision.to = choice.to;
    decision.worklist = "";
    decision.reasons.clear();
  }
  if (decision.action == Action::deliver) {
    decision.reasons.push_back("chosen by " + choice.by);
    if (fails) decision.reasons.push_back("although: " + choice.override_reason);
  }
  return decision;
}

/// A hold that a named person may override has that door too.
void add_holds(const Core& core, Judgement& judgement) {
  if (judgement.decision.action != Action::hold) return;
  const bool electro = orders_electro(*judgement.order, core.terminology);
  judgement.holds = holds_of(judgement.assessment, core.rules, electro);
  const bool signable = std::any_of(judgement.holds.begin(), judgement.holds.end(),
                                    [](const Hold& hold) { return hold.signable; });
  if (signable) judgement.decision.doors.emplace_back("sign-off");
}

/// A receiver that does not know the patient is told where its staff can say who it is.
void add_patient_link(const Core& core, const store::ReferralRow& row, Letter& letter) {
  if (!core.patient_link) return;
  if (const auto page = current_patient_link(core, row)) {
    letter.patient_link = core.patient_link(*page);
    letter.link_until = page->issued_at + core.settings.form_life;
  }
}

}  // namespace

Result<Facts> gather(const Core& core, store::ReferralRow& row) {
  const auto* peer = core.peers.find(row.source.str());
  if (peer == nullptr) {
    return Error{ErrorCode::misconfigured, "work", "the referral's source is not configured"};
  }
  if (!peer->gatherer) {
    return Error{ErrorCode::misconfigured, "gather", "the source has no way to read its history"};
  }
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  const auto request = gather_request(core, row, *events);
  if (!request) return request.error();
  auto gathered =
      observed(core.stages, Stage::gather, [&] { return peer->gatherer->gather(*request); });
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
  facts.doubt = gathered->doubt;
  facts.order_there = gathered->order_there;
  if (!gathered->patient_ref.empty()) row.patient_ref = gathered->patient_ref;
  if (auto known = know(core, row, *events, *request, facts); !known) return known.error();
  auto loads = loads_of(core);
  if (!loads) return loads.error();
  facts.loads = std::move(*loads);
  return facts;
}

Result<void> know(const Core& core, const store::ReferralRow& row,
                  const std::vector<store::EventRow>& events, const GatherRequest& request,
                  Facts& facts) {
  facts.events = events.size();
  if (request.confirmed) apply_link(row, facts.records);
  facts.known = facts.records;
  const auto said = request.said ? request.said->patient : row.patient_ref;
  auto recalled = recall_answers(core, row, events, said, facts.known);
  if (!recalled) return recalled.error();
  facts.messages = std::move(*recalled);
  const auto visits = recall_visits(core, row, events, facts.known);
  if (!visits) return visits.error();
  facts.messages.insert(facts.messages.end(), visits->begin(), visits->end());
  facts.sign_offs = sign_offs_in(events);
  return {};
}

std::optional<Assessed> assess_order(const Core& core, const store::ReferralRow& row,
                                     const Facts& facts, Instant at,
                                     std::optional<Instant> screened_at) {
  for (auto& chart : split_charts(facts.known).charts) {
    if (chart.patient.ref != row.patient_ref) continue;
    Assessed assessed;
    assessed.chart = std::move(chart);
    read_imaging(assessed.chart, core.rules, core.terminology);
    assessed.episodes =
        build_episodes(assessed.chart, core.terminology, {core.rules.episode_gap_days});
    const auto answers = read_answers(assessed.chart, core.rules, core.terminology);
    assessed.assessment = observed(core.stages, Stage::assess, [&] {
      return assess({.chart = assessed.chart,
                     .episodes = assessed.episodes,
                     .referral = order_in(assessed.chart.records, row.order_ref),
                     .history = facts.history,
                     .answers = answers,
                     .terminology = core.terminology,
                     .rules = core.rules,
                     .at = at,
                     .screened_at = screened_at,
                     .sign_offs = facts.sign_offs});
    });
    return assessed;
  }
  return std::nullopt;
}

Judgement judge(const Core& core, const Ledger& ledger, const Facts& facts, const Choice& choice,
                std::optional<Instant> screened_at) {
  const auto& row = ledger.row();
  const auto at = core.clock();
  Judgement judgement;
  judgement.at = at;
  judgement.screened_at = screened_at;
  judgement.order = order_in(facts.records, row.order_ref);
  if (!facts.patient_resolved || judgement.order == nullptr) return unresolved(at, facts.doubt);
  judgement.service = referral_service(*judgement.order, core.terminology).value_or("other");
  auto assessed = assess_order(core, row, facts, at, screened_at);
  if (!assessed) return unresolved(at);
  judgement.assessment = std::move(assessed->assessment);
  const auto directory = core.peers.directory();
  judgement.directory = directory->version();
  judgement.decision = observed(core.stages, Stage::route, [&] {
    auto asked = route_facts(core, ledger, judgement.service, facts);
    return choice.to.empty() ? routing::route(judgement.assessment, *directory, asked)
                             : route_chosen(*directory, judgement, std::move(asked), choice);
  });
  if (judgement.service == "spine_surgery") {
    judgement.course = packet::course_of(assessed->chart, assessed->episodes, core.terminology);
    if (const auto& course = judgement.assessment.course) {
      for (const auto& event : course->adverse_events) {
        judgement.course.insert(judgement.course.end(), event.evidence.begin(),
                                event.evidence.end());
      }
    }
  }
  add_holds(core, judgement);
  return judgement;
}

Inputs inputs_of(const Core& core, const Facts& facts, const Judgement& judgement) {
  Inputs inputs;
  inputs.facts = facts.id;
  inputs.recalled = facts.recalled;
  inputs.events = facts.events;
  inputs.resolved = judgement.order != nullptr;
  inputs.at = judgement.at;
  inputs.screened_at = judgement.screened_at;
  inputs.content = core.settings.content;
  inputs.build = core.settings.build;
  return inputs;
}

packet::Selection select_packet(const Core& core, const Peer& receiver,
                                const store::ReferralRow& row, const Facts& facts,
                                const Judgement& judgement, const std::vector<std::string>& also) {
  // Answers that only we have are not in the bytes, but the profile decides on what rests on them.
  auto candidates = packet::packet_candidates(facts.known, row.order_ref, judgement.assessment);
  packet::add_course(facts.known, judgement.course, candidates);
  for (const auto& ref : also) {
    const bool there = std::find(candidates.begin(), candidates.end(), ref) != candidates.end();
    if (!there) candidates.push_back(ref);
  }
  const auto& source = row.source.str();
  const auto* sender = core.peers.find(source);
  packet::Parties parties;
  parties.receiver = packet::names_in_consents(receiver.consent_names, source);
  if (sender != nullptr) parties.sender = packet::names_in_consents(sender->consent_names, source);
  return packet::select_records(facts.known, candidates, receiver.profile, core.terminology,
                                judgement.at, parties);
}

Letter packet_letter(const Core& core, const Peer& receiver, const store::ReferralRow& row,
                     const Facts& facts, const Judgement& judgement) {
  Letter letter;
  letter.kind = Letter::Kind::referral;
  letter.referral_id = row.id.str();
  letter.source_order = row.order_ref;
  letter.source_patient = row.patient_ref;
  letter.records = facts.records;
  letter.raw = facts.bytes;
  letter.assessment = judgement.assessment;
  letter.task_status = "requested";
  const auto* sender = core.peers.find(row.source.str());
  letter.sender_name = sender ? sender->name : row.source.str();
  letter.receiver_name = receiver.name;
  letter.patient_there = judgement.patient_there;
  add_patient_link(core, row, letter);
  letter.at = core.clock();
  letter.wall = core.settings.clocks.calendar().wall();
  return letter;
}

}  // namespace meridian::flow
