// SPDX-License-Identifier: Apache-2.0
// What programs are answered: an OperationOutcome with the status of our error.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/response.h"

namespace meridian::web {

/// One issue. `words` say what to do; never what was sent.
http::Response outcome(ErrorCode code, std::string_view words);
http::Response outcome(const Error& error);

/// An OperationOutcome that is made already.
http::Response outcome_text(int status, std::string text);
/// Something went well: one issue of severity information.
http::Response note(int status, std::string_view words);

/// Of a status that the server itself gives: 404, 413, 500 ...
http::Response outcome_of_status(int status);

}  // namespace meridian::web
