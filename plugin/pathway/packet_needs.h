// SPDX-License-Identifier: Apache-2.0
// What the receiver needs to find in the packet, and what of it is there.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/assessment.h"
#include "pathway/rule_match.h"

namespace meridian {

/// Rule of the questions that are asked for the packet alone.
constexpr const char* packet_rule = "packet";

/// What an order's packet is judged on.
struct PacketCase {
  const RuleContext& context;
  const ServiceRequest& referral;
  std::string_view service;  ///< acupuncture or spine_surgery: whose packet it is
  const Assessment& assessment;
  const History& history;
};

/// Words of PacketElement::found_in.
///
/// order.reason, order.note, order.requester, order.insurance: the order's own member is given;
/// patient.contact: a telephone number or address for messages; diagnosis: a pain type is coded;
/// onset, imaging, care, scores, course (acupuncture so far) of the episode; medications,
/// allergies, coverage of the chart; screen: no required question is open.
bool is_packet_word(std::string_view word);

/// One item per element of the service, in the order of the content; elements whose question is
/// asked of others only are left out. A record comes before an answer, an answer before what a
/// completely read history does not have. Pure.
std::vector<PacketItem> packet_items(const PacketCase& packet_case);

/// The screening questions whose element is not missing.
std::set<std::string> known_questions(const std::vector<PacketItem>& items, const RuleBook& rules);

}  // namespace meridian
