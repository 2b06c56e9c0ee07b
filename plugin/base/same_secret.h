// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace meridian {

/// Compares what must not be guessed piece by piece: the time tells nothing but whether the lengths
/// are equal.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace meridian
