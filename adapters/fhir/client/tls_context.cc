// SPDX-License-Identifier: Apache-2.0
#include "fhir/client/tls_context.h"

#include <mutex>

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/NetSSL.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace meridian::fhir::wire {
namespace {

thread_local int last_failure = 0;

/// Notes the first reason. Poco's own callback lets handlers of the whole process ignore failures.
int note_failure(int verified, X509_STORE_CTX* store) {
  if (verified != 1 && last_failure == 0) last_failure = X509_STORE_CTX_get_error(store);
  return verified;
}

bool require_peer(SSL_CTX* context, const std::string& host) {
  X509_VERIFY_PARAM* param = SSL_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (is_ip_literal(host)) return X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1;
  return X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size()) == 1;
}

}  // namespace

bool is_ip_literal(const std::string& host) {
  Poco::Net::IPAddress address;
  return Poco::Net::IPAddress::tryParse(host, address);
}

Result<Poco::Net::Context::Ptr> make_tls_context(const TlsFiles& files, const std::string& host) {
  static std::once_flag once;
  std::call_once(once, [] { Poco::Net::initializeSSL(); });
  Poco::Net::Context::Params params;
  params.verificationMode = Poco::Net::Context::VERIFY_STRICT;  // RELAXED exempts local hosts
  params.caLocation = files.ca;
  params.loadDefaultCAs = files.ca.empty();
  params.certificateFile = files.client_certificate;
  params.privateKeyFile = files.client_key;
  params.cipherList = "ECDHE+AESGCM:ECDHE+CHACHA20";  // TLS 1.2; RFC 9325 section 4.2
  try {
    Poco::Net::Context::Ptr context =
        new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, params);
    context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
    context->enableExtendedCertificateVerification(true);
    SSL_CTX* raw = context->sslContext();
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // The name is checked within the handshake: Poco's check is skipped when a time-out leaves the
    // handshake unfinished, because there is no certificate then.
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, &note_failure);
    if (!host.empty() && !require_peer(raw, host)) {
      return Error{ErrorCode::misconfigured, "fhir tls", "the host name cannot be checked"};
    }
    return context;
  } catch (const Poco::Exception&) {
    return Error{ErrorCode::misconfigured, "fhir tls",
                 "the CA file, client certificate or client key cannot be used"};
  }
}

int verification_failure() {
  return last_failure;
}

void clear_verification() {
  last_failure = 0;
}

Error untrusted_peer(int verification) {
  const auto error = [verification](Literal what) {
    return Error{ErrorCode::untrusted, "fhir tls", what, verification};
  };
  switch (verification) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return error("the certificate is for another host name");
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return error("the certificate has expired");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return error("the certificate is not valid yet");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return error("the certificate is self-signed and not among the trusted ones");
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return error("the certificate's issuer is not trusted, or an intermediate is missing");
    default:
      return error("the certificate was refused");
  }
}

}  // namespace meridian::fhir::wire
