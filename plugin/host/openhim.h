// SPDX-License-Identifier: Apache-2.0
// The site as a mediator of the OpenHIM core that [openhim] names.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "host/config.h"
#include "model/issue.h"
#include "openhim/mediator.h"

namespace meridian::host {

/// Null without [openhim], and where it is wrong: the issues say what and the fix. `address` is
/// where our HTTP door is reached, asked when it is told.
std::unique_ptr<openhim::Mediator> openhim_mediator(const Config& config,
                                                    std::function<std::string()> address,
                                                    Issues& issues);

/// "https://meridian.example:8480/x" as host, port and whether by TLS; the scheme's port where none
/// is named.
openhim::Endpoint endpoint_of(const std::string& url);

}  // namespace meridian::host
