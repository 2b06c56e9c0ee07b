// SPDX-License-Identifier: Apache-2.0
#include "flow/identity.h"

#include <set>

#include "flow/intake.h"
#include "flow/ledger.h"
#include "flow/patient_link.h"

namespace meridian::flow {
namespace {

/// Of the copy of a record that a receiver got from us: "<referral>/Patient/17".
constexpr std::string_view copy_system = "http://meridian-referral.org/fhir/identifier/copy";

void take(const Patient& patient, GatherRequest& request) {
  request.birth_date = patient.birth_date;
  request.gender = patient.gender;
}

/// The patient that the order itself holds, else the one that came with it.
void take_from_order(const RecordSet& records, const store::ReferralRow& row,
                     GatherRequest& request) {
  for (const auto& patient : records.patients) {
    const bool inside = !patient.contained_in.empty();
    if (!inside && patient.ref == row.patient_ref) take(patient, request);
  }
  for (const auto& patient : records.patients) {
    const bool inside = !patient.contained_in.empty();
    if (inside && patient.contained_in.front().target == row.order_ref) take(patient, request);
  }
}

Result<std::optional<RecordSet>> newest_order(const Core& core, const store::ReferralRow& row) {
  const auto events = core.store.events(row.id);
  if (!events) return events.error();
  for (auto event = events->rbegin(); event != events->rend(); ++event) {
    if (event->kind != routing::event_name(routing::EventKind::ordered)) continue;
    const auto message = core.store.message(event->message);
    if (!message) return message.error();
    if (!*message) continue;
    const auto& kept = **message;
    const auto* reader = core.peers.reader_for(kept.media_type);
    if (reader == nullptr) continue;
    auto records =
        reader->read({kept.source, kept.sender_id, kept.media_type, kept.body, kept.received_at});
    if (!records) return records.error();
    return std::optional(std::move(*records));
  }
  return std::optional<RecordSet>();
}

const ServiceRequest* order_in(const RecordSet& records, std::string_view ref) {
  for (const auto& order : records.service_requests) {
    if (order.ref == ref) return &order;
  }
  return nullptr;
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

Result<GatherRequest> gather_request(const Core& core, const store::ReferralRow& row) {
  GatherRequest request{row.patient_ref, {}, row.order_ref};
  const auto link = link_at(core, row.id, row.source.str());
  if (!link) return link.error();
  request.confirmed = link->has_value();
  if (request.confirmed) return request;
  const auto records = newest_order(core, row);
  if (!records) return records.error();
  if (*records) take_from_order(**records, row, request);
  return request;
}

Result<GatherRequest> said_of_patient(const Core& core, const store::ReferralRow& row) {
  GatherRequest request;
  const auto records = newest_order(core, row);
  if (!records) return records.error();
  if (*records) take_from_order(**records, row, request);
  return request;
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
