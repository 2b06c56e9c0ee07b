// SPDX-License-Identifier: Apache-2.0
// The answer to a batch. Source: HL7 v2.8.2 chapter 2.10.3
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "hl7v2/mllp/ack.h"

namespace meridian::hl7v2 {

/// What answers the content of one frame. A message, and messages without BHS or FHS, as
/// acknowledge. A batch is answered by a batch: BHS with the batch's control id (BHS-11) in BHS-12,
/// for each message its acknowledgement if it wants one, BTS with their number. A batch is kept or
/// refused whole, so all say the same; an issue whose path names "message 2: " is told to that one.
/// `new_id` gives each new control id. Pure but for `new_id`.
std::string answer_to(std::string_view content, const Verdict& verdict, Instant now,
                      const std::function<std::string()>& new_id);

}  // namespace meridian::hl7v2
