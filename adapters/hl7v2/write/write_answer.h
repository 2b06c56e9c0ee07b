// SPDX-License-Identifier: Apache-2.0
// What a peer is told after the first message: where its referral stands, its appointment, the
// note that came back, that it is cancelled.
#pragma once

#include "hl7v2/write/writing.h"
#include "port/ports.h"

namespace meridian::hl7v2 {

/// To the origin: SIU when the letter says that an appointment stands, else RRI to who sent a REF
/// and OSU to who ordered by ORM or OMG. Errors: not_found without Letter::earlier, for the origin
/// knows its referral by the numbers in it.
Result<Rendered> write_status(const Writing& writing, const Letter& letter);

/// To the origin: MDM or ORU with what came back, by the dialect. Without a document or a report in
/// the letter it is a status. Errors: as write_status.
Result<Rendered> write_note(const Writing& writing, const Letter& letter);

/// To the receiver: REF^I14 for a cancel, else REF^I13 with words. It repeats numbers, people and
/// patient of Letter::earlier; without one it has the number alone, for a cancel must go.
Result<Rendered> write_update(const Writing& writing, const Letter& letter);

}  // namespace meridian::hl7v2
