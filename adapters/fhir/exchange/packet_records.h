// SPDX-License-Identifier: Apache-2.0
// The source's resources on their way into a packet: cut by the profile, references made anew.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fhir/exchange/json_edit.h"
#include "port/ports.h"

namespace meridian::fhir {

/// The order that the letter is about; null when its records do not hold it.
const ServiceRequest* order_of(const Letter& letter);

/// The resources of letter.include that the profile lets through, and what they are called in the
/// packet. Borrows letter and profile.
class PacketRecords {
 public:
  /// Errors: malformed, when letter.raw does not hold what letter.records says.
  static Result<PacketRecords> choose(const Letter& letter, const FieldProfile& profile);

  /// In the order of letter.include.
  const std::vector<std::string>& sent() const { return sent_; }
  bool sends(const std::string& ref) const { return names_.count(ref) != 0; }
  /// True when the letter's raw bytes hold it, sent or not.
  bool holds(const std::string& ref) const { return span_of(ref) != nullptr; }
  /// The urn:uuid of a resource that is sent, the receiver's own reference of a patient that it
  /// knows; "" when there is neither.
  std::string urn(const std::string& ref) const;

  /// The bytes to send. `edit` says what to set and to add; profile and references are ours.
  /// Precondition: sends(ref). Errors: as edit_resource.
  Result<std::string> bytes(const std::string& ref, JsonEdit edit);

  /// What was left out: "Condition/5.note", or "Condition/5" as a whole.
  const std::vector<std::string>& removed() const { return removed_; }

 private:
  PacketRecords(const Letter& letter, const FieldProfile& profile)
      : letter_(&letter), profile_(&profile) {}
  Result<void> take(const std::string& ref);
  void name_patient();
  std::optional<std::string> renamed(std::string_view written) const;
  void inline_medication(std::string_view resource, JsonEdit& edit) const;
  const ResourceSpan* span_of(const std::string& ref) const;

  const Letter* letter_;
  const FieldProfile* profile_;
  std::vector<std::string> sent_;
  std::vector<std::string> removed_;
  std::map<std::string, std::string, std::less<>> names_;  ///< ref and fullUrl to urn:uuid
};

}  // namespace meridian::fhir
