// SPDX-License-Identifier: Apache-2.0
// Token-preserving edit of one raw FHIR resource: what is kept keeps its bytes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/field_profile.h"

namespace meridian::fhir {

/// What is done to a resource. The default changes no byte.
struct JsonEdit {
  /// Elements that are kept; nullptr keeps all. Kept besides: resourceType, id, meta.security, the
  /// root elements that change the meaning of others (status, intent, doNotPerform, clinicalStatus,
  /// verificationStatus, deceased[x]) and the patient it is about. A contained resource is kept
  /// when its own type is in the profile, and cut by it. The narrative goes when anything else
  /// went.
  const FieldProfile* profile = nullptr;

  /// The new form of a reference, or nothing when its target is not sent. Not called for
  /// references to contained resources. Empty: references stay as written.
  ///
  /// A reference whose target is not sent goes as a whole, for its display may say what was
  /// withheld; for people and places the display stays. Attachment.url is treated alike.
  std::function<std::optional<std::string>(std::string_view written)> reference;

  /// Root members to drop, not reported: "id".
  std::vector<std::string> drop;

  /// Root members to set, as name and raw JSON: in place of the old value, or else at the end.
  std::vector<std::pair<std::string, std::string>> set;

  /// Raw JSON objects put in front of `identifier`, which must be a list in this resource type.
  std::vector<std::string> add_identifiers;
};

struct EditedJson {
  std::string bytes;
  std::vector<std::string> removed;  ///< paths without indexes, "Condition.note", each once
  /// True when a modifierExtension or implicitRules was removed: what is left may mean something
  /// else and must not be sent.
  bool meaning_lost = false;
};

/// Errors: malformed (as JsonIndex, or no resource), too_large, forbidden when the profile does not
/// list the resource's type.
Result<EditedJson> edit_resource(std::string_view resource, const JsonEdit& edit);

/// The text as a JSON string with its quotes. Invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace meridian::fhir
