// SPDX-License-Identifier: Apache-2.0
// Alerts a named contact: one JSON object by HTTP POST, as paging gateways take it.
#pragma once

#include <memory>
#include <string>

#include "base/egress.h"
#include "port/ports.h"

namespace meridian::pager {

/// Media type of what is posted.
inline constexpr const char* media_type = "application/vnd.meridian.alert+json";

/// Letter of kind alert to {"format":"meridian.alert/1","contact","reason","order","acknowledge",
/// "at","key"}. It names the order, never the patient: a page goes over networks we do not know.
class PagerRenderer : public Renderer {
 public:
  Result<Rendered> render(const Letter& letter, const FieldProfile& profile) const override;
};

struct PagerSettings {
  std::string url;      ///< http only on loopback
  std::string ca_file;  ///< PEM; empty: the system's
  std::chrono::milliseconds timeout{10'000};
  std::shared_ptr<const Egress> egress = Egress::this_machine();  ///< where it may connect to
};

/// Posts with the header Idempotency-Key. Any 2xx is a receipt: it says that the gateway has it,
/// not that a person does. Errors: unavailable, timed_out, interrupted, throttled, invalid,
/// misconfigured (Egress refuses the address) ...
class PagerSender : public Sender {
 public:
  /// Errors: misconfigured, for a URL that is not http(s), or plain HTTP off the loopback.
  static Result<std::unique_ptr<PagerSender>> create(PagerSettings settings);

  Result<Receipt> send(const Rendered& letter, bool repeat) override;
  /// An alert twice is better than none, and a gateway can tell by the key.
  bool recognises_repeats() const override { return true; }

 private:
  explicit PagerSender(PagerSettings settings) : settings_(std::move(settings)) {}
  PagerSettings settings_;
};

}  // namespace meridian::pager
