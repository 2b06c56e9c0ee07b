// SPDX-License-Identifier: Apache-2.0
#include "routing/directory.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "base/hash.h"

namespace meridian::routing {
namespace {

/// Fields one after the other, each with its length, so that no two lists of them read alike.
class Digest {
 public:
  void text(std::string_view value) {
    bytes_ += std::to_string(value.size()) + ':';
    bytes_ += value;
  }
  void number(double value) { text(std::to_string(value)); }
  template <typename T>
  void maybe(const std::optional<T>& value) {
    text(value ? "1" : "0");
    if (!value) return;
    if constexpr (std::is_same_v<T, Day>) text(to_string(*value));
    if constexpr (!std::is_same_v<T, Day>) number(static_cast<double>(*value));
  }
  void list(const std::vector<std::string>& values) {
    text(std::to_string(values.size()));
    for (const auto& value : values) text(value);
  }
  /// What was said so far becomes one hash, so that a large directory needs no large text.
  void fold() {
    const auto hash = sha256(bytes_);
    bytes_.assign(hash.begin(), hash.end());
  }
  std::string hexadecimal() const {
    constexpr std::size_t shown = 8;
    const auto hash = sha256(bytes_);
    return hex(std::span(hash).first(shown));
  }

 private:
  std::string bytes_;
};

void add(Digest& digest, const Receiver& receiver) {
  digest.text(receiver.id);
  digest.number(receiver.preference);
  digest.text(receiver.to.str());
  digest.text(receiver.name);
  digest.text(receiver.service);
  digest.list(receiver.modalities);
  digest.text(receiver.position ? "1" : "0");
  if (receiver.position) {
    digest.number(receiver.position->latitude);
    digest.number(receiver.position->longitude);
  }
  digest.text(receiver.state);
  digest.text(receiver.postal_code);
  for (const auto& licence : receiver.licences) {
    digest.text(licence.state);
    digest.maybe(licence.until);
    digest.text(licence.status);
  }
  digest.maybe(receiver.agreement_until);
  digest.maybe(receiver.accepts_new_patients);
  digest.list(receiver.new_patients_of);
  digest.list(receiver.networks);
  digest.list(receiver.visit_modes);
  digest.maybe(receiver.age_from);
  digest.maybe(receiver.age_to);
  digest.list(receiver.languages);
  digest.maybe(receiver.capacity_per_week);
  digest.text(receiver.paused ? "paused" : "");
  digest.text(receiver.eligibility);
}

std::string version_of(const std::vector<Receiver>& receivers, const Policy& policy) {
  Digest digest;
  digest.number(policy.radius_km);
  for (const auto& fact : policy.require) digest.text(fact);
  digest.text(policy.licence_where_patient_lives ? "patient" : "receiver");
  digest.number(policy.capacity_per_week);
  for (const auto& receiver : receivers) {
    add(digest, receiver);
    digest.fold();
  }
  return digest.hexadecimal();
}

/// Numbers are sorted, because a receiver is large to move.
std::vector<Receiver> by_rank(std::vector<Receiver> receivers) {
  std::vector<std::uint32_t> order(receivers.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t i) {
    return std::pair<std::uint32_t, std::string_view>(receivers[i].preference, receivers[i].id);
  });
  std::vector<Receiver> sorted;
  sorted.reserve(receivers.size());
  for (const auto i : order) sorted.push_back(std::move(receivers[i]));
  return sorted;
}

}  // namespace

Directory::Directory(std::vector<Receiver> receivers, Policy policy, Instant loaded_at)
    : receivers_(by_rank(std::move(receivers))), policy_(std::move(policy)), loaded_at_(loaded_at) {
  version_ = version_of(receivers_, policy_);
  names_ = names_of(receivers_);
  constexpr double band_km[] = {10, 25, 50};
  for (std::size_t i = 0; i < 3; ++i) {
    bands_[i] = squared_chord_of(std::min(band_km[i], policy_.radius_km));
  }
  bands_[3] = squared_chord_of(policy_.radius_km);
  std::vector<Traits> traits;
  traits.reserve(receivers_.size());
  std::map<std::pair<std::string, bool>, std::vector<std::uint32_t>> parts;
  for (std::uint32_t i = 0; i < receivers_.size(); ++i) {
    const auto& receiver = receivers_[i];
    traits.push_back(traits_of(receiver, policy_, names_));
    parts[{receiver.service, !receiver.to.empty()}].push_back(i);
    if (!receiver.to.empty()) by_destination_[receiver.to.str()].push_back(i);
  }
  for (const auto& [key, ranks] : parts) {
    auto& partitions = key.second ? connected_ : others_;
    partitions.emplace(key.first, make_partition(receivers_, traits, ranks));
  }
}

const Partition* Directory::partition(const std::string& service, bool connected) const {
  const auto& partitions = connected ? connected_ : others_;
  const auto found = partitions.find(service);
  return found == partitions.end() ? nullptr : &found->second;
}

const std::vector<std::uint32_t>& Directory::receivers_at(const DestinationId& destination) const {
  static const std::vector<std::uint32_t> none;
  const auto found = by_destination_.find(destination.str());
  return found == by_destination_.end() ? none : found->second;
}

std::size_t Directory::index_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [service, partition] : connected_) bytes += partition.bytes();
  for (const auto& [service, partition] : others_) bytes += partition.bytes();
  return bytes;
}

}  // namespace meridian::routing
