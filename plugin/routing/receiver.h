// SPDX-License-Identifier: Apache-2.0
// One who can receive a referral: a service at a place, as the directory and the site describe it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace meridian::routing {

/// Degrees, WGS 84.
struct Position {
  double latitude = 0;
  double longitude = 0;

  friend bool operator==(const Position&, const Position&) = default;
};

/// A licence to practise in one state.
struct Licence {
  std::string state;         ///< USPS code; empty: the state is not stated
  std::optional<Day> until;  ///< last day; empty: no end is stated
  /// As Plan-Net's QualificationStatusCS says it: active, revoked ...; empty: not stated.
  std::string status;
};

/// What is empty was not stated, and not stated is not a no.
struct Receiver {
  std::string id;                ///< in the directory
  std::uint32_t preference = 0;  ///< among equals the smaller one is taken, then the smaller id
  DestinationId to;              ///< configured connection; empty: nobody configured one
  std::string name;              ///< for people
  std::string service;           ///< acupuncture, spine_surgery
  std::vector<std::string> modalities;  ///< manual, electro; empty means manual
  std::optional<Position> position;
  std::string state;  ///< USPS code
  std::string postal_code;
  std::vector<Licence> licences;
  std::optional<Day> agreement_until;  ///< last day of the site's agreement with it
  std::optional<bool> accepts_new_patients;
  std::vector<std::string> new_patients_of;  ///< accepts only those of these networks; empty: all
  std::vector<std::string> networks;         ///< normalized names of networks, plans and payers
  std::vector<std::string> visit_modes;      ///< physical, virtual
  std::optional<int> age_from;               ///< years, inclusive
  std::optional<int> age_to;                 ///< years, inclusive
  std::vector<std::string> languages;        ///< BCP 47
  std::optional<int> capacity_per_week;      ///< new referrals
  bool paused = false;                       ///< the site sends nothing there for now
  std::string eligibility;  ///< whom it takes, in its own words: shown, never decided on
};

/// A name made comparable: lower case, single spaces, no punctuation.
std::string normalized_name(std::string_view name);

/// A state as its USPS code; empty for a state that is written in another way, which is as good as
/// not stated.
std::string state_code(std::string_view state);

}  // namespace meridian::routing
