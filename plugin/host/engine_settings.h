// SPDX-License-Identifier: Apache-2.0
// What the configuration makes of the settings of the parts that a runtime is wired from. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "flow/core.h"
#include "host/config.h"
#include "host/lasting_keys.h"
#include "http/server.h"
#include "web/sign_in.h"

namespace meridian::host {

/// `content` is the digest of the clinical content.
flow::Settings flow_settings(const Config& config, const LastingKeys& keys,
                             const std::string& content);

/// Nothing when there is no port in [http] listen.
std::optional<http::Settings> http_settings(const Config& config);

/// Ids of the hospitals whose EHR opens the surgeon's view.
std::set<std::string> reading_seen_at(const Config& config);
/// Those of them that are reminded of a report that nobody has read.
std::set<std::string> reading_asked_at(const Config& config);

/// Whether any clinic reads its referrals in a browser.
bool has_inbox(const Config& config);

/// What people can go to once they signed in: the inbox only where a clinic has one.
std::vector<web::StartPage> start_pages(const Config& config);

/// Where people will reach the pages, when nothing listens yet: the links of `meridian people`.
std::string expected_url(const Config& config);

}  // namespace meridian::host
