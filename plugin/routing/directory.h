// SPDX-License-Identifier: Apache-2.0
// Who can receive a referral. Made once from receivers and the site's policy, then only read:
// loaded whole, swapped whole, by any thread.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "routing/partition.h"
#include "routing/receiver.h"

namespace meridian::routing {

/// What the site decides about matching: [directory] of the configuration.
struct Policy {
  double radius_km = 80;  ///< farther than this is left out
  /// What must be known and right: licence, network, language, position, agreement, new_patients.
  /// What is not listed is no refusal while it is unknown.
  std::set<std::string, std::less<>> require;
  bool licence_where_patient_lives = true;  ///< else where the receiver is
  int capacity_per_week = 10;               ///< of a receiver that states none
};

class Directory {
 public:
  Directory() = default;
  /// `loaded_at` is kept for people; it is no part of the version.
  Directory(std::vector<Receiver> receivers, Policy policy, Instant loaded_at);

  /// A hash of receivers and policy: equal versions decide alike.
  const std::string& version() const { return version_; }
  const std::vector<Receiver>& receivers() const { return receivers_; }  ///< by rank
  const Policy& policy() const { return policy_; }
  Instant loaded_at() const { return loaded_at_; }

  /// The receivers of a service, those with a connection or those without; null when none is.
  const Partition* partition(const std::string& service, bool connected) const;
  /// Indices in receivers() of those that a destination stands for.
  const std::vector<std::uint32_t>& receivers_at(const DestinationId& destination) const;
  /// Squared chords of 10, 25 and 50 km and the radius, each at most the radius.
  const std::array<float, 4>& bands() const { return bands_; }

  const Names& names() const { return names_; }

  /// Bytes of the partitions, beside the receivers themselves.
  std::size_t index_bytes() const;

 private:
  std::vector<Receiver> receivers_;
  Policy policy_;
  Instant loaded_at_{};
  std::string version_;
  std::array<float, 4> bands_{};
  Names names_;
  std::unordered_map<std::string, Partition> connected_;  ///< by service
  std::unordered_map<std::string, Partition> others_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_destination_;
};

/// Gives the directory of this moment.
using DirectorySource = std::function<std::shared_ptr<const Directory>()>;

}  // namespace meridian::routing
