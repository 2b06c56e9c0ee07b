// SPDX-License-Identifier: Apache-2.0
// Patient data in its wrapper is refused by the log.
#include <string>

#include "base/log.h"
#include "base/sensitive.h"

void report(const meridian::Sensitive<std::string>& name) {
#ifdef WRONG
  meridian::log(meridian::LogLevel::info, "received", {{"name", name}});
#else
  meridian::log(meridian::LogLevel::info, "received", {{"bytes", name.reveal().size()}});
#endif
}
