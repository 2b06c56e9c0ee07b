// SPDX-License-Identifier: Apache-2.0
// A hospital, a clinic and all pages over the real path, and a visitor who opens every link.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "unit/inbox/site.h"
#include "web/page_door.h"

namespace meridian::test {

/// A page that somebody can open now: who, where, and what it says.
struct Opened {
  std::string who;
  std::string path;
  int status = 0;
  std::string html;
};

class HostileSite {
 public:
  HostileSite();

  /// An order and the patient's record, from a JSON array of resources; false: it was refused.
  bool hear_record(const std::string& resources);
  /// A message of the hospital by HL7 v2; false: it was refused.
  bool hear_hl7(const std::string& message);
  /// What the clinic's server says of the one referral; "{{referral}}" is its number.
  bool hear_answer(const std::string& resources);

  /// Every page of clinic, surgeon, staff, contact and operations, found by following links from
  /// where each begins; messages and deliveries as trees; forms, not sent.
  std::vector<Opened> open_all();
  /// The lists and the first page that each has of the referral, and the trees: no links followed.
  std::vector<Opened> open_first();
  /// One page of the inbox or the surgeon's view.
  http::Response ask(const std::string& who, const std::string& method, const std::string& target,
                     const std::string& body = {});
  /// Addresses of published sources that pages link to.
  std::vector<std::string> sources() const;
  /// Everything that was sent to anybody, and lists for machines: no page.
  std::vector<std::string> letters();

  InboxSite inbox;
  flow::Bench& bench = inbox.bench;

 private:
  std::vector<std::string> doors();
  void show_trees(std::vector<Opened>& opened);

  Visitors people_;
  web::PageDoor pages_;
  web::Door door_;
  http::Router router_;
  std::string patient_;
};

/// The array as a collection Bundle.
std::string bundle_of(const std::string& resources);

}  // namespace meridian::test
