// SPDX-License-Identifier: Apache-2.0
// How to reach one FHIR server: address, authentication, trust and limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/egress.h"
#include "base/sensitive.h"
#include "base/time.h"
#include "fhir/client/server_habits.h"

namespace meridian::fhir {

class CallBudget;
class TokenCache;

/// No credentials are sent.
struct NoAuth {};

/// One fixed token, sent to the server's own origin and base path only.
struct BearerAuth {
  Sensitive<std::string> token;
};

/// SMART Backend Services with a private key of ours.
/// Source: http://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html
struct SmartBackendAuth {
  std::string client_id;
  std::string key_file;             ///< PEM; used when key_pem is empty
  Sensitive<std::string> key_pem;   ///< unencrypted PEM, RSA >= 2048 bit or EC P-384
  std::string kid;                  ///< as in the JWKS the server knows
  std::string algorithm = "RS384";  ///< RS384 or ES384; must fit the key
  std::string scopes;               ///< separated by spaces: "system/Patient.rs system/Task.u"
  std::string issuer;               ///< where .well-known is; empty: the base URL
  std::string token_url;            ///< empty: discovered at the issuer, which is the better way
  std::chrono::seconds minimum_gap{60};  ///< a refused client asks again no earlier than this
};

using Auth = std::variant<NoAuth, BearerAuth, SmartBackendAuth>;

/// Time-outs and limits of every call. Each limit ends in an error or an incomplete search, never
/// in a silent cut.
struct ClientLimits {
  std::chrono::milliseconds connect{10'000};    ///< TCP connect, and TLS handshake, each
  std::chrono::milliseconds attempt{30'000};    ///< one exchange, from the first to the last byte
  std::chrono::milliseconds total{120'000};     ///< one call with its retries, waits and pages
  std::size_t response_bytes = 32u << 20;       ///< of one response body
  int pages = 200;                              ///< of one search
  int attempts = 4;                             ///< of one request, the first included
  std::chrono::milliseconds backoff_base{500};  ///< full jitter: 0..min(cap, base * 2^n)
  std::chrono::milliseconds backoff_cap{20'000};
  std::size_t idle_connections = 4;       ///< kept open per origin
  std::chrono::milliseconds idle{8'000};  ///< an idle connection is not used again after this
};

struct ClientSettings {
  std::string base_url;  ///< "https://ehr.example.com/fhir/r4"; query and fragment are refused
  Auth auth;
  std::string ca_file;                  ///< PEM of the authorities to trust; empty: the system's
  std::string client_certificate_file;  ///< PEM, for servers that ask for one; empty: none
  std::string client_key_file;
  bool allow_plain_http = false;  ///< http:// is otherwise refused except on loopback
  bool search_by_post = false;    ///< POST [type]/_search: keeps identifiers out of URLs
  /// True when the server recognises If-None-Exist: a create whose answer was lost is then sent
  /// again. Unset: what /metadata says of the type. Servers that ignore the header make doubles.
  std::optional<bool> conditional_create;
  ServerHabits habits;
  ClientLimits limits;
  std::shared_ptr<const Egress> egress = Egress::this_machine();  ///< where it may connect to
};

/// Waits that long; false when the wait was cut short because the program stops.
using Waiter = std::function<bool(std::chrono::milliseconds)>;

/// What a client takes from its surroundings; the defaults are the real ones.
struct ClientSurroundings {
  Clock clock = system_now;  ///< wall clock: token expiry, Retry-After dates, clock skew
  Waiter waiter;             ///< empty: waits on a condition that stop() ends
  std::shared_ptr<TokenCache>
      tokens;  ///< shared among clients of one program; empty: one of its own
  /// Shared among clients of one server; empty: one of its own, as habits.calls_per_minute says.
  std::shared_ptr<CallBudget> budget;
};

}  // namespace meridian::fhir
