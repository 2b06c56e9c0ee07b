// SPDX-License-Identifier: Apache-2.0
// Bytes of a connection to one request; knows no socket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace meridian::http {

/// Reads one HTTP/1.x request from bytes in any split. Beyond what Beast's parser refuses, it
/// refuses all framings that another reader could understand differently: any second
/// Content-Length, Content-Length beside Transfer-Encoding, a Transfer-Encoding other than
/// "chunked", Transfer-Encoding in HTTP/1.0, no or several Host headers.
/// Source: RFC 9112 sections 3.2 and 6.
class RequestParser {
 public:
  enum class State { head, body, done, failed };

  explicit RequestParser(std::size_t max_header);
  ~RequestParser();

  /// Consumes from the front of `bytes` and returns how many; stops after the head, so that the
  /// caller can decide, and after the request. 0 with the state unchanged: more is needed.
  std::size_t take(std::string_view bytes);

  State state() const;
  int status() const;  ///< what to answer when failed: 400, 413, 431, 501

  /// What a body may have from here on, in bytes. Fails with 413 when more is announced.
  void limit_body(std::uint64_t bytes);

  /// Complete but for the body once the state has left `head`.
  Request& request();
  const std::vector<std::string>& segments() const;
  bool keep_alive() const;

  /// The Expect header: "" when absent.
  std::string_view expectation() const;

 private:
  class Beast;
  std::unique_ptr<Beast> beast_;
};

}  // namespace meridian::http
