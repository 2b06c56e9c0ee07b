// SPDX-License-Identifier: Apache-2.0
// What differs from one FHIR server to the next, as data: adapters/dialects/*.json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/client/capabilities.h"
#include "fhir/client/fhir_client.h"
#include "model/values.h"

namespace meridian::fhir {

/// One search of a patient's history.
struct HistorySearch {
  std::string kind;     ///< of QueryResult: conditions, procedures, medications, imaging ...
  std::string type;     ///< resource type that is searched
  SearchParams params;  ///< "{patient}" stands for the patient's id
};

/// One thing that a poll looks at.
struct Watch {
  enum class By {
    last_updated,  ///< everything of the type that changed since the cursor
    patient,       ///< patient by patient, along the work list; for servers that refuse the former
  };
  std::string name;  ///< names the cursor
  std::string type;
  SearchParams params;
  By by = By::last_updated;
  std::vector<std::string> skip_status;  ///< a resource of ours in such a status says nothing new
  bool skip_own = true;                  ///< leave out every resource that we wrote
  std::vector<std::string> follow;       ///< elements whose references are read along: "focus"
  std::vector<std::string> reverse;      ///< searches along, "{ref}" is the resource or its focus
};

/// One server family. Sources of each file's statements are in its "source" member.
struct Dialect {
  std::string id;
  std::vector<HistorySearch> history;
  std::vector<std::string> follow;    ///< "ServiceRequest.requester": read along when gathering
  std::vector<std::string> required;  ///< of these, a failed read makes the kind partial
  std::vector<Watch> hospital_watches;
  std::vector<Watch> clinic_watches;
  Capabilities expected;  ///< used until the server's own statement was read
};

/// Reads one dialect file. Errors: malformed; misconfigured for a member that is not known.
Result<Dialect> read_dialect(std::string_view json);

/// A dialect of adapters/dialects by its id: "r4", "epic", "oracle", "athena", "meditech", "ecw".
/// Errors: not_found.
Result<Dialect> find_dialect(std::string_view id);

/// The ids that find_dialect knows, sorted.
std::vector<std::string> dialect_ids();

}  // namespace meridian::fhir
