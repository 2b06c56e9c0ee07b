// SPDX-License-Identifier: Apache-2.0
// Who can receive a referral. A value: loaded whole, swapped whole.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"

namespace meridian::routing {

struct Receiver {
  DestinationId id;                     ///< configured destination
  std::string name;                     ///< for people
  std::string service;                  ///< acupuncture or spine_surgery
  std::vector<std::string> modalities;  ///< manual, electro; empty means manual
  bool accepts_new_patients = true;
};

struct Directory {
  std::string version;
  std::vector<Receiver> receivers;  ///< in the order of preference
};

}  // namespace meridian::routing
