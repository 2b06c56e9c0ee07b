// SPDX-License-Identifier: Apache-2.0
// What is collected while one message is mapped.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hl7v2/read/reader.h"
#include "hl7v2/syntax/message.h"
#include "hl7v2/syntax/names.h"

namespace meridian::hl7v2 {

/// The order group that is open: ORC, OBR and what follows them.
struct OpenOrder {
  std::optional<std::size_t> request;  ///< index in RecordSet::service_requests
  std::optional<std::size_t> report;   ///< index in RecordSet::imaging
  std::optional<std::size_t> medication;
  std::optional<Segment> orc;
  std::optional<Segment> obr;
};

/// The rows of a report mostly have one code: what it means is looked up once.
struct RowCode {
  std::string_view code;  ///< OBX-3 as written
  std::string section;    ///< that it names; empty when it names none
};

/// One message on its way into records. Segments are taken in the order they stand in; what they
/// belong to is what was opened before them.
class Context {
 public:
  Context(const Message& of_message, const ReadSettings& with_settings,
          const ReadOptions& with_options);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Message& message;
  const ReadSettings& settings;
  const ReadOptions& options;
  RecordSet out;

  std::string type;                               ///< MSH-9.1: ADT
  std::string event;                              ///< MSH-9.2, else EVN-1: A01
  std::string control_id;                         ///< MSH-10
  std::shared_ptr<const std::string> message_id;  ///< the same, for the records
  std::string sender;                             ///< "APP.FACILITY"
  std::string facility;                           ///< MSH-4.1, else MSH-3.1
  std::string zone;     ///< "+01:00" of MSH-7, for times that name none; may be empty
  PartialDate sent;     ///< MSH-7
  std::string version;  ///< the same as YYYYMMDDHHMMSS: the sender's own clock gives the order
  bool placed = true;   ///< offsets in the message are offsets in the bytes as received

  Reference patient;
  Reference encounter;
  OpenOrder order;
  std::optional<std::size_t> referral;  ///< index of the ServiceRequest of RF1
  std::optional<std::size_t> task;      ///< index of the Task that says where the order stands
  std::optional<std::size_t> document;  ///< index of the Document of TXA
  std::optional<std::size_t> appointment;
  std::string section;               ///< of the report's last row
  RowCode row;                       ///< the last one that was looked up
  std::vector<Reference> diagnoses;  ///< conditions of the whole message

  /// Fills what every record carries; `type_and_id` is its ref.
  void begin(Record& record, const Segment& segment, std::string type_and_id) const;
  /// By its place in the message: "Condition/MSG001.DG1", "Condition/MSG001.DG1.2".
  std::string ref_of(std::string_view type, const Segment& segment) const;

  void note(Severity severity, std::string_view code, std::string path, std::string text);
  /// The target of a code of an HL7 table ("0001"): what the sender's own rows
  /// (urn:hl7v2:FACILITY:0001) say, else the standard's. Nothing when neither has a row.
  std::optional<std::string> translate(std::string_view map, std::string_view table,
                                       const std::string& code) const;
  /// As translate, of the value of a field, or of a component of it (from 1; 0: of the field); a
  /// code that has no row is an issue there. Empty without a row.
  std::string translated(std::string_view map, std::string_view table, const Segment& segment,
                         std::size_t field, std::size_t component = 0);
  /// True when the trigger event has that action in v2-event-action.
  bool event_is(std::string_view action) const;
};

}  // namespace meridian::hl7v2
