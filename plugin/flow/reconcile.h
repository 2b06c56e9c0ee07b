// SPDX-License-Identifier: Apache-2.0
// Compares what is open here with what the peers have, lists what differs and repairs what is safe.
// A message that was lost on its way leaves no trace here: only looking finds it. Source: reference
// referral-standards section 5, goal 15 (reconciliation instead of trust).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "flow/core.h"

namespace meridian::flow {

/// One thing that a peer has otherwise than it should.
struct Difference {
  ReferralId referral;
  DestinationId peer;
  Standing standing = Standing::unknown;  ///< missing, other or doubled
  bool safe = false;  ///< what was sent may be sent again: nobody's word is lost by it
};

/// What became of one peer.
struct PeerCompared {
  DestinationId peer;
  int news = 0;                  ///< what it had said and had not come here; taken now
  int compared = 0;              ///< referrals of which it was asked what it has
  int cannot_ask = 0;            ///< referrals of which it cannot be asked, as by HL7 v2
  std::optional<Error> failure;  ///< the first; what it concerns is compared the next time
};

struct Reconciliation {
  Instant at;
  Instant since;  ///< how far back the peers' own words were read
  std::vector<PeerCompared> peers;
  std::vector<Difference> differences;
  bool repaired = false;  ///< false: only looked
};

/// False: it is to end as soon as it can.
using GoesOn = std::function<bool()>;

/// Reads back what each peer said since the oldest open referral came, and asks the receiver of
/// each referral that is open, or was a week ago, whether it still has what it was sent last. What
/// is still under way is left out. With `repair` news are taken, and what is safe is sent again.
/// Blocks for as long as the peers take. Errors: stopping; store errors; those of a peer are in its
/// entry.
Result<Reconciliation> reconcile(
    const Core& core, Inlet& inlet, bool repair, const GoesOn& goes_on = [] { return true; });

/// meridian.reconciliation/1: one JSON object, no patient data.
std::string reconciliation_json(const Reconciliation& found);

/// The last one as it is kept.
struct LastReconciliation {
  struct Peer {
    std::string peer;
    int news = 0;
    bool failed = false;
    int compared = 0;
    int cannot_ask = 0;
    std::string error = {};  ///< name; empty: it could be asked
    std::string why = {};
  };
  struct Difference {
    std::string referral;
    std::string peer;
    std::string standing;
    std::string done;  ///< what was done about it, or is left to a person
  };
  Instant at;
  std::vector<Peer> peers;
  int differing = 0;
  std::vector<Difference> differences = {};  ///< the first of them
};

/// Nothing when no peer was compared yet. Errors: store errors.
Result<std::optional<LastReconciliation>> last_reconciliation(store::Store& store);

/// Reconciles once a night, whichever node does it; what a night missed is done at the next start.
class Nightly {
 public:
  Nightly(Inlet& inlet, GoesOn goes_on) : inlet_(inlet), goes_on_(std::move(goes_on)) {}
  /// Always false: there is nothing more to do at once. Errors: store errors.
  Result<bool> look(const Core& core);

 private:
  Inlet& inlet_;
  GoesOn goes_on_;
  std::optional<Instant> looked_;
};

}  // namespace meridian::flow
