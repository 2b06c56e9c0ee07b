// SPDX-License-Identifier: Apache-2.0
#include "host/service_notice.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace meridian::host {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// 0 when it is no number.
std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  return std::from_chars(text.data(), end, value).ptr == end ? value : 0;
}

}  // namespace

ServiceNotice::ServiceNotice() : socket_(environment("NOTIFY_SOCKET")) {
  const auto allowed = number(environment("WATCHDOG_USEC"));
  const auto process = environment("WATCHDOG_PID");
  const bool ours = process.empty() || number(process) == ::getpid();
  if (allowed > 1 && ours) rhythm_ = std::chrono::microseconds(allowed / 2);
}

void ServiceNotice::tell(std::string_view state) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof(address.sun_path)) return;
  address.sun_family = AF_UNIX;
  std::copy(socket_.begin(), socket_.end(), address.sun_path);
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const int sender = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (sender < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // Whoever does not hear it starts us anew; there is nobody else to tell.
  static_cast<void>(::sendto(sender, state.data(), state.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), size));
  ::close(sender);
}

}  // namespace meridian::host
