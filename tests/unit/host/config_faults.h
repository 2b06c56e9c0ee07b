// SPDX-License-Identifier: Apache-2.0
// What is wrong with a configuration, as people read it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/config.h"

namespace meridian::host {

using Texts = std::vector<std::string>;

/// "line: text" of each issue.
inline Texts faults(std::string_view toml) {
  Issues issues;
  read_config(toml, "site.toml", "/site", issues);
  Texts texts;
  for (const auto& issue : issues) texts.push_back(issue.path + ": " + issue.text);
  return texts;
}

}  // namespace meridian::host
