// SPDX-License-Identifier: Apache-2.0
#include "port/surgeon_view.h"

namespace meridian {

std::string_view surgeon_act_name(SurgeonAct act) {
  constexpr std::string_view names[] = {"acknowledge", "reply",   "sign-off",
                                        "release",     "dismiss", "cancel"};
  return names[static_cast<int>(act)];
}

std::optional<SurgeonAct> surgeon_act_named(std::string_view name) {
  for (const auto act : surgeon_acts) {
    if (surgeon_act_name(act) == name) return act;
  }
  return std::nullopt;
}

}  // namespace meridian
