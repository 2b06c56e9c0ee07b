// SPDX-License-Identifier: Apache-2.0
// The FHIR server between HTTP and records.
#pragma once

#include <mutex>
#include <string>

#include "base/time.h"
#include "fhir_server/interactions.h"
#include "fhir_server/journal.h"
#include "fhir_server/pages.h"
#include "fhir_server/settings.h"
#include "http/router.h"

namespace meridian::sandbox {

/// A small FHIR R4 server in memory. Handlers may be called from several threads.
class FhirService {
 public:
  FhirService(ServerSettings settings, Clock clock);

  /// The routes below /fhir, behind those that are given; they borrow this object.
  http::Router routes(http::Router router = {});

  /// The server's own address, known once it listens.
  void set_base(const std::string& base);

  /// Keeps every version in a file from here on, and takes in what is there already.
  void keep_in(const std::string& journal_file);

  /// Carries out a transaction or batch Bundle, or stores a single resource under its own id, with
  /// the freedom of a system's own database whatever its clients may do.
  /// Throws Refusal, also for text that is not JSON.
  void load(const std::string& text);

  Records records() const;          ///< a copy
  ServerSettings settings() const;  ///< a copy

 private:
  http::Response handle(const http::Request& request,
                        http::Response (FhirService::*work)(const http::Request&));
  http::Response metadata(const http::Request& request);
  http::Response base_get(const http::Request& request);
  http::Response base_post(const http::Request& request);
  http::Response search_get(const http::Request& request);
  http::Response search_post(const http::Request& request);
  http::Response create_one(const http::Request& request);
  http::Response update_where(const http::Request& request);
  http::Response read_one(const http::Request& request);
  http::Response update_one(const http::Request& request);
  http::Response remove_one(const http::Request& request);
  http::Response history_of(const http::Request& request);
  http::Response read_version(const http::Request& request);

  http::Response search(const http::Request& request, const http::Fields& query);
  http::Response written(const http::Request& request, const Reply& reply) const;
  http::Response shown(const http::Request& request, const Reply& reply) const;

  /// Runs a change on the records and takes it back when something is thrown.
  template <typename Change>
  Reply change(const ServerSettings& settings, Change run);

  ServerSettings settings_;
  Clock clock_;
  mutable std::mutex mutex_;  ///< guards all below
  Records records_;
  Pages pages_;
  Journal journal_;
  int requests_ = 0;
};

}  // namespace meridian::sandbox
