// SPDX-License-Identifier: Apache-2.0
// A batch sent entry by entry: for receivers that take no bundle, and where each entry must look
// first.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fhir/client/fhir_client.h"
#include "fhir/exchange/bundle_out.h"
#include "fhir/exchange/dialect.h"
#include "port/envelope.h"

namespace meridian::fhir {

/// What an update is conditional on: the ETag, or the version when the server sent none.
std::string etag_of(const Response& response);

/// One run over the entries of a batch.
class SingleRequests {
 public:
  /// Borrows the rules.
  SingleRequests(FhirClient& client, bool repeat, const WriteBack& rules)
      : client_(client), repeat_(repeat), rules_(rules) {}

  Result<Receipt> run(const std::vector<OutEntry>& entries);

 private:
  Result<void> send(const OutEntry& entry);
  Result<void> look_up(const OutEntry& entry);
  Result<void> create(const OutEntry& entry, const std::string& body);
  Result<void> put(const OutEntry& entry, const std::string& body);
  Result<void> patch(const OutEntry& entry, const std::string& body);
  Result<void> replace(const std::string& reference, const OutEntry& entry,
                       const std::string& body);
  Result<std::string> with_known_references(const OutEntry& entry) const;
  void note(const OutEntry& entry, const std::string& reference, const char* proof);

  FhirClient& client_;
  bool repeat_;
  const WriteBack& rules_;
  std::map<std::string, std::string, std::less<>> written_;  ///< urn:uuid to "Task/9"
  Receipt receipt_;
};

}  // namespace meridian::fhir
