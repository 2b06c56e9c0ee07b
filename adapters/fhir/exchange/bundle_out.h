// SPDX-License-Identifier: Apache-2.0
// The bundle that a letter becomes: entries with the request each stands for.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "fhir/exchange/identifiers.h"

namespace meridian::fhir {

/// One request.
struct OutEntry {
  std::string full_url;  ///< urn:uuid; empty for none
  std::string resource;  ///< JSON; empty for GET
  std::string method;    ///< POST, PUT, PATCH, GET
  std::string url;       ///< "Task", "Task?identifier=...", "Task/9"
  std::string if_none_exist;
  /// "*": also of a Task whose work has begun, which otherwise only its owner ends; if_there: only
  /// when the search finds one.
  std::string if_match{};
};

/// OutEntry::if_match of a patch that is left out when there is nothing to change.
inline constexpr std::string_view if_there = "?";

class BundleOut {
 public:
  /// Created unless something with the identifier is there.
  void create(std::string full_url, std::string type, std::string resource,
              const OwnIdentifier& identifier) {
    entries_.push_back(
        {std::move(full_url), std::move(resource), "POST", std::move(type), identifier.query()});
  }
  /// Created, or put in place of what the identifier finds.
  void put(std::string full_url, const std::string& type, std::string resource,
           const OwnIdentifier& identifier) {
    entries_.push_back(
        {std::move(full_url), std::move(resource), "PUT", type + "?" + identifier.query(), {}});
  }
  /// Looked up, so that what others of the batch say of `full_url` finds the receiver's own copy.
  void find(std::string full_url, const std::string& type, const OwnIdentifier& identifier) {
    entries_.push_back({std::move(full_url), {}, "GET", type + "?" + identifier.query(), {}});
  }
  /// Sets the members of `resource` and leaves the others; `note` is added to. `at_any_time`: a
  /// cancel also after the work has begun.
  void patch(std::string url, std::string resource, std::string full_url = {},
             bool at_any_time = false) {
    entries_.push_back({std::move(full_url),
                        std::move(resource),
                        "PATCH",
                        std::move(url),
                        {},
                        at_any_time ? "*" : ""});
  }

  /// The same to what the receiver made itself, when there is such.
  void patch_if_there(std::string url, std::string resource) {
    entries_.push_back(
        {{}, std::move(resource), "PATCH", std::move(url), {}, std::string(if_there)});
  }

  bool empty() const { return entries_.empty(); }
  /// `type` is transaction or batch; `profile` is what the bundle conforms to, empty for none.
  std::string json(std::string_view type, Instant at, std::string_view profile = {}) const;

 private:
  std::vector<OutEntry> entries_;
};

/// A bundle as BundleOut wrote it, read back for sending.
struct OutBundle {
  std::string type;  ///< transaction or batch
  std::vector<OutEntry> entries;
};

/// Errors: malformed, when the bytes are no bundle of requests.
Result<OutBundle> read_out_bundle(std::string_view bytes);

}  // namespace meridian::fhir
