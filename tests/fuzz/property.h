// SPDX-License-Identifier: Apache-2.0
// What a fuzzer demands of the code besides that it neither crashes nor hangs.
#pragma once

#include <cstdio>
#include <cstdlib>

/// Ends the process, so that the fuzzer keeps the input, unless the property holds.
#define PROPERTY(condition)                                             \
  do {                                                                  \
    if (!(condition)) {                                                 \
      std::fprintf(stderr, "property does not hold: %s\n", #condition); \
      std::abort();                                                     \
    }                                                                   \
  } while (0)
