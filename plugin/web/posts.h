// SPDX-License-Identifier: Apache-2.0
// What is posted to us: messages of an engine, FHIR resources, and notifications that something
// changed. Each is answered after it is durable.
#pragma once

#include <string>
#include <vector>

#include "base/sensitive.h"
#include "http/router.h"
#include "port/desk.h"
#include "port/posted.h"
#include "web/door.h"

namespace meridian::web {

/// A server that has no token of ours and signs what it posts.
struct Signing {
  Caller caller;                   ///< role source, of one source
  std::string header;              ///< that has the signature: "X-Hub-Signature"
  Sensitive<std::string> secret;   ///< of the HMAC-SHA-256 over the body as it came
  std::string prefix = "sha256=";  ///< before the hexadecimal HMAC
  /// What it posts only says that something changed: the source is looked at, with all that belongs
  /// to it. Else what it posts is taken, as from whoever shows a token.
  bool wakes = false;
};

/// For callers with role source, each for its own source:
///   POST /in/{source}                    a message of any media type that is read
///   POST /fhir/{source}                  a Bundle, one resource, or a notification of a
///   subscription POST, PUT /fhir/{source}/{type}      one resource; also with /{id} behind it
/// The sender's own id of a message is X-Request-Id, else Idempotency-Key, else Bundle.identifier,
/// else the hash of the body. 200 taken (also a repeat), 409 the same id with another body, 415 or
/// 422 not read (422: kept in quarantine, whose id the answer names), 503 with Retry-After.
/// At POST /fhir/{source} a right signature of `signing` does what a token does; it is checked
/// before the body is parsed, and the body has one megabyte at most. Everything else is borrowed.
void add_posts(http::Router& router, Desk& desk, Door& door, const PostedReader& reader,
               std::vector<Signing> signing = {});

}  // namespace meridian::web
