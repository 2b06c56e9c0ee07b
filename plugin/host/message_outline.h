// SPDX-License-Identifier: Apache-2.0
// HL7 v2 messages as trees with names, for the page that shows a message.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace meridian::host {

/// Gives the outline of a message; "" for other media types and for what is no message. What it
/// gives holds patient data. Any thread.
std::function<std::string(std::string_view media_type, std::string_view body)> message_outline();

}  // namespace meridian::host
