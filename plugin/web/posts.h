// SPDX-License-Identifier: Apache-2.0
// What is posted to us: messages of an engine, FHIR resources, and notifications that something
// changed. Each is answered after it is durable.
#pragma once

#include "http/router.h"
#include "port/desk.h"
#include "port/posted.h"
#include "web/door.h"

namespace meridian::web {

/// For callers with role source, each for its own source:
///   POST /in/{source}                    a message of any media type that is read
///   POST /fhir/{source}                  a Bundle, one resource, or a notification of a
///   subscription POST, PUT /fhir/{source}/{type}      one resource; also with /{id} behind it
/// The sender's own id of a message is X-Request-Id, else Idempotency-Key, else Bundle.identifier,
/// else the hash of the body. 200 taken (also a repeat), 409 the same id with another body, 415 or
/// 422 not read (422: kept in quarantine, whose id the answer names), 503 with Retry-After.
/// Everything is borrowed.
void add_posts(http::Router& router, Desk& desk, Door& door, const PostedReader& reader);

}  // namespace meridian::web
