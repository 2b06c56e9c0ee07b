// SPDX-License-Identifier: Apache-2.0
// What one referral asks of the directory.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/people.h"
#include "routing/receiver.h"

namespace meridian::routing {

/// What of the patient decides about a receiver.
struct PatientFacts {
  std::optional<Position> position;
  std::string state;
  std::string postal_code;
  std::optional<int> age;             ///< years on the day of the decision
  std::string language;               ///< the preferred one, BCP 47; empty: none was asked for
  std::vector<std::string> networks;  ///< normalized names of payers, plans and networks
};

/// Home address first, coverages that are active on that day.
PatientFacts patient_facts(const Patient& patient, const std::vector<Coverage>& coverages, Day on);

struct Ask {
  std::string service;
  std::string modality = "manual";
  std::string visit_mode;  ///< physical, virtual or empty for any
  PatientFacts patient;
  Day on;
  std::vector<DestinationId> declined;  ///< said no to this referral
};

/// What is with one destination, and how it answered lately.
struct Load {
  DestinationId destination;
  int this_week = 0;  ///< offers that are open, or were accepted in the last seven days
  int answered = 0;   ///< offers that it answered lately
  std::chrono::minutes mean_answer{0};  ///< of those
};
using Loads = std::vector<Load>;

}  // namespace meridian::routing
