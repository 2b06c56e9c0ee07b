// SPDX-License-Identifier: Apache-2.0
#include "host/operator_token.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

#include "base/hash.h"
#include "host/clients.h"

namespace meridian::host {
namespace {

std::string draft_of(const std::string& file) {
  return file + ".new." + std::to_string(::getpid());
}

/// Writes a file that only its owner may read.
bool write_private(const std::string& draft, const std::string& text) {
  const int out = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0) return false;
  const bool written = ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(out);
  return written;
}

std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

}  // namespace

Result<std::string> operator_token(const std::string& file) {
  if (::access(file.c_str(), F_OK) == 0) return read_token(file);
  std::array<std::uint8_t, 32> bytes{};
  random_bytes(bytes);
  const auto token = hex(bytes);
  const auto draft = draft_of(file);
  // Two nodes may make it at the same time: both take the one that is there first.
  const bool made = write_private(draft, token + "\n") &&
                    (::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int failure = errno;
  ::unlink(draft.c_str());
  if (made) return read_token(file);
  return Error{ErrorCode::misconfigured, "operator", "operator.token cannot be made", failure};
}

AddressFile::AddressFile(std::string file, const std::string& url) : file_(std::move(file)) {
  const auto draft = draft_of(file_);
  const bool whole = write_private(draft, url + "\n");
  if (!whole || ::rename(draft.c_str(), file_.c_str()) != 0) ::unlink(draft.c_str());
}

AddressFile::~AddressFile() {
  ::unlink(file_.c_str());
}

std::string AddressFile::read(const std::string& file) {
  return first_line(file);
}

}  // namespace meridian::host
