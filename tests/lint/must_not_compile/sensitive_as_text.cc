// SPDX-License-Identifier: Apache-2.0
// Patient data does not turn into plain text by itself.
#include <string>

#include "base/sensitive.h"

std::string copy(const meridian::Sensitive<std::string>& name) {
#ifdef WRONG
  return name;
#else
  return name.reveal();
#endif
}
