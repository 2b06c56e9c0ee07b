// SPDX-License-Identifier: Apache-2.0
#include "flow/said_by_hand.h"

#include <algorithm>

#include "flow/describe.h"
#include "flow/ledger.h"
#include "report/json.h"
#include "routing/legal.h"

namespace meridian::flow {
namespace {

using routing::EventKind;

std::string with(const char* name, const std::string& text, std::string_view by = {}) {
  report::Json json;
  json.open();
  json.text(name, text);
  if (!by.empty()) json.text("by", by);
  json.close();
  return json.str();
}

/// What speaks against it; empty: nothing.
std::string against(const Ledger& ledger, EventKind kind, const Intervention& given) {
  if (!routing::is_legal(ledger.state(), kind)) {
    return "that cannot be said of a referral that is " +
           std::string(routing::state_name(ledger.state()));
  }
  if (kind != EventKind::recall_confirmed) return {};
  const auto open = ledger.unconfirmed_recalls();
  const bool asked = std::find(open.begin(), open.end(), DestinationId(given.clinic)) != open.end();
  return asked ? "" : "this clinic has nothing to confirm";
}

EventNote note_of(const Ledger& ledger, EventKind kind, const Intervention& given,
                  std::string_view by) {
  EventNote note;
  note.detail = with("reason", given.reason, by);
  if (kind == EventKind::replied) note.sequence = ledger.open_question();
  // After every version of the order: what a person ended does not come back with the next one.
  if (kind == EventKind::lost) note.sequence = "~lost";
  if (kind == EventKind::revoked) note.sequence = "~cancel";
  if (kind == EventKind::recall_confirmed) note.offer = given.clinic;
  return note;
}

/// What a referral that ended waits for: as when its order was revoked.
void stop_what_waits(const ReferralId& id, store::Changes& changes) {
  changes.supersede.push_back(id);
  changes.cancel_works.push_back("assess|" + id.str());
  changes.cancel_works.push_back("redirect|" + id.str());
}

}  // namespace

std::optional<EventKind> said_by(std::string_view action) {
  if (action == "lost") return EventKind::lost;
  if (action == "reply") return EventKind::replied;
  if (action == "cancel") return EventKind::revoked;
  if (action == "read") return EventKind::report_read;
  if (action == "confirm-recall") return EventKind::recall_confirmed;
  return std::nullopt;
}

Result<Outlook> look_at_word(const Core& core, const Intervention& given, std::string_view by) {
  const auto kind = said_by(given.action);
  if (!kind || given.reason.empty()) {
    return Error{ErrorCode::invalid, "intervene", "a reason is needed; it is kept"};
  }
  auto ledger = Ledger::open(core.store, ReferralId(given.target));
  if (!ledger) return ledger.error();
  Outlook outlook;
  outlook.about = referral_json(ledger->row());
  outlook.refused = against(*ledger, *kind, given);
  if (!outlook.refused.empty()) return outlook;
  const auto& id = ledger->row().id;
  ledger->add(*kind, core.clock(), note_of(*ledger, *kind, given, by));
  outlook.effect = "the referral is then " + std::string(routing::state_name(ledger->state()));
  auto& changes = outlook.changes;
  const bool unsent = *kind == EventKind::revoked && !ledger->has(EventKind::sent);
  if (*kind == EventKind::revoked) stop_what_waits(id, changes);
  const bool clinics_matter =
      *kind != EventKind::recall_confirmed && *kind != EventKind::report_read;
  if (clinics_matter && !unsent) {
    outlook.effect += ", and " + ledger->row().destination.str() + " reads the reason";
    changes.works.push_back(
        {"tell_clinic", id, core.clock(), with("words", given.reason), "tell_clinic|" + id.str()});
  }
  changes.works.push_back({"reflect", id, core.clock(), "{}", "reflect|" + id.str() + "|engine"});
  changes.audits.push_back({"Referral." + given.action, std::string(by), id.str(), "success"});
  ledger->commit_into(core, changes);
  return outlook;
}

}  // namespace meridian::flow
