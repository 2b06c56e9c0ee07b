// SPDX-License-Identifier: Apache-2.0
#include "flow/clinic_word.h"

#include <algorithm>
#include <cctype>

#include "flow/reflect_work.h"
#include "pathway/charts.h"
#include "pathway/emergency.h"
#include "report/json.h"

namespace meridian::flow {
namespace {

using routing::EventKind;

std::string one_text(const char* name, const std::string& text) {
  report::Json json;
  json.open();
  json.text(name, text);
  json.close();
  return json.str();
}

/// Counted and shown beside rule ids, so that nothing else than a code may stand there.
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

std::string reason_detail(const Concept& reason) {
  if (reason.empty()) return "{}";
  const auto coded = std::find_if(reason.codings.begin(), reason.codings.end(),
                                  [](const Coding& coding) { return is_code(coding.code); });
  report::Json json;
  json.open();
  json.list("reasons", {coded == reason.codings.end() ? "in-words" : coded->code});
  json.close();
  return json.str();
}

}  // namespace

std::string priority_detail(const ServiceRequest& order) {
  const bool routine = order.priority.empty() || order.priority == "routine";
  return routine ? "{}" : one_text("priority", order.priority);
}

std::string word_detail(const Task& task, EventKind heard, const RecordSet& records) {
  if (heard == EventKind::clinic_declined || heard == EventKind::clinic_cancelled) {
    return reason_detail(task.status_reason);
  }
  std::optional<Instant> visit;
  for (const auto& appointment : records.appointments) {
    const auto start = appointment.start.instant();
    if (appointment.status == "booked" && start && (!visit || *visit < *start)) visit = start;
  }
  return visit ? one_text("visit", to_string(*visit)) : "{}";
}

std::vector<Flag> red_flags_in(const Core& core, const RecordSet& records) {
  for (const auto& chart : split_charts(records).charts) {
    auto flags = emergency_flags(chart, core.rules, core.terminology, core.clock());
    if (!flags.empty()) return flags;
  }
  return {};
}

std::optional<EventKind> heard_as(const Core& core, const RecordSet& records, const Task& task,
                                  EventKind event, const Ledger& ledger) {
  if (event == EventKind::clinic_cancelled && ledger.has(EventKind::entered_in_error)) {
    if (task.status_reason.text == recall_words) return std::nullopt;
    return EventKind::clinic_recalled;
  }
  // A course at a clinic; what a surgeon finds takes the surgeon's own way.
  const bool at_clinic = ledger.row().direction == "to_acupuncture";
  if (at_clinic && !red_flags_in(core, records).empty()) return EventKind::clinic_safety_return;
  return event;
}

}  // namespace meridian::flow
