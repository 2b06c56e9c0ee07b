// SPDX-License-Identifier: Apache-2.0
#include "flow/redirect.h"

#include "flow/assess_work.h"
#include "flow/describe.h"
#include "flow/ledger.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

/// Why it cannot be sent there whatever the record says; empty: it can.
std::string against(const Ledger& ledger, const DestinationId& to) {
  const auto state = ledger.state();
  if (!can_be_redirected(state)) {
    return "a referral in the state " + std::string(routing::state_name(state)) +
           " is not sent elsewhere";
  }
  if (ledger.row().destination == to)
    return "it is with this receiver: replay the delivery instead";
  if (ledger.was_offered_to(to)) {
    return "it was offered to this receiver before, which would take it for a repeat";
  }
  return {};
}

std::string words_of(const routing::Decision& decision) {
  std::string words;
  for (const auto& candidate : decision.candidates) {
    if (candidate.taken) continue;
    words += (words.empty() ? "" : "; ") + candidate.id.str() + ": " + candidate.why;
  }
  for (const auto& reason : decision.reasons) words += (words.empty() ? "" : ", ") + reason;
  return words;
}

void judge(const Ledger& ledger, const routing::Decision& decision, const Choice& choice,
           Outlook& outlook) {
  if (decision.action != routing::Action::deliver) {
    const bool fails = decision.worklist == "no-receiver";
    outlook.refused = (fails ? "a requirement fails, and no reason to override it is given: "
                             : "the assessment does not let it go: ") +
                      words_of(decision);
    return;
  }
  const auto& before = ledger.row().destination;
  outlook.effect = "what waits for " + before.str() + " is not sent any more, " + before.str() +
                   " is told if it has the referral, and a new packet goes to " + choice.to.str();
  if (!choice.override_reason.empty()) outlook.effect += "; " + words_of(decision);
}

}  // namespace

Result<Outlook> look_at_redirect(const Core& core, const Intervention& given, std::string_view by) {
  const Choice choice{DestinationId(given.clinic), std::string(by), given.reason};
  const auto* receiver = core.peers.find(given.clinic);
  if (receiver == nullptr || !receiver->renderer) {
    return Error{ErrorCode::not_found, "redirect", "no such receiver is configured"};
  }
  auto ledger = Ledger::open(core.store, ReferralId(given.target));
  if (!ledger) return ledger.error();
  Outlook outlook;
  outlook.about = referral_json(ledger->row());
  outlook.refused = against(*ledger, choice.to);
  if (!outlook.refused.empty()) return outlook;
  const auto decision = consider(core, *ledger, choice);
  if (!decision) return decision.error();
  judge(*ledger, *decision, choice, outlook);
  const ReferralId id(given.target);
  outlook.changes.works.push_back(
      {"assess", id, core.clock(), to_detail(choice), "redirect|" + id.str()});
  outlook.changes.audits.push_back(
      {"Referral.redirect", std::string(by), id.str() + "/" + given.clinic, "success"});
  return outlook;
}

}  // namespace meridian::flow
