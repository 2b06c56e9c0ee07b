// SPDX-License-Identifier: Apache-2.0
// By what a repeated message is recognised.
#pragma once

#include <string>
#include <string_view>

namespace meridian::hl7v2 {

struct Identity {
  /// "EPIC|NORTH|M17": MSH-3, MSH-4 and MSH-10 as written, since MSH-10 is unique for its sender
  /// only. Of what has no MSH-10, and of a batch, "sha256:" and the hash of its bytes.
  std::string id;
  /// The bytes without MSH-7: a sender that repeats a message may stamp it anew.
  std::string without_time;
};

/// Pure. At most 200 visible ASCII characters in `id`.
Identity identity_of(std::string_view message);

}  // namespace meridian::hl7v2
