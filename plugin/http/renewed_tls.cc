// SPDX-License-Identifier: Apache-2.0
#include "http/renewed_tls.h"

#include <algorithm>
#include <system_error>

#include <boost/asio/ssl/context.hpp>

namespace meridian::http {

Result<std::unique_ptr<RenewedTls>> RenewedTls::read(TlsFiles files, RenewalEvents events) {
  std::unique_ptr<RenewedTls> tls(new RenewedTls(std::move(files), events));
  auto context = make_tls_context(tls->files_);
  if (!context) return context.error();
  tls->context_ = std::move(*context);
  return tls;
}

boost::asio::ssl::context& RenewedTls::current() {
  const auto at = changed_at();
  if (at == changed_) return *context_;
  changed_ = at;
  auto renewed = make_tls_context(files_);
  if (renewed) {
    context_ = std::move(*renewed);
    log(LogLevel::info, events_.renewed);
  } else {  // half of it may be written; the other half will change the time again
    log(LogLevel::error, events_.refused, {{"error", renewed.error()}});
  }
  return *context_;
}

/// When the newest of the files was written; those that are gone do not count.
RenewedTls::Time RenewedTls::changed_at() const {
  auto newest = Time::min();
  for (const auto* file : {&files_.certificate, &files_.key, &files_.client_ca}) {
    std::error_code absent;
    const auto at = std::filesystem::last_write_time(*file, absent);
    if (!absent) newest = std::max(newest, at);
  }
  return newest;
}

}  // namespace meridian::http
