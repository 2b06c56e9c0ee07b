// SPDX-License-Identifier: Apache-2.0
// What a patient's consent lets through that the field profile would leave out. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "model/field_profile.h"
#include "model/record_set.h"

namespace meridian::packet {

/// A label under which records of this patient may go at that instant, and what is said with them.
struct Release {
  const ReleasedLabel* label;  ///< borrowed from the profile
  std::string notice;          ///< with the scope of the consent; empty when none is due
};

/// The labels of the profile that a consent covers: in force at `at`, of one of `patients` (refs),
/// permitting by `securityLabel` and, where it names purposes, for treatment. A consent with limits
/// that are not read (actors, data, nested provisions) covers nothing. One that refuses the label,
/// or refuses without naming labels, takes back every other.
/// Source: http://hl7.org/fhir/R4/consent.html, provision
std::vector<Release> releases(const std::vector<Consent>& consents, const FieldProfile& profile,
                              const std::vector<std::string>& patients, Instant at);

}  // namespace meridian::packet
