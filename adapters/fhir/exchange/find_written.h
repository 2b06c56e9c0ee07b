// SPDX-License-Identifier: Apache-2.0
// Finds at a server what we wrote there before.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/client/fhir_client.h"
#include "fhir/exchange/dialect.h"

namespace meridian::fhir {

/// References ("Task/9") of what the query finds. Of "identifier=system|value" those that carry the
/// identifier: a server that does not know the parameter gives everything it has (FHIR R4, search,
/// section 3.1.1.2.1). Errors: the client's or the server's; unavailable, when the search was cut
/// short so that nothing found means nothing.
Result<std::vector<std::string>> find_all(FhirClient& client, const std::string& type,
                                          const std::string& query);

/// The same for a resource that is to be created once. Where WriteBack::find names its type, it is
/// looked for among its patient's, by its identifier or by the mark in its title; where documents
/// have a form of the server's own, in the list that the form has.
Result<std::vector<std::string>> find_written(FhirClient& client, const WriteBack& rules,
                                              const std::string& type, const std::string& query,
                                              std::string_view resource);

/// What stands at the end of a document's title where the server keeps no identifier of it.
std::string title_mark(std::string_view identifier_value);

}  // namespace meridian::fhir
