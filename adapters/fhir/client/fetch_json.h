// SPDX-License-Identifier: Apache-2.0
// One JSON text from a URL that the site named, such as a JWK set.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "fhir/client/client_settings.h"

namespace meridian::fhir {

/// GETs it once, within limits.attempt, without credentials and without following redirects; https,
/// or http on the loopback. `ca_file` and `egress` as in ClientSettings. Errors: misconfigured (no
/// such URL or file), what a status means (retry.h), those of a connection.
Result<std::string> fetch_json(const std::string& url, const std::string& ca_file,
                               const ClientLimits& limits,
                               const std::shared_ptr<const Egress>& egress);

struct PostAnswer {
  int status = 0;
  std::string body;
};

/// POSTs a form (application/x-www-form-urlencoded) once and gives the answer of any status; as
/// above. Errors: misconfigured, those of a connection.
Result<PostAnswer> post_form(const std::string& url, const std::string& form,
                             const std::string& ca_file, const ClientLimits& limits,
                             const std::shared_ptr<const Egress>& egress);

/// POSTs a JSON text in the same way, with `headers` beside Content-Type and Accept.
Result<PostAnswer> post_json(const std::string& url, const std::string& json,
                             std::vector<std::pair<std::string, std::string>> headers,
                             const std::string& ca_file, const ClientLimits& limits,
                             const std::shared_ptr<const Egress>& egress);

}  // namespace meridian::fhir
