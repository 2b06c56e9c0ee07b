// SPDX-License-Identifier: Apache-2.0
// The REST interactions on records. Source: http://hl7.org/fhir/R4/http.html
#pragma once

#include <string>

#include "fhir_server/records.h"
#include "fhir_server/refusal.h"
#include "fhir_server/settings.h"

namespace meridian::sandbox {

/// What an interaction came to.
struct Reply {
  int status = 200;
  VersionPtr version;  ///< for ETag, Last-Modified and Location; may be null
  Json body;           ///< null: no body
};

/// The records being worked on, and what holds for this request.
struct Work {
  Records& records;
  const ServerSettings& settings;
  Instant now;
};

Reply read(const Work& work, const std::string& type, const std::string& id);
Reply vread(const Work& work, const std::string& type, const std::string& id,
            std::string_view version);
Reply history(const Work& work, const std::string& type, const std::string& id);

/// `if_none_exist` is a query; empty for an unconditional create. 201, or 200 with what is there.
Reply create(const Work& work, const std::string& type, Json resource,
             std::string_view if_none_exist);

/// As create without a condition, under an id that was promised to other entries of a transaction.
Reply create_as(const Work& work, const std::string& type, const std::string& id, Json resource);

/// `if_match` is an ETag or empty. 200, or 201 when the id is new.
Reply update(const Work& work, const std::string& type, const std::string& id, Json resource,
             std::string_view if_match);

/// PUT Type?query: creates, updates the only match, or refuses with 412.
Reply conditional_update(const Work& work, const std::string& type, std::string_view query,
                         Json resource, std::string_view if_match);

Reply remove(const Work& work, const std::string& type, const std::string& id);

/// The only resource that fits a query; nullptr when none; throws Refusal 412 when several.
VersionPtr find_only(const Work& work, const std::string& type, std::string_view query);

/// Throws Refusal 404 for a name that is no R4 resource type.
void require_type(const std::string& type);

}  // namespace meridian::sandbox
