// SPDX-License-Identifier: Apache-2.0
// The list of a clinic's referrals: one group at a time, and how many are in each.
#pragma once

#include <string>
#include <vector>

#include "port/inbox.h"
#include "web/inbox_look.h"

namespace meridian::web {

/// Which part of the list is asked for, as in /inbox?group=ours&page=2 or /inbox?find=moss.
struct ListAsked {
  std::string group;  ///< empty: the first that holds anything
  std::string find;   ///< parts of a patient's name, in any group; empty: nobody is looked for
  int page = 1;
};

/// HTML of the list, and whose names are in it.
struct ListShown {
  std::string html;
  std::vector<std::string> referrals;
};

ListShown list_html(const Speech& speech, const std::vector<InboxLine>& lines,
                    const ListAsked& asked);

/// What is shown besides the name: "64 years", and a badge where it is urgent.
std::string priority_badge(const Speech& speech, std::string_view priority);

}  // namespace meridian::web
