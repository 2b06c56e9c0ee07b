// SPDX-License-Identifier: Apache-2.0
// The identifiers that we put into what we write, by which a repeat is recognised.
#pragma once

#include <string>
#include <string_view>

namespace meridian::fhir {

/// Every identifier system of ours begins so; resources that carry one are our own writing.
inline constexpr std::string_view identifier_root = "http://meridian-referral.org/fhir/identifier/";

/// An identifier of ours. `kind` names the system, "referral" or "copy"; the value begins with the
/// referral id.
struct OwnIdentifier {
  std::string system;
  std::string value;

  /// "identifier=<system>|<value>", for If-None-Exist and conditional updates.
  std::string query() const;
  /// {"system":...,"value":...}, with type from HL7 table 0203 when it is not empty.
  std::string json(std::string_view type = {}) const;
};

/// Of the Task and the ServiceRequest that are sent to a receiver: the value is the referral id.
OwnIdentifier referral_identifier(std::string_view referral_id);
/// Of the Task that shows the referral to whoever ordered it. Another system, so that our own
/// writing is not taken for a receiver's answer where one server is origin and receiver. `number`:
/// which Task of the referral it is, from 1.
OwnIdentifier coordination_identifier(std::string_view referral_id, int number = 1);
/// Of the copy of a source's resource, "Condition/5".
OwnIdentifier copy_identifier(std::string_view referral_id, std::string_view ref);
/// Of anything else we author for a referral: kind "status", name a hash of what it says.
OwnIdentifier own_identifier(std::string_view kind, std::string_view referral_id,
                             std::string_view name);

/// "urn:uuid:..." of something in a packet; the same for the same referral and name (UUID
/// version 8 of RFC 9562, made of SHA-256).
std::string urn_of(std::string_view referral_id, std::string_view name);

/// The first 16 hexadecimal digits of the text's SHA-256.
std::string short_hash(std::string_view text);

/// The text with everything but letters, digits and -._~/: percent-encoded, for a query value.
std::string query_escaped(std::string_view text);

}  // namespace meridian::fhir
