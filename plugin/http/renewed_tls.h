// SPDX-License-Identifier: Apache-2.0
// The TLS of a door whose certificate, key and client authorities may be renewed while it is open.
#pragma once

#include <filesystem>
#include <memory>

#include "base/log.h"
#include "base/result.h"
#include "http/transport.h"

namespace meridian::http {

/// What the log is told.
struct RenewalEvents {
  Literal renewed;
  Literal refused;  ///< the new files do not fit together; those read before are used on
};

/// Not thread-safe: for whoever takes connections in.
class RenewedTls {
 public:
  /// Errors: misconfigured, as make_tls_context.
  static Result<std::unique_ptr<RenewedTls>> read(TlsFiles files, RenewalEvents events);

  /// For a new connection: read again when a file was written since. Connections that were made
  /// before keep what they have.
  boost::asio::ssl::context& current();

 private:
  using Time = std::filesystem::file_time_type;

  RenewedTls(TlsFiles files, RenewalEvents events)
      : files_(std::move(files)), events_(events), changed_(changed_at()) {}
  Time changed_at() const;

  TlsFiles files_;
  RenewalEvents events_;
  Time changed_;  ///< as of before the files were read
  std::unique_ptr<boost::asio::ssl::context> context_;
};

}  // namespace meridian::http
