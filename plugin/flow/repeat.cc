// SPDX-License-Identifier: Apache-2.0
#include "flow/repeat.h"

#include <algorithm>

#include "flow/siblings.h"
#include "flow/stored_json.h"

namespace meridian::flow {
namespace {

using routing::Action;
using routing::State;

bool is_signed(const Facts& facts, const std::string& order, Instant at) {
  const auto covers = [&](const SignOff::Covered& covered) {
    const auto& evidence = covered.evidence;
    return covered.rule == repeat_rule &&
           std::find(evidence.begin(), evidence.end(), order) != evidence.end();
  };
  return std::any_of(facts.sign_offs.begin(), facts.sign_offs.end(), [&](const SignOff& one) {
    return at <= one.until && std::any_of(one.covers.begin(), one.covers.end(), covers);
  });
}

Hold hold_for(const store::ReferralRow& original, const std::string& words) {
  Hold hold;
  hold.entry.rule = repeat_rule;
  hold.entry.source = "one open referral of a kind at a time";
  hold.entry.text = "The order " + words + ". Are both wanted?";
  hold.entry.evidence = {original.order_ref};
  hold.severity = "hold";
  hold.signable = true;
  return hold;
}

}  // namespace

Result<void> warn_of_repeat(const Core& core, const Ledger& ledger, const Facts& facts,
                            Judgement& judgement) {
  const auto state = ledger.state();
  auto& decision = judgement.decision;
  const bool before_sending = state == State::noted || state == State::held;
  if (!before_sending || decision.action == Action::escalate) return {};
  const auto original = repeated_by(core, ledger.row());
  if (!original) return original.error();
  if (!*original) return {};
  const auto& order = (*original)->order_ref;
  const auto words = "repeats " + order + ", which is still open (" + (*original)->state + ")";
  judgement.repeats = words;
  if (judgement.service == "spine_surgery" || is_signed(facts, order, judgement.at)) return {};
  if (decision.action == Action::deliver) {
    decision.action = Action::hold;
    decision.to = {};
    decision.worklist = "duplicate-order";
    decision.reasons.clear();
  }
  decision.reasons.push_back(words);
  for (const char* door :
       {"revoke one of the two orders", "a new order that replaces the open one", "sign-off"}) {
    const auto& doors = decision.doors;
    if (std::find(doors.begin(), doors.end(), door) == doors.end()) decision.doors.push_back(door);
  }
  judgement.holds.push_back(hold_for(**original, words));
  return {};
}

std::string repeat_words(const std::string& decision) {
  const auto json = parsed(decision);
  const auto words = text_in(json, "repeats");
  return words.empty() || text_in(json, "action") == routing::action_name(Action::hold)
             ? std::string()
             : "It " + words + ".";
}

}  // namespace meridian::flow
