// SPDX-License-Identifier: Apache-2.0
// HL7 v2 messages to the normalized model: ADT, ORU, MDM, ORM, OMG, REF, RRI, OSU, SIU.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/record_set.h"
#include "model/terminology.h"
#include "port/ports.h"

namespace meridian::hl7v2 {

/// What a site says of its messages. `tables` is borrowed: the ConceptMaps of fhir-profiles/v2.
struct ReadSettings {
  const Terminology* tables = nullptr;
  /// Assigning authority to the system it means in FHIR: by namespace ("ADT1"), by universal id
  /// ("1.2.3"), or for identifiers without one by their sender ("@APP.FACILITY"). What is not here
  /// is never taken to be the same as something else.
  std::map<std::string, std::string> authorities;
  std::string default_charset = "windows-1252";  ///< of messages that name none and are not UTF-8
  /// Secret. With it a record's name does not show the number of a patient, a visit, a report or a
  /// document, and is the same for the same number in every message and at every start. Names go
  /// where identifiers may not: to receivers in packets, to the audit. Empty where nothing is kept
  /// or sent: the names are to be read.
  std::string name_key{};
};

struct ReadOptions {
  std::string source_id;
  std::optional<Instant> received_at;
};

/// Maps one message (MSH to its last segment). Pure; any thread; `bytes` is borrowed.
///
/// Records carry `ref` "Type/authority.number" where the message has a number for the thing
/// (patient, visit, order, report, document, appointment), so that later messages about it are
/// about it; all but those of orders hidden by `name_key`; else "Type/MSH-10.segment" such as
/// "Condition/MSG001.DG1[2]". Problems are issues with their v2 path ("PID-7", "OBX[3]-5.2"); a
/// fatal one when it is no message. Nothing is refused because segments stand in another order than
/// the standard's.
RecordSet read_message(std::string_view bytes, const ReadSettings& settings,
                       const ReadOptions& options = {});

/// Calls `visit` with the records of each message of a file or batch, in order; of several, paths
/// begin with "message N: ". Faults of the batch itself come first, as a set without records.
void read_messages(std::string_view bytes, const ReadSettings& settings, const ReadOptions& options,
                   const std::function<void(RecordSet)>& visit);

/// The port's reader for x-application/hl7-v2+er7 and its other names.
class Hl7v2Reader : public Reader {
 public:
  explicit Hl7v2Reader(ReadSettings settings) : settings_(std::move(settings)) {}
  bool takes(std::string_view media_type) const override;
  bool gives_addresses() const override { return false; }
  Result<RecordSet> read(const Envelope& envelope) const override;

 private:
  ReadSettings settings_;
};

}  // namespace meridian::hl7v2
