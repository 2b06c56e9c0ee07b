// SPDX-License-Identifier: Apache-2.0
// How one sandbox server behaves: what it allows, and how it fails on purpose.
#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <string>

namespace meridian::sandbox {

struct ServerSettings {
  std::string name = "sandbox";     ///< for the CapabilityStatement
  std::string base;                 ///< "http://127.0.0.1:8101/fhir", no slash at the end
  std::set<std::string> no_create;  ///< types whose create is refused with 405, as some EHRs do
  bool update_creates = true;       ///< PUT to a new id makes it
  bool transactions = true;         ///< else POST of a Bundle gets 405
  bool check_references = true;     ///< a reference to a resource that is not here gets 400
  std::size_t page_size = 50;       ///< without _count
  std::size_t max_page_size = 200;
  std::string token;  ///< bearer token to show; empty: everybody may
  std::chrono::milliseconds latency{0};
  int fail_every = 0;  ///< each n-th request gets 503 and does nothing
  int lose_every = 0;  ///< each n-th request is done and its answer lost: 502
};

}  // namespace meridian::sandbox
