// SPDX-License-Identifier: Apache-2.0
// Which keys of a configuration differ from another time, without keeping a value.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::host {

/// "hospital.tamarack-ridge.fhir" and a digest of its value under `secret`: a plain one of a short
/// value is found by trying all. Tables of a list are named by their id, source or name, else by
/// their place. Empty for what is not TOML.
using KeyDigests = std::map<std::string, std::string>;
KeyDigests key_digests(std::string_view toml, std::string_view secret);

/// Keys that were added, taken away or given another value, in order.
std::vector<std::string> changed_keys(const KeyDigests& before, const KeyDigests& now);

/// One line a key, and back; lines that are none are left out.
std::string to_lines(const KeyDigests& digests);
KeyDigests from_lines(std::string_view lines);

}  // namespace meridian::host
