// SPDX-License-Identifier: Apache-2.0
#include "port/inbox.h"

namespace meridian {
namespace {

constexpr std::array<std::string_view, 11> act_names = {
    "accept", "decline", "ask",       "propose",  "book",   "visit",
    "missed", "report",  "give-back", "red-flag", "confirm"};

}  // namespace

std::string_view inbox_act_name(InboxAct act) {
  return act_names[static_cast<std::size_t>(act)];
}

std::optional<InboxAct> inbox_act_named(std::string_view name) {
  for (std::size_t i = 0; i < act_names.size(); ++i) {
    if (act_names[i] == name) return static_cast<InboxAct>(i);
  }
  return std::nullopt;
}

}  // namespace meridian
