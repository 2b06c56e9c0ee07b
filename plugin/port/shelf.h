// SPDX-License-Identifier: Apache-2.0
// What a clinic with software of its own reads here and writes, as it was kept.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace meridian {

/// One thing that changed what a clinic reads of a referral.
struct ShelfEntry {
  bool ours = true;   ///< a bundle of requests that was delivered; else a message of the clinic
  std::string id;     ///< key of the delivery, or Envelope::sender_id of the message
  std::string bytes;  ///< as they were delivered or taken
  Instant at;
};

/// All that a clinic may read of one referral.
struct Shelf {
  std::string referral;
  std::vector<ShelfEntry> entries;  ///< in the order in which it came about; never empty
  /// Statuses that the clinic may set its Task to now; none: nothing may be written any more.
  std::vector<std::string> next;
};

/// A referral on a clinic's shelf, without its content.
struct ShelfMark {
  std::string referral;
  Instant changed_at;  ///< the latest change of anything of it; no earlier than that of an entry
};

}  // namespace meridian
