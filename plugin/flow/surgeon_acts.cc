// SPDX-License-Identifier: Apache-2.0
#include "flow/surgeon_acts.h"

#include <algorithm>

#include "flow/prepared_return.h"
#include "flow/sign_off.h"
#include "flow/stored_json.h"
#include "flow/surgeon_view.h"

namespace meridian::flow {
namespace {

constexpr const char* role = "clinician, by the EHR";

Error not_now() {
  return {ErrorCode::conflict, "surgeon", "that may not be done now"};
}

class Act {
 public:
  Act(const Core& core, Inlet& inlet, Operations& operations, const Caller& surgeon,
      const SurgeonGiven& given)
      : core_(core), inlet_(inlet), operations_(operations), surgeon_(surgeon), given_(given) {}

  Result<void> run(const SurgeonReferral& referral) {
    switch (given_.act) {
      case SurgeonAct::acknowledge:
        return acknowledge(referral);
      case SurgeonAct::reply:
        return say("reply");
      case SurgeonAct::cancel:
        return say("cancel");
      case SurgeonAct::sign_off:
        return sign_off();
      case SurgeonAct::release:
      case SurgeonAct::dismiss:
        return decide_return();
    }
    return not_now();
  }

 private:
  Result<void> acknowledge(const SurgeonReferral& referral) {
    const auto& open = referral.alerts;
    const bool here = std::any_of(open.begin(), open.end(),
                                  [&](const auto& alert) { return alert.id == given_.alert; });
    return here ? operations_.acknowledge(given_.alert, signature(surgeon_)) : not_now();
  }

  Result<void> say(const char* action) {
    Intervention word;
    word.action = action;
    word.target = given_.referral;
    word.reason = given_.text;
    word.apply = true;
    const auto done = operations_.intervene(word, signature(surgeon_));
    if (!done) return done.error();
    if (!flag_in(parsed(*done), "done")) return not_now();
    return {};
  }

  Result<store::ReferralRow> row() const {
    const auto found = core_.store.referral(ReferralId(given_.referral));
    if (!found) return found.error();
    if (!*found) return not_now();
    return **found;
  }

  Result<void> sign_off() {
    const auto held = row();
    if (!held) return held.error();
    const auto ticket = current_sign_off(*held);
    if (!ticket) return not_now();
    const auto page = give_sign_off(core_, inlet_, *ticket,
                                    {signature(surgeon_), role, given_.text, given_.rules});
    if (!page) return page.error();
    if (page->state != FormState::sent) return not_now();
    return {};
  }

  Result<void> decide_return() {
    const auto waiting = row();
    if (!waiting) return waiting.error();
    const auto ticket = current_return(*waiting);
    if (!ticket) return not_now();
    const bool dismissed = given_.act == SurgeonAct::dismiss;
    const auto page =
        give_return(core_, inlet_, *ticket, {signature(surgeon_), role, given_.text, dismissed});
    if (!page) return page.error();
    if (page->state != FormState::sent) return not_now();
    return {};
  }

  const Core& core_;
  Inlet& inlet_;
  Operations& operations_;
  const Caller& surgeon_;
  const SurgeonGiven& given_;
};

}  // namespace

Result<void> surgeon_act(const Core& core, Inlet& inlet, Operations& operations,
                         const Caller& surgeon, std::string_view patient,
                         const SurgeonGiven& given) {
  const auto referral = surgeon_referral(core, surgeon, patient, ReferralId(given.referral));
  if (!referral) return referral.error();
  const auto& acts = referral->acts;
  if (std::find(acts.begin(), acts.end(), given.act) == acts.end()) return not_now();
  // Nobody waits with an alarm because something else changed.
  if (given.act != SurgeonAct::acknowledge && given.version != referral->version) {
    return Error{ErrorCode::stale, "surgeon", "it changed since it was shown"};
  }
  store::Changes changes;
  changes.audits.push_back({"Surgeon." + std::string(surgeon_act_name(given.act)), audited(surgeon),
                            given.referral, "asked"});
  if (auto kept = core.store.apply(changes); !kept) return kept;
  return Act(core, inlet, operations, surgeon, given).run(*referral);
}

}  // namespace meridian::flow
