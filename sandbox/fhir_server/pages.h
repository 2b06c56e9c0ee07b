// SPDX-License-Identifier: Apache-2.0
// Searchset Bundles, page by page; the links to the next page mean nothing to a client.
#pragma once

#include <map>
#include <string>

#include "fhir_server/search.h"
#include "fhir_server/settings.h"

namespace meridian::sandbox {

/// The searches whose next pages may still be asked for. Pages show the matches as they were when
/// the search was made, whatever is written in between.
class Pages {
 public:
  /// The first page.
  Json first(const Records& records, Search search, std::vector<VersionPtr> matches,
             const ServerSettings& settings);

  /// The page a next link leads to. Throws Refusal 410 for one that is unknown or too old.
  Json next(const Records& records, const std::string& token, std::size_t offset,
            const ServerSettings& settings) const;

 private:
  struct Result {
    Search search;
    std::vector<VersionPtr> matches;
  };

  static Json page(const Records& records, const Result& result, const std::string& token,
                   std::size_t offset, const ServerSettings& settings);

  std::map<std::string, Result> results_;  ///< by token; tokens sort by age
};

}  // namespace meridian::sandbox
