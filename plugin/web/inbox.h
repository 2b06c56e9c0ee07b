// SPDX-License-Identifier: Apache-2.0
// The inbox of clinics that have a browser and nothing else.
//
//   GET        /inbox                              the list
//   GET        /inbox/{referral}                   one referral
//   GET, POST  /inbox/{referral}/{act}             a form, and what it says
//   GET        /inbox/{referral}/packet.pdf        the packet to print
//   GET        /inbox/{referral}/bundle.json       the same as FHIR
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "http/router.h"
#include "port/inbox.h"
#include "web/inbox_look.h"
#include "web/page_door.h"

namespace meridian::web {

/// What the pages need. `inbox` is borrowed and outlives the routes. Who signed in as one of a
/// clinic's people is let in, and sees the referrals of that clinic.
struct InboxPages {
  Inbox& inbox;
  const PageDoor& door;                                      ///< borrowed too
  std::function<std::string(std::string_view)> clinic_name;  ///< of Caller::source
  WallClock wall;
  Clock clock = system_now;
  Translation spanish = {};  ///< of what rules say
};

void add_inbox(http::Router& router, InboxPages pages);

/// Where no clinic reads in a browser: GET /inbox says so, with 404, to whoever asks.
void add_no_inbox(http::Router& router);

}  // namespace meridian::web
