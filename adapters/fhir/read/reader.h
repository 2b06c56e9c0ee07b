// SPDX-License-Identifier: Apache-2.0
// FHIR R4 JSON to the normalized model: Bundles of every type, single resources, NDJSON.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "model/record_set.h"
#include "port/ports.h"

namespace meridian {

/// What the reader writes into each record's provenance, and its limits.
struct ReadOptions {
  std::string source_id = {};
  std::string message_id = {};
  std::optional<Instant> received_at = {};
  std::size_t max_bytes = std::size_t{256} << 20;  ///< of one message, or of one NDJSON line
  unsigned max_depth = 64;                         ///< nested objects and arrays, 1 to 64
  std::size_t max_resources = 500'000;  ///< resources in one message, contained ones included
  std::size_t max_values = 8'000'000;   ///< objects of the model made from one message
};

/// Maps one message to records. Pure; any thread; `bytes` is borrowed and not changed.
///
/// Problems in the data are RecordSet::issues, each with its FHIRPath-like path; after a syntax
/// error the records read before it are kept and a fatal issue names the byte.
/// Errors: too_large; unsupported (XML); malformed, with the byte offset in Error::detail, when it
/// is not UTF-8 or the syntax breaks before anything was read.
/// Source: http://hl7.org/fhir/R4/json.html
Result<RecordSet> read_fhir(std::string_view bytes, const ReadOptions& options = {});

/// One line of NDJSON as it was read.
struct NdjsonLine {
  std::size_t number = 0;  ///< from 1; blank lines are counted but not handed over
  std::string_view bytes;  ///< valid until the callback returns
  Result<RecordSet> records;
};

/// Reads NDJSON line by line; no more than one line is in memory. Paths begin with "line N: ".
/// The callback returns false to stop. Errors: too_large for a line above max_bytes, with the line
/// number in Error::detail. A stream that fails looks ended; ask it.
Result<void> read_ndjson(std::istream& stream, const ReadOptions& options,
                         const std::function<bool(NdjsonLine)>& callback);

/// True when the bytes are several JSON objects, one per line.
bool looks_like_ndjson(std::string_view bytes);

/// The port's reader for application/fhir+json and its relatives.
class FhirReader : public Reader {
 public:
  bool takes(std::string_view media_type) const override;
  Result<RecordSet> read(const Envelope& envelope) const override;
};

}  // namespace meridian
