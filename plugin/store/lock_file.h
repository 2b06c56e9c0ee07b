// SPDX-License-Identifier: Apache-2.0
// One runtime per database: a lock that the system releases when the process dies.
#pragma once

#include <string>

#include "base/result.h"

namespace meridian::store {

/// Holds an exclusive flock on a file until it goes out of scope. The file itself stays.
class LockFile {
 public:
  /// Errors: store_busy when another runtime, also one in this process, holds it.
  static Result<LockFile> take(const std::string& path);

  LockFile(LockFile&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace meridian::store
