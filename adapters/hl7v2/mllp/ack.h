// SPDX-License-Identifier: Apache-2.0
// Acknowledgements: written for what we receive, read from whom we send to.
// Source: HL7 v2.8.2 chapter 2.9 (message processing rules), 2.14 (MSA, ERR), tables 0008, 0155,
// 0357 and 0516
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "model/issue.h"

namespace meridian::hl7v2 {

/// What became of a message.
enum class Fate {
  accepted,  ///< AA, CA: it is kept and was read
  failed,    ///< AE, CE: our fault, or for now: the sender is to send it again
  refused,   ///< AR, CR: sent again it would be refused again
  denied,    ///< AE, CA: it is kept and was read, and it says what cannot be where things stand
};

/// A fate and the problems that led to it.
struct Verdict {
  Fate fate = Fate::accepted;
  Issues issues;
};

/// For a message that one of our errors met: the fate is that of MSA-1 in the error table.
Verdict verdict_of(const Error& error);

/// The acknowledgement of `message`, or "" when its sender wants none. MSH-15 or MSH-16 valued:
/// enhanced mode, where MSH-15 asks for CA, CE or CR, and only if that wants none MSH-16 for AA, AE
/// or AR; a sender waits for one answer on its connection. Both empty: original mode, AA, AE or AR.
/// Errors among the issues become ERR segments, at most ten: ERR-2, 3, 4, 7 and 8 from version 2.5
/// on, before that one ERR-1 with a repetition each. Delimiters, version, processing id and
/// charset are those of the message; its receiver (MSH-5, 6) is who answers. What has no MSH is
/// refused in version 2.5.1. `control_id` is the new MSH-10, 1 to 20 characters. Of several
/// messages in a batch the first is answered. Pure.
std::string acknowledge(std::string_view message, const Verdict& verdict, Instant now,
                        std::string_view control_id);

/// What a receiver answered.
struct Acknowledgement {
  std::string code;        ///< MSA-1: AA, AE, AR, CA, CE or CR
  std::string control_id;  ///< MSA-2: MSH-10 of what it answers; may be empty
  std::string error;       ///< HL7 table 0357, of the first error; empty when none is given
  std::string text;        ///< for people; may hold data: never log it
};

/// Nothing, when it is no acknowledgement. Pure.
std::optional<Acknowledgement> read_acknowledgement(std::string_view message);

/// MSH-10, or "" when there is none. Pure.
std::string control_id_of(std::string_view message);

}  // namespace meridian::hl7v2
