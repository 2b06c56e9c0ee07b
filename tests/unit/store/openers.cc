// SPDX-License-Identifier: Apache-2.0
#include "unit/store/openers.h"

#include <gtest/gtest.h>

#include "unit/store/postgres_database.h"
#include "unit/store/sqlite_database.h"

namespace meridian::store {

const std::vector<Opener>& openers() {
  static const std::vector<Opener> list = {
      {"sqlite", [] { return std::make_unique<SqliteDatabase>(); }},
      {"postgres", [] { return std::make_unique<PostgresDatabase>(); }},
  };
  return list;
}

NewMessage a_message(const std::string& sender_id, const std::string& body) {
  NewMessage message;
  message.id = MessageId(new_ulid());
  message.source = SourceId("hospital");
  message.sender_id = sender_id;
  message.media_type = "application/fhir+json";
  message.body = body;
  message.answer = "taken";
  message.received_at = Instant{std::chrono::milliseconds{1'800'000'000'000}};
  return message;
}

ReferralRow a_referral(const std::string& state) {
  ReferralRow row;
  row.id = ReferralId(new_ulid());
  row.source = SourceId("hospital");
  row.order_ref = "ServiceRequest/5";
  row.patient_ref = "Patient/1";
  row.requester = "Practitioner/1";
  row.direction = "to_acupuncture";
  row.state = state;
  row.owner = "engine";
  row.assessment = R"({"disposition":"hold"})";
  row.decision = R"({"facts":[]})";
  row.created_at = Instant{std::chrono::milliseconds{1'800'000'000'000}};
  row.updated_at = row.created_at;
  return row;
}

NewDelivery a_delivery(const ReferralId& referral, const std::string& destination, Instant due) {
  NewDelivery delivery;
  delivery.referral = referral;
  delivery.destination = DestinationId(destination);
  delivery.kind = "referral";
  delivery.key = new_ulid();
  delivery.media_type = "application/fhir+json";
  delivery.body = "a packet";
  delivery.due = due;
  return delivery;
}

NewWork some_work(const ReferralId& referral, Instant due, const std::string& unique_key) {
  return {"assess", referral, due, R"({"why":"a new order"})", unique_key};
}

Changes new_referral(const ReferralRow& row) {
  Changes changes;
  changes.referrals.push_back({row, 0});
  return changes;
}

void apply(Store& store, const Changes& changes) {
  const auto accepted = store.accept(a_message(new_ulid()), changes);
  if (!accepted) ADD_FAILURE() << accepted.error().what.view();
}

}  // namespace meridian::store
