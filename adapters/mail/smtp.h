// SPDX-License-Identifier: Apache-2.0
// Sends notices by SMTP submission (RFC 6409).
#pragma once

#include <memory>
#include <string>

#include "base/egress.h"
#include "mail/message.h"
#include "port/ports.h"

namespace meridian::mail {

struct SmtpSettings {
  enum class Security {
    starttls,  ///< RFC 3207; a server that does not offer it gets nothing
    tls,       ///< from the first byte: RFC 8314 section 3.3
    none       ///< on the loopback alone
  };
  std::string host;
  std::uint16_t port = 587;
  Security security = Security::starttls;
  std::string ca_file;   ///< PEM; empty: the system's
  std::string user;      ///< empty: nobody signs in
  std::string password;  ///< shown over TLS alone
  Author author;
  std::chrono::milliseconds timeout{15'000};
  std::shared_ptr<const Egress> egress = Egress::this_machine();  ///< where it may connect to
};

/// One connection for each notice. 2xx after the text is a receipt: the server has it. 4xx is
/// unavailable and tried again; 5xx is final: not_found for an address that is not known there,
/// unauthorized for our password, else invalid. A repeat has the same Message-ID.
class SmtpSender : public Sender {
 public:
  /// Errors: misconfigured, for an address that is none, a password without TLS, or no TLS off the
  /// loopback.
  static Result<std::unique_ptr<SmtpSender>> create(SmtpSettings settings,
                                                    Clock clock = system_now);

  Result<Receipt> send(const Rendered& letter, bool repeat) override;
  /// A notice twice is better than none, and mail programs can tell by its Message-ID.
  bool recognises_repeats() const override { return true; }

 private:
  SmtpSender(SmtpSettings settings, Clock clock)
      : settings_(std::move(settings)), clock_(std::move(clock)) {}
  SmtpSettings settings_;
  Clock clock_;
};

}  // namespace meridian::mail
