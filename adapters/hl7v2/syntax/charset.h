// SPDX-License-Identifier: Apache-2.0
// The character set of a message, before it is parsed.
#pragma once

#include <string>
#include <string_view>

#include "model/issue.h"

namespace meridian::hl7v2 {

/// A message in UTF-8, or in another set in which it was UTF-8 all the time.
struct Decoded {
  std::string_view text;  ///< the bytes themselves when they needed no change, else `changed`
  std::string changed;
  std::string charset;  ///< IANA name of what the bytes are: UTF-8, windows-1252 ...
  Issues issues;        ///< what was declared and does not hold

  Decoded() = default;
  Decoded(const Decoded&) = delete;
  Decoded& operator=(const Decoded&) = delete;
};

/// Fills `decoded` from one message. What MSH-18 declares counts when the bytes can be that; bytes
/// that are strictly UTF-8 and not ASCII are UTF-8 whatever is declared, for no text of another set
/// looks like it by chance; else `site_default` (an IANA name). UTF-16 and UTF-32 are known by
/// their byte order mark or their zeros. `bytes` is borrowed. Pure; any thread. Source: HL7 table
/// 0211
void decode(std::string_view bytes, const std::string& site_default, Decoded& decoded);

}  // namespace meridian::hl7v2
