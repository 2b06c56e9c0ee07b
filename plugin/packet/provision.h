// SPDX-License-Identifier: Apache-2.0
// What a provision of a consent says about one record on its way to one receiver. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "model/record_set.h"
#include "packet/released.h"

namespace meridian::packet {

/// One record under one label, about to be sent. Borrows everything.
struct Disclosure {
  const std::string& label;
  const std::string& ref;
  const Parties& parties;
  const std::vector<Organization>& organizations;  ///< that actors may point to
  Day day;
};

struct Word {
  enum class Kind { silent, permits, refuses };
  Kind kind = Kind::silent;
  // Of a permission: the limits that were met.
  bool to_named = false;       ///< recipients were named
  bool for_treatment = false;  ///< purposes were named
  PartialDate until = {};      ///< the first end of its periods; empty: none
};

/// As Consents (released.h) describes it.
Word word_of(const Provision& root, const Disclosure& disclosure);

}  // namespace meridian::packet
