// SPDX-License-Identifier: Apache-2.0
// A log field cannot be made from text that is known only at run time.
#include <string>

#include "base/log.h"

void report(const std::string& name) {
#ifdef WRONG
  meridian::log(meridian::LogLevel::info, "received", {{"name", name}});
#else
  meridian::log(meridian::LogLevel::info, "received",
                {{"name", "literal"}, {"bytes", name.size()}});
#endif
}
