// SPDX-License-Identifier: Apache-2.0
// Documents written by a form of the server's own: DocumentForm in dialect.h.
#pragma once

#include <string>
#include <string_view>

#include "fhir/client/fhir_client.h"
#include "fhir/exchange/dialect.h"

namespace meridian::fhir {

/// "clinicaldocument/81" of the patient's document whose title ends in `mark`; empty when there is
/// none. `document` is the DocumentReference. Errors: the client's or the server's; unavailable,
/// when the list was not read to its end; misconfigured, when the site lacks a number.
Result<std::string> find_by_form(FhirClient& client, const WriteBack& rules,
                                 std::string_view document, std::string_view mark);

/// Writes a DocumentReference with one content that holds its bytes; "clinicaldocument/81". Once
/// sent it is not sent again. Errors: as above; invalid, when the server says that it did not
/// succeed; malformed, when it is no such document.
Result<std::string> post_by_form(FhirClient& client, const WriteBack& rules,
                                 std::string_view document);

}  // namespace meridian::fhir
