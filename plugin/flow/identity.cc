// SPDX-License-Identifier: Apache-2.0
#include "flow/identity.h"

#include <set>

#include "flow/aliases.h"
#include "flow/ledger.h"
#include "flow/patient_link.h"
#include "flow/stored_json.h"

namespace meridian::flow {
namespace {

/// Of the copy of a record that a receiver got from us: "<referral>/Patient/17".
constexpr std::string_view copy_system = "http://meridian-referral.org/fhir/identifier/copy";

void take(const Patient& patient, GatherRequest& request) {
  request.birth_date = patient.birth_date;
  request.gender = patient.gender;
}

/// The patient that the order itself holds, else the one that came with it.
void take_from_order(const OrderSaid& said, const store::ReferralRow& row, GatherRequest& request) {
  const auto& came_along = said.addresses ? row.patient_ref : said.patient;
  for (const auto& patient : said.records.patients) {
    const bool inside = !patient.contained_in.empty();
    if (!inside && patient.ref == came_along) take(patient, request);
  }
  for (const auto& patient : said.records.patients) {
    const bool inside = !patient.contained_in.empty();
    if (inside && patient.contained_in.front().target == row.order_ref) take(patient, request);
  }
}

/// The numbers by which the message knows its patient. One without a system can be anybody's.
std::vector<Identifier> numbers_of_patient(const OrderSaid& said) {
  std::vector<Identifier> numbers;
  for (const auto& patient : said.records.patients) {
    if (patient.ref != said.patient) continue;
    for (const auto& identifier : patient.identifiers) {
      if (!identifier.system.empty()) numbers.push_back(identifier);
    }
  }
  return numbers;
}

/// The message that said the order last.
Result<std::optional<store::MessageRow>> order_message(const Core& core,
                                                       const std::vector<store::EventRow>& events) {
  for (auto last = events.rbegin(); last != events.rend(); ++last) {
    const auto& event = *last;
    if (event.kind != routing::event_name(routing::EventKind::ordered)) continue;
    auto message = core.store.message(event.message);
    if (!message || *message) return message;
  }
  return std::optional<store::MessageRow>();
}

const ServiceRequest* order_in(const RecordSet& records, std::string_view ref) {
  for (const auto& order : records.service_requests) {
    if (order.ref == ref) return &order;
  }
  return nullptr;
}

Result<OrderSaid> read_order(const Reader& reader, const store::MessageRow& kept,
                             const store::ReferralRow& row) {
  auto records =
      reader.read({kept.source, kept.sender_id, kept.media_type, kept.body, kept.received_at});
  if (!records) return records.error();
  OrderSaid said{std::move(*records), {}, reader.gives_addresses()};
  if (const auto* order = order_in(said.records, row.order_ref)) {
    said.patient = order->subject.target;
  }
  return said;
}

Result<std::optional<OrderSaid>> order_said(const Core& core, const store::ReferralRow& row,
                                            const std::vector<store::EventRow>& events) {
  const auto message = order_message(core, events);
  if (!message) return message.error();
  const auto* reader = *message ? core.peers.reader_for((**message).media_type) : nullptr;
  if (reader == nullptr) return std::optional<OrderSaid>();
  auto said = read_order(*reader, **message, row);
  if (!said) return said.error();
  return std::optional(std::move(*said));
}

/// Referrals of ours that the order or its patient name by our identifiers.
std::set<std::string> named_referrals(const RecordSet& records, const store::ReferralRow& row) {
  std::set<std::string> ids;
  const auto* order = order_in(records, row.order_ref);
  if (order == nullptr) return ids;
  if (order->requisition.system == referral_system) {
    ids.insert(order->requisition.value.reveal());
  }
  for (const auto& based_on : order->based_on) {
    const auto* earlier = order_in(records, based_on.target);
    // What is about somebody else says nothing of this patient.
    if (earlier == nullptr || earlier->subject.target != order->subject.target) continue;
    for (const auto& identifier : earlier->identifiers) {
      if (identifier.system == referral_system) ids.insert(identifier.value.reveal());
    }
  }
  for (const auto& patient : records.patients) {
    if (patient.ref != order->subject.target) continue;
    for (const auto& identifier : patient.identifiers) {
      const auto& value = identifier.value.reveal();
      if (identifier.system == copy_system) ids.insert(value.substr(0, value.find('/')));
    }
  }
  return ids;
}

/// The patient of a referral that came from the receiver and was offered to the sender.
Result<std::string> patient_of(const Core& core, const std::string& id, const Peer& receiver,
                               const store::ReferralRow& row) {
  const auto earlier = core.store.referral(ReferralId(id));
  if (!earlier) return earlier.error();
  if (!*earlier || (*earlier)->source != receiver.source()) return std::string();
  const auto ledger = Ledger::open(core.store, (*earlier)->id);
  if (!ledger) return ledger.error();
  const bool offered = ledger->was_offered_to(DestinationId(row.source.str()));
  return offered ? (*earlier)->patient_ref : std::string();
}

}  // namespace

Result<GatherRequest> gather_request(const Core& core, const store::ReferralRow& row,
                                     const std::vector<store::EventRow>& events) {
  GatherRequest request{row.patient_ref, {}, row.order_ref};
  request.confirmed = link_in(events, row.source.str()).has_value();
  auto said = order_said(core, row, events);
  if (!said) return said.error();
  if (*said && !request.confirmed) {
    take_from_order(**said, row, request);
    if (!(*said)->addresses) {
      request.patient_ref.clear();
      request.identifiers = numbers_of_patient(**said);
    }
  }
  request.said = std::move(*said);
  return request;
}

Result<GatherRequest> said_of_patient(const Core& core, const store::ReferralRow& row) {
  GatherRequest request;
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  const auto said = order_said(core, row, *events);
  if (!said) return said.error();
  if (*said) take_from_order(**said, row, request);
  return request;
}

Result<void> address_to_origin(const Core& core, const store::ReferralRow& row, Letter& letter) {
  letter.source_order = row.order_ref;
  letter.source_patient = row.patient_ref;
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  const auto message = order_message(core, *events);
  if (!message) return message.error();
  const auto* reader = *message ? core.peers.reader_for((**message).media_type) : nullptr;
  if (reader == nullptr || reader->gives_addresses()) return {};
  const auto said = read_order(*reader, **message, row);
  if (!said) return said.error();
  letter.source_order = text_in(parsed(row.decision), "order_there");
  if (row.patient_ref == said->patient) letter.source_patient.clear();
  if (const auto* order = order_in(said->records, row.order_ref)) {
    if (!order->identifiers.empty()) letter.source_number = order->identifiers.front();
  }
  return {};
}

Result<std::optional<std::string>> patient_there(const Core& core, const store::ReferralRow& row,
                                                 const Peer& receiver, const RecordSet& records) {
  std::optional<std::string> there;
  if (receiver.kind != PeerKind::hospital) return there;
  there = "";
  const auto link = link_at(core, row.id, receiver.id);
  if (!link) return link.error();
  if (*link) {
    there = (*link)->patient;
    return there;
  }
  for (const auto& id : named_referrals(records, row)) {
    auto patient = patient_of(core, id, receiver, row);
    if (!patient) return patient.error();
    if (patient->empty() || *patient == *there) continue;
    if (!there->empty()) return std::optional(std::string());  // two say two: nobody knows
    there = std::move(*patient);
  }
  return there;
}

void apply_link(const store::ReferralRow& row, RecordSet& records) {
  for (auto& order : records.service_requests) {
    if (order.ref == row.order_ref) order.subject.target = row.patient_ref;
  }
}

}  // namespace meridian::flow
