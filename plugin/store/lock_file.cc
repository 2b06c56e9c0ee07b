// SPDX-License-Identifier: Apache-2.0
#include "store/lock_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace meridian::store {
namespace {

constexpr char where[] = "store.lock_file";

}  // namespace

Result<LockFile> LockFile::take(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Error{ErrorCode::store_failed, where, "the lock file cannot be opened", errno};
  }
  LockFile lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) {
    return Error{ErrorCode::store_busy, where, "another runtime has this database open"};
  }
  return Error{ErrorCode::store_failed, where, "the lock file cannot be locked", errno};
}

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace meridian::store
