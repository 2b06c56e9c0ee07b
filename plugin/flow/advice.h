// SPDX-License-Identifier: Apache-2.0
// What is said at signing about one order, in words: the answer of the path ASK. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/assessment.h"
#include "model/rulebook.h"
#include "port/ask.h"
#include "routing/route.h"
#include "store/rows.h"

namespace meridian::flow {

/// One order that somebody is about to sign, as it was looked at.
struct OrderLook {
  std::string order;     ///< "ServiceRequest/5"
  std::string service;   ///< acupuncture, spine_surgery
  bool electro = false;  ///< it asks for current
  bool draft = false;    ///< no server has it yet
  Assessment assessment;
  History history;
  std::vector<routing::Candidate> candidates;  ///< of an emergency none is looked for
  std::optional<store::ReferralRow> repeats;   ///< the open referral that it repeats
};

/// An emergency, what is unsafe, not answered, not read or not covered, whether it repeats another,
/// and who could take the patient; none says what an earlier one said. Nothing stops the signing,
/// and nothing is a diagnosis.
std::vector<Advice> advice_on(const OrderLook& look, const RuleBook& rules);

/// Where a referral stands and whose turn it is. `form`: a link to its open questions, "" without.
Advice advice_on(const store::ReferralRow& row, const std::string& receiver,
                 const std::string& form);

/// At most `most` characters of UTF-8, on one line; what is cut ends in three dots. CDS Hooks wants
/// less than 140 of a summary.
std::string one_line(std::string_view text, std::size_t most = 139);

/// Text as GitHub's Markdown shows it: nothing in it formats, links or is HTML.
std::string plain_markdown(std::string_view text);

}  // namespace meridian::flow
