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

/// Writes a file that only its owner may read, under its name only when it is whole.
bool write_private(const std::string& file, const std::string& text) {
  const std::string draft = file + ".new." + std::to_string(::getpid());
  const int out = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0) return false;
  const bool written = ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(out);
  if (written && ::rename(draft.c_str(), file.c_str()) == 0) return true;
  ::unlink(draft.c_str());
  return false;
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
  if (write_private(file, token + "\n")) return token;
  return Error{ErrorCode::misconfigured, "operator", "operator.token cannot be made", errno};
}

AddressFile::AddressFile(std::string file, const std::string& url) : file_(std::move(file)) {
  write_private(file_, url + "\n");
}

AddressFile::~AddressFile() {
  ::unlink(file_.c_str());
}

std::string AddressFile::read(const std::string& file) {
  return first_line(file);
}

}  // namespace meridian::host
