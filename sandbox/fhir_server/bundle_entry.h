// SPDX-License-Identifier: Apache-2.0
// One entry of a batch or transaction, taken apart.
#pragma once

#include <map>
#include <string>

#include "fhir_server/interactions.h"

namespace meridian::sandbox {

struct BundleEntry {
  std::string path;  ///< "Bundle.entry[3]"
  std::string method;
  std::string type;
  std::string id;     ///< of the URL; empty for POST, for PUT with a query and for a search
  std::string query;  ///< after the "?" of the URL
  std::string full_url;
  std::string if_none_exist;
  std::string if_match;
  Json resource;
  bool fresh = false;  ///< `id` was made for it by prepare()
  bool keep = false;   ///< `id` is what If-None-Exist found: nothing is to be written

  bool writes() const { return method == "POST" || method == "PUT"; }
};

/// Throws Refusal 400 when request.method or request.url is missing.
BundleEntry read_entry(const Json& json, std::size_t index, std::string_view base);

/// Settles conditions and ids of a writing entry, so that others can refer to it before anything
/// is written.
void prepare(const Work& work, BundleEntry& entry);

/// Does what the entry asks. It may have been prepared.
Reply carry_out(const Work& work, const BundleEntry& entry);

}  // namespace meridian::sandbox
