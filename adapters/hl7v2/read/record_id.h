// SPDX-License-Identifier: Apache-2.0
// What records of a message are called.
#pragma once

#include <string>
#include <string_view>

namespace meridian::hl7v2 {

/// An id of FHIR for what `scope` gives that number, the same each time and another one for every
/// other pair: "STLUKE.40023" where FHIR's letters (A to Z, a to z, 0 to 9, - and .) and 64 places
/// allow it and the number has no point, else "m-" and a digest. Empty without a number. Pure.
/// Source: http://hl7.org/fhir/R4/datatypes.html#id
std::string record_id(std::string_view scope, std::string_view number);

/// The same for a number that says who somebody is: "m-" and 40 digits of HMAC-SHA-256, for a
/// record number is short and whoever has a digest without a key finds it by trying all. With an
/// empty key as record_id.
std::string hidden_id(std::string_view key, std::string_view scope, std::string_view number);

}  // namespace meridian::hl7v2
