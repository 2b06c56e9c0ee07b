// SPDX-License-Identifier: Apache-2.0
// Patient data in an Error would reach logs and senders.
#include <string>

#include "base/error.h"

meridian::Error make(const std::string& name) {
#ifdef WRONG
  return {meridian::ErrorCode::invalid, "test", name.c_str()};
#else
  return {meridian::ErrorCode::invalid, "test", "the name is missing", std::ssize(name)};
#endif
}
