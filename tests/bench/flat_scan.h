// SPDX-License-Identifier: Apache-2.0
// What match_bench measures against: an AVX2 scan of all receivers, by the same columns and with
// the same answer. Nobody is left out of the scan, and nothing is put aside for later.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "routing/match.h"

namespace meridian::routing {

/// Receivers in the order of rank, each column in one piece. All have a connection, none has
/// offers.
class FlatScan {
 public:
  explicit FlatScan(const Directory& directory);
  Matches find(const Ask& ask);

 private:
  struct Wanted;
  void add_columns(const Receiver& receiver);
  std::uint32_t service_number(const std::string& service) const;
  Wanted wanted(const Ask& ask) const;
  void scan_near(const Wanted& wanted, Matches& matches) const;
  void scan_places(const Wanted& wanted, Matches& matches) const;
  /// Those of eight lanes that are of the service and in reach, of which some may fit.
  void take(const Wanted& wanted, std::size_t first, unsigned fit, const Band (&bands)[8],
            unsigned all, Matches& matches) const;
  void take_one(const Wanted& wanted, std::size_t i, bool fit, Band band, Matches& matches) const;
  void look_at_one(const Wanted& wanted, std::uint32_t rank, Matches& matches) const;
  std::uint64_t key_of(const Wanted& wanted, std::size_t i, Band band) const;
  bool is_sure(const Wanted& wanted, std::size_t i) const;

  const Directory& directory_;
  std::vector<std::string> services_;
  std::vector<float> x_, y_, z_;
  std::vector<std::uint32_t> service_, bits_, held_, home_;
  std::vector<std::uint64_t> networks_;
};

}  // namespace meridian::routing
