// SPDX-License-Identifier: Apache-2.0
// The header stands alone in C++11 and in C++20, twice, with C linkage.
#include "meridian.h"

static_assert(sizeof(meridian_bytes) == 16, "two 64-bit members");
static_assert(sizeof(decltype(meridian_abi_version())) == 4, "a fixed width");
