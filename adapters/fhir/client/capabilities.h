// SPDX-License-Identifier: Apache-2.0
// What a server says it can do, from its CapabilityStatement.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meridian::fhir {

/// What is said of one resource type.
struct TypeCapabilities {
  std::set<std::string> interactions;   ///< read, create, update, search-type, ...
  std::set<std::string> search_params;  ///< names
  bool conditional_create = false;
  bool conditional_update = false;
};

/// Source: http://hl7.org/fhir/R4/capabilitystatement.html, first rest of mode server.
struct Capabilities {
  std::string fhir_version;                   ///< "4.0.1"; empty when it is not said
  std::string software;                       ///< name and version, for people
  std::set<std::string> system_interactions;  ///< transaction, batch, search-system, history-system
  std::map<std::string, TypeCapabilities, std::less<>> types;

  /// True when the type lists the interaction. A server that lists no types at all says nothing:
  /// see says_nothing().
  bool allows(std::string_view type, std::string_view interaction) const;
  bool conditional_create(std::string_view type) const;
  bool says_nothing() const { return types.empty() && system_interactions.empty(); }
};

/// Errors: malformed, when it is not JSON or not a CapabilityStatement.
Result<Capabilities> read_capabilities(std::string_view json);

}  // namespace meridian::fhir
