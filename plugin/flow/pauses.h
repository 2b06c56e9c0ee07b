// SPDX-License-Identifier: Apache-2.0
// Systems that an operator paused, each way by itself. Kept in the store: it holds on every node
// and after a restart, until somebody resumes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/core.h"
#include "flow/intervene.h"
#include "port/passing_inlet.h"

namespace meridian::flow {

/// What stands still, seen from here.
enum class Way {
  in,   ///< nothing is polled or taken from the system
  out,  ///< nothing is sent to it; its queue grows
};

struct Pause {
  std::string peer;  ///< id of the system
  Way way = Way::in;
  std::string by;
  Instant since;
  std::string reason;  ///< may be empty
};

/// "in", "out"
std::string_view way_name(Way way);
/// "since 2026-11-20 10:15 UTC by Ada: their upgrade"
std::string words_of(const Pause& pause);

/// All of them. Errors: store errors; store_damaged when what is kept cannot be read.
Result<std::vector<Pause>> read_pauses(store::Store& store);
/// Null when it runs.
const Pause* find_pause(const std::vector<Pause>& pauses, std::string_view peer, Way way);

/// "pause" and "resume".
bool is_about_pauses(std::string_view action);
/// What the intervention on "in/SYSTEM" or "out/SYSTEM" comes to. A contact's pager is never
/// paused. Errors: not_found (no such system), invalid (no such way), store errors.
Result<Outlook> look_at_pause(const Core& core, const Intervention& given, std::string_view by);
/// Does it. Errors: store_busy, when somebody else is at it; store errors.
Result<void> carry_out_pause(const Core& core, const Intervention& given, std::string_view by);

/// An inlet before which sources can be paused.
class PausableInlet : public PassingInlet {
 public:
  /// `paused` is asked for each message and each poll: any thread, quick.
  PausableInlet(Inlet& inlet, std::function<bool(const SourceId&)> paused)
      : PassingInlet(inlet), paused_(std::move(paused)) {}

  /// Errors besides those of the inlet: unavailable, so that who sends tries again later.
  Result<std::string> submit(Envelope envelope) override;
  Result<bool> may_poll(const SourceId& source, std::chrono::milliseconds interval) override;

 private:
  std::function<bool(const SourceId&)> paused_;
};

}  // namespace meridian::flow
