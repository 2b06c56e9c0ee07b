// SPDX-License-Identifier: Apache-2.0
// Files and batches: the messages in them. Source: HL7 v2.8.2 chapter 2.10.3
#pragma once

#include <string_view>
#include <vector>

#include "model/issue.h"

namespace meridian::hl7v2 {

/// One message of a batch or file.
struct BatchMessage {
  std::string_view bytes;
  std::size_t offset = 0;  ///< of its first byte
};

struct Batch {
  std::vector<BatchMessage> messages;
  std::vector<std::string_view> envelope;  ///< FHS, BHS, BTS and FTS segments, as written
  Issues issues;  ///< counts of BTS-1 and FTS-1 that do not hold, text that is no message
};

/// Splits at each line that begins with MSH. Takes one message, a batch, a file of batches, and
/// messages one after the other, also in MLLP frames. Pure; views into `bytes`.
Batch split_batch(std::string_view bytes);

/// The same for who reads all there is: bytes without a message in them, UTF-16 among others, are
/// one, so that parsing says what is wrong with it.
Batch messages_of(std::string_view bytes);

/// True when the bytes begin like HL7 v2: MSH, FHS or BHS, after a byte order mark, frame start or
/// blanks.
bool looks_like_hl7v2(std::string_view bytes);

}  // namespace meridian::hl7v2
