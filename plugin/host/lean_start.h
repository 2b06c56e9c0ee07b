// SPDX-License-Identifier: Apache-2.0
// A start needs, for a moment, more memory than all that follows: the content's files are parsed.
#pragma once

namespace meridian::host {

/// While it exists, mimalloc gives what is freed back to the system at once and not after a while,
/// which takes longer. Does nothing in a program with another allocator. For the whole process.
class LeanStart {
 public:
  LeanStart();
  ~LeanStart();
  LeanStart(const LeanStart&) = delete;
  LeanStart& operator=(const LeanStart&) = delete;

 private:
  long before_ = 0;  ///< milliseconds
};

}  // namespace meridian::host
