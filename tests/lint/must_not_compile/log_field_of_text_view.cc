// SPDX-License-Identifier: Apache-2.0
// Neither from a view, which hides where the text came from.
#include <string_view>

#include "base/log.h"

void report(std::string_view name, const meridian::MessageId& id) {
#ifdef WRONG
  meridian::log(meridian::LogLevel::info, "received", {{"name", name}});
#else
  meridian::log(meridian::LogLevel::info, "received", {{"size", name.size()}, {"message", id}});
#endif
}
