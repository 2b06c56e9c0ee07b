// SPDX-License-Identifier: Apache-2.0
// Bytes as they came in, and bytes as they go out.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace meridian {

/// One received message. Its key is (source, sender_id): a repeat of it gets the stored answer.
struct Envelope {
  SourceId source;         ///< configured system it came from
  std::string sender_id;   ///< the sender's own id: MSH-10, X-Request-Id, "Task/1/_history/2"
  std::string media_type;  ///< application/fhir+json, x-application/hl7-v2+er7, ...
  std::string bytes;       ///< as received, never changed
  Instant received_at;
  /// Made from what a named person sent on a page of ours: only such may state a sign-off or whose
  /// record is meant.
  bool from_page = false;
  /// What is compared when the key comes again: bytes that a repeat has too. Empty: `bytes`.
  std::string repeat_of{};
  /// X-Correlation-Id: the sender's name of the conversation, the same for its life. May be empty.
  std::string correlation_id{};
};

/// Something to deliver: rendered once, the same bytes on every try.
struct Rendered {
  std::string key;  ///< idempotency key the receiver can recognise a repeat by
  std::string media_type;
  std::string bytes;
  std::vector<std::string> withheld;  ///< paths that the field profile removed
  /// What a packet made of each record that it brings: equal digests, equal for the receiver.
  struct Record {
    std::string ref;
    std::string digest;
  };
  std::vector<Record> records{};
};

/// What the receiver answered to a delivery.
struct Receipt {
  std::string reference;  ///< the receiver's own id: "Task/17", MSA-2; empty when it gave none
  std::string proof;      ///< how sure it is: created, already-there, acknowledged
  std::string detail;     ///< OperationOutcome or MSA text in short; may hold data: never log it
};

}  // namespace meridian
