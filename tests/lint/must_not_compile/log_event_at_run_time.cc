// SPDX-License-Identifier: Apache-2.0
// The event of a log line is a literal.
#include <string>

#include "base/log.h"

void report(const std::string& name) {
#ifdef WRONG
  meridian::log(meridian::LogLevel::info, name.c_str());
#else
  meridian::log(meridian::LogLevel::info, "received", {{"bytes", name.size()}});
#endif
}
