// SPDX-License-Identifier: Apache-2.0
#include "host/lean_start.h"

#include <mimalloc.h>

// Null where the linker was given no mimalloc: with a sanitizer.
extern "C" decltype(mi_option_get) mi_option_get __attribute__((weak));
extern "C" decltype(mi_option_set) mi_option_set __attribute__((weak));

namespace meridian::host {

LeanStart::LeanStart() {
  if (mi_option_get == nullptr || mi_option_set == nullptr) return;
  before_ = mi_option_get(mi_option_decommit_delay);
  mi_option_set(mi_option_decommit_delay, 0);
}

LeanStart::~LeanStart() {
  if (mi_option_set != nullptr) mi_option_set(mi_option_decommit_delay, before_);
}

}  // namespace meridian::host
