// SPDX-License-Identifier: Apache-2.0
// What both databases answer alike: the reading operations of Store.
#pragma once

#include "store/people.h"
#include "store/store.h"

namespace meridian::store {

/// `Database` derives from it and has read(work): it calls work with a Reading of its own.
template <typename Database>
class ReadSide : public Store {
 public:
  Result<std::optional<PersonRow>> person(std::string_view id) final {
    return look([&](auto reading) { return read_person(reading, id); });
  }

  Result<std::optional<PersonRow>> person_by_email(std::string_view email) final {
    return look([&](auto reading) { return read_person_by_email(reading, email); });
  }

  Result<std::vector<PersonRow>> people() final {
    return look([&](auto reading) { return list_people(reading); });
  }

  Result<std::optional<ReferralRow>> referral(const ReferralId& id) final {
    return look([&](auto reading) { return read_referral(reading, id); });
  }

  Result<std::vector<ReferralRow>> referrals(int limit) final {
    return look([&](auto reading) { return list_referrals(reading, limit); });
  }

  Result<std::optional<ReferralId>> find_alias(std::string_view kind,
                                               std::string_view value) final {
    return look([&](auto reading) { return read_alias(reading, kind, value); });
  }

  Result<std::vector<ReferralId>> find_shared(std::string_view kind, std::string_view value) final {
    return look([&](auto reading) { return list_shared_alias(reading, kind, value); });
  }

  Result<std::optional<MessageRow>> message(const MessageId& id) final {
    return look([&](auto reading) { return read_message(reading, id); });
  }

  Result<std::vector<ReferralId>> unguarded(std::string_view state, int limit) final {
    return look([&](auto reading) { return list_unguarded(reading, state, limit); });
  }

  Result<std::vector<EventRow>> events(const ReferralId& id) final {
    return look([&](auto reading) { return list_events(reading, id); });
  }

  Result<std::optional<FactsRow>> facts(std::string_view fact_id) final {
    return look([&](auto reading) { return read_facts(reading, fact_id); });
  }

  Result<std::optional<FactsRow>> latest_facts(const ReferralId& id) final {
    return look([&](auto reading) { return read_latest_facts(reading, id); });
  }

  Result<bool> has_message(const SourceId& source, std::string_view sender_id) final {
    return look([&](auto reading) { return store::has_message(reading, source, sender_id); });
  }

  Result<std::vector<MessageRow>> messages_of(const ReferralId& id) final {
    return look([&](auto reading) { return list_messages_of(reading, id); });
  }

  Result<std::vector<DeliveryRow>> deliveries(const ReferralId& id) final {
    return look([&](auto reading) { return list_deliveries(reading, id); });
  }

  Result<std::optional<DeliveryRow>> delivery(std::int64_t number) final {
    return look([&](auto reading) { return read_delivery(reading, number); });
  }

  Result<std::vector<DeliveryRow>> outbox(int limit) final {
    return look([&](auto reading) { return list_outbox(reading, limit); });
  }

  Result<std::vector<DeliveryRow>> dead_letters(int limit) final {
    return look([&](auto reading) { return list_dead_letters(reading, limit); });
  }

  Result<std::vector<DeadWork>> dead_work(int limit) final {
    return look([&](auto reading) { return list_dead_work(reading, limit); });
  }

  Result<std::vector<QuarantineRow>> quarantine(int limit) final {
    return look([&](auto reading) { return list_quarantine(reading, limit); });
  }

  Result<std::vector<AlertRow>> open_alerts() final {
    return look([&](auto reading) { return list_open_alerts(reading); });
  }

  Result<std::vector<ShelfRow>> shelf(const DestinationId& destination, Instant since) final {
    return look([&](auto reading) { return list_shelf(reading, destination, since); });
  }

  Result<std::vector<OfferLoad>> loads(Instant since) final {
    return look([&](auto reading) { return list_loads(reading, since); });
  }

  Result<std::optional<AlertRow>> alert(std::string_view alert_id) final {
    return look([&](auto reading) { return read_alert(reading, alert_id); });
  }

  Result<std::vector<Walk>> walks(Instant since, Orderers orderers) final {
    return look([&](auto reading) { return list_walks(reading, since, orderers); });
  }

  Result<Tallies> tallies() final {
    return look([&](auto reading) { return list_tallies(reading); });
  }

  Result<std::int64_t> size() final {
    return look([](auto reading) { return read_size(reading); });
  }

  Result<std::vector<RestoreRow>> restores() final {
    return look([&](auto reading) { return list_restores(reading); });
  }

 private:
  template <typename Work>
  auto look(const Work& work) {
    return static_cast<Database&>(*this).read(work);
  }
};

}  // namespace meridian::store
