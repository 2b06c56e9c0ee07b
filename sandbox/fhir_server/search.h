// SPDX-License-Identifier: Apache-2.0
// A search: the query understood, what it finds, and the searchset Bundle that says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fhir_server/match.h"
#include "fhir_server/records.h"
#include "http/request.h"

namespace meridian::sandbox {

struct SortKey {
  const Parameter* parameter = nullptr;
  bool descending = false;
};

struct Include {
  std::string type;
  const Parameter* parameter = nullptr;
};

struct Search {
  std::string type;
  std::vector<Criterion> criteria;
  std::vector<SortKey> sort;
  std::vector<Include> includes;
  std::optional<std::size_t> count;   ///< _count as asked for
  bool only_total = false;            ///< _summary=count
  std::vector<std::string> warnings;  ///< parameters that were ignored
};

/// Understands a query. Throws Refusal 400 for values that make no sense, and for parameters that
/// the type does not have when `strict` (Prefer: handling=strict), which otherwise are warnings.
Search read_search(const std::string& type, const http::Fields& query, bool strict);

/// What of these fits, in their order.
std::vector<VersionPtr> fitting(std::vector<VersionPtr> versions, const Search& search,
                                std::string_view base);

/// What fits, in the order asked for, else the order of ids.
std::vector<VersionPtr> find_matches(const Records& records, const Search& search,
                                     std::string_view base);

/// What the includes of the search add to these matches, without repeats.
std::vector<VersionPtr> find_included(const Records& records, const Search& search,
                                      const std::vector<VersionPtr>& matches,
                                      std::string_view base);

}  // namespace meridian::sandbox
