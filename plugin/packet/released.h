// SPDX-License-Identifier: Apache-2.0
// What a patient's consent lets through that the field profile would leave out. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/field_profile.h"
#include "model/record_set.h"
#include "packet/field_profile.h"

namespace meridian::packet {

/// Of names as a site writes them, "system|value" and "PEER/Type/id", those that a consent on the
/// server of the peer `source` may use, as Parties has them.
std::vector<std::string> names_in_consents(const std::vector<std::string>& written,
                                           const std::string& source);

/// The consents of one patient that are in force at an instant, asked about one packet. Borrows the
/// records.
///
/// A provision is read with its exceptions. It permits what it names by `securityLabel`, itself or
/// in what it is nested in, where each of its limits is met for certain: this receiver among its
/// recipients (whoever is named otherwise may be this one, but nobody knows), where it names who
/// discloses this sender, treatment among its purposes, the disclosure among its actions, the day,
/// the type of the record, the record itself. One that names no recipient is for any ("my treating
/// providers"). A permission inside a permission narrows it. What refuses, refuses where a limit of
/// it is not known to leave this packet out; and a refusal in one consent takes back all others.
/// A limit that is not read (code, dataPeriod, modifiers) is met by nothing and leaves nothing out;
/// a consent of which something could not be read refuses.
/// Sources: http://hl7.org/fhir/R4/consent.html, provision; 42 CFR 2.31(a)
class Consents {
 public:
  Consents(const RecordSet& records, const std::vector<std::string>& patients, Parties parties,
           Instant at);

  /// What is said with the record of that ref ("" when nothing is due) where a consent lets it go
  /// under the label; nothing where none does.
  std::optional<std::string> release(const ReleasedLabel& label, const std::string& ref) const;

 private:
  const RecordSet& records_;
  Parties parties_;
  Day day_;
  std::vector<const Consent*> consents_;
};

}  // namespace meridian::packet
