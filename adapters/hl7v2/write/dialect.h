// SPDX-License-Identifier: Apache-2.0
// What differs per HL7 v2 peer, read from adapters/dialects/hl7v2/*.json.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meridian::hl7v2 {

/// Templates are text as it is to be written, delimiters included; {referral}, {at}, {sender},
/// {receiver}, {priority} and {status} in them stand for values of the letter, which are escaped.
struct WriteDialect {
  using Texts = std::map<std::string, std::string>;

  std::string id;
  std::string version;   ///< MSH-12
  Texts messages;        ///< letter to MSH-9: referral, referral_update, referral_cancel,
                         ///< answer_to_referral, answer_to_order, appointment, note
  Texts authorities;     ///< identifier system to "NAMESPACE^universal id^type"
  Texts coding_systems;  ///< code system to its name, before v2-coding-system
  std::map<std::string, Texts> codes;  ///< table to FHIR code to v2 code, before the tables
  Texts concepts;                      ///< CWE: page, note, narrative, impression, observations
  Texts fields;                  ///< "PV1-2" to a template: in place of what else would stand there
  std::vector<std::string> add;  ///< templates of segments at the end: Z segments, PV1
  Texts lost;                    ///< what an RRI codes not: FHIR element to words, for people
  std::set<std::string> leave_out;  ///< segments that are not sent

  /// True when the version is `other` ("2.6") or later.
  bool since(std::string_view other) const;
};

/// Reads a dialect file; one that says `like` has what it does not say itself from that one.
/// Errors: malformed; misconfigured, with the offset, when a member is not known or missing.
Result<WriteDialect> read_write_dialect(std::string_view json);

/// One of the dialects that were built in. Errors: not_found.
Result<WriteDialect> find_write_dialect(std::string_view id);

std::vector<std::string> write_dialect_ids();

}  // namespace meridian::hl7v2
