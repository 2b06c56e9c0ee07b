// SPDX-License-Identifier: Apache-2.0
// Resources as received, put side by side into one collection Bundle.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fhir/exchange/json_index.h"

namespace meridian::fhir {

/// One resource with its bytes as received.
struct CollectedResource {
  std::string full_url;
  std::string type;
  std::string ref;      ///< "Type/id"; empty without id
  std::string version;  ///< meta.versionId
  std::string last_updated;
  std::string bytes;
};

/// "Type/id" out of a reference or URL, without version; "" for contained and urn: references.
std::string plain_ref(std::string_view written);

/// Leaves of each resource the latest version, at the place where it first came: on some servers a
/// resource that changes meanwhile stands on two pages.
std::vector<BundleEntry> latest_of(std::vector<BundleEntry> entries);

/// Keeps each resource once, in its latest version, at the place where it first came.
class Collection {
 public:
  /// `base_url` gives a fullUrl to resources that came without one.
  explicit Collection(std::string base_url) : base_url_(std::move(base_url)) {}

  /// Adds a single resource. Errors: malformed.
  Result<void> add(std::string_view resource);
  /// Adds an entry of a search page. OperationOutcomes are left out.
  void add(const BundleEntry& entry);

  bool holds(std::string_view ref) const { return places_.count(ref) != 0; }
  const CollectedResource* find(std::string_view ref) const;
  const std::vector<CollectedResource>& resources() const { return resources_; }

  /// A Bundle of type collection around the bytes.
  std::string json() const;

 private:
  std::string base_url_;
  std::vector<CollectedResource> resources_;
  std::map<std::string, std::size_t, std::less<>> places_;  ///< by ref
};

}  // namespace meridian::fhir
