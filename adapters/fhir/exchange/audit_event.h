// SPDX-License-Identifier: Apache-2.0
// An entry of the audit as FHIR R4 AuditEvent, of a profile of IHE BALP where it is such an event.
// Source: IHE ITI Basic Audit Log Patterns 1.1, https://profiles.ihe.net/ITI/BALP
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace meridian::fhir {

/// One entry. `actor` and `object` are as the audit has them.
struct AuditFact {
  std::string node;
  std::int64_t number = 0;
  Instant at;
  std::string event;
  std::string actor;
  std::string object;
  std::string outcome;
};

/// Whom the entry speaks of, as the site's configuration knows them; empty where it does not.
struct AuditPlaces {
  std::string site;           ///< name of the site, for people
  std::string actor_address;  ///< where the actor is reached
  std::string record;         ///< the hospital whose record was read, when the node read it
  std::string record_address;
};

/// One resource, without line ends. A network address that the audit does not keep is said to be
/// unknown. The patient is named by the referral or row that the entry is about: the audit holds
/// internal ids alone. Words that R4 has no element for stand in entity.detail. Pure.
std::string audit_event_json(const AuditFact& fact, const AuditPlaces& places);

}  // namespace meridian::fhir
