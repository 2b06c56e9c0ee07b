// SPDX-License-Identifier: Apache-2.0
#include "http/certificate.h"

#include <memory>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "http/transport.h"

namespace meridian::http {

Result<Instant> certificate_end(const std::string& file) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_file(file.c_str(), "r"), &BIO_free);
  if (!in) return Error{ErrorCode::misconfigured, "certificate", "the file cannot be read"};
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), &X509_free);
  if (!certificate) return Error{ErrorCode::misconfigured, "certificate", "no PEM certificate"};
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) {
    return Error{ErrorCode::misconfigured, "certificate", "its end cannot be read"};
  }
  return Instant(std::chrono::seconds(timegm(&end)));
}

Result<void> check_tls_files(const std::string& certificate_file, const std::string& key_file,
                             const std::string& client_ca) {
  const auto context = make_tls_context({certificate_file, key_file, client_ca});
  if (!context) return context.error();
  return {};
}

}  // namespace meridian::http
