// SPDX-License-Identifier: Apache-2.0
// The pages on which an invited person sets a password and takes over the secret of the codes.
#pragma once

#include <string>

#include "http/router.h"
#include "port/people.h"

namespace meridian::web {

/// Adds GET and POST /enrol/{link}. GET shows a button and nothing of the person, and changes
/// nothing: mail scanners follow links. With `provider`, the name of the site's OpenID provider, it
/// leads there too. People are borrowed.
void add_enrolment(http::Router& router, People& people, std::string provider = {});

}  // namespace meridian::web
