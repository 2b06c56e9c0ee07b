// SPDX-License-Identifier: Apache-2.0
// Any bytes as a site's configuration: each fault names the file, its line and what to do.
#include <cstdint>
#include <string_view>

#include "fuzz/property.h"
#include "host/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view toml(reinterpret_cast<const char*>(data), size);
  meridian::Issues issues;
  const auto config = meridian::host::read_config(toml, "site.toml", "/site", issues);
  for (const auto& issue : issues) {
    PROPERTY(issue.path.starts_with("site.toml:"));
    PROPERTY(!issue.text.empty());
  }
  PROPERTY(config.file == "site.toml");
  PROPERTY(config.path_of("x").starts_with("/site"));
  return 0;
}
