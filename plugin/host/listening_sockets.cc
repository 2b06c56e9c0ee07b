// SPDX-License-Identifier: Apache-2.0
#include "host/listening_sockets.h"

#include <algorithm>
#include <cerrno>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/config.h"

namespace meridian::host {
namespace {

Error failed(ErrorCode code, Literal what, int number) {
  return Error{code, "listen", what, number};
}

Result<int> open_socket(const ListenAddress& at) {
  addrinfo wanted{};
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto port = std::to_string(at.port);
  if (::getaddrinfo(at.address.c_str(), port.c_str(), &wanted, &found) != 0) {
    return failed(ErrorCode::misconfigured, "address is not numeric", 0);
  }
  const int number = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  const bool good =
      number >= 0 && ::setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
      ::bind(number, found->ai_addr, found->ai_addrlen) == 0 && ::listen(number, SOMAXCONN) == 0;
  const int why = errno;
  ::freeaddrinfo(found);
  if (good) return number;
  if (number >= 0) ::close(number);
  return failed(ErrorCode::unavailable, "cannot listen", why);
}

}  // namespace

ListeningSockets::~ListeningSockets() {
  begin({});
}

void ListeningSockets::begin(std::vector<std::string> wanted) {
  for (auto& socket : sockets_) {
    const auto found = std::find(wanted.begin(), wanted.end(), socket.listen);
    socket.taken = found != wanted.end();
    if (socket.taken) wanted.erase(found);
  }
  close_rest();
  for (auto& socket : sockets_) socket.taken = false;
}

Result<int> ListeningSockets::take(const std::string& listen) {
  for (auto& socket : sockets_) {
    if (socket.taken || socket.listen != listen) continue;
    socket.taken = true;
    return socket.number;
  }
  const auto address = read_listen(listen);
  if (!address) return failed(ErrorCode::misconfigured, "this is no address and port", 0);
  const auto number = open_socket(*address);
  if (number) sockets_.push_back({listen, *number, true});
  return number;
}

void ListeningSockets::close(int number) {
  std::erase_if(sockets_, [&](const Socket& socket) {
    if (socket.number == number) ::close(number);
    return socket.number == number;
  });
}

void ListeningSockets::close_rest() {
  std::erase_if(sockets_, [](const Socket& socket) {
    if (!socket.taken) ::close(socket.number);
    return !socket.taken;
  });
}

}  // namespace meridian::host
