// SPDX-License-Identifier: Apache-2.0
// Takes bodies away that are kept no longer: whole months, and one by one what was moved out of
// them because it was needed when its month went.
#include "store/prune.h"

#include "store/postgres/operations.h"
#include "store/postgres/queries.h"

namespace meridian::store::postgres {
namespace {

constexpr char where[] = "store.prune";

/// A table of bodies, and the statements about it.
struct Kind {
  const char* table;
  const Query& keep;
  const Query& last;
  const Query& prune;
};

const Kind kinds[] = {
    {"message_bodies", Queries::keep_messages, Queries::last_of_messages, Queries::prune_messages},
    {"fact_bodies", Queries::keep_facts, Queries::last_of_facts, Queries::prune_facts},
    {"delivery_bodies", Queries::keep_deliveries, Queries::last_of_deliveries,
     Queries::prune_deliveries},
};
constexpr int kind_count = 3;

class Step {
 public:
  Step(Session& session, const Retention& retention, const Pruning& so_far)
      : db_(session.db),
        retention_(retention),
        ended_(ended_states(retention)),
        held_(held_ids(retention)),
        next_(so_far) {}

  /// Stages: a month of each kind, the rest of each kind, the shelves.
  Result<Pruning> take() {
    const int stage = next_.stage;
    auto done = stage < kind_count       ? month(kinds[stage])
                : stage < 2 * kind_count ? kept(kinds[stage - kind_count])
                                         : shelves();
    if (!done) return done.error();
    return next_;
  }

 private:
  void end_stage() {
    ++next_.stage;
    next_.after = 0;
  }

  Result<void> month(const Kind& kind) {
    const bool messages = &kind == &kinds[0];
    const auto before = messages ? retention_.messages_before : retention_.referrals_before;
    auto month = db_.select(Queries::oldest_body_month, kind.table, before);
    if (month.failed()) return month.error(where);
    if (!month.next()) {
      end_stage();
      return {};
    }
    const auto kept = db_.change(kind.keep, retention_.referrals_before, ended_, held_,
                                 month.integer(0), month.integer(1));
    if (!kept) return kept.error();
    if (*kept > 0) return {};
    auto gone = db_.select(Queries::drop_body_month, kind.table, month.integer(0));
    if (!gone.next()) return gone.error(where);
    next_.bodies += gone.integer(0);
    return {};
  }

  Result<void> kept(const Kind& kind) {
    auto last = db_.select(kind.last, next_.after);
    if (!last.next()) return last.error(where);
    if (last.null(0)) {
      end_stage();
      return {};
    }
    const bool messages = &kind == &kinds[0];
    const auto gone = messages
                          ? db_.change(kind.prune, retention_.referrals_before, ended_, held_,
                                       next_.after, last.integer(0), retention_.messages_before)
                          : db_.change(kind.prune, retention_.referrals_before, ended_, held_,
                                       next_.after, last.integer(0));
    if (!gone) return gone.error();
    next_.bodies += *gone;
    next_.after = last.integer(0);
    return {};
  }

  Result<void> shelves() {
    const auto gone =
        db_.change(Queries::prune_shelves, retention_.referrals_before, ended_, held_);
    if (!gone) return gone.error();
    next_.done = true;
    return {};
  }

  Connection& db_;
  const Retention& retention_;
  std::string ended_;
  std::string held_;
  Pruning next_;
};

}  // namespace

Result<void> make_body_months(Connection& db) {
  const auto made = db.select(Queries::make_body_months);
  if (made.failed()) return made.error(where);
  return {};
}

Result<Pruning> prune(Session& session, const Retention& retention, const Pruning& so_far) {
  if (so_far.stage == 0 && so_far.bodies == 0) {
    if (auto made = make_body_months(session.db); !made) return made.error();
  }
  return Step(session, retention, so_far).take();
}

}  // namespace meridian::store::postgres
