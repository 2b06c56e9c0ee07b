// SPDX-License-Identifier: Apache-2.0
// gather -> assess -> route -> render for one referral.
#pragma once

#include <string>

#include "flow/core.h"
#include "flow/judgement.h"

namespace meridian::flow {

/// Reads the history anew, stores it, and decides. The changes hold the decision and, when the
/// referral is released, the rendered packet. A referral that is already with a clinic, cancelled
/// or an emergency is left as it is. Errors: those of the gatherer (nothing could be asked), of the
/// renderer, of the store.
Result<store::Changes> assess_referral(const Core& core, const store::WorkItem& item);

/// What the stages gather, assess and route say of a choice now; the facts are kept, the referral
/// stays as it is. Errors: those of assess_referral.
Result<routing::Decision> consider(const Core& core, const Ledger& ledger, const Choice& choice);

/// True while a person may still send the referral to another receiver.
bool can_be_redirected(routing::State state);

/// The detail of assess work that carries a choice.
std::string to_detail(const Choice& choice);

/// A receiver that has the referral learns whose record it belongs to, or that nobody knows any
/// more: what was sent is tied to it, and what waited for it is sent. Errors: as above.
Result<store::Changes> link_patient(const Core& core, const store::WorkItem& item);

/// The detail of work that offers a referral to the next clinic because the current one is silent.
/// When there is none, the surgeon's side is told.
std::string next_clinic_detail();

}  // namespace meridian::flow
