// SPDX-License-Identifier: Apache-2.0
#include "flow/work.h"

#include "base/log.h"
#include "flow/alert.h"
#include "flow/assess_work.h"
#include "flow/clock.h"
#include "flow/notice.h"
#include "flow/prepared_return.h"
#include "flow/reflect_work.h"
#include "flow/retry.h"
#include "flow/review_timer.h"
#include "flow/traces.h"

namespace meridian::flow {
namespace {

Result<store::Changes> changes_of(const Core& core, const store::WorkItem& item) {
  if (item.kind == "assess") return assess_referral(core, item);
  if (item.kind == "timer.review") return review_when_due(core, item);
  if (item.kind == "reflect") return reflect_referral(core, item);
  if (item.kind == "link_patient") return link_patient(core, item);
  if (item.kind == "tell_clinic") return tell_clinic(core, item);
  if (item.kind == "send_return") return send_return(core, item);
  if (item.kind == "timer.alert") return climb(core, item);
  if (item.kind == "timer.clock") return clock_rings(core, item);
  if (item.kind == "notice") return find_whom_to_tell(core, item);
  if (item.kind == "timer.notice") return give_notice(core, item);
  return Error{ErrorCode::unsupported, "work", "no stage does this kind of work"};
}

/// A failed item goes back with a delay; what cannot get better goes to a person.
Result<bool> give_back(const Core& core, const store::WorkItem& item, const Error& error) {
  const auto retry = error_row(error.code).retry;
  const bool crossing = error.code == ErrorCode::stale;
  const bool dead = !crossing && (retry == RetryClass::permanent ||
                                  item.attempts + 1 >= core.settings.gather_tries);
  if (!crossing) {  // crossing: another message changed the referral, or asked for the same work
    log(dead ? LogLevel::error : LogLevel::warning, "work failed",
        {{"referral", item.referral},
         {"attempt", item.attempts + 1},
         {"dead", int{dead}},
         {"error", error}});
  }
  const auto delay =
      crossing ? std::chrono::milliseconds(0) : retry_delay(core.settings, item.attempts);
  const auto returned = core.store.return_work(item, core.clock() + delay, dead, error);
  if (!returned && returned.error().code != ErrorCode::stale) return returned.error();
  return true;
}

}  // namespace

Result<bool> work_once(const Core& core) {
  const auto items = core.store.claim_work(core.settings.node, 1, core.settings.lease);
  if (!items) return items.error();
  if (items->empty()) return false;
  const auto& item = items->front();
  const TraceScope scope(trace_of(item.referral));
  const auto changes = changes_of(core, item);
  if (!changes) return give_back(core, item, changes.error());
  const auto finished =
      observed(core.stages, Stage::commit, [&] { return core.store.finish_work(item, *changes); });
  if (!finished) return give_back(core, item, finished.error());
  core.wake_for(*changes);
  return true;
}

}  // namespace meridian::flow
