// SPDX-License-Identifier: Apache-2.0
#include "flow/patient_link.h"

#include "flow/identity.h"
#include "flow/page_message.h"
#include "flow/statements.h"
#include "flow/stored_json.h"
#include "model/rulebook.h"
#include "report/statement_json.h"

namespace meridian::flow {
namespace {

using routing::EventKind;

/// True when the packet of a referral went to a receiver with charts of its own.
bool goes_to_charts(const store::ReferralRow& row) {
  const auto decision = parsed(row.decision);
  return decision.IsObject() && decision.HasMember("patient_there");
}

/// Whose staff the page is for.
const Peer* side_of(const Core& core, const store::ReferralRow& row) {
  return core.peers.find(goes_to_charts(row) ? row.destination.str() : row.source.str());
}

bool is_waited_for(const store::ReferralRow& row) {
  if (goes_to_charts(row)) return text_in(parsed(row.decision), "patient_there").empty();
  return row.state == routing::state_name(routing::State::held) && row.worklist == "patient-match";
}

/// "Patient/17" of "17", "Patient/17" or a whole address; "" of anything else.
std::string patient_ref(std::string_view typed) {
  const auto slash = typed.rfind('/');
  const auto id = slash == std::string_view::npos ? typed : typed.substr(slash + 1);
  constexpr std::size_t longest_id = 64;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  if (id.empty() || id.size() > longest_id) return {};
  for (const char c : id) {
    if (!plain(c)) return {};
  }
  return "Patient/" + std::string(id);
}

PatientLinkView open_view(const store::ReferralRow& row, const Peer& side, std::string refused) {
  return {FormState::open, row.order_ref, side.name, {}, {}, std::move(refused)};
}

report::Statement statement_of(const store::ReferralRow& row, const Peer& side,
                               const PatientLinkGiven& given, const std::string& was, Instant now) {
  report::Statement statement;
  statement.questionnaire = patient_link_questionnaire;
  statement.subject = row.patient_ref;
  statement.order = row.order_ref;
  statement.author = given.by;
  statement.authored = now;
  statement.items = {{"at", {side.id}}, {"patient", {given.patient}}, {"was", {was}}};
  if (given.take_back) statement.items.emplace_back("take-back", std::vector<std::string>{"yes"});
  return statement;
}

/// A word why this patient cannot be the one; "" when it can.
Result<std::string> doubt(const Core& core, const store::ReferralRow& row, const Peer& side,
                          const std::string& patient) {
  if (patient.empty()) return std::string("not-found");
  if (!side.gatherer)
    return Error{ErrorCode::misconfigured, "link", "it cannot be looked up there"};
  auto request = said_of_patient(core, row);
  if (!request) return request.error();
  request->patient_ref = patient;
  return side.gatherer->doubt(*request);
}

}  // namespace

Result<bool> was_linked_at(const Core& core, const ReferralId& id, std::string_view peer) {
  const auto events = core.store.events(id);
  if (!events) return events.error();
  for (const auto& event : *events) {
    if (routing::event_named(event.kind) != EventKind::patient_linked) continue;
    if (read_statement(event.detail).text("at") == peer) return true;
  }
  return false;
}

std::optional<PatientLink> link_in(const std::vector<store::EventRow>& events,
                                   std::string_view peer) {
  std::optional<PatientLink> link;
  for (const auto& event : events) {
    const auto kind = routing::event_named(event.kind);
    if (kind != EventKind::patient_linked && kind != EventKind::patient_unlinked) continue;
    const auto statement = read_statement(event.detail);
    if (statement.text("at") != peer) continue;
    link.reset();
    if (kind == EventKind::patient_unlinked) continue;
    link = {statement.text("patient"), statement.by, statement.text("was")};
  }
  return link;
}

Result<std::optional<PatientLink>> link_at(const Core& core, const ReferralId& id,
                                           std::string_view peer) {
  const auto events = core.store.events(id);
  if (!events) return events.error();
  return link_in(*events, peer);
}

const Peer* peer_to_link(const Core& core, const store::ReferralRow& row) {
  const auto* side = side_of(core, row);
  return side != nullptr && side->gatherer && is_waited_for(row) ? side : nullptr;
}

std::optional<FormTicket> current_patient_link(const Core& core, const store::ReferralRow& row) {
  const auto issued = parse_instant(text_in(parsed(row.decision), "form_issued_at"));
  if (!issued || peer_to_link(core, row) == nullptr) return std::nullopt;
  return FormTicket{row.id.str(), Role::staff, *issued};
}

Result<PatientLinkView> look_at_patient_link(const Core& core, const FormTicket& ticket) {
  const auto row = referral_of(core, ticket);
  if (!row) return row.error();
  const auto* side = side_of(core, *row);
  if (side == nullptr) return Error{ErrorCode::not_found, "link", "no such system"};
  const auto link = link_at(core, row->id, side->id);
  if (!link) return link.error();
  if (*link) {
    return PatientLinkView{FormState::sent,  row->order_ref, side->name,
                           (*link)->patient, (*link)->by,    {}};
  }
  if (!is_waited_for(*row)) return PatientLinkView{FormState::settled, {}, {}, {}, {}, {}};
  return open_view(*row, *side, {});
}

Result<PatientLinkView> give_patient_link(const Core& core, Inlet& inlet, const FormTicket& ticket,
                                          const PatientLinkGiven& given) {
  auto view = look_at_patient_link(core, ticket);
  if (!view) return view;
  const auto due = given.take_back ? FormState::sent : FormState::open;
  if (view->state != due) return view;
  const auto row = referral_of(core, ticket);
  if (!row) return row.error();
  const auto* side = side_of(core, *row);
  auto taken = given;
  taken.patient = given.take_back ? view->patient : patient_ref(given.patient);
  if (!given.take_back) {
    const auto why = doubt(core, *row, *side, taken.patient);
    if (!why) return why.error();
    if (!why->empty()) return open_view(*row, *side, *why);
  }
  const auto link = link_at(core, row->id, side->id);
  if (!link) return link.error();
  const auto& was = *link ? (*link)->was : row->patient_ref;
  auto statement = statement_of(*row, *side, taken, was, core.clock());
  const auto page = given.take_back ? patient_unlink_page : patient_link_page;
  statement.id = page_id(page, ticket);
  const auto sent = submit_page(core, inlet, page, ticket, report::statement_response(statement));
  if (!sent) return sent.error();
  // The decision says that it waits again only when the receiver was told.
  if (given.take_back) return open_view(*row, *side, {});
  return look_at_patient_link(core, ticket);
}

}  // namespace meridian::flow
