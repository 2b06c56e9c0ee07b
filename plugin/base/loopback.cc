// SPDX-License-Identifier: Apache-2.0
#include "base/loopback.h"

#include <arpa/inet.h>
#include <string>

namespace meridian {

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1" || host == "[::1]") return true;
  in_addr address{};
  const bool numeric = ::inet_pton(AF_INET, std::string(host).c_str(), &address) == 1;
  return numeric && ntohl(address.s_addr) >> 24 == 127;
}

}  // namespace meridian
