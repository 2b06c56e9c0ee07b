// SPDX-License-Identifier: Apache-2.0
// What differs from one referral standard to the next, as data: adapters/dialects/referral/*.json.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meridian::fhir {

/// What a Task says of its state.
struct TaskForm {
  std::string status;  ///< Task.status
  std::string code;    ///< Task.businessStatus in the dialect's system; empty: it has none

  friend bool operator==(const TaskForm&, const TaskForm&) = default;
};

/// One of the ways to show a state; of several the first that a legal path leads to is taken.
struct Showing {
  enum class Stays {
    no,      ///< it is `form`
    open,    ///< as it is, while the Task is not over
    always,  ///< as it is
  };
  Stays stays = Stays::no;
  TaskForm form{};
  /// The steps that may be taken on the way, as keys of `steps`; nothing: any.
  std::optional<std::vector<std::string>> through{};
};

/// What a peer does not learn of a state.
struct Loss {
  std::vector<std::string> as;  ///< states that it takes it for; "before": what it knew last
  std::string words;            ///< what it does not know then, for people
};

/// One referral standard; a default one is "plain". A key of `steps` and of `reads` is "status
/// code", or "status" where the code does not matter.
struct ReferralDialect {
  std::string id;
  std::string title;   ///< for people
  std::string system;  ///< of the codes of businessStatus; empty: it has none of its own
  bool abort = true;   ///< after the work has begun a Task of its own asks to end it
  TaskForm cancel{"cancelled", {}};  ///< what the referring side writes into the clinic's Task
  TaskForm mistake{"entered-in-error", {}};  ///< the same, when the order was a mistake
  /// Statuses that must not be without statusReason.
  std::vector<std::string> reason_for;
  /// From a key to those that may follow; "" is before there is a Task. Empty: every step is legal.
  std::map<std::string, std::vector<std::string>> steps;
  /// Per state of the state machine. Empty: as the letter says it, in our own words.
  std::map<std::string, std::vector<Showing>> shown;
  /// What a peer that knows this standard and nothing else takes it for: key to state.
  std::map<std::string, std::string> reads;
  /// States that such a peer does not learn, or not always.
  std::map<std::string, Loss> lost;

  /// The key that a form has among `steps`.
  std::string step_key(const TaskForm& form) const;
  /// The state that a form is taken for; "" when `reads` does not know it.
  std::string read(const TaskForm& form) const;
  /// True when no step but into a mistake leads out of it.
  bool is_over(const TaskForm& form) const;
};

/// Reads one file (meridian.referral_dialect/1). Errors: malformed with the byte offset;
/// misconfigured, with the byte offset, when a member is unknown, missing or of the wrong kind, or
/// names a step or state that the file does not have.
Result<ReferralDialect> read_referral_dialect(std::string_view json);

/// One of adapters/dialects/referral by its id, such as "plain" or "bser". Errors: not_found.
Result<ReferralDialect> find_referral_dialect(std::string_view id);

/// The ids that find_referral_dialect knows.
std::vector<std::string> referral_dialect_ids();

}  // namespace meridian::fhir
